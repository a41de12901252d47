/*
 * What core/queue.h promises, of both places where jobs are kept: `queue_test` asks the local store, `queue_test shared` a
 * team's PostgreSQL (tests/pg/queue.bats starts it). What SQLite and PostgreSQL count are the oracles. Where the two
 * differ by design a comment begins with "Local:" or "Shared:".
 */
#include "core/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/plan.h"
#include "desk.h"
#include "scratch.h"

#define T0 SANDGLASS_START_MS
#define MINUTE CLOCK_MINUTE_MS
#define INTERVAL (10 * MINUTE)

static struct queue *const here = &desk_here.queue;
static struct queue_job jobs[WATCH_SLOTS_MAX];
static size_t count;

/* Shared: the priority is what this workstation's plan says, and the job is due when the offer is heard. */
static void add(int64_t event_id, enum schedule_priority priority)
{
    struct err err = {0};
    struct plan_wish wish = {.every_ms = -1, .priority = priority};
    struct queue_job job = {.event_id = event_id, .priority = priority, .interval_ms = INTERVAL};
    scratch_ok(plan_set(desk_here.store, event_id, &wish, desk_told_ms(), &err), &err);
    scratch_ok(queue_add(here, &job, 1, desk_told_ms(), &err), &err);
    desk_tell(here);
}

/* Shared: an offer of nothing, since a claim that got less than it wanted pauses a little before it asks again. */
static void claim_as(struct queue *queue, size_t most)
{
    struct err err = {0};
    scratch_ok(queue_add(queue, NULL, 0, desk_told_ms(), &err), &err);
    scratch_ok(queue_claim(queue, desk_told_ms(), jobs, most, &count, &err), &err);
    assert_false(desk_shared && queue_share(queue)->away);
    for (size_t i = 0; i < count; i++)
        jobs[i].interval_ms = INTERVAL;
}

static void claim(size_t most)
{
    claim_as(here, most);
}

/* Claims one, which must be of that event and at its so-manieth attempt. */
static struct queue_job claim_of(struct queue *queue, int64_t event_id, int64_t attempts)
{
    claim_as(queue, 1);
    assert_int_equal(count, 1);
    assert_int_equal(jobs[0].event_id, event_id);
    assert_int_equal(jobs[0].attempts, attempts);
    return jobs[0];
}

static void claim_nothing(struct queue *queue)
{
    claim_as(queue, 10);
    assert_int_equal(count, 0);
}

/* Failures here are BAD_PAYLOAD. Shared: a refusal, as NETWORK is one, would slow the host of all. */
static void finish_as(struct queue *queue, const struct queue_job *job, enum outcome outcome,
                      int64_t due_ms)
{
    struct err err = {0};
    struct queue_attempt attempt = {outcome, 120, 1000, outcome_is_good(outcome) ? "" : "no luck",
                                    -1};
    scratch_ok(queue_finish(queue, job, &attempt, queue_verdict(queue, job, outcome),
                            due_ms + desk_ahead_ms, desk_told_ms(), &err),
               &err);
}

static void finish(enum outcome outcome, int64_t due_ms)
{
    finish_as(here, &jobs[0], outcome, due_ms);
}

static void release(int64_t due_ms)
{
    struct err err = {0};
    scratch_ok(queue_finish(here, &jobs[0], NULL, QUEUE_RELEASED, due_ms + desk_ahead_ms,
                            desk_told_ms(), &err),
               &err);
}

static void beat(struct queue *queue)
{
    struct err err = {0};
    scratch_ok(queue_beat(queue, desk_told_ms(), &err), &err);
}

/* The process is killed, and started again. */
static void restart(void)
{
    struct err err = {0};
    desk_leave(&desk_here);
    desk_join(&desk_here);
    scratch_ok(queue_recover(here, MINUTE, desk_told_ms(), &err), &err);
    desk_tell(here);
}

/* The last attempt fails; the event's next poll is due a minute later. The number of the dead letter. */
static int64_t bury(int64_t event_id)
{
    add(event_id, SCHEDULE_NORMAL);
    for (int i = 1; i <= DESK_ATTEMPTS; i++) {
        claim_of(here, event_id, i);
        finish(OUTCOME_BAD_PAYLOAD, desk_ms + (i == DESK_ATTEMPTS ? MINUTE : 0));
    }
    desk_tell(here);
    return jobs[0].id;
}

/* What this workstation's store has in its history of attempts, wherever the jobs are. */
static int64_t attempts(const char *condition)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM attempt WHERE %s", condition);
    return scratch_number(desk_here.store, sql);
}

static void an_event_has_one_job_at_a_time(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL);
    desk_at(T0 + 1);
    add(1, SCHEDULE_HIGH);
    assert_int_equal(desk_count(DESK_WAITING), 1);
    claim(10);
    assert_int_equal(count, 1);
    add(1, SCHEDULE_NORMAL); /* while it is worked at */
    claim_nothing(here);
    assert_int_equal(desk_count(DESK_LEASED), 1);
    assert_int_equal(desk_count(DESK_WAITING), 0);
}

static void a_job_is_claimed_once_and_not_before_it_is_due(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL);
    desk_at(T0 - 1);
    claim_nothing(here);
    desk_at(T0);
    claim_of(here, 1, 1);
    claim_nothing(here);
    claim_nothing(desk_other());
}

static void no_more_jobs_are_claimed_than_there_is_room_for(void **state)
{
    (void)state;
    for (int id = 1; id <= 5; id++)
        add(id, SCHEDULE_NORMAL);
    claim(2);
    assert_int_equal(count, 2);
    claim_as(desk_other(), 2);
    assert_int_equal(count, 2);
    claim(0);
    assert_int_equal(count, 0);
    assert_int_equal(desk_count(DESK_LEASED), 4);
    assert_int_equal(desk_count(DESK_WAITING), 1);
}

static void a_higher_priority_comes_first_until_the_other_has_waited_longer(void **state)
{
    (void)state;
    add(1, SCHEDULE_LOW);
    desk_at(T0 + MINUTE);
    add(2, SCHEDULE_NORMAL);
    desk_at(T0 + 19 * MINUTE);
    add(3, SCHEDULE_HIGH);
    desk_at(T0 + 21 * MINUTE);
    add(4, SCHEDULE_HIGH); /* more than two steps after the first */
    desk_at(T0 + 30 * MINUTE);
    /* less ten minutes a step they were due at 0, -9, -1 and 1 */
    static const int64_t wanted[] = {2, 3, 1, 4};
    for (int i = 0; i < 4; i++)
        claim_of(here, wanted[i], 1);
}

static void those_that_are_claimed_together_come_in_their_order(void **state)
{
    (void)state;
    static const enum schedule_priority priorities[] = {SCHEDULE_LOW, SCHEDULE_HIGH,
                                                        SCHEDULE_NORMAL};
    for (int i = 0; i < 3; i++)
        add(i + 1, priorities[i]);
    claim(10);
    assert_int_equal(count, 3);
    static const int64_t wanted[] = {2, 3, 1};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(jobs[i].event_id, wanted[i]);
        assert_int_equal(jobs[i].priority, priorities[wanted[i] - 1]);
    }
}

/* What ended well, or will not end better, is polled again when the next poll is due, and that is another job. */
static void ends_for_good(int64_t event_id, enum outcome outcome)
{
    int64_t due_ms = desk_ms + INTERVAL;
    add(event_id, SCHEDULE_NORMAL);
    int64_t id = claim_of(here, event_id, 1).id;
    finish(outcome, due_ms);
    desk_at(due_ms - 1);
    claim_nothing(here);
    assert_int_equal(desk_count(DESK_LEASED), 0);
    /* Shared: an event that is tracked has a job, which waits for its next poll. */
    assert_int_equal(desk_count(DESK_WAITING), desk_shared ? 1 : 0);
    desk_at(due_ms);
    add(event_id, SCHEDULE_NORMAL); /* Local: the schedule says when it is due. */
    assert_int_not_equal(claim_of(here, event_id, 1).id, id);
    finish(outcome, T0 + CLOCK_DAY_MS);
}

static void what_ends_well_leaves_its_attempt(void **state)
{
    (void)state;
    ends_for_good(1, OUTCOME_OK);
    assert_int_equal(attempts("event_id = 1 AND outcome = 0 AND took_ms = 120 AND bytes = 1000"),
                     2);
}

static void an_event_that_is_not_there_is_not_tried_again(void **state)
{
    (void)state;
    ends_for_good(2, OUTCOME_NOT_FOUND);
    assert_int_equal(attempts("event_id = 2 AND outcome = 2"), 2);
    assert_int_equal(desk_count(DESK_DEAD), 0);
}

static void what_fails_is_tried_again_when_it_is_due_and_dies_after_the_last_attempt(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL);
    for (int attempt = 1; attempt <= 3; attempt++) {
        desk_at(T0 + attempt * MINUTE - 1);
        if (attempt > 1)
            claim_nothing(here);
        desk_at(T0 + attempt * MINUTE);
        claim_of(here, 1, attempt);
        assert_int_equal(desk_count(DESK_DEAD), 0);
        finish(OUTCOME_BAD_PAYLOAD, T0 + (attempt + 1) * MINUTE);
    }
    desk_tell(here);
    assert_int_equal(
        desk_number("SELECT count(*) FROM job WHERE state = 2 AND attempts = 3 AND outcome = 5 "
                    "AND reason = 'no luck'",
                    "select count(*) from scraper_jobs where status = 'dead' and attempts = 3 "
                    "and outcome = 'bad_payload' and error = 'no luck'"),
        1);
    assert_int_equal(desk_count(DESK_DEAD), 1);
    assert_int_equal(attempts("outcome = 5 AND reason = 'no luck'"), 3);
    desk_at(T0 + 4 * MINUTE - 1);
    claim_nothing(here);
    desk_at(T0 + 4 * MINUTE);
    add(1, SCHEDULE_NORMAL); /* its event goes on */
    claim_of(here, 1, 1);
    claim_nothing(here);
    assert_int_equal(desk_count(DESK_DEAD), 1);
}

static void what_waits_for_another_attempt_takes_its_turn_from_when_it_is_due(void **state)
{
    (void)state;
    for (int id = 1; id <= 3; id++) {
        add(id, (enum schedule_priority)(id - 1));
        claim_of(here, id, 1);
        finish(OUTCOME_BAD_PAYLOAD, T0 + 30 * MINUTE);
    }
    desk_at(T0 + 11 * MINUTE);
    add(4, SCHEDULE_LOW);
    desk_at(T0 + 12 * MINUTE);
    add(5, SCHEDULE_LOW);
    desk_at(T0 + 30 * MINUTE - 1);
    claim_of(here, 4, 1); /* the third would come before it, were it due */
    desk_at(T0 + 30 * MINUTE);
    /* less ten minutes a step they are due at 10, 12, 20 and 30 */
    static const int64_t wanted[] = {3, 5, 2, 1};
    for (int i = 0; i < 4; i++)
        claim_of(here, wanted[i], wanted[i] == 5 ? 1 : 2);
}

static void what_failed_here_may_be_tried_anywhere(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL);
    claim_of(here, 1, 1);
    finish(OUTCOME_BAD_PAYLOAD, T0 + MINUTE);
    desk_tell(here);
    desk_at(T0 + MINUTE);
    claim_of(desk_other(), 1, 2);
}

static void an_event_goes_on_elsewhere_when_who_polled_it_last_does_not_keep_up(void **state)
{
    (void)state;
    struct queue *other = desk_other();
    add(1, SCHEDULE_NORMAL);
    claim_of(here, 1, 1);
    finish(OUTCOME_OK, T0 + INTERVAL);
    desk_tell(here);
    /* Local: no worker is another's rival. Shared: it is its own for as long as a lease. */
    if (desk_shared) {
        desk_at(T0 + INTERVAL + QUEUE_LEASE_MS);
        claim_nothing(other);
        desk_at(desk_ms + 1);
    } else {
        desk_at(T0 + INTERVAL);
        add(1, SCHEDULE_NORMAL);
    }
    claim_of(other, 1, 1);
}

static void a_released_job_was_not_attempted(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL);
    claim_of(here, 1, 1);
    release(T0 + MINUTE);
    desk_at(T0 + MINUTE - 1);
    claim_nothing(here);
    add(2, SCHEDULE_LOW);
    claim(10); /* which would come after it, were that due */
    assert_int_equal(count, 1);
    assert_int_equal(jobs[0].event_id, 2);
    assert_int_equal(attempts("event_id = 1"), 0);
    desk_at(T0 + MINUTE);
    claim_of(here, 1, 1);
}

static void a_released_job_waits_as_if_it_had_not_been_claimed(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL);
    desk_at(T0 + MINUTE);
    add(2, SCHEDULE_NORMAL);
    desk_at(T0 + 5 * MINUTE);
    claim_of(here, 1, 1);
    release(desk_ms);
    claim_of(here, 1, 1);
}

static void a_lease_that_runs_out_lets_another_worker_take_over(void **state)
{
    (void)state;
    struct queue *other = desk_other();
    add(1, SCHEDULE_NORMAL);
    claim_of(here, 1, 1);
    desk_at(T0 + QUEUE_LEASE_MS);
    beat(other);
    claim_nothing(other);
    beat(here);
    desk_at(T0 + QUEUE_LEASE_MS + 1);
    beat(other);
    claim_nothing(other); /* it has said that it is alive */
    assert_int_equal(desk_count(DESK_LEASED), 1);
    desk_at(T0 + 2 * QUEUE_LEASE_MS);
    beat(other);
    claim_nothing(other);
    desk_at(T0 + 2 * QUEUE_LEASE_MS + 1);
    beat(other);
    claim_of(other, 1, 2);
    assert_int_equal(desk_count(DESK_LEASED), 1);
}

static void every_beat_in_time_keeps_a_lease(void **state)
{
    (void)state;
    struct queue *other = desk_other();
    add(1, SCHEDULE_NORMAL);
    claim_of(here, 1, 1);
    for (int i = 1; i <= 20; i++) {
        desk_at(T0 + i * QUEUE_BEAT_MS);
        beat(here);
        beat(other);
        claim_nothing(other);
    }
    desk_at(desk_ms + QUEUE_LEASE_MS);
    beat(other);
    claim_nothing(other);
}

static void an_end_counts_for_the_attempt_that_is_held_alone(void **state)
{
    (void)state;
    struct queue *other = desk_other();
    add(1, SCHEDULE_NORMAL);
    struct queue_job late = claim_of(here, 1, 1);
    desk_at(T0 + QUEUE_LEASE_MS + 1);
    beat(other);
    struct queue_job held = claim_of(other, 1, 2);
    static const enum outcome outcomes[] = {OUTCOME_OK, OUTCOME_BAD_PAYLOAD};
    for (size_t i = 0; i < 2; i++) {
        finish_as(here, &late, outcomes[i], desk_ms);
        desk_tell(here);
        assert_int_equal(desk_count(DESK_LEASED), 1);
    }
    late.attempts = DESK_ATTEMPTS; /* which would bury it */
    finish_as(here, &late, OUTCOME_BAD_PAYLOAD, desk_ms);
    desk_tell(here);
    assert_int_equal(desk_count(DESK_DEAD), 0);
    jobs[0] = late, jobs[0].attempts = 1;
    release(desk_ms);
    desk_tell(here);
    assert_int_equal(desk_count(DESK_LEASED), 1);
    finish_as(other, &held, OUTCOME_OK, desk_ms + INTERVAL);
    desk_tell(other);
    assert_int_equal(desk_count(DESK_LEASED), 0);
    finish_as(other, &held, OUTCOME_BAD_PAYLOAD, desk_ms); /* once */
    desk_tell(other);
    claim_nothing(other);
}

static void an_end_that_comes_late_counts_while_nobody_took_over(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL);
    claim_of(here, 1, 1);
    desk_at(T0 + 2 * QUEUE_LEASE_MS);
    finish(OUTCOME_OK, desk_ms + INTERVAL);
    desk_tell(here);
    assert_int_equal(desk_count(DESK_LEASED), 0);
    beat(desk_other());
    claim_nothing(desk_other());
}

static void after_a_crash_jobs_wait_again_unless_their_poll_is_stored(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t gone = 4;
    for (int id = 1; id <= 5; id++)
        add(id, SCHEDULE_NORMAL);
    claim(5);
    assert_int_equal(count, 5);
    struct store_failure failure = {T0 + 10, OUTCOME_NETWORK, 1, 1, "x"};
    scratch_ok(store_save_failure(desk_here.store, 2, &failure, &err), &err);
    failure.outcome = OUTCOME_NOT_FOUND; /* which no further attempt would change */
    scratch_ok(store_save_failure(desk_here.store, 5, &failure, &err), &err);
    stall_poll(desk_here.store, 1, T0 + 10,
               (struct stall_item[]){{"A", "Lower", "101", 2, 100}, STALL_NO_LISTING});
    scratch_ok(store_set_state(desk_here.store, gone, EVENT_UNTRACKED, &err), &err);
    desk_at(T0 + 20);
    restart();
    scratch_ok(queue_withdraw(here, &gone, 1, &err), &err);
    desk_tell(here);
    /* Shared: the jobs of the first and the last wait for their next poll. */
    assert_int_equal(desk_count(DESK_WAITING), desk_shared ? 4 : 2);
    claim(5);
    assert_int_equal(count, 2);
    assert_int_equal(jobs[0].event_id + jobs[1].event_id, 2 + 3);
    assert_int_equal(jobs[0].attempts, 2);
    assert_int_equal(jobs[1].attempts, 2);
    /* a third loss is the end of it */
    desk_at(T0 + 30);
    restart();
    claim(4);
    assert_int_equal(count, 2);
    assert_int_equal(desk_count(DESK_DEAD), 0);
    desk_at(T0 + 40);
    restart();
    assert_int_equal(desk_count(DESK_DEAD), 2);
    assert_int_equal(desk_number("SELECT count(*) FROM job WHERE state = 2 AND outcome IS NULL "
                                 "AND reason = 'its worker was lost'",
                                 "select count(*) from scraper_jobs where status = 'dead' and "
                                 "outcome is null and error = 'its worker was lost'"),
                     2);
}

/* Shared: the database goes by its own clock, whatever a workstation takes the time for. */
static void a_clock_that_was_ahead_makes_no_job_wait_for_it(void **state)
{
    (void)state;
    desk_ahead_ms = 3650 * CLOCK_DAY_MS;
    for (int id = 1; id <= 3; id++)
        add(id, (enum schedule_priority)(id - 1));
    desk_ahead_ms = 0;
    restart();
    desk_at(T0 + MINUTE);
    claim(10);
    assert_int_equal(count, 3);
}

static void a_shifted_clock_keeps_what_waits(void **state)
{
    (void)state;
    struct err err = {0};
    add(1, SCHEDULE_NORMAL);
    claim_of(here, 1, 1);
    finish(OUTCOME_BAD_PAYLOAD, T0 + MINUTE);
    desk_ahead_ms = -CLOCK_HOUR_MS;
    scratch_ok(queue_shift(here, -CLOCK_HOUR_MS, &err), &err);
    desk_at(T0 + MINUTE - 1);
    claim_nothing(here);
    desk_at(T0 + MINUTE);
    claim_of(here, 1, 2);
    /* a lease, too */
    desk_ahead_ms = 0;
    scratch_ok(queue_shift(here, CLOCK_HOUR_MS, &err), &err);
    desk_at(T0 + MINUTE + QUEUE_LEASE_MS);
    beat(desk_other());
    claim_nothing(desk_other());
}

static void a_dead_letter_can_be_retried(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t id = bury(1);
    assert_false(desk_change(true, id + 1000, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    add(2, SCHEDULE_HIGH);
    desk_at(T0 + 1);
    scratch_ok(desk_change(true, id, &err), &err);
    assert_int_equal(desk_count(DESK_DEAD), 0);
    claim_of(here, 1, 1); /* it comes first, whatever else waits */
    /* Shared: each poll has a number of its own, by which the letter is not known any more. */
    assert_true(desk_shared ? jobs[0].id != id : jobs[0].id == id);
    assert_false(desk_change(true, jobs[0].id, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_false(desk_change(false, jobs[0].id, &err));
    assert_int_equal(err.code, ERR_BUSY);
    finish(OUTCOME_OK, T0 + INTERVAL);
    claim_of(here, 2, 1);
}

static void a_dead_letter_can_be_dropped(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t id = bury(1);
    scratch_ok(desk_change(false, id, &err), &err);
    assert_int_equal(desk_count(DESK_DEAD), 0);
    assert_false(desk_change(false, id, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    claim_nothing(here);
    desk_at(T0 + MINUTE);
    add(1, SCHEDULE_NORMAL);
    claim_of(here, 1, 1); /* its event goes on */
}

static void a_job_that_waits_can_be_dropped(void **state)
{
    (void)state;
    struct err err = {0};
    add(1, SCHEDULE_NORMAL);
    int64_t id = claim_of(here, 1, 1).id;
    release(T0);
    desk_tell(here);
    assert_false(desk_change(true, id, &err));
    assert_int_equal(err.code, ERR_USAGE);
    scratch_ok(desk_change(false, id, &err), &err);
    desk_at(T0 + INTERVAL - 1);
    claim_nothing(here);
    desk_at(T0 + INTERVAL);
    add(1, SCHEDULE_NORMAL); /* Shared: it is due by itself, only this poll was left out. */
    assert_int_not_equal(claim_of(here, 1, 1).id, id);
}

static void a_dead_letter_whose_event_goes_on_is_not_retried(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t id = bury(1);
    desk_at(T0 + MINUTE);
    add(1, SCHEDULE_NORMAL);
    /* Local: a job that only waits is in the way already. Shared: it is the one that is hastened. */
    if (!desk_shared)
        assert_false(desk_change(true, id, &err));
    claim_of(here, 1, 1);
    assert_false(desk_change(true, id, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_non_null(strstr(err.text, "another job"));
    assert_int_equal(desk_count(DESK_DEAD), 1);
}

/* Whether an event has a job under way. */
static bool lives(int64_t event_id)
{
    AUTO_FREE int64_t *events = NULL;
    struct err err = {0};
    size_t live;
    bool found = false;
    scratch_ok(queue_live(here, &events, &live, &err), &err);
    for (size_t i = 0; i < live; i++)
        found |= events[i] == event_id;
    return found;
}

static void what_is_under_way_is_known(void **state)
{
    (void)state;
    int64_t gone = 2;
    struct err err = {0};
    add(1, SCHEDULE_HIGH);
    add(2, SCHEDULE_LOW);
    claim_of(here, 1, 1);
    assert_true(lives(1) && lives(2) && !lives(3));
    finish(OUTCOME_OK, T0 + INTERVAL);
    desk_tell(here);
    assert_int_equal(lives(1), desk_shared); /* Shared: for as long as it is tracked. */
    bury(3);
    assert_int_equal(lives(3), desk_shared);
    /* Local: nothing is withdrawn; a job of what is not tracked is let go when it is claimed. */
    scratch_ok(queue_withdraw(here, &gone, 1, &err), &err);
    desk_tell(here);
    assert_int_equal(lives(2), !desk_shared);
}

/* Shared: the database keeps dead letters for thirty days, whatever a workstation keeps. */
static void dead_letters_are_kept_for_as_long_as_is_asked(void **state)
{
    (void)state;
    struct err err = {0};
    static const int64_t kept_ms = 30 * CLOCK_DAY_MS;
    bury(1);
    for (int late = 0; late <= 1; late++) {
        desk_at(T0 + kept_ms + late);
        scratch_ok(queue_prune(here, desk_told_ms() - kept_ms, &err), &err);
        if (desk_shared)
            desk_ask("select private.forget_jobs()");
        assert_int_equal(desk_count(DESK_DEAD), 1 - late);
    }
}

static void attempts_are_kept_for_as_long_as_is_asked(void **state)
{
    (void)state;
    struct err err = {0};
    struct queue own;
    bury(1);
    queue_init(&own, desk_here.store,
               1); /* Shared: the chores prune the store's queue all the same. */
    /* Shared: an attempt is noted when it ends, and began as long before as it took. */
    int64_t begun_ms = T0 - (desk_shared ? 120 : 0);
    scratch_ok(queue_prune(&own, begun_ms, &err), &err);
    assert_int_equal(attempts("true"), 3);
    scratch_ok(queue_prune(&own, begun_ms + 1, &err), &err);
    assert_int_equal(attempts("true"), 0);
}

/* Shared: it is asked for at the end, since nothing more is claimed then. */
static void what_ended_last_is_known_to_all(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL);
    add(2, SCHEDULE_LOW);
    claim_of(here, 1, 1);
    finish(OUTCOME_OK, T0 + INTERVAL);
    claim_of(here, 2, 1);
    release(T0);
    queue_flush(here);
    assert_int_equal(desk_count(DESK_LEASED), 0);
    claim_of(desk_other(), 2, 1);
    claim_nothing(desk_other());
}

static void a_job_says_what_was_asked_for_by_hand_and_when_it_must_start(void **state)
{
    (void)state;
    struct err err = {0};
    struct plan_wish wish = {.every_ms = 5 * MINUTE, .priority = -1};
    scratch_ok(plan_set(desk_here.store, 1, &wish, T0, &err), &err);
    add(1, SCHEDULE_NORMAL);
    claim_of(here, 1, 1);
    /* Local: the schedule knows it, and the host's own limiter says when. */
    assert_int_equal(jobs[0].every_ms, desk_shared ? 5 * MINUTE : 0);
    assert_int_equal(jobs[0].start_by_ms, desk_shared ? T0 + QUEUE_SHARED_TOKEN_MS : 0);
}

static void a_request_beside_the_jobs_needs_a_part_of_what_is_shared(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t start_by_ms = -1;
    /* Local: nothing is shared. */
    assert_int_equal(queue_may_ask(here, &start_by_ms), !desk_shared);
    assert_int_equal(start_by_ms, 0);
    scratch_ok(queue_claim(here, T0, NULL, 0, &count, &err), &err);
    assert_true(queue_may_ask(here, &start_by_ms));
    assert_int_equal(start_by_ms, desk_shared ? T0 + QUEUE_SHARED_TOKEN_MS : 0);
    /* Shared: for one request, and within two seconds. */
    assert_int_equal(queue_may_ask(here, &start_by_ms), !desk_shared);
    desk_tell(here);
    desk_at(T0 + QUEUE_SHARED_TOKEN_MS + 1);
    assert_int_equal(queue_may_ask(here, &start_by_ms), !desk_shared);
}

static void how_things_stand_with_others_is_known(void **state)
{
    (void)state;
    add(1, SCHEDULE_NORMAL);
    add(2, SCHEDULE_NORMAL);
    if (!desk_shared) {
        assert_null(queue_share(here)); /* Local: there are none. */
        return;
    }
    const struct queue_share *share = queue_share(desk_other());
    desk_tell(desk_other());
    assert_int_equal(share->due_ms, 0);
    assert_true(share->demand == 2 * 60000.0 / INTERVAL);
    claim(2);
    desk_tell(desk_other());
    assert_int_equal(share->due_ms, -1);
    finish_as(here, &jobs[0], OUTCOME_BAD_PAYLOAD, T0 + 3 * MINUTE);
    desk_tell(here);
    desk_tell(desk_other());
    assert_int_equal(share->due_ms, 3 * MINUTE);
}

/* Shared: there are none in the store. */
static void counts_are_those_of_the_store(void **state)
{
    (void)state;
    struct err err = {0};
    struct queue_counts counts;
    scratch_ok(queue_count(desk_here.store, &counts, &err), &err);
    assert_int_equal(counts.first_ms, -1);
    bury(1);
    add(2, SCHEDULE_NORMAL);
    claim_of(here, 2, 1);
    desk_at(T0 + 5);
    add(3, SCHEDULE_NORMAL);
    scratch_ok(queue_count(desk_here.store, &counts, &err), &err);
    assert_int_equal(counts.waiting, desk_shared ? 0 : 1);
    assert_int_equal(counts.leased, desk_shared ? 0 : 1);
    assert_int_equal(counts.dead, desk_shared ? 0 : 1);
    assert_int_equal(counts.first_ms, desk_shared ? -1 : T0 + 5);
}

int main(int argc, char **argv)
{
#define T(name) cmocka_unit_test_setup_teardown(name, desk_begin, desk_end)
    const struct CMUnitTest tests[] = {
        T(an_event_has_one_job_at_a_time),
        T(a_job_is_claimed_once_and_not_before_it_is_due),
        T(no_more_jobs_are_claimed_than_there_is_room_for),
        T(a_higher_priority_comes_first_until_the_other_has_waited_longer),
        T(those_that_are_claimed_together_come_in_their_order),
        T(what_ends_well_leaves_its_attempt),
        T(an_event_that_is_not_there_is_not_tried_again),
        T(what_fails_is_tried_again_when_it_is_due_and_dies_after_the_last_attempt),
        T(what_waits_for_another_attempt_takes_its_turn_from_when_it_is_due),
        T(what_failed_here_may_be_tried_anywhere),
        T(an_event_goes_on_elsewhere_when_who_polled_it_last_does_not_keep_up),
        T(a_released_job_was_not_attempted),
        T(a_released_job_waits_as_if_it_had_not_been_claimed),
        T(a_lease_that_runs_out_lets_another_worker_take_over),
        T(every_beat_in_time_keeps_a_lease),
        T(an_end_counts_for_the_attempt_that_is_held_alone),
        T(an_end_that_comes_late_counts_while_nobody_took_over),
        T(after_a_crash_jobs_wait_again_unless_their_poll_is_stored),
        T(a_clock_that_was_ahead_makes_no_job_wait_for_it),
        T(a_shifted_clock_keeps_what_waits),
        T(a_dead_letter_can_be_retried),
        T(a_dead_letter_can_be_dropped),
        T(a_job_that_waits_can_be_dropped),
        T(a_dead_letter_whose_event_goes_on_is_not_retried),
        T(what_is_under_way_is_known),
        T(dead_letters_are_kept_for_as_long_as_is_asked),
        T(attempts_are_kept_for_as_long_as_is_asked),
        T(what_ended_last_is_known_to_all),
        T(a_job_says_what_was_asked_for_by_hand_and_when_it_must_start),
        T(a_request_beside_the_jobs_needs_a_part_of_what_is_shared),
        T(how_things_stand_with_others_is_known),
        T(counts_are_those_of_the_store),
    };
    desk_shared = argc > 1 && strcmp(argv[1], "shared") == 0;
    return cmocka_run_group_tests_name(desk_shared ? "shared" : "local", tests, NULL, NULL);
}
