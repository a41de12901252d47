#include "base/clock.h"
#include "core/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"

static const char tenant[] = "00000000-0000-4000-8000-000000000001";

static struct store *begin(void)
{
    unlink(scratch_path);
    return scratch_open(scratch_path);
}

static int64_t waiting(struct store *store, enum outbox_topic topic)
{
    int64_t counts[OUTBOX_TOPICS];
    struct err err = {0};
    scratch_ok(outbox_waiting(store, counts, &err), &err);
    return counts[topic];
}

static int64_t claim(struct store *store, enum outbox_topic topic, int64_t most_rows,
                     struct outbox_batch *batch)
{
    struct err err = {0};
    int64_t count;
    struct outbox_key last;
    struct outbox_want want = {topic, tenant, {INT64_MIN, INT64_MIN}, most_rows};
    scratch_ok(outbox_claim(store, &want, batch, &count, &last, &err), &err);
    return count;
}

static void settle(struct store *store, const struct outbox_batch *batch, bool snapshots)
{
    struct err err = {0};
    scratch_ok(outbox_settle(store, batch, snapshots, &err), &err);
}

static void add_hour(struct store *store, int bucket, int source)
{
    char sql[256];
    for (int kind = 0; kind <= 2; kind++) {
        snprintf(sql, sizeof sql,
                 "INSERT INTO rollup (event_id, grain, kind, bucket, scope_id, source_id, "
                 "snapshots, last_offset, tickets, listings, lowest, highest, count, sum) VALUES "
                 "(1, 0, %d, %d, %d, %d, 1, 0, 0, 0, 0, 0, 0, 0)",
                 kind, bucket, kind, source);
        scratch_run(store, sql);
    }
}

static void an_event_and_its_hours_are_marked(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = begin();
    scratch_event(store);
    assert_int_equal(waiting(store, OUTBOX_EVENTS), 1);
    add_hour(store, 10, 1);
    add_hour(store, 11, 1);
    assert_int_equal(waiting(store, OUTBOX_HOURS), 2);
    assert_int_equal(waiting(store, OUTBOX_DAYS), 0);
}

static void what_was_pulled_is_not_marked(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = begin();
    scratch_event(store);
    scratch_run(store, "INSERT INTO source (id, uuid) VALUES (2, 'other')");
    add_hour(store, 10, 2);
    scratch_run(store, "DELETE FROM rollup WHERE source_id = 2");
    assert_int_equal(waiting(store, OUTBOX_HOURS), 0);
}

static void a_batch_keeps_its_name_until_it_is_settled(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = begin();
    struct err err = {0};
    struct outbox_batch batch, pending;
    bool any;
    scratch_event(store);
    add_hour(store, 10, 1);
    assert_int_equal(claim(store, OUTBOX_HOURS, 100, &batch), 1);
    scratch_ok(outbox_pending(store, &pending, &any, &err), &err);
    assert_true(any);
    assert_string_equal(pending.uuid, batch.uuid);
    assert_string_equal(pending.tenant, tenant);
    assert_int_equal(pending.topic, OUTBOX_HOURS);
    settle(store, &batch, false);
    assert_int_equal(waiting(store, OUTBOX_HOURS), 0);
    scratch_ok(outbox_pending(store, &pending, &any, &err), &err);
    assert_false(any);
}

static void the_oldest_batch_is_told_first(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = begin();
    struct err err = {0};
    struct outbox_batch batches[2], pending;
    bool any;
    scratch_event(store);
    add_hour(store, 10, 1);
    assert_int_equal(claim(store, OUTBOX_HOURS, 100, &batches[0]), 1);
    add_hour(store, 11, 1);
    assert_int_equal(claim(store, OUTBOX_HOURS, 100, &batches[1]), 1);
    for (int i = 0; i < 2; i++) {
        scratch_ok(outbox_pending(store, &pending, &any, &err), &err);
        assert_true(any);
        assert_string_equal(pending.uuid, batches[i].uuid);
        settle(store, &batches[i], false);
    }
    assert_int_equal(waiting(store, OUTBOX_HOURS), 0);
}

static void what_changes_under_way_waits_again(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = begin();
    struct outbox_batch batch, next;
    scratch_event(store);
    add_hour(store, 10, 1);
    add_hour(store, 11, 1);
    assert_int_equal(claim(store, OUTBOX_HOURS, 100, &batch), 2);
    scratch_run(store, "DELETE FROM rollup WHERE bucket = 11");
    add_hour(store, 11, 1);
    settle(store, &batch, false);
    assert_int_equal(waiting(store, OUTBOX_HOURS), 1);
    assert_int_equal(scratch_number(store, "SELECT replaced FROM outbox WHERE topic = 1"), 1);
    assert_int_equal(claim(store, OUTBOX_HOURS, 100, &next), 1);
    assert_true(next.seq > batch.seq);
}

static void batches_are_as_large_as_wished(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = begin();
    struct outbox_batch batch;
    scratch_event(store);
    for (int bucket = 0; bucket < 10; bucket++)
        add_hour(store, bucket, 1);
    assert_int_equal(claim(store, OUTBOX_HOURS, 7, &batch), 3); /* of three rows each */
    settle(store, &batch, false);
    assert_int_equal(claim(store, OUTBOX_HOURS, 1, &batch), 1);
    settle(store, &batch, false);
    assert_int_equal(claim(store, OUTBOX_HOURS, 1000, &batch), 6);
    settle(store, &batch, false);
    assert_int_equal(claim(store, OUTBOX_HOURS, 1000, &batch), 0);
}

static void what_is_released_waits(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = begin();
    struct err err = {0};
    struct outbox_batch batch;
    bool any;
    scratch_event(store);
    add_hour(store, 10, 1);
    claim(store, OUTBOX_HOURS, 100, &batch);
    scratch_ok(outbox_release(store, &batch, &err), &err);
    scratch_ok(outbox_pending(store, &batch, &any, &err), &err);
    assert_false(any);
    assert_int_equal(claim(store, OUTBOX_HOURS, 100, &batch), 1);
}

static void measures_wait_once_their_polls_are_sent_and_only_when_wanted(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = begin();
    struct outbox_batch batch;
    scratch_event(store);
    scratch_run(store, "INSERT INTO snapshot (event_id, at_ms, outcome) VALUES (1, 36000000, 0)");
    assert_int_equal(claim(store, OUTBOX_POLLS, 100, &batch), 1);
    settle(store, &batch, true);
    assert_int_equal(waiting(store, OUTBOX_POLLS), 0);
    assert_int_equal(waiting(store, OUTBOX_SNAPSHOTS), 1);
    scratch_run(store, "INSERT INTO snapshot (event_id, at_ms, outcome) VALUES (1, 72000000, 0)");
    assert_int_equal(claim(store, OUTBOX_POLLS, 100, &batch), 1);
    settle(store, &batch, false);
    assert_int_equal(waiting(store, OUTBOX_SNAPSHOTS), 1);
}

static void everything_is_marked_again(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = begin();
    struct err err = {0};
    struct outbox_batch batch;
    scratch_event(store);
    for (int bucket = 0; bucket < 5; bucket++)
        add_hour(store, bucket, 1);
    claim(store, OUTBOX_HOURS, 100, &batch);
    settle(store, &batch, false);
    scratch_ok(outbox_mark(store, OUTBOX_MARK_EVERYTHING, 2 * INT64_C(3600000), &err), &err);
    assert_int_equal(waiting(store, OUTBOX_HOURS), 3);
    struct outbox_day day = {1, ROLLUP_HOUR, 0};
    scratch_ok(outbox_mark_days(store, &day, 1, &err), &err);
    assert_int_equal(waiting(store, OUTBOX_HOURS), 24);
}

/* A store from before the outbox: all migrations but the first are taken back. */
static void forget_outbox(struct store *store)
{
    static const char *const triggers[] = {"event_new",    "event_changed",    "zone_new",
                                           "zone_changed", "section_new",      "section_changed",
                                           "place_new",    "snapshot_new",     "metric_new",
                                           "rollup_new",   "snapshot_changed", "rollup_gone"};
    for (size_t i = 0; i < sizeof triggers / sizeof *triggers; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "DROP TRIGGER outbox_%s", triggers[i]);
        scratch_run(store, sql);
    }
    static const char *const tables[] = {"outbox",  "outbox_batch", "plan",          "job",
                                         "attempt", "chore",        "store_size",    "alert_rule",
                                         "alert",   "alert_state",  "alert_message", "host"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "DROP TABLE %s", tables[i]);
        scratch_run(store, sql);
    }
    scratch_run(store, "DROP INDEX event_performer; ALTER TABLE event DROP COLUMN performer_id");
    scratch_run(store, "DELETE FROM migration WHERE version > 1");
}

static void what_was_collected_before_there_was_an_outbox_waits(void **state)
{
    (void)state;
    struct store *old = begin();
    scratch_event(old);
    scratch_run(old, "INSERT INTO source (id, uuid) VALUES (2, 'other')");
    add_hour(old, 10, 1);
    add_hour(old, 11, 1);
    add_hour(old, 12, 2);
    scratch_run(old, "INSERT INTO snapshot (event_id, at_ms, outcome) VALUES (1, 36000000, 0), "
                     "(1, 36600000, 3), (1, 39600000, 0)");
    forget_outbox(old);
    store_close(old);
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    assert_int_equal(waiting(store, OUTBOX_EVENTS), 1);
    assert_int_equal(waiting(store, OUTBOX_HOURS), 2);
    assert_int_equal(waiting(store, OUTBOX_POLLS), 2);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM outbox WHERE since_ms <= 0"), 0);
}

/* The first change that is not confirmed says how far behind the team is, however often it changes again. */
static void the_oldest_mark_keeps_its_age_until_it_is_settled(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = begin();
    struct err err = {0};
    struct outbox_batch batch;
    int64_t since_ms, count, now_ms = clock_now_ms();
    struct outbox_key last;
    struct outbox_want want = {OUTBOX_HOURS, "tenant", {0}, 100};
    scratch_event(store);
    scratch_run(store, "DELETE FROM outbox");
    scratch_ok(outbox_oldest(store, OUTBOX_POLLS, &since_ms, &err), &err);
    assert_int_equal(since_ms, -1);
    add_hour(store, 10, 1);
    scratch_ok(outbox_oldest(store, OUTBOX_POLLS, &since_ms, &err), &err);
    assert_true(since_ms >= now_ms - 1000 && since_ms < now_ms + 60 * 1000);
    scratch_run(store, "UPDATE outbox SET since_ms = 7");
    scratch_run(store, "DELETE FROM rollup");
    add_hour(store, 10, 1);
    scratch_ok(outbox_oldest(store, OUTBOX_POLLS, &since_ms, &err), &err);
    assert_int_equal(since_ms, 7);
    scratch_ok(outbox_oldest(store, OUTBOX_EVENTS, &since_ms, &err), &err);
    assert_int_equal(since_ms, -1);
    scratch_ok(outbox_claim(store, &want, &batch, &count, &last, &err), &err);
    scratch_ok(outbox_oldest(store, OUTBOX_POLLS, &since_ms, &err), &err);
    assert_int_equal(since_ms, 7);
    scratch_ok(outbox_settle(store, &batch, false, &err), &err);
    scratch_ok(outbox_oldest(store, OUTBOX_POLLS, &since_ms, &err), &err);
    assert_int_equal(since_ms, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_and_its_hours_are_marked),
        cmocka_unit_test(what_was_pulled_is_not_marked),
        cmocka_unit_test(a_batch_keeps_its_name_until_it_is_settled),
        cmocka_unit_test(the_oldest_batch_is_told_first),
        cmocka_unit_test(what_changes_under_way_waits_again),
        cmocka_unit_test(batches_are_as_large_as_wished),
        cmocka_unit_test(what_is_released_waits),
        cmocka_unit_test(measures_wait_once_their_polls_are_sent_and_only_when_wanted),
        cmocka_unit_test(everything_is_marked_again),
        cmocka_unit_test(the_oldest_mark_keeps_its_age_until_it_is_settled),
        cmocka_unit_test(what_was_collected_before_there_was_an_outbox_waits),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
