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

static void a_level_counts_what_is_not_dearer(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    AUTO_DEPTH struct depth depth;
    make_ladder(&depth, 60);
    synthetic_depth(&frame, 60);
    for (int64_t price = 10000; price < 60000; price += 37)
        for (size_t moment = 0; moment < 3; moment++) {
            int64_t expected = 0;
            for (size_t row = 0; row < frame.row_count; row++)
                if (frame_at(&frame, row, 0)->number <= price)
                    expected = frame_at(&frame, row, moment + 1)->number;
            assert_int_equal(depth_at(&depth, price, moment), expected);
        }
}

static void levels_are_nice_fit_and_reach_most_tickets(void **state)
{
    (void)state;
    for (int prices = 1; prices < 150; prices += 13)
        for (int rows = 1; rows < 60; rows += 3) {
            AUTO_DEPTH struct depth depth;
            make_ladder(&depth, prices);
            struct depth_levels levels = depth_choose(&depth, rows);
            int64_t last = levels.from + (levels.rows - 1) * levels.step, step = levels.step;
            assert_true(levels.rows >= 1 && levels.rows <= rows);
            assert_true(depth_at(&depth, levels.from, 0) > 0);
            assert_true(depth_at(&depth, levels.from - levels.step, 0) == 0);
            assert_true(depth_at(&depth, last, 0) * 20 >=
                        depth.points[depth.count - 1].tickets[0] * 19);
            while (step % 10 == 0)
                step /= 10;
            assert_true(step == 1 || step == 2 || step == 25 || step == 5);
            assert_int_equal(levels.from % levels.step, 0);
        }
}

static void an_unknown_moment_is_a_dash_and_an_empty_market_says_so(void **state)
{
    (void)state;
    struct depth depth;
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    depth_init(&depth);
    depth_add_moment(&depth, "now");
    depth_add_moment(&depth, "24 h ago");
    print(&depth, THEME_PLAIN, 60, 10, false, &out);
    assert_non_null(strstr(buf_text(&out), "nothing is for sale"));
    depth_add(&depth, (struct depth_point){15000, {3, -1}});
    depth_add(&depth, (struct depth_point){25000, {8, -1}});
    print(&depth, THEME_PLAIN, 60, 10, false, &out);
    assert_non_null(strstr(buf_text(&out), "8           -  \u2588"));
    assert_int_equal(depth_at(&depth, 100, 1), -1);
    depth_release(&depth);
}

static void a_ladder_stays_in_its_area_at_every_size(void **state)
{
    (void)state;
    AUTO_DEPTH struct depth depth;
    make_ladder(&depth, 120);
    for (int width = 1; width <= 100; width += width < 50 ? 1 : 9)
        for (int height = 1; height <= 30; height += height < 10 ? 1 : 5)
            for (int ascii = 0; ascii < 2; ascii++) {
                AUTO_CANVAS struct canvas canvas = {0};
                canvas_init(&canvas, width + 4, height + 4, ascii);
                depth_draw(&depth, &(struct depth_options){.has_price = true, .price = 20000},
                           &canvas, (struct canvas_area){2, 2, width, height});
                for (int y = 0; y < height + 4; y++)
                    for (int x = 0; x < width + 4; x++) {
                        const struct canvas_cell *cell = canvas_at(&canvas, x, y);
                        bool inside = x >= 2 && y >= 2 && x < width + 2 && y < height + 2;
                        assert_true(inside ||
                                    (cell->character == ' ' && cell->ground == THEME_TEXT));
                        assert_true(cell->character != '?');
                    }
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ladders_look_as_they_did),
        cmocka_unit_test(a_level_counts_what_is_not_dearer),
        cmocka_unit_test(levels_are_nice_fit_and_reach_most_tickets),
        cmocka_unit_test(an_unknown_moment_is_a_dash_and_an_empty_market_says_so),
        cmocka_unit_test(a_ladder_stays_in_its_area_at_every_size),
    };
    return cmocka_run_group_tests_name("depth", tests, NULL, NULL);
}
