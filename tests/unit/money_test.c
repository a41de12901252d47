#include "base/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void plain_decimals_are_money(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t minor;
    } cases[] = {
        {"0", 0},
        {"0.00", 0},
        {"178.6", 17860},
        {"178.60", 17860},
        {"178.06", 17806},
        {"1046", 104600},
        {"66715.00", 6671500},
        {"0.01", 1},
        {"178.6000", 17860},
        {"1.2300", 123},
        {"007", 700},
        {"10000000", MONEY_LIMIT},
        {"9999999.99", MONEY_LIMIT - 1},
        {"10000000.00", MONEY_LIMIT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t minor = -1;
        assert_true(money_parse(cases[i].text, &minor));
        assert_int_equal(minor, cases[i].minor);
    }
}

static void nothing_else_is_money(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",      "-1",    "+1",          " 1",       "1 ",
        "1,046", "1e3",   "0x10",        ".5",       "5.",
        "1.234", "1.001", "1.2.3",       "$1",       "nan",
        "inf",   "1.-2",  "10000000.01", "10000001", "99999999999999999999999999",
        "1\n",   "١",     "1.2e1",       "--1",      "1.20x",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t minor = 42;
        if (money_parse(cases[i], &minor))
            fail_msg("'%s' was read as %lld", cases[i], (long long)minor);
        assert_int_equal(minor, 42);
    }
}

static void what_is_formatted_is_read_back(void **state)
{
    (void)state;
    char text[MONEY_TEXT_MAX];
    for (int64_t minor = 0; minor <= MONEY_LIMIT; minor += 1 + minor / 97) {
        int64_t again = -1;
        assert_true(money_parse(money_format(text, minor), &again));
        assert_int_equal(again, minor);
    }
}

static void amounts_are_formatted_exactly(void **state)
{
    (void)state;
    char text[MONEY_TEXT_MAX];
    assert_string_equal(money_format(text, 17860), "178.60");
    assert_string_equal(money_format(text, -17860), "-178.60");
    assert_string_equal(money_format(text, 5), "0.05");
    assert_string_equal(money_format(text, -5), "-0.05");
    assert_string_equal(money_format(text, INT64_MAX), "92233720368547758.07");
    assert_string_equal(money_format(text, INT64_MIN), "-92233720368547758.08");
}

static void people_get_a_sign_and_thousands_marks(void **state)
{
    (void)state;
    char text[MONEY_TEXT_MAX];
    assert_string_equal(money_format_human(text, 117860, "USD"), "$1,178.60");
    assert_string_equal(money_format_human(text, -117860, "USD"), "-$1,178.60");
    assert_string_equal(money_format_human(text, 117860, "SEK"), "1,178.60 SEK");
    assert_string_equal(money_format_human(text, 99, "EUR"), "€0.99");
    assert_string_equal(money_format_human(text, 99, ""), "0.99");
    assert_string_equal(money_format_human(text, INT64_MIN, "CAD"),
                        "-CA$92,233,720,368,547,758.08");
    assert_string_equal(money_format_human(text, INT64_MIN, "SEK"),
                        "-92,233,720,368,547,758.08 SEK");
}

static void division_rounds_half_away_from_zero(void **state)
{
    (void)state;
    assert_int_equal(money_divide(5, 2), 3);
    assert_int_equal(money_divide(-5, 2), -3);
    assert_int_equal(money_divide(7, 3), 2);
    assert_int_equal(money_divide(8, 3), 3);
    assert_int_equal(money_divide(-7, 3), -2);
    assert_int_equal(money_divide(0, 9), 0);
    assert_int_equal(money_divide(INT64_MAX, 1), INT64_MAX);
    assert_int_equal(money_divide(INT64_MIN, 1), INT64_MIN);
    assert_int_equal(money_divide(INT64_MIN, 2), INT64_MIN / 2);
    assert_int_equal(money_divide(INT64_MAX, INT64_MAX), 1);
    assert_int_equal(money_divide(INT64_MIN, INT64_MAX), -1);
    assert_int_equal(money_divide(INT64_MAX / 2 + 1, INT64_MAX), 1);
    assert_int_equal(money_divide(INT64_MAX / 2, INT64_MAX), 0);
}

/* The definition itself: the quotient is within half of the exact one, and a tie goes outward. */
static void every_small_division_is_right(void **state)
{
    (void)state;
    for (int64_t n = -200; n <= 200; n++) {
        for (int64_t d = 1; d <= 40; d++) {
            int64_t q = money_divide(n, d), twice = 2 * (q * d - n);
            assert_true(llabs(twice) <= d);
            if (llabs(twice) == d)
                assert_true(n < 0 ? twice < 0 : twice > 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_decimals_are_money),
        cmocka_unit_test(nothing_else_is_money),
        cmocka_unit_test(what_is_formatted_is_read_back),
        cmocka_unit_test(amounts_are_formatted_exactly),
        cmocka_unit_test(people_get_a_sign_and_thousands_marks),
        cmocka_unit_test(division_rounds_half_away_from_zero),
        cmocka_unit_test(every_small_division_is_right),
    };
    return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
