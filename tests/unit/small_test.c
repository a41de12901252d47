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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_multiples_look_as_they_did),
    };
    return cmocka_run_group_tests_name("small", tests, NULL, NULL);
}
