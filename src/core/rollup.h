/*
 * Hours and days as they are read: the stored buckets (core/fold.h keeps them up) of all sources merged, and the open
 * part that is not stored yet, folded on the spot.
 */
#ifndef CORE_ROLLUP_H
#define CORE_ROLLUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/measures.h"
#include "core/store.h"

struct stmt;

enum rollup_grain { ROLLUP_HOUR, ROLLUP_DAY };
enum rollup_kind { ROLLUP_EVENT, ROLLUP_ZONE, ROLLUP_SECTION };

/* Length of a bucket in milliseconds. */
int64_t rollup_step_ms(enum rollup_grain grain);

/* A bucket or a snapshot of one scope, as it is read. */
struct rollup_row {
    int64_t at_ms; /* start of the bucket, or time of the snapshot */
    int64_t scope_id;
    struct measures measures;
};

struct rollup_rows {
    struct rollup_row *rows; /* in order of at_ms, scope_id */
    size_t count, capacity;
};

/* Reads the buckets of a kind whose start lies in [from_ms, to_ms) (from_ms is a bucket start), the unfolded ones
   included and the sources merged. scope_id 0: every scope of the kind; the event's scope is 0. A zone or section
   that was seen before and is empty throughout a bucket has a row of zeros where `scope_id` asks for it. */
bool rollup_read(struct store *store, int64_t event_id, enum rollup_grain grain,
                 enum rollup_kind kind, int64_t scope_id, int64_t from_ms, int64_t to_ms,
                 struct rollup_rows *rows, struct err *err);

/* Reads the buckets of every zone at once, each as rollup_read() gives it for that zone alone: with rows of zeros from
   its first sighting on. */
bool rollup_read_zones(struct store *store, int64_t event_id, enum rollup_grain grain,
                       int64_t from_ms, int64_t to_ms, struct rollup_rows *rows, struct err *err);

/* Reads the stored measures of each good snapshot in [from_ms, to_ms) for the event (zone_id 0) or a zone;
   a zone from its first sighting on. */
bool rollup_read_snapshots(struct store *store, int64_t event_id, int64_t zone_id, int64_t from_ms,
                           int64_t to_ms, struct rollup_rows *rows, struct err *err);

/* Adds a row with empty measures; valid until the next is added. */
struct rollup_row *rollup_rows_add(struct rollup_rows *rows, int64_t at_ms, int64_t scope_id);

/* Adds what a statement of the `rollup` columns (bucket, scope, source, snapshots, ...) yields. */
bool rollup_rows_load(struct stmt *stmt, int64_t step_ms, struct rollup_rows *rows,
                      struct err *err);

/* Frees rows. Safe on zeroed ones. */
void rollup_rows_release(struct rollup_rows *rows);
#define AUTO_ROWS __attribute__((cleanup(rollup_rows_release)))

#endif
