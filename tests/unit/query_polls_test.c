/* Polls and their outcomes agree with what was fed, in plain SQL. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "week.h"

/* ---- coverage ---- */

static const char *const coverage_sql =
    "SELECT at / :step * :step AS bucket, sum(good), sum(NOT good),"
    "  (SELECT outcome FROM try f WHERE NOT good AND f.at / :step = t.at / :step ORDER BY at DESC "
    "LIMIT 1)"
    " FROM try t WHERE at / :step * :step >= :from / :step * :step AND at / :step * :step < :to"
    " GROUP BY bucket ORDER BY bucket";

static void expect_coverage(struct week *week, const struct query_filter *filter,
                            const struct frame *frame)
{
    static const int64_t steps[] = {1, CLOCK_HOUR_MS, CLOCK_DAY_MS};
    sqlite3_stmt *stmt = oracle_prepare(&week->oracle, coverage_sql);
    oracle_bind_number(stmt, ":step", steps[filter->by]);
    week_bind_window(stmt, filter);
    size_t row = 0;
    for (; sqlite3_step(stmt) == SQLITE_ROW; row++) {
        assert_true(row < frame->row_count);
        for (int i = 0; i < 3; i++)
            assert_int_equal(frame_at(frame, row, (size_t)i)->number,
                             sqlite3_column_int64(stmt, i));
        const struct frame_cell *worst = frame_at(frame, row, 3);
        const char *wanted = (const char *)sqlite3_column_text(stmt, 3);
        assert_int_equal(worst->known, wanted != NULL);
        if (wanted)
            assert_string_equal(worst->text, wanted);
    }
    sqlite3_finalize(stmt);
    assert_int_equal(row, frame->row_count);
}

static void check_coverage(struct week *week)
{
    for (int i = 0; i < 40; i++) {
        struct err err = {0};
        struct week_question question;
        AUTO_FRAME struct frame frame = {0};
        week_ask(week, true, &question);
        scratch_ok(query_coverage(week->store, &week->event, &question.filter, &frame, &err), &err);
        expect_coverage(week, &question.filter, &frame);
    }
}

static void coverage_counts_what_was_fed(void **state)
{
    (void)state;
    week_each(check_coverage);
}

/* ---- jobs ---- */

enum { EVENTS = 4 };

/* Some events in one store, and each of their polls as a row of a plain table. */
static struct {
    struct store *store;
    struct event events[EVENTS];
    struct oracle oracle;
    uint64_t random;
} house;

static void note_poll(int event, const struct bazaar_poll *poll)
{
    bool good = outcome_is_good(poll->outcome);
    sqlite3_stmt *stmt = oracle_prepare(
        &house.oracle, "INSERT INTO job VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    sqlite3_bind_int64(stmt, 1, event);
    sqlite3_bind_int64(stmt, 2, poll->at_ms);
    char name[32];
    snprintf(name, sizeof name, "vividseats:%d", event + 1);
    oracle_bind(stmt, 3, name);
    oracle_bind(stmt, 4, house.events[event].name);
    oracle_bind(stmt, 5, outcome_word(poll->outcome));
    sqlite3_bind_int64(stmt, 6, good ? 34 : 12);
    if (good)
        sqlite3_bind_int64(stmt, 7, 5678);
    sqlite3_bind_int64(stmt, 8, (int64_t)poll->market.reject_count);
    if (!good)
        oracle_bind(stmt, 9, "no answer");
    oracle_finish(stmt);
}

static void add_event(int number)
{
    struct err err = {0};
    char id[8];
    struct event *event = &house.events[number];
    snprintf(id, sizeof id, "%d", number + 1);
    event_init(event, "vividseats", id);
    event->date_ms = WEEK_START_MS + number * CLOCK_DAY_MS; /* store_events() sorts by it */
    snprintf(event->name, sizeof event->name, "Night %d", number + 1);
    scratch_ok(store_save_event(house.store, event, &err), &err);
    struct bazaar bazaar;
    /* all begin at one moment: newest first has ties */
    struct bazaar_habits habits = {(uint64_t)number + 9, number == 2 ? 0 : 40, WEEK_START_MS,
                                   40 * CLOCK_MINUTE_MS, 8};
    bazaar_init(&bazaar, &habits);
    for (size_t i = 0; i < bazaar.count; i++) {
        bazaar_feed(house.store, event->id, &bazaar.polls[i]);
        note_poll(number, &bazaar.polls[i]);
    }
    bazaar_release(&bazaar);
}

static int open_house(void **state)
{
    if (week_open_all(state) != 0)
        return -1;
    house.random = 3;
    house.store = scratch_open(scratch_path);
    oracle_open(&house.oracle);
    assert_int_equal(sqlite3_exec(house.oracle.sqlite,
                                  "CREATE TABLE job (place INTEGER, at INTEGER, event, name, "
                                  "outcome, took, bytes, rejected, reason)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    for (int i = 0; i < EVENTS; i++)
        add_event(i);
    return 0;
}

static int close_house(void **state)
{
    store_close(house.store);
    oracle_close(&house.oracle);
    return week_close_all(state);
}

static void expect_jobs(const struct query_filter *filter, int event, size_t most,
                        const struct frame *frame)
{
    sqlite3_stmt *stmt = oracle_prepare(
        &house.oracle, "SELECT at, event, name, outcome, took, bytes, rejected, reason FROM job"
                       " WHERE at >= :from AND at < :to AND :event IN (-1, place)"
                       " ORDER BY at DESC, place LIMIT :most");
    week_bind_window(stmt, filter);
    oracle_bind_number(stmt, ":event", event);
    oracle_bind_number(stmt, ":most", (int64_t)most);
    size_t row = 0;
    for (; sqlite3_step(stmt) == SQLITE_ROW; row++) {
        assert_true(row < frame->row_count);
        for (int i = 0; i < 8; i++) {
            const struct frame_cell *cell = frame_at(frame, row, (size_t)i);
            assert_int_equal(cell->known, sqlite3_column_type(stmt, i) != SQLITE_NULL);
            if (cell->known && frame->columns[i].type == FRAME_TEXT)
                assert_string_equal(cell->text, (const char *)sqlite3_column_text(stmt, i));
            else if (cell->known)
                assert_int_equal(cell->number, sqlite3_column_int64(stmt, i));
        }
    }
    sqlite3_finalize(stmt);
    assert_int_equal(row, frame->row_count);
}

static int64_t any_moment(void)
{
    return WEEK_START_MS + bazaar_pick(&house.random, 40 * 40) * CLOCK_MINUTE_MS;
}

static void jobs_of_all_events_or_one_come_newest_first(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct err err = {0};
        struct query_filter filter;
        query_init(&filter);
        clock_fix(any_moment());
        filter.has_from = bazaar_chance(&house.random, 50);
        filter.has_to = bazaar_chance(&house.random, 50);
        filter.from_ms = any_moment();
        filter.to_ms = any_moment();
        int event = bazaar_pick(&house.random, EVENTS + 1) - 1;
        size_t most = bazaar_chance(&house.random, 30) ? 1000 : (size_t)i % 25;
        AUTO_FRAME struct frame frame = {0};
        scratch_ok(query_jobs(house.store, event < 0 ? NULL : &house.events[event], &filter, most,
                              &frame, &err),
                   &err);
        expect_jobs(&filter, event, most, &frame);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(coverage_counts_what_was_fed),
        cmocka_unit_test(jobs_of_all_events_or_one_come_newest_first),
    };
    return cmocka_run_group_tests(tests, open_house, close_house);
}
