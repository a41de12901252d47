/* What came, went and got another price agrees with a comparison of neighbouring polls in SQL. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "week.h"

/* q: each good poll and the one before. :basis picks the price; %1$s is the filter. */
static const char *const changes_sql =
    "WITH q AS (SELECT at, lag(at) OVER (ORDER BY at) AS earlier FROM poll),"
    "o AS (SELECT at, id, zone, section, seat_row, qty,"
    "    CASE WHEN :basis = 0 THEN price ELSE all_in END AS price, (%s) AS wanted FROM obs)"
    "SELECT kind, at, id, zone, section, seat_row, qty, price, price_before FROM ("
    "  SELECT 'new' AS kind, 0 AS rank, q.at, n.id, n.zone, n.section, n.seat_row, n.qty, n.price,"
    "    NULL AS price_before FROM q JOIN o n ON n.at = q.at"
    "    WHERE n.wanted AND NOT EXISTS (SELECT 1 FROM obs p WHERE p.at = q.earlier AND p.id = n.id)"
    "  UNION ALL SELECT 'gone', 1, q.at, p.id, p.zone, p.section, p.seat_row, p.qty, p.price, "
    "p.price"
    "    FROM q JOIN o p ON p.at = q.earlier"
    "    WHERE p.wanted AND NOT EXISTS (SELECT 1 FROM obs n WHERE n.at = q.at AND n.id = p.id)"
    "  UNION ALL SELECT 'repriced', 2, q.at, n.id, n.zone, n.section, n.seat_row, n.qty, n.price, "
    "p.price"
    "    FROM q JOIN o n ON n.at = q.at JOIN o p ON p.at = q.earlier AND p.id = n.id"
    "    WHERE n.wanted AND n.price <> p.price)"
    " WHERE at >= :from AND at < :to ORDER BY at DESC, rank, id";

static void expect_cell(const struct frame *frame, size_t row, int column, sqlite3_stmt *stmt)
{
    const struct frame_cell *cell = frame_at(frame, row, (size_t)column);
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    if (frame->columns[column].type == FRAME_TEXT) {
        assert_string_equal(cell->known ? cell->text : "", text ? text : "");
    } else {
        assert_int_equal(cell->known, sqlite3_column_type(stmt, column) != SQLITE_NULL);
        assert_int_equal(cell->known ? cell->number : 0, sqlite3_column_int64(stmt, column));
    }
}

static sqlite3_stmt *ask_oracle(struct week *week, const struct week_question *question)
{
    const struct query_filter *filter = &question->filter;
    char sql[4000], where[900], zones[200];
    week_add_zones(filter, zones, sizeof zones);
    snprintf(where, sizeof where, "%s%s", question->where, zones);
    snprintf(sql, sizeof sql, changes_sql, where);
    sqlite3_stmt *stmt = oracle_prepare(&week->oracle, sql);
    oracle_bind_number(stmt, ":basis", filter->basis);
    week_bind_window(stmt, filter);
    return stmt;
}

static void compare(struct week *week, const struct week_question *question, size_t most)
{
    struct err err = {0};
    size_t counts[QUERY_CHANGE_KINDS], wanted[QUERY_CHANGE_KINDS] = {0}, row = 0;
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(
        query_changes(week->store, &week->event, &question->filter, most, counts, &frame, &err),
        &err);
    sqlite3_stmt *stmt = ask_oracle(week, question);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *kind = (const char *)sqlite3_column_text(stmt, 0);
        wanted[kind[0] == 'n' ? QUERY_NEW : kind[0] == 'g' ? QUERY_GONE : QUERY_REPRICED]++;
        if (row >= most)
            continue;
        assert_true(row < frame.row_count);
        for (int column = 0; column < 9; column++)
            expect_cell(&frame, row, column, stmt);
        row++;
    }
    sqlite3_finalize(stmt);
    assert_int_equal(row, frame.row_count);
    assert_memory_equal(counts, wanted, sizeof counts);
}

static void check_changes(struct week *week)
{
    struct week_question question = {.where = "1"};
    query_init(&question.filter);
    compare(week, &question, SIZE_MAX);
    for (int i = 0; i < 40; i++) {
        clock_fix(i % 3 ? week->oracle.last_good_ms : week_any_time(week));
        week_ask(week, true, &question);
        compare(week, &question, bazaar_chance(&week->random, 50) ? 7 : SIZE_MAX);
    }
    /* each poll on its own: both ends of the window are moments of change */
    question = (struct week_question){.where = "1"};
    query_init(&question.filter);
    question.filter.has_from = question.filter.has_to = true;
    for (size_t i = 0; i + 1 < week->bazaar.count; i++) {
        question.filter.from_ms = week->bazaar.polls[i].at_ms;
        question.filter.to_ms = week->bazaar.polls[i + 1].at_ms;
        compare(week, &question, SIZE_MAX);
    }
}

static void changes_are_the_differences_of_neighbouring_polls(void **state)
{
    (void)state;
    week_each(check_changes);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_the_differences_of_neighbouring_polls),
    };
    return cmocka_run_group_tests(tests, week_open_all, week_close_all);
}
