#include "tui/small.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "golden.h"
#include "synthetic.h"
#include "tui/plot.h"

static void make_zones(struct chart *chart)
{
    AUTO_FRAME struct frame frame = {0};
    chart_init(chart);
    synthetic_measures(&frame, 168);
    plot_measures(chart, &frame, "min_price");
}

static void print(const struct chart *chart, struct chart_options options, struct buf *out)
{
    AUTO_CANVAS struct canvas canvas = {0};
    canvas_init(&canvas, options.width, options.height, options.marker && options.marker->ascii);
    small_draw(chart, &options, &canvas, canvas_whole(&canvas));
    buf_reset(out);
    assert_true(canvas_ansi(&canvas, theme_default(), options.depth, out));
}

static void small_multiples_look_as_they_did(void **state)
{
    (void)state;
    static const int sizes[][2] = {{40, 12}, {80, 24}, {200, 60}};
    static const char *const sets[] = {"braille", "ascii"};
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    AUTO_CHART struct chart chart;
    make_zones(&chart);
    for (size_t set = 0; set < 2; set++)
        for (size_t i = 0; i < 3; i++)
            for (int color = 0; color < 2; color++) {
                char name[100];
                struct chart_options options = {.width = sizes[i][0],
                                                .height = sizes[i][1],
                                                .marker = marker_find(sets[set]),
                                                .depth = color ? THEME_256 : THEME_PLAIN,
                                                .has_focus = true,
                                                .focus = 1,
                                                .log = true,
                                                .zone = "America/New_York"};
                print(&chart, options, &out);
                snprintf(name, sizeof(name), "zones-%dx%d-%s-%s", options.width, options.height,
                         sets[set], color ? "256" : "mono");
                golden_compare("small", name, &out);
            }
}

static void every_size_shows_as_many_as_fit_and_finds_them_again(void **state)
{
    (void)state;
    for (int count = 1; count < 30; count += 4) {
        AUTO_CHART struct chart chart;
        chart_init(&chart);
        for (int i = 0; i < count; i++)
            chart_add(&chart, "zone");
        for (int i = 0; i < count; i++)
            series_add(&chart.series[i], 0, i);
        for (int width = 1; width < 220; width += 11)
            for (int height = 1; height < 64; height += 3) {
                struct small_grid grid;
                struct canvas_area area = {5, 3, width, height};
                bool seen[32] = {false};
                small_arrange(&chart, area, &grid);
                assert_int_equal(grid.shown + grid.left_out, count);
                assert_true(grid.shown == 0 || (grid.width >= 14 && grid.height >= 3));
                for (int y = 0; y < 80; y++)
                    for (int x = 0; x < 240; x++) {
                        int place = small_find(&grid, x, y);
                        assert_true(place < (int)grid.shown);
                        if (place < 0)
                            continue;
                        seen[place] = true;
                        assert_true(x >= 5 && x < 5 + width && y >= 3 && y < 3 + height);
                    }
                for (size_t i = 0; i < grid.shown; i++)
                    assert_true(seen[i]);
            }
    }
}

static void those_that_do_not_fit_are_counted_and_hidden_ones_are_not_there(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    make_zones(&chart);
    chart.series[0].hidden = true;
    print(&chart, (struct chart_options){.width = 29, .height = 7}, &out);
    assert_non_null(strstr(buf_text(&out), "Club"));
    assert_null(strstr(buf_text(&out), "Lower"));
    assert_non_null(strstr(buf_text(&out), "+2"));
    for (size_t i = 0; i < chart.count; i++)
        chart.series[i].hidden = true;
    print(&chart, (struct chart_options){.width = 40, .height = 10}, &out);
    assert_non_null(strstr(buf_text(&out), "no data in this window"));
}

static void small_charts_are_drawn_at_every_size(void **state)
{
    (void)state;
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    make_zones(&chart);
    for (int width = 1; width < 120; width += width < 50 ? 1 : 7)
        for (int height = 1; height < 30; height++)
            for (size_t set = 0; marker_at(set); set++) {
                print(&chart,
                      (struct chart_options){
                          .width = width, .height = height, .marker = marker_at(set)},
                      &out);
                for (size_t i = 0; i < out.length && marker_at(set)->ascii; i++)
                    assert_true((unsigned char)out.data[i] < 0x7f && out.data[i] != '?');
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_multiples_look_as_they_did),
        cmocka_unit_test(every_size_shows_as_many_as_fit_and_finds_them_again),
        cmocka_unit_test(those_that_do_not_fit_are_counted_and_hidden_ones_are_not_there),
        cmocka_unit_test(small_charts_are_drawn_at_every_size),
    };
    return cmocka_run_group_tests_name("small", tests, NULL, NULL);
}
