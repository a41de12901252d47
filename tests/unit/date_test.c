#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

/* Two eras and more, day by day. */
static void every_day_agrees_with_the_c_library_and_goes_back(void **state)
{
    (void)state;
    for (int64_t days = -400000; days < 400000; days++) {
        time_t t = days * 86400;
        struct tm tm;
        gmtime_r(&t, &tm);
        int year, month, day;
        date_from_days(days, &year, &month, &day);
        assert_int_equal(year, tm.tm_year + 1900);
        assert_int_equal(month, tm.tm_mon + 1);
        assert_int_equal(day, tm.tm_mday);
        assert_int_equal(date_weekday(days), tm.tm_wday);
        assert_int_equal(date_days(year, month, day), days);
    }
}

static void a_month_is_as_long_as_the_way_to_the_next(void **state)
{
    (void)state;
    for (int year = 1599; year < 2401; year++) {
        for (int month = 1; month < 12; month++)
            assert_int_equal(date_month_length(year, month),
                             date_days(year, month + 1, 1) - date_days(year, month, 1));
        assert_int_equal(date_month_length(year, 12), 31);
    }
    assert_int_equal(date_month_length(2026, 0), 0);
    assert_int_equal(date_month_length(2026, 13), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_agrees_with_the_c_library_and_goes_back),
        cmocka_unit_test(a_month_is_as_long_as_the_way_to_the_next),
    };
    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
