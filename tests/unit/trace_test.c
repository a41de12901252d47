#include "tui/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { COLUMNS = 40, ROWS = 10 };

struct sheet {
    struct raster raster;
    struct trace_map map;
    struct series series;
};

static void open_sheet(struct sheet *sheet, size_t marker, int64_t x_to, int64_t y_to)
{
    *sheet = (struct sheet){0};
    raster_init(&sheet->raster, marker_at(marker), COLUMNS, ROWS);
    sheet->map = (struct trace_map){
        .x = {0, x_to, sheet->raster.width},
        .y = {0, y_to, sheet->raster.height},
        .bottom = sheet->raster.height - 1,
    };
}

static void close_sheet(struct sheet *sheet)
{
    raster_release(&sheet->raster);
    series_release(&sheet->series);
}

static void draw(struct sheet *sheet, size_t pen)
{
    trace_line(&sheet->raster, &sheet->map, &sheet->series,
               trace_pen(pen, sheet->raster.marker, THEME_PLAIN));
}

static unsigned dots_in_column(const struct sheet *sheet, int column)
{
    unsigned count = 0;
    for (int row = 0; row < ROWS; row++)
        count += (unsigned)__builtin_popcount(sheet->raster.cells[row * COLUMNS + column].dots);
    return count;
}

static void a_spike_is_never_lost_among_too_many_points(void **state)
{
    (void)state;
    for (size_t marker = 0; marker_at(marker); marker++)
        for (size_t pen = 0; pen < 4; pen++)
            for (int spike = 1; spike < 10000; spike += 997) {
                struct sheet sheet;
                open_sheet(&sheet, marker, 9999, 100);
                for (int i = 0; i < 10000; i++)
                    series_add(&sheet.series, i, i == spike ? 100 : i % 3);
                draw(&sheet, pen);
                int x = axis_pixel(&sheet.map.x, spike) / sheet.raster.marker->dots_x;
                assert_int_not_equal(sheet.raster.cells[x].dots, 0);
                assert_true(dots_in_column(&sheet, x) >= ROWS / 2);
                close_sheet(&sheet);
            }
}

static void a_long_hole_is_not_drawn_over(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 0, 390, 100);
    for (int i = 0; i < 40; i++)
        if (i < 10 || i >= 20)
            series_add(&sheet.series, i * 10, 50);
    draw(&sheet, 0);
    assert_int_not_equal(dots_in_column(&sheet, 8), 0);
    for (int column = 10; column < 19; column++)
        assert_int_equal(dots_in_column(&sheet, column), 0);
    assert_int_not_equal(dots_in_column(&sheet, 21), 0);
    close_sheet(&sheet);
}

static void a_hole_of_three_intervals_is_bridged(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 0, 390, 100);
    for (int i = 0; i < 40; i++)
        if (i <= 10 || i >= 13)
            series_add(&sheet.series, i * 10, 50);
    draw(&sheet, 0);
    for (int column = 0; column < COLUMNS; column++)
        assert_int_equal(dots_in_column(&sheet, column), 2);
    close_sheet(&sheet);
}

static void an_unknown_point_breaks_the_line(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 0, 40, 100);
    for (int i = 0; i <= 40; i += 4)
        if (i == 20)
            series_add_unknown(&sheet.series, i);
        else
            series_add(&sheet.series, i, 50);
    draw(&sheet, 0);
    assert_int_equal(dots_in_column(&sheet, 18), 0);
    assert_int_equal(dots_in_column(&sheet, 21), 0);
    close_sheet(&sheet);
}

static void a_point_alone_is_visible(void **state)
{
    (void)state;
    for (size_t marker = 0; marker_at(marker); marker++) {
        struct sheet sheet;
        open_sheet(&sheet, marker, 100, 100);
        series_add(&sheet.series, 50, 50);
        draw(&sheet, 3);
        const struct marker *set = sheet.raster.marker;
        int column = axis_pixel(&sheet.map.x, 50) / set->dots_x;
        assert_int_equal(dots_in_column(&sheet, column),
                         (set->dots_x > 1 ? 2 : 1) * (set->dots_y > 1 ? 2 : 1));
        close_sheet(&sheet);
    }
}

static void points_outside_the_window_are_not_drawn(void **state)
{
    (void)state;
    struct sheet sheet;
    open_sheet(&sheet, 0, 100, 100);
    series_add(&sheet.series, -10, 50);
    series_add(&sheet.series, 110, 50);
    draw(&sheet, 0);
    for (int column = 0; column < COLUMNS; column++)
        assert_int_equal(dots_in_column(&sheet, column), 0);
    close_sheet(&sheet);
}

static void pens_differ_by_dash_only_without_colour_or_letters(void **state)
{
    (void)state;
    const struct marker *braille = marker_find("braille"), *ascii = marker_find("ascii");
    assert_int_not_equal(trace_pen(1, braille, THEME_MONO).dash, 0);
    assert_int_equal(trace_pen(1, braille, THEME_8).dash, 0);
    assert_int_equal(trace_pen(1, ascii, THEME_PLAIN).dash, 0);
    assert_int_equal(trace_pen(0, braille, THEME_PLAIN).dash, 0);
}

/* Fills between y = 20 and y = 80, the high line broken in the middle. */
static void fill_band(struct sheet *sheet, struct canvas *canvas, enum theme_depth depth)
{
    struct series high = {0};
    open_sheet(sheet, 0, 400, 100);
    for (int x = 0; x <= 400; x += 10) {
        series_add(&sheet->series, x, 20);
        if (x > 150 && x < 250)
            series_add_unknown(&high, x);
        else
            series_add(&high, x, 80);
    }
    canvas_init(canvas, COLUMNS, ROWS, false);
    struct trace_band band = {.low = &sheet->series, .high = &high, .depth = depth};
    trace_fill(canvas, &sheet->raster, &sheet->map, &band);
    series_release(&high);
}

static void the_band_fills_between_the_lines_and_respects_breaks(void **state)
{
    (void)state;
    struct sheet sheet;
    AUTO_CANVAS struct canvas canvas = {0};
    fill_band(&sheet, &canvas, THEME_256);
    for (int y = 0; y < ROWS; y++)
        for (int x = 0; x < COLUMNS; x++) {
            bool between = y >= 2 && y <= 7;
            bool known = x < 15 || x > 25;
            bool edge = x == 15 || x == 25 || x == 14;
            const struct canvas_cell *cell = canvas_at(&canvas, x, y);
            if (!edge)
                assert_int_equal(cell->ground, between && known ? THEME_BAND : THEME_TEXT);
            assert_int_equal(cell->character, ' ');
        }
    close_sheet(&sheet);
}

static void the_band_is_shaded_where_there_are_no_grounds(void **state)
{
    (void)state;
    struct sheet sheet;
    AUTO_CANVAS struct canvas canvas = {0};
    fill_band(&sheet, &canvas, THEME_8);
    int shaded = 0;
    for (int x = 0; x < COLUMNS; x++) {
        const struct canvas_cell *cell = canvas_at(&canvas, x, 5);
        shaded += cell->character == marker_at(0)->shade;
        assert_int_equal(cell->ground, THEME_TEXT);
    }
    assert_in_range(shaded, 12, 18);
    close_sheet(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spike_is_never_lost_among_too_many_points),
        cmocka_unit_test(a_long_hole_is_not_drawn_over),
        cmocka_unit_test(a_hole_of_three_intervals_is_bridged),
        cmocka_unit_test(an_unknown_point_breaks_the_line),
        cmocka_unit_test(a_point_alone_is_visible),
        cmocka_unit_test(points_outside_the_window_are_not_drawn),
        cmocka_unit_test(pens_differ_by_dash_only_without_colour_or_letters),
        cmocka_unit_test(the_band_fills_between_the_lines_and_respects_breaks),
        cmocka_unit_test(the_band_is_shaded_where_there_are_no_grounds),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
