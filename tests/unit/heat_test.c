#include "tui/heat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
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

static void every_cell_of_the_plot_belongs_to_a_bucket_in_order(void **state)
{
    (void)state;
    srandom(6);
    for (int round = 0; round < 400; round++) {
        AUTO_HEAT struct heat heat;
        struct heat_layout layout;
        size_t rows = 1 + (size_t)(random() % 40), columns = 1 + (size_t)(random() % 300);
        heat_init(&heat, rows, columns);
        heat.bins = round % 2;
        struct canvas_area area = {3, 2, 1 + (int)(random() % 120), 1 + (int)(random() % 50)};
        heat_arrange(&heat, &(struct heat_options){0}, area, &layout);
        size_t row = 0, column = 0, last_row = 0, last_column = 0;
        const struct canvas_area *plot = &layout.plot;
        assert_true(plot->width <= 0 || plot->x + plot->width <= area.x + area.width);
        assert_true(plot->height <= 0 || plot->y + plot->height <= area.y + area.height);
        for (int x = 0; x < plot->width && plot->height > 0; x++) {
            assert_true(heat_find(&layout, plot->x + x, plot->y, &row, &column));
            assert_true(column >= last_column && column < columns);
            last_column = column;
        }
        for (int y = 0; y < plot->height && plot->width > 0; y++) {
            assert_true(heat_find(&layout, plot->x, plot->y + y, &row, &column));
            assert_true(row >= last_row && row < rows);
            last_row = row;
        }
        if (plot->width > 0 && plot->height > 0) {
            assert_int_equal(last_column, columns - 1);
            assert_int_equal(last_row, layout.rows - 1);
        }
        assert_false(heat_find(&layout, plot->x - 1, plot->y, &row, &column));
    }
}

static int step_at(const struct canvas *canvas, int x, int y)
{
    return canvas_at(canvas, x, y)->ground - THEME_HEAT;
}

static void buckets_that_share_a_column_show_the_last_or_the_highest(void **state)
{
    (void)state;
    enum { WIDTH = 21, COLUMNS = 100 }; /* one column of labels */
    for (int merge = HEAT_LAST; merge <= HEAT_MAX; merge++) {
        AUTO_HEAT struct heat heat;
        AUTO_CANVAS struct canvas canvas = {0};
        heat_init(&heat, 1, COLUMNS);
        heat.merge = (enum heat_merge)merge;
        heat.step = CLOCK_HOUR_MS;
        srandom(7);
        for (size_t i = 0; i < COLUMNS; i++)
            if (random() % 3)
                *heat_at(&heat, 0, i) = (struct heat_cell){.value = random() % 91, .known = true};
        *heat_at(&heat, 0, 0) = (struct heat_cell){.value = 0, .known = true};
        *heat_at(&heat, 0, 4) = (struct heat_cell){.value = 100, .known = true};
        canvas_init(&canvas, WIDTH, 2, false);
        heat_draw(&heat, &(struct heat_options){.depth = THEME_256}, &canvas,
                  canvas_whole(&canvas));
        for (size_t x = 0; x < 20; x++) {
            int64_t shown = -1;
            for (size_t i = 5 * x; i < 5 * x + 5; i++) {
                const struct heat_cell *cell = heat_at(&heat, 0, i);
                if (cell->known && (merge == HEAT_LAST || cell->value > shown))
                    shown = cell->value;
            }
            int step = shown >= 100 ? 9 : (int)(shown / 10);
            if (shown < 0)
                assert_int_equal(canvas_at(&canvas, (int)x + 1, 0)->ground, THEME_TEXT);
            else
                assert_int_equal(step_at(&canvas, (int)x + 1, 0), step);
        }
    }
}

static void a_heat_map_stays_in_its_area_at_every_size(void **state)
{
    (void)state;
    AUTO_HEAT struct heat zones, density;
    make_zones(&zones);
    make_density(&density);
    for (int width = 1; width <= 100; width += width < 30 ? 1 : 9)
        for (int height = 1; height <= 30; height += height < 14 ? 1 : 5)
            for (int look = 0; look < 4; look++) {
                struct heat_options options = {
                    .depth = look < 2 ? THEME_256 : THEME_PLAIN, .has_cursor = true, .row = 1};
                AUTO_CANVAS struct canvas canvas = {0};
                canvas_init(&canvas, width + 4, height + 4, look == 3);
                heat_draw(look % 2 ? &density : &zones, &options, &canvas,
                          (struct canvas_area){2, 2, width, height});
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

/* The rows that are shown, by their labels. */
static void check_rows(const struct heat *heat, const struct heat_options *options, size_t first,
                       const char *above, const char *below)
{
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    char label[40];
    print(heat, *options, 60, options->has_cursor ? 14 : 13, false,
          &out); /* a row is for the read-out */
    for (size_t row = 0; row < heat->rows; row++) {
        snprintf(label, sizeof label, "row %zu,", row);
        bool seen = strstr(buf_text(&out), label) != NULL;
        assert_int_equal(seen, row >= first && row < first + 10);
    }
    assert_int_equal(strstr(buf_text(&out), above) != NULL, *above != '-');
    assert_int_equal(strstr(buf_text(&out), below) != NULL, *below != '-');
}

static void rows_that_do_not_fit_scroll_with_the_cursor_and_are_counted(void **state)
{
    (void)state;
    AUTO_HEAT struct heat heat;
    struct heat_options options = {.has_cursor = true};
    char label[40];
    heat_init(&heat, 30, 10);
    heat.step = CLOCK_HOUR_MS;
    for (size_t i = 0; i < 30; i++) {
        heat_at(&heat, i, 0)->known = true;
        snprintf(label, sizeof label, "row %zu,", i);
        heat_label(&heat, i, label);
    }
    options.readout = "";
    check_rows(&heat, &options, 0, "-", "\u25bc20");
    options.row = 9;
    check_rows(&heat, &options, 0, "-", "\u25bc20");
    options.row = 10;
    check_rows(&heat, &options, 1, "\u25b21", "\u25bc19");
    options.row = 29;
    check_rows(&heat, &options, 20, "\u25b220", "-");
    options.top = 20;
    options.row = 22; /* what is seen stays where it is */
    check_rows(&heat, &options, 20, "\u25b220", "-");
    options.row = 3;
    check_rows(&heat, &options, 3, "\u25b23", "\u25bc17");
    options.top = 99; /* there were more before */
    options.has_cursor = false;
    check_rows(&heat, &options, 20, "\u25b220", "-");
}

static void a_click_hits_the_row_that_is_seen_there(void **state)
{
    (void)state;
    AUTO_HEAT struct heat heat;
    struct heat_layout layout;
    size_t row, column;
    heat_init(&heat, 30, 10);
    heat_arrange(&heat, &(struct heat_options){.has_cursor = true, .row = 17},
                 (struct canvas_area){0, 0, 60, 13}, &layout);
    for (int y = 0; y < layout.plot.height; y++) {
        assert_true(heat_find(&layout, layout.plot.x, layout.plot.y + y, &row, &column));
        assert_int_equal(row, layout.first + (size_t)y);
    }
    assert_int_equal(row, 17);
}

static void a_map_without_a_known_value_says_so(void **state)
{
    (void)state;
    struct heat heat;
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    heat_init(&heat, 3, 10);
    print(&heat, (struct heat_options){0}, 60, 10, false, &out);
    assert_non_null(strstr(buf_text(&out), "no data in this window"));
    heat_release(&heat);
    heat_init(&heat, 0, 0);
    print(&heat, (struct heat_options){0}, 60, 10, false, &out);
    assert_non_null(strstr(buf_text(&out), "no data in this window"));
    heat_release(&heat);
}

static void the_median_runs_through_the_bin_that_holds_it(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0}, measures = {0};
    AUTO_HEAT struct heat heat;
    synthetic_density(&frame, HOURS);
    synthetic_trends(&measures, HOURS);
    plot_density(&heat, &frame, &measures);
    assert_int_equal(heat.rows, 24);
    for (size_t row = 0; row < measures.row_count; row++) {
        int64_t price = frame_at(&measures, row, 3)->number;
        size_t hour = (size_t)((frame_at(&measures, row, 0)->number - heat.from) / heat.step);
        assert_int_equal(heat.line[hour], 23 - price / 2500);
    }
    int64_t sum = 0, expected = 0;
    for (size_t i = 0; i < heat.rows * heat.columns; i++)
        sum += heat.cells[i].known ? heat.cells[i].value : 0;
    for (size_t row = 0; row < frame.row_count; row++)
        expected += frame_at(&frame, row, 3)->number;
    assert_int_equal(sum, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heat_maps_look_as_they_did),
        cmocka_unit_test(every_cell_of_the_plot_belongs_to_a_bucket_in_order),
        cmocka_unit_test(buckets_that_share_a_column_show_the_last_or_the_highest),
        cmocka_unit_test(a_heat_map_stays_in_its_area_at_every_size),
        cmocka_unit_test(rows_that_do_not_fit_scroll_with_the_cursor_and_are_counted),
        cmocka_unit_test(a_click_hits_the_row_that_is_seen_there),
        cmocka_unit_test(a_map_without_a_known_value_says_so),
        cmocka_unit_test(the_median_runs_through_the_bin_that_holds_it),
    };
    return cmocka_run_group_tests_name("heat", tests, NULL, NULL);
}
