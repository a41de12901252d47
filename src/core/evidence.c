#include "core/evidence.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/money.h"
#include "core/query.h"
#include "core/sync.h"

enum { MILLION = 1000 * 1000 };

void evidence_release(struct evidence *evidence)
{
    mem_free(evidence->samples);
    *evidence = (struct evidence){0};
}

static struct evidence_sample *add_sample(struct evidence *evidence)
{
    evidence->samples = mem_grow(evidence->samples, evidence->count, &evidence->capacity,
                                 sizeof *evidence->samples);
    struct evidence_sample *sample = &evidence->samples[evidence->count++];
    *sample = (struct evidence_sample){.price = MEASURES_NONE, .took_ms = -1};
    return sample;
}

/* ---- loading ---- */

static void add_moment(const struct rule *rule, const struct frame *frame, size_t row,
                       struct evidence *evidence)
{
    size_t prices = (size_t)frame_find(frame, "price_1");
    size_t lowest = (size_t)frame_find(frame, "min_price");
    const struct frame_cell *price =
        frame_at(frame, row, rule->people ? prices + (size_t)rule->people - 1 : lowest);
    struct evidence_sample *sample = add_sample(evidence);
    sample->at_ms = frame_get(frame, row, "timestamp")->number;
    sample->tickets = frame_get(frame, row, "total_tickets")->number;
    sample->price = price->known ? price->number : MEASURES_NONE;
    for (size_t k = 0; k < MEASURES_SIZES; k++)
        if (frame_at(frame, row, prices + k)->known)
            sample->largest = (int64_t)k + 1;
}

static bool load_market(struct store *store, const struct rule *rule, const struct event *event,
                        int64_t from_ms, int64_t to_ms, struct evidence *evidence, struct err *err)
{
    struct query_filter filter;
    struct query_measures wanted = {0};
    AUTO_FRAME struct frame frame = {0};
    query_init(&filter);
    filter.by = QUERY_SNAPSHOT;
    filter.basis = rule->basis;
    filter.has_from = filter.has_to = true;
    filter.from_ms = from_ms > 0 ? from_ms : 0;
    filter.to_ms = to_ms;
    filter.section = rule->section[0] ? rule->section : NULL;
    if (rule->zone[0])
        filter.zones[filter.zone_count++] = rule->zone;
    if (rule->people)
        filter.sizes = 1u << (rule->people - 1);
    if (rule->measure == RULE_LARGEST_GROUP)
        filter.sizes = (1u << MEASURES_SIZES) - 1;
    if (!query_measures(store, event, &filter, &wanted, &frame, err))
        return false;
    for (size_t row = 0; row < frame.row_count; row++)
        add_moment(rule, &frame, row, evidence);
    return true;
}

/* The newest `most` polls of a window. */
static bool load_polls(struct store *store, const struct event *event, int64_t from_ms,
                       int64_t to_ms, size_t most, struct evidence *evidence, struct err *err)
{
    struct query_filter filter;
    AUTO_FRAME struct frame frame = {0};
    query_init(&filter);
    filter.has_from = filter.has_to = true;
    filter.from_ms = from_ms > 0 ? from_ms : 0;
    filter.to_ms = to_ms;
    if (!query_jobs(store, event, &filter, most, &frame, err))
        return false;
    size_t outcome = (size_t)frame_find(&frame, "outcome");
    size_t took = (size_t)frame_find(&frame, "took_ms");
    for (size_t row = frame.row_count; row-- > 0;) {
        struct evidence_sample *sample = add_sample(evidence);
        sample->at_ms = frame_at(&frame, row, 0)->number;
        if (!outcome_find(frame_at(&frame, row, outcome)->text, &sample->outcome))
            sample->outcome = OUTCOME_BAD_PAYLOAD; /* a number that only a newer tws writes */
        if (frame_at(&frame, row, took)->known)
            sample->took_ms = frame_at(&frame, row, took)->number;
    }
    return true;
}

bool evidence_load(struct store *store, const struct rule *rule, const struct event *event,
                   int64_t from_ms, int64_t to_ms, struct evidence *evidence, struct err *err)
{
    if (rule_about(rule) == RULE_ABOUT_MARKET)
        return load_market(store, rule, event, from_ms - rule->within_ms, to_ms, evidence, err);
    /* those without a window count back as far as it takes */
    return load_polls(store, event, rule->within_ms ? from_ms - rule->within_ms : 0, to_ms,
                      SIZE_MAX, evidence, err);
}

/* ---- reading ---- */

/* A window of samples, the last one being the latest. */
struct window {
    const struct evidence_sample *samples;
    size_t count;
};

/* Samples at or before a moment; of them those not older than `within_ms`, counted from `end_ms`. */
static struct window window_at(const struct evidence *evidence, int64_t at_ms)
{
    size_t low = 0, high = evidence->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (evidence->samples[middle].at_ms <= at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return (struct window){evidence->samples, low};
}

static struct window since(struct window window, int64_t from_ms)
{
    size_t first = window.count;
    while (first > 0 && window.samples[first - 1].at_ms >= from_ms)
        first--;
    return (struct window){window.samples + first, window.count - first};
}

static bool is_refused(enum outcome outcome)
{
    return outcome == OUTCOME_BLOCKED || outcome == OUTCOME_RATE_LIMITED;
}

static int64_t count_failed(struct window window)
{
    int64_t failed = 0;
    for (size_t i = 0; i < window.count; i++)
        failed += !outcome_is_good(window.samples[i].outcome);
    return failed;
}

static void set(struct reading *reading, int64_t value)
{
    reading->known = true;
    reading->value = value;
}

static int64_t lowest_price(struct window window)
{
    int64_t lowest = MEASURES_NONE;
    for (size_t i = 0; i < window.count; i++)
        if (window.samples[i].price != MEASURES_NONE &&
            (lowest == MEASURES_NONE || window.samples[i].price < lowest))
            lowest = window.samples[i].price;
    return lowest;
}

static int64_t highest_price(struct window window)
{
    int64_t highest = MEASURES_NONE; /* which is below every price */
    for (size_t i = 0; i < window.count; i++)
        if (window.samples[i].price > highest)
            highest = window.samples[i].price;
    return highest;
}

static void read_price(struct window window, const struct rule *rule, struct reading *reading)
{
    int64_t price = window.samples[window.count - 1].price;
    if (price != MEASURES_NONE)
        set(reading, rule->measure == RULE_GROUP ? rule->people * price : price);
}

static void read_drop(struct window window, const struct rule *rule, struct reading *reading)
{
    int64_t price = window.samples[window.count - 1].price, highest = highest_price(window);
    if (price == MEASURES_NONE || highest <= 0)
        return;
    int64_t fall = highest - price;
    set(reading, rule->unit == RULE_PERCENT ? money_divide(fall * MILLION, highest) : fall);
}

static void read_new_low(struct window window, const struct rule *rule, struct reading *reading)
{
    (void)rule;
    int64_t price = window.samples[window.count - 1].price;
    int64_t before = lowest_price((struct window){window.samples, window.count - 1});
    if (price == MEASURES_NONE || before == MEASURES_NONE)
        return;
    set(reading, price);
    reading->threshold = before;
}

static void read_tickets(struct window window, const struct rule *rule, struct reading *reading)
{
    (void)rule;
    set(reading, window.samples[window.count - 1].tickets);
}

static void read_largest(struct window window, const struct rule *rule, struct reading *reading)
{
    (void)rule;
    set(reading, window.samples[window.count - 1].largest);
}

/* Something is on sale and was not, or the other way round. */
static void read_turn(struct window window, const struct rule *rule, struct reading *reading)
{
    bool on_sale = window.samples[window.count - 1].tickets > 0, was_otherwise = false;
    for (size_t i = 0; i + 1 < window.count; i++)
        was_otherwise = was_otherwise || (window.samples[i].tickets > 0) != on_sale;
    set(reading, was_otherwise && on_sale == (rule->measure == RULE_BACK));
}

static void read_failures(struct window window, const struct rule *rule, struct reading *reading)
{
    (void)rule;
    int64_t failures = 0;
    for (size_t i = window.count; i > 0 && !outcome_is_good(window.samples[i - 1].outcome); i--)
        failures++;
    set(reading, failures);
}

static void read_failure_rate(struct window window, const struct rule *rule,
                              struct reading *reading)
{
    (void)rule;
    set(reading, money_divide(count_failed(window) * MILLION, (int64_t)window.count));
}

static void read_errors(struct window window, const struct rule *rule, struct reading *reading)
{
    (void)rule;
    set(reading, count_failed(window));
}

static int compare_times(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The nearest-rank 95th percentile. */
static void read_slow(struct window window, const struct rule *rule, struct reading *reading)
{
    (void)rule;
    size_t count = 0;
    AUTO_FREE int64_t *times = mem_alloc(window.count, sizeof *times);
    for (size_t i = 0; i < window.count; i++)
        if (window.samples[i].took_ms >= 0)
            times[count++] = window.samples[i].took_ms;
    qsort(times, count, sizeof *times, compare_times);
    if (count > 0)
        set(reading, times[(count * 95 + 99) / 100 - 1]);
}

static void read_blocked(struct window window, const struct rule *rule, struct reading *reading)
{
    (void)rule;
    set(reading, is_refused(window.samples[window.count - 1].outcome));
}

/* Without a good poll since the first of all; measured at any moment, not only at polls. */
static void read_stale(struct window window, int64_t at_ms, struct reading *reading)
{
    size_t i = window.count;
    while (i > 1 && !outcome_is_good(window.samples[i - 1].outcome))
        i--;
    set(reading, at_ms - window.samples[i - 1].at_ms);
}

typedef void read_window(struct window window, const struct rule *rule, struct reading *reading);

static read_window *const readers[RULE_MEASURES] = {
    [RULE_PRICE] = read_price,       [RULE_GROUP] = read_price,
    [RULE_DROP] = read_drop,         [RULE_NEW_LOW] = read_new_low,
    [RULE_TICKETS] = read_tickets,   [RULE_LARGEST_GROUP] = read_largest,
    [RULE_SOLD_OUT] = read_turn,     [RULE_BACK] = read_turn,
    [RULE_FAILURES] = read_failures, [RULE_FAILURE_RATE] = read_failure_rate,
    [RULE_ERRORS] = read_errors,     [RULE_SLOW] = read_slow,
    [RULE_BLOCKED] = read_blocked,
};

static void judge(const struct rule *rule, struct reading *reading)
{
    reading->holds = reading->known && rule_holds(rule, reading->value, reading->threshold);
}

struct reading evidence_read(const struct evidence *evidence, const struct rule *rule,
                             int64_t at_ms)
{
    struct reading reading = {.at_ms = -1, .threshold = rule->threshold};
    struct window window = window_at(evidence, at_ms);
    if (window.count == 0)
        return reading;
    reading.at_ms = window.samples[window.count - 1].at_ms;
    /* the market's window ends with its last good poll, that of polls with the moment itself */
    bool market = rule_about(rule) == RULE_ABOUT_MARKET;
    if (rule->within_ms)
        window = since(window, (market ? reading.at_ms : at_ms + 1) - rule->within_ms);
    if (rule->measure == RULE_STALE)
        read_stale(window, at_ms, &reading);
    else if (window.count > 0)
        readers[rule->measure](window, rule, &reading);
    judge(rule, &reading);
    return reading;
}

/* ---- now ---- */

static int64_t file_size(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 ? (int64_t)about.st_size : 0;
}

static void read_size(const char *path, struct reading *reading)
{
    AUTO_BUF struct buf journal;
    buf_init(&journal, PATH_MAX);
    buf_printf(&journal, "%s-wal", path);
    set(reading, file_size(path) + file_size(buf_text(&journal)));
}

static bool read_room(const char *path, struct reading *reading, struct err *err)
{
    struct statvfs disk;
    if (statvfs(path, &disk) != 0)
        return err_set(err, ERR_STORE, "store '%s': %s", path, strerror(errno));
    set(reading, (int64_t)disk.f_bavail * (int64_t)disk.f_frsize);
    return true;
}

static bool read_lag(struct store *store, const struct conf *conf, int64_t now_ms,
                     struct reading *reading, struct err *err)
{
    int64_t lag_ms;
    if (!sync_lag(store, conf, now_ms, &lag_ms, err))
        return false;
    if (lag_ms >= 0)
        set(reading, lag_ms);
    return true;
}

/* Room, size and lag of the store. The hour stands for the poll that says so: a state is written when that changes. */
static bool read_store(struct store *store, const struct conf *conf, const struct rule *rule,
                       int64_t now_ms, struct reading *reading, struct err *err)
{
    reading->at_ms = clock_floor(now_ms, CLOCK_HOUR_MS);
    bool read = true;
    if (rule->measure == RULE_DB_SIZE)
        read_size(store_path(store), reading);
    else if (rule->measure == RULE_DISK_FREE)
        read = read_room(store_path(store), reading, err);
    else
        read = read_lag(store, conf, now_ms, reading, err);
    judge(rule, reading);
    return read;
}

/* The last good poll of an event, or of all. */
static bool find_last_good(struct store *store, const struct event *event, int64_t *at_ms,
                           struct err *err)
{
    AUTO_FREE struct event *events = NULL;
    size_t count = 0;
    *at_ms = event ? event->last_scraped_ms : -1;
    if (!event && !store_events(store, true, &events, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (events[i].last_scraped_ms > *at_ms)
            *at_ms = events[i].last_scraped_ms;
    return true;
}

static bool load_recent_polls(struct store *store, const struct rule *rule,
                              const struct event *event, int64_t now_ms, struct evidence *evidence,
                              struct err *err)
{
    int64_t from_ms = rule->within_ms ? now_ms - rule->within_ms : 0;
    size_t most = SIZE_MAX;
    if (rule->measure == RULE_STALE && !find_last_good(store, event, &from_ms, err))
        return false;
    if (rule->measure == RULE_BLOCKED)
        most = 1;
    if (rule->measure == RULE_FAILURES)
        most = (size_t)rule->threshold + 1; /* one more decides every comparison */
    return load_polls(store, event, from_ms, now_ms + 1, most, evidence, err);
}

bool evidence_now(struct store *store, const struct conf *conf, const struct rule *rule,
                  const struct event *event, int64_t now_ms, struct reading *reading,
                  struct err *err)
{
    AUTO_EVIDENCE struct evidence evidence = {0};
    *reading = (struct reading){.at_ms = -1, .threshold = rule->threshold};
    bool loaded = true;
    switch (rule_about(rule)) {
    case RULE_ABOUT_STORE:
        return read_store(store, conf, rule, now_ms, reading, err);
    case RULE_ABOUT_POLLS:
        loaded = load_recent_polls(store, rule, event, now_ms, &evidence, err);
        break;
    case RULE_ABOUT_MARKET:
        if (event->last_scraped_ms >= 0)
            loaded = evidence_load(store, rule, event, event->last_scraped_ms,
                                   event->last_scraped_ms + 1, &evidence, err);
        break;
    }
    if (!loaded)
        return false;
    *reading = evidence_read(&evidence, rule, now_ms);
    return true;
}
