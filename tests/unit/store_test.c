#include "core/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "stall.h"

static struct store *store;

static int begin(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    store = scratch_open(scratch_path);
    return 0;
}

static int end(void **state)
{
    store_close(store);
    return scratch_remove(state);
}

static struct event find(const char *external_id)
{
    struct err err = {0};
    struct event event;
    scratch_ok(store_find_event(store, "vividseats", external_id, &event, &err), &err);
    return event;
}

static void save(struct event *event)
{
    struct err err = {0};
    scratch_ok(store_save_event(store, event, &err), &err);
}

static struct event full_event(void)
{
    struct event event;
    event_init(&event, "vividseats", "6501519");
    snprintf(event.name, sizeof event.name, "Leafs at Canadiens");
    snprintf(event.venue, sizeof event.venue, "Centre Bell");
    snprintf(event.city, sizeof event.city,
             "Montr\xc3\xa9"
             "al");
    snprintf(event.region, sizeof event.region, "QC");
    snprintf(event.country, sizeof event.country, "CA");
    snprintf(event.timezone, sizeof event.timezone, "America/Montreal");
    snprintf(event.category, sizeof event.category, "sports");
    snprintf(event.url, sizeof event.url, "https://example.org/6501519");
    event.date_ms = 1770000000000;
    event.time_tbd = true;
    return event;
}

static void an_event_comes_back_as_it_was_saved(void **state)
{
    (void)state;
    struct event saved = full_event();
    saved.state = EVENT_IMPORTED;
    save(&saved);
    assert_true(saved.id > 0);
    struct event found = find("6501519");
    assert_int_equal(found.id, saved.id);
    assert_string_equal(found.name, saved.name);
    assert_string_equal(found.venue, saved.venue);
    assert_string_equal(found.city, saved.city);
    assert_string_equal(found.region, saved.region);
    assert_string_equal(found.country, saved.country);
    assert_string_equal(found.timezone, saved.timezone);
    assert_string_equal(found.category, saved.category);
    assert_string_equal(found.url, saved.url);
    assert_string_equal(found.currency, "USD");
    assert_int_equal(found.date_ms, saved.date_ms);
    assert_true(found.time_tbd);
    assert_false(found.pending);
    assert_int_equal(found.state, EVENT_IMPORTED);
    assert_true(found.last_scraped_ms < 0);
}

static void what_is_not_known_now_stays(void **state)
{
    (void)state;
    struct event event = full_event();
    save(&event);
    struct event pending;
    event_init(&pending, "vividseats", "6501519");
    pending.pending = true;
    pending.state = EVENT_UNTRACKED;
    save(&pending);
    assert_int_equal(pending.id, event.id);
    struct event found = find("6501519");
    assert_string_equal(found.name, "Leafs at Canadiens");
    assert_int_equal(found.date_ms, event.date_ms);
    assert_true(found.time_tbd);
    assert_true(found.pending);
    assert_int_equal(found.state, EVENT_TRACKED);
}

static void what_is_known_now_replaces_it(void **state)
{
    (void)state;
    struct event event = full_event();
    save(&event);
    snprintf(event.name, sizeof event.name, "Canadiens v Leafs");
    event.date_ms = EVENT_NO_DATE; /* postponed, to be announced */
    event.time_tbd = false;
    save(&event);
    struct event found = find("6501519");
    assert_string_equal(found.name, "Canadiens v Leafs");
    assert_int_equal(found.date_ms, EVENT_NO_DATE);
    assert_false(found.time_tbd);
}

static void an_unknown_event_is_not_found(void **state)
{
    (void)state;
    struct err err = {0};
    struct event event;
    assert_false(store_find_event(store, "vividseats", "404", &event, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(err.text, "vividseats:404"));
}

static void add_event(const char *external_id, const char *name, int64_t date_ms)
{
    struct event event;
    event_init(&event, "vividseats", external_id);
    snprintf(event.name, sizeof event.name, "%s", name);
    event.date_ms = date_ms;
    save(&event);
}

static void expect_events(bool all, const char *const *ids, size_t count)
{
    struct err err = {0};
    AUTO_FREE struct event *events = NULL;
    size_t found;
    scratch_ok(store_events(store, all, &events, &found, &err), &err);
    assert_int_equal(found, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(events[i].external_id, ids[i]);
}

static void events_come_by_date_then_name_and_those_without_a_date_last(void **state)
{
    (void)state;
    struct err err = {0};
    expect_events(true, NULL, 0);
    add_event("1", "B", EVENT_NO_DATE);
    add_event("2", "B", 2000);
    add_event("3", "A", 2000);
    add_event("4", "Z", 1000);
    static const char *const all[] = {"4", "3", "2", "1"}, *const tracked[] = {"4", "2", "1"};
    scratch_ok(store_set_state(store, find("3").id, EVENT_UNTRACKED, &err), &err);
    expect_events(true, all, 4);
    expect_events(false, tracked, 3);
}

static void the_currency_of_stored_prices_stands(void **state)
{
    (void)state;
    struct event event = scratch_event(store);
    snprintf(event.currency, sizeof event.currency, "CAD");
    save(&event);
    assert_string_equal(find("1").currency, "CAD");
    AUTO_MARKET struct market market = {0};
    struct ingest_report report;
    struct err err = {0};
    stall_fill(&market, (struct stall_item[]){{"A", "Lower", "101", 2, 10000}, STALL_NO_LISTING});
    market.currency = "CAD";
    struct ingest_poll poll = {.at_ms = 1000, .took_ms = -1, .bytes = -1};
    scratch_ok(ingest_market(store, event.id, &poll, &market, &report, &err), &err);
    snprintf(event.currency, sizeof event.currency, "USD");
    save(&event);
    assert_string_equal(find("1").currency, "CAD");
}

static void fail_poll(int64_t event_id, int64_t at_ms, enum outcome outcome)
{
    struct err err = {0};
    struct store_failure failure = {at_ms, outcome, 120, -1, "HTTP 403"};
    scratch_ok(store_save_failure(store, event_id, &failure, &err), &err);
}

static void a_failed_poll_is_one_row_and_touches_nothing_else(void **state)
{
    (void)state;
    struct event event = scratch_event(store);
    stall_poll(store, event.id, 1000,
               (struct stall_item[]){{"A", "Lower", "101", 2, 10000}, STALL_NO_LISTING});
    fail_poll(event.id, 2000, OUTCOME_BLOCKED);
    assert_int_equal(scratch_number(store,
                                    "SELECT count(*) FROM snapshot WHERE outcome = 3 AND "
                                    "reason = 'HTTP 403' AND took_ms = 120 AND bytes IS NULL"),
                     1);
    assert_string_equal(stall_market_at(store, event.id, 2000), "A 100.00");
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM version WHERE lasted_ms IS NULL"),
                     1);
    assert_int_equal(find("1").last_scraped_ms, 1000);
}

static void a_failure_does_not_take_the_place_of_what_is_there(void **state)
{
    (void)state;
    struct event event = scratch_event(store);
    stall_poll(store, event.id, 1000,
               (struct stall_item[]){{"A", "Lower", "101", 2, 10000}, STALL_NO_LISTING});
    fail_poll(event.id, 1000, OUTCOME_BLOCKED);
    fail_poll(event.id, 2000, OUTCOME_NETWORK);
    fail_poll(event.id, 2000, OUTCOME_PARTIAL);
    assert_int_equal(scratch_number(store, "SELECT outcome FROM snapshot WHERE at_ms = 1000"),
                     OUTCOME_OK);
    assert_int_equal(scratch_number(store, "SELECT outcome FROM snapshot WHERE at_ms = 2000"),
                     OUTCOME_NETWORK);
}

static void a_reader_sees_what_was_written(void **state)
{
    (void)state;
    struct err err = {0};
    scratch_event(store);
    AUTO_STORE struct store *reader = store_open_readonly(scratch_path, &err);
    scratch_ok(reader != NULL, &err);
    struct event event;
    scratch_ok(store_find_event(reader, "vividseats", "1", &event, &err), &err);
    assert_string_equal(store_path(reader), scratch_path);
    scratch_event(store);
    assert_int_equal(store_schema_version(),
                     scratch_number(reader, "SELECT max(version) FROM migration"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(an_event_comes_back_as_it_was_saved),
        TEST(what_is_not_known_now_stays),
        TEST(what_is_known_now_replaces_it),
        TEST(an_unknown_event_is_not_found),
        TEST(events_come_by_date_then_name_and_those_without_a_date_last),
        TEST(the_currency_of_stored_prices_stands),
        TEST(a_failed_poll_is_one_row_and_touches_nothing_else),
        TEST(a_failure_does_not_take_the_place_of_what_is_there),
        TEST(a_reader_sees_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
