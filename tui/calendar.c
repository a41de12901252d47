#include "tui/calendar.h"

#include <stdbool.h>

#include "base/clock.h"

/* 1970-01-05 was a Monday. */
#define FIRST_MONDAY (4 * CLOCK_DAY_MS)

/* Every step is either a fixed length of wall-clock time or a number of months. */
static const struct {
    int64_t length_ms;
    int months;
} steps[CALENDAR_STEP_COUNT] = {
    [CALENDAR_1M] = {CLOCK_MINUTE_MS, 0},       [CALENDAR_5M] = {5 * CLOCK_MINUTE_MS, 0},
    [CALENDAR_15M] = {15 * CLOCK_MINUTE_MS, 0}, [CALENDAR_1H] = {CLOCK_HOUR_MS, 0},
    [CALENDAR_3H] = {3 * CLOCK_HOUR_MS, 0},     [CALENDAR_6H] = {6 * CLOCK_HOUR_MS, 0},
    [CALENDAR_12H] = {12 * CLOCK_HOUR_MS, 0},   [CALENDAR_1D] = {CLOCK_DAY_MS, 0},
    [CALENDAR_2D] = {2 * CLOCK_DAY_MS, 0},      [CALENDAR_1W] = {7 * CLOCK_DAY_MS, 0},
    [CALENDAR_1MO] = {30 * CLOCK_DAY_MS, 1},    [CALENDAR_3MO] = {91 * CLOCK_DAY_MS, 3},
    [CALENDAR_1Y] = {365 * CLOCK_DAY_MS, 12},   [CALENDAR_2Y] = {730 * CLOCK_DAY_MS, 24},
    [CALENDAR_5Y] = {1826 * CLOCK_DAY_MS, 60},  [CALENDAR_10Y] = {3652 * CLOCK_DAY_MS, 120},
};

int64_t calendar_length(enum calendar_step step)
{
    return steps[step].length_ms;
}

static int64_t offset_ms(int64_t at_ms, const char *zone)
{
    struct civil civil;
    if (!zone || !clock_civil_zone(at_ms, zone, &civil))
        return 0;
    return civil.offset_s * CLOCK_SECOND_MS;
}

/* What the clock on the wall shows, as milliseconds since it showed the start of 1970. */
static int64_t wall_of(int64_t at_ms, const char *zone)
{
    return at_ms + offset_ms(at_ms, zone);
}

/* The first instant at which the wall shows that time; where a change skips it, the first one
 * after. */
static int64_t instant_of(int64_t wall, const char *zone)
{
    int64_t before = offset_ms(wall - CLOCK_DAY_MS, zone);
    int64_t after = offset_ms(wall + CLOCK_DAY_MS, zone);
    if (offset_ms(wall - before, zone) == before)
        return wall - before;
    if (offset_ms(wall - after, zone) == after)
        return wall - after;
    return wall - before;
}

static int64_t month_floor(int64_t wall, int months, int ahead)
{
    struct civil civil = clock_civil_utc(wall);
    int month = civil.year * 12 + civil.month - 1;
    month = month - month % months + ahead * months;
    struct civil first = {.year = month / 12, .month = month % 12 + 1, .day = 1};
    return clock_from_civil(&first);
}

/* The boundary at or before a wall time, or `ahead` boundaries later. */
static int64_t wall_floor(enum calendar_step step, int64_t wall, int ahead)
{
    if (steps[step].months)
        return month_floor(wall, steps[step].months, ahead);
    int64_t length = steps[step].length_ms;
    int64_t origin = step == CALENDAR_1W ? FIRST_MONDAY : 0;
    return origin + clock_floor(wall - origin, length) + ahead * length;
}

/* A day may start late, but an hour that does not start, or a day that is left out, is no boundary.
 */
static bool is_boundary(enum calendar_step step, int64_t at_ms, const char *zone)
{
    int64_t wall = wall_of(at_ms, zone);
    if (step >= CALENDAR_1D)
        wall = clock_floor(wall, CLOCK_DAY_MS);
    return wall_floor(step, wall, 0) == wall;
}

int64_t calendar_next(enum calendar_step step, int64_t boundary_ms, const char *zone)
{
    /* within the hour, elapsed time and wall time agree, also when the hour comes twice */
    int64_t elapsed = boundary_ms + steps[step].length_ms;
    if (step <= CALENDAR_1H && is_boundary(step, elapsed, zone))
        return elapsed;
    int64_t wall = wall_floor(step, wall_of(boundary_ms, zone), 0);
    for (;;) {
        wall = wall_floor(step, wall, 1);
        int64_t next = instant_of(wall, zone);
        if (next > boundary_ms && is_boundary(step, next, zone))
            return next;
    }
}

int64_t calendar_first(enum calendar_step step, int64_t at_ms, const char *zone)
{
    int64_t first = instant_of(wall_floor(step, wall_of(at_ms, zone), 0), zone);
    while (first < at_ms || !is_boundary(step, first, zone))
        first = calendar_next(step, first, zone);
    return first;
}
