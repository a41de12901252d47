#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_empty_buffer_is_an_empty_text(void **state)
{
    (void)state;
    AUTO_BUF struct buf buf;
    buf_init(&buf, 10);
    assert_string_equal(buf_text(&buf), "");
    assert_null(buf.data);
    buf_reset(&buf);
    assert_string_equal(buf_text(&buf), "");
}

static void what_is_added_stands_in_order_and_terminated(void **state)
{
    (void)state;
    AUTO_BUF struct buf buf;
    buf_init(&buf, 1000);
    assert_true(buf_puts(&buf, "zone,"));
    assert_true(buf_putc(&buf, 'x'));
    assert_true(buf_add(&buf, "a\0b", 3));
    assert_true(buf_printf(&buf, "%d:%s", 7, "z"));
    assert_int_equal(buf.length, 12);
    assert_memory_equal(buf.data, "zone,xa\0b7:z", 13);
    assert_true(buf_add(&buf, NULL, 0));
    assert_false(buf.overflow);
}

static void the_cap_is_reached_exactly_and_never_passed(void **state)
{
    (void)state;
    AUTO_BUF struct buf buf;
    buf_init(&buf, 5);
    assert_true(buf_puts(&buf, "12345"));
    assert_false(buf_putc(&buf, '6'));
    assert_true(buf.overflow);
    assert_string_equal(buf_text(&buf), "12345");
    assert_in_range(buf.capacity, 6, 6);
    buf_reset(&buf);
    assert_false(buf.overflow);
    assert_true(buf_puts(&buf, "1234"));
    assert_false(buf_puts(&buf, "56")); /* dropped whole */
    assert_string_equal(buf_text(&buf), "1234");
    assert_true(buf_putc(&buf, '5'));
    assert_true(buf.overflow); /* stays */
    assert_false(buf_add(&buf, "", SIZE_MAX));
    assert_null(buf_reserve(&buf, SIZE_MAX));
}

/* Every length around the places where room runs out or the cap is met. */
static void formatted_text_is_there_whole_or_not_at_all(void **state)
{
    (void)state;
    for (int length = 0; length < 300; length++) {
        AUTO_BUF struct buf buf;
        buf_init(&buf, 200);
        assert_true(buf_puts(&buf, "ab"));
        bool fits = buf_printf(&buf, "%*s", length, "");
        assert_int_equal(fits, length <= 198);
        assert_int_equal(buf.length, fits ? length + 2 : 2);
        assert_int_equal(strlen(buf_text(&buf)), buf.length);
        assert_int_equal(buf.overflow, !fits);
    }
}

static void a_megabyte_byte_by_byte_costs_few_moves(void **state)
{
    (void)state;
    AUTO_BUF struct buf buf;
    buf_init(&buf, 1 << 20);
    int moves = 0;
    for (int i = 0; i < 1 << 20; i++) {
        size_t before = buf.capacity;
        assert_true(buf_putc(&buf, (char)('a' + i % 26)));
        moves += buf.capacity != before;
    }
    assert_in_range(moves, 1, 20);
    for (int i = 0; i < 1 << 20; i++)
        if (buf.data[i] != 'a' + i % 26)
            fail_msg("byte %d is wrong", i);
}

static void reserved_room_counts_once_it_is_claimed(void **state)
{
    (void)state;
    AUTO_BUF struct buf buf;
    buf_init(&buf, 1000);
    buf_puts(&buf, "head ");
    char *room = buf_reserve(&buf, 500);
    assert_non_null(room);
    assert_string_equal(buf_text(&buf), "head ");
    memcpy(room, "tail", 4);
    buf.length += 4;
    assert_string_equal(buf_text(&buf), "head tail");
    assert_null(buf_reserve(&buf, 992));
    assert_true(buf.overflow);
    assert_non_null(buf_reserve(&buf, 991));
}

static void a_released_buffer_works_again_under_the_same_cap(void **state)
{
    (void)state;
    AUTO_BUF struct buf buf;
    buf_init(&buf, 3);
    buf_puts(&buf, "1234");
    buf_release(&buf);
    assert_false(buf.overflow);
    assert_true(buf_puts(&buf, "123"));
    assert_false(buf_putc(&buf, '4'));
}

static void no_cap_is_too_large_or_too_small(void **state)
{
    (void)state;
    AUTO_BUF struct buf wide, none;
    buf_init(&wide, SIZE_MAX);
    buf_init(&none, 0);
    assert_true(buf_puts(&wide, "x"));
    assert_true(buf_puts(&none, ""));
    assert_true(buf_printf(&none, "%s", ""));
    assert_false(buf_printf(&none, "%d", 1));
    assert_string_equal(buf_text(&none), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_is_an_empty_text),
        cmocka_unit_test(what_is_added_stands_in_order_and_terminated),
        cmocka_unit_test(the_cap_is_reached_exactly_and_never_passed),
        cmocka_unit_test(formatted_text_is_there_whole_or_not_at_all),
        cmocka_unit_test(a_megabyte_byte_by_byte_costs_few_moves),
        cmocka_unit_test(reserved_room_counts_once_it_is_claimed),
        cmocka_unit_test(a_released_buffer_works_again_under_the_same_cap),
        cmocka_unit_test(no_cap_is_too_large_or_too_small),
    };
    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
