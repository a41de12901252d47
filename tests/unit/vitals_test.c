#include "core/vitals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scratch.h"

#define T0 INT64_C(1770660000000)

static struct store *store;
static struct conf *conf;

static int begin(void **state)
{
    struct err err = {0};
    if (scratch_make(state) != 0)
        return -1;
    unsetenv("TWS_DATABASE_URL");
    conf = conf_open("/dev/null", NULL, &err);
    scratch_ok(conf != NULL, &err);
    store = scratch_open(scratch_path);
    return 0;
}

static int end(void **state)
{
    store_close(store);
    conf_close(conf);
    return scratch_remove(state);
}

static struct vitals look(void)
{
    struct err err = {0};
    struct vitals vitals;
    scratch_ok(vitals_read(store, conf, T0, &vitals, &err), &err);
    return vitals;
}

static void of_an_empty_store_nothing_is_made_up(void **state)
{
    (void)state;
    struct vitals vitals = look();
    assert_int_equal(vitals.polls, 0);
    assert_int_equal(vitals.took_ms[0], -1);
    assert_int_equal(vitals.growth_days, 0);
    assert_int_equal(vitals.rollup_lag_ms, 0);
    assert_int_equal(vitals.sync_lag_ms, -1);
    assert_int_equal(vitals.chore_count, 0);
    assert_true(vitals.bytes > 0);
}

/* A hundred attempts of 1 to 100 ms within the day, and slow ones before it. */
static void the_last_day_counts(void **state)
{
    (void)state;
    scratch_run(store,
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
                "INSERT INTO attempt (job_id, number, event_id, worker, started_ms, took_ms)"
                " SELECT i, 1, 1, 'w', 1770660000000 - i * 1000, i FROM n"
                " UNION ALL SELECT 1000 + i, 1, 1, 'w', 1770660000000 - 86400001, 9999 FROM n;"
                "INSERT INTO snapshot (event_id, at_ms, outcome) VALUES"
                " (1, 1770660000000 - 86400000, 0), (1, 1770660000000 - 86400001, 0),"
                " (1, 1770660000000 - 5, 1), (1, 1770660000000 - 4, 3), (1, 1770660000000, 5)");
    struct vitals vitals = look();
    assert_int_equal(vitals.polls, 4);
    assert_int_equal(vitals.good, 2);
    assert_in_range(vitals.took_ms[0], 50, 51);
    assert_in_range(vitals.took_ms[1], 95, 96);
    assert_in_range(vitals.took_ms[2], 99, 100);
}

static void growth_is_by_the_day(void **state)
{
    (void)state;
    char sql[200];
    int64_t today = T0 / CLOCK_DAY_MS;
    snprintf(sql, sizeof sql,
             "INSERT INTO store_size VALUES (%lld, 10), (%lld, 1000), (%lld, 5000)",
             (long long)today - 40, (long long)today - 10, (long long)today);
    scratch_run(store, sql);
    struct vitals vitals = look();
    assert_int_equal(vitals.growth_days, 10);
    assert_int_equal(vitals.growth_bytes, 400);
}

/* 1 was polled last, 2 before it and failed since, 3 never, 4 is over, 5 was given up. */
static void freshness_tells_the_stalest_first(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_FRAME struct frame all = {0}, one = {0};
    scratch_run(store,
                "INSERT INTO event (id, platform, external_id, date_ms, state) VALUES"
                " (1, 'v', '1', NULL, 0), (2, 'v', '2', 1770660000001, 0), (3, 'v', '3', NULL, 0),"
                " (4, 'v', '4', 1770660000000, 0), (5, 'v', '5', NULL, 1);"
                "INSERT INTO snapshot (event_id, at_ms, outcome) VALUES"
                " (1, 900, 0), (2, 100, 4), (2, 800, 1), (2, 850, 4), (2, 950, 3), (3, 900, 4)");
    scratch_ok(vitals_freshness(store, T0, 10, &all, &err), &err);
    assert_int_equal(all.row_count, 3);
    static const char *const events[] = {"v:3", "v:2", "v:1"};
    static const int64_t failed[] = {1, 2, 0}, good[] = {-1, 800, 900};
    for (size_t row = 0; row < 3; row++) {
        assert_string_equal(frame_at(&all, row, 0)->text, events[row]);
        assert_int_equal(frame_at(&all, row, 1)->known ? frame_at(&all, row, 1)->number : -1,
                         good[row]);
        assert_int_equal(frame_at(&all, row, 2)->number, failed[row]);
    }
    scratch_ok(vitals_freshness(store, T0, 1, &one, &err), &err);
    assert_int_equal(one.row_count, 1);
    assert_string_equal(frame_at(&one, 0, 0)->text, "v:3");
}

static const struct frame_cell *named(const struct frame *frame, const char *name,
                                      const char *column)
{
    for (size_t row = 0; row < frame->row_count; row++)
        if (strcmp(frame_at(frame, row, 0)->text, name) == 0)
            return frame_get(frame, row, column);
    return NULL;
}

static void chores_and_lags_are_rows(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_FRAME struct frame alone = {0}, team = {0};
    scratch_run(store, "INSERT INTO chore VALUES ('maintenance', 5, 40, 1, 'forgot 2 alerts'),"
                       " ('alerts', 6, 3, 1, ''), ('sync', 7, 9, 0, 'nobody answers')");
    scratch_ok(vitals_frame(store, conf, T0, &alone, &err), &err);
    assert_string_equal(named(&alone, "chore_maintenance", "detail")->text, "forgot 2 alerts");
    assert_string_equal(named(&alone, "chore_alerts", "detail")->text, "done");
    assert_string_equal(named(&alone, "chore_sync", "detail")->text, "nobody answers");
    assert_true(named(&alone, "chore_maintenance", "value")->real == 40);
    assert_null(named(&alone, "sync_lag", "value"));
    assert_false(named(&alone, "success_24h", "value")->known);
    conf_close(conf);
    setenv("TWS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", 1);
    conf = conf_open("/dev/null", NULL, &err);
    scratch_run(store, "INSERT INTO outbox (topic, event_id, bucket, since_ms)"
                       " VALUES (1, 1, 1, 1770660000000 - 90000), (4, 1, 1, 5)");
    scratch_ok(vitals_frame(store, conf, T0, &team, &err), &err);
    assert_true(named(&team, "sync_lag", "value")->real == 90);
    unsetenv("TWS_DATABASE_URL");
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(of_an_empty_store_nothing_is_made_up),
        T(the_last_day_counts),
        T(growth_is_by_the_day),
        T(freshness_tells_the_stalest_first),
        T(chores_and_lags_are_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
