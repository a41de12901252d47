/*
 * A ladder of what is for sale: how many tickets there are at or below each price, now and at up to
 * three moments before. One row a price level, cheapest on top: a bar for now, marks on it for the
 * moments before, and the numbers. A ladder rather than step lines over price: the question is "how
 * many under $150, and how many were there yesterday", and a row answers it with a number, in ASCII
 * and without colour too.
 */
#ifndef TUI_DEPTH_H
#define TUI_DEPTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "tui/axis.h"
#include "tui/canvas.h"

enum { DEPTH_MOMENTS_MAX = 4 };

/* Tickets at or below a price, at each moment; what is unknown is -1. */
struct depth_point {
    int64_t price; /* minor units */
    int64_t tickets[DEPTH_MOMENTS_MAX];
};

struct depth {
    struct arena arena; /* texts; released with it */
    const char *title;  /* NULL: none */
    const char *note;   /* NULL: none */
    const char *currency;
    const char *moments[DEPTH_MOMENTS_MAX]; /* "now" first */
    size_t moment_count;
    struct depth_point *points; /* ascending by price */
    size_t count, capacity;
};

struct depth_options {
    bool has_price; /* the level of a price is marked as selected */
    int64_t price;
};

/* The price levels of a ladder: from, from + step, ..., of which there are `rows`. */
struct depth_levels {
    int64_t from, step;
    int rows;
};

/* Makes an empty ladder. */
void depth_init(struct depth *depth);

/* Frees everything. */
void depth_release(struct depth *depth);

/* Adds a moment: "now", "24 h ago"; no more than DEPTH_MOMENTS_MAX. The name is copied. */
void depth_add_moment(struct depth *depth, const char *name);

/* Adds a price, dearer than the one before. */
void depth_add(struct depth *depth, struct depth_point point);

/* Tickets at or below a price at a moment: those of the last point that is not dearer, 0 before the
   first; -1 when that is unknown. */
int64_t depth_at(const struct depth *depth, int64_t price, size_t moment);

/* Nice levels for so many rows: 1, 2, 2.5 or 5 times a power of ten apart, from the one that has the
   cheapest ticket up to where all but a twentieth of the tickets are, of now or, with none now, of
   the newest moment that has any. No rows when there is nothing. */
struct depth_levels depth_choose(const struct depth *depth, int rows);

/* Draws it into an area; the last row says what there is at any price. What does not fit is left
   out in this order: the note, numbers of moments before (the oldest first), the header, the title,
   the bars. Where there is nothing for sale it says so. */
void depth_draw(const struct depth *depth, const struct depth_options *options,
                struct canvas *canvas, struct canvas_area area);

#define AUTO_DEPTH __attribute__((cleanup(depth_release)))

#endif
