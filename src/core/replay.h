/*
 * The market rebuilt from its versions: as it stood at a moment, or measured at each snapshot of a window. Versions
 * are replayed in C; joining them in SQL costs a hundred times as much.
 */
#ifndef CORE_REPLAY_H
#define CORE_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/atlas.h"
#include "core/measures.h"
#include "core/store.h"
#include "io/db.h"

#define REPLAY_OPEN INT64_MAX /* to_ms of a version that still holds */

/* A listing in one shape; texts live in the arena of the set. */
struct replay_offer {
    int64_t id;
    const char *external_id;
    const struct atlas_place *place;
    const char *row, *seats, *splits;
    int quantity;
    unsigned tags;
    unsigned sizes; /* listing_size_mask() of splits */
    bool splits_inferred;
    int64_t first_ms; /* of its earliest version */
};

/* An offer at one price; many versions share an offer. */
struct replay_version {
    const struct replay_offer *offer;
    int64_t from_ms, to_ms;
    int64_t price_minor, all_in_minor; /* all-in: MEASURES_NONE when not known */
};

/* Versions of one event. */
struct replay_set {
    struct arena arena;
    struct replay_version *versions;
    size_t count;
    int64_t at_ms; /* they are what holds at this moment; REPLAY_OPEN when it was no single one */
};

/* Loads what overlaps [from_ms, to_ms), in no order; their places are the atlas'. Cost grows with the versions in the window, not with the
   history. */
bool replay_load(struct store *store, const struct atlas *atlas, int64_t from_ms, int64_t to_ms,
                 struct replay_set *set, struct err *err);

/* Loads what overlaps [from_ms, to_ms) and ends by to_ms: with what holds at to_ms, everything up to then. */
bool replay_load_ended(struct store *store, const struct atlas *atlas, int64_t from_ms,
                       int64_t to_ms, struct replay_set *set, struct err *err);

/* Frees a set. Safe on a zeroed one. */
void replay_release(struct replay_set *set);
#define AUTO_REPLAY __attribute__((cleanup(replay_release)))

/* Reads offers of which only the id is set, each id once; texts go into the arena, their places are the atlas'. */
bool replay_read_offers(struct store *store, const struct atlas *atlas,
                        struct replay_offer *const *offers, size_t count, struct arena *arena,
                        struct err *err);

/* Sorts by external id (strcmp). */
void replay_sort(struct replay_set *set);

/* The quote of a version; `scope` is set to 0. */
struct quote replay_quote(const struct replay_version *version);

/* Measures the given versions at each of `moment_count` ascending moments into `out`; group prices for the sizes in
   `sizes` (bits) only. */
void replay_measure(const struct replay_version *const *versions, size_t count,
                    const int64_t *moments, size_t moment_count, unsigned sizes,
                    struct measures *out);

/* Times that a query of an event and a window lists, ascending: SQL_SNAPSHOT_TIMES for those of the good snapshots in
   [from_ms, to_ms). *moments is mem_alloc()ed. */
bool replay_moments(struct store *store, enum sql_id query, int64_t event_id, int64_t from_ms,
                    int64_t to_ms, int64_t **moments, size_t *count, struct err *err);

#endif
