/* What the drivers of the bench share: clocks, medians, and a marketplace's answers. A driver prints lines of
 * `name value`, which run.sh puts into its table. */
#ifndef BENCH_H
#define BENCH_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "core/ingest.h"
#include "core/platform.h"
#include "core/simulator.h"
#include "core/store.h"
#include "io/hash.h"

enum {
    BENCH_EVENT = SIMULATOR_FIRST_ID,
    BENCH_BODY_MAX = 256 << 20,
    BENCH_POLL_MS = 15 * 60 * 1000,
};

/* Where the simulated time begins: a Sunday, midnight. */
#define BENCH_START INT64_C(1772323200000)

static inline _Noreturn void bench_die(const char *what, const struct err *err)
{
    fprintf(stderr, "bench: %s: %s\n", what, err ? err->text : "failed");
    exit(1);
}

static inline double bench_clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* User and system time of this process. */
static inline double bench_cpu_ms(void)
{
    return bench_clock_ms(CLOCK_PROCESS_CPUTIME_ID);
}

static inline double bench_wall_ms(void)
{
    return bench_clock_ms(CLOCK_MONOTONIC);
}

static inline int bench_compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The value below which a share of them lies; sorts them. */
static inline double bench_quantile(double *values, size_t count, double share)
{
    qsort(values, count, sizeof *values, bench_compare);
    size_t at = (size_t)(share * (double)count);
    return values[at < count ? at : count - 1];
}

static inline double bench_median(double *values, size_t count)
{
    return bench_quantile(values, count, 0.5);
}

/* A market whose number of listings stands still while some of them change from poll to poll. */
static inline struct simulator_settings bench_settings(int listings, int churn_permille)
{
    struct simulator_settings settings;
    simulator_settings_init(&settings);
    settings.listings = listings;
    settings.churn_permille = churn_permille;
    settings.steady = true;
    return settings;
}

static inline int64_t bench_poll_ms(int64_t poll)
{
    return BENCH_START + poll * BENCH_POLL_MS;
}

/* The answer to a poll of the event of that number, from 0; a few bytes of room are behind it. */
static inline struct buf bench_answer_of(const struct simulator_settings *settings, int number,
                                         int64_t at_ms)
{
    struct buf body;
    buf_init(&body, BENCH_BODY_MAX);
    if (!simulator_listings(settings, BENCH_START, BENCH_EVENT + number, at_ms, &body))
        bench_die("the simulator", NULL);
    buf_reserve(&body, 64);
    return body;
}

/* The same for the poll of that number, of the first event. */
static inline struct buf bench_answer(const struct simulator_settings *settings, int64_t poll)
{
    return bench_answer_of(settings, 0, bench_poll_ms(poll));
}

/* Follows the event of that number without asking anybody. */
static inline void bench_track(struct store *store, int number, struct event *event)
{
    struct err err = {0};
    char id[EVENT_ID_MAX];
    snprintf(id, sizeof id, "%d", BENCH_EVENT + number);
    event_init(event, "vividseats", id);
    event->state = EVENT_TRACKED;
    if (!store_save_event(store, event, &err))
        bench_die("an event", &err);
}

static inline struct store *bench_store(const char *path, struct event *event)
{
    struct err err = {0};
    struct store *store = store_open(path, &err);
    if (!store)
        bench_die(path, &err);
    bench_track(store, 0, event);
    return store;
}

/* Text to market, as a poll does it. */
static inline void bench_read(const struct buf *body, struct market *market)
{
    struct err err = {0};
    struct platform_answer answer = {200, "application/json", body->data, body->length};
    const struct platform *platform = platform_find("vividseats");
    market_init(market);
    if (platform->read_listings(&answer, NULL, market, &err) != OUTCOME_OK)
        bench_die("an answer", &err);
}

/* Market to committed rows. */
static inline void bench_ingest(struct store *store, int64_t event_id, int64_t at_ms,
                                const unsigned char *hash, const struct market *market,
                                struct ingest_report *report)
{
    struct err err = {0};
    struct ingest_poll poll = {
        .at_ms = at_ms, .outcome = OUTCOME_OK, .body_hash = hash, .took_ms = 100, .bytes = 100000};
    if (!ingest_market(store, event_id, &poll, market, report, &err))
        bench_die("a poll", &err);
}

/* A whole poll after its fetch. */
static inline void bench_poll(struct store *store, int64_t event_id, int64_t at_ms,
                              const struct buf *body, struct ingest_report *report)
{
    unsigned char hash[HASH_SIZE];
    struct market market;
    hash_bytes(hash, body->data, body->length);
    bench_read(body, &market);
    bench_ingest(store, event_id, at_ms, hash, &market, report);
    market_release(&market);
}

#endif
