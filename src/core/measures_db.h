/* Measures as columns: the same in `metric` and in `rollup`. */
#ifndef CORE_MEASURES_DB_H
#define CORE_MEASURES_DB_H

#include "core/measures.h"
#include "io/db.h"

/* Binds :tickets, :listings and the 18 price parameters (:count ... :ai_min_4). */
void measures_db_bind(struct stmt *stmt, const struct measures *measures);

/* Reads the 18 price columns, count ... ai_min_4, from `column` on. Sizes that are not kept become NONE. */
void measures_db_read(const struct stmt *stmt, int column, struct measures *measures);

/* Which snapshot and zone (0: the event) a row of `metric` is of. */
struct measures_db_key {
    int64_t event_id, at_ms, zone_id;
};

/* Stores one row of `metric`. */
bool measures_db_save_metric(struct db *db, const struct measures_db_key *key,
                             const struct measures *measures, struct err *err);

/* Removes the rows of a snapshot. */
bool measures_db_forget_metrics(struct db *db, int64_t event_id, int64_t at_ms, struct err *err);

#endif
