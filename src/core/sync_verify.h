/* The proof of sync: hours and days of this workstation, compared with what the team's database has of them. */
#ifndef CORE_SYNC_VERIFY_H
#define CORE_SYNC_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/sync.h"

/* What was compared, and what was found. */
struct sync_verify_report {
    char tenant_name[TEAM_NAME_MAX];
    int64_t days; /* of events, hours and days apart */
    int64_t rows; /* in them, here */
    int64_t differences;
    int64_t waiting; /* marks that are not sent yet, and so differ */
    char first[240]; /* the first difference in words; "" when there is none */
};

/* Compares the count and SHA-256 of the rows of every event and day (from options->since_ms on, with `since`), in both
   directions. `store` may be open for reading only. Differences are in the report; false is that they could not be looked
   for. */
bool sync_verify(struct store *store, const struct conf *conf, const struct sync_options *options,
                 struct sync_verify_report *report, struct err *err);

#endif
