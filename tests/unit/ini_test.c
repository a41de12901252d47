#include "io/ini.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"

static char path[] = "/tmp/tws-ini.XXXXXX";
static struct buf seen;

static bool note(void *context, const char *section, const char *name, const char *value, int line,
                 struct err *err)
{
    assert_ptr_equal(context, &seen);
    if (strcmp(value, "bad") == 0)
        return err_set(err, ERR_USAGE, "setting '%s' is bad", name);
    buf_printf(&seen, "%d|%s|%s|%.40s;", line, section, name, value);
    return true;
}

static bool read_text(const char *text, size_t length, struct err *err)
{
    FILE *file = fopen(path, "w");
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    buf_reset(&seen);
    return ini_read(path, note, &seen, err);
}

static void assert_reads(const char *text, const char *wanted)
{
    struct err err = {0};
    if (!read_text(text, strlen(text), &err))
        fail_msg("%s", err.text);
    assert_string_equal(buf_text(&seen), wanted);
}

static void assert_refused(const char *text, size_t length, const char *wanted)
{
    char full[200];
    struct err err = {0};
    assert_false(read_text(text, length, &err));
    assert_int_equal(err.code, ERR_USAGE);
    snprintf(full, sizeof full, "%s:%s", path, wanted);
    assert_string_equal(err.text, full);
}

static void settings_come_with_their_section_and_line(void **state)
{
    (void)state;
    assert_reads("", "");
    assert_reads(
        "db = /tmp/x y.db\n\n; comment\n# comment\n[Scrape]\nrate=60\n  retries : 3\n"
        "url = https://x/?a=b#c ; why\nempty =\n[sync]\nk = last line without an end",
        "1||db|/tmp/x y.db;6|Scrape|rate|60;7|Scrape|retries|3;"
        "8|Scrape|url|https://x/?a=b#c;9|Scrape|empty|;11|sync|k|last line without an end;");
    assert_reads("a = 1\r\nb = Beyonc\xc3\xa9\r\n", "1||a|1;2||b|Beyonc\xc3\xa9;");
    assert_reads("\xef\xbb\xbf"
                 "a = 1\n",
                 "1||a|1;");
}

static void a_long_value_is_one_value(void **state)
{
    (void)state;
    char text[4096] = "url = ";
    memset(text + 6, 'x', 3000);
    strcpy(text + 3006, "\nb = 2\n");
    assert_reads(text, "1||url|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;2||b|2;");
}

static void an_indented_line_does_not_belong_to_the_one_before(void **state)
{
    (void)state;
    assert_reads("a = 1\n  b = 2\n", "1||a|1;2||b|2;");
}

static void a_line_that_is_no_ini_is_named(void **state)
{
    (void)state;
    static const char nul[] = "a = 1\nb = 2\0 3\n";
    static char longest[9000] = "a = 1\nb = ";
    assert_refused("a = 1\nnonsense\nb = 2\n", 22, "2: neither 'name = value' nor '[section]'");
    assert_string_equal(buf_text(&seen), "1||a|1;");
    assert_refused("[open\n", 6, "1: neither 'name = value' nor '[section]'");
    assert_refused(nul, sizeof nul - 1, "2: a NUL byte");
    assert_refused("a = \xff\n", 6, "1: not UTF-8");
    memset(longest + 10, 'x', sizeof longest - 10);
    assert_refused(longest, sizeof longest, "2: a line too long");
}

static void a_setting_that_is_refused_ends_the_reading(void **state)
{
    (void)state;
    assert_refused("a = 1\n\nb = bad\nc = bad\nnonsense\n", 33, "3: setting 'b' is bad");
    assert_string_equal(buf_text(&seen), "1||a|1;");
}

static void a_file_that_is_missing_or_no_file_says_so(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(ini_read("/nowhere/tws.ini", note, &seen, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(err.text, "'/nowhere/tws.ini'"));
    assert_false(ini_read("/tmp", note, &seen, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.text, "'/tmp': Is a directory");
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    buf_init(&seen, 10000);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    buf_release(&seen);
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_come_with_their_section_and_line),
        cmocka_unit_test(a_long_value_is_one_value),
        cmocka_unit_test(an_indented_line_does_not_belong_to_the_one_before),
        cmocka_unit_test(a_line_that_is_no_ini_is_named),
        cmocka_unit_test(a_setting_that_is_refused_ends_the_reading),
        cmocka_unit_test(a_file_that_is_missing_or_no_file_says_so),
    };
    return cmocka_run_group_tests_name("ini", tests, make_file, remove_file);
}
