/* Hours and days of a source by the day they lie in, as counts and checksums: how two databases are compared. */
#ifndef CORE_DAYS_H
#define CORE_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/rollup.h"
#include "io/digest.h"

/* What a source rolled up of one event on one day. */
struct days_day {
    int64_t day; /* since 1970 */
    int64_t rows;
    char sha256[DIGEST_TEXT_MAX]; /* of all rows, as sql/query/team_digest_hours.sql writes them */
};

/* Reads the days of one source (its row in `source`) from a day's start on, in order. *days is to be freed with
   mem_free(). */
bool days_read(struct store *store, int64_t event_id, int64_t source_id, enum rollup_grain grain,
               int64_t from_ms, struct days_day **days, size_t *count, struct err *err);

#endif
