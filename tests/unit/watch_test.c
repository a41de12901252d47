/* The service against a world whose time is made up: days in seconds. */
#include "core/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/plan.h"
#include "core/queue.h"
#include "sandglass.h"
#include "scratch.h"

#define MINUTE CLOCK_MINUTE_MS
#define HOUR CLOCK_HOUR_MS
#define DAY CLOCK_DAY_MS

static const struct schedule_settings usual = {15 * MINUTE, 10 * MINUTE, 20 * MINUTE};

static struct store *store;
static struct sandglass glass;
static struct watch *watch;

static int begin(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    store = scratch_open(scratch_path);
    scratch_run(store, "PRAGMA synchronous = OFF"); /* days of commits */
    return 0;
}

static int end(void **state)
{
    watch_close(watch);
    watch = NULL;
    store_close(store);
    sandglass_close(&glass);
    return scratch_remove(state);
}

static void open_watch(void)
{
    struct err err = {0};
    struct watch_world world = sandglass_world(&glass);
    watch = watch_open(store, &world, &usual, 5, NULL, NULL, &err);
    scratch_ok(watch != NULL, &err);
}

static void watch_events(int count, int64_t rate)
{
    sandglass_track(store, count);
    sandglass_open(&glass, store, rate);
    open_watch();
}

static void turn(void)
{
    struct err err = {0};
    scratch_ok(watch_turn(watch, 60 * 1000, &err), &err);
}

static void run_until(int64_t passed_ms)
{
    while (glass.passed_ms < passed_ms)
        turn();
}

/* ---- what must hold of every history ---- */

static void expect_rate(int64_t per_minute)
{
    for (size_t last = 0, first = 0; last < glass.start_count; last++) {
        while (glass.starts[first].at_ms < glass.starts[last].at_ms - MINUTE)
            first++;
        assert_true((int64_t)(last - first + 1) <= per_minute);
    }
}

/* Requests within any span of time, at most. */
static size_t densest(int64_t span_ms, int64_t from_ms)
{
    size_t most = 0;
    for (size_t last = 0, first = 0; last < glass.start_count; last++) {
        while (glass.starts[first].at_ms < glass.starts[last].at_ms - span_ms)
            first++;
        if (glass.starts[first].at_ms >= from_ms && last - first + 1 > most)
            most = last - first + 1;
    }
    return most;
}

/* A rest of the host, and what it takes until the rate is again what it was. */
enum { RECOVERY_MS = 90 * MINUTE };

/* Since when each event goes without a poll although nothing is wrong with the host. */
struct hunger {
    int64_t since_ms[SANDGLASS_EVENTS_MAX];
    int events;
    int64_t longest_ms, most_ms; /* allowed; met */
};

static void expect_fed(struct hunger *hunger, int64_t event_id, int64_t at_ms)
{
    int64_t gap_ms = at_ms - hunger->since_ms[event_id];
    if (gap_ms > hunger->longest_ms)
        fail_msg("event %lld was not polled for %lld s before %lld s", (long long)event_id,
                 (long long)gap_ms / 1000, (long long)at_ms / 1000);
    hunger->most_ms = gap_ms > hunger->most_ms ? gap_ms : hunger->most_ms;
}

static void expect_all_fed(struct hunger *hunger, int64_t at_ms, int64_t pardon_ms)
{
    for (int id = 1; id <= hunger->events; id++) {
        expect_fed(hunger, id, at_ms);
        if (hunger->since_ms[id] < at_ms + pardon_ms)
            hunger->since_ms[id] = at_ms + pardon_ms;
    }
}

/* No event goes without a poll for longer than `longest_ms`, beside the times in which the host fails or gets over it: an
   event's own failures excuse nothing. Returns the longest that one did. */
static int64_t expect_no_gap(int events, int64_t longest_ms)
{
    struct hunger hunger = {.events = events, .longest_ms = longest_ms};
    for (size_t i = 0; i < glass.start_count; i++) {
        const struct sandglass_start *start = &glass.starts[i];
        if (start->event_id != 0)
            expect_fed(&hunger, start->event_id, start->at_ms);
        if (hunger.since_ms[start->event_id] < start->at_ms)
            hunger.since_ms[start->event_id] = start->at_ms;
        if (outcome_is_refusal(start->outcome))
            expect_all_fed(&hunger, start->at_ms, RECOVERY_MS);
    }
    expect_all_fed(&hunger, glass.passed_ms, 0);
    return hunger.most_ms;
}

/* A good poll is not done again before the shortest interval is over. */
static void expect_no_poll_twice(int64_t fastest_ms)
{
    const struct sandglass_start *last[SANDGLASS_EVENTS_MAX] = {0};
    for (size_t i = 0; i < glass.start_count; i++) {
        const struct sandglass_start *start = &glass.starts[i], *before = last[start->event_id];
        if (start->event_id != 0 && before && outcome_is_good(before->outcome) &&
            start->at_ms - before->at_ms < fastest_ms)
            fail_msg("event %lld was polled %lld ms after a good poll, at %lld s",
                     (long long)start->event_id, (long long)(start->at_ms - before->at_ms),
                     (long long)start->at_ms / 1000);
        last[start->event_id] = start;
    }
}

static int64_t polls_between(int64_t event_id, int64_t from_ms, int64_t to_ms)
{
    int64_t count = 0;
    for (size_t i = 0; i < glass.start_count; i++)
        count += glass.starts[i].event_id != 0 &&
                 (event_id == 0 || glass.starts[i].event_id == event_id) &&
                 glass.starts[i].at_ms >= from_ms && glass.starts[i].at_ms < to_ms;
    return count;
}

/* Every request is one snapshot and one ended attempt; none was under way twice. */
static void expect_books_to_balance(void)
{
    int64_t sent = (int64_t)(glass.start_count - glass.questions),
            open = watch_running(watch) ? 1 : 0;
    assert_int_equal(glass.overlaps, 0);
    assert_in_range(sent - scratch_number(store, "SELECT count(*) FROM snapshot"), 0,
                    open * SANDGLASS_PARALLEL);
    assert_int_equal(
        scratch_number(store, "SELECT count(*) FROM attempt WHERE outcome IS NOT NULL"),
        scratch_number(store, "SELECT count(*) FROM snapshot"));
    assert_int_equal(scratch_number(store,
                                    "SELECT count(*) FROM (SELECT event_id FROM job WHERE state "
                                    "< 2 GROUP BY event_id HAVING count(*) > 1)"),
                     0);
}

/* ---- days ---- */

static void all_hell(int events, int64_t span_ms)
{
    static const struct sandglass_fault faults[] = {
        {6 * HOUR, 7 * HOUR, OUTCOME_NETWORK, 0, 0},        /* an outage of an hour */
        {12 * HOUR, 13 * HOUR, OUTCOME_OK, 9000, 0},        /* a slow host */
        {20 * HOUR, 44 * HOUR, OUTCOME_RATE_LIMITED, 0, 0}, /* a day of 429 */
        {50 * HOUR, 52 * HOUR, OUTCOME_BLOCKED, 0, 0},      /* a block */
        {55 * HOUR, 70 * HOUR, OUTCOME_BAD_PAYLOAD, 0, 3},  /* one event out of order */
    };
    glass.faults = faults;
    glass.fault_count = sizeof faults / sizeof *faults;
    run_until(span_ms);
    expect_rate(60);
    int64_t longest_ms = expect_no_gap(events, 25 * MINUTE);
    expect_no_poll_twice(usual.fastest_ms);
    expect_books_to_balance();
    print_message("%d events, %lld days: %zu requests, at most %zu a minute; no event waited "
                  "longer than %lld s\n",
                  events, (long long)(span_ms / DAY), glass.start_count, densest(MINUTE, 0),
                  (long long)longest_ms / 1000);
    for (int id = 1; id <= events; id++) /* all is as before within the hour after the block */
        assert_in_range(polls_between(id, 53 * HOUR, 55 * HOUR), 4, 14);
    assert_in_range(polls_between(0, 21 * HOUR, 43 * HOUR), 22, 22 * 16); /* it rested */
    assert_true(scratch_number(store, "SELECT count(*) FROM job WHERE state = 2") > 0);
}

static void three_days_of_twenty_events_with_all_kinds_of_faults(void **state)
{
    (void)state;
    watch_events(20, 60);
    all_hell(20, 3 * DAY);
}

static void a_month_of_two_hundred_events_with_all_kinds_of_faults(void **state)
{
    (void)state;
    if (getenv("FULL") == NULL)
        skip();
    watch_events(200, 60);
    all_hell(200, 30 * DAY);
}

/* What was put off while the rate was low is not due as late as it was then. */
static void after_a_block_many_events_are_polled_as_before(void **state)
{
    (void)state;
    static const struct sandglass_fault block = {HOUR, 2 * HOUR, OUTCOME_BLOCKED, 0, 0};
    watch_events(200, 60);
    glass.faults = &block;
    glass.fault_count = 1;
    run_until(6 * HOUR);
    expect_rate(60);
    expect_no_gap(200, 25 * MINUTE);
    expect_no_poll_twice(usual.fastest_ms);
}

static void polls_of_many_events_spread_evenly(void **state)
{
    (void)state;
    watch_events(100, 600);
    run_until(6 * HOUR);
    expect_no_gap(100, 21 * MINUTE);
    /* 100 events every 15 minutes are 6.7 a minute; the first round is over after half an hour */
    assert_in_range(densest(MINUTE, HOUR), 7, 20);
    expect_books_to_balance();
}

static void when_more_is_due_than_the_rate_allows_all_wait_alike(void **state)
{
    (void)state;
    watch_events(100, 3);
    run_until(8 * HOUR);
    expect_rate(3);
    int64_t least = INT64_MAX, most = 0;
    for (int id = 1; id <= 100; id++) {
        int64_t polls = polls_between(id, HOUR, 8 * HOUR);
        least = polls < least ? polls : least;
        most = polls > most ? polls : most;
    }
    assert_true(least >= 5);
    assert_true(most <= 2 * least);
    assert_true(watch_state(watch).stretch > 2);
    /* and what the limiter allows is used: nine tenths of it are for polls */
    double allowed = limiter_sustained(3) * 7 * 60;
    assert_in_range(polls_between(0, HOUR, 8 * HOUR), (int64_t)(allowed * 0.8), (int64_t)allowed);
}

static void a_high_priority_comes_first_and_a_low_one_is_not_starved(void **state)
{
    (void)state;
    struct err err = {0};
    sandglass_track(store, 60);
    for (int id = 1; id <= 30; id++) {
        struct plan_wish wish = {-1, id <= 20 ? SCHEDULE_HIGH : SCHEDULE_LOW, false};
        scratch_ok(plan_set(store, id, &wish, 0, &err), &err);
    }
    sandglass_open(&glass, store, 2);
    open_watch();
    run_until(25 * MINUTE);
    for (size_t i = 0; i < 20 + glass.questions; i++)
        if (glass.starts[i].event_id != 0) /* a tenth of the requests asks for names */
            assert_in_range(glass.starts[i].event_id, 1, 20);
    run_until(5 * HOUR);
    for (int id = 1; id <= 60; id++)
        assert_true(polls_between(id, 0, 5 * HOUR) >= 2);
}

static void after_eight_hours_of_sleep_there_is_no_burst(void **state)
{
    (void)state;
    watch_events(100, 600);
    run_until(3 * HOUR);
    glass.wall_ms += 8 * HOUR; /* the monotonic clock sleeps with the machine */
    int64_t woken_ms = glass.passed_ms;
    run_until(woken_ms + 2 * HOUR);
    assert_in_range(densest(MINUTE, woken_ms), 5, 20);
    expect_no_gap(100, 21 * MINUTE);
    expect_books_to_balance();
}

static void after_eight_hours_of_being_stopped_there_is_no_burst(void **state)
{
    (void)state;
    watch_events(100, 600);
    run_until(3 * HOUR);
    while (glass.pending > 0)
        turn();
    sandglass_pass(&glass, 8 * HOUR);
    int64_t woken_ms = glass.passed_ms;
    run_until(woken_ms + 2 * HOUR);
    assert_in_range(densest(MINUTE, woken_ms), 5, 24);
    for (int id = 1; id <= 100; id++)
        assert_true(polls_between(id, woken_ms, woken_ms + 21 * MINUTE) >= 1);
}

static void a_service_that_was_down_does_not_make_up_what_it_missed(void **state)
{
    (void)state;
    watch_events(100, 600);
    run_until(3 * HOUR);
    watch_close(watch);
    sandglass_pass(&glass, 5 * HOUR);
    int64_t woken_ms = glass.passed_ms;
    open_watch();
    run_until(woken_ms + 2 * HOUR);
    assert_in_range(densest(MINUTE, woken_ms), 5, 24);
    for (int id = 1; id <= 100; id++)
        assert_true(polls_between(id, woken_ms, woken_ms + 21 * MINUTE) >= 1);
}

static void a_clock_that_is_set_changes_nothing(int64_t by_ms)
{
    watch_events(50, 600);
    run_until(3 * HOUR);
    glass.wall_ms += by_ms;
    int64_t set_ms = glass.passed_ms;
    run_until(set_ms + 4 * HOUR);
    expect_no_gap(50, 21 * MINUTE);
    assert_in_range(densest(MINUTE, set_ms), 3, 14);
    expect_books_to_balance();
}

static void a_clock_set_forward_makes_no_burst(void **state)
{
    (void)state;
    a_clock_that_is_set_changes_nothing(HOUR);
}

static void a_clock_set_back_makes_nothing_stall(void **state)
{
    (void)state;
    a_clock_that_is_set_changes_nothing(-HOUR);
}

static void retries_wait_as_long_whatever_the_clock_does(void **state)
{
    (void)state;
    static const struct sandglass_fault fault = {0, 10 * MINUTE, OUTCOME_NETWORK, 0, 0};
    watch_events(1, 60);
    glass.faults = &fault;
    glass.fault_count = 1;
    run_until(MINUTE / 2);
    glass.wall_ms -= HOUR;
    run_until(20 * MINUTE);
    assert_in_range(polls_between(1, MINUTE, 20 * MINUTE), 3, 7);
}

/* ---- ends ---- */

static void an_event_that_is_over_is_retired_and_goes_on_when_it_is_postponed(void **state)
{
    (void)state;
    struct err err = {0};
    struct event event;
    sandglass_track(store, 1);
    scratch_ok(store_find_event(store, "vividseats", "1", &event, &err), &err);
    event.date_ms = SANDGLASS_START_MS + 2 * HOUR;
    scratch_ok(store_save_event(store, &event, &err), &err);
    sandglass_open(&glass, store, 60);
    open_watch();
    run_until(12 * HOUR);
    assert_int_equal(polls_between(1, 8 * HOUR + 20 * MINUTE, 12 * HOUR), 0);
    assert_int_equal(watch_state(watch).retired, 1);
    struct store *other = scratch_open(scratch_path);
    event.date_ms = SANDGLASS_START_MS + 90 * DAY;
    scratch_ok(store_save_event(other, &event, &err), &err);
    store_close(other);
    run_until(13 * HOUR);
    assert_true(polls_between(1, 12 * HOUR, 13 * HOUR) >= 2);
    assert_int_equal(watch_state(watch).retired, 0);
}

static void an_event_that_is_gone_is_retired_until_it_is_tracked_again(void **state)
{
    (void)state;
    static const struct sandglass_fault gone = {HOUR, 30 * HOUR, OUTCOME_NOT_FOUND, 0, 1};
    struct err err = {0};
    watch_events(2, 60);
    glass.faults = &gone;
    glass.fault_count = 1;
    run_until(40 * HOUR);
    assert_int_equal(polls_between(1, 27 * HOUR, 40 * HOUR), 0);
    assert_true(polls_between(2, 27 * HOUR, 40 * HOUR) > 30);
    struct store *other = scratch_open(scratch_path);
    struct plan_wish again = {-1, -1, true};
    scratch_ok(plan_set(other, 1, &again, clock_now_ms(), &err), &err);
    store_close(other);
    run_until(41 * HOUR);
    assert_true(polls_between(1, 40 * HOUR, 41 * HOUR) >= 2);
}

static void an_event_without_listings_for_a_week_is_retired(void **state)
{
    (void)state;
    static const struct sandglass_fault sold = {HOUR, 100 * DAY, OUTCOME_EMPTY, 0, 1};
    watch_events(1, 60);
    glass.faults = &sold;
    glass.fault_count = 1;
    run_until(9 * DAY);
    assert_true(polls_between(1, 6 * DAY, 7 * DAY) > 60);
    assert_int_equal(polls_between(1, 7 * DAY + 2 * HOUR, 9 * DAY), 0);
}

static void an_event_that_is_tracked_or_given_up_meanwhile_is_noticed(void **state)
{
    (void)state;
    struct err err = {0};
    struct event event;
    watch_events(2, 60);
    run_until(HOUR);
    struct store *other = scratch_open(scratch_path);
    scratch_ok(store_set_state(other, 1, EVENT_UNTRACKED, &err), &err);
    event_init(&event, "vividseats", "9");
    scratch_ok(store_save_event(other, &event, &err), &err);
    store_close(other);
    run_until(3 * HOUR);
    assert_int_equal(polls_between(1, HOUR + MINUTE, 3 * HOUR), 0);
    assert_in_range(glass.starts[glass.start_count - 1].event_id, 2, 3);
    assert_int_equal(polls_between(event.id, HOUR, HOUR + MINUTE), 1);
    assert_int_equal(watch_state(watch).events, 2);
}

/* ---- names, places and dates ---- */

static struct event catalog[SANDGLASS_EVENTS_MAX];

/* Events from id 1 on that a performer plays from a month on, tracked by their bare ids; the platform knows all of them. */
static void track_tour(size_t count, const char *performer_id)
{
    for (size_t i = 0; i < count; i++) {
        struct err err = {0};
        char id[EVENT_ID_MAX];
        snprintf(id, sizeof id, "%zu", i + 1);
        event_init(&catalog[i], "vividseats", id);
        snprintf(catalog[i].performer_id, sizeof catalog[i].performer_id, "%s", performer_id);
        struct event bare = catalog[i];
        scratch_ok(store_save_event(store, &bare, &err), &err);
        snprintf(catalog[i].name, sizeof catalog[i].name, "Night %zu", i + 1);
        catalog[i].date_ms = SANDGLASS_START_MS + (int64_t)(30 + i) * DAY;
    }
    sandglass_open(&glass, store, 60);
    glass.catalog = catalog;
    glass.catalog_count = count;
}

static int64_t count_named(void)
{
    return scratch_number(store, "SELECT count(*) FROM event JOIN plan ON event_id = id "
                                 "WHERE name LIKE 'Night %' AND date_ms > 0 AND described_ms > 0");
}

static void events_of_one_performer_are_asked_about_fifty_at_a_time(void **state)
{
    (void)state;
    track_tour(120, "77");
    open_watch();
    run_until(HOUR);
    assert_int_equal(count_named(), 120);
    assert_int_equal(glass.questions, 3);
    run_until(25 * HOUR);
    assert_in_range(glass.questions, 4, 6); /* the next day, and no sooner */
    expect_rate(60);
    expect_books_to_balance();
}

static void an_event_that_is_not_on_its_performers_pages_is_asked_about_alone(void **state)
{
    (void)state;
    track_tour(5, "77");
    catalog[2].performer_id[0] = catalog[3].performer_id[0] = '\0';
    open_watch();
    run_until(HOUR);
    assert_int_equal(count_named(), 5);
    assert_int_equal(glass.questions, 3);
}

static void events_of_nobody_are_asked_about_one_by_one(void **state)
{
    (void)state;
    track_tour(5, "");
    open_watch();
    run_until(HOUR);
    assert_int_equal(count_named(), 5);
    assert_int_equal(glass.questions, 5);
}

/* Within a minute, and before those that have a name. */
static void an_event_without_a_name_is_asked_about_at_once(void **state)
{
    (void)state;
    track_tour(40, "");
    scratch_run(store, "UPDATE event SET pending = id > 30");
    open_watch();
    run_until(MINUTE);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM event WHERE pending"), 0);
    assert_int_equal(
        scratch_number(store, "SELECT count(*) FROM event WHERE id > 30 AND name LIKE 'Night %'"),
        10);
}

/* One of the next day is asked about more often than daily, one that is over still is. */
static void an_event_that_gets_another_date_goes_on(void **state)
{
    (void)state;
    track_tour(1, "");
    catalog[0].date_ms = SANDGLASS_START_MS + 2 * HOUR;
    open_watch();
    run_until(12 * HOUR);
    assert_int_equal(watch_state(watch).retired, 1);
    assert_int_equal(polls_between(1, 9 * HOUR, 12 * HOUR), 0);
    catalog[0].date_ms = SANDGLASS_START_MS + 90 * DAY;
    run_until(3 * DAY);
    assert_int_equal(watch_state(watch).retired, 0);
    assert_true(polls_between(1, 2 * DAY, 3 * DAY) > 60);
}

/* Polls that find no event make the service ask for its date at once. */
static void an_event_that_is_gone_is_asked_about_before_its_day(void **state)
{
    (void)state;
    static const struct sandglass_fault gone = {HOUR, 100 * HOUR, OUTCOME_NOT_FOUND, 0, 1};
    track_tour(1, "");
    glass.faults = &gone;
    glass.fault_count = 1;
    open_watch();
    run_until(HOUR);
    assert_int_equal(glass.questions, 1);
    run_until(2 * HOUR);
    assert_int_equal(glass.questions, 2);
}

/* A host that refuses is not asked for names either, but now and then; nothing is lost. */
static void questions_wait_while_the_host_refuses(void **state)
{
    (void)state;
    static const struct sandglass_fault faults[] = {{0, 6 * HOUR, OUTCOME_NETWORK, 0, 0},
                                                    {6 * HOUR, 12 * HOUR, OUTCOME_BLOCKED, 0, 0}};
    track_tour(20, "");
    scratch_run(store, "UPDATE event SET pending = 1");
    glass.faults = faults;
    glass.fault_count = 2;
    open_watch();
    run_until(12 * HOUR);
    assert_in_range(glass.questions, 6, 24);
    run_until(16 * HOUR);
    assert_int_equal(count_named(), 20);
    expect_rate(60);
    expect_books_to_balance();
}

/* ---- the process ends ---- */

/* As kill -9 leaves it: the service forgets everything, the store nothing. */
static void lose_watch(void)
{
    glass.pending = 0;
    struct watch_world world = sandglass_world(&glass);
    struct err err = {0};
    struct watch *next = watch_open(store, &world, &usual, 5, NULL, NULL, &err);
    scratch_ok(next != NULL, &err);
    watch_close(watch); /* only frees: the jobs that it thinks it holds are the next one's */
    watch = next;
}

static void a_service_that_is_killed_loses_no_job_and_does_none_twice(void **state)
{
    (void)state;
    watch_events(60, 600);
    uint64_t random = 7;
    for (int kill = 0; kill < 60; kill++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        int64_t turns = 1 + (int64_t)(random >> 33) % 90;
        while (turns-- > 0)
            turn();
        lose_watch();
    }
    run_until(glass.passed_ms + 30 * MINUTE);
    assert_int_equal(glass.overlaps, 0);
    expect_no_gap(60, 21 * MINUTE);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM job WHERE state = 2"), 0);
}

static void a_service_that_stops_gives_back_what_it_holds(void **state)
{
    (void)state;
    watch_events(20, 600);
    turn();
    assert_true(watch_running(watch) > 0);
    watch_drain(watch);
    while (watch_running(watch) > 0)
        turn();
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM job WHERE state = 1"), 0);
    assert_true(scratch_number(store, "SELECT count(*) FROM job WHERE state = 0") > 0);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM attempt WHERE outcome IS NULL"),
                     0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        T(three_days_of_twenty_events_with_all_kinds_of_faults),
        T(a_month_of_two_hundred_events_with_all_kinds_of_faults),
        T(after_a_block_many_events_are_polled_as_before),
        T(polls_of_many_events_spread_evenly),
        T(when_more_is_due_than_the_rate_allows_all_wait_alike),
        T(a_high_priority_comes_first_and_a_low_one_is_not_starved),
        T(after_eight_hours_of_sleep_there_is_no_burst),
        T(after_eight_hours_of_being_stopped_there_is_no_burst),
        T(a_service_that_was_down_does_not_make_up_what_it_missed),
        T(a_clock_set_forward_makes_no_burst),
        T(a_clock_set_back_makes_nothing_stall),
        T(retries_wait_as_long_whatever_the_clock_does),
        T(an_event_that_is_over_is_retired_and_goes_on_when_it_is_postponed),
        T(an_event_that_is_gone_is_retired_until_it_is_tracked_again),
        T(an_event_without_listings_for_a_week_is_retired),
        T(an_event_that_is_tracked_or_given_up_meanwhile_is_noticed),
        T(events_of_one_performer_are_asked_about_fifty_at_a_time),
        T(an_event_that_is_not_on_its_performers_pages_is_asked_about_alone),
        T(events_of_nobody_are_asked_about_one_by_one),
        T(an_event_without_a_name_is_asked_about_at_once),
        T(an_event_that_gets_another_date_goes_on),
        T(an_event_that_is_gone_is_asked_about_before_its_day),
        T(questions_wait_while_the_host_refuses),
        T(a_service_that_is_killed_loses_no_job_and_does_none_twice),
        T(a_service_that_stops_gives_back_what_it_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
