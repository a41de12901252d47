/*
 * A line chart: series over time or over days to an event, an area between two of them, labels at
 * the line ends; lines that values and moments are held against; a crosshair that reads the values.
 * Drawing is pure: the same chart, options and size give the same cells.
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
#include "tui/trace.h"

enum { CHART_REFERENCES_MAX = 8, CHART_MARKS_MAX = 8, CHART_READOUT_MAX = 3 };

enum chart_x {
    CHART_TIME,     /* UTC milliseconds */
    CHART_TO_EVENT, /* milliseconds relative to an event, negative before it */
};

/* A value that the data is held against: "target", "paid", "face value". */
struct chart_reference {
    int64_t value;
    const char *label; /* the value is said behind it; outlives the chart */
};

/* A moment: "now", "event". */
struct chart_mark {
    int64_t x;
    const char *label; /* outlives the chart */
};

/* How collecting went over a stretch of x's. */
struct chart_span {
    int64_t from, to;
    int64_t good, failed; /* polls */
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
    struct chart_reference references[CHART_REFERENCES_MAX];
    size_t reference_count;
    struct chart_mark marks[CHART_MARKS_MAX];
    size_t mark_count;
    struct chart_span *spans; /* sorted by `from`; none: no coverage strip */
    size_t span_count, span_capacity;
};

/* How and where to draw. Zeroed options mean the defaults. */
struct chart_options {
    int width, height;           /* columns and rows of chart_print() */
    const struct marker *marker; /* NULL: braille */
    const struct theme *theme;   /* NULL: the default */
    enum theme_depth depth;
    const char *zone; /* IANA zone of the time labels; NULL: UTC */
    bool log;         /* the value axis is logarithmic; values of 0 and below are not shown */
    bool has_focus;   /* one series is bold and on top, the others recede */
    size_t focus;
    bool has_cross; /* the crosshair stands at an x */
    int64_t cross;
};

/* Where the parts of a chart are, in cells of the canvas; a row that is not there is -1. */
struct chart_layout {
    bool has_data; /* false: there is nothing to show, and only area and title count */
    struct canvas_area area, plot;
    int title, legend, readout, axis, coverage, labels, dates;
    int readout_rows;
    int gutter;        /* columns of value labels and axis left of the plot, 0: none */
    int margin;        /* columns of labels at the line ends right of it, 0: none */
    int64_t low, high; /* of the known values that are shown */
    size_t dropped;    /* known values that a logarithmic axis cannot show */
    struct axis_range range;
    struct trace_map map; /* from values to dots of the plot */
    int cell_x, cell_y;   /* dots in a cell */
};

/* Makes an empty chart. */
void chart_init(struct chart *chart);

/* Frees everything. */
void chart_release(struct chart *chart);

/* Adds a series and returns its number. The name is copied. */
size_t chart_add(struct chart *chart, const char *name);

/* Adds how collecting went over [from, to); in the order of `from`. */
void chart_add_span(struct chart *chart, struct chart_span span);

/* Adds a reference line; more than CHART_REFERENCES_MAX are not taken. The label is copied. */
void chart_add_reference(struct chart *chart, int64_t value, const char *label);

/* Adds a mark; more than CHART_MARKS_MAX are not taken. The label is copied. */
void chart_add_mark(struct chart *chart, int64_t x, const char *label);

/* Turns every series into an index: its first known value in the window is 100.0 (AXIS_REAL). A
   series whose first value is not above 0 has no index and becomes unknown. Reference lines, which
   have no place on that axis, go. */
void chart_index(struct chart *chart);

/* Finds where everything is when the chart is drawn into an area that lies on the canvas. */
void chart_arrange(const struct chart *chart, const struct chart_options *options,
                   struct canvas_area area, struct chart_layout *layout);

/* The canvas column of an x; -1 when it is not in the window. */
int chart_column(const struct chart_layout *layout, int64_t x);

/* The x in the middle of a canvas column; what is left or right of the plot goes to its ends. */
int64_t chart_x_at(const struct chart_layout *layout, int column);

/* The nearest known point to x of all series that are shown, and the next one after it (direction
   above 0) or before it, as a crosshair moves. False when there is none. */
bool chart_nearest(const struct chart *chart, int64_t x, int64_t *found);
bool chart_step(const struct chart *chart, int64_t x, int direction, int64_t *found);

/* Draws the chart into an area of a canvas. What does not fit is left out in this order: the note,
   the coverage strip, the date row, legend or read-out, the title, the axes; a chart without any
   known point says "no data in this window".

   A reference line widens the axis while the data keeps half of it, else the edge says where the
   line is. The crosshair reads each series at its known point nearest to it, or "-" where collecting
   has a hole. Where no series has a line for three columns and more, the plot is hatched. */
void chart_draw(const struct chart *chart, const struct chart_options *options,
                struct canvas *canvas, struct canvas_area area);

/* Adds the chart as lines of text of at most options->width columns, with escape sequences as deep
   as options->depth. False when `out` is full. */
bool chart_print(const struct chart *chart, const struct chart_options *options, struct buf *out);

#define AUTO_CHART __attribute__((cleanup(chart_release)))

#endif
