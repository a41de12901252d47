/* Markets written by hand, for tests that show one thing. Include after cmocka.h. */
#ifndef TESTS_STALL_H
#define TESTS_STALL_H

#include "core/ingest.h"
#include "core/listing.h"
#include "io/hash.h"
#include "scratch.h"

#define STALL_NO_LISTING ((struct stall_item){0})

struct stall_item {
    const char *id, *zone, *section;
    int quantity;
    int64_t price_minor;
    int64_t all_in_minor; /* 0: not said */
    const char *splits;   /* NULL: inferred */
    const char *label;    /* NULL: the section */
    unsigned tags;
    bool unread; /* rejected instead */
};

static inline void stall_put(struct market *market, const struct stall_item *item)
{
    char sizes[LISTING_SPLITS_MAX];
    if (item->unread) {
        market->rejects[market->reject_count++] =
            (struct listing_reject){item->id, "price 'abc' is not a number"};
        return;
    }
    listing_infer_splits(sizes, item->quantity);
    market->listings[market->listing_count++] = (struct listing){
        .id = item->id,
        .zone = item->zone,
        .section = item->section,
        .label = item->label ? item->label : item->section,
        .row = "A",
        .seats = "",
        .splits = item->splits ? item->splits : arena_strdup(&market->arena, sizes),
        .quantity = item->quantity,
        .tags = item->tags,
        .splits_inferred = item->splits == NULL,
        .price_minor = item->price_minor,
        .all_in_minor = item->all_in_minor ? item->all_in_minor : LISTING_NO_PRICE,
    };
}

/* Makes a settled market of items up to the first without an id, with no map. */
static inline void stall_fill(struct market *market, const struct stall_item *items)
{
    size_t count = 0;
    while (items[count].id != NULL)
        count++;
    market_init(market);
    market->external_id = "1";
    market->currency = "USD";
    market->listings = arena_array(&market->arena, count + 1, sizeof *market->listings);
    market->rejects = arena_array(&market->arena, count + 1, sizeof *market->rejects);
    for (size_t i = 0; i < count; i++)
        stall_put(market, &items[i]);
    market_settle(market);
}

/* Ingests them as one good poll without a body hash. */
static inline bool stall_try(struct store *store, int64_t event_id, int64_t at_ms,
                             const struct stall_item *items, struct ingest_report *report,
                             struct err *err)
{
    AUTO_MARKET struct market market = {0};
    stall_fill(&market, items);
    struct ingest_poll poll = {.at_ms = at_ms, .took_ms = -1, .bytes = -1};
    poll.outcome = market.listing_count + market.reject_count ? OUTCOME_OK : OUTCOME_EMPTY;
    return ingest_market(store, event_id, &poll, &market, report, err);
}

/* The same, and it must succeed. */
static inline struct ingest_report stall_poll(struct store *store, int64_t event_id, int64_t at_ms,
                                              const struct stall_item *items)
{
    struct err err = {0};
    struct ingest_report report;
    scratch_ok(stall_try(store, event_id, at_ms, items, &report, &err), &err);
    return report;
}

/* "A 100.00, B 75.50": the market as it stood at a moment, by id. */
static inline const char *stall_market_at(struct store *store, int64_t event_id, int64_t at_ms)
{
    static char text[1000];
    char sql[600];
    snprintf(
        sql, sizeof sql,
        "SELECT coalesce((SELECT group_concat(line, ', ') FROM (SELECT o.external_id || ' ' || "
        "printf('%%.2f', v.price_minor / 100.0) AS line FROM version v JOIN offer o ON o.id = "
        "v.offer_id WHERE v.event_id = %lld AND v.from_ms <= %lld AND (v.lasted_ms IS NULL OR "
        "v.from_ms + v.lasted_ms > %lld) ORDER BY 1)), '')",
        (long long)event_id, (long long)at_ms, (long long)at_ms);
    AUTO_STMT struct stmt stmt = {0};
    struct err err = {0};
    scratch_ok(db_prepare_user(store_db(store), sql, &stmt, &err) &&
                   stmt_step(&stmt, &err) == STEP_ROW,
               &err);
    snprintf(text, sizeof text, "%s", stmt_text(&stmt, 0));
    return text;
}

#endif
