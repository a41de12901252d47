/* From a market to versions: what changed since the poll before, one transaction a poll, in any order of time. */
#ifndef CORE_INGEST_H
#define CORE_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/event.h"
#include "core/listing.h"
#include "core/outcome.h"
#include "core/store.h"

/* One good poll on its way in. */
struct ingest_poll {
    int64_t at_ms;
    enum outcome outcome;           /* ok or empty */
    const unsigned char *body_hash; /* HASH_SIZE bytes, or NULL */
    int64_t took_ms, bytes;         /* negative: not known */
};

/* What a poll changed, to be shown and summed up. */
struct ingest_report {
    int64_t listings, tickets; /* of the market as it now stands at that time */
    int64_t added, removed, changed;
    int64_t rejected;
    bool duplicate; /* that snapshot was there already: nothing was written */
};

/* Whether the newest good snapshot of an event has this body and lies before `at_ms`: then ingest_repeat()
   may be called and the body needs no parse. */
bool ingest_is_repeat(struct store *store, int64_t event_id, int64_t at_ms,
                      const unsigned char *body_hash, bool *repeat, struct err *err);

/* Stores a poll whose body was the last one again: one small row. */
bool ingest_repeat(struct store *store, int64_t event_id, const struct ingest_poll *poll,
                   struct ingest_report *report, struct err *err);

/* Stores a good poll. `market` is settled. Afterwards the store is the same as if all its snapshots had come in
   order of time. A snapshot that is there already with the same market is a duplicate; one with another market
   at the same time is ERR_EVENT; a failure recorded at that time gives way to it. On failure nothing is written. */
bool ingest_market(struct store *store, int64_t event_id, const struct ingest_poll *poll,
                   const struct market *market, struct ingest_report *report, struct err *err);

#endif
