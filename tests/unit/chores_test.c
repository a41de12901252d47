#include "core/chores.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scratch.h"

#define T0 INT64_C(1770660000000)

static struct conf *conf;

static int begin(void **state)
{
    struct err err = {0};
    if (scratch_make(state) != 0)
        return -1;
    conf = conf_open(NULL, scratch_path, &err);
    return conf ? 0 : -1;
}

static int end(void **state)
{
    conf_close(conf);
    return scratch_remove(state);
}

static int64_t stored(const char *sql)
{
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    return scratch_number(store, sql);
}

/* ---- one look ---- */

static int runs, failing;

static bool run(struct store *store, const struct conf *settings, void *state, struct buf *note,
                struct err *err)
{
    (void)store, (void)settings, (void)state;
    runs++;
    buf_puts(note, "forgot 3 alerts");
    return !failing || err_set(err, ERR_REMOTE, "nobody answers");
}

static void a_chore_runs_at_its_interval_and_its_end_is_kept(void **state)
{
    (void)state;
    static const struct chore chore = {"sync", CLOCK_HOUR_MS, run};
    assert_int_equal(chores_look(conf, &chore, NULL, T0), T0 + CLOCK_HOUR_MS);
    assert_int_equal(chores_look(conf, &chore, NULL, T0 + CLOCK_HOUR_MS - 1), T0 + CLOCK_HOUR_MS);
    assert_int_equal(runs, 1);
    assert_int_equal(stored("SELECT count(*) FROM chore WHERE good = 1 AND reason = "
                            "'forgot 3 alerts'"),
                     1);
    failing = 1;
    assert_int_equal(chores_look(conf, &chore, NULL, T0 + CLOCK_HOUR_MS), T0 + 2 * CLOCK_HOUR_MS);
    assert_int_equal(runs, 2);
    assert_int_equal(stored("SELECT count(*) FROM chore WHERE good = 0 AND reason = "
                            "'nobody answers'"),
                     1);
    chores_look(conf, &chore, NULL, T0); /* the clock was ahead */
    assert_int_equal(runs, 3);
}

static bool nobody_wants(const struct conf *settings)
{
    return settings == NULL;
}

static void a_chore_that_is_not_wanted_leaves_no_trace(void **state)
{
    (void)state;
    static const struct chore chore = {"sync", CLOCK_HOUR_MS, run, nobody_wants};
    runs = 0;
    assert_int_equal(chores_look(conf, &chore, NULL, T0), T0); /* it may be wanted soon */
    assert_int_equal(runs, 0);
    assert_int_equal(access(scratch_path, F_OK), -1); /* the store was not opened */
}

static void maintenance_waits_for_no_reader(void **state)
{
    (void)state;
    struct err err = {0};
    const struct chore *chore = chores_table();
    while (strcmp(chore->name, "maintenance") != 0)
        chore++;
    AUTO_STORE struct store *writer = scratch_open(scratch_path);
    AUTO_DB struct db *reader = db_open(scratch_path, DB_READ, &err);
    scratch_ok(reader && db_begin_read(reader, &err), &err);
    AUTO_STMT struct stmt stmt = {0};
    scratch_ok(db_prepare(reader, SQL_STORE_BYTES, &stmt, &err) &&
                   stmt_step(&stmt, &err) == STEP_ROW,
               &err);
    stmt_release(&stmt);
    scratch_event(writer); /* the reader stays in the state before it */
    int64_t started_ms = clock_monotonic_ms();
    assert_int_equal(chores_look(conf, chore, NULL, T0), T0 + CLOCK_DAY_MS);
    assert_true(clock_monotonic_ms() - started_ms < 5000); /* a writer waits for ten seconds */
    assert_int_equal(scratch_number(writer, "SELECT count(*) FROM chore WHERE good"), 1);
    db_rollback(reader);
}

static bool count(struct store *store, const struct conf *settings, void *state, struct buf *note,
                  struct err *err)
{
    (void)store, (void)settings, (void)err;
    buf_printf(note, "%d", ++*(int *)state);
    return true;
}

static void a_chore_finds_again_what_it_remembers(void **state)
{
    (void)state;
    static const struct chore chore = {"alerts", CLOCK_MINUTE_MS, count,
                                       .state_bytes = sizeof(int)};
    int remembered = 0;
    for (int i = 1; i <= 3; i++)
        chores_look(conf, &chore, &remembered, T0 + i * CLOCK_MINUTE_MS);
    assert_int_equal(stored("SELECT reason FROM chore"), 3);
}

/* ---- their threads ---- */

enum { SOON_S = 5, LATE_S = 30 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t news = PTHREAD_COND_INITIALIZER;
static int stuck, counted; /* how often one began, or ended */
static bool freed;

static void tell(int *what)
{
    pthread_mutex_lock(&lock);
    ++*what;
    pthread_cond_broadcast(&news);
    pthread_mutex_unlock(&lock);
}

/* Waits until something was told of so often; false when that takes too long. */
static bool hear(const int *what, int times)
{
    struct timespec until = {.tv_sec = clock_monotonic_ms() / 1000 + LATE_S};
    int trouble = 0;
    pthread_mutex_lock(&lock);
    while (*what < times && trouble != ETIMEDOUT)
        trouble = pthread_cond_clockwait(&news, &lock, CLOCK_MONOTONIC, &until);
    bool heard = *what >= times;
    pthread_mutex_unlock(&lock);
    return heard;
}

static void set_free(bool wanted)
{
    pthread_mutex_lock(&lock);
    freed = wanted;
    pthread_cond_broadcast(&news);
    pthread_mutex_unlock(&lock);
}

static bool get_stuck(struct store *store, const struct conf *settings, void *state,
                      struct buf *note, struct err *err)
{
    (void)store, (void)settings, (void)state, (void)note, (void)err;
    tell(&stuck);
    pthread_mutex_lock(&lock);
    while (!freed)
        pthread_cond_wait(&news, &lock);
    pthread_mutex_unlock(&lock);
    return true;
}

static bool count_and_tell(struct store *store, const struct conf *settings, void *state,
                           struct buf *note, struct err *err)
{
    bool counts = count(store, settings, state, note, err);
    tell(&counted);
    return counts;
}

static void a_chore_that_takes_long_holds_up_no_other(void **state)
{
    (void)state;
    static const struct chore table[] = {
        {"sync", CLOCK_HOUR_MS, get_stuck},
        {"alerts", CLOCK_MINUTE_MS, count_and_tell, .state_bytes = sizeof(int)},
        {"maintenance", CLOCK_DAY_MS, count_and_tell, .state_bytes = sizeof(int)},
        {NULL},
    };
    stuck = counted = 0;
    set_free(false);
    struct chores *chores = chores_open(table, NULL, scratch_path);
    bool began = hear(&stuck, 1), went_on = hear(&counted, 2);
    set_free(true);
    chores_close(chores);
    assert_true(began);
    assert_true(went_on);
    assert_int_equal(stuck, 1); /* nor did it begin again meanwhile */
    assert_int_equal(stored("SELECT count(*) FROM chore WHERE good"), 3);
    /* each remembers what is its own */
    assert_int_equal(stored("SELECT count(*) FROM chore WHERE reason = '1'"), 2);
}

static void chores_that_wait_end_at_once(void **state)
{
    (void)state;
    static const struct chore table[] = {
        {"alerts", CLOCK_MINUTE_MS, count_and_tell, .state_bytes = sizeof(int)},
        {"maintenance", CLOCK_DAY_MS, count_and_tell, .state_bytes = sizeof(int)},
        {"sync", CLOCK_HOUR_MS, count_and_tell, nobody_wants},
        {NULL},
    };
    counted = 0;
    struct chores *chores = chores_open(table, NULL, scratch_path);
    bool ran = hear(&counted, 2);
    int64_t asked_ms = clock_monotonic_ms();
    chores_close(chores);
    assert_true(clock_monotonic_ms() - asked_ms < SOON_S * 1000); /* they look every ten seconds */
    assert_true(ran);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        T(a_chore_runs_at_its_interval_and_its_end_is_kept),
        T(a_chore_that_is_not_wanted_leaves_no_trace),
        T(maintenance_waits_for_no_reader),
        T(a_chore_finds_again_what_it_remembers),
        T(a_chore_that_takes_long_holds_up_no_other),
        T(chores_that_wait_end_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
