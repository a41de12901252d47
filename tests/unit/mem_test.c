#include "base/mem.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* The sanitizer would otherwise end the process where malloc should answer NULL. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

/* Runs `job` in a child; asserts that it exits 1 after one line on stderr about memory. */
static void assert_dies(void (*job)(void))
{
    int pipe_fds[2];
    assert_int_equal(pipe(pipe_fds), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(pipe_fds[1], STDERR_FILENO);
        job();
        _exit(0);
    }
    close(pipe_fds[1]);
    char said[4096] = "";
    size_t length = 0;
    for (ssize_t got; (got = read(pipe_fds[0], said + length, sizeof said - 1 - length)) > 0;)
        length += (size_t)got;
    close(pipe_fds[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_non_null(strstr(said, "tws: out of memory\n"));
}

static volatile size_t huge = SIZE_MAX / 2 + 2; /* times two wraps round to 4 */

static void alloc_wrapping(void)
{
    mem_free(mem_alloc(huge, 2));
}

static void alloc_too_much(void)
{
    mem_free(mem_alloc(1, huge / 4));
}

static void resize_wrapping(void)
{
    mem_free(mem_resize(NULL, 2, huge));
}

static void grow_wrapping(void)
{
    size_t capacity = huge;
    mem_free(mem_grow(NULL, huge, &capacity, 1));
}

static void arena_array_wrapping(void)
{
    struct arena arena;
    arena_init(&arena, 0);
    arena_array(&arena, huge, 2);
}

static void arena_array_over_the_cap(void)
{
    struct arena arena;
    arena_init(&arena, 100);
    arena_array(&arena, 101, 1);
}

static void arena_text_over_the_cap(void)
{
    struct arena arena;
    arena_init(&arena, 5);
    arena_strdup(&arena, "12345");
}

static void arena_printf_over_the_cap(void)
{
    struct arena arena;
    arena_init(&arena, 5);
    arena_printf(&arena, "%d", 12345);
}

static void out_of_memory_exits_1_with_one_line(void **state)
{
    (void)state;
    assert_dies(alloc_too_much);
}

static void sizes_that_wrap_round_die_instead(void **state)
{
    (void)state;
    assert_dies(alloc_wrapping);
    assert_dies(resize_wrapping);
    assert_dies(grow_wrapping);
    assert_dies(arena_array_wrapping);
}

static void what_cannot_say_no_dies_at_the_arena_cap(void **state)
{
    (void)state;
    assert_dies(arena_array_over_the_cap);
    assert_dies(arena_text_over_the_cap);
    assert_dies(arena_printf_over_the_cap);
}

static void a_block_is_zeroed_and_never_null(void **state)
{
    (void)state;
    unsigned char *block = mem_alloc(1000, 3);
    for (size_t i = 0; i < 3000; i++)
        assert_int_equal(block[i], 0);
    block = mem_resize(block, 6000, 1);
    for (size_t i = 0; i < 3000; i++)
        assert_int_equal(block[i], 0);
    block = mem_resize(block, 0, 8);
    assert_non_null(block);
    mem_free(block);
    AUTO_FREE void *empty = mem_alloc(0, 8);
    assert_non_null(empty);
    mem_free(NULL);
}

static void an_array_grows_and_keeps_its_elements(void **state)
{
    (void)state;
    AUTO_FREE int *numbers = NULL;
    size_t capacity = 0;
    int moves = 0;
    for (int i = 0; i < 10000; i++) {
        size_t before = capacity;
        numbers = mem_grow(numbers, (size_t)i, &capacity, sizeof *numbers);
        moves += capacity != before;
        assert_true(capacity > (size_t)i);
        numbers[i] = i;
    }
    for (int i = 0; i < 10000; i++)
        assert_int_equal(numbers[i], i);
    assert_in_range(moves, 1, 14);
}

static void a_string_is_copied(void **state)
{
    (void)state;
    char text[] = "Floor A";
    AUTO_FREE char *copy = mem_strdup(text);
    text[0] = 'X';
    assert_string_equal(copy, "Floor A");
    assert_null(mem_strdup(NULL));
}

static char *handed_over(void)
{
    AUTO_FREE char *made = mem_strdup("kept");
    return mem_take(&made);
}

static void taking_saves_a_block_from_its_scope(void **state)
{
    (void)state;
    AUTO_FREE char *kept = handed_over();
    assert_string_equal(kept, "kept"); /* ASan would see a block that was freed */
    char *slot = mem_strdup("x");
    mem_free_slot(&slot);
    assert_null(slot);
    mem_free_slot(&slot);
}

static void arena_blocks_are_aligned_and_apart(void **state)
{
    (void)state;
    AUTO_ARENA struct arena arena;
    arena_init(&arena, 0);
    enum { BLOCKS = 3000 };
    static unsigned char *blocks[BLOCKS];
    size_t sum = 0;
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t size = i * 7 % 301;
        assert_non_null(arena_strdup(&arena, "odd"));
        blocks[i] = arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        memset(blocks[i], (int)(i % 251), size);
        sum += size + sizeof "odd";
    }
    assert_int_equal(arena.total, sum);
    for (size_t i = 0; i < BLOCKS; i++)
        for (size_t k = 0; k < i * 7 % 301; k++)
            assert_int_equal(blocks[i][k], i % 251);
}

static void an_arena_serves_a_request_larger_than_any_chunk(void **state)
{
    (void)state;
    AUTO_ARENA struct arena arena;
    arena_init(&arena, 0);
    char *small = arena_strdup(&arena, "small");
    size_t size = (size_t)5 << 20;
    char *large = arena_alloc(&arena, size);
    memset(large, 'x', size);
    assert_string_equal(small, "small");
    assert_string_equal(arena_strdup(&arena, "after"), "after");
}

static void an_arena_refuses_what_passes_its_cap_and_no_less(void **state)
{
    (void)state;
    AUTO_ARENA struct arena arena;
    arena_init(&arena, 100);
    assert_non_null(arena_alloc(&arena, 60));
    assert_null(arena_alloc(&arena, 41));
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_non_null(arena_alloc(&arena, 40));
    assert_null(arena_alloc(&arena, 1));
    assert_int_equal(arena.total, 100);
    arena_reset(&arena);
    assert_non_null(arena_alloc(&arena, 100));
}

static void a_reset_arena_reuses_its_largest_chunk(void **state)
{
    (void)state;
    AUTO_ARENA struct arena arena;
    arena_init(&arena, 0);
    arena_alloc(&arena, 1000);
    char *large = arena_alloc(&arena, (size_t)3 << 20);
    for (int i = 0; i < 5; i++)
        arena_alloc(&arena, 1 << 19);
    arena_reset(&arena);
    assert_int_equal(arena.total, 0);
    assert_ptr_equal(arena_alloc(&arena, (size_t)3 << 20), large);
    arena_release(&arena);
    assert_string_equal(arena_strdup(&arena, "again"), "again");
}

static void arena_strings_are_copies(void **state)
{
    (void)state;
    AUTO_ARENA struct arena arena;
    arena_init(&arena, 0);
    assert_string_equal(arena_strndup(&arena, "Balcony 12", 7), "Balcony");
    assert_string_equal(arena_strndup(&arena, NULL, 0), "");
    assert_null(arena_strdup(&arena, NULL));
    assert_string_equal(arena_printf(&arena, "%s-%03d", "row", 7), "row-007");
    char *long_text = arena_printf(&arena, "%9000d", 1);
    assert_int_equal(strlen(long_text), 9000);
    int *numbers = arena_array(&arena, 500, sizeof *numbers);
    for (int i = 0; i < 500; i++)
        assert_int_equal(numbers[i], 0);
    assert_non_null(arena_array(&arena, 0, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(out_of_memory_exits_1_with_one_line),
        cmocka_unit_test(sizes_that_wrap_round_die_instead),
        cmocka_unit_test(what_cannot_say_no_dies_at_the_arena_cap),
        cmocka_unit_test(a_block_is_zeroed_and_never_null),
        cmocka_unit_test(an_array_grows_and_keeps_its_elements),
        cmocka_unit_test(a_string_is_copied),
        cmocka_unit_test(taking_saves_a_block_from_its_scope),
        cmocka_unit_test(arena_blocks_are_aligned_and_apart),
        cmocka_unit_test(an_arena_serves_a_request_larger_than_any_chunk),
        cmocka_unit_test(an_arena_refuses_what_passes_its_cap_and_no_less),
        cmocka_unit_test(a_reset_arena_reuses_its_largest_chunk),
        cmocka_unit_test(arena_strings_are_copies),
    };
    return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
