/*
 * Questions and their frames: what the command line, the TUI, sync and the HTTP API show. Column names are the keys of
 * the contract. Nothing here writes.
 */
#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/event.h"
#include "core/frame.h"
#include "core/measures.h"
#include "core/store.h"

enum query_by { QUERY_SNAPSHOT, QUERY_HOUR, QUERY_DAY };

enum { QUERY_ZONES_MAX = 32 };

/* The filters, the same everywhere. Zeroed with query_init(). */
struct query_filter {
    const char *zones[QUERY_ZONES_MAX]; /* names; none: the whole event */
    size_t zone_count;
    const char *section; /* a section's name or a label; NULL: any */
    bool has_from, has_to, has_at;
    int64_t from_ms, to_ms, at_ms; /* [from, to); at is inclusive */
    enum query_by by;
    unsigned
        sizes; /* bits k - 1 of people who sit together; 0: 2 and 4 for groups, no filter for listings */
    enum measures_basis basis;
    unsigned only_tags,
        exclude_tags; /* enum listing_tag bits; `only` keeps listings that have all of them */
};

/* By hour, base prices, everything. */
void query_init(struct query_filter *filter);

/* Each fills `frame` (the caller releases it) for one event. A zone or section that the event does not have is
   ERR_NOT_FOUND with those that it has. */
bool query_trends(struct store *store, const struct event *event, const struct query_filter *filter,
                  struct frame *frame, struct err *err);
bool query_groups(struct store *store, const struct event *event, const struct query_filter *filter,
                  struct frame *frame, struct err *err);
bool query_counts(struct store *store, const struct event *event, const struct query_filter *filter,
                  struct frame *frame, struct err *err);
bool query_zones(struct store *store, const struct event *event, const struct query_filter *filter,
                 struct frame *frame, struct err *err);
bool query_listings(struct store *store, const struct event *event,
                    const struct query_filter *filter, struct frame *frame, struct err *err);

/* The events that are tracked, or all that are stored. */
bool query_events(struct store *store, bool all, struct frame *frame, struct err *err);

enum query_metric {
    QUERY_MIN,
    QUERY_AVG,
    QUERY_MEDIAN,
    QUERY_MAX,
    QUERY_TICKETS,
    QUERY_LISTINGS,
    QUERY_GROUP
};

/* How compare lays events beside each other. */
struct query_compare {
    enum query_metric
        metric; /* GROUP: price a ticket for the smallest size in filter.sizes (2 when none) */
    bool by_days_to_event; /* else by date */
    bool indexed;          /* first known value of each event = 100 */
};

/* One row a bucket: `timestamp` or `days_to_event`, then one column an event, named "vividseats:6501519". */
bool query_compare(struct store *store, const struct event *events, size_t count,
                   const struct query_filter *filter, const struct query_compare *compare,
                   struct frame *frame, struct err *err);

/* One row an event: event, name, state, last outcome and its time, last good one, snapshots good and not, in the
   last day and ever. */
bool query_status(struct store *store, struct frame *frame, struct err *err);

/* Any question in SQL that only reads; columns are named and typed as SQLite says. ERR_USAGE in SQLite's words. */
bool query_sql(struct store *store, const char *text, struct frame *frame, struct err *err);

/* Names for completion: zones (or sections) of an event, in display order. One column. */
bool query_names(struct store *store, const struct event *event, bool sections, struct frame *frame,
                 struct err *err);

#endif
