#include "tui/raster.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"

/* Strokes and spaces in dots. */
static const struct {
    unsigned stroke, space;
} dashes[RASTER_DASHES] = {{1, 0}, {3, 2}, {1, 1}, {1, 3}};

void raster_init(struct raster *raster, const struct marker *marker, int columns, int rows)
{
    if (columns < 1 || rows < 1)
        BUG("a raster of %d x %d cells", columns, rows);
    *raster = (struct raster){
        .marker = marker,
        .columns = columns,
        .rows = rows,
        .width = columns * marker->dots_x,
        .height = rows * marker->dots_y,
        .cells = mem_alloc((size_t)columns * (size_t)rows, sizeof(*raster->cells)),
    };
}

void raster_release(struct raster *raster)
{
    mem_free(raster->cells);
    *raster = (struct raster){0};
}

static void set_dot(struct raster *raster, int x, int y, const struct raster_pen *pen)
{
    if (x < 0 || y < 0 || x >= raster->width || y >= raster->height)
        return;
    int dots_x = raster->marker->dots_x, dots_y = raster->marker->dots_y;
    struct raster_cell *cell = &raster->cells[(y / dots_y) * raster->columns + x / dots_x];
    cell->dots |= (uint8_t)(1u << ((y % dots_y) * dots_x + x % dots_x));
    cell->style = (uint8_t)pen->style;
    cell->series = (uint8_t)pen->series;
}

void raster_dot(struct raster *raster, int x, int y, const struct raster_pen *pen)
{
    int right = pen->thick && raster->marker->dots_x > 1;
    int below = pen->thick && raster->marker->dots_y > 1;
    for (int i = 0; i <= right; i++)
        for (int j = 0; j <= below; j++)
            set_dot(raster, x + i, y + j, pen);
}

void raster_mark(struct raster *raster, int x, int y, const struct raster_pen *pen)
{
    int dots_x = raster->marker->dots_x, dots_y = raster->marker->dots_y;
    int beside = x % dots_x ? x - 1 : x + 1;
    int below = y % dots_y == dots_y - 1 ? y - 1 : y + 1;
    bool wide = dots_x > 1, high = dots_y > 1;
    raster_dot(raster, x, y, pen);
    if (wide)
        raster_dot(raster, beside, y, pen);
    if (high)
        raster_dot(raster, x, below, pen);
    if (wide && high)
        raster_dot(raster, beside, below, pen);
}

static bool pen_is_down(const struct raster_pen *pen)
{
    unsigned length = dashes[pen->dash].stroke + dashes[pen->dash].space;
    return pen->phase % length < dashes[pen->dash].stroke;
}

void raster_line(struct raster *raster, int from_x, int from_y, int to_x, int to_y,
                 struct raster_pen *pen)
{
    int dx = abs(to_x - from_x), dy = -abs(to_y - from_y);
    int step_x = from_x < to_x ? 1 : -1, step_y = from_y < to_y ? 1 : -1;
    int x = from_x, y = from_y, error = dx + dy;
    while (x != to_x || y != to_y) {
        int twice = 2 * error;
        if (twice >= dy) {
            error += dy;
            x += step_x;
        }
        if (twice <= dx) {
            error += dx;
            y += step_y;
        }
        pen->phase++;
        if (pen_is_down(pen))
            raster_dot(raster, x, y, pen);
    }
}

void raster_paint(const struct raster *raster, struct canvas *canvas, int x, int y)
{
    const struct raster_cell *cell = raster->cells;
    for (int row = 0; row < raster->rows; row++)
        for (int column = 0; column < raster->columns; column++, cell++)
            if (cell->dots)
                canvas_put(canvas, x + column, y + row,
                           marker_glyph(raster->marker, cell->dots, cell->series), cell->style);
}
