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

/* What query_measures() is asked beside a filter. */
struct query_measures {
    /* each zone of the event in display order, whatever filter.zones says */
    bool every_zone;
    /* filter.sizes lets offers through, as in trends; else it only names prices that are wanted, as in groups */
    bool sizes_restrict;
};

/* All measures in one frame, a row a series and bucket: zone ("*": the whole event), timestamp, min_price, quarter_price,
   median_price, avg_price, max_price, snapshots, total_tickets, total_listings, lowest_tickets, highest_tickets,
   price_1 ... price_8 (lowest price a ticket for k together; of 1, 2, 4 and the sizes in filter.sizes, else null).
   Series follow filter.zones, in which "*" may stand; none: "*". */
bool query_measures(struct store *store, const struct event *event,
                    const struct query_filter *filter, const struct query_measures *wanted,
                    struct frame *frame, struct err *err);

enum { QUERY_SPARKLINE_MAX = 24 };

/* One row for each event that is not untracked by hand, in the order of store_events(): event, name, venue, city, date,
   timezone, tracking, currency, price, change_24h, change_7d, tickets, price_2, price_4, sparkline, last_good,
   last_poll, last_outcome. Prices and tickets are those of the last good snapshot; prices are the lowest, a ticket.
   A change is in percent from the last known price at or before that long before that snapshot, but less than twice as
   long; null without one. sparkline: lowest prices in minor units of the consecutive buckets that end with the one of the last
   good snapshot, at most 24 and none before the first snapshot; days where the first is more than three days
   older, else hours; 0 where a bucket has no price; null before the first good snapshot. */
bool query_board(struct store *store, enum measures_basis basis, struct frame *frame,
                 struct err *err);

/* Polls of an event: timestamp, good, failed, worst (outcome of the last that failed, else null), a row a bucket that has any;
   by snapshot a row a poll. Of the filter only the window and `by` count. */
bool query_coverage(struct store *store, const struct event *event,
                    const struct query_filter *filter, struct frame *frame, struct err *err);

/* Polls of an event (NULL: of all that are stored), newest first, at most `most`: timestamp, event, name, outcome, took_ms, bytes,
   rejected, reason. Of the filter only from and to count, to the millisecond. */
bool query_jobs(struct store *store, const struct event *event, const struct query_filter *filter,
                size_t most, struct frame *frame, struct err *err);

/* How finely query_density() looks. */
struct query_density {
    size_t bins;    /* of prices; at least 1 */
    size_t columns; /* of time, at most; at least 1 */
};

/* How prices were distributed: timestamp, price_from, price_to, listings, tickets, a row for each time and price bin with
   something in it, in that order. Bins are equally wide from the lowest price to the 98th percentile of all that
   the columns show; the last has no upper edge (null). A column spans one bucket, or as many as it takes to stay
   within the number asked for, and shows the market at its last good snapshot; timestamp is its start, by snapshot
   the time of that snapshot. Zones are taken together; sizes, tags and section mean what they mean in listings. */
bool query_density(struct store *store, const struct event *event,
                   const struct query_filter *filter, const struct query_density *wanted,
                   struct frame *frame, struct err *err);

enum { QUERY_DEPTH_MOMENTS_MAX = 4 };

/* Tickets at or below a price: price, then tickets_0 ... for each of `count` (1 to 4) moments, which mean the last good
   snapshot at or before them (null when there is none). Rows are the different prices of all, ascending, thinned evenly
   to at most `most` (at least 2) that keep the lowest and the highest. The filter means what it means in listings, less
   its window and at. */
bool query_depth(struct store *store, const struct event *event, const struct query_filter *filter,
                 const int64_t *moments, size_t count, size_t most, struct frame *frame,
                 struct err *err);

enum query_change { QUERY_NEW, QUERY_GONE, QUERY_REPRICED, QUERY_CHANGE_KINDS };

/* Listings that came, went or got another price in [from, to), to the millisecond, newest first, at most `most`: change (new,
   gone, repriced), timestamp, listing_id, zone, section, row, quantity, price, price_before (null for new; the last one
   is `price` for gone). New: no listing of that id stood just before; gone: none stands right after; repriced: it
   stood at another price of the asked basis. A new shape at the same price is no change. The filter is applied to the
   listing as it became, or as it was when it went. `counts` gets how many there were of each kind, whatever
   `most` is. */
bool query_changes(struct store *store, const struct event *event,
                   const struct query_filter *filter, size_t most,
                   size_t counts[QUERY_CHANGE_KINDS], struct frame *frame, struct err *err);

/* Which good polls query_moments() lists. */
struct query_moments {
    int64_t at_ms;   /* around the last one at or before this, or the first of all */
    int64_t step_ms; /* at least so far from each to the next; 1: every one */
    size_t most;     /* before it, and as many after it */
};

/* Good polls of an event around a moment, ascending, in steps from that moment on: timestamp, number (1 is the first poll),
   polls (how many there are in all) and latest (the time of the last of all). A step for which there is not enough left
   goes to the first or the last poll. No rows when it was never polled well. */
bool query_moments(struct store *store, const struct event *event,
                   const struct query_moments *wanted, struct frame *frame, struct err *err);

/* What a listing was, ascending: timestamp (from this poll on), until (up to, not including, this one; null: it still stands),
   price, all_in_price, quantity, zone, section, row. Where a row begins later than the one before ends it was away
   between. No rows for an id that was never seen. */
bool query_listing_history(struct store *store, const struct event *event, const char *listing_id,
                           struct frame *frame, struct err *err);

/* One row an event: event, name, state, last outcome and its time, last good one, snapshots good and not, in the
   last day and ever, the age of the last good one (null: never), and of the last day what share was good, in percent, how
   long the median of the polls took and what 95 % stayed within (null: no poll). */
bool query_status(struct store *store, struct frame *frame, struct err *err);

/* Alerts that fired in [from, to), newest first, at most `most`: timestamp, name, rule, event (null: all together, or the
   store), event_name, value and threshold (in words), told (when somebody was told; null: held back), cleared (null: it holds),
   arrived (ways out), failed (ways out with the reason). */
bool query_alerts(struct store *store, int64_t from_ms, int64_t to_ms, size_t most,
                  struct frame *frame, struct err *err);

/* The firings that hold, newest first, at most `most`: timestamp to cleared as above, and alert, a number that later firings
   have a higher one than. */
bool query_alerts_holding(struct store *store, size_t most, struct frame *frame, struct err *err);

/* How a rule stands: for how many events it holds, of how many that were judged, and when it fired last (negative: never). */
bool query_alert_standing(struct store *store, const char *name, int64_t *holding, int64_t *judged,
                          int64_t *last_ms, struct err *err);

/* Any question in SQL that only reads; columns are named and typed as SQLite says. ERR_USAGE in SQLite's words. */
bool query_sql(struct store *store, const char *text, struct frame *frame, struct err *err);

/* Names for completion: zones (or sections) of an event, in display order. One column. */
bool query_names(struct store *store, const struct event *event, bool sections, struct frame *frame,
                 struct err *err);

#endif
