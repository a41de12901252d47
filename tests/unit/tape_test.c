/* A tape says at each of its moments what the versions say that are read for that moment alone, and goes when it must. */
#include "core/tape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "week.h"

static struct week *reading(void)
{
    assert_true(store_is_readonly(weeks[1].store));
    return &weeks[1];
}

static const struct tape *take(struct week *week, int64_t from_ms, int64_t to_ms)
{
    struct err err = {0};
    const struct tape *tape;
    scratch_ok(tape_take(week->store, week->event.id, from_ms, to_ms, &tape, &err), &err);
    return tape;
}

static void forget(struct week *week)
{
    tape_close(*store_tape(week->store));
    *store_tape(week->store) = NULL;
}

/* Whether a tape answers for a window without being loaded anew. */
static bool is_kept(struct week *week, int64_t from_ms, int64_t to_ms)
{
    struct err err = {0};
    const struct tape *tape;
    scratch_ok(tape_find(week->store, week->event.id, from_ms, to_ms, &tape, &err), &err);
    return tape != NULL;
}

static const struct replay_version *find(const struct replay_set *set, const char *id)
{
    size_t i = 0;
    while (i < set->count && strcmp(set->versions[i].offer->external_id, id) != 0)
        i++;
    if (i == set->count)
        fail_msg("listing %s does not stand", id);
    return &set->versions[i];
}

static void expect_version(const struct tape *tape, const struct tape_version *version,
                           const struct replay_version *wanted)
{
    const struct replay_offer *offer = tape->offers[version->offer];
    assert_int_equal(offer->id, wanted->offer->id);
    assert_int_equal(offer->quantity, wanted->offer->quantity);
    assert_int_equal(offer->sizes, wanted->offer->sizes);
    assert_int_equal(offer->tags, wanted->offer->tags);
    assert_string_equal(offer->row, wanted->offer->row);
    assert_int_equal(offer->place->id, wanted->offer->place->id);
    assert_int_equal(tape_price(tape, version, MEASURES_BASE), wanted->price_minor);
    assert_true(tape_price(tape, version, MEASURES_ALL_IN) == wanted->all_in_minor);
}

static size_t compare_moment(struct week *week, const struct tape *tape, uint32_t moment)
{
    struct err err = {0};
    AUTO_REPLAY struct replay_set set = {0};
    int64_t at_ms = tape->moments[moment];
    size_t standing = 0;
    scratch_ok(replay_load(week->store, &week->atlas, at_ms, at_ms + 1, &set, &err), &err);
    for (size_t i = 0; i < tape->version_count; i++) {
        const struct tape_version *version = &tape->versions[i];
        if (version->from > moment || version->end <= moment)
            continue;
        expect_version(tape, version, find(&set, tape->offers[version->offer]->external_id));
        standing++;
    }
    assert_int_equal(standing, set.count);
    return standing;
}

static void every_moment_is_that_of_a_replay(void **state)
{
    (void)state;
    for (int w = 0; w < week_count; w++) {
        struct week *week = &weeks[w];
        size_t seen = 0;
        for (int i = 0; i < 6; i++) {
            int64_t from_ms = week_any_time(week), to_ms = from_ms + CLOCK_DAY_MS;
            forget(week);
            const struct tape *tape = take(week, from_ms, to_ms);
            for (uint32_t m = 0; m < tape->moment_count; m++)
                seen += compare_moment(week, tape, m);
        }
        assert_true(seen > 1000);
    }
}

static void versions_stand_by_listing_and_time(void **state)
{
    (void)state;
    const struct tape *tape = take(&weeks[0], 0, INT64_MAX);
    size_t together = 0;
    for (size_t i = 1; i < tape->version_count; i++) {
        const struct tape_version *a = &tape->versions[i - 1], *b = &tape->versions[i];
        int order =
            strcmp(tape->offers[a->offer]->external_id, tape->offers[b->offer]->external_id);
        assert_true(order < 0 || (order == 0 && a->end <= b->from));
        together += order == 0;
    }
    assert_true(together > 100);
    for (size_t i = 1; i < tape->price_count; i++)
        assert_true(tape->prices[i - 1] < tape->prices[i]);
}

static void windows_inside_are_answered_from_what_is_kept(void **state)
{
    (void)state;
    struct week *week = reading();
    int64_t from_ms = WEEK_START_MS + CLOCK_DAY_MS, to_ms = from_ms + CLOCK_DAY_MS;
    forget(week);
    const struct tape *tape = take(week, from_ms, to_ms);
    tape_settle(week->store);
    assert_true(take(week, from_ms + CLOCK_HOUR_MS, to_ms - CLOCK_HOUR_MS) == tape);
    int64_t before_ms = tape->moments[0], after_ms = tape->to_ms;
    assert_true(before_ms < from_ms && after_ms >= to_ms);
    assert_true(tape->moments[tape->moment_count - 1] < to_ms);
    assert_true(is_kept(week, before_ms + 1, after_ms));
    assert_false(is_kept(week, before_ms, after_ms));
    assert_false(is_kept(week, before_ms + 1, after_ms + 1));
    tape = take(week, 0, clock_now_ms() + 1);
    assert_true(is_kept(week, INT64_MIN, INT64_MAX));
    assert_int_equal(tape->moments[tape->moment_count - 1], week->oracle.last_good_ms);
}

static void a_window_without_polls_is_empty(void **state)
{
    (void)state;
    struct week *week = reading();
    forget(week);
    const struct tape *tape = take(week, 5, 10);
    assert_int_equal(tape->moment_count, 0);
    assert_int_equal(tape->version_count, 0);
    assert_false(is_kept(week, 5, week->oracle.last_good_ms + 1));
}

static void a_changed_store_is_read_anew(void **state)
{
    (void)state;
    struct week *week = reading();
    int64_t last_ms = week->oracle.last_good_ms;
    size_t count = take(week, 0, INT64_MAX)->moment_count;
    AUTO_STORE struct store *writer = scratch_open(week->path);
    struct bazaar_poll poll = week->bazaar.polls[0];
    poll.at_ms = last_ms + CLOCK_HOUR_MS;
    bazaar_feed(writer, week->event.id, &poll);
    assert_false(is_kept(week, 0, INT64_MAX));
    assert_int_equal(take(week, 0, INT64_MAX)->moment_count, count + 1);
    assert_true(is_kept(week, 0, INT64_MAX));
}

static void another_event_has_another_tape(void **state)
{
    (void)state;
    struct week *week = reading();
    struct err err = {0};
    const struct tape *tape;
    take(week, 0, INT64_MAX);
    scratch_ok(tape_take(week->store, week->event.id + 1, 0, INT64_MAX, &tape, &err), &err);
    assert_int_equal(tape->moment_count, 0);
    assert_false(is_kept(week, 0, INT64_MAX));
}

static void one_that_writes_keeps_none(void **state)
{
    (void)state;
    assert_int_equal(take(&weeks[0], 0, INT64_MAX)->atlas.event_id, weeks[0].event.id);
    assert_true(is_kept(&weeks[0], 0, INT64_MAX));
    tape_settle(weeks[0].store);
    assert_false(is_kept(&weeks[0], 0, INT64_MAX));
}

static void one_that_is_too_large_is_not_kept(void **state)
{
    (void)state;
    struct week *week = reading();
    take(week, 0, INT64_MAX);
    tape_settle(week->store);
    assert_true(is_kept(week, 0, INT64_MAX));
    arena_alloc(&(*store_tape(week->store))->arena, TAPE_KEPT_BYTES_MAX);
    tape_settle(week->store);
    assert_false(is_kept(week, 0, INT64_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_moment_is_that_of_a_replay),
        cmocka_unit_test(versions_stand_by_listing_and_time),
        cmocka_unit_test(windows_inside_are_answered_from_what_is_kept),
        cmocka_unit_test(a_window_without_polls_is_empty),
        cmocka_unit_test(one_that_writes_keeps_none),
        cmocka_unit_test(one_that_is_too_large_is_not_kept),
        cmocka_unit_test(another_event_has_another_tape),
        cmocka_unit_test(a_changed_store_is_read_anew),
    };
    return cmocka_run_group_tests_name("tape", tests, week_open_all, week_close_all);
}
