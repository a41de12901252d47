/* Marker sets: which characters stand for a raster of dots, from braille (2 x 4 dots a cell) to
 * ASCII. */
#ifndef TUI_MARKER_H
#define TUI_MARKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct marker {
    const char *name;
    const char *summary; /* for help */
    int dots_x, dots_y;  /* dots in a cell */
    bool ascii;          /* nothing but ASCII may be drawn beside it */
    uint32_t shade;      /* fills an area where no background colour can */
};

/* The set of that name ("braille", "quadrant", "half", "block", "ascii"), NULL when there is none.
 */
const struct marker *marker_find(const char *name);

/* Set number `index`, finest first, NULL past the last: for help and completion. */
const struct marker *marker_at(size_t index);

/* The character for the dots of one cell: bit `y * dots_x + x` is the dot at (x, y) from the top
   left. Sets of one dot a cell give each series its own character instead: `series` is its number.
   No dots give ' '. */
uint32_t marker_glyph(const struct marker *marker, unsigned dots, unsigned series);

#endif
