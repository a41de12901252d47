#include "core/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scratch.h"

#define T0 INT64_C(1770660000000)
#define MINUTE CLOCK_MINUTE_MS

static struct store *store;
static struct conf *conf;
static int64_t arrived, failed;

static int begin(void **state)
{
    struct err err = {0};
    if (scratch_make(state) != 0)
        return -1;
    setenv("TWS_ALERTS_EXEC", "false", 1); /* fails at once; nothing is said of a webhook */
    conf = conf_open("/dev/null", NULL, &err);
    scratch_ok(conf != NULL, &err);
    store = scratch_open(scratch_path);
    arrived = failed = 0;
    return 0;
}

static int end(void **state)
{
    store_close(store);
    conf_close(conf);
    unsetenv("TWS_ALERTS_EXEC");
    return scratch_remove(state);
}

/* A firing with a message that is due from T0 on. */
static void fire(int id, const char *way)
{
    char sql[400];
    snprintf(sql, sizeof sql,
             "INSERT OR IGNORE INTO alert (id, name, rule, fired_ms, value, threshold)"
             " VALUES (%d, 'few', 'tickets < 5', 1, 4, 5);"
             "INSERT INTO alert_message (alert_id, way, next_ms) VALUES (%d, '%s', %lld)",
             id, id, way, (long long)T0);
    scratch_run(store, sql);
}

static void send_at(int64_t now_ms)
{
    struct err err = {0};
    scratch_ok(notify_due(store, conf, now_ms, &arrived, &failed, &err), &err);
}

static int64_t count(const char *condition)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM alert_message WHERE %s", condition);
    return scratch_number(store, sql);
}

static void what_arrived_is_not_sent_again(void **state)
{
    (void)state;
    fire(1, "stderr");
    fire(2, "stderr");
    send_at(T0 - 1);
    assert_int_equal(arrived, 0);
    send_at(T0);
    assert_int_equal(arrived, 2);
    assert_int_equal(count("arrived_ms = 1770660000000 AND next_ms IS NULL AND reason IS NULL"), 2);
    send_at(T0 + MINUTE);
    assert_int_equal(arrived, 2);
    assert_int_equal(failed, 0);
}

/* After 1, 4, 16 and 64 minutes, and then no more. */
static void what_failed_is_tried_five_times_with_growing_pauses(void **state)
{
    (void)state;
    static const int64_t pauses_ms[] = {MINUTE, 4 * MINUTE, 16 * MINUTE, 64 * MINUTE};
    int64_t now_ms = T0;
    fire(1, "exec");
    for (size_t i = 0; i < 4; i++) {
        send_at(now_ms);
        assert_int_equal(failed, (int64_t)i + 1);
        send_at(now_ms + pauses_ms[i] - 1);
        assert_int_equal(failed, (int64_t)i + 1);
        now_ms += pauses_ms[i];
    }
    send_at(now_ms);
    assert_int_equal(failed, 5);
    assert_int_equal(count("tries = 5 AND next_ms IS NULL AND arrived_ms IS NULL AND reason <> ''"),
                     1);
    send_at(now_ms + CLOCK_DAY_MS);
    assert_int_equal(failed, 5);
}

static void one_way_that_fails_holds_up_no_other(void **state)
{
    (void)state;
    fire(1, "exec");
    fire(1, "webhook");
    fire(1, "stderr");
    send_at(T0);
    assert_int_equal(arrived, 1);
    assert_int_equal(failed, 2);
    assert_int_equal(count("way = 'webhook' AND reason LIKE '%alerts.webhook%'"), 1);
}

static void a_rule_of_a_newer_tws_is_told_all_the_same(void **state)
{
    (void)state;
    fire(1, "stderr");
    scratch_run(store, "UPDATE alert SET rule = 'moon-phase > 3', event_id = 99");
    send_at(T0);
    assert_int_equal(arrived, 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_arrived_is_not_sent_again),
        T(what_failed_is_tried_five_times_with_growing_pauses),
        T(one_way_that_fails_holds_up_no_other),
        T(a_rule_of_a_newer_tws_is_told_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
