/* A named line of points over time (or over days to an event), some of them unknown. */
#ifndef TUI_SERIES_H
#define TUI_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct series_point {
    int64_t x; /* UTC milliseconds, or milliseconds relative to an event */
    int64_t y; /* in the unit of the chart's axis */
    bool known;
};

struct series {
    const char *name; /* outlives the series */
    bool hidden;      /* not drawn, and not measured unless it bounds a band */
    struct series_point *points;
    size_t count, capacity;
};

/* Frees the points. */
void series_release(struct series *series);

/* Adds a point that is known. */
void series_add(struct series *series, int64_t x, int64_t y);

/* Adds a point of which only the place is known: the line breaks there. */
void series_add_unknown(struct series *series, int64_t x);

/* Puts the points in the order of x, as everything that draws needs them; those in order stay. */
void series_sort(struct series *series);

/* The longest interval that a line may bridge: three times the median interval of all points, known
   or not, so that a hole in collecting is not painted over. 0 with fewer than two points. */
int64_t series_bridge(const struct series *series);

/* The point nearest to x, known or not, the earlier of two as near; NULL when there is none. */
const struct series_point *series_nearest(const struct series *series, int64_t x);

/* The next known point after x (direction above 0) or before it; NULL when there is none. */
const struct series_point *series_step(const struct series *series, int64_t x, int direction);

/* The last known point with x in [from, to], NULL when there is none. */
const struct series_point *series_last(const struct series *series, int64_t from, int64_t to);

#endif
