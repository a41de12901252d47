#include "io/child.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"

static char folder[] = "/tmp/child_test.XXXXXX";

/* A script in the folder that says what it gets. */
static const char *script(const char *name, const char *text)
{
    static char path[100];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\ncd %s || exit 9\n%s\n", folder, text);
    fclose(file);
    char command[150];
    snprintf(command, sizeof command, "chmod 700 %s", path);
    assert_int_equal(system(command), 0);
    return path;
}

static void expect_file(const char *name, const char *wanted)
{
    char path[100], text[4096] = "";
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    assert_string_equal(text, wanted);
}

static bool run(const char *command, const char *input, int limit_ms, struct err *err)
{
    return child_run(command, input, strlen(input), limit_ms, err);
}

static void it_gets_its_words_and_its_input_and_no_setting_of_ours(void **state)
{
    (void)state;
    struct err err = {0};
    char command[200];
    setenv("TWS_DATABASE_URL", "postgres://u:wonderland@h/d", 1);
    setenv("KEPT", "yes", 1);
    snprintf(command, sizeof command, "  %s  one '*'\t$HOME;ls ",
             script("words", "cat >input; printf '<%s>' \"$@\" >words; env | grep -c TWS_ >env; "
                             "echo $KEPT >>env"));
    if (!run(command, "{\"a\":1}\n", 5000, &err))
        fail_msg("%s", err.text);
    expect_file("input", "{\"a\":1}\n");
    expect_file("words", "<one><'*'><$HOME;ls>"); /* no shell looked at them */
    expect_file("env", "0\nyes\n");
    unsetenv("TWS_DATABASE_URL");
}

static void one_that_does_not_read_is_no_trouble(void **state)
{
    (void)state;
    struct err err = {0};
    size_t length = 1 << 20; /* more than a pipe holds */
    AUTO_FREE char *input = mem_alloc(length, 1);
    assert_true(child_run("true", input, length, 5000, &err));
}

static void how_it_ends_is_told(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(run(script("three", "exit 3"), "", 5000, &err));
    assert_int_equal(err.code, ERR_FAILURE);
    assert_non_null(strstr(err.text, "three' ended with 3"));
    assert_false(run(script("dies", "kill -TERM $$"), "", 5000, &err));
    assert_non_null(strstr(err.text, "dies' was ended by signal 15"));
    assert_false(run("/nowhere/at/all", "", 5000, &err));
    assert_non_null(strstr(err.text, "'/nowhere/at/all' does not start: No such file"));
    assert_false(run("  ", "", 5000, &err));
}

static void one_that_hangs_is_killed_with_all_it_started(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t start_ms = clock_monotonic_ms();
    assert_false(run(script("hangs", "sleep 60 & echo $! >pid; wait"), "", 300, &err));
    assert_non_null(strstr(err.text, "hangs' did not end within 300 ms and was killed"));
    int64_t took_ms = clock_monotonic_ms() - start_ms;
    assert_in_range(took_ms, 300, 5000);
    char path[100];
    int pid = 0;
    snprintf(path, sizeof path, "%s/pid", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    fclose(file);
    /* a killed orphan is a zombie until init fetches it, where there is one */
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    char status = 'Z';
    for (int i = 0; i < 500 && (file = fopen(path, "r")); i++) {
        int found = fscanf(file, "%*d (sleep) %c", &status);
        fclose(file);
        if (found != 1 || status == 'Z' || status == 'X')
            break;
        usleep(10000);
    }
    assert_true(!file || status == 'Z' || status == 'X');
}

static void a_stop_ends_the_wait(void **state)
{
    (void)state;
    struct err err = {0};
    stop_install();
    raise(SIGTERM);
    int64_t start_ms = clock_monotonic_ms();
    assert_false(run("sleep 60", "", 30000, &err));
    assert_string_equal(err.text, "'sleep' was killed to stop");
    assert_true(clock_monotonic_ms() - start_ms < 10000);
    stop_reset();
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[60];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gets_its_words_and_its_input_and_no_setting_of_ours),
        cmocka_unit_test(one_that_does_not_read_is_no_trouble),
        cmocka_unit_test(how_it_ends_is_told),
        cmocka_unit_test(one_that_hangs_is_killed_with_all_it_started),
        cmocka_unit_test(a_stop_ends_the_wait),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
