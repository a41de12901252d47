/* The proof of the rollups: metrics, hours and days recomputed from the versions, compared, and on request replaced. */
#ifndef CORE_ROLLUP_VERIFY_H
#define CORE_ROLLUP_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/store.h"

/* What verify found, and what was compared. */
struct rollup_verify_report {
    int64_t events, snapshots, metrics, buckets; /* compared */
    int64_t differences;
    char first[240]; /* the first difference in words; "" when there is none */
};

/* Recomputes metrics and rollups of one event (event_id 0: of all) from the versions and compares. With
   `rebuild` what this workstation made is replaced by what was computed, an event a transaction; rows of other
   sources are never touched. A `progress` that is not NULL is called for each event. */
bool rollup_verify(struct store *store, int64_t event_id, bool rebuild,
                   void (*progress)(int64_t done, int64_t total),
                   struct rollup_verify_report *report, struct err *err);

#endif
