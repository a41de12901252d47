/* How collecting goes, from what the store holds: the same numbers for `tws status` and the metrics page. */
#ifndef CORE_VITALS_H
#define CORE_VITALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/event.h"
#include "core/frame.h"
#include "core/queue.h"
#include "core/store.h"

enum { VITALS_QUANTILES = 3, VITALS_CHORES_MAX = 16, VITALS_NAME_MAX = 32 };

/* How a chore was last run. */
struct vitals_chore {
    char name[VITALS_NAME_MAX];
    int64_t run_ms, took_ms;
    bool good;
    char reason[200]; /* why it was not good, or what it came to; may be "" */
};

/* Negative: not known. */
struct vitals {
    int64_t polls, good; /* in the last day */
    int64_t took_ms
        [VITALS_QUANTILES]; /* of the collector's attempts in the last day: median, p95, p99 */
    struct queue_counts jobs;
    int64_t bytes, free_bytes;         /* of the store; free inside it */
    int64_t growth_bytes, growth_days; /* a day, over the last so many */
    int64_t sync_lag_ms;               /* sync_lag() */
    int64_t
        rollup_lag_ms; /* how far the hours are behind the polls, beside the open one; 0: not at all */
    size_t chore_count;
    struct vitals_chore chores[VITALS_CHORES_MAX];
};

/* Reads them as they are at a time; the settings say whether there is a team to lag behind. */
bool vitals_read(struct store *store, const struct conf *conf, int64_t now_ms,
                 struct vitals *vitals, struct err *err);

/* The last good poll of each tracked event that is not over, the oldest first, at most `most`: event ("vividseats:1"), good
   (null: never), failed (polls since). */
bool vitals_freshness(struct store *store, int64_t now_ms, int64_t most, struct frame *frame,
                      struct err *err);

/* The vitals as rows: name, value, unit, timestamp, detail. */
bool vitals_frame(struct store *store, const struct conf *conf, int64_t now_ms, struct frame *frame,
                  struct err *err);

#endif
