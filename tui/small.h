/*
 * Small multiples: each series of a chart in a little chart of its own, all on the same two axes,
 * so that shapes and heights can be compared where one chart would be a tangle.
 */
#ifndef TUI_SMALL_H
#define TUI_SMALL_H

#include "tui/chart.h"

/* How an area is divided. */
struct small_grid {
    struct canvas_area area;
    int columns, rows;      /* of little charts; 0: there is no room, or nothing to show */
    int width, height;      /* of each, its title included, blank columns between not */
    int gutter;             /* columns of value labels at the left; 0: none */
    bool axis;              /* there is a row of times at the bottom */
    size_t shown, left_out; /* series */
};

/* Divides an area for the series of a chart that are not hidden: as large and as close to the
   shape of a page as fit, none below 14 x 3 cells. */
void small_arrange(const struct chart *chart, struct canvas_area area, struct small_grid *grid);

/* The number, in the order of those that are not hidden, of the little chart at a cell of the
   canvas; -1 for none. */
int small_find(const struct small_grid *grid, int x, int y);

/* Draws them: each under its name and last value; options->focus is the one that is selected. The
   values of the common axis stand at the left, the first and last time at the bottom. How many do
   not fit is said in the last one's title row. */
void small_draw(const struct chart *chart, const struct chart_options *options,
                struct canvas *canvas, struct canvas_area area);

#endif
