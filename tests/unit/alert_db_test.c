#include "core/alert_db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"

static int64_t prune(struct store *store, int64_t before_ms)
{
    struct err err = {0};
    int64_t count = -1;
    scratch_ok(alert_db_prune(store, before_ms, &count, &err), &err);
    return count;
}

/* 1 ended long ago, 2 ended just now, 3 holds, 4 ended with a mail that is to be tried again. */
static void what_has_ended_long_ago_is_forgotten_with_its_messages(void **state)
{
    (void)state;
    struct store *store = scratch_open(scratch_path);
    scratch_run(
        store, "INSERT INTO alert (id, name, rule, fired_ms, value, threshold, told_ms, cleared_ms)"
               " VALUES (1, 'a', 'r', 100, 1, 2, 100, 200), (2, 'a', 'r', 100, 1, 2, NULL, 999),"
               " (3, 'a', 'r', 100, 1, 2, 100, NULL), (4, 'a', 'r', 100, 1, 2, 100, 200);"
               "INSERT INTO alert_message (alert_id, way, next_ms, arrived_ms)"
               " VALUES (1, 'mail', NULL, 150), (1, 'exec', NULL, NULL), (2, 'mail', NULL, 150),"
               " (4, 'mail', 5000, NULL), (4, 'exec', NULL, 150)");
    assert_int_equal(prune(store, 100), 0);
    assert_int_equal(prune(store, 200), 0);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM alert_message"), 5);
    assert_int_equal(prune(store, 201), 1);
    assert_int_equal(scratch_number(store, "SELECT sum(id) FROM alert"), 2 + 3 + 4);
    assert_int_equal(scratch_number(store, "SELECT sum(alert_id) FROM alert_message"), 2 + 4 + 4);
    scratch_run(store, "UPDATE alert_message SET next_ms = NULL");
    assert_int_equal(prune(store, 1000), 2);
    assert_int_equal(scratch_number(store, "SELECT sum(id) FROM alert"), 3);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM alert_message"), 0);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(
        what_has_ended_long_ago_is_forgotten_with_its_messages, scratch_make, scratch_remove)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
