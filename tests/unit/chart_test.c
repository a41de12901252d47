#include "tui/chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "golden.h"
#include "synthetic.h"
#include "tui/plot.h"

enum { TEXT_CAP = GOLDEN_CAP };

typedef void maker(struct frame *, int);
typedef void plotter(struct chart *, const struct frame *);

static const struct {
    const char *name;
    maker *make;
    plotter *plot;
    int length;
    const char *zone;
} charts[] = {
    {"trends", synthetic_trends, plot_trends, 168, "America/New_York"},
    {"groups", synthetic_groups, plot_groups, 336, NULL},
    {"counts", synthetic_counts, plot_counts, 48, "Europe/Berlin"},
    {"comparison", synthetic_comparison, plot_comparison, 60, NULL},
};

enum { CHART_COUNT = sizeof(charts) / sizeof(charts[0]) };

static void make_chart(struct chart *chart, size_t which, int length)
{
    AUTO_FRAME struct frame frame = {0};
    chart_init(chart);
    charts[which].make(&frame, length);
    charts[which].plot(chart, &frame);
}

static void print(const struct chart *chart, struct chart_options options, struct buf *out)
{
    buf_reset(out);
    assert_true(chart_print(chart, &options, out));
}

static void compare_golden(size_t which, struct chart_options options)
{
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    char name[100];
    make_chart(&chart, which, charts[which].length);
    options.zone = charts[which].zone;
    print(&chart, options, &out);
    snprintf(name, sizeof(name), "%s-%dx%d-%s-%s", charts[which].name, options.width,
             options.height, options.marker->name, options.depth == THEME_256 ? "256" : "mono");
    golden_compare("chart", name, &out);
}

static void charts_look_as_they_did(void **state)
{
    (void)state;
    static const char *const sets[] = {"braille", "quadrant", "block", "ascii"};
    static const int sizes[][2] = {{60, 16}, {80, 24}, {120, 40}, {200, 60}};
    for (size_t which = 0; which < CHART_COUNT; which++)
        for (size_t set = 0; set < 4; set++)
            for (size_t size = 0; size < 4; size++)
                for (int color = 0; color < 2; color++) {
                    /* every size and set of one chart, the usual size of the others */
                    if (which != 0 && size != 1)
                        continue;
                    compare_golden(which, (struct chart_options){
                                              .width = sizes[size][0],
                                              .height = sizes[size][1],
                                              .marker = marker_find(sets[set]),
                                              .depth = color ? THEME_256 : THEME_PLAIN,
                                          });
                }
}

/* Every line at most `width` columns, no trailing blank, `height` lines. */
static void check_shape(const char *text, int width, int height)
{
    char line[8192];
    int lines = 0;
    for (; *text; lines++) {
        size_t length = strcspn(text, "\n");
        assert_true(length < sizeof(line));
        memcpy(line, text, length);
        line[length] = '\0';
        assert_true(text_width(line) <= width);
        assert_true(length == 0 || line[length - 1] != ' ');
        text += length + 1;
    }
    assert_int_equal(lines, height);
}

static void no_line_is_wider_than_asked_at_any_size(void **state)
{
    (void)state;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    for (size_t which = 0; which < CHART_COUNT; which++) {
        AUTO_CHART struct chart chart;
        make_chart(&chart, which, 40);
        for (int width = 1; width <= 110; width += width < 30 ? 1 : 9)
            for (int height = 1; height <= 30; height += height < 12 ? 1 : 6)
                for (size_t set = 0; marker_at(set); set++) {
                    struct chart_options options = {
                        .width = width, .height = height, .marker = marker_at(set)};
                    print(&chart, options, &out);
                    check_shape(buf_text(&out), width, height);
                }
    }
}

static bool contains(const struct buf *out, const char *text)
{
    return strstr(buf_text(out), text) != NULL;
}

static void a_chart_without_data_says_so(void **state)
{
    (void)state;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    struct chart_options options = {.width = 60, .height = 10};
    for (size_t which = 0; which < CHART_COUNT; which++) {
        AUTO_CHART struct chart empty, unknown;
        make_chart(&empty, which, which == 3 ? -1 : 0);
        print(&empty, options, &out);
        assert_true(contains(&out, "no data in this window"));

        make_chart(&unknown, which, 30);
        for (size_t i = 0; i < unknown.count; i++)
            for (size_t j = 0; j < unknown.series[i].count; j++)
                unknown.series[i].points[j].known = false;
        print(&unknown, options, &out);
        assert_true(contains(&out, "no data in this window"));
    }
}

static void data_outside_the_window_is_no_data(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    make_chart(&chart, 0, 30);
    chart.has_from = chart.has_to = true;
    chart.from = SYNTHETIC_START_MS + 100 * CLOCK_DAY_MS;
    chart.to = chart.from + CLOCK_DAY_MS;
    print(&chart, (struct chart_options){.width = 60, .height = 10}, &out);
    assert_true(contains(&out, "no data in this window"));
    chart.to = chart.from - 1;
    print(&chart, (struct chart_options){.width = 60, .height = 10}, &out);
    assert_true(contains(&out, "no data in this window"));
}

static void the_window_asked_for_is_the_window_shown(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    make_chart(&chart, 0, 24);
    chart.has_from = true;
    chart.from = SYNTHETIC_START_MS - 6 * CLOCK_DAY_MS;
    print(&chart, (struct chart_options){.width = 100, .height = 20}, &out);
    assert_true(contains(&out, "Tue 27"));
}

static void one_row_is_a_visible_point_with_its_value(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    make_chart(&chart, 0, 1);
    print(&chart, (struct chart_options){.width = 80, .height = 20}, &out);
    assert_true(contains(&out, "\u2836") || contains(&out, "\u281b") || contains(&out, "\u28e4"));
    assert_true(contains(&out, "median $"));
}

static void a_constant_series_has_room_around_it(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    chart_init(&chart);
    size_t line = chart_add(&chart, "flat");
    chart.currency = "USD";
    for (int i = 0; i < 50; i++)
        series_add(&chart.series[line], i * CLOCK_HOUR_MS, 17860);
    print(&chart, (struct chart_options){.width = 60, .height = 14}, &out);
    assert_true(contains(&out, "flat $178.60"));
    assert_true(contains(&out, "$170") && contains(&out, "$190"));
}

static void ranges_from_a_minute_to_ten_years_are_drawn(void **state)
{
    (void)state;
    static const struct {
        int64_t step;
        const char *label;
    } cases[] = {{CLOCK_SECOND_MS, "00:01"}, {730 * CLOCK_HOUR_MS, "1974"}};
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    for (size_t i = 0; i < 2; i++) {
        AUTO_CHART struct chart chart;
        chart_init(&chart);
        size_t line = chart_add(&chart, "n");
        for (int j = 0; j <= 120; j++)
            series_add(&chart.series[line], j * cases[i].step / 2 * (i + 1), j);
        print(&chart, (struct chart_options){.width = 70, .height = 14}, &out);
        assert_true(contains(&out, cases[i].label));
    }
}

static void the_ascii_set_prints_ascii_whatever_the_names(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    make_chart(&chart, 0, 100);
    chart.title = "Montr\u00e9al \u2014 \u5927\u962a";
    chart.currency = "EUR";
    chart.series[0].name = "B\u00e9b\u00e9";
    print(&chart, (struct chart_options){.width = 90, .height = 20, .marker = marker_find("ascii")},
          &out);
    for (size_t i = 0; i < out.length; i++)
        assert_true((unsigned char)out.data[i] < 0x7f);
    assert_true(contains(&out, "  200 +"));
}

static void labels_at_line_ends_never_share_a_row(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    chart_init(&chart);
    chart.unit = AXIS_COUNT;
    for (int i = 0; i < 8; i++) {
        char name[] = "line-0";
        name[5] = (char)('0' + i);
        size_t line = chart_add(&chart, name);
        for (int j = 0; j < 50; j++)
            series_add(&chart.series[line], j * CLOCK_HOUR_MS, j == 0 ? 1000 * i : 3000 + i);
    }
    print(&chart, (struct chart_options){.width = 100, .height = 16}, &out);
    int lines = 0;
    for (const char *at = buf_text(&out); (at = strstr(at, "line-")); at += 5) {
        assert_ptr_equal(memchr(at + 5, 'l', strcspn(at + 5, "\n")), NULL);
        lines++;
    }
    assert_int_equal(lines, 8);
}

static void more_series_than_fit_are_counted(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    chart_init(&chart);
    for (int i = 0; i < 40; i++) {
        size_t line = chart_add(&chart, "a zone with a long name");
        series_add(&chart.series[line], 0, i);
        series_add(&chart.series[line], CLOCK_HOUR_MS, i);
    }
    print(&chart, (struct chart_options){.width = 80, .height = 20}, &out);
    assert_true(contains(&out, "+38"));
}

static void drawing_stays_in_its_area_and_repeats_itself(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_CANVAS struct canvas canvas = {0};
    make_chart(&chart, 0, 100);
    canvas_init(&canvas, 100, 40, false);
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 100; x++)
            canvas_put(&canvas, x, y, '~', THEME_TEXT);
    struct canvas_area area = {10, 5, 70, 20};
    for (int times = 0; times < 2; times++)
        chart_draw(&chart, &(struct chart_options){0}, &canvas, area);
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 100; x++)
            if (x < 10 || x >= 80 || y < 5 || y >= 25)
                assert_int_equal(canvas_at(&canvas, x, y)->character, '~');
    assert_int_equal(canvas.clip.width, 100);
}

static void a_plain_chart_has_no_escape_and_a_mono_chart_no_colour(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = TEXT_CAP};
    make_chart(&chart, 0, 100);
    print(&chart, (struct chart_options){.width = 80, .height = 20}, &out);
    assert_false(contains(&out, "\033"));
    print(&chart, (struct chart_options){.width = 80, .height = 20, .depth = THEME_MONO}, &out);
    assert_true(contains(&out, "\033[0;1m"));
    for (int i = 3; i < 5; i++) {
        char code[] = "\033[0;30";
        code[4] = (char)('0' + i);
        code[5] = '\0';
        assert_false(contains(&out, code));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charts_look_as_they_did),
        cmocka_unit_test(no_line_is_wider_than_asked_at_any_size),
        cmocka_unit_test(a_chart_without_data_says_so),
        cmocka_unit_test(data_outside_the_window_is_no_data),
        cmocka_unit_test(the_window_asked_for_is_the_window_shown),
        cmocka_unit_test(one_row_is_a_visible_point_with_its_value),
        cmocka_unit_test(a_constant_series_has_room_around_it),
        cmocka_unit_test(ranges_from_a_minute_to_ten_years_are_drawn),
        cmocka_unit_test(the_ascii_set_prints_ascii_whatever_the_names),
        cmocka_unit_test(labels_at_line_ends_never_share_a_row),
        cmocka_unit_test(more_series_than_fit_are_counted),
        cmocka_unit_test(drawing_stays_in_its_area_and_repeats_itself),
        cmocka_unit_test(a_plain_chart_has_no_escape_and_a_mono_chart_no_colour),
    };
    return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
