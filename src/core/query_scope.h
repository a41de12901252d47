/* What a filter means for one event: names resolved, the window made of whole buckets, offers let through or not. */
#ifndef CORE_QUERY_SCOPE_H
#define CORE_QUERY_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/atlas.h"
#include "core/query.h"
#include "core/replay.h"
#include "core/rollup.h"
#include "core/tape.h"

struct query_scope {
    struct store *store;
    const struct event *event;
    const struct query_filter *filter;
    bool reading; /* in a read transaction: one moment for all parts of the answer, and one lock */
    struct atlas atlas;
    const struct atlas_zone *zones[QUERY_ZONES_MAX]; /* those asked for; none: the whole event */
    size_t zone_count;
    const struct atlas_section *section; /* asked for by a name that is only that of a section */
    int64_t section_first_ms; /* first sighting of what the section's name may mean, else 0 */
    int64_t from_ms, to_ms;   /* of moments */
};

/* Begins a read transaction and resolves the filter. An unknown zone or section is ERR_NOT_FOUND with those that there are. */
bool query_scope_open(struct store *store, const struct event *event,
                      const struct query_filter *filter, struct query_scope *scope,
                      struct err *err);

/* Ends the transaction and frees; forgets a tape that is not to be kept. Safe on a zeroed one. */
void query_scope_release(struct query_scope *scope);
#define AUTO_SCOPE __attribute__((cleanup(query_scope_release)))

/* Length of the buckets that a filter asks for; 1 by snapshot, which makes each moment its own. */
int64_t query_scope_step_ms(const struct query_filter *filter);

/* Takes the tape of the window: the store's, valid until the scope is released. */
bool query_scope_play(const struct query_scope *scope, const struct tape **tape, struct err *err);

/* Whether each offer of a tape passes section, sizes and tags, and with `zones` whether its zone is among those asked for;
   mem_alloc()ed. */
bool *query_scope_let(const struct query_scope *scope, const struct tape *tape, unsigned sizes,
                      bool zones);

/* Measures of one zone (NULL: the event) by the filter's granularity, from what is cheapest to read. `filter_sizes`: only
   offers with one of these sizes; `group_sizes`: group prices that are wanted. */
bool query_scope_series(const struct query_scope *scope, const struct atlas_zone *zone,
                        unsigned filter_sizes, unsigned group_sizes, struct rollup_rows *rows,
                        struct err *err);

/* The same for each of several zones from one pass over the data; rows[i] are those of zones[i]. */
bool query_scope_series_each(const struct query_scope *scope, const struct atlas_zone *const *zones,
                             size_t count, unsigned filter_sizes, unsigned group_sizes,
                             struct rollup_rows *rows, struct err *err);

/* Whether a zone is among those asked for. */
bool query_scope_wants(const struct query_scope *scope, int64_t zone_id);

/* Loads the market at the last good snapshot at or before a moment, less what section, sizes and tags of the filter keep out;
   all zones. *any is false when there is no such snapshot. Of its versions only offer and prices count, and the scope must
   outlive them. */
bool query_scope_market(const struct query_scope *scope, int64_t moment_ms, bool *any,
                        int64_t *at_ms, struct replay_set *set, struct err *err);

/* A price as a cell: MEASURES_NONE is null. */
struct frame_cell query_scope_price(int64_t price);

/* Fills what every answer says of itself: event, currency, basis, granularity, zones, window. */
void query_scope_meta(const struct query_scope *scope, bool series, struct frame *frame);

#endif
