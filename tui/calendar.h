/*
 * Calendar boundaries as a clock on the wall of some zone shows them: quarters of an hour, days,
 * Mondays, months. Right across changes of daylight saving time: a boundary that a change skips is
 * not given (a day that has no midnight starts where it starts), an hour that comes twice has the
 * boundaries of steps up to an hour twice.
 */
#ifndef TUI_CALENDAR_H
#define TUI_CALENDAR_H

#include <stdint.h>

enum calendar_step {
    CALENDAR_1M,
    CALENDAR_5M,
    CALENDAR_15M,
    CALENDAR_1H,
    CALENDAR_3H,
    CALENDAR_6H,
    CALENDAR_12H,
    CALENDAR_1D,
    CALENDAR_2D, /* even days since 1970 */
    CALENDAR_1W, /* Mondays */
    CALENDAR_1MO,
    CALENDAR_3MO,
    CALENDAR_1Y,
    CALENDAR_2Y,
    CALENDAR_5Y,
    CALENDAR_10Y,
    CALENDAR_STEP_COUNT
};

/* The length of a step in milliseconds: exact up to an hour, about for what has no fixed length. */
int64_t calendar_length(enum calendar_step step);

/* The first boundary at or after a time (UTC milliseconds), in an IANA zone; NULL or unknown: UTC.
 */
int64_t calendar_first(enum calendar_step step, int64_t at_ms, const char *zone);

/* The boundary after a boundary. */
int64_t calendar_next(enum calendar_step step, int64_t boundary_ms, const char *zone);

#endif
