#include "tui/heat.h"

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

static const struct {
    enum theme_depth depth;
    bool ascii;
    const char *name;
} looks[] = {{THEME_256, false, "256"}, {THEME_PLAIN, false, "mono"}, {THEME_PLAIN, true, "ascii"}};

static void make_zones(struct heat *heat)
{
    AUTO_FRAME struct frame frame = {0};
    synthetic_measures(&frame, HOURS);
    plot_zones(heat, &frame, "median_price");
    heat->log = true;
}

static void make_density(struct heat *heat)
{
    AUTO_FRAME struct frame frame = {0}, measures = {0};
    synthetic_density(&frame, HOURS);
    synthetic_trends(&measures, HOURS);
    plot_density(heat, &frame, &measures);
}

static void print(const struct heat *heat, struct heat_options options, int width, int height,
                  bool ascii, struct buf *out)
{
    AUTO_CANVAS struct canvas canvas = {0};
    canvas_init(&canvas, width, height, ascii);
    heat_draw(heat, &options, &canvas, canvas_whole(&canvas));
    buf_reset(out);
    assert_true(canvas_ansi(&canvas, theme_default(), options.depth, out));
}

static void heat_maps_look_as_they_did(void **state)
{
    (void)state;
    static const int sizes[][2] = {{60, 16}, {80, 24}, {200, 60}};
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    AUTO_HEAT struct heat zones, density;
    make_zones(&zones);
    make_density(&density);
    for (size_t look = 0; look < 3; look++)
        for (size_t i = 0; i < 3; i++) {
            char name[100];
            struct heat_options options = {.depth = looks[look].depth,
                                           .has_cursor = true,
                                           .row = 2,
                                           .column = 40,
                                           .zone = "America/New_York"};
            snprintf(name, sizeof(name), "zones-%dx%d-%s", sizes[i][0], sizes[i][1],
                     looks[look].name);
            print(&zones, options, sizes[i][0], sizes[i][1], looks[look].ascii, &out);
            golden_compare("heat", name, &out);
            options.has_cursor = false;
            snprintf(name, sizeof(name), "density-%dx%d-%s", sizes[i][0], sizes[i][1],
                     looks[look].name);
            print(&density, options, sizes[i][0], sizes[i][1], looks[look].ascii, &out);
            golden_compare("heat", name, &out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heat_maps_look_as_they_did),
    };
    return cmocka_run_group_tests_name("heat", tests, NULL, NULL);
}
