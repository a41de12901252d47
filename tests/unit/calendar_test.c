#include "tui/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

/* The C library is the oracle: it reads the same zone files with its own code. */
static struct tm local(int64_t at_ms)
{
    time_t at = (time_t)(at_ms / 1000);
    struct tm tm;
    localtime_r(&at, &tm);
    return tm;
}

static int64_t day_number(const struct tm *tm)
{
    struct tm copy = *tm;
    return timegm(&(struct tm){
               .tm_year = copy.tm_year, .tm_mon = copy.tm_mon, .tm_mday = copy.tm_mday}) /
           86400;
}

/* Whether a step of whole days starts on the day that `tm` is in. */
static bool starts_on(enum calendar_step step, const struct tm *tm)
{
    static const int years[] = {1, 2, 5, 10};
    if (step == CALENDAR_1D)
        return true;
    if (step == CALENDAR_2D)
        return day_number(tm) % 2 == 0;
    if (step == CALENDAR_1W)
        return tm->tm_wday == 1;
    if (step == CALENDAR_1MO)
        return tm->tm_mday == 1;
    if (step == CALENDAR_3MO)
        return tm->tm_mday == 1 && tm->tm_mon % 3 == 0;
    return tm->tm_mday == 1 && tm->tm_mon == 0 &&
           (tm->tm_year + 1900) % years[step - CALENDAR_1Y] == 0;
}

/* Walks the window minute by minute and checks that the boundaries given are all there are. */
static void check(const char *zone, enum calendar_step step, int64_t from, int64_t to)
{
    static const int minutes[] = {1, 5, 15, 60, 180, 360, 720};
    struct tm before = local(from - CLOCK_MINUTE_MS);
    int64_t latest = day_number(&before);
    int64_t seen = INT64_MIN;
    int64_t next = calendar_first(step, from, zone);
    for (int64_t at = from; at < to; at += CLOCK_MINUTE_MS) {
        struct tm tm = local(at);
        int64_t day = day_number(&tm), wall = day * 1440 + tm.tm_hour * 60 + tm.tm_min;
        bool expected;
        if (step >= CALENDAR_1D)
            expected = day > latest && starts_on(step, &tm);
        else
            expected = wall % minutes[step] == 0 && (step <= CALENDAR_1H || wall > seen);
        if (expected)
            seen = wall;
        latest = day > latest ? day : latest;
        assert_int_equal(next == at, expected);
        if (next == at)
            next = calendar_next(step, at, zone);
        assert_true(next > at);
    }
}

static void boundaries_are_those_of_the_wall_clock_across_every_change(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        const char *about; /* a change of offset near it */
    } cases[] = {
        {"America/New_York", "2026-03-08"},
        {"America/New_York", "2026-11-01"},
        {"Europe/Berlin", "2026-03-29"},
        {"Europe/Berlin", "2026-10-25"},
        {"Australia/Lord_Howe", "2026-04-04"}, /* half an hour */
        {"Australia/Lord_Howe", "2026-10-03"},
        {"America/Sao_Paulo", "2018-11-04"}, /* no midnight */
        {"Asia/Beirut", "2022-03-27"},
        {"America/Havana", "2025-11-02"}, /* two midnights */
        {"Pacific/Apia", "2011-12-30"},   /* a day that was not */
        {"Asia/Kathmandu", "2026-01-01"},
        {"UTC", "2028-02-29"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t at;
        assert_true(clock_parse(cases[i].about, &at));
        setenv("TZ", cases[i].zone, 1);
        tzset();
        for (int step = 0; step < CALENDAR_1MO; step++)
            check(cases[i].zone, (enum calendar_step)step, at - 3 * CLOCK_DAY_MS,
                  at + 3 * CLOCK_DAY_MS);
        for (int step = CALENDAR_1D; step <= CALENDAR_1Y; step++)
            check(cases[i].zone, (enum calendar_step)step, at - 40 * CLOCK_DAY_MS,
                  at + 100 * CLOCK_DAY_MS);
    }
    unsetenv("TZ");
    tzset();
}

static void years_are_counted_from_zero(void **state)
{
    (void)state;
    int64_t at, expected;
    assert_true(clock_parse("2026-02-09T18:00:00Z", &at));
    assert_true(clock_parse("2030-01-01", &expected));
    assert_int_equal(calendar_first(CALENDAR_5Y, at, NULL), expected);
    assert_int_equal(calendar_first(CALENDAR_10Y, at, "UTC"), expected);
    assert_true(clock_parse("2028-01-01", &expected));
    assert_int_equal(calendar_first(CALENDAR_2Y, at, NULL), expected);
}

static void a_boundary_is_its_own_first(void **state)
{
    (void)state;
    for (int step = 0; step < CALENDAR_STEP_COUNT; step++) {
        int64_t first = calendar_first((enum calendar_step)step, 1770660000123, "Europe/Berlin");
        assert_true(first > 1770660000123);
        assert_int_equal(calendar_first((enum calendar_step)step, first, "Europe/Berlin"), first);
    }
}

static void an_unknown_zone_is_utc(void **state)
{
    (void)state;
    int64_t at = INT64_C(1770660000000);
    assert_int_equal(calendar_first(CALENDAR_1D, at, "Mars/Olympus"),
                     calendar_first(CALENDAR_1D, at, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boundaries_are_those_of_the_wall_clock_across_every_change),
        cmocka_unit_test(years_are_counted_from_zero),
        cmocka_unit_test(a_boundary_is_its_own_first),
        cmocka_unit_test(an_unknown_zone_is_utc),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
