/*
 * Dots finer than a character cell, with one colour a cell. Draw order: dots of all series stay,
 * and a cell takes the colour (and, where a set has one dot a cell, the character) of what was
 * drawn into it last. So what matters most is drawn last.
 */
#ifndef TUI_RASTER_H
#define TUI_RASTER_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/canvas.h"
#include "tui/marker.h"

enum { RASTER_DASHES = 4 }; /* ways to interrupt a line, the first of them not at all */

struct raster_cell {
    uint8_t dots;
    uint8_t style;
    uint8_t series;
};

struct raster {
    const struct marker *marker;
    int columns, rows; /* in cells */
    int width, height; /* in dots */
    struct raster_cell *cells;
};

/* How a series is drawn. */
struct raster_pen {
    enum theme_style style;
    unsigned series;
    unsigned dash;  /* below RASTER_DASHES: 0 solid, then ever shorter strokes */
    unsigned phase; /* where in the dash the pen stands; 0 at the start of a line */
    bool thick;     /* two dots wide, in sets that have as many in a cell */
};

/* Makes an empty raster over `columns` x `rows` cells, both at least 1. */
void raster_init(struct raster *raster, const struct marker *marker, int columns, int rows);

/* Frees the cells. */
void raster_release(struct raster *raster);

/* Sets one dot, counted from the top left, or with a thick pen a square of them. Outside nothing
   happens. */
void raster_dot(struct raster *raster, int x, int y, const struct raster_pen *pen);

/* Sets a mark that is seen on its own: up to 2 x 2 dots inside the cell of (x, y). */
void raster_mark(struct raster *raster, int x, int y, const struct raster_pen *pen);

/* Draws from one dot to another, the first not included, and moves the pen's phase on. */
void raster_line(struct raster *raster, int from_x, int from_y, int to_x, int to_y,
                 struct raster_pen *pen);

/* Puts every cell that has dots on the canvas, the top left one at (x, y). Others are left alone.
 */
void raster_paint(const struct raster *raster, struct canvas *canvas, int x, int y);

#define AUTO_RASTER __attribute__((cleanup(raster_release)))

#endif
