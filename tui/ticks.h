/* Ticks of horizontal axes: calendar time in some zone, or days to an event. */
#ifndef TUI_TICKS_H
#define TUI_TICKS_H

#include <stddef.h>
#include <stdint.h>

#include "tui/axis.h"

enum {
    TICKS_MAX = 256,
    TICKS_GAP = 2, /* blank columns between two labels, at least */
};

/* A text under the axis. */
struct ticks_label {
    int column; /* of its first character; 0 is the axis's own first column */
    int width;  /* columns */
    char text[AXIS_LABEL_MAX];
};

/* Where the axis is and how far its labels may reach. */
struct ticks_strip {
    struct axis_scale scale;
    int cell;        /* pixels in a column */
    int left, right; /* columns beyond the axis's ends that are free */
};

/* Tick columns, their labels, and under these what changes less often: the date under hours, the
   month under days. Labels stand centred below their tick, in order, TICKS_GAP apart, and are left
   out rather than squeezed. */
struct ticks {
    size_t count;
    int64_t values[TICKS_MAX];
    int columns[TICKS_MAX];
    size_t upper_count, lower_count;
    struct ticks_label upper[TICKS_MAX];
    struct ticks_label lower[TICKS_MAX];
};

/* Ticks on the boundaries that calendar.h gives for the zone (NULL: UTC), as fine as the labels
   let. Where no label of a tick fits, or no boundary lies in the window, the window's start is
   given instead. */
void ticks_time(struct ticks *ticks, const struct ticks_strip *strip, const char *zone);

/* Ticks of milliseconds relative to an event: "T-14d", "T-6h", "T", "T+1d"; no second row. */
void ticks_to_event(struct ticks *ticks, const struct ticks_strip *strip);

/* A moment in full: "Thu Nov 12 14:00" in the zone, or "T-12d 5h". Into `out` of AXIS_LABEL_MAX,
   returned. */
char *ticks_moment(char *out, int64_t at_ms, const char *zone);
char *ticks_moment_to_event(char *out, int64_t at_ms);

#endif
