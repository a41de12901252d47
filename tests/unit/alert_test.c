#include "core/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

/* 2026-02-09T12:00:00Z, a Monday at noon */
#define NOON_MS INT64_C(1770638400000)

/* A rule with its state, and a word for each step: F fired, C cleared, a small t told, '.' nothing. */
struct stage {
    struct rule rule;
    struct alert_policy policy;
    struct alert_state state;
    char said[200];
};

static void stage_init(struct stage *stage, const char *rule)
{
    struct err err = {0};
    *stage = (struct stage){.policy = {.margin_percent = 2, .cooldown_ms = 6 * CLOCK_HOUR_MS}};
    if (!rule_parse(rule, &stage->rule, &err))
        fail_msg("%s", err.text);
    alert_init(&stage->state);
}

static void note(struct stage *stage, struct alert_step step)
{
    size_t used = strlen(stage->said);
    const char *change = step.change == ALERT_FIRED ? "F" : step.change == ALERT_CLEARED ? "C" : "";
    snprintf(stage->said + used, sizeof stage->said - used, "%s%s%s", change, step.tell ? "t" : "",
             *change || step.tell ? "" : ".");
}

static void take(struct stage *stage, int64_t at_ms, const struct reading *reading)
{
    note(stage, alert_take(&stage->state, &stage->rule, &stage->policy, reading, "America/New_York",
                           at_ms));
}

/* A poll that reads a value; negative: there is no such offer. */
static void value(struct stage *stage, int64_t at_ms, int64_t value)
{
    struct reading reading = {
        .known = value >= 0, .at_ms = at_ms, .value = value, .threshold = stage->rule.threshold};
    reading.holds = reading.known && rule_holds(&stage->rule, value, reading.threshold);
    take(stage, at_ms, &reading);
}

/* Values of polls an hour apart, from noon on; ended by -2. */
static void values(struct stage *stage, const int64_t *list)
{
    for (int i = 0; list[i] != -2; i++)
        value(stage, NOON_MS + i * CLOCK_HOUR_MS, list[i]);
}

static void it_clears_only_past_the_margin(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, "price < 100");
    values(&stage, (const int64_t[]){10000, 9999, 10000, 10199, 9000, 10200, 10200, -2});
    assert_string_equal(stage.said, ".Ft...C.");
    stage_init(&stage, "price <= 100");
    values(&stage, (const int64_t[]){10001, 10000, 10001, 10199, 10200, -2});
    assert_string_equal(stage.said, ".Ft..C");
    stage_init(&stage, "tickets > 100");
    values(&stage, (const int64_t[]){100, 101, 100, 99, 98, 97, -2});
    assert_string_equal(stage.said, ".Ft..C.");
    stage_init(&stage, "failures >= 3"); /* 2 % of it is nothing */
    values(&stage, (const int64_t[]){2, 3, 3, 2, 0, -2});
    assert_string_equal(stage.said, ".Ft.C.");
    stage_init(&stage, "sold-out");
    values(&stage, (const int64_t[]){0, 1, 1, 0, -2});
    assert_string_equal(stage.said, ".Ft.C");
    stage_init(&stage, "price < 100");
    stage.policy.margin_percent = 0;
    values(&stage, (const int64_t[]){9999, 10000, -2});
    assert_string_equal(stage.said, "FtC");
}

static void when_there_is_no_such_offer_any_more_it_clears(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, "price < 100 for 4");
    values(&stage, (const int64_t[]){-1, 9000, -1, -1, -2});
    assert_string_equal(stage.said, ".FtC.");
    assert_false(stage.state.known);
}

static void what_holds_is_told_once(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, "price < 100");
    for (int i = 0; i < 40; i++) /* for longer than the cooldown */
        value(&stage, NOON_MS + i * CLOCK_HOUR_MS, 9000 - i);
    assert_int_equal(strspn(stage.said + 2, "."), 39);
    assert_int_equal(stage.state.since_ms, NOON_MS);
}

static void a_poll_is_judged_once(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, "price < 100");
    value(&stage, NOON_MS, 9000);
    value(&stage, NOON_MS, 20000); /* the same poll: not looked at */
    value(&stage, NOON_MS - 1, 20000);
    value(&stage, NOON_MS + 1, 20000);
    assert_string_equal(stage.said, "Ft..C");
    /* but time alone makes the last good poll older */
    stage_init(&stage, "stale > 2h");
    struct reading reading = {true, false, NOON_MS, 0, stage.rule.threshold};
    for (int64_t hour = 0; hour < 5; hour++) {
        reading.value = hour * CLOCK_HOUR_MS;
        reading.holds = hour > 2;
        take(&stage, NOON_MS + reading.value, &reading);
    }
    assert_string_equal(stage.said, "...Ft.");
}

static void within_the_cooldown_it_waits_and_is_told_if_it_still_holds(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, "price < 100");
    /* told at 0 h; again below at 2 h, which waits until 6 h */
    values(&stage, (const int64_t[]){9000, 11000, 9000, 9000, 9000, 9000, 9000, 9000, -2});
    assert_string_equal(stage.said, "FtCF...t.");
    /* one that clears before then is never told */
    stage_init(&stage, "price < 100");
    values(&stage, (const int64_t[]){9000, 11000, 9000, 11000, 11000, 11000, 11000, 11000, -2});
    assert_string_equal(stage.said, "FtCFC....");
    assert_int_equal(stage.state.told_ms, NOON_MS);
}

static void time_to_tell_comes_without_a_new_poll(void **state)
{
    (void)state;
    struct stage stage;
    const struct reading nothing = {.at_ms = -1};
    stage_init(&stage, "price < 100");
    values(&stage, (const int64_t[]){9000, 11000, 9000, -2});
    take(&stage, NOON_MS + 6 * CLOCK_HOUR_MS - 1, &nothing);
    take(&stage, NOON_MS + 6 * CLOCK_HOUR_MS, &nothing);
    take(&stage, NOON_MS + 7 * CLOCK_HOUR_MS, &nothing);
    assert_string_equal(stage.said, "FtCF.t.");
}

/* New York's clocks go forward in the night to 8 March 2026: 07:00 comes at 11:00Z, not at 12:00Z. */
static void quiet_hours_hold_it_back_by_the_clock_of_the_venue(void **state)
{
    (void)state;
    struct stage stage;
    struct err err;
    int64_t night_ms, morning_ms;
    const struct reading nothing = {.at_ms = -1};
    stage_init(&stage, "price < 100");
    assert_true(quiet_parse("22:00-07:00 venue", &stage.policy.quiet, &err));
    assert_true(clock_parse("2026-03-08T04:00:00Z", &night_ms)); /* 23:00 EST */
    assert_true(clock_parse("2026-03-08T11:00:00Z", &morning_ms));
    value(&stage, night_ms, 9000);
    take(&stage, morning_ms - CLOCK_MINUTE_MS, &nothing);
    take(&stage, morning_ms, &nothing);
    assert_string_equal(stage.said, "F.t");
}

static void a_new_low_that_is_clearly_lower_is_news(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, "new-low");
    stage.policy.cooldown_ms = 0;
    static const int64_t prices[] = {9000, 8900, 8821, 8819, 8819, 8600, 9100};
    int64_t low = 10000;
    for (int i = 0; i < 7; i++) {
        struct reading reading = {true, prices[i] < low, NOON_MS + i, prices[i], low};
        take(&stage, NOON_MS + i, &reading);
        low = prices[i] < low ? prices[i] : low;
    }
    /* 9000 is told; 8900 and 8821 are within 2 % of it; 8819 is not; 8600 is 2.5 % below that */
    assert_string_equal(stage.said, "Ft..Ft.FtC");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_clears_only_past_the_margin),
        cmocka_unit_test(when_there_is_no_such_offer_any_more_it_clears),
        cmocka_unit_test(what_holds_is_told_once),
        cmocka_unit_test(a_poll_is_judged_once),
        cmocka_unit_test(within_the_cooldown_it_waits_and_is_told_if_it_still_holds),
        cmocka_unit_test(time_to_tell_comes_without_a_new_poll),
        cmocka_unit_test(quiet_hours_hold_it_back_by_the_clock_of_the_venue),
        cmocka_unit_test(a_new_low_that_is_clearly_lower_is_news),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
