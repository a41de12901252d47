#include "io/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/secret_test.XXXXXX";

static void write_file(const char *bytes, size_t length, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void expect_refused(const char *why)
{
    struct err err = {0};
    struct secret secret = {0};
    assert_false(secret_read(path, &secret, &err));
    assert_null(secret.text);
    assert_int_equal(err.code, ERR_USAGE);
    if (!strstr(err.text, why) || !strstr(err.text, path))
        fail_msg("'%s' does not say '%s'", err.text, why);
    assert_null(strstr(err.text, "wonder"));
}

static void a_line_is_read_without_what_ends_it(void **state)
{
    (void)state;
    static const char *const texts[] = {"wonder land", "wonder land\n", "wonder land \t\r\n\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct err err = {0};
        AUTO_SECRET struct secret secret = {0};
        write_file(texts[i], strlen(texts[i]), i ? 0600 : 0400);
        if (!secret_read(path, &secret, &err))
            fail_msg("%s", err.text);
        assert_string_equal(secret.text, "wonder land");
    }
}

static void what_others_can_read_or_write_is_refused(void **state)
{
    (void)state;
    static const mode_t modes[] = {0604, 0640, 0620, 0602, 0601, 0644, 0666};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        write_file("wonder\n", 7, modes[i]);
        expect_refused("others than its owner can read it");
    }
}

static void what_is_no_line_is_refused_and_not_repeated(void **state)
{
    (void)state;
    char text[SECRET_MAX + 2];
    write_file("", 0, 0600);
    expect_refused("it is empty");
    write_file(" \n\n", 3, 0600);
    expect_refused("it is empty");
    write_file("wonder\nland\n", 12, 0600);
    expect_refused("more than one line");
    write_file("wonder\0land", 11, 0600);
    expect_refused("more than one line");
    memset(text, 'w', sizeof text);
    write_file(text, SECRET_MAX, 0600);
    struct err err = {0};
    struct secret secret = {0};
    assert_true(secret_read(path, &secret, &err));
    assert_int_equal(strlen(secret.text), SECRET_MAX);
    secret_release(&secret);
    write_file(text, SECRET_MAX + 1, 0600);
    expect_refused("longer than 1024 bytes");
    unlink(path);
    expect_refused("No such file");
    assert_int_equal(mkfifo(path, 0600), 0);
    expect_refused("not a file"); /* and nobody waits for one who writes */
}

static int make(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int drop(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_read_without_what_ends_it),
        cmocka_unit_test(what_others_can_read_or_write_is_refused),
        cmocka_unit_test(what_is_no_line_is_refused_and_not_repeated),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
