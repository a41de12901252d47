#include "base/clock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void now_is_the_system_clock_until_it_is_fixed(void **state)
{
    (void)state;
    assert_false(clock_is_fixed());
    struct timespec before, after;
    clock_gettime(CLOCK_REALTIME, &before);
    int64_t now_ms = clock_now_ms();
    clock_gettime(CLOCK_REALTIME, &after);
    assert_true(now_ms >= before.tv_sec * 1000 + before.tv_nsec / 1000000);
    assert_true(now_ms <= after.tv_sec * 1000 + after.tv_nsec / 1000000);

    clock_fix(1770660000123);
    assert_true(clock_is_fixed());
    assert_int_equal(clock_now_ms(), 1770660000123);
    clock_fix(0);
    assert_true(clock_is_fixed());
    assert_int_equal(clock_now_ms(), 0);
    int64_t first_ms = clock_monotonic_ms();
    assert_true(clock_monotonic_ms() >= first_ms); /* nothing fixes it */
    assert_true(first_ms > 0);
}

static void *fix_to_and_fro(void *unused)
{
    for (int i = 0; i < 200000; i++)
        clock_fix(i % 2 ? INT64_C(0x1111111122222222) : INT64_C(0x0333333344444444));
    return unused;
}

static void a_reader_never_sees_half_a_change(void **state)
{
    (void)state;
    clock_fix(INT64_C(0x1111111122222222));
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, fix_to_and_fro, NULL), 0);
    for (int i = 0; i < 200000; i++) {
        int64_t at_ms = clock_now_ms();
        assert_true(at_ms == INT64_C(0x1111111122222222) || at_ms == INT64_C(0x0333333344444444));
    }
    pthread_join(writer, NULL);
}

static void buckets_start_at_or_before(void **state)
{
    (void)state;
    assert_int_equal(clock_floor(0, CLOCK_HOUR_MS), 0);
    assert_int_equal(clock_floor(CLOCK_HOUR_MS, CLOCK_HOUR_MS), CLOCK_HOUR_MS);
    assert_int_equal(clock_floor(CLOCK_HOUR_MS - 1, CLOCK_HOUR_MS), 0);
    assert_int_equal(clock_floor(-1, CLOCK_DAY_MS), -CLOCK_DAY_MS);
    assert_int_equal(clock_floor(-CLOCK_DAY_MS, CLOCK_DAY_MS), -CLOCK_DAY_MS);
    assert_int_equal(clock_floor(-CLOCK_DAY_MS - 1, CLOCK_DAY_MS), -2 * CLOCK_DAY_MS);
}

static void assert_same_civil(const struct civil *ours, const struct tm *theirs)
{
    assert_int_equal(ours->year, theirs->tm_year + 1900);
    assert_int_equal(ours->month, theirs->tm_mon + 1);
    assert_int_equal(ours->day, theirs->tm_mday);
    assert_int_equal(ours->hour, theirs->tm_hour);
    assert_int_equal(ours->minute, theirs->tm_min);
    assert_int_equal(ours->second, theirs->tm_sec);
    assert_int_equal(ours->weekday, theirs->tm_wday);
    assert_int_equal(ours->offset_s, theirs->tm_gmtoff);
}

static void civil_utc_agrees_with_the_c_library_and_goes_back(void **state)
{
    (void)state;
    for (int64_t at_s = INT64_C(-70000000000); at_s < INT64_C(70000000000); at_s += 863111) {
        time_t t = at_s;
        struct tm theirs;
        gmtime_r(&t, &theirs);
        int64_t at_ms = at_s * 1000 + llabs(at_s) % 1000;
        struct civil ours = clock_civil_utc(at_ms);
        assert_same_civil(&ours, &theirs);
        assert_int_equal(ours.millisecond, llabs(at_s) % 1000);
        assert_int_equal(clock_from_civil(&ours), at_ms);
    }
}

static void local_by_the_c_library(int64_t at_s, struct tm *out)
{
    time_t t = at_s;
    localtime_r(&t, out);
}

static void compare_second(const char *zone, int64_t at_s)
{
    struct civil ours;
    struct tm theirs;
    local_by_the_c_library(at_s, &theirs);
    assert_true(clock_civil_zone(at_s * 1000 + 7, zone, &ours));
    assert_same_civil(&ours, &theirs);
    assert_int_equal(ours.millisecond, 7);
    assert_int_equal(clock_from_civil(&ours), at_s * 1000 + 7);
}

/* Steps through the years; where the offset changed on the way, finds the second at which the C
   library changes it and compares on both sides. Returns the number of changes. */
static int compare_years(const char *zone, int64_t from_s, int64_t to_s)
{
    int changes = 0;
    const int64_t step_s = 6 * 3600 + 1;
    struct tm before, here;
    local_by_the_c_library(from_s, &before);
    for (int64_t at_s = from_s; at_s < to_s; at_s += step_s) {
        compare_second(zone, at_s);
        local_by_the_c_library(at_s, &here);
        if (here.tm_gmtoff == before.tm_gmtoff)
            continue;
        changes++;
        int64_t low_s = at_s - step_s, high_s = at_s;
        while (high_s - low_s > 1) {
            struct tm middle;
            int64_t middle_s = low_s + (high_s - low_s) / 2;
            local_by_the_c_library(middle_s, &middle);
            if (middle.tm_gmtoff == before.tm_gmtoff)
                low_s = middle_s;
            else
                high_s = middle_s;
        }
        compare_second(zone, low_s);
        compare_second(zone, high_s);
        before = here;
    }
    return changes;
}

static void zones_agree_with_the_c_library_to_the_second(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool has_dst;
    } zones[] = {
        {"America/New_York", true},
        {"America/Indiana/Indianapolis", true},
        {"US/Pacific", true},
        {"America/Phoenix", false},
        {"Asia/Kolkata", false},
        {"Europe/Dublin", true},
        {"Australia/Lord_Howe", true},
        {"Africa/Casablanca", true},
        {"America/Nuuk", true},
        {"Pacific/Chatham", true},
        {"UTC", false},
    };
    struct civil civil;
    if (!clock_civil_zone(0, "America/New_York", &civil))
        skip(); /* a bare system has no zone files */
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        setenv("TZ", zones[i].name, 1);
        tzset();
        int changes = compare_years(zones[i].name, 1767225600, 2398377600); /* 2026 to 2045 */
        compare_years(zones[i].name, 0, 63072000);                          /* 1970, 1971 */
        compare_years(zones[i].name, 7226582400, 7258118400);               /* 2199 */
        assert_true(zones[i].has_dst ? changes >= 38 : changes == 0);
    }
    unsetenv("TZ");
    tzset();
}

static void asking_for_a_zone_leaves_the_local_one_alone(void **state)
{
    (void)state;
    setenv("TZ", "XYZ-3", 1);
    tzset();
    struct civil civil;
    clock_civil_zone(1770660000000, "Asia/Kolkata", &civil);
    assert_string_equal(getenv("TZ"), "XYZ-3");
    struct tm local;
    local_by_the_c_library(1770660000, &local);
    assert_int_equal(local.tm_gmtoff, 3 * 3600);
    unsetenv("TZ");
    tzset();
}

static void an_unknown_zone_gives_utc_and_says_so(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "Mars/Olympus",
        "/etc/localtime",
        "/usr/share/zoneinfo/UTC",
        "../zoneinfo/UTC",
        "America/..",
        "America",
        "zone.tab",
        "US/Pacific/",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct civil ours, utc = clock_civil_utc(1770660000123);
        assert_false(clock_civil_zone(1770660000123, names[i], &ours));
        assert_memory_equal(&ours, &utc, sizeof utc);
    }
    char long_name[5000];
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    struct civil civil;
    assert_false(clock_civil_zone(0, long_name, &civil));
}

static void rfc_3339_and_bare_dates_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t at_ms;
    } cases[] = {
        {"1970-01-01", 0},
        {"1970-01-01T00:00:00Z", 0},
        {"2026-02-09", 1770595200000},
        {"2026-02-09T18:00:00Z", 1770660000000},
        {"2026-02-09t18:00:00z", 1770660000000},
        {"2026-02-09T18:00:00.5Z", 1770660000500},
        {"2026-02-09T18:00:00.123Z", 1770660000123},
        {"2026-02-09T18:00:00.123999999Z", 1770660000123},
        {"2026-02-09T18:00:00+00:00", 1770660000000},
        {"2026-02-09T18:00:00-00:00", 1770660000000},
        {"2026-02-09T13:00:00-05:00", 1770660000000},
        {"2026-02-09T23:30:00+05:30", 1770660000000},
        {"2026-02-10T17:59:00+23:59", 1770660000000},
        {"2024-05-25T20:30:00-04:00[America/Indiana/Indianapolis]", 1716683400000},
        {"2026-02-09T18:00:00Z[Etc/GMT+0]", 1770660000000},
        {"2024-02-29", 1709164800000},
        {"2000-02-29", 951782400000},
        {"1969-12-31T23:00:00-01:00", 0},
        {"2199-12-31T23:59:59.999Z", CLOCK_MAX_MS - 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t at_ms = -1;
        if (!clock_parse(cases[i].text, &at_ms))
            fail_msg("'%s' was refused", cases[i].text);
        assert_int_equal(at_ms, cases[i].at_ms);
    }
}

static void every_other_time_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "now",
        "2026",
        "2026-02",
        "2026-2-9",
        "20260209",
        "26-02-09",
        "2026-02-09 ",
        " 2026-02-09",
        "2026-02-09T",
        "2026-02-09Z",
        "2026-02-09[UTC]",
        "2026-02-09T18:00Z",
        "2026-02-09T18:00:00",
        "2026-02-09 18:00:00Z",
        "2026-02-09T18:00:00Zx",
        "2026-02-09T18:00:00.Z",
        "2026-02-09T18:00:00,5Z",
        "2026-02-09T18:00:00+0500",
        "2026-02-09T18:00:00+05",
        "2026-02-09T18:00:00+5:00",
        "2026-02-09T18:00:00+24:00",
        "2026-02-09T18:00:00+05:60",
        "2026-02-09T18:00:00Z[]",
        "2026-02-09T18:00:00Z[UTC",
        "2026-02-09T18:00:00Z[a b]",
        "2026-02-09T18:00:00Z[UTC]x",
        "2026-02-09T24:00:00Z",
        "2026-02-09T18:60:00Z",
        "2026-02-09T18:00:60Z",
        "2016-12-31T23:59:60Z",
        "2026-00-09",
        "2026-13-09",
        "2026-02-00",
        "2026-02-29",
        "2026-04-31",
        "1900-02-29",
        "2100-02-29",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "2200-01-01",
        "2199-12-31T23:59:59-00:01",
        "-026-02-09",
        "2026-02-09T18:-1:00Z",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t at_ms = 42;
        if (clock_parse(cases[i], &at_ms))
            fail_msg("'%s' was read", cases[i]);
        assert_int_equal(at_ms, 42);
    }
}

/* Each month is as long as the C library says, in leap years and others. */
static void exactly_the_days_that_exist_are_read(void **state)
{
    (void)state;
    for (int year = 1970; year < 2200; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 27; day <= 32; day++) {
                char text[CLOCK_TEXT_MAX];
                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
                time_t expected = timegm(&tm);
                int64_t at_ms = -1;
                assert_int_equal(clock_parse(text, &at_ms), tm.tm_mon == month - 1);
                if (tm.tm_mon == month - 1)
                    assert_int_equal(at_ms, expected * 1000);
            }
        }
    }
}

static void what_is_formatted_is_read_back(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_MAX];
    assert_string_equal(clock_format(text, 1770660000000), "2026-02-09T18:00:00Z");
    assert_string_equal(clock_format(text, 1770660000007), "2026-02-09T18:00:00.007Z");
    assert_string_equal(clock_format(text, -1), "1969-12-31T23:59:59.999Z");
    for (int64_t at_ms = 0; at_ms < CLOCK_MAX_MS; at_ms += 86399999 * INT64_C(13)) {
        int64_t again = -1;
        assert_true(clock_parse(clock_format(text, at_ms), &again));
        assert_int_equal(again, at_ms);
    }
    assert_true(strlen(clock_format(text, INT64_MAX)) < CLOCK_TEXT_MAX);
}

static void http_dates_agree_with_the_c_library(void **state)
{
    (void)state;
    int64_t at_ms = -1;
    assert_true(clock_parse_http("Sun, 06 Nov 1994 08:49:37 GMT", &at_ms)); /* RFC 9110 */
    assert_int_equal(at_ms, 784111777000);
    for (time_t t = 0; t < 4000000000; t += 8640001) {
        struct tm tm;
        char text[64];
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&t, &tm));
        assert_true(clock_parse_http(text, &at_ms));
        assert_int_equal(at_ms, (int64_t)t * 1000);
    }
}

static void other_http_dates_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "120",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sux, 06 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Fri, 01 Jan 2200 00:00:00 GMT",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t at_ms = 42;
        if (clock_parse_http(cases[i], &at_ms))
            fail_msg("'%s' was read", cases[i]);
        assert_int_equal(at_ms, 42);
    }
}

static void spans_read_like_speech(void **state)
{
    (void)state;
    static const struct {
        int64_t span_ms;
        const char *text;
    } cases[] = {
        {0, "0 s"},
        {45 * CLOCK_SECOND_MS, "45 s"},
        {CLOCK_MINUTE_MS - 1, "59 s"},
        {CLOCK_MINUTE_MS, "1 min"},
        {12 * CLOCK_MINUTE_MS, "12 min"},
        {CLOCK_HOUR_MS - 1, "59 min"},
        {CLOCK_HOUR_MS, "1 h"},
        {210 * CLOCK_MINUTE_MS, "3.5 h"},
        {36 * CLOCK_HOUR_MS, "36 h"},
        {2 * CLOCK_DAY_MS - 1, "47.9 h"},
        {2 * CLOCK_DAY_MS, "2 d"},
        {9 * CLOCK_DAY_MS + 1, "9 d"},
        {-45 * CLOCK_SECOND_MS, "-45 s"},
        {INT64_MIN, "-106751991167 d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[CLOCK_TEXT_MAX];
        assert_string_equal(clock_format_span(text, cases[i].span_ms), cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(now_is_the_system_clock_until_it_is_fixed),
        cmocka_unit_test(a_reader_never_sees_half_a_change),
        cmocka_unit_test(buckets_start_at_or_before),
        cmocka_unit_test(civil_utc_agrees_with_the_c_library_and_goes_back),
        cmocka_unit_test(zones_agree_with_the_c_library_to_the_second),
        cmocka_unit_test(asking_for_a_zone_leaves_the_local_one_alone),
        cmocka_unit_test(an_unknown_zone_gives_utc_and_says_so),
        cmocka_unit_test(rfc_3339_and_bare_dates_are_read),
        cmocka_unit_test(every_other_time_is_refused),
        cmocka_unit_test(exactly_the_days_that_exist_are_read),
        cmocka_unit_test(what_is_formatted_is_read_back),
        cmocka_unit_test(http_dates_agree_with_the_c_library),
        cmocka_unit_test(other_http_dates_are_refused),
        cmocka_unit_test(spans_read_like_speech),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
