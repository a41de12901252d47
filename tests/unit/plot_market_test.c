#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "synthetic.h"
#include "tui/plot.h"

enum { HOURS = 100 };

static void measures_of_zones_are_a_line_each(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    synthetic_measures(&frame, HOURS);
    static const struct {
        const char *column;
        enum axis_unit unit;
        bool from_zero;
        const char *title;
    } cases[] = {
        {NULL, AXIS_MONEY, false, "Leafs at Canadiens: lowest price per ticket"},
        {"median_price", AXIS_MONEY, false, "Leafs at Canadiens: median price per ticket"},
        {"total_tickets", AXIS_COUNT, true, "Leafs at Canadiens: tickets listed"},
        {"price_4", AXIS_MONEY, false, "Leafs at Canadiens: price per ticket, 4 together"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        AUTO_CHART struct chart chart;
        int column = frame_find(&frame, cases[i].column ? cases[i].column : "min_price");
        chart_init(&chart);
        plot_measures(&chart, &frame, cases[i].column);
        assert_string_equal(chart.title, cases[i].title);
        assert_int_equal(chart.unit, cases[i].unit);
        assert_int_equal(chart.from_zero, cases[i].from_zero);
        assert_int_equal(chart.count, 5);
        assert_string_equal(chart.series[3].name, "Suites");
        assert_false(chart.has_band);
        for (size_t row = 0; row < frame.row_count; row++) {
            const struct series *series = &chart.series[row / (frame.row_count / 5)];
            const struct series_point *point = &series->points[row % (frame.row_count / 5)];
            const struct frame_cell *cell = frame_at(&frame, row, (size_t)column);
            assert_int_equal(point->x, frame_at(&frame, row, 1)->number);
            assert_int_equal(point->known, cell->known);
            assert_true(!cell->known || point->y == cell->number);
        }
    }
}

static void measures_of_one_zone_are_its_prices(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart chart;
    chart_init(&chart);
    synthetic_measures(&frame, HOURS);
    frame.row_count /= 5;
    plot_measures(&chart, &frame, NULL);
    assert_int_equal(chart.count, 4);
    assert_true(chart.has_band);
    assert_string_equal(chart.series[chart.band_high].name, "median");
    /* the band begins at the lowest quarter, which has no line of its own */
    size_t column = (size_t)frame_find(&frame, "quarter_price");
    const struct series *quarter = &chart.series[chart.band_low];
    assert_true(quarter->hidden);
    for (size_t row = 0; row < frame.row_count; row++)
        assert_int_equal(quarter->points[row].y, frame_at(&frame, row, column)->number);
}

static void prices_together_are_those_of_their_column(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart one, all;
    chart_init(&one);
    chart_init(&all);
    synthetic_measures(&frame, HOURS);
    plot_together(&all, &frame, 1 << 1 | 1 << 3);
    assert_int_equal(all.count, 10);
    frame.row_count /= 5;
    plot_together(&one, &frame, 1 << 3);
    assert_int_equal(one.count, 1);
    assert_string_equal(one.series[0].name, "for 4");
    size_t column = (size_t)frame_find(&frame, "price_4");
    for (size_t row = 0; row < frame.row_count; row++) {
        const struct frame_cell *cell = frame_at(&frame, row, column);
        assert_int_equal(one.series[0].points[row].known, cell->known);
        assert_true(!cell->known || one.series[0].points[row].y == cell->number);
    }
}

static void coverage_spans_reach_to_the_next_bucket(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart chart;
    chart_init(&chart);
    synthetic_coverage(&frame, HOURS);
    plot_coverage(&chart, &frame);
    assert_int_equal(chart.span_count, frame.row_count);
    for (size_t i = 0; i < chart.span_count; i++) {
        assert_int_equal(chart.spans[i].to - chart.spans[i].from, CLOCK_HOUR_MS);
        assert_int_equal(chart.spans[i].good, frame_at(&frame, i, 1)->number);
        assert_int_equal(chart.spans[i].failed, frame_at(&frame, i, 2)->number);
    }
}

static void zones_over_time_keep_every_level_and_how_many_tickets(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_HEAT struct heat heat;
    synthetic_measures(&frame, HOURS);
    plot_zones(&heat, &frame, "median_price");
    assert_int_equal(heat.rows, 5);
    assert_int_equal(heat.columns, HOURS);
    assert_string_equal(heat.labels[1], "Club");
    size_t known = 0, cells = 0;
    for (size_t row = 0; row < frame.row_count; row++) {
        size_t hour = (size_t)((frame_at(&frame, row, 1)->number - heat.from) / CLOCK_HOUR_MS);
        const struct heat_cell *cell = heat_at(&heat, row / (frame.row_count / 5), hour);
        const struct frame_cell *price = frame_at(&frame, row, 4);
        int64_t tickets = frame_at(&frame, row, 8)->number;
        assert_int_equal(cell->known, price->known);
        assert_true(!price->known || cell->value == price->number);
        assert_int_equal(cell->glyph, tickets == 0    ? '0'
                                      : tickets < 10  ? '.'
                                      : tickets < 100 ? ':'
                                                      : '#');
        known += price->known;
    }
    for (size_t i = 0; i < heat.rows * heat.columns; i++)
        cells += heat.cells[i].known;
    assert_int_equal(cells, known);
}

static void a_window_asked_for_has_its_empty_buckets(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_HEAT struct heat heat;
    synthetic_measures(&frame, HOURS);
    frame.meta.has_from = frame.meta.has_to = true;
    frame.meta.from_ms = SYNTHETIC_START_MS - 10 * CLOCK_HOUR_MS + 5;
    frame.meta.to_ms = SYNTHETIC_START_MS + 120 * CLOCK_HOUR_MS;
    plot_zones(&heat, &frame, "min_price");
    assert_int_equal(heat.from, SYNTHETIC_START_MS - 10 * CLOCK_HOUR_MS);
    assert_int_equal(heat.columns, 130);
    assert_false(heat_at(&heat, 0, 9)->known);
    assert_true(heat_at(&heat, 0, 10)->known);
}

static void a_long_history_has_no_more_buckets_than_can_be_drawn(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_HEAT struct heat heat;
    synthetic_density(&frame, 40);
    frame.cells[0].number -= 20000 * CLOCK_HOUR_MS;
    plot_density(&heat, &frame, NULL);
    assert_true(heat.columns <= 4000);
    assert_true(heat.step > CLOCK_HOUR_MS);
    assert_null(heat.line_name);
}

static void a_ladder_takes_the_moments_that_are_named(void **state)
{
    (void)state;
    static const char *const moments[] = {"now", "24 h ago"};
    AUTO_FRAME struct frame frame = {0};
    AUTO_DEPTH struct depth depth;
    depth_init(&depth);
    synthetic_depth(&frame, 30);
    plot_depth(&depth, &frame, moments, 2);
    assert_int_equal(depth.moment_count, 2);
    assert_int_equal(depth.count, 30);
    for (size_t row = 0; row < 30; row++) {
        assert_int_equal(depth.points[row].price, frame_at(&frame, row, 0)->number);
        assert_int_equal(depth.points[row].tickets[1], frame_at(&frame, row, 2)->number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_of_zones_are_a_line_each),
        cmocka_unit_test(measures_of_one_zone_are_its_prices),
        cmocka_unit_test(prices_together_are_those_of_their_column),
        cmocka_unit_test(coverage_spans_reach_to_the_next_bucket),
        cmocka_unit_test(zones_over_time_keep_every_level_and_how_many_tickets),
        cmocka_unit_test(a_window_asked_for_has_its_empty_buckets),
        cmocka_unit_test(a_long_history_has_no_more_buckets_than_can_be_drawn),
        cmocka_unit_test(a_ladder_takes_the_moments_that_are_named),
    };
    return cmocka_run_group_tests_name("plot_market", tests, NULL, NULL);
}
