/* Says which line is which: at the line ends where there is room, else in one line above the plot.
 */
#ifndef TUI_LEGEND_H
#define TUI_LEGEND_H

#include "tui/chart.h"
#include "tui/trace.h"

/* How many series are shown and have a known point in the map's x range. */
int legend_count(const struct chart *chart, const struct trace_map *map);

/* Columns that labels at the line ends need, their distance from the plot included; 0 when the
   chart has no known point in the map's x range. */
int legend_margin(const struct chart *chart, const struct chart_options *options,
                  const struct trace_map *map);

/* Draws the labels ("min $178.60") right of the plot, each as close to the row of its series' last
   point as the others let. False, and nothing drawn, when there are more labels than rows. */
bool legend_ends(const struct chart *chart, const struct chart_options *options,
                 const struct trace_map *map, struct canvas *canvas, struct canvas_area plot);

/* Draws the same labels side by side into one row, with shorter names and at last without their values where they do not fit;
   those for which there is still no room are counted at its end ("+3"). */
void legend_row(const struct chart *chart, const struct chart_options *options,
                const struct trace_map *map, struct canvas *canvas, struct canvas_area row);

#endif
