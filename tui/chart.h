/*
 * A line chart: series over time or over days to an event, an area between two of them, labels at
 * the line ends. Drawing is pure: the same chart, options and size give the same cells.
 */
#ifndef TUI_CHART_H
#define TUI_CHART_H

#include "base/buf.h"
#include "base/mem.h"
#include "tui/axis.h"
#include "tui/canvas.h"
#include "tui/marker.h"
#include "tui/series.h"
#include "tui/theme.h"

enum chart_x {
    CHART_TIME,     /* UTC milliseconds */
    CHART_TO_EVENT, /* milliseconds relative to an event, negative before it */
};

struct chart {
    struct arena arena; /* texts of the chart; released with it */
    const char *title;  /* NULL: none */
    const char *note;   /* beside the title, dropped when there is no room; NULL: none */
    enum chart_x x;
    enum axis_unit unit;
    const char *currency; /* for AXIS_MONEY; NULL: unknown */
    bool from_zero;       /* the value axis starts at 0 */
    bool has_from, has_to;
    int64_t from, to; /* the window asked for; without it the chart is as wide as its points */
    bool has_band;
    size_t band_low, band_high; /* numbers of the two series an area is filled between */
    struct series *series;      /* the first matters most: it is drawn last, on top */
    size_t count, capacity;
};

/* How and where to draw. Zeroed options mean the defaults. */
struct chart_options {
    int width, height;           /* columns and rows of chart_print() */
    const struct marker *marker; /* NULL: braille */
    const struct theme *theme;   /* NULL: the default */
    enum theme_depth depth;
    const char *zone; /* IANA zone of the time labels; NULL: UTC */
};

/* Makes an empty chart. */
void chart_init(struct chart *chart);

/* Frees everything. */
void chart_release(struct chart *chart);

/* Adds a series and returns its number. The name is copied. */
size_t chart_add(struct chart *chart, const char *name);

/* Draws the chart into an area of a canvas. What does not fit is left out in this order: notes,
   legend, the date row, the title, the axes; a chart without any known point says "no data in this
   window". */
void chart_draw(const struct chart *chart, const struct chart_options *options,
                struct canvas *canvas, struct canvas_area area);

/* Adds the chart as lines of text of at most options->width columns, with escape sequences as deep
   as options->depth. False when `out` is full. */
bool chart_print(const struct chart *chart, const struct chart_options *options, struct buf *out);

#define AUTO_CHART __attribute__((cleanup(chart_release)))

#endif
