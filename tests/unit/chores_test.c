#include "core/chores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scratch.h"

#define T0 INT64_C(1770660000000)

static int runs, failing;

static bool run(struct store *store, const struct conf *conf, struct buf *note, struct err *err)
{
    (void)store, (void)conf;
    runs++;
    buf_puts(note, "forgot 3 alerts");
    return !failing || err_set(err, ERR_REMOTE, "nobody answers");
}

static void a_chore_runs_at_its_interval_and_its_end_is_kept(void **state)
{
    (void)state;
    static const struct chore table[] = {{"sync", CLOCK_HOUR_MS, run, NULL}, {NULL, 0, NULL, NULL}};
    struct store *store = scratch_open(scratch_path);
    chores_look(store, NULL, table, T0);
    chores_look(store, NULL, table, T0 + CLOCK_HOUR_MS - 1);
    assert_int_equal(runs, 1);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM chore WHERE good = 1 AND reason = "
                                           "'forgot 3 alerts'"),
                     1);
    failing = 1;
    chores_look(store, NULL, table, T0 + CLOCK_HOUR_MS);
    assert_int_equal(runs, 2);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM chore WHERE good = 0 AND reason = "
                                           "'nobody answers'"),
                     1);
    chores_look(store, NULL, table, T0); /* the clock was ahead */
    assert_int_equal(runs, 3);
    store_close(store);
}

static bool has_team(const struct conf *conf)
{
    return conf != NULL;
}

static void a_chore_that_is_not_wanted_leaves_no_trace(void **state)
{
    (void)state;
    static const struct chore table[] = {{"sync", CLOCK_HOUR_MS, run, has_team},
                                         {NULL, 0, NULL, NULL}};
    struct store *store = scratch_open(scratch_path);
    runs = 0;
    chores_look(store, NULL, table, T0);
    assert_int_equal(runs, 0);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM chore"), 0);
    store_close(store);
}

#define T(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_chore_runs_at_its_interval_and_its_end_is_kept),
        T(a_chore_that_is_not_wanted_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
