#include "core/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/event.h"

#define MINUTE CLOCK_MINUTE_MS
#define HOUR CLOCK_HOUR_MS
#define DAY CLOCK_DAY_MS

/* 2026-02-09T18:00:00Z */
#define NOW INT64_C(1770660000000)

static const struct schedule_settings usual = {15 * MINUTE, 10 * MINUTE, 20 * MINUTE};
static const struct schedule_settings wide = {15 * MINUTE, 2 * MINUTE, 6 * HOUR};

/* An event that was polled well just now and changed an hour ago. */
static struct schedule_facts calm(int64_t id)
{
    return (struct schedule_facts){
        .event_id = id,
        .priority = SCHEDULE_NORMAL,
        .date_ms = NOW + 30 * DAY,
        .polled_ms = NOW,
        .good_ms = NOW,
        .changed_ms = NOW - HOUR,
        .listings = 40,
        .missing_ms = -1,
        .since_ms = -1,
    };
}

static struct schedule_verdict decide(const struct schedule_facts *facts, int64_t age_ms)
{
    return schedule_decide(&wide, facts, NOW, age_ms, 1);
}

static void an_event_that_was_never_polled_is_due_at_once(void **state)
{
    (void)state;
    struct schedule_facts facts = calm(1);
    facts.polled_ms = facts.good_ms = facts.changed_ms = -1;
    struct schedule_verdict verdict = schedule_decide(&usual, &facts, NOW, NOW, 1);
    assert_int_equal(verdict.reason, SCHEDULE_NEW);
    assert_int_equal(verdict.wait_ms, 0);
    assert_in_range(verdict.interval_ms, 10 * MINUTE, 20 * MINUTE);
}

static void usual_intervals_are_ten_to_twenty_minutes_and_fifteen_on_average(void **state)
{
    (void)state;
    enum { EVENTS = 20000, BINS = 10 };
    int64_t sum_ms = 0, bins[BINS] = {0};
    for (int64_t id = 1; id <= EVENTS; id++) {
        struct schedule_facts facts = calm(id);
        struct schedule_verdict verdict = schedule_decide(&usual, &facts, NOW, 0, 1);
        assert_int_equal(verdict.reason, SCHEDULE_INTERVAL);
        assert_int_equal(verdict.wait_ms, verdict.interval_ms);
        assert_in_range(verdict.interval_ms, 10 * MINUTE, 20 * MINUTE);
        sum_ms += verdict.interval_ms;
        bins[(verdict.interval_ms - 10 * MINUTE) * BINS / (10 * MINUTE + 1)]++;
    }
    assert_in_range(sum_ms / EVENTS, 15 * MINUTE - 5000, 15 * MINUTE + 5000);
    for (int i = 0; i < BINS; i++) /* evenly: each tenth within five standard deviations */
        assert_in_range(bins[i], EVENTS / BINS - 215, EVENTS / BINS + 215);
}

static void the_same_facts_give_the_same_answer_and_the_next_poll_another(void **state)
{
    (void)state;
    struct schedule_facts facts = calm(7), later = calm(7);
    later.polled_ms = later.good_ms = NOW + 1;
    assert_int_equal(decide(&facts, 0).interval_ms, decide(&facts, 0).interval_ms);
    assert_int_not_equal(decide(&facts, 0).interval_ms, decide(&later, 0).interval_ms);
}

static void an_interval_asked_for_by_hand_is_kept_within_a_tenth(void **state)
{
    (void)state;
    for (int64_t id = 1; id < 500; id++) {
        struct schedule_facts facts = calm(id);
        facts.every_ms = 5 * MINUTE;
        facts.listings = 0; /* whatever its market does */
        struct schedule_verdict verdict = schedule_decide(&usual, &facts, NOW, 0, 1);
        assert_int_equal(verdict.reason, SCHEDULE_EVERY);
        assert_in_range(verdict.interval_ms, 5 * MINUTE - 30000, 5 * MINUTE + 30001);
    }
}

/* What a situation gives within wide bounds. */
static void each_situation_has_its_interval(void **state)
{
    (void)state;
    struct schedule_facts facts = calm(1);
    facts.date_ms = NOW + 23 * HOUR;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_NEAR);
    assert_in_range(decide(&facts, 0).interval_ms, 3 * MINUTE, 7 * MINUTE);
    facts = calm(1);
    facts.moved_permille = 50;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_MOVING);
    assert_in_range(decide(&facts, 0).interval_ms, 5 * MINUTE, 10 * MINUTE);
    facts = calm(1);
    facts.changed_ms = NOW - 12 * HOUR;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_QUIET);
    assert_in_range(decide(&facts, 0).interval_ms, 20 * MINUTE, 40 * MINUTE);
    facts.listings = 0;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_EMPTY);
    assert_in_range(decide(&facts, 0).interval_ms, 40 * MINUTE, 80 * MINUTE);
    facts = calm(1);
    facts.failures = 5;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_FAILING);
    assert_in_range(decide(&facts, 0).interval_ms, 40 * MINUTE, 80 * MINUTE);
}

static void nothing_is_polled_outside_the_bounds(void **state)
{
    (void)state;
    for (int64_t id = 1; id < 300; id++) {
        struct schedule_facts near = calm(id), empty = calm(id);
        near.date_ms = NOW + HOUR;
        empty.listings = 0;
        assert_in_range(schedule_decide(&usual, &near, NOW, 0, 1).interval_ms, 10 * MINUTE,
                        20 * MINUTE);
        assert_in_range(schedule_decide(&usual, &empty, NOW, 0, 1).interval_ms, 10 * MINUTE,
                        20 * MINUTE + 1);
    }
}

static void what_is_over_gone_or_empty_for_long_is_retired(void **state)
{
    (void)state;
    struct schedule_facts facts = calm(1);
    facts.date_ms = NOW - 6 * HOUR + 1;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_NEAR);
    facts.date_ms--;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_OVER);
    assert_int_equal(decide(&facts, 0).interval_ms, 0);
    facts.time_tbd = true;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_NEAR);
    facts.date_ms = NOW - 36 * HOUR;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_OVER);
    facts = calm(1);
    facts.failures = facts.missing = 5;
    facts.missing_ms = NOW - 24 * HOUR;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_GONE);
    facts.missing_ms++;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_FAILING);
    facts.missing_ms = NOW - 24 * HOUR;
    facts.missing = 4;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_FAILING);
    facts = calm(1);
    facts.listings = 0;
    facts.changed_ms = NOW - 7 * DAY;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_VANISHED);
    facts.since_ms = NOW - DAY; /* tracked again yesterday */
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_EMPTY);
}

static void an_event_without_a_date_is_never_over(void **state)
{
    (void)state;
    struct schedule_facts facts = calm(1);
    facts.date_ms = EVENT_NO_DATE;
    assert_int_equal(decide(&facts, 0).reason, SCHEDULE_INTERVAL);
}

/* A thousand events that were missed for so long: how many are due in the densest minute of the next hour. */
static int densest_minute(int64_t missed_ms)
{
    int minutes[120] = {0}, most = 0;
    for (int64_t id = 1; id <= 1000; id++) {
        struct schedule_facts facts = calm(id);
        facts.polled_ms = NOW - missed_ms - schedule_moment_ms(id, 99, 15 * MINUTE);
        struct schedule_verdict verdict =
            schedule_decide(&usual, &facts, NOW, NOW - facts.polled_ms, 1);
        assert_in_range(verdict.wait_ms, 0, 20 * MINUTE);
        minutes[verdict.wait_ms / MINUTE]++;
    }
    for (int i = 0; i < 120; i++)
        most = minutes[i] > most ? minutes[i] : most;
    return most;
}

static void missed_polls_are_not_made_up_in_a_burst(void **state)
{
    (void)state;
    /* 1000 events every 15 minutes are 67 a minute */
    assert_in_range(densest_minute(8 * HOUR), 67, 150);
    assert_in_range(densest_minute(30 * MINUTE), 67, 200);
    assert_in_range(densest_minute(2 * MINUTE), 67, 250);
}

static void intervals_stretch_alike_when_the_rate_does_not_suffice(void **state)
{
    (void)state;
    assert_float_equal(schedule_stretch(10, 0), 1, 1e-9);
    assert_float_equal(schedule_stretch(10, 60), 1, 1e-9);
    /* 60 a minute come to 54 in 61 seconds, nine tenths of which are for polls: 47.8 */
    assert_float_equal(schedule_stretch(95.6, 60), 2, 0.01);
    struct schedule_facts facts = calm(3), hand = calm(3);
    hand.every_ms = HOUR;
    assert_in_range(schedule_decide(&usual, &facts, NOW, 0, 3).interval_ms -
                        3 * schedule_decide(&usual, &facts, NOW, 0, 1).interval_ms + 3,
                    0, 6);
    assert_in_range(schedule_decide(&usual, &hand, NOW, 0, 3).interval_ms -
                        3 * schedule_decide(&usual, &hand, NOW, 0, 1).interval_ms + 3,
                    0, 6);
}

static void retries_wait_longer_each_time_up_to_the_interval(void **state)
{
    (void)state;
    for (int64_t id = 1; id < 100; id++) {
        assert_in_range(schedule_retry_ms(id, 1, 15 * MINUTE), MINUTE, 2 * MINUTE);
        assert_in_range(schedule_retry_ms(id, 2, 15 * MINUTE), 2 * MINUTE, 4 * MINUTE);
        assert_in_range(schedule_retry_ms(id, 3, 15 * MINUTE), 4 * MINUTE, 8 * MINUTE);
        assert_in_range(schedule_retry_ms(id, 9, 15 * MINUTE), 15 * MINUTE / 2, 15 * MINUTE);
        assert_in_range(schedule_retry_ms(id, INT64_MAX, 0), MINUTE, 2 * MINUTE);
    }
}

static void clocks_that_were_wrong_do_no_harm(void **state)
{
    (void)state;
    struct schedule_facts facts = calm(1);
    facts.polled_ms = facts.good_ms = facts.changed_ms = NOW + 10 * DAY; /* when it was ahead */
    struct schedule_verdict verdict = decide(&facts, 0);
    assert_int_equal(verdict.reason, SCHEDULE_INTERVAL);
    assert_in_range(verdict.wait_ms, 10 * MINUTE, 20 * MINUTE);
}

static int64_t describe(struct schedule_facts facts, int64_t described_ms)
{
    facts.described_ms = described_ms;
    return schedule_describe_ms(&facts, NOW);
}

static void names_and_dates_are_asked_for_seldom_and_more_often_near_the_day(void **state)
{
    (void)state;
    struct schedule_facts facts = calm(1);
    assert_int_equal(describe(facts, 0), 0);
    assert_int_equal(describe(facts, NOW), DAY);
    assert_int_equal(describe(facts, NOW - 23 * HOUR), HOUR);
    assert_int_equal(describe(facts, NOW - 2 * DAY), 0);
    assert_int_equal(describe(facts, NOW + 9 * DAY), DAY); /* a clock that was set back */
    facts.date_ms = NOW + 2 * DAY;
    assert_int_equal(describe(facts, NOW), 6 * HOUR);
    facts.date_ms++;
    assert_int_equal(describe(facts, NOW), DAY);
    facts.date_ms = EVENT_NO_DATE;
    assert_int_equal(describe(facts, NOW), DAY);
    facts.pending = true;
    assert_int_equal(describe(facts, NOW), 0);
}

static void an_event_that_polls_do_not_find_is_asked_about_once_more(void **state)
{
    (void)state;
    struct schedule_facts facts = calm(1);
    facts.missing = 1;
    facts.missing_ms = NOW - HOUR;
    assert_int_equal(describe(facts, NOW - 2 * HOUR), 0);
    assert_int_equal(describe(facts, NOW - HOUR), 23 * HOUR);
}

static void what_has_been_over_or_gone_for_a_month_is_not_asked_about(void **state)
{
    (void)state;
    struct schedule_facts facts = calm(1), gone = calm(1);
    facts.date_ms = NOW - 30 * DAY;
    assert_int_equal(describe(facts, NOW), DAY);
    assert_int_equal(describe(facts, NOW - 2 * DAY), 0);
    facts.date_ms--;
    assert_true(describe(facts, NOW - 2 * DAY) < 0);
    gone.missing = 9;
    gone.missing_ms = NOW - 31 * DAY;
    assert_true(describe(gone, NOW - 2 * DAY) < 0);
    gone.missing_ms = NOW - 29 * DAY;
    assert_int_equal(describe(gone, NOW - 2 * DAY), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_that_was_never_polled_is_due_at_once),
        cmocka_unit_test(usual_intervals_are_ten_to_twenty_minutes_and_fifteen_on_average),
        cmocka_unit_test(the_same_facts_give_the_same_answer_and_the_next_poll_another),
        cmocka_unit_test(an_interval_asked_for_by_hand_is_kept_within_a_tenth),
        cmocka_unit_test(each_situation_has_its_interval),
        cmocka_unit_test(nothing_is_polled_outside_the_bounds),
        cmocka_unit_test(what_is_over_gone_or_empty_for_long_is_retired),
        cmocka_unit_test(an_event_without_a_date_is_never_over),
        cmocka_unit_test(missed_polls_are_not_made_up_in_a_burst),
        cmocka_unit_test(intervals_stretch_alike_when_the_rate_does_not_suffice),
        cmocka_unit_test(retries_wait_longer_each_time_up_to_the_interval),
        cmocka_unit_test(clocks_that_were_wrong_do_no_harm),
        cmocka_unit_test(names_and_dates_are_asked_for_seldom_and_more_often_near_the_day),
        cmocka_unit_test(an_event_that_polls_do_not_find_is_asked_about_once_more),
        cmocka_unit_test(what_has_been_over_or_gone_for_a_month_is_not_asked_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
