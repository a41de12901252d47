/*
 * The heart of change-only storage: a market is spliced into the versions between its neighbours in time, so that the
 * versions are those that would be there if all polls had come in order.
 */
#ifndef CORE_SPLICE_H
#define CORE_SPLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/atlas.h"
#include "core/listing.h"
#include "core/measures.h"
#include "core/replay.h"
#include "core/store.h"

#define SPLICE_NOTHING INT64_MIN /* no good poll on that side */

/* Where in time the market goes: the good polls before and after it. */
struct splice_gap {
    int64_t at_ms, before_ms, after_ms;
};

/* What came of it. */
struct splice {
    int64_t added, removed, changed;   /* listings, against the poll before */
    bool differs;                      /* from the poll before, in anything */
    struct quote *quotes;              /* the market as it stands at that time; scope is 0 */
    const struct atlas_place **places; /* of each quote */
    size_t quote_count;
    int64_t
        carried_until_ms; /* later polls before this changed with it, because they could not read a listing
                                 and carry it on; SPLICE_NOTHING when none did */
};

/* Splices a settled market in, inside the caller's transaction, after `before`: what held at gap->before_ms, sorted by
   replay_sort(), or nothing. A listing that the market rejects stays as it was in the poll before. */
bool splice_market(struct store *store, struct atlas *atlas, const struct splice_gap *gap,
                   const struct replay_set *before, const struct market *market,
                   struct splice *splice, struct err *err);

/* Whether the stored market at a time is the given one, listing by listing. */
bool splice_compare(struct store *store, const struct atlas *atlas, int64_t at_ms,
                    const struct market *market, bool *same, struct err *err);

/* Frees the quotes. Safe on a zeroed one. */
void splice_release(struct splice *splice);

#endif
