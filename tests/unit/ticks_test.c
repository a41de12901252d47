#include "tui/ticks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

static struct ticks_strip strip_of(int64_t from, int64_t to, int columns)
{
    return (struct ticks_strip){.scale = {from, to, columns * 2}, .cell = 2, .left = 8};
}

static int64_t at(const char *text)
{
    int64_t ms;
    assert_true(clock_parse(text, &ms));
    return ms;
}

static void check_row(const struct ticks_label *labels, size_t count,
                      const struct ticks_strip *strip)
{
    int end = -strip->left - TICKS_GAP;
    for (size_t i = 0; i < count; i++) {
        assert_true(labels[i].column >= end + TICKS_GAP);
        assert_int_equal(labels[i].width, strlen(labels[i].text));
        assert_true(labels[i].width > 0);
        end = labels[i].column + labels[i].width;
    }
    assert_true(count == 0 || end <= strip->scale.pixels / strip->cell + strip->right);
}

static void labels_never_overlap_nor_leave_their_strip(void **state)
{
    (void)state;
    static const char *const zones[] = {NULL, "America/New_York", "Australia/Lord_Howe",
                                        "Asia/Kathmandu"};
    srandom(11);
    for (int i = 0; i < 20000; i++) {
        int64_t from = CLOCK_DAY_MS * (random() % 60000) + random() % CLOCK_DAY_MS;
        int64_t span = (int64_t)(random() % 1000 + 1) * CLOCK_MINUTE_MS << (random() % 14);
        struct ticks_strip strip = strip_of(from, from + span, 1 + (int)(random() % 300));
        strip.left = (int)(random() % 10);
        strip.right = (int)(random() % 20);
        struct ticks ticks;
        if (i % 5 == 0)
            ticks_to_event(&ticks, &strip);
        else
            ticks_time(&ticks, &strip, zones[i % 4]);
        check_row(ticks.upper, ticks.upper_count, &strip);
        check_row(ticks.lower, ticks.lower_count, &strip);
        for (size_t j = 0; j < ticks.count; j++) {
            assert_true(ticks.values[j] >= from && ticks.values[j] <= from + span);
            assert_true(j == 0 || ticks.columns[j] > ticks.columns[j - 1] ||
                        strip.scale.pixels < 40);
        }
    }
}

/* Both rows as one text: "00:00@0 06:00@15 / Mon Feb 9 2026@0". */
static const char *told(const struct ticks *ticks)
{
    static char out[2000];
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < ticks->upper_count; i++)
        used += (size_t)snprintf(out + used, sizeof(out) - used, "%s ", ticks->upper[i].text);
    used += (size_t)snprintf(out + used, sizeof(out) - used, "/");
    for (size_t i = 0; i < ticks->lower_count; i++)
        used += (size_t)snprintf(out + used, sizeof(out) - used, " %s", ticks->lower[i].text);
    return out;
}

static void windows_are_labelled_as_people_read_them(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *zone;
        int columns;
        const char *labels;
    } cases[] = {
        {"2026-02-09T12:00:00Z", "2026-02-09T12:05:00Z", NULL, 60,
         "12:00 12:01 12:02 12:03 12:04 12:05 / Mon Feb 9 2026"},
        {"2026-02-09T18:00:00Z", "2026-02-10T12:00:00Z", NULL, 60,
         "18:00 21:00 00:00 03:00 06:00 09:00 12:00 / Mon Feb 9 2026 Tue Feb 10"},
        {"2026-02-09T00:00:00Z", "2026-02-12T00:00:00Z", NULL, 72,
         "00:00 12:00 00:00 12:00 00:00 12:00 00:00 / Mon Feb 9 2026 Tue Feb 10 Wed Feb 11 Thu "
         "Feb 12"},
        {"2025-12-29T00:00:00Z", "2026-01-03T00:00:00Z", NULL, 60,
         "Mon 29 Tue 30 Wed 31 Thu 1 Fri 2 Sat 3 / Dec 2025 Jan 2026"},
        {"2026-02-01T00:00:00Z", "2026-03-15T00:00:00Z", NULL, 60,
         "Feb 2 Feb 9 Feb 16 Feb 23 Mar 2 Mar 9 / 2026"},
        {"2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z", NULL, 80,
         "Jun Jul Aug Sep Oct Nov Dec Jan Feb Mar Apr May Jun / 2025 2026"},
        {"2020-06-01T00:00:00Z", "2030-06-01T00:00:00Z", NULL, 80,
         "2021 2022 2023 2024 2025 2026 2027 2028 2029 2030 /"},
        {"2020-06-01T00:00:00Z", "2030-06-01T00:00:00Z", NULL, 18, "2025 2030 /"},
        /* the hour from 01:00 comes twice */
        {"2026-11-01T04:00:00Z", "2026-11-01T08:00:00Z", "America/New_York", 60,
         "00:00 01:00 01:00 02:00 03:00 / Sun Nov 1 2026"},
        /* the hour from 02:00 does not come */
        {"2026-03-08T05:00:00Z", "2026-03-08T09:00:00Z", "America/New_York", 60,
         "00:00 01:00 03:00 04:00 05:00 / Sun Mar 8 2026"},
        /* no boundary at all */
        {"2026-02-09T12:00:10Z", "2026-02-09T12:00:50Z", "Europe/Berlin", 60,
         "13:00 / Mon Feb 9 2026"},
        {"2026-02-09T00:00:00Z", "2026-02-12T00:00:00Z", NULL, 1, "/"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ticks ticks;
        struct ticks_strip strip = strip_of(at(cases[i].from), at(cases[i].to), cases[i].columns);
        strip.left = cases[i].columns > 1 ? 8 : 0;
        strip.right = cases[i].columns > 1 ? 4 : 0;
        ticks_time(&ticks, &strip, cases[i].zone);
        assert_string_equal(told(&ticks), cases[i].labels);
    }
}

static void a_label_stands_below_its_tick(void **state)
{
    (void)state;
    struct ticks ticks;
    struct ticks_strip strip = strip_of(at("2026-02-09T00:00:00Z"), at("2026-02-16T00:00:00Z"), 90);
    strip.right = 4;
    ticks_time(&ticks, &strip, NULL);
    assert_int_equal(ticks.count, 8);
    assert_int_equal(ticks.upper_count, 8);
    assert_int_equal(ticks.columns[0], 0);
    assert_int_equal(ticks.columns[7], 89);
    for (size_t i = 0; i < ticks.count; i++)
        assert_int_equal(ticks.upper[i].column + ticks.upper[i].width / 2, ticks.columns[i]);
}

static void days_count_down_to_the_event(void **state)
{
    (void)state;
    static const struct {
        int hours_from, hours_to, columns;
        const char *labels;
    } cases[] = {
        {-60 * 24, 0, 60, "T-56d T-42d T-28d T-14d T /"},
        {-7 * 24, 24, 80, "T-7d T-6d T-5d T-4d T-3d T-2d T-1d T T+1d /"},
        {-24, 0, 60, "T-24h T-18h T-12h T-6h T /"},
        {-6, 1, 70, "T-6h T-5h T-4h T-3h T-2h T-1h T T+1h /"},
        {-365 * 24, 0, 40, "T-336d T-224d T-112d T /"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ticks ticks;
        struct ticks_strip strip = strip_of(cases[i].hours_from * CLOCK_HOUR_MS,
                                            cases[i].hours_to * CLOCK_HOUR_MS, cases[i].columns);
        strip.right = 4;
        ticks_to_event(&ticks, &strip);
        assert_string_equal(told(&ticks), cases[i].labels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_never_overlap_nor_leave_their_strip),
        cmocka_unit_test(windows_are_labelled_as_people_read_them),
        cmocka_unit_test(a_label_stands_below_its_tick),
        cmocka_unit_test(days_count_down_to_the_event),
    };
    return cmocka_run_group_tests_name("ticks", tests, NULL, NULL);
}
