/* Jobs in the local store. What SQLite counts is the oracle. */
#include "core/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sandglass.h"
#include "scratch.h"

#define T0 SANDGLASS_START_MS
#define MINUTE CLOCK_MINUTE_MS

static struct store *store;
static struct queue queue;
static struct queue_job jobs[WATCH_SLOTS_MAX];
static size_t count;

static int begin(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    store = scratch_open(scratch_path);
    sandglass_track(store, 20);
    queue_init(&queue, store, 3);
    return 0;
}

static int end(void **state)
{
    store_close(store);
    return scratch_remove(state);
}

static void add(int64_t event_id, enum schedule_priority priority, int64_t now_ms)
{
    struct err err = {0};
    struct queue_job job = {.event_id = event_id, .priority = priority};
    scratch_ok(queue_add(&queue, &job, 1, now_ms, &err), &err);
}

static void claim(size_t most, int64_t now_ms)
{
    struct err err = {0};
    scratch_ok(queue_claim(&queue, now_ms, jobs, most, &count, &err), &err);
}

static void finish(const struct queue_job *job, enum outcome outcome, int64_t due_ms)
{
    struct err err = {0};
    struct queue_attempt attempt = {outcome, 120, 1000, outcome_is_good(outcome) ? "" : "no luck"};
    scratch_ok(queue_finish(&queue, job, &attempt, queue_verdict(&queue, job, outcome), due_ms,
                            T0 + MINUTE, &err),
               &err);
}

static int64_t number(const char *sql)
{
    return scratch_number(store, sql);
}

static void an_event_has_one_job_at_a_time(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL, T0);
    add(1, SCHEDULE_HIGH, T0 + 1);
    assert_int_equal(number("SELECT count(*) FROM job"), 1);
    claim(10, T0 + 2);
    assert_int_equal(count, 1);
    add(1, SCHEDULE_NORMAL, T0 + 3); /* while it is worked at */
    claim(10, T0 + 4);
    assert_int_equal(count, 0);
}

static void a_job_is_claimed_once_and_not_before_it_is_due(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL, T0);
    claim(10, T0 - 1);
    assert_int_equal(count, 0);
    claim(10, T0);
    assert_int_equal(count, 1);
    assert_int_equal(jobs[0].event_id, 1);
    assert_int_equal(jobs[0].attempts, 1);
    claim(10, T0);
    assert_int_equal(count, 0);
}

static void a_higher_priority_comes_first_until_the_other_has_waited_longer(void **state)
{
    (void)state;
    add(1, SCHEDULE_LOW, T0);
    add(2, SCHEDULE_NORMAL, T0 + MINUTE);
    add(3, SCHEDULE_HIGH, T0 + 19 * MINUTE);
    add(4, SCHEDULE_HIGH, T0 + 21 * MINUTE); /* more than two steps after the first */
    /* less ten minutes a step they were due at 0, -9, -1 and 1 */
    static const int64_t wanted[] = {2, 3, 1, 4};
    for (int i = 0; i < 4; i++) {
        claim(1, T0 + 30 * MINUTE);
        assert_int_equal(count, 1);
        assert_int_equal(jobs[0].event_id, wanted[i]);
    }
}

static void what_ends_well_leaves_its_attempt(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL, T0);
    claim(1, T0);
    finish(&jobs[0], OUTCOME_OK, 0);
    assert_int_equal(number("SELECT count(*) FROM job"), 0);
    assert_int_equal(number("SELECT took_ms FROM attempt WHERE outcome = 0 AND event_id = 1"), 120);
    add(2, SCHEDULE_NORMAL, T0);
    claim(1, T0);
    finish(&jobs[0], OUTCOME_NOT_FOUND, 0); /* which no further attempt would change */
    assert_int_equal(number("SELECT count(*) FROM job"), 0);
}

static void what_fails_is_tried_again_when_it_is_due_and_dies_after_the_last_attempt(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL, T0);
    for (int attempt = 1; attempt <= 3; attempt++) {
        claim(1, T0 + attempt * MINUTE - 1);
        assert_int_equal(count, attempt == 1);
        if (count == 0)
            claim(1, T0 + attempt * MINUTE);
        assert_int_equal(jobs[0].attempts, attempt);
        finish(&jobs[0], OUTCOME_NETWORK, T0 + (attempt + 1) * MINUTE);
    }
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 2 AND reason = 'no luck'"), 1);
    assert_int_equal(number("SELECT count(*) FROM attempt WHERE outcome = 7"), 3);
    claim(1, T0 + 1000 * MINUTE);
    assert_int_equal(count, 0);
    add(1, SCHEDULE_NORMAL, T0); /* its event goes on */
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 0"), 1);
}

static void what_waits_for_another_attempt_takes_its_turn_from_when_it_is_due(void **state)
{
    (void)state;
    for (int id = 1; id <= 3; id++) {
        add(id, (enum schedule_priority)(id - 1), T0);
        claim(1, T0);
        finish(&jobs[0], OUTCOME_NETWORK, T0 + 30 * MINUTE);
    }
    add(4, SCHEDULE_LOW, T0 + 12 * MINUTE);
    claim(10, T0 + 30 * MINUTE - 1);
    assert_int_equal(count, 1);
    add(5, SCHEDULE_LOW, T0 + 12 * MINUTE);
    /* less ten minutes a step they are due at 10, 12, 20 and 30 */
    static const int64_t wanted[] = {3, 5, 2, 1};
    for (int i = 0; i < 4; i++) {
        claim(1, T0 + 30 * MINUTE);
        assert_int_equal(count, 1);
        assert_int_equal(jobs[0].event_id, wanted[i]);
    }
}

static void a_released_job_was_not_attempted(void **state)
{
    (void)state;
    struct err err = {0};
    add(1, SCHEDULE_NORMAL, T0);
    claim(1, T0);
    scratch_ok(queue_finish(&queue, &jobs[0], NULL, QUEUE_RELEASED, T0 + MINUTE, T0, &err), &err);
    assert_int_equal(number("SELECT count(*) FROM attempt"), 0);
    claim(1, T0 + MINUTE);
    assert_int_equal(jobs[0].attempts, 1);
}

static void a_lease_that_runs_out_lets_another_worker_take_over(void **state)
{
    (void)state;
    struct err err = {0};
    struct queue other = queue;
    snprintf(other.worker, sizeof other.worker, "elsewhere:1");
    add(1, SCHEDULE_NORMAL, T0);
    claim(1, T0);
    scratch_ok(queue_beat(&other, T0 + QUEUE_LEASE_MS, &err), &err);
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 1"), 1);
    scratch_ok(queue_beat(&queue, T0 + QUEUE_LEASE_MS, &err), &err);
    scratch_ok(queue_beat(&other, T0 + QUEUE_LEASE_MS + 1, &err), &err);
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 1"),
                     1); /* it has said that it is alive */
    scratch_ok(queue_beat(&other, T0 + 2 * QUEUE_LEASE_MS + 1, &err), &err);
    scratch_ok(queue_claim(&other, T0 + 2 * QUEUE_LEASE_MS + 1, jobs, 1, &count, &err), &err);
    assert_int_equal(count, 1);
    assert_int_equal(jobs[0].attempts, 2);
}

static void after_a_crash_jobs_wait_again_unless_their_poll_is_stored(void **state)
{
    (void)state;
    struct err err = {0};
    for (int id = 1; id <= 5; id++)
        add(id, SCHEDULE_NORMAL, T0);
    claim(5, T0);
    struct store_failure failure = {T0 + 10, OUTCOME_NETWORK, 1, 1, "x"};
    scratch_ok(store_save_failure(store, 2, &failure, &err), &err);
    failure.outcome = OUTCOME_NOT_FOUND; /* which no further attempt would change */
    scratch_ok(store_save_failure(store, 5, &failure, &err), &err);
    stall_poll(store, 1, T0 + 10,
               (struct stall_item[]){{"A", "Lower", "101", 2, 100}, STALL_NO_LISTING});
    scratch_ok(store_set_state(store, 4, EVENT_UNTRACKED, &err), &err);
    scratch_ok(queue_recover(&queue, MINUTE, T0 + 20, &err), &err);
    assert_int_equal(number("SELECT count(*) FROM job"), 2);
    claim(4, T0 + 20);
    assert_int_equal(count, 2);
    assert_int_equal(jobs[0].event_id + jobs[1].event_id, 2 + 3);
    /* a third loss is the end of it */
    scratch_ok(queue_recover(&queue, MINUTE, T0 + 30, &err), &err);
    claim(4, T0 + 30);
    scratch_ok(queue_recover(&queue, MINUTE, T0 + 40, &err), &err);
    assert_int_equal(number("SELECT count(*) FROM job WHERE state = 2"), 2);
}

static void a_clock_that_was_ahead_makes_no_job_wait_for_it(void **state)
{
    (void)state;
    struct err err = {0};
    for (int id = 1; id <= 3; id++)
        add(id, (enum schedule_priority)(id - 1), T0 + 3650 * CLOCK_DAY_MS);
    scratch_ok(queue_recover(&queue, MINUTE, T0, &err), &err);
    claim(10, T0 + MINUTE);
    assert_int_equal(count, 3);
}

static void a_shifted_clock_keeps_what_waits(void **state)
{
    (void)state;
    struct err err = {0};
    add(1, SCHEDULE_NORMAL, T0 + MINUTE);
    scratch_ok(queue_shift(&queue, -CLOCK_HOUR_MS, &err), &err);
    claim(1, T0 - CLOCK_HOUR_MS + MINUTE - 1);
    assert_int_equal(count, 0);
    claim(1, T0 - CLOCK_HOUR_MS + MINUTE);
    assert_int_equal(count, 1);
}

static void bury(int64_t event_id)
{
    add(event_id, SCHEDULE_NORMAL, T0);
    for (int i = 0; i < 3; i++) {
        claim(1, T0);
        finish(&jobs[0], OUTCOME_NETWORK, T0);
    }
}

static void a_dead_letter_can_be_retried_and_dropped(void **state)
{
    (void)state;
    struct err err = {0};
    bury(1);
    int64_t id = jobs[0].id;
    assert_false(queue_retry(store, id + 1, T0, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    add(2, SCHEDULE_HIGH, T0 - 1);
    scratch_ok(queue_retry(store, id, T0, &err), &err);
    claim(1, T0);
    assert_int_equal(jobs[0].id, id);
    assert_int_equal(jobs[0].attempts, 1);
    assert_false(queue_drop(store, id, &err));
    assert_int_equal(err.code, ERR_BUSY);
    assert_false(queue_retry(store, id, T0, &err));
    assert_int_equal(err.code, ERR_USAGE);
    finish(&jobs[0], OUTCOME_OK, 0);
    claim(1, T0);
    finish(&jobs[0], OUTCOME_OK, 0);
    bury(2);
    scratch_ok(queue_drop(store, jobs[0].id, &err), &err);
    assert_int_equal(number("SELECT count(*) FROM job"), 0);
}

static void a_dead_letter_whose_event_goes_on_is_not_retried(void **state)
{
    (void)state;
    struct err err = {0};
    bury(1);
    int64_t id = jobs[0].id;
    add(1, SCHEDULE_NORMAL, T0);
    assert_false(queue_retry(store, id, T0, &err));
    assert_non_null(strstr(err.text, "another job"));
}

static void history_is_kept_for_as_long_as_is_asked(void **state)
{
    (void)state;
    struct err err = {0};
    bury(1);
    scratch_ok(queue_prune(&queue, T0, &err), &err);
    assert_int_equal(number("SELECT count(*) FROM attempt"), 3);
    scratch_ok(queue_prune(&queue, T0 + 2 * MINUTE, &err), &err);
    assert_int_equal(number("SELECT count(*) FROM attempt"), 0);
    assert_int_equal(number("SELECT count(*) FROM job"), 0);
}

static void counts_are_those_of_the_store(void **state)
{
    (void)state;
    struct err err = {0};
    struct queue_counts counts;
    scratch_ok(queue_count(store, &counts, &err), &err);
    assert_int_equal(counts.first_ms, -1);
    bury(1);
    add(2, SCHEDULE_NORMAL, T0);
    claim(1, T0);
    add(3, SCHEDULE_NORMAL, T0 + 5);
    scratch_ok(queue_count(store, &counts, &err), &err);
    assert_int_equal(counts.waiting, 1);
    assert_int_equal(counts.leased, 1);
    assert_int_equal(counts.dead, 1);
    assert_int_equal(counts.first_ms, T0 + 5);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        T(an_event_has_one_job_at_a_time),
        T(a_job_is_claimed_once_and_not_before_it_is_due),
        T(a_higher_priority_comes_first_until_the_other_has_waited_longer),
        T(what_ends_well_leaves_its_attempt),
        T(what_fails_is_tried_again_when_it_is_due_and_dies_after_the_last_attempt),
        T(what_waits_for_another_attempt_takes_its_turn_from_when_it_is_due),
        T(a_released_job_was_not_attempted),
        T(a_lease_that_runs_out_lets_another_worker_take_over),
        T(after_a_crash_jobs_wait_again_unless_their_poll_is_stored),
        T(a_clock_that_was_ahead_makes_no_job_wait_for_it),
        T(a_shifted_clock_keeps_what_waits),
        T(a_dead_letter_can_be_retried_and_dropped),
        T(a_dead_letter_whose_event_goes_on_is_not_retried),
        T(history_is_kept_for_as_long_as_is_asked),
        T(counts_are_those_of_the_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
