/* What a simulated marketplace was asked, for tests to look at. */
#ifndef CORE_SIMSTATS_H
#define CORE_SIMSTATS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/simfault.h"

enum { SIMSTATS_ARRIVALS = 256 };

struct simstats {
    int64_t requests, listings,
        productions;  /* listings and productions: of the API; requests: both together */
    int64_t packed;   /* clients that accept gzip */
    int64_t unpinned; /* listings requests without a pinned currency */
    int64_t filtered; /* listings requests that ask for a part of the market */
    int64_t refused;  /* 400 and 404 that were no fault */
    int64_t faults[SIMFAULT_COUNT];
    int64_t arrivals_ms[SIMSTATS_ARRIVALS]; /* monotonic, of the last requests, in a ring */
    size_t arrival_count;                   /* ever */
    int64_t *events;                        /* listings requests by production */
    int event_count;
};

/* Counters for so many productions. */
void simstats_init(struct simstats *stats, int event_count);

/* All counters are 0 again. */
void simstats_reset(struct simstats *stats);

/* Frees. Safe on a zeroed one. */
void simstats_release(struct simstats *stats);

/* Counts a request that has arrived now. */
void simstats_arrive(struct simstats *stats);

/* Adds them as JSON: counters by name, `faults` by word, `events` by id, `arrivals_ms` oldest
 * first. */
void simstats_put(const struct simstats *stats, struct buf *out);

#endif
