/* The board agrees with a naive table and plain SQL after every poll of some histories. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stall.h"
#include "week.h"

/* Columns of the board by their place. */
enum {
    EVENT,
    TRACKING = 6,
    CURRENCY,
    PRICE,
    CHANGE_24H,
    CHANGE_7D,
    TICKETS,
    PRICE_2,
    PRICE_4,
    SPARKLINE,
    LAST_GOOD,
    LAST_POLL,
    LAST_OUTCOME
};

/* A history as it grows, in a store and in the oracle. */
struct growing {
    struct store *store;
    struct oracle oracle;
    enum measures_basis basis;
    const struct bazaar_poll *last;
};

static int64_t ask_oracle(struct growing *growing, const char *what, int64_t step_ms,
                          int64_t bucket_ms)
{
    char sql[1000];
    snprintf(sql, sizeof sql,
             "WITH o AS (SELECT at, qty, splits, iif(%d, all_in, price) AS price FROM obs),"
             " low AS (SELECT at, min(price) AS price FROM o GROUP BY at HAVING price NOT NULL),"
             " g AS (SELECT max(at) AS good, min(at) AS first FROM poll), n AS (SELECT %lld AS "
             "step, %lld AS bucket) SELECT %s",
             growing->basis == MEASURES_ALL_IN, (long long)step_ms, (long long)bucket_ms, what);
    return oracle_number(&growing->oracle, sql, NULL, MEASURES_NONE);
}

static void expect_number(const struct frame *frame, size_t column, int64_t wanted)
{
    const struct frame_cell *cell = frame_at(frame, 0, column);
    if (wanted == MEASURES_NONE ? cell->known : !cell->known || cell->number != wanted)
        fail_msg("%s: %lld, not %lld", frame->columns[column].name,
                 (long long)(cell->known ? cell->number : MEASURES_NONE), (long long)wanted);
}

static void expect_change(struct growing *growing, const struct frame *frame, size_t column,
                          int64_t ago_ms)
{
    const struct frame_cell *cell = frame_at(frame, 0, column);
    int64_t price = ask_oracle(growing, "price FROM low, g WHERE at = good", 0, 0);
    int64_t before = ask_oracle(growing,
                                "price FROM low, g, n WHERE at <= good - step AND at > good - 2 * "
                                "step ORDER BY at DESC LIMIT 1",
                                ago_ms, 0);
    bool known = price != MEASURES_NONE && before != MEASURES_NONE;
    assert_int_equal(cell->known, known);
    if (known)
        assert_true(cell->real == 100.0 * (double)(price - before) / (double)before);
}

static void expect_sparkline(struct growing *growing, const struct frame *frame)
{
    const struct frame_cell *cell = frame_at(frame, 0, SPARKLINE);
    int64_t good_ms = ask_oracle(growing, "good FROM g", 0, 0);
    int64_t first_ms = ask_oracle(growing, "first FROM g", 0, 0);
    if (good_ms == MEASURES_NONE) {
        assert_false(cell->known);
        return;
    }
    int64_t step_ms = good_ms - first_ms > 3 * CLOCK_DAY_MS ? CLOCK_DAY_MS : CLOCK_HOUR_MS;
    int64_t buckets = good_ms / step_ms - first_ms / step_ms + 1;
    assert_int_equal(cell->list.count, buckets < 24 ? buckets : 24);
    for (size_t i = 0; i < cell->list.count; i++) {
        int64_t bucket = good_ms / step_ms - (int64_t)(cell->list.count - 1 - i);
        int64_t low =
            ask_oracle(growing, "min(price) FROM o, n WHERE at / step = bucket", step_ms, bucket);
        assert_int_equal(cell->list.ints[i], low == MEASURES_NONE ? 0 : low);
    }
}

static void compare(struct growing *growing)
{
    static const char *const level = "iif(good IS NULL, NULL, (SELECT coalesce(sum(qty), 0) FROM o "
                                     "WHERE at = good)) FROM g";
    struct err err = {0};
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_board(growing->store, growing->basis, &frame, &err), &err);
    assert_int_equal(frame.row_count, 1);
    expect_number(&frame, PRICE, ask_oracle(growing, "price FROM low, g WHERE at = good", 0, 0));
    expect_number(&frame, TICKETS, ask_oracle(growing, level, 0, 0));
    static const char *const groups[] = {
        "min(price) FROM o, g WHERE at = good AND ',' || splits || ',' LIKE '%,2,%'",
        "min(price) FROM o, g WHERE at = good AND ',' || splits || ',' LIKE '%,4,%'"};
    expect_number(&frame, PRICE_2, ask_oracle(growing, groups[0], 0, 0));
    expect_number(&frame, PRICE_4, ask_oracle(growing, groups[1], 0, 0));
    expect_change(growing, &frame, CHANGE_24H, CLOCK_DAY_MS);
    expect_change(growing, &frame, CHANGE_7D, 7 * CLOCK_DAY_MS);
    expect_sparkline(growing, &frame);
    expect_number(&frame, LAST_GOOD, ask_oracle(growing, "good FROM g", 0, 0));
    expect_number(&frame, LAST_POLL, growing->last ? growing->last->at_ms : MEASURES_NONE);
    const struct frame_cell *outcome = frame_at(&frame, 0, LAST_OUTCOME);
    assert_int_equal(outcome->known, growing->last != NULL);
    if (growing->last)
        assert_string_equal(outcome->text, outcome_word(growing->last->outcome));
}

static void grow(uint64_t seed, int64_t gap_ms)
{
    char path[SCRATCH_PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/%llu.db", scratch_folder, (unsigned long long)seed);
    struct growing growing = {.store = scratch_open(path)};
    struct event event = scratch_event(growing.store);
    struct bazaar bazaar;
    struct bazaar_habits habits = {seed, WEEK_POLLS, WEEK_START_MS + CLOCK_MINUTE_MS, gap_ms, 8};
    bazaar_init(&bazaar, &habits);
    oracle_open(&growing.oracle);
    compare(&growing);
    for (size_t i = 0; i < bazaar.count; i++) {
        bazaar_feed(growing.store, event.id, &bazaar.polls[i]);
        oracle_add(&growing.oracle, &bazaar.polls[i]);
        growing.last = &bazaar.polls[i];
        growing.basis = i % 2 ? MEASURES_ALL_IN : MEASURES_BASE;
        compare(&growing);
    }
    oracle_close(&growing.oracle);
    store_close(growing.store);
    bazaar_release(&bazaar);
}

/* Gaps from minutes to hours: sparklines by hour and by day, changes of a day and of a week. */
static void the_board_agrees_after_every_poll(void **state)
{
    (void)state;
    grow(1, 7 * CLOCK_MINUTE_MS);
    grow(2, 100 * CLOCK_MINUTE_MS);
    grow(3, 6 * CLOCK_HOUR_MS);
    grow(4, 11 * CLOCK_HOUR_MS);
}

static void save(struct store *store, const char *id, int64_t date_ms, enum event_state state)
{
    struct err err = {0};
    struct event event;
    event_init(&event, "vividseats", id);
    event.date_ms = date_ms;
    event.state = state;
    scratch_ok(store_save_event(store, &event, &err), &err);
}

static void it_has_all_events_but_those_given_up_in_the_order_of_the_store(void **state)
{
    (void)state;
    struct err err = {0};
    struct store *store = scratch_open(scratch_path);
    save(store, "7", EVENT_NO_DATE, EVENT_TRACKED);
    save(store, "8", 300, EVENT_IMPORTED);
    save(store, "9", 200, EVENT_UNTRACKED);
    save(store, "5", 100, EVENT_TRACKED);
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_board(store, MEASURES_ALL_IN, &frame, &err), &err);
    assert_int_equal(frame.row_count, 3);
    assert_string_equal(frame_at(&frame, 0, EVENT)->text, "vividseats:5");
    assert_string_equal(frame_at(&frame, 1, EVENT)->text, "vividseats:8");
    assert_string_equal(frame_at(&frame, 2, EVENT)->text, "vividseats:7");
    assert_string_equal(frame_at(&frame, 0, TRACKING)->text, "tracked");
    assert_string_equal(frame_at(&frame, 1, TRACKING)->text, "imported");
    assert_string_equal(frame_at(&frame, 1, CURRENCY)->text, "USD");
    assert_string_equal(frame.meta.price_basis, "all-in");
    for (size_t column = PRICE; column <= LAST_OUTCOME; column++)
        assert_false(frame_at(&frame, 0, column)->known);
    store_close(store);
}

static void a_sparkline_knows_what_other_sources_saw(void **state)
{
    (void)state;
    struct err err = {0};
    char path[SCRATCH_PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/sources.db", scratch_folder);
    struct store *store = scratch_open(path);
    struct event event = scratch_event(store);
    struct stall_item item = {"A", "Lower", "101", 2, 500};
    for (int hour = 0; hour < 3; hour++)
        stall_poll(store, event.id, WEEK_START_MS + hour * CLOCK_HOUR_MS,
                   (struct stall_item[]){item, STALL_NO_LISTING});
    scratch_run(store, "INSERT INTO source VALUES (2, 'other');"
                       "INSERT INTO rollup SELECT event_id, grain, kind, bucket + 1, scope_id, 2, "
                       "snapshots, last_offset, tickets, listings, lowest, highest, count, sum, "
                       "300, max, median_x2, quarter, min_1, min_2, min_4, ai_count, ai_sum, "
                       "ai_min, ai_max, ai_median_x2, ai_quarter, ai_min_1, ai_min_2, ai_min_4 "
                       "FROM rollup WHERE grain = 0 AND kind = 0");
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_board(store, MEASURES_BASE, &frame, &err), &err);
    const struct frame_list *lows = &frame_at(&frame, 0, SPARKLINE)->list;
    assert_int_equal(lows->count, 3);
    assert_int_equal(lows->ints[0], 500);
    assert_int_equal(lows->ints[1], 300);
    assert_int_equal(lows->ints[2], 300);
    store_close(store);
}

static void a_damaged_store_does_no_harm(void **state)
{
    (void)state;
    struct err err = {0};
    char path[SCRATCH_PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/damaged.db", scratch_folder);
    struct store *store = scratch_open(path);
    struct event event = scratch_event(store);
    struct stall_item item = {"A", "Lower", "101", 2, 500};
    for (int day = 0; day < 9; day++)
        stall_poll(store, event.id, WEEK_START_MS + day * CLOCK_DAY_MS,
                   (struct stall_item[]){item, STALL_NO_LISTING});
    scratch_run(store, "UPDATE event SET folded_ms = 1 << 62;"
                       "UPDATE rollup SET bucket = bucket + 1000 WHERE bucket % 2");
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_board(store, MEASURES_BASE, &frame, &err), &err);
    assert_int_equal(frame_at(&frame, 0, SPARKLINE)->list.count, 9);
    scratch_run(
        store,
        "UPDATE snapshot SET at_ms = ~(1 << 63) WHERE at_ms = (SELECT max(at_ms) FROM snapshot)");
    AUTO_FRAME struct frame none = {0};
    assert_false(query_board(store, MEASURES_BASE, &none, &err));
    assert_int_equal(err.code, ERR_STORE);
    store_close(store);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_board_agrees_after_every_poll),
        cmocka_unit_test(a_sparkline_knows_what_other_sources_saw),
        cmocka_unit_test(a_damaged_store_does_no_harm),
        cmocka_unit_test(it_has_all_events_but_those_given_up_in_the_order_of_the_store),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
