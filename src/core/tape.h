/*
 * A window of one event's market in a compact form that is played again and again: what a raw view asks of it, in whatever
 * window inside it, costs no SQL any more. A store keeps its last tape, as long as nothing has changed and it is
 * not too large.
 */
#ifndef CORE_TAPE_H
#define CORE_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/atlas.h"
#include "core/measures.h"
#include "core/replay.h"
#include "core/store.h"

/* The largest tape that is kept between two questions; a week of 2,000 listings takes 4.2 MB. */
enum { TAPE_KEPT_BYTES_MAX = 8 << 20 };

/* An offer at one price. Versions begin and end at good polls, so the numbers of those are all that is needed. */
struct tape_version {
    uint32_t offer;                /* index into offers */
    uint32_t from, end;            /* moments: it stands at [from, end), as far as the tape goes */
    uint32_t rank[MEASURES_BASES]; /* index into prices; STANDING_NO_RANK: not known */
};

struct tape {
    struct arena arena;
    struct atlas atlas;     /* with the places of the offers */
    int64_t version;        /* of the store, see store_changes() */
    int64_t from_ms, to_ms; /* it answers for any window inside */
    int64_t *moments;       /* good polls, ascending: those of the window, and the one before it */
    size_t moment_count;
    int64_t *prices; /* different ones, ascending, minor units */
    size_t price_count;
    struct replay_offer **offers; /* by external id; in the arena */
    size_t offer_count;
    struct tape_version *versions; /* by external id and time */
    size_t version_count;
};

/* The tape for [from_ms, to_ms), inside a read transaction: the one that the store keeps, or one that is loaded now. It
   is the store's, and valid until tape_settle(). */
bool tape_take(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
               const struct tape **tape, struct err *err);

/* The tape that the store keeps, if it answers for [from_ms, to_ms); else NULL. As tape_take(), but loads nothing. */
bool tape_find(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
               const struct tape **tape, struct err *err);

/* After a question: forgets a tape that is not to be kept. */
void tape_settle(struct store *store);

/* Frees it. NULL is fine. */
void tape_close(struct tape *tape);

/* The first moment at or after a time. */
uint32_t tape_moment(const struct tape *tape, int64_t at_ms);

/* A price of a version; MEASURES_NONE when it is not known. */
int64_t tape_price(const struct tape *tape, const struct tape_version *version,
                   enum measures_basis basis);

#endif
