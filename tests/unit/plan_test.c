#include "core/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "scratch.h"

#define T0 INT64_C(1770660000000)
#define HOUR CLOCK_HOUR_MS

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

/* A tracked event; its row. */
static int64_t track(const char *external_id, const char *performer_id, int64_t date_ms)
{
    struct event event;
    struct err err = {0};
    event_init(&event, "vividseats", external_id);
    snprintf(event.performer_id, sizeof event.performer_id, "%s", performer_id);
    event.date_ms = date_ms;
    scratch_ok(store_save_event(store, &event, &err), &err);
    return event.id;
}

static void wish(int64_t event_id, struct plan_wish wish)
{
    struct err err = {0};
    scratch_ok(plan_set(store, event_id, &wish, T0, &err), &err);
}

static struct schedule_facts facts_of(int64_t event_id)
{
    struct err err = {0};
    struct schedule_facts facts;
    scratch_ok(plan_facts(store, event_id, &facts, &err), &err);
    return facts;
}

static void a_wish_changes_only_what_it_names(void **state)
{
    (void)state;
    int64_t id = track("1", "", EVENT_NO_DATE);
    struct schedule_facts facts = facts_of(id);
    assert_int_equal(facts.every_ms, 0);
    assert_int_equal(facts.priority, SCHEDULE_NORMAL);
    assert_true(facts.since_ms == -1);
    wish(id, (struct plan_wish){5 * CLOCK_MINUTE_MS, -1, false});
    wish(id, (struct plan_wish){-1, SCHEDULE_HIGH, false});
    facts = facts_of(id);
    assert_int_equal(facts.every_ms, 5 * CLOCK_MINUTE_MS);
    assert_int_equal(facts.priority, SCHEDULE_HIGH);
    assert_true(facts.since_ms <= 0);
    wish(id, (struct plan_wish){0, -1, true});
    facts = facts_of(id);
    assert_int_equal(facts.every_ms, 0);
    assert_int_equal(facts.priority, SCHEDULE_HIGH);
    assert_true(facts.since_ms == T0);
}

static void facts_are_what_the_polls_say(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t id = track("1", "", T0 + 9 * HOUR);
    struct schedule_facts facts = facts_of(id);
    assert_true(facts.polled_ms < 0 && facts.good_ms < 0 && facts.missing_ms < 0);
    scratch_run(store, "INSERT INTO snapshot (event_id, at_ms, outcome, metric_ms) VALUES"
                       " (1, 1770660000000, 0, NULL), (1, 1770663600000, 0, 1770660000000),"
                       " (1, 1770664000000, 2, NULL), (1, 1770665000000, 4, NULL),"
                       " (1, 1770666000000, 2, NULL);"
                       "UPDATE event SET time_tbd = 1, pending = 1");
    facts = facts_of(id);
    assert_true(facts.polled_ms == INT64_C(1770666000000));
    assert_true(facts.good_ms == INT64_C(1770663600000));
    assert_true(facts.changed_ms == T0);
    assert_int_equal(facts.failures, 3);
    assert_int_equal(facts.missing, 2);
    assert_true(facts.missing_ms == INT64_C(1770664000000));
    assert_true(facts.time_tbd && facts.pending && facts.date_ms == T0 + 9 * HOUR);
    assert_int_equal(facts.described_ms, 0);
    assert_false(plan_facts(store, 99, &facts, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void only_what_is_tracked_is_listed(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_FREE struct plan_entry *entries = NULL;
    AUTO_FREE struct schedule_facts *facts = NULL;
    size_t count, fact_count;
    int64_t first = track("1", "", T0), second = track("2", "", EVENT_NO_DATE);
    scratch_ok(store_set_state(store, track("3", "", T0), EVENT_UNTRACKED, &err), &err);
    scratch_ok(plan_list(store, &entries, &count, &err), &err);
    scratch_ok(plan_all_facts(store, &facts, &fact_count, &err), &err);
    assert_int_equal(count, 2);
    assert_int_equal(fact_count, 2);
    assert_int_equal(entries[0].event_id, first);
    assert_true(entries[0].date_ms == T0);
    assert_int_equal(facts[1].event_id, second);
    assert_true(facts[1].date_ms == EVENT_NO_DATE);
}

/* Of 1 there is news, of 2 there is none, 3 was given up, 4 is not known here. */
static void what_is_told_is_kept_of_events_that_are_tracked(void **state)
{
    (void)state;
    struct err err = {0};
    struct event told[4];
    for (int i = 0; i < 4; i++) {
        char id[2] = {(char)('1' + i), '\0'};
        if (i < 3)
            track(id, "", T0);
        event_init(&told[i], "vividseats", id);
        told[i].date_ms = T0 + (i == 1 ? 0 : HOUR);
        told[i].id = 77;
    }
    scratch_ok(store_set_state(store, 3, EVENT_UNTRACKED, &err), &err);
    scratch_run(store, "DELETE FROM outbox");
    scratch_ok(plan_describe(store, told, 4, T0, &err), &err);
    assert_int_equal(told[0].id, 1);
    assert_int_equal(told[1].id, 2);
    assert_int_equal(told[2].id, 0);
    assert_int_equal(told[3].id, 0);
    assert_true(facts_of(1).date_ms == T0 + HOUR && facts_of(1).described_ms == T0);
    assert_true(facts_of(2).date_ms == T0 && facts_of(2).described_ms == T0);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM event WHERE state = 1"), 1);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM plan"), 2);
    /* and what has not changed is not sent to the team again */
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM outbox"), 1);
}

static void kin_are_the_events_of_a_performer_that_are_to_come(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_FREE int64_t *ids = NULL;
    struct event event;
    size_t count;
    track("1", "77", T0 + HOUR);
    track("2", "77", EVENT_NO_DATE);
    track("3", "78", T0 + HOUR);     /* of somebody else */
    track("4", "77", T0 - 7 * HOUR); /* over */
    track("5", "77", T0 - 5 * HOUR); /* it plays */
    int64_t told = track("6", "77", T0 + HOUR), lost = track("7", "77", T0 + HOUR);
    struct event known;
    scratch_ok(store_event_at(store, told, &known, &err), &err);
    scratch_ok(plan_describe(store, &known, 1, T0 - HOUR, &err), &err);
    scratch_ok(store_set_state(store, lost, EVENT_UNTRACKED, &err), &err);
    scratch_ok(store_event_at(store, 1, &event, &err), &err);
    scratch_ok(plan_kin(store, &event, T0, T0 - 2 * HOUR, &ids, &count, &err), &err);
    assert_int_equal(count, 3);
    assert_true(ids[0] == 1 && ids[1] == 2 && ids[2] == 5);
    mem_free(ids);
    scratch_ok(plan_kin(store, &event, T0, T0, &ids, &count, &err), &err);
    assert_int_equal(count, 4);
    mem_free(ids);
    event.performer_id[0] = '\0';
    scratch_ok(plan_kin(store, &event, T0, T0, &ids, &count, &err), &err);
    assert_int_equal(count, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_wish_changes_only_what_it_names),
        T(facts_are_what_the_polls_say),
        T(only_what_is_tracked_is_listed),
        T(what_is_told_is_kept_of_events_that_are_tracked),
        T(kin_are_the_events_of_a_performer_that_are_to_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
