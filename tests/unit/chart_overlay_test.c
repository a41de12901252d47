#include "tui/chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "golden.h"
#include "synthetic.h"
#include "tui/plot.h"

enum { HOURS = 168 };

static void make_market(struct chart *chart, bool zones)
{
    AUTO_FRAME struct frame frame = {0}, coverage = {0};
    chart_init(chart);
    synthetic_coverage(&coverage, HOURS);
    if (zones) {
        synthetic_measures(&frame, HOURS);
        plot_measures(chart, &frame, NULL);
    } else {
        synthetic_trends(&frame, HOURS);
        plot_trends(chart, &frame);
    }
    plot_coverage(chart, &coverage);
    chart_add_reference(chart, 15000, "target");
    chart_add_reference(chart, 90000, "face value");
    chart_add_reference(chart, zones ? 100 : 19000, "paid");
    chart_add_mark(chart, SYNTHETIC_START_MS + 150 * CLOCK_HOUR_MS, "now");
}

static void print(const struct chart *chart, struct chart_options options, struct buf *out)
{
    buf_reset(out);
    assert_true(chart_print(chart, &options, out));
}

static void compare(const char *what, const struct chart *chart, struct chart_options options)
{
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    char name[100];
    print(chart, options, &out);
    snprintf(name, sizeof(name), "%s-%dx%d-%s-%s", what, options.width, options.height,
             options.marker->name, options.depth == THEME_256 ? "256" : "mono");
    golden_compare("chart", name, &out);
}

static void a_whole_workstation_chart_looks_as_it_did(void **state)
{
    (void)state;
    static const int sizes[][2] = {{60, 16}, {80, 24}, {200, 60}};
    AUTO_CHART struct chart market, zones;
    make_market(&market, false);
    make_market(&zones, true);
    for (size_t set = 0; marker_at(set); set++)
        for (size_t i = 0; i < 3; i++)
            for (int color = 0; color < 2; color++) {
                struct chart_options options = {
                    .width = sizes[i][0],
                    .height = sizes[i][1],
                    .marker = marker_at(set),
                    .depth = color ? THEME_256 : THEME_PLAIN,
                    .zone = "America/New_York",
                    .has_cross = true,
                    .cross = SYNTHETIC_START_MS + 70 * CLOCK_HOUR_MS,
                };
                if (i != 1 && set != 0)
                    continue;
                compare("market", &market, options);
                options.has_focus = options.log = true;
                options.focus = 2;
                compare("zones", &zones, options);
            }
}

static bool contains(const struct buf *out, const char *text)
{
    return strstr(buf_text(out), text) != NULL;
}

static struct chart_options at_hour(int hour)
{
    return (struct chart_options){
        .width = 120,
        .height = 30,
        .has_cross = true,
        .cross = SYNTHETIC_START_MS + hour * CLOCK_HOUR_MS,
    };
}

static void everything_stays_in_its_area_at_every_size(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    make_market(&chart, true);
    for (int width = 1; width <= 90; width += width < 30 ? 1 : 7)
        for (int height = 1; height <= 30; height += height < 16 ? 1 : 4)
            for (int look = 0; look < 4; look++) {
                struct chart_options options = at_hour(70);
                options.has_focus = options.log = look % 2;
                options.marker = marker_find(look < 2 ? "braille" : "ascii");
                options.focus = 3;
                AUTO_CANVAS struct canvas canvas = {0};
                canvas_init(&canvas, width + 4, height + 4, look >= 2);
                struct canvas_area area = {2, 2, width, height};
                chart_draw(&chart, &options, &canvas, area);
                for (int y = 0; y < height + 4; y++)
                    for (int x = 0; x < width + 4; x++)
                        if (x < 2 || y < 2 || x >= width + 2 || y >= height + 2)
                            assert_int_equal(canvas_at(&canvas, x, y)->character, ' ');
                        else
                            assert_true(look < 2 || canvas_at(&canvas, x, y)->character != '?');
            }
}

static void the_crosshair_reads_every_series_where_it_stands(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    chart_init(&chart);
    synthetic_trends(&frame, HOURS);
    plot_trends(&chart, &frame);
    static const char *const names[] = {"min", "avg", "median"};
    for (size_t row = 0; row < frame.row_count; row += 7) {
        char text[64], value[AXIS_LABEL_MAX];
        int64_t at = frame_at(&frame, row, 0)->number;
        struct chart_options options = at_hour(0);
        options.cross = at;
        print(&chart, options, &out);
        for (int i = 0; i < 3; i++) {
            axis_value(value, frame_at(&frame, row, (size_t)i + 1)->number, AXIS_MONEY, "USD");
            snprintf(text, sizeof(text), "%s %s", names[i], value);
            assert_true(contains(&out, text));
        }
    }
    /* hour 89 lies in the hole, four hours from the last poll */
    print(&chart, at_hour(89), &out);
    assert_true(contains(&out, "Wed Feb 4 17:00"));
    assert_true(contains(&out, "min -") && contains(&out, "median -"));
}

static void a_hidden_series_is_neither_drawn_nor_named(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    make_market(&chart, false);
    chart.series[1].hidden = true;
    print(&chart, at_hour(70), &out);
    assert_false(contains(&out, "median"));
    canvas_init(&canvas, 120, 30, false);
    struct chart_options options = {.depth = THEME_256};
    chart_draw(&chart, &options, &canvas, canvas_whole(&canvas));
    size_t band = 0;
    for (int y = 0; y < 30; y++)
        for (int x = 0; x < 120; x++) {
            assert_int_not_equal(canvas_at(&canvas, x, y)->style, theme_series(1));
            band += canvas_at(&canvas, x, y)->ground == THEME_BAND;
        }
    assert_true(band > 100);
}

static void the_focus_is_bold_and_the_rest_recedes(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_CANVAS struct canvas canvas = {0};
    make_market(&chart, true);
    canvas_init(&canvas, 120, 30, false);
    struct chart_options options = {.has_focus = true, .focus = 2};
    chart_draw(&chart, &options, &canvas, canvas_whole(&canvas));
    size_t focus = 0, faded = 0;
    for (int y = 0; y < 30; y++)
        for (int x = 0; x < 120; x++) {
            unsigned style = canvas_at(&canvas, x, y)->style;
            assert_false(style >= THEME_SERIES && style < THEME_FOCUS);
            focus += style == (unsigned)theme_focus(2);
            faded += style >= THEME_FADED && style < THEME_HEAT;
        }
    assert_true(focus > 50 && faded > 100);
}

static void a_reference_line_off_the_axis_is_told_at_its_edge(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    make_market(&chart, false);
    chart_add_reference(&chart, 1, "floor");
    print(&chart, at_hour(70), &out);
    assert_true(contains(&out, "face value $900.00 \u2191"));
    assert_true(contains(&out, "floor $0.01 \u2193"));
    assert_true(contains(&out, "target $150.00") && !contains(&out, "target $150.00 \u2193"));
}

static void a_log_axis_says_how_many_values_it_cannot_show(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    chart_init(&chart);
    chart.unit = AXIS_COUNT;
    size_t line = chart_add(&chart, "tickets");
    for (int i = 0; i < 30; i++)
        series_add(&chart.series[line], i * CLOCK_HOUR_MS, i < 4 ? -i : i * i);
    chart.note = "by hour";
    struct chart_options options = {.width = 80, .height = 20, .log = true};
    print(&chart, options, &out);
    assert_true(contains(&out, "4 at or below 0 not shown, by hour"));
    for (size_t i = 0; i < chart.series[line].count; i++)
        chart.series[line].points[i].y = 0;
    print(&chart, options, &out);
    assert_true(contains(&out, "no value above 0 in this window"));
}

static void an_index_starts_at_100_in_the_window(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    chart_init(&chart);
    size_t one = chart_add(&chart, "one"), none = chart_add(&chart, "none");
    for (int i = 0; i < 10; i++) {
        series_add(&chart.series[one], i, 200 + 50 * i);
        series_add(&chart.series[none], i, i < 4 ? 0 : 50);
    }
    chart.series[one].points[2].known = false;
    chart.has_from = true;
    chart.from = 2;
    chart_add_reference(&chart, 300, "paid");
    chart_index(&chart);
    assert_int_equal(chart.unit, AXIS_REAL);
    assert_int_equal(chart.reference_count, 0);
    assert_int_equal(chart.series[one].points[3].y, 100000);
    assert_int_equal(chart.series[one].points[9].y, 185714);
    assert_int_equal(chart.series[one].points[0].y, 57143);
    for (int i = 0; i < 10; i++)
        assert_false(chart.series[none].points[i].known);
}

static void the_strip_tells_good_partial_failed_and_none(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_CANVAS struct canvas canvas = {0};
    struct chart_layout layout;
    static const struct chart_span spans[] = {{0, 10, 4, 0}, {10, 20, 3, 1}, {20, 30, 0, 4}};
    chart_init(&chart);
    size_t line = chart_add(&chart, "n");
    for (int i = 0; i <= 40; i++)
        series_add(&chart.series[line], i * CLOCK_HOUR_MS, i);
    for (size_t i = 0; i < 3; i++)
        chart_add_span(&chart, (struct chart_span){spans[i].from * CLOCK_HOUR_MS,
                                                   spans[i].to * CLOCK_HOUR_MS, spans[i].good,
                                                   spans[i].failed});
    struct chart_options options = {.marker = marker_find("ascii")};
    canvas_init(&canvas, 100, 20, true);
    chart_draw(&chart, &options, &canvas, canvas_whole(&canvas));
    chart_arrange(&chart, &options, canvas_whole(&canvas), &layout);
    assert_true(layout.coverage > layout.axis);
    for (int i = 0; i < 40; i++) {
        int column = chart_column(&layout, i * CLOCK_HOUR_MS + CLOCK_HOUR_MS / 2);
        assert_int_equal(canvas_at(&canvas, column, layout.coverage)->character, "=-x."[i / 10]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_workstation_chart_looks_as_it_did),
        cmocka_unit_test(everything_stays_in_its_area_at_every_size),
        cmocka_unit_test(the_crosshair_reads_every_series_where_it_stands),
        cmocka_unit_test(a_hidden_series_is_neither_drawn_nor_named),
        cmocka_unit_test(the_focus_is_bold_and_the_rest_recedes),
        cmocka_unit_test(a_reference_line_off_the_axis_is_told_at_its_edge),
        cmocka_unit_test(a_log_axis_says_how_many_values_it_cannot_show),
        cmocka_unit_test(an_index_starts_at_100_in_the_window),
        cmocka_unit_test(the_strip_tells_good_partial_failed_and_none),
    };
    return cmocka_run_group_tests_name("chart_overlay", tests, NULL, NULL);
}
