#include "tui/raster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int count_dots(const struct raster *raster)
{
    int count = 0;
    for (int i = 0; i < raster->columns * raster->rows; i++)
        count += __builtin_popcount(raster->cells[i].dots);
    return count;
}

static bool is_set(const struct raster *raster, int x, int y)
{
    int dots_x = raster->marker->dots_x, dots_y = raster->marker->dots_y;
    const struct raster_cell *cell = &raster->cells[(y / dots_y) * raster->columns + x / dots_x];
    return cell->dots >> ((y % dots_y) * dots_x + x % dots_x) & 1;
}

static void a_line_is_unbroken_and_ends_where_it_should(void **state)
{
    (void)state;
    srand(7);
    for (int i = 0; i < 2000; i++) {
        AUTO_RASTER struct raster raster = {0};
        raster_init(&raster, marker_at(0), 12, 6);
        int ax = rand() % 24, ay = rand() % 24, bx = rand() % 24, by = rand() % 24;
        struct raster_pen pen = {.style = THEME_SERIES};
        raster_dot(&raster, ax, ay, &pen);
        raster_line(&raster, ax, ay, bx, by, &pen);
        int longer = abs(ax - bx) > abs(ay - by) ? abs(ax - bx) : abs(ay - by);
        assert_true(is_set(&raster, ax, ay) && is_set(&raster, bx, by));
        assert_int_equal(count_dots(&raster), longer + 1);
    }
}

static void what_is_drawn_last_owns_the_cell(void **state)
{
    (void)state;
    AUTO_RASTER struct raster raster = {0};
    AUTO_CANVAS struct canvas canvas = {0};
    raster_init(&raster, marker_at(0), 1, 1);
    canvas_init(&canvas, 1, 1, false);
    raster_dot(&raster, 0, 0, &(struct raster_pen){.style = theme_series(1)});
    raster_dot(&raster, 1, 3, &(struct raster_pen){.style = theme_series(0)});
    raster_paint(&raster, &canvas, 0, 0);
    assert_int_equal(canvas_at(&canvas, 0, 0)->character, 0x2881);
    assert_int_equal(canvas_at(&canvas, 0, 0)->style, theme_series(0));
}

static void a_mark_fills_up_to_four_dots_of_its_own_cell(void **state)
{
    (void)state;
    for (size_t set = 0; marker_at(set); set++) {
        const struct marker *marker = marker_at(set);
        for (int y = 0; y < marker->dots_y; y++)
            for (int x = 0; x < marker->dots_x; x++) {
                AUTO_RASTER struct raster raster = {0};
                raster_init(&raster, marker, 1, 1);
                raster_mark(&raster, x, y, &(struct raster_pen){.style = THEME_SERIES});
                assert_true(is_set(&raster, x, y));
                assert_int_equal(count_dots(&raster),
                                 (marker->dots_x > 1 ? 2 : 1) * (marker->dots_y > 1 ? 2 : 1));
            }
    }
}

static void dashes_leave_gaps_and_solid_lines_do_not(void **state)
{
    (void)state;
    int dots[RASTER_DASHES];
    for (unsigned dash = 0; dash < RASTER_DASHES; dash++) {
        AUTO_RASTER struct raster raster = {0};
        raster_init(&raster, marker_at(0), 50, 1);
        struct raster_pen pen = {.style = THEME_SERIES, .dash = dash};
        raster_line(&raster, 0, 0, 99, 0, &pen);
        dots[dash] = count_dots(&raster);
        assert_true(dash == 0 ? dots[0] == 99 : dots[dash] < dots[dash - 1]);
        assert_true(dots[dash] > 20);
    }
}

static void dots_outside_are_ignored(void **state)
{
    (void)state;
    AUTO_RASTER struct raster raster = {0};
    raster_init(&raster, marker_at(0), 2, 2);
    struct raster_pen pen = {.style = THEME_SERIES};
    raster_dot(&raster, -1, 0, &pen);
    raster_dot(&raster, 0, -1, &pen);
    raster_dot(&raster, 4, 0, &pen);
    raster_dot(&raster, 0, 8, &pen);
    assert_int_equal(count_dots(&raster), 0);
}

static void painting_leaves_empty_cells_alone(void **state)
{
    (void)state;
    AUTO_RASTER struct raster raster = {0};
    AUTO_CANVAS struct canvas canvas = {0};
    raster_init(&raster, marker_find("ascii"), 3, 1);
    canvas_init(&canvas, 3, 1, true);
    canvas_text(&canvas, 0, 0, "abc", THEME_TEXT);
    raster_dot(&raster, 1, 0, &(struct raster_pen){.style = THEME_SERIES, .series = 1});
    raster_paint(&raster, &canvas, 0, 0);
    assert_int_equal(canvas_at(&canvas, 0, 0)->character, 'a');
    assert_int_equal(canvas_at(&canvas, 1, 0)->character, '+');
    assert_int_equal(canvas_at(&canvas, 2, 0)->character, 'c');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_unbroken_and_ends_where_it_should),
        cmocka_unit_test(what_is_drawn_last_owns_the_cell),
        cmocka_unit_test(a_mark_fills_up_to_four_dots_of_its_own_cell),
        cmocka_unit_test(dashes_leave_gaps_and_solid_lines_do_not),
        cmocka_unit_test(dots_outside_are_ignored),
        cmocka_unit_test(painting_leaves_empty_cells_alone),
    };
    return cmocka_run_group_tests_name("raster", tests, NULL, NULL);
}
