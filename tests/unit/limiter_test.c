#include "core/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"

enum { START_MS = 1000000, STARTS_MAX = 4000 };

static uint64_t noise(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Idle for long, for a moment, not at all, or exactly as long as the limiter says. */
static int64_t next_arrival(uint64_t *state, const struct limiter *limiter, int64_t now_ms)
{
    switch (noise(state) % 5) {
    case 0:
        return now_ms + (int64_t)(noise(state) % 90000);
    case 1:
        return now_ms + (int64_t)(noise(state) % 50);
    case 2:
        return now_ms;
    default:
        return now_ms + limiter_wait_ms(limiter, now_ms);
    }
}

static void count_windows(const int64_t *starts, int count, int64_t per_minute)
{
    for (int last = 0, first = 0; last < count; last++) {
        while (starts[first] < starts[last] - CLOCK_MINUTE_MS)
            first++;
        assert_true(last - first + 1 <= per_minute);
    }
}

static void no_window_of_a_minute_holds_more_than_the_rate(void **state)
{
    (void)state;
    static const int64_t rates[] = {1, 2, 3, 9, 10, 11, 19, 20, 25, 60, 61, 600};
    uint64_t random = 42;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        for (int run = 0; run < 50; run++) {
            static int64_t starts[STARTS_MAX];
            struct limiter limiter;
            int64_t now_ms = START_MS;
            int count = 0;
            limiter_init(&limiter, rates[i], now_ms);
            while (count < STARTS_MAX) {
                if (limiter_wait_ms(&limiter, now_ms) == 0) {
                    limiter_start(&limiter, now_ms);
                    starts[count++] = now_ms;
                } else {
                    now_ms = next_arrival(&random, &limiter, now_ms);
                }
            }
            count_windows(starts, count, rates[i]);
        }
    }
}

static void the_wait_is_exact(void **state)
{
    (void)state;
    struct limiter limiter;
    int64_t now_ms = START_MS;
    limiter_init(&limiter, 60, now_ms);
    for (int i = 0; i < 500; i++) {
        int64_t wait_ms = limiter_wait_ms(&limiter, now_ms);
        if (wait_ms > 0)
            assert_true(limiter_wait_ms(&limiter, now_ms + wait_ms - 1) > 0);
        now_ms += wait_ms;
        assert_int_equal(limiter_wait_ms(&limiter, now_ms), 0);
        limiter_start(&limiter, now_ms);
    }
}

static void most_of_the_rate_can_be_used(void **state)
{
    (void)state;
    struct limiter limiter;
    int started = 0;
    limiter_init(&limiter, 60, START_MS);
    for (int64_t now_ms = START_MS; now_ms < START_MS + 10 * CLOCK_MINUTE_MS; now_ms += 10) {
        if (limiter_wait_ms(&limiter, now_ms) > 0)
            continue;
        limiter_start(&limiter, now_ms);
        started++;
    }
    assert_in_range(started, 520, 600);
}

static void the_first_request_starts_at_once(void **state)
{
    (void)state;
    for (int64_t rate = 0; rate <= 100; rate++) {
        struct limiter limiter;
        limiter_init(&limiter, rate, START_MS);
        assert_int_equal(limiter_wait_ms(&limiter, START_MS), 0);
    }
}

static void a_rate_of_zero_is_no_limit(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 0, START_MS);
    for (int i = 0; i < 100000; i++) {
        assert_int_equal(limiter_wait_ms(&limiter, START_MS), 0);
        limiter_start(&limiter, START_MS);
    }
}

/* Refuses until the breaker opens at START_MS. */
static void open_breaker(struct limiter *limiter)
{
    limiter_init(limiter, 0, START_MS);
    for (int i = 0; i < LIMITER_REFUSALS; i++) {
        assert_false(limiter_is_resting(limiter, START_MS));
        limiter_start(limiter, START_MS);
        limiter_finish(limiter, true, -1, START_MS);
    }
}

static void refusals_in_a_row_rest_the_host(void **state)
{
    (void)state;
    struct limiter limiter;
    open_breaker(&limiter);
    assert_true(limiter_is_resting(&limiter, START_MS));
    assert_int_equal(limiter_wait_ms(&limiter, START_MS), LIMITER_REST_MS);
    assert_true(limiter_is_resting(&limiter, START_MS + LIMITER_REST_MS - 1));
    assert_false(limiter_is_resting(&limiter, START_MS + LIMITER_REST_MS));
}

static void an_answer_between_refusals_keeps_the_breaker_closed(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 0, START_MS);
    for (int i = 0; i < 10 * LIMITER_REFUSALS; i++)
        limiter_finish(&limiter, i % LIMITER_REFUSALS != 0, -1, START_MS);
    assert_false(limiter_is_resting(&limiter, START_MS));
}

static void one_probe_goes_through_after_the_rest(void **state)
{
    (void)state;
    struct limiter limiter;
    int64_t over_ms = START_MS + LIMITER_REST_MS;
    open_breaker(&limiter);
    assert_int_equal(limiter_wait_ms(&limiter, over_ms), 0);
    limiter_start(&limiter, over_ms);
    assert_true(limiter_wait_ms(&limiter, over_ms) > 0);
    assert_false(limiter_is_resting(&limiter, over_ms));
    limiter_finish(&limiter, false, -1, over_ms + 100);
    assert_int_equal(limiter_wait_ms(&limiter, over_ms + 100), 0);
    limiter_start(&limiter, over_ms + 100);
    assert_int_equal(limiter_wait_ms(&limiter, over_ms + 100), 0);
}

static void a_refused_probe_rests_the_host_again(void **state)
{
    (void)state;
    struct limiter limiter;
    int64_t over_ms = START_MS + LIMITER_REST_MS;
    open_breaker(&limiter);
    limiter_start(&limiter, over_ms);
    limiter_finish(&limiter, true, -1, over_ms + 100);
    assert_true(limiter_is_resting(&limiter, over_ms + 100));
    assert_int_equal(limiter_wait_ms(&limiter, over_ms + 100), LIMITER_REST_MS);
}

static void an_abandoned_probe_lets_another_one_through(void **state)
{
    (void)state;
    struct limiter limiter;
    int64_t over_ms = START_MS + LIMITER_REST_MS;
    open_breaker(&limiter);
    limiter_start(&limiter, over_ms);
    limiter_abandon(&limiter);
    assert_int_equal(limiter_wait_ms(&limiter, over_ms), 0);
    limiter_start(&limiter, over_ms);
    assert_true(limiter_wait_ms(&limiter, over_ms) > 0);
}

static void a_straggler_does_not_end_the_rest(void **state)
{
    (void)state;
    struct limiter limiter;
    open_breaker(&limiter);
    limiter_finish(&limiter, false, -1, START_MS + 10);
    assert_true(limiter_is_resting(&limiter, START_MS + 10));
}

static void retry_after_holds_the_host_back(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 0, START_MS);
    limiter_start(&limiter, START_MS);
    limiter_finish(&limiter, true, 5000, START_MS);
    assert_int_equal(limiter_wait_ms(&limiter, START_MS), 5000);
    assert_int_equal(limiter_held_ms(&limiter, START_MS), 5000);
    assert_false(limiter_is_resting(&limiter, START_MS));
    limiter_finish(&limiter, false, 2000, START_MS); /* a shorter one does not shorten it */
    assert_int_equal(limiter_wait_ms(&limiter, START_MS + 4999), 1);
    assert_int_equal(limiter_wait_ms(&limiter, START_MS + 5000), 0);
}

static void an_absurd_retry_after_is_a_day(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 60, START_MS);
    limiter_finish(&limiter, true, INT64_MAX / 2, START_MS);
    assert_int_equal(limiter_held_ms(&limiter, START_MS), CLOCK_DAY_MS);
}

static void no_burst_follows_a_refusal(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 60, START_MS);
    assert_int_equal(limiter_wait_ms(&limiter, START_MS), 0);
    limiter_finish(&limiter, true, -1, START_MS);
    assert_true(limiter_wait_ms(&limiter, START_MS) >= 1000);
}

static void a_refusal_halves_the_rate_once_for_all_that_were_under_way(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 60, START_MS);
    for (int i = 0; i < 4; i++)
        limiter_finish(&limiter, true, -1, START_MS + i);
    assert_int_equal(limiter.allowed, 30);
    limiter_finish(&limiter, false, -1, START_MS + 5);
    limiter_finish(&limiter, true, -1, START_MS + LIMITER_EASE_MS);
    assert_int_equal(limiter.allowed, 15);
    for (int i = 2; i < 40; i++) {
        limiter_finish(&limiter, true, -1, START_MS + i * LIMITER_EASE_MS);
        limiter_finish(&limiter, false, -1, START_MS + i * LIMITER_EASE_MS);
    }
    assert_int_equal(limiter.allowed, 1);
}

static void answers_raise_the_rate_slowly_back_to_what_it_was(void **state)
{
    (void)state;
    struct limiter limiter;
    limiter_init(&limiter, 600, START_MS);
    limiter_finish(&limiter, true, -1, START_MS);
    int answers = 0;
    for (; limiter.allowed < 600; answers++)
        limiter_finish(&limiter, false, -1, START_MS + answers * 100);
    assert_int_equal(answers, 300 / 6 * LIMITER_ANSWERS);
    for (int i = 0; i < 1000; i++)
        limiter_finish(&limiter, false, -1, START_MS);
    assert_int_equal(limiter.allowed, 600);
}

static void no_window_holds_more_than_the_rate_while_it_goes_up_and_down(void **state)
{
    (void)state;
    uint64_t random = 77;
    for (int run = 0; run < 50; run++) {
        static int64_t starts[STARTS_MAX];
        struct limiter limiter;
        int64_t now_ms = START_MS;
        int count = 0;
        limiter_init(&limiter, 120, now_ms);
        while (count < STARTS_MAX) {
            if (limiter_wait_ms(&limiter, now_ms) > 0) {
                now_ms = next_arrival(&random, &limiter, now_ms);
                continue;
            }
            limiter_start(&limiter, now_ms);
            starts[count++] = now_ms;
            limiter_finish(&limiter, noise(&random) % 100 == 0, -1, now_ms);
            if (noise(&random) % 500 == 0)
                limiter_set_rate(&limiter, 20 + (int64_t)(noise(&random) % 101), now_ms);
        }
        count_windows(starts, count, 120);
    }
}

static void what_a_rate_comes_to_is_what_can_be_started(void **state)
{
    (void)state;
    static const int64_t rates[] = {1, 2, 3, 10, 60, 61, 600};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct limiter limiter;
        int64_t now_ms = START_MS, count = 0;
        limiter_init(&limiter, rates[i], now_ms);
        for (; now_ms < START_MS + CLOCK_DAY_MS; count++) {
            now_ms += limiter_wait_ms(&limiter, now_ms);
            limiter_start(&limiter, now_ms);
        }
        double a_minute = (double)count / (24 * 60);
        assert_true(a_minute > limiter_sustained(rates[i]) * 0.99);
        assert_true(a_minute < limiter_sustained(rates[i]) * 1.01 + 0.1);
    }
    assert_true(limiter_sustained(0) < 1e-9);
}

static void backoff_grows_to_a_minute_with_full_jitter(void **state)
{
    (void)state;
    assert_int_equal(limiter_backoff_ms(1, 0.0), 0);
    assert_int_equal(limiter_backoff_ms(1, 0.5), 250);
    assert_in_range(limiter_backoff_ms(1, 0.999999), 498, 500);
    assert_in_range(limiter_backoff_ms(2, 0.999999), 998, 1000);
    assert_in_range(limiter_backoff_ms(5, 0.999999), 7998, 8000);
    assert_in_range(limiter_backoff_ms(8, 0.999999), 59000, 60000);
    assert_in_range(limiter_backoff_ms(1000, 0.999999), 59000, 60000);
}

/* However often a process is killed and started again: what it does not know of the last one it takes for the worst. */
static void no_window_holds_more_than_the_rate_while_processes_come_and_go(void **state)
{
    (void)state;
    static const int64_t rates[] = {1, 7, 60, 600};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        uint64_t random = 42 + i;
        int64_t starts[STARTS_MAX], now_ms = START_MS, last_ms = START_MS;
        struct limiter limiter;
        limiter_init(&limiter, rates[i], now_ms);
        for (int count = 0; count < STARTS_MAX; count++) {
            if (noise(&random) % 8 == 0) {
                int64_t down_ms = (int64_t)(noise(&random) % 5000), idle_ms = now_ms - last_ms;
                struct limiter_rest rest = {.allowed = rates[i], .idle_ms = idle_ms + down_ms};
                if (noise(&random) % 2 == 0)
                    rest.idle_ms = 0;
                now_ms += down_ms;
                limiter_init(&limiter, rates[i], now_ms);
                limiter_resume(&limiter, &rest, now_ms);
            }
            now_ms = next_arrival(&random, &limiter, now_ms);
            now_ms += limiter_wait_ms(&limiter, now_ms);
            limiter_start(&limiter, now_ms);
            starts[count] = last_ms = now_ms;
        }
        count_windows(starts, STARTS_MAX, rates[i]);
    }
}

static void refusals_are_not_forgotten_with_the_process(void **state)
{
    (void)state;
    struct limiter limiter;
    struct limiter_rest rest = {30, 10 * CLOCK_MINUTE_MS, 0, LIMITER_REFUSALS};
    limiter_init(&limiter, 60, START_MS);
    limiter_resume(&limiter, &rest, START_MS);
    assert_true(limiter_is_resting(&limiter, START_MS));
    assert_int_equal(limiter.allowed, 30);
    assert_int_equal(limiter_wait_ms(&limiter, START_MS), 10 * CLOCK_MINUTE_MS);
    int64_t later_ms = START_MS + 10 * CLOCK_MINUTE_MS;
    assert_int_equal(limiter_wait_ms(&limiter, later_ms), 0);
    limiter_start(&limiter, later_ms); /* the probe */
    assert_true(limiter_wait_ms(&limiter, later_ms + CLOCK_MINUTE_MS) > 0);
    limiter_finish(&limiter, false, -1, later_ms + CLOCK_MINUTE_MS);
    assert_int_equal(limiter_wait_ms(&limiter, later_ms + CLOCK_MINUTE_MS), 0);
    rest =
        (struct limiter_rest){600, 0, CLOCK_DAY_MS, 0}; /* a rate that was lowered by hand since */
    limiter_init(&limiter, 60, START_MS);
    limiter_resume(&limiter, &rest, START_MS);
    assert_int_equal(limiter.allowed, 60);
    assert_int_equal(limiter_wait_ms(&limiter, START_MS), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_window_of_a_minute_holds_more_than_the_rate),
        cmocka_unit_test(the_wait_is_exact),
        cmocka_unit_test(most_of_the_rate_can_be_used),
        cmocka_unit_test(the_first_request_starts_at_once),
        cmocka_unit_test(a_rate_of_zero_is_no_limit),
        cmocka_unit_test(refusals_in_a_row_rest_the_host),
        cmocka_unit_test(an_answer_between_refusals_keeps_the_breaker_closed),
        cmocka_unit_test(one_probe_goes_through_after_the_rest),
        cmocka_unit_test(a_refused_probe_rests_the_host_again),
        cmocka_unit_test(an_abandoned_probe_lets_another_one_through),
        cmocka_unit_test(a_straggler_does_not_end_the_rest),
        cmocka_unit_test(retry_after_holds_the_host_back),
        cmocka_unit_test(an_absurd_retry_after_is_a_day),
        cmocka_unit_test(no_burst_follows_a_refusal),
        cmocka_unit_test(a_refusal_halves_the_rate_once_for_all_that_were_under_way),
        cmocka_unit_test(answers_raise_the_rate_slowly_back_to_what_it_was),
        cmocka_unit_test(no_window_holds_more_than_the_rate_while_it_goes_up_and_down),
        cmocka_unit_test(no_window_holds_more_than_the_rate_while_processes_come_and_go),
        cmocka_unit_test(refusals_are_not_forgotten_with_the_process),
        cmocka_unit_test(what_a_rate_comes_to_is_what_can_be_started),
        cmocka_unit_test(backoff_grows_to_a_minute_with_full_jitter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
