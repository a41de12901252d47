/*
 * A made-up town in a store: five events of the simulator over twelve days, with a day nobody looked, polls that failed
 * and an event that was only imported. The same on every machine. Include after cmocka.h.
 */
#ifndef TESTS_TOWN_H
#define TESTS_TOWN_H

#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "core/ingest.h"
#include "core/platform.h"
#include "core/simulator.h"
#include "scratch.h"

/* 2026-02-11T00:00:00Z, from which the simulator counts the days of its events, and 2026-02-22T12:07:00Z. */
#define TOWN_BASE_MS INT64_C(1770768000000)
#define TOWN_NOW_MS INT64_C(1771762020000)

enum { TOWN_EVENTS = 5, TOWN_LISTINGS = 150, TOWN_DAYS = 12 };

/* What the simulator says of its first events; dates are hours after the base. */
static const struct town_event {
    const char *name, *venue, *city, *region, *timezone, *category;
    int hours;
} town_events[TOWN_EVENTS] = {
    {"Ruby Hollow", "Silver State Stadium", "Las Vegas", "NV", "America/Los_Angeles", "Concerts",
     14 * 24 + 3},
    {"Harbor City Gulls at Indiana Comets", "Crossroads Fieldhouse", "Indianapolis", "IN",
     "America/Indiana/Indianapolis", "Sports", 25 * 24 + 23},
    {"Les \xc3\x89toiles du Nord", "Centre Belle-Rivi\xc3\xa8re", "Montr\xc3\xa9\x61l", "QC",
     "America/Toronto", "Concerts", 38 * 24},
    {"The Lamplighter's Daughter", "Harbor Light Theatre", "Boston", "MA", "America/New_York",
     "Theater", 49 * 24 + 23},
    {"\xe6\x9d\xb1\xe4\xba\xac Northern Static with J\xc3\xbalia Se\xc3\xb1orita",
     "Front Range Amphitheatre", "Denver", "CO", "America/Denver", "Concerts", 61 * 24 + 6},
};

static inline struct event town_settle(struct store *store, int number)
{
    const struct town_event *about = &town_events[number];
    struct err err = {0};
    struct event event;
    char id[EVENT_ID_MAX];
    snprintf(id, sizeof id, "%d", SIMULATOR_FIRST_ID + number);
    event_init(&event, "vividseats", id);
    snprintf(event.name, sizeof event.name, "%s", about->name);
    snprintf(event.venue, sizeof event.venue, "%s", about->venue);
    snprintf(event.city, sizeof event.city, "%s", about->city);
    snprintf(event.region, sizeof event.region, "%s", about->region);
    snprintf(event.timezone, sizeof event.timezone, "%s", about->timezone);
    snprintf(event.category, sizeof event.category, "%s", about->category);
    snprintf(event.currency, sizeof event.currency, "USD");
    snprintf(event.url, sizeof event.url, "https://www.vividseats.com/production/%s", id);
    event.date_ms = TOWN_BASE_MS + about->hours * CLOCK_HOUR_MS;
    event.state = number == TOWN_EVENTS - 1 ? EVENT_IMPORTED : EVENT_TRACKED;
    scratch_ok(store_save_event(store, &event, &err), &err);
    return event;
}

static inline void town_read(struct store *store, const struct event *event, int64_t at_ms)
{
    struct simulator_settings settings;
    struct err err = {0};
    struct market market;
    struct ingest_report report;
    struct ingest_poll poll = {.at_ms = at_ms, .outcome = OUTCOME_OK};
    AUTO_BUF struct buf body;
    buf_init(&body, 1 << 22);
    simulator_settings_init(&settings);
    settings.listings = TOWN_LISTINGS;
    settings.all_in = true;
    if (!simulator_listings(&settings, TOWN_BASE_MS, strtoll(event->external_id, NULL, 10), at_ms,
                            &body))
        fail_msg("the simulator knows no event %s", event->external_id);
    struct platform_answer answer = {200, "application/json", body.data, body.length};
    market_init(&market);
    assert_int_equal(platform_find("vividseats")->read_listings(&answer, NULL, &market, &err),
                     OUTCOME_OK);
    poll.took_ms = 80 + at_ms / CLOCK_MINUTE_MS % 41;
    poll.bytes = (int64_t)body.length;
    scratch_ok(ingest_market(store, event->id, &poll, &market, &report, &err), &err);
    market_release(&market);
}

static inline void town_fail(struct store *store, const struct event *event, int64_t at_ms)
{
    static const struct store_failure failures[] = {
        {.outcome = OUTCOME_RATE_LIMITED, .took_ms = 31, .bytes = 120, .reason = "HTTP 429"},
        {.outcome = OUTCOME_NETWORK, .took_ms = 20000, .bytes = -1, .reason = "timed out"},
        {.outcome = OUTCOME_BAD_PAYLOAD, .took_ms = 77, .bytes = 912, .reason = "no listings"},
    };
    struct err err = {0};
    struct store_failure failure = failures[at_ms / CLOCK_HOUR_MS % 3];
    failure.at_ms = at_ms;
    scratch_ok(store_save_failure(store, event->id, &failure, &err), &err);
}

/* One look at an event, `number`th of its kind, and what came of it. */
static inline void town_poll(struct store *store, const struct event *event, int number,
                             int64_t at_ms)
{
    bool asleep = number == 1 && at_ms / CLOCK_DAY_MS == TOWN_BASE_MS / CLOCK_DAY_MS + 7;
    if (asleep)
        return;
    if ((at_ms / CLOCK_MINUTE_MS / 15 + number * 5) % 23 == 0)
        town_fail(store, event, at_ms);
    else
        town_read(store, event, at_ms);
}

/* Fills a new store: every four hours from the base on, in the last four hours every quarter of one. */
static inline void town_build(struct store *store)
{
    struct event events[TOWN_EVENTS];
    int64_t end_ms = TOWN_NOW_MS - 7 * CLOCK_MINUTE_MS, dense_ms = end_ms - 4 * CLOCK_HOUR_MS;
    for (int i = 0; i < TOWN_EVENTS; i++)
        events[i] = town_settle(store, i);
    for (int64_t at_ms = TOWN_BASE_MS; at_ms <= end_ms;) {
        bool dense = at_ms >= dense_ms;
        for (int i = 0; i < (dense ? 2 : TOWN_EVENTS); i++)
            town_poll(store, &events[i], i, at_ms);
        at_ms += dense ? CLOCK_HOUR_MS / 4 : 4 * CLOCK_HOUR_MS;
    }
}

#endif
