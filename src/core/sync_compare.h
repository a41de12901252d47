/* Hours and days of this workstation beside those that the team's database has of them, by event and day. */
#ifndef CORE_SYNC_COMPARE_H
#define CORE_SYNC_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/rollup.h"
#include "core/team.h"

/* One day of one event. */
struct sync_compare_day {
    const struct event *event;
    enum rollup_grain grain;
    int64_t day;         /* since 1970 */
    int64_t here, there; /* rows */
    bool same;           /* their SHA-256 too */
};

/* Takes a day. False with `err` stops it. */
typedef bool sync_compare_visit(void *context, const struct sync_compare_day *day, struct err *err);

/* Gives every day from a day's start on that either side has rows of to `visit`. `team` is joined. */
bool sync_compare(struct store *store, struct team *team, int64_t from_ms,
                  sync_compare_visit *visit, void *context, struct err *err);

#endif
