#include "tui/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"

static char path[SCRATCH_PATH_MAX + 16];

static int begin(void **state)
{
    int failed = scratch_make(state);
    snprintf(path, sizeof path, "%s/deep/er/state", scratch_folder);
    return failed;
}

static struct state *open_state(void)
{
    struct state *state;
    struct err err = {0};
    scratch_ok(state_open(&state, path, &err), &err);
    return state;
}

static void save(struct state *state)
{
    struct err err = {0};
    scratch_ok(state_save(state, &err), &err);
}

static void write_file(const char *bytes, size_t length)
{
    snprintf(path, sizeof path, "%s/state", scratch_folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void what_was_set_is_there_again(void **state)
{
    (void)state;
    struct state *kept = open_state();
    state_set(kept, "view:Floor", "zone", "Floor, \"a, b\"");
    state_set(kept, "view:Floor", "from", "");
    state_set(kept, "view:Lower", "zone", "two\nlines\tand a tab");
    state_set(kept, "board", "sort", "x");
    state_set(kept, "board", "sort", NULL);
    save(kept);
    state_close(kept);
    kept = open_state();
    assert_string_equal(state_get(kept, "view:Floor", "zone"), "Floor, \"a, b\"");
    assert_string_equal(state_get(kept, "view:Floor", "from"), "");
    assert_string_equal(state_get(kept, "view:Lower", "zone"), "two lines and a tab");
    assert_null(state_get(kept, "board", "sort"));
    assert_string_equal(state_section(kept, "view:", 0), "Floor");
    assert_string_equal(state_section(kept, "view:", 1), "Lower");
    assert_null(state_section(kept, "view:", 2));
    const char *key, *value;
    assert_true(state_entry(kept, "view:Floor", 1, &key, &value));
    assert_string_equal(key, "from");
    assert_false(state_entry(kept, "view:Floor", 2, &key, &value));
    state_remove(kept, "view:Floor");
    assert_string_equal(state_section(kept, "view:", 0), "Lower");
    state_close(kept);
}

static void a_value_may_be_set_from_itself(void **state)
{
    (void)state;
    struct state *kept = open_state();
    state_set(kept, "a", "b", "one two");
    state_set(kept, "a", "b", state_get(kept, "a", "b") + 4);
    assert_string_equal(state_get(kept, "a", "b"), "two");
    state_close(kept);
}

static void lines_that_are_no_state_are_passed_over(void **state)
{
    (void)state;
    static const char text[] =
        "rubbish\n\na\tb\n\0\x01\xff\nboard\tsort\tname\ts\nlast\tline\tstays";
    write_file(text, sizeof text - 1);
    struct state *kept = open_state();
    assert_string_equal(state_get(kept, "board", "sort"), "name s");
    assert_string_equal(state_get(kept, "last", "line"), "stays");
    assert_null(state_get(kept, "a", "b"));
    state_close(kept);
}

static void what_cannot_be_read_is_not_overwritten(void **state)
{
    (void)state;
    struct err err = {0};
    struct state *kept;
    snprintf(path, sizeof path, "%s", scratch_folder); /* a folder */
    assert_false(state_open(&kept, path, &err));
    assert_int_equal(err.code, ERR_FAILURE);
    state_set(kept, "a", "b", "c");
    save(kept);
    state_close(kept);
}

static void nothing_is_written_when_nothing_changed(void **state)
{
    (void)state;
    struct state *kept = open_state();
    save(kept);
    assert_int_equal(access(path, F_OK), -1);
    state_set(kept, "a", "b", "c");
    save(kept);
    assert_int_equal(unlink(path), 0);
    state_set(kept, "a", "b", "c");
    save(kept);
    assert_int_equal(access(path, F_OK), -1);
    state_close(kept);
}

/* Root is refused nothing, so it is tried as nobody. */
static int save_as_nobody(void)
{
    struct state *kept;
    struct err err = {0};
    if (getuid() == 0 && setuid(65534) != 0)
        return 1;
    if (!state_open(&kept, path, &err))
        return 2;
    state_set(kept, "a", "b", "new");
    bool saved = state_save(kept, &err);
    state_close(kept);
    return saved ? 3 : err.code == ERR_FAILURE && strstr(err.text, "Permission denied") ? 0 : 4;
}

static void a_folder_that_may_not_be_written_leaves_the_old_file(void **state)
{
    (void)state;
    write_file("a\tb\told\n", 8);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(chmod(scratch_folder, 0555), 0);
    pid_t child = fork();
    if (child == 0)
        _exit(save_as_nobody());
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(chmod(scratch_folder, 0755), 0);
    struct state *kept = open_state();
    assert_string_equal(state_get(kept, "a", "b"), "old");
    state_close(kept);
}

/* Whoever has the old file open reads it to its end: a new one took its place. */
static void the_file_is_replaced_whole(void **state)
{
    (void)state;
    char line[64] = "";
    write_file("a\tb\told\n", 8);
    FILE *old = fopen(path, "r");
    struct state *kept = open_state();
    state_set(kept, "a", "b", "new");
    save(kept);
    state_close(kept);
    assert_non_null(fgets(line, sizeof line, old));
    assert_string_equal(line, "a\tb\told\n");
    fclose(old);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, begin, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(what_was_set_is_there_again),
        IN_FOLDER(a_value_may_be_set_from_itself),
        IN_FOLDER(lines_that_are_no_state_are_passed_over),
        IN_FOLDER(what_cannot_be_read_is_not_overwritten),
        IN_FOLDER(nothing_is_written_when_nothing_changed),
        IN_FOLDER(a_folder_that_may_not_be_written_leaves_the_old_file),
        IN_FOLDER(the_file_is_replaced_whole),
    };
    return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
