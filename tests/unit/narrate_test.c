#include "tui/narrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

enum { HOUR = CLOCK_HOUR_MS };

/* 2026-02-14T20:30:00Z */
#define START INT64_C(1771101000000)

static void tells(const struct chart *chart, const char *zone, const char *expected)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    narrate_chart(chart, zone, &out);
    assert_string_equal(buf_text(&out), expected);
}

static void add(struct chart *chart, size_t index, int hour, int64_t y)
{
    series_add(&chart->series[index], START + (int64_t)hour * HOUR, y);
}

static void open_chart(struct chart *chart)
{
    chart_init(chart);
    chart->title = "Prices";
    chart->currency = "USD";
    chart_add(chart, "median");
}

static void a_line_is_told_by_its_ends_and_extremes(void **state)
{
    (void)state;
    static const int64_t prices[] = {10000, 12500, 9000, 9000, 15000, 15000, 11000};
    AUTO_CHART struct chart chart;
    open_chart(&chart);
    chart.note = "by hour";
    for (int i = 0; i < 7; i++)
        add(&chart, 0, i, prices[i]);
    tells(&chart, NULL,
          "Prices (by hour).\n"
          "median: from $100.00 on Feb 14 2026 20:30 to $110.00 on Feb 15 2026 02:30, up 10.0 %; "
          "lowest $90.00 on Feb 14 2026 22:30, highest $150.00 on Feb 15 2026 00:30.\n");
}

static void times_are_those_of_the_zone(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    open_chart(&chart);
    add(&chart, 0, 0, 10000);
    tells(&chart, "America/Los_Angeles",
          "Prices.\nmedian: from $100.00 on Feb 14 2026 12:30 to $100.00 on Feb 14 2026 12:30; "
          "lowest $100.00 on Feb 14 2026 12:30, highest $100.00 on Feb 14 2026 12:30.\n");
}

static void what_is_unknown_hidden_or_outside_is_not_told(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    open_chart(&chart);
    chart_add(&chart, "hidden");
    chart_add(&chart, "nothing");
    chart.series[1].hidden = true;
    add(&chart, 1, 2, 1);
    add(&chart, 0, 0, 1);
    for (int i = 1; i < 5; i++)
        add(&chart, 0, i, 20000);
    add(&chart, 0, 5, 99900);
    series_add_unknown(&chart.series[2], START + 2 * HOUR);
    chart.has_from = chart.has_to = true;
    chart.from = START + HOUR;
    chart.to = START + 4 * HOUR;
    tells(
        &chart, NULL,
        "Prices.\nmedian: from $200.00 on Feb 14 2026 21:30 to $200.00 on Feb 15 2026 00:30, flat; "
        "lowest $200.00 on Feb 14 2026 21:30, highest $200.00 on Feb 14 2026 21:30.\n"
        "nothing: nothing is known in this window.\n");
}

static void holes_in_collecting_are_counted(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out;
    open_chart(&chart);
    for (int i = 0; i < 30; i++)
        if (i != 5 && (i < 10 || i > 15) && (i < 20 || i > 25))
            add(&chart, 0, i, 10000 + i);
    buf_init(&out, 1 << 16);
    narrate_chart(&chart, NULL, &out);
    assert_non_null(strstr(buf_text(&out), "; 2 holes in collecting.\n"));
}

static void changes_have_a_direction_and_small_ones_none(void **state)
{
    (void)state;
    static const struct {
        int64_t first, last;
        const char *told;
    } cases[] = {
        {10000, 10100, ", up 1.0 %;"},   {10000, 10099, ", flat;"},
        {10000, 9901, ", flat;"},        {10000, 9900, ", down 1.0 %;"},
        {10000, 5000, ", down 50.0 %;"}, {0, 5000, "15 2026 00:30;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_CHART struct chart chart;
        AUTO_BUF struct buf out;
        open_chart(&chart);
        add(&chart, 0, 0, cases[i].first);
        add(&chart, 0, 4, cases[i].last);
        buf_init(&out, 1 << 16);
        narrate_chart(&chart, NULL, &out);
        if (!strstr(buf_text(&out), cases[i].told))
            fail_msg("%zu: no '%s' in %s", i, cases[i].told, buf_text(&out));
    }
}

static void an_index_is_told_in_percent_of_the_first(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out;
    open_chart(&chart);
    add(&chart, 0, 0, 8000);
    add(&chart, 0, 1, 10000);
    chart_index(&chart);
    buf_init(&out, 1 << 16);
    narrate_chart(&chart, NULL, &out);
    assert_non_null(strstr(buf_text(&out), "from 100.0 on Feb 14 2026 20:30 to 125.0 on"));
    assert_non_null(strstr(buf_text(&out), "up 25.0 %"));
}

static void days_to_the_event_stand_in_for_dates(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    open_chart(&chart);
    chart.x = CHART_TO_EVENT;
    chart.currency = NULL;
    series_add(&chart.series[0], -36 * HOUR, 10000);
    series_add(&chart.series[0], 12 * HOUR, 20000);
    chart_add_reference(&chart, 15000, "target");
    tells(&chart, NULL,
          "Prices, by days to the event.\n"
          "median: from 100.00 1.5 d before the event to 200.00 0.5 d after the event, up 100.0 %; "
          "lowest 100.00 1.5 d before the event, highest 200.00 0.5 d after the event.\n"
          "Reference line: target 150.00.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_told_by_its_ends_and_extremes),
        cmocka_unit_test(times_are_those_of_the_zone),
        cmocka_unit_test(what_is_unknown_hidden_or_outside_is_not_told),
        cmocka_unit_test(holes_in_collecting_are_counted),
        cmocka_unit_test(changes_have_a_direction_and_small_ones_none),
        cmocka_unit_test(an_index_is_told_in_percent_of_the_first),
        cmocka_unit_test(days_to_the_event_stand_in_for_dates),
    };
    return cmocka_run_group_tests_name("narrate", tests, NULL, NULL);
}
