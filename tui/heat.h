/*
 * A heat map: rows (zones, or bins of price) over buckets of time, each cell's value told by the
 * ground of theme_heat(), or by a glyph's density where grounds have no colour. Drawing is pure.
 */
#ifndef TUI_HEAT_H
#define TUI_HEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "tui/axis.h"
#include "tui/canvas.h"

/* What a cell of the screen shows of the buckets, or bins, that share it. */
enum heat_merge {
    HEAT_LAST, /* levels: the last known value */
    HEAT_MAX,  /* densities: the highest */
};

struct heat_cell {
    int64_t value;
    bool known;
    char glyph; /* ASCII, where a ground tells the value and the cell before has another; 0: none */
};

struct heat {
    struct arena arena;    /* texts, cells, line; released with it */
    const char *title;     /* NULL: none */
    const char *note;      /* beside the title; NULL: none */
    const char *line_name; /* what the line over the cells is; NULL: no line */
    const char *key;       /* what the glyphs mean; NULL: nothing to say */
    enum axis_unit unit;
    const char *currency;
    enum heat_merge merge;
    bool log;  /* equal ratios are equal steps of the ramp; values below 1 are the least */
    bool bins; /* rows are a scale, top to bottom: all are shown, as high as fit or sharing rows */
    int64_t from, step; /* bucket i is [from + i * step, from + (i + 1) * step) */
    size_t rows, columns;
    const char **labels;     /* of the rows */
    struct heat_cell *cells; /* row by row */
    int *line;               /* the row of the line in each bucket, -1 where it is unknown */
};

struct heat_options {
    enum theme_depth depth;
    const char *zone; /* IANA zone of the time labels; NULL: UTC */
    bool has_cursor;
    size_t row, column;
    size_t top;          /* the row that stood first before, where not all are shown */
    const char *readout; /* what is said of the cursor's cell; NULL: time, row and value */
};

/* Where the parts are, in cells of the canvas; a row that is not there is -1. */
struct heat_layout {
    struct canvas_area plot; /* the cells that are drawn; without width or height: nothing */
    int title, readout, axis, dates, legend;
    int labels;                  /* columns of row labels and the blank behind them */
    size_t first, rows, columns; /* of the heat map that are shown: rows from `first` on */
    int cell_width, cell_height; /* of a bucket; 0: several share a column (a row) */
};

/* Makes a heat map of rows x columns unknown cells and unnamed rows. */
void heat_init(struct heat *heat, size_t rows, size_t columns);

/* Frees everything. */
void heat_release(struct heat *heat);

/* The cell of a row and bucket, both in range. */
struct heat_cell *heat_at(const struct heat *heat, size_t row, size_t column);

/* Names a row. The text is copied. */
void heat_label(struct heat *heat, size_t row, const char *label);

/* Finds where everything is when it is drawn into an area that lies on the canvas. Rows scroll as little as shows the cursor's. */
void heat_arrange(const struct heat *heat, const struct heat_options *options,
                  struct canvas_area area, struct heat_layout *layout);

/* The row and bucket at a cell of the canvas: the last of those that share it. False outside. */
bool heat_find(const struct heat_layout *layout, int x, int y, size_t *row, size_t *column);

/* Draws it into an area: row labels left, the time axis below, the ramp with its values under it,
   what the cursor is on above. What does not fit is left out in this order: the note, the ramp, the
   date row, the read-out, the title, the axis, rows on either side of the cursor's (marks in the last
   column say how many; bins share a row instead). Where there is no known value it says so. */
void heat_draw(const struct heat *heat, const struct heat_options *options, struct canvas *canvas,
               struct canvas_area area);

#define AUTO_HEAT __attribute__((cleanup(heat_release)))

#endif
