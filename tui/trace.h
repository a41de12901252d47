/* Draws series into a raster: lines with honest breaks, spikes that are never lost, areas between
 * two. */
#ifndef TUI_TRACE_H
#define TUI_TRACE_H

#include "tui/axis.h"
#include "tui/raster.h"
#include "tui/series.h"

/* From values to dots: the scales' pixels are the raster's dots. */
struct trace_map {
    struct axis_scale x, y;
    int bottom; /* the dot row of the y scale's pixel 0 */
};

/* The dot row of a value, counted from the top of the raster. */
int trace_row(const struct trace_map *map, int64_t value);

/* The pen of series number `index`: its own colour, and its own dash where there is neither colour
   nor a character of its own. */
struct raster_pen trace_pen(size_t index, const struct marker *marker, enum theme_depth depth);

/* Draws a line through the known points within the map's x range. It breaks at unknown points and
   over intervals longer than series_bridge(); a point alone between breaks is drawn as a mark.
   Every point is drawn, so where many share a column it shows their whole range, also when the pen
   is dashed. */
void trace_line(struct raster *raster, const struct trace_map *map, const struct series *series,
                struct raster_pen pen);

/* An area between two series with the same x's. */
struct trace_band {
    const struct series *low, *high;
    int left, top; /* where the raster's top left cell is on the canvas */
    enum theme_depth depth;
};

/* Fills the cells whose centre lies between the two series, where both lines are unbroken: with the
   ground of THEME_BAND, or with every second cell the marker's shade where the depth has no
   grounds. The raster gives the size; nothing is drawn into it. */
void trace_fill(struct canvas *canvas, const struct raster *raster, const struct trace_map *map,
                const struct trace_band *band);

#endif
