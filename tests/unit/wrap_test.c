#include "tui/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

/* All rows of a text, with | between them. */
static const char *rows(const char *text, int columns)
{
    static char all[256];
    char row[64];
    all[0] = '\0';
    while (*text) {
        text = wrap_row(text, columns, row, sizeof row);
        assert_true(text_width(row) <= columns || text_width(row) == 2);
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s|", row);
    }
    return all;
}

static void rows_are_cut_at_blanks(void **state)
{
    (void)state;
    assert_string_equal(rows("one two three", 20), "one two three|");
    assert_string_equal(rows("one two three", 13), "one two three|");
    assert_string_equal(rows("one two three", 7), "one two|three|");
    assert_string_equal(rows("one two three", 6), "one|two|three|");
    assert_string_equal(rows("  indented line", 10), "  indented|line|");
}

static void what_has_no_blank_is_cut_where_the_row_ends(void **state)
{
    (void)state;
    assert_string_equal(rows("abcdefgh", 3), "abc|def|gh|");
    assert_string_equal(rows("\xe6\x9d\xb1\xe4\xba\xac\xe6\x9d\xb1", 3),
                        "\xe6\x9d\xb1|\xe4\xba\xac|\xe6\x9d\xb1|");
    assert_string_equal(rows("\xe6\x9d\xb1z", 1), "\xe6\x9d\xb1|z|");
}

static void a_small_buffer_cuts_between_characters(void **state)
{
    (void)state;
    char row[4];
    assert_string_equal(wrap_row("a\xc3\xa9\xc3\xa9", 80, row, sizeof row), "\xc3\xa9");
    assert_string_equal(row, "a\xc3\xa9");
}

static void what_does_not_fit_into_the_rows_is_cut_off_the_last(void **state)
{
    (void)state;
    char all[3][WRAP_ROW_MAX];
    assert_int_equal(wrap_rows(all, 3, "one two three", 6, false), 3);
    assert_string_equal(all[2], "three");
    assert_int_equal(wrap_rows(all, 2, "one two three", 6, true), 2);
    assert_string_equal(all[0], "one");
    assert_string_equal(all[1], "two t~");
    assert_int_equal(wrap_rows(all, 3, "one", 6, true), 1);
    assert_int_equal(wrap_rows(all, 3, "", 6, true), 0);
    assert_int_equal(wrap_rows(all, 0, "one", 6, true), 0);
    assert_int_equal(wrap_rows(all, -1, "one", 6, true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_cut_at_blanks),
        cmocka_unit_test(what_has_no_blank_is_cut_where_the_row_ends),
        cmocka_unit_test(what_does_not_fit_into_the_rows_is_cut_off_the_last),
        cmocka_unit_test(a_small_buffer_cuts_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
