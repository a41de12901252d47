/*
 * Pictures of a grid of character cells, as SVG or PNG (cairo). Lines, blocks and braille are drawn as
 * shapes that fill their cells, so that a chart does not depend on a font; other characters are text
 * in the system's monospace font.
 */
#ifndef IO_PICTURE_H
#define IO_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* A cell, and the margin on each side, in units of an SVG; a PNG has PICTURE_SCALE pixels for one. */
enum { PICTURE_CELL_WIDTH = 10, PICTURE_CELL_HEIGHT = 20, PICTURE_MARGIN = 10, PICTURE_SCALE = 2 };

/* Most pixels of a PNG: 160 MB in memory; a chart of 200 x 60 has 10 million. */
enum { PICTURE_PIXELS_MAX = 40000000 };

struct picture_cell {
    uint32_t character;     /* one column wide, or two with a 0 in the next cell */
    uint32_t color, ground; /* 0xRRGGBB */
    bool bold, underline;
};

struct picture {
    int columns, rows;
    uint32_t paper; /* the colour of the margin */
    const struct picture_cell *cells;
};

/* Adds the picture as SVG. False with ERR_FAILURE when `out` is full. */
bool picture_put_svg(const struct picture *picture, struct buf *out, struct err *err);

/* Adds the picture as PNG. False with ERR_USAGE when it would have more than PICTURE_PIXELS_MAX, with
   ERR_FAILURE when `out` is full. */
bool picture_put_png(const struct picture *picture, struct buf *out, struct err *err);

#endif
