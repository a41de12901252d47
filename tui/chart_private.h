/* What the halves of a chart share: chart.c draws, chart_layout.c finds the places, chart_overlay.c
   draws what lies behind and before the lines, chart_readout.c reads the values at the crosshair.
   For nobody else. */
#ifndef TUI_CHART_PRIVATE_H
#define TUI_CHART_PRIVATE_H

#include "tui/chart.h"

struct chart_art {
    uint32_t side, side_tick, corner, line, line_tick, grid;
    uint32_t dash, mark, cross, hatch, point, above, below;
    uint32_t full, partial, failed, none; /* of the coverage strip */
};

/* A chart on its way to the canvas. */
struct chart_view {
    const struct chart *chart;
    const struct chart_options *options; /* with the defaults filled in */
    struct canvas *canvas;
    const struct chart_art *art;
    struct chart_layout layout;
};

/* The characters that suit a marker set. */
const struct chart_art *chart_art(const struct marker *marker);

/* The options with the defaults filled in. */
struct chart_options chart_defaults(const struct chart_options *options);

/* The currency that can be drawn: a sign such as the euro's cannot in ASCII; the note still names
   it. */
const char *chart_currency(const struct chart *chart, const struct chart_options *options);

/* Whether a series is drawn as a line. */
bool chart_shows(const struct chart *chart, size_t index);

/* The pen of a series' line: its own, or what the focus makes of it. */
struct raster_pen chart_pen(const struct chart_options *options, size_t index);

/* The rows that the read-out of all series needs, at most CHART_READOUT_MAX. */
int chart_readout_rows(const struct chart *chart, const struct chart_options *options,
                       const struct chart_layout *layout);

/* Draws the moment at the crosshair and every series' value there into the rows of the layout; what
   does not fit is counted ("+3"), the focus never. */
void chart_draw_readout(const struct chart_view *view);

/* Draws what is behind the lines, which the raster holds: hatched holes between them, reference
   lines, marks, the crosshair. */
void chart_draw_behind(const struct chart_view *view, const struct raster *raster);

/* Draws what is before them: labels where they hide least, and each series' point at the crosshair. */
void chart_draw_before(const struct chart_view *view);

/* Draws the strip that tells how collecting went. */
void chart_draw_coverage(const struct chart_view *view);

/* The point of a series that a crosshair reads; NULL in a hole, where it is unknown or where the
   axis cannot show it. */
const struct series_point *chart_read(const struct chart_view *view, size_t index);

#endif
