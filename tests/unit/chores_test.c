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

static bool run(struct store *store, const struct conf *conf, struct err *err)
{
    (void)store, (void)conf;
    runs++;
    return !failing || err_set(err, ERR_REMOTE, "nobody answers");
}

static void a_chore_runs_at_its_interval_and_its_end_is_kept(void **state)
{
    (void)state;
    static const struct chore table[] = {{"sync", CLOCK_HOUR_MS, run}, {NULL, 0, NULL}};
    struct store *store = scratch_open(scratch_path);
    chores_look(store, NULL, table, T0);
    chores_look(store, NULL, table, T0 + CLOCK_HOUR_MS - 1);
    assert_int_equal(runs, 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(
        a_chore_runs_at_its_interval_and_its_end_is_kept, scratch_make, scratch_remove)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
