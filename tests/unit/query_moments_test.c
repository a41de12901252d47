/* The good polls around a moment, and what a listing was at them, agree with plain SQL. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "week.h"

/* ---- moments ---- */

static int64_t ask_number(struct week *week, const char *sql, int64_t a, int64_t b)
{
    sqlite3_stmt *stmt = oracle_prepare(&week->oracle, sql);
    sqlite3_bind_int64(stmt, 1, a);
    sqlite3_bind_int64(stmt, 2, b);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    bool any = sqlite3_column_type(stmt, 0) != SQLITE_NULL;
    int64_t number = any ? sqlite3_column_int64(stmt, 0) : -1;
    sqlite3_finalize(stmt);
    return number;
}

static int64_t moment(struct week *week, int64_t at_ms)
{
    return ask_number(week,
                      "SELECT coalesce((SELECT max(at) FROM poll WHERE at <= ?1),"
                      " (SELECT min(at) FROM poll)), ?2",
                      at_ms, 0);
}

static int64_t before(struct week *week, int64_t at_ms, int64_t step_ms)
{
    return ask_number(week,
                      "SELECT coalesce((SELECT max(at) FROM poll WHERE at <= ?1 - ?2),"
                      " (SELECT min(at) FROM poll WHERE at < ?1))",
                      at_ms, step_ms);
}

static int64_t after(struct week *week, int64_t at_ms, int64_t step_ms)
{
    return ask_number(week,
                      "SELECT coalesce((SELECT min(at) FROM poll WHERE at >= ?1 + ?2),"
                      " (SELECT max(at) FROM poll WHERE at > ?1))",
                      at_ms, step_ms);
}

static int64_t time_at(const struct frame *frame, size_t row)
{
    return frame_at(frame, row, 0)->number;
}

/* The row of the moment, with as many before it as there are and are asked for. */
static void expect_around(struct week *week, const struct query_moments *wanted,
                          const struct frame *frame)
{
    int64_t at_ms = moment(week, wanted->at_ms), step_ms = wanted->step_ms;
    size_t middle = 0, row;
    while (time_at(frame, middle) != at_ms)
        middle++;
    for (row = middle; row > 0; row--)
        assert_int_equal(time_at(frame, row - 1), before(week, time_at(frame, row), step_ms));
    assert_true(middle == wanted->most || before(week, time_at(frame, 0), step_ms) < 0);
    for (row = middle; row + 1 < frame->row_count; row++)
        assert_int_equal(time_at(frame, row + 1), after(week, time_at(frame, row), step_ms));
    assert_true(row - middle == wanted->most || after(week, time_at(frame, row), step_ms) < 0);
}

static void expect_numbers(struct week *week, const struct frame *frame)
{
    for (size_t row = 0; row < frame->row_count; row++) {
        int64_t at_ms = time_at(frame, row);
        assert_int_equal(
            frame_at(frame, row, 1)->number,
            ask_number(week, "SELECT count(*), ?2 FROM poll WHERE at <= ?1", at_ms, 0));
        assert_int_equal(frame_at(frame, row, 2)->number,
                         ask_number(week, "SELECT count(*), ?1, ?2 FROM poll", 0, 0));
        assert_int_equal(frame_at(frame, row, 3)->number, week->oracle.last_good_ms);
    }
}

static void check_moments(struct week *week)
{
    static const int64_t steps[] = {1, CLOCK_HOUR_MS, CLOCK_DAY_MS};
    int64_t length_ms = week->oracle.last_good_ms - WEEK_START_MS;
    for (int i = 0; i < 60; i++) {
        struct err err = {0};
        AUTO_FRAME struct frame frame = {0};
        int64_t part = bazaar_pick(&week->random, 1200) - 100; /* also before and after all polls */
        struct query_moments wanted = {.at_ms = WEEK_START_MS + length_ms / 1000 * part,
                                       .step_ms = steps[i % 3],
                                       .most = (size_t)bazaar_pick(&week->random, 9)};
        scratch_ok(query_moments(week->store, &week->event, &wanted, &frame, &err), &err);
        assert_true(frame.row_count > 0);
        expect_around(week, &wanted, &frame);
        expect_numbers(week, &frame);
    }
}

static void moments_are_the_good_polls_around(void **state)
{
    (void)state;
    week_each(check_moments);
}

static void an_event_that_was_never_polled_has_no_moments(void **state)
{
    (void)state;
    struct err err = {0};
    struct event event;
    AUTO_FRAME struct frame frame = {0};
    struct query_moments wanted = {.at_ms = WEEK_START_MS, .step_ms = 1, .most = 3};
    event_init(&event, "vividseats", "999");
    scratch_ok(store_save_event(weeks[0].store, &event, &err), &err);
    scratch_ok(query_moments(weeks[0].store, &event, &wanted, &frame, &err), &err);
    assert_int_equal(frame.row_count, 0);
}

/* ---- the history of a listing ---- */

/* Every poll at which it stood, as the oracle saw it, falls into one row, and into no gap. */
static void expect_seen(struct week *week, const char *id, const struct frame *frame)
{
    sqlite3_stmt *stmt = oracle_prepare(
        &week->oracle, "SELECT p.at, o.price, o.all_in, o.qty, o.zone, o.section, o.seat_row"
                       " FROM poll p LEFT JOIN obs o ON o.at = p.at AND o.id = ?1 ORDER BY p.at");
    oracle_bind(stmt, 1, id);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        int64_t at_ms = sqlite3_column_int64(stmt, 0);
        size_t row = 0;
        while (row < frame->row_count &&
               (time_at(frame, row) > at_ms ||
                (frame_at(frame, row, 1)->known && frame_at(frame, row, 1)->number <= at_ms)))
            row++;
        bool stood = sqlite3_column_type(stmt, 1) != SQLITE_NULL;
        assert_int_equal(row < frame->row_count, stood);
        if (!stood)
            continue;
        assert_int_equal(frame_at(frame, row, 2)->number, sqlite3_column_int64(stmt, 1));
        assert_int_equal(frame_at(frame, row, 3)->known,
                         sqlite3_column_type(stmt, 2) != SQLITE_NULL);
        assert_int_equal(frame_at(frame, row, 4)->number, sqlite3_column_int64(stmt, 3));
        for (int i = 0; i < 2; i++)
            assert_string_equal(frame_at(frame, row, 5 + (size_t)i)->text,
                                (const char *)sqlite3_column_text(stmt, 4 + i));
        const struct frame_cell *seat_row = frame_at(frame, row, 7);
        assert_string_equal(seat_row->known ? seat_row->text : "",
                            (const char *)sqlite3_column_text(stmt, 6));
    }
    sqlite3_finalize(stmt);
}

/* What people are shown by the view is the same, row by row. */
static void expect_view(struct week *week, const char *id, const struct frame *frame)
{
    struct err err = {0};
    AUTO_FRAME struct frame view = {0};
    char sql[400];
    snprintf(sql, sizeof sql,
             "SELECT valid_from, valid_to, round(price * 100), round(all_in_price * 100), quantity,"
             " zone, section, row FROM listing_versions WHERE event = 'vividseats:%s'"
             " AND listing_id = '%s' ORDER BY valid_from",
             week->event.external_id, id);
    scratch_ok(query_sql(week->store, sql, &view, &err), &err);
    assert_int_equal(view.row_count, frame->row_count);
    for (size_t row = 0; row < view.row_count; row++) {
        int64_t at_ms;
        for (size_t i = 0; i < 2; i++) {
            const struct frame_cell *time = frame_at(&view, row, i);
            assert_int_equal(time->known, frame_at(frame, row, i)->known);
            if (time->known)
                assert_true(clock_parse(time->text, &at_ms) &&
                            at_ms == frame_at(frame, row, i)->number);
        }
        assert_true(frame_at(&view, row, 2)->real == (double)frame_at(frame, row, 2)->number);
        assert_int_equal(frame_at(&view, row, 3)->known, frame_at(frame, row, 3)->known);
    }
}

static void check_histories(struct week *week)
{
    sqlite3_stmt *stmt = oracle_prepare(&week->oracle, "SELECT DISTINCT id FROM obs");
    size_t count = 0, rows = 0;
    for (; sqlite3_step(stmt) == SQLITE_ROW; count++) {
        struct err err = {0};
        AUTO_FRAME struct frame frame = {0};
        const char *id = (const char *)sqlite3_column_text(stmt, 0);
        scratch_ok(query_listing_history(week->store, &week->event, id, &frame, &err), &err);
        expect_seen(week, id, &frame);
        expect_view(week, id, &frame);
        rows += frame.row_count;
    }
    sqlite3_finalize(stmt);
    assert_true(count > 20 && rows > 2 * count);
}

static void a_listing_was_what_the_polls_saw(void **state)
{
    (void)state;
    week_each(check_histories);
}

static void a_listing_that_was_never_seen_has_no_history(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_listing_history(weeks[0].store, &weeks[0].event, "none", &frame, &err), &err);
    assert_int_equal(frame.row_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_the_good_polls_around),
        cmocka_unit_test(an_event_that_was_never_polled_has_no_moments),
        cmocka_unit_test(a_listing_was_what_the_polls_saw),
        cmocka_unit_test(a_listing_that_was_never_seen_has_no_history),
    };
    return cmocka_run_group_tests(tests, week_open_all, week_close_all);
}
