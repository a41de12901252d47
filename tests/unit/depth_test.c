#include "tui/depth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "golden.h"
#include "synthetic.h"
#include "tui/plot.h"

static const char *const moments[] = {"now", "24 h ago", "7 d ago"};

static void make_ladder(struct depth *depth, int prices)
{
    AUTO_FRAME struct frame frame = {0};
    depth_init(depth);
    synthetic_depth(&frame, prices);
    plot_depth(depth, &frame, moments, 3);
}

static void print(const struct depth *depth, enum theme_depth colors, int width, int height,
                  bool ascii, struct buf *out)
{
    AUTO_CANVAS struct canvas canvas = {0};
    struct depth_options options = {.has_price = true, .price = 18000};
    canvas_init(&canvas, width, height, ascii);
    depth_draw(depth, &options, &canvas, canvas_whole(&canvas));
    buf_reset(out);
    assert_true(canvas_ansi(&canvas, theme_default(), colors, out));
}

static void ladders_look_as_they_did(void **state)
{
    (void)state;
    static const int sizes[][2] = {{40, 12}, {80, 24}, {200, 60}};
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    AUTO_DEPTH struct depth depth;
    make_ladder(&depth, 120);
    for (size_t i = 0; i < 3; i++)
        for (int look = 0; look < 3; look++) {
            static const char *const names[] = {"256", "mono", "ascii"};
            char name[100];
            print(&depth, look == 0 ? THEME_256 : THEME_PLAIN, sizes[i][0], sizes[i][1], look == 2,
                  &out);
            snprintf(name, sizeof(name), "ladder-%dx%d-%s", sizes[i][0], sizes[i][1], names[look]);
            golden_compare("depth", name, &out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ladders_look_as_they_did),
    };
    return cmocka_run_group_tests_name("depth", tests, NULL, NULL);
}
