/* What plot.c (charts over time) and plot_market.c (heat maps, ladders, coverage) share. For nobody
   else. */
#ifndef TUI_PLOT_PRIVATE_H
#define TUI_PLOT_PRIVATE_H

#include "tui/plot.h"

/* What a drawing says about its frame, in an arena: "Leafs at Habs: price per ticket, Lower Bowl"
   and "by hour, base price, USD". */
struct plot_words {
    const char *title, *note, *currency;
};

/* The number of a column that must be there. */
size_t plot_need(const struct frame *frame, const char *name);

/* The words for a frame about `what` in a unit. */
struct plot_words plot_describe(struct arena *arena, const struct frame *frame, enum axis_unit unit,
                                const char *what);

/* What a column of measures is about, for a title; static. */
const char *plot_about(const char *column);

/* The unit of a column's values; false when they are no numbers. */
bool plot_unit(enum frame_type type, enum axis_unit *unit);

/* A known cell's value in the unit of its column; false when it is unknown or cannot be drawn. */
bool plot_value(const struct frame_cell *cell, enum frame_type type, int64_t *value);

#endif
