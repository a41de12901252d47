#include "tui/chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "synthetic.h"
#include "tui/plot.h"

static void make_chart(struct chart *chart)
{
    AUTO_FRAME struct frame frame = {0}, coverage = {0};
    chart_init(chart);
    synthetic_measures(&frame, 100);
    synthetic_coverage(&coverage, 100);
    plot_measures(chart, &frame, "min_price");
    plot_coverage(chart, &coverage);
}

static void a_column_is_found_again_by_the_x_in_its_middle(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    make_chart(&chart);
    for (int width = 1; width < 200; width += 3)
        for (size_t set = 0; marker_at(set); set++) {
            struct chart_layout layout;
            struct chart_options options = {.marker = marker_at(set)};
            chart_arrange(&chart, &options, (struct canvas_area){4, 1, width, 20}, &layout);
            for (int x = 0; x < layout.plot.width; x++) {
                int column = layout.plot.x + x;
                assert_int_equal(chart_column(&layout, chart_x_at(&layout, column)), column);
            }
            assert_int_equal(chart_x_at(&layout, -1000), layout.map.x.from);
            assert_int_equal(chart_x_at(&layout, 1000), layout.map.x.to);
            assert_int_equal(chart_column(&layout, layout.map.x.to + 1), -1);
            assert_int_equal(chart_column(&layout, layout.map.x.from - 1), -1);
        }
}

static void no_part_overlaps_another_and_all_lie_in_the_area(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    make_chart(&chart);
    for (int width = 1; width < 130; width += 4)
        for (int height = 1; height < 40; height++)
            for (int cross = 0; cross < 2; cross++) {
                struct chart_layout layout;
                struct chart_options options = {.has_cross = cross};
                bool taken[64] = {false};
                chart_arrange(&chart, &options, (struct canvas_area){0, 0, width, height}, &layout);
                const int rows[] = {layout.title,    layout.legend, layout.axis,
                                    layout.coverage, layout.labels, layout.dates};
                for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                    assert_true(rows[i] < height);
                    assert_true(rows[i] < 0 || !taken[rows[i]]);
                    if (rows[i] >= 0)
                        taken[rows[i]] = true;
                }
                for (int i = 0; i < layout.readout_rows; i++)
                    assert_false(taken[layout.readout + i]);
                for (int y = layout.plot.y; y < layout.plot.y + layout.plot.height; y++)
                    assert_false(taken[y] ||
                                 (layout.readout_rows && y < layout.readout + layout.readout_rows));
                assert_true(layout.plot.height >= 1 && layout.plot.width >= 1);
                assert_int_equal(layout.gutter + layout.plot.width + layout.margin, width);
            }
}

static void parts_are_given_up_in_the_order_that_is_promised(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    make_chart(&chart);
    static const int least[] = {10, 9, 8, 6, 5}; /* coverage, dates, read-out, title, axis */
    for (int height = 1; height < 14; height++) {
        struct chart_layout layout;
        struct chart_options options = {.has_cross = true};
        chart_arrange(&chart, &options, (struct canvas_area){0, 0, 80, height}, &layout);
        const int rows[] = {layout.coverage, layout.dates, layout.readout, layout.title,
                            layout.axis};
        for (size_t i = 0; i < 5; i++)
            assert_int_equal(rows[i] >= 0, height >= least[i]);
    }
}

static void the_crosshair_steps_over_every_known_point_of_what_is_shown(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    chart_init(&chart);
    size_t a = chart_add(&chart, "a"), b = chart_add(&chart, "b"), c = chart_add(&chart, "c");
    series_add(&chart.series[a], 10, 1);
    series_add_unknown(&chart.series[a], 20);
    series_add(&chart.series[a], 50, 1);
    series_add(&chart.series[b], 30, 1);
    series_add(&chart.series[b], 50, 1);
    series_add(&chart.series[c], 40, 1);
    chart.series[c].hidden = true;
    static const int64_t expected[] = {10, 30, 50};
    int64_t at = -5, found;
    for (int i = 0; i < 3; i++) {
        assert_true(chart_step(&chart, at, 1, &at));
        assert_int_equal(at, expected[i]);
    }
    assert_false(chart_step(&chart, at, 1, &at));
    for (int i = 1; i >= 0; i--) {
        assert_true(chart_step(&chart, at, -1, &at));
        assert_int_equal(at, expected[i]);
    }
    assert_false(chart_step(&chart, at, -1, &at));
    for (int64_t x = 0; x < 70; x++) {
        int64_t best = expected[0];
        for (int i = 1; i < 3; i++)
            best = llabs(expected[i] - x) < llabs(best - x) ? expected[i] : best;
        assert_true(chart_nearest(&chart, x, &found));
        assert_int_equal(found, best);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_found_again_by_the_x_in_its_middle),
        cmocka_unit_test(no_part_overlaps_another_and_all_lie_in_the_area),
        cmocka_unit_test(parts_are_given_up_in_the_order_that_is_promised),
        cmocka_unit_test(the_crosshair_steps_over_every_known_point_of_what_is_shown),
    };
    return cmocka_run_group_tests_name("chart_layout", tests, NULL, NULL);
}
