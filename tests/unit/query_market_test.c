/* The market as it stood at any moment agrees with a naive table and plain SQL. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "week.h"

static int64_t asked_moment(const struct query_filter *filter)
{
    return filter->has_at ? filter->at_ms : CLOCK_MAX_MS;
}

static void join_list(const struct frame_cell *cell, bool texts, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < cell->list.count; i++)
        used += texts ? (size_t)snprintf(out + used, size - used, "%s%s", i ? "," : "",
                                         cell->list.texts[i])
                      : (size_t)snprintf(out + used, size - used, "%s%lld", i ? "," : "",
                                         (long long)cell->list.ints[i]);
}

static unsigned tag_bits(const struct frame_cell *cell)
{
    unsigned bits = 0;
    for (size_t i = 0; i < cell->list.count; i++)
        bits |= listing_tag_find(cell->list.texts[i]);
    return bits;
}

static void expect_text(const struct frame_cell *cell, const unsigned char *wanted)
{
    assert_string_equal(cell->known ? cell->text : "", (const char *)wanted);
}

static void expect_listing(const struct frame_cell *cells, sqlite3_stmt *stmt)
{
    char splits[LISTING_SPLITS_MAX];
    for (int i = 0; i < 4; i++)
        expect_text(&cells[i], sqlite3_column_text(stmt, i));
    assert_int_equal(cells[4].number, sqlite3_column_int64(stmt, 4));
    join_list(&cells[5], false, splits, sizeof splits);
    assert_string_equal(splits, (const char *)sqlite3_column_text(stmt, 5));
    assert_int_equal(cells[6].number, sqlite3_column_int64(stmt, 6));
    assert_int_equal(cells[7].known, sqlite3_column_type(stmt, 7) != SQLITE_NULL);
    assert_int_equal(cells[7].known ? cells[7].number : 0, sqlite3_column_int64(stmt, 7));
    assert_int_equal(tag_bits(&cells[8]), sqlite3_column_int64(stmt, 8));
    assert_int_equal(cells[9].number, sqlite3_column_int64(stmt, 9));
    assert_int_equal(cells[10].number, sqlite3_column_int64(stmt, 10));
}

static void check_listings(struct week *week, const struct week_question *question)
{
    struct err err = {0};
    char sql[2048], zones[200];
    week_add_zones(&question->filter, zones, sizeof zones);
    snprintf(
        sql, sizeof sql,
        "SELECT id, zone, section, seat_row, qty, splits, price, all_in, tags,"
        " (SELECT min(at) FROM obs f WHERE f.id = obs.id), at FROM obs WHERE at = %lld AND %s%s"
        " ORDER BY %s, zone, section, seat_row, id",
        (long long)week_snapshot_at(week, asked_moment(&question->filter)), question->where, zones,
        question->filter.basis == MEASURES_BASE ? "price" : "coalesce(all_in, price)");
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_listings(week->store, &week->event, &question->filter, &frame, &err), &err);
    sqlite3_stmt *stmt = oracle_prepare(&week->oracle, sql);
    size_t row = 0;
    for (; sqlite3_step(stmt) == SQLITE_ROW; row++) {
        assert_true(row < frame.row_count);
        expect_listing(frame_at(&frame, row, 0), stmt);
    }
    sqlite3_finalize(stmt);
    assert_int_equal(row, frame.row_count);
}

static void check_as_of(struct week *week)
{
    struct week_question question = {.where = "1"};
    query_init(&question.filter);
    check_listings(week, &question);
    question.filter.has_at = true;
    for (size_t i = 0; i < week->bazaar.count; i++) {
        question.filter.at_ms = week->bazaar.polls[i].at_ms;
        check_listings(week, &question);
        if (i % 3 > 0)
            continue;
        question.filter.at_ms--;
        check_listings(week, &question);
    }
    for (int i = 0; i < 50; i++) {
        week_ask(week, true, &question);
        check_listings(week, &question);
    }
}

static void the_market_at_any_moment_is_rebuilt_row_for_row(void **state)
{
    (void)state;
    week_each(check_as_of);
}

/* The zones that were seen by then, in the order of the newest map that has each; the others after them. */
static const char *const zones_sql =
    "WITH z AS (SELECT name, min(at) AS first, coalesce((SELECT CAST(says AS INTEGER) FROM seen o"
    "    WHERE o.kind = 'order' AND o.name = s.name ORDER BY at DESC LIMIT 1), 1000000) AS place"
    "  FROM seen s WHERE kind = 'zone' GROUP BY name),"
    "n AS (SELECT name, first, row_number() OVER (ORDER BY place, name) - 1 AS position FROM z),"
    "home AS (SELECT name, (SELECT says FROM seen o WHERE o.kind = 'home' AND o.name = s.name"
    "    ORDER BY at DESC LIMIT 1) AS zone FROM seen s WHERE kind = 'home' GROUP BY name"
    "  UNION SELECT name, says FROM seen WHERE kind = 'lay')"
    "SELECT name, position, (SELECT group_concat(name, ',') FROM (SELECT DISTINCT home.name FROM "
    "home"
    "  WHERE zone = n.name ORDER BY 1)) FROM n WHERE first <= ";

static void check_zone_row(struct week *week, const struct week_question *question, int64_t at_ms,
                           const char *zone, const struct frame *frame, size_t row)
{
    char where[800];
    snprintf(where, sizeof where, "%s AND zone = '%s'", question->where, zone);
    struct oracle_ask asked = {where, question->filter.basis, 1, 0, at_ms, at_ms + 1};
    AUTO_FREE struct oracle_row *wanted = NULL;
    assert_int_equal(oracle_series(&week->oracle, &asked, &wanted), 1);
    week_expect_cell(question, frame, row, "current_min_price", wanted->min);
    week_expect_cell(question, frame, row, "current_max_price", wanted->max);
    week_expect_cell(question, frame, row, "current_avg_price", wanted->avg);
    week_expect_cell(question, frame, row, "current_median_price", wanted->median);
    week_expect_cell(question, frame, row, "current_min_price_2", wanted->group_min[1]);
    week_expect_cell(question, frame, row, "current_min_price_4", wanted->group_min[3]);
    week_expect_cell(question, frame, row, "current_total_tickets", wanted->tickets);
    week_expect_cell(question, frame, row, "current_total_listings", wanted->listings);
}

static bool is_asked_for(const struct query_filter *filter, const char *zone)
{
    for (size_t i = 0; i < filter->zone_count; i++)
        if (strcmp(filter->zones[i], zone) == 0)
            return true;
    return filter->zone_count == 0;
}

static void check_zones_at(struct week *week, const struct week_question *question)
{
    struct err err = {0};
    int64_t at_ms = week_snapshot_at(week, asked_moment(&question->filter));
    char sql[1500];
    snprintf(sql, sizeof sql, "%s %lld ORDER BY position", zones_sql, (long long)at_ms);
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_zones(week->store, &week->event, &question->filter, &frame, &err), &err);
    sqlite3_stmt *stmt = oracle_prepare(&week->oracle, sql);
    size_t row = 0;
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *zone = (const char *)sqlite3_column_text(stmt, 0);
        const char *sections = (const char *)sqlite3_column_text(stmt, 2);
        if (!is_asked_for(&question->filter, zone))
            continue;
        assert_true(row < frame.row_count);
        char names[400];
        assert_string_equal(frame_at(&frame, row, 0)->text, zone);
        join_list(frame_at(&frame, row, 1), true, names, sizeof names);
        assert_string_equal(names, sections ? sections : "");
        assert_int_equal(frame_at(&frame, row, 2)->number, sqlite3_column_int64(stmt, 1));
        check_zone_row(week, question, at_ms, zone, &frame, row++);
    }
    sqlite3_finalize(stmt);
    assert_int_equal(row, frame.row_count);
}

static void check_zones(struct week *week)
{
    for (int i = 0; i < 25; i++) {
        struct week_question question;
        week_ask(week, true, &question);
        check_zones_at(week, &question);
    }
}

static void zones_agree_at_any_moment(void **state)
{
    (void)state;
    week_each(check_zones);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_market_at_any_moment_is_rebuilt_row_for_row),
        cmocka_unit_test(zones_agree_at_any_moment),
    };
    return cmocka_run_group_tests(tests, week_open_all, week_close_all);
}
