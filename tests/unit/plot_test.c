#include "tui/plot.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "synthetic.h"

static void trends_give_three_lines_and_a_band(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart chart;
    chart_init(&chart);
    synthetic_trends(&frame, 48);
    plot_trends(&chart, &frame);
    assert_int_equal(chart.count, 3);
    assert_string_equal(chart.series[0].name, "min");
    assert_string_equal(chart.series[1].name, "median");
    assert_string_equal(chart.series[2].name, "avg");
    assert_true(chart.has_band);
    assert_int_equal(chart.unit, AXIS_MONEY);
    assert_int_equal(chart.series[0].count, frame.row_count);
    assert_int_equal(chart.series[0].points[5].y, frame_at(&frame, 5, 1)->number);
    assert_int_equal(chart.series[1].points[5].y, frame_at(&frame, 5, 3)->number);
    assert_int_equal(chart.series[2].points[5].y, frame_at(&frame, 5, 2)->number);
    assert_string_equal(chart.title, "Leafs at Canadiens: price per ticket");
    assert_string_equal(chart.note, "by hour, base price, USD");
}

static void the_chart_outlives_the_frame(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    chart_init(&chart);
    struct frame frame;
    synthetic_counts(&frame, 24);
    plot_counts(&chart, &frame);
    frame_release(&frame);
    assert_string_equal(chart.series[2].name, "Club");
    assert_string_equal(chart.title, "Leafs at Canadiens: tickets listed");
}

static void a_null_price_is_a_break(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart chart;
    chart_init(&chart);
    synthetic_groups(&frame, 20);
    plot_groups(&chart, &frame);
    assert_int_equal(chart.count, 3);
    assert_string_equal(chart.series[2].name, "for 4");
    assert_int_equal(chart.series[2].count, 20);
    assert_false(chart.series[2].points[9].known);
    assert_true(chart.series[2].points[10].known);
}

static void zones_are_series_of_their_own(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart chart;
    chart_init(&chart);
    synthetic_counts(&frame, 24);
    plot_counts(&chart, &frame);
    assert_int_equal(chart.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(chart.series[i].count, 24);
        assert_int_equal(chart.series[i].points[7].y, frame_at(&frame, i * 24 + 7, 2)->number);
    }
    assert_int_equal(chart.unit, AXIS_COUNT);
}

static void trends_of_zones_show_the_lowest_price_of_each(void **state)
{
    (void)state;
    static const struct frame_column columns[] = {
        {"zone", FRAME_TEXT},       {"timestamp", FRAME_TIME},     {"min_price", FRAME_MONEY},
        {"avg_price", FRAME_MONEY}, {"median_price", FRAME_MONEY}, {"max_price", FRAME_MONEY},
        {"snapshots", FRAME_INT},
    };
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart chart;
    chart_init(&chart);
    frame_init(&frame, columns, 7);
    for (int i = 0; i < 4; i++) {
        struct frame_cell *row = frame_add_row(&frame);
        row[0] = frame_text(&frame, i % 2 ? "Club" : "Floor");
        row[1] = frame_number(i / 2 * CLOCK_HOUR_MS);
        row[2] = frame_number(100 + i);
    }
    plot_trends(&chart, &frame);
    assert_int_equal(chart.count, 2);
    assert_string_equal(chart.series[1].name, "Club");
    assert_int_equal(chart.series[1].points[1].y, 103);
    assert_false(chart.has_band);
}

static void the_window_and_the_change_come_from_meta(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart chart;
    const char *zone = "Club";
    chart_init(&chart);
    synthetic_trends(&frame, 5);
    frame.meta.has_from = true;
    frame.meta.from_ms = 42;
    frame.meta.has_trend = frame.meta.has_percent = true;
    frame.meta.percent_change = -3.24;
    frame.meta.event_name = NULL;
    frame.meta.zones = (struct frame_list){.count = 1, .texts = &zone};
    plot_trends(&chart, &frame);
    assert_true(chart.has_from);
    assert_false(chart.has_to);
    assert_int_equal(chart.from, 42);
    assert_string_equal(chart.title, "vividseats:6501519: price per ticket, Club");
    assert_string_equal(chart.note, "-3.2 %, by hour, base price, USD");
}

static void comparisons_by_days_run_towards_the_event(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart chart;
    chart_init(&chart);
    synthetic_comparison(&frame, 30);
    frame.meta.has_from = true;
    plot_comparison(&chart, &frame);
    assert_int_equal(chart.x, CHART_TO_EVENT);
    assert_int_equal(chart.unit, AXIS_REAL);
    assert_false(chart.has_from);
    assert_int_equal(chart.series[0].points[0].x, -30 * CLOCK_DAY_MS);
    assert_false(chart.series[0].points[0].known);
    assert_int_equal(chart.series[1].points[0].y, 100000);
    assert_int_equal(chart.series[1].points[30].x, 0);
}

static void reals_that_are_no_numbers_are_breaks_and_other_units_are_left_out(void **state)
{
    (void)state;
    static const struct frame_column columns[] = {
        {"timestamp", FRAME_TIME}, {"name", FRAME_TEXT}, {"a", FRAME_REAL}, {"b", FRAME_MONEY}};
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart chart;
    const double reals[] = {NAN, INFINITY, 1e300, 2.5};
    chart_init(&chart);
    frame_init(&frame, columns, 4);
    for (int i = 3; i >= 0; i--) {
        struct frame_cell *row = frame_add_row(&frame);
        row[0] = frame_number(i);
        row[2] = frame_real(reals[i]);
    }
    plot_comparison(&chart, &frame);
    assert_int_equal(chart.count, 1);
    for (int i = 0; i < 3; i++)
        assert_false(chart.series[0].points[i].known);
    assert_int_equal(chart.series[0].points[3].y, 2500);
    assert_int_equal(chart.series[0].points[3].x, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trends_give_three_lines_and_a_band),
        cmocka_unit_test(the_chart_outlives_the_frame),
        cmocka_unit_test(a_null_price_is_a_break),
        cmocka_unit_test(zones_are_series_of_their_own),
        cmocka_unit_test(trends_of_zones_show_the_lowest_price_of_each),
        cmocka_unit_test(the_window_and_the_change_come_from_meta),
        cmocka_unit_test(comparisons_by_days_run_towards_the_event),
        cmocka_unit_test(reals_that_are_no_numbers_are_breaks_and_other_units_are_left_out),
    };
    return cmocka_run_group_tests_name("plot", tests, NULL, NULL);
}
