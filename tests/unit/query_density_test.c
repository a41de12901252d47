/* The distribution of prices over time agrees with a naive table and plain SQL. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "week.h"

/* p: polls that count, x: their columns, c: the last poll of each, n: what it saw, in order of price, b: the bins' lower end,
   and the 98th percentile. */
static const char *const density_sql =
    "WITH p AS MATERIALIZED (SELECT at, at / :grain * :grain AS bucket FROM poll WHERE at >= :first"
    "  AND at / :grain * :grain >= :from / :grain * :grain AND at / :grain * :grain < :to),"
    "w AS (SELECT min(bucket) AS origin, CASE WHEN :grain = 1 AND count(*) <= :columns THEN 1 ELSE"
    "  :grain * (((max(bucket) - min(bucket)) / :grain + :columns) / :columns) END AS step FROM p),"
    "c AS MATERIALIZED (SELECT max(at) AS at, CASE WHEN :grain = 1 THEN max(at) ELSE"
    "  origin + (at - origin) / step * step END AS shown FROM p, w GROUP BY (at - origin) / step),"
    "n AS MATERIALIZED (SELECT shown, qty, price, row_number() OVER (ORDER BY price) AS rank,"
    "  count(*) OVER () AS total FROM (SELECT shown, qty, CASE WHEN :basis = 0 THEN price ELSE "
    "all_in"
    "    END AS price FROM c JOIN obs USING (at) WHERE %s) WHERE price IS NOT NULL),"
    "b AS MATERIALIZED (SELECT low, max(1, (top - low + :bins - 1) / :bins) AS width FROM (SELECT"
    "  (SELECT min(price) FROM n) AS low,"
    "  (SELECT price FROM n WHERE 100 * rank >= 98 * total ORDER BY rank LIMIT 1) AS top))"
    "SELECT shown, low + bin * width, CASE WHEN bin < :bins - 1 THEN low + (bin + 1) * width END,"
    "  count(*), sum(qty)"
    " FROM (SELECT shown, qty, low, width, min((price - low) / width, :bins - 1) AS bin FROM n, b)"
    " GROUP BY shown, bin ORDER BY shown, bin";

static sqlite3_stmt *ask_oracle(struct week *week, const struct week_question *question,
                                const struct query_density *density)
{
    static const int64_t grains[] = {1, CLOCK_HOUR_MS, CLOCK_DAY_MS};
    const struct query_filter *filter = &question->filter;
    char sql[4000], where[900], zones[200];
    week_add_zones(filter, zones, sizeof zones);
    snprintf(where, sizeof where, "%s%s", question->where, zones);
    snprintf(sql, sizeof sql, density_sql, where);
    sqlite3_stmt *stmt = oracle_prepare(&week->oracle, sql);
    oracle_bind_number(stmt, ":grain", grains[filter->by]);
    oracle_bind_number(stmt, ":first", question->section_first_ms);
    oracle_bind_number(stmt, ":basis", filter->basis);
    oracle_bind_number(stmt, ":bins", (int64_t)density->bins);
    oracle_bind_number(stmt, ":columns", (int64_t)density->columns);
    week_bind_window(stmt, filter);
    return stmt;
}

static size_t compare(struct week *week, const struct week_question *question,
                      const struct query_density *density)
{
    static const char *const columns[] = {"timestamp", "price_from", "price_to", "listings",
                                          "tickets"};
    struct err err = {0};
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_density(week->store, &week->event, &question->filter, density, &frame, &err),
               &err);
    sqlite3_stmt *stmt = ask_oracle(week, question, density);
    size_t row = 0;
    for (; sqlite3_step(stmt) == SQLITE_ROW; row++) {
        if (row >= frame.row_count)
            fail_msg("row %zu is missing where %s", row, question->where);
        for (int i = 0; i < 5; i++)
            week_expect_cell(question, &frame, row, columns[i],
                             sqlite3_column_type(stmt, i) == SQLITE_NULL
                                 ? MEASURES_NONE
                                 : sqlite3_column_int64(stmt, i));
    }
    sqlite3_finalize(stmt);
    assert_int_equal(row, frame.row_count);
    return row;
}

static void check_density(struct week *week)
{
    size_t rows = 0;
    for (int i = 0; i < 60; i++) {
        struct week_question question;
        struct query_density density = {1 + (size_t)bazaar_pick(&week->random, 40),
                                        1 + (size_t)bazaar_pick(&week->random, 200)};
        clock_fix(i % 3 ? week->oracle.last_good_ms : week_any_time(week));
        week_ask(week, true, &question);
        rows += compare(week, &question, &density);
    }
    assert_true(rows > 1000);
}

static void bins_agree_under_any_filter(void **state)
{
    (void)state;
    week_each(check_density);
}

static void columns_stay_within_their_number(void **state)
{
    (void)state;
    for (int by = QUERY_SNAPSHOT; by <= QUERY_DAY; by++)
        for (size_t most = 1; most < 30; most++) {
            struct err err = {0};
            struct query_filter filter;
            query_init(&filter);
            filter.by = by;
            AUTO_FRAME struct frame frame = {0};
            scratch_ok(query_density(weeks[0].store, &weeks[0].event, &filter,
                                     &(struct query_density){8, most}, &frame, &err),
                       &err);
            size_t columns = 0;
            for (size_t i = 0; i < frame.row_count; i++)
                columns +=
                    i == 0 || frame_at(&frame, i, 0)->number != frame_at(&frame, i - 1, 0)->number;
            assert_in_range(columns, 1, most);
        }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(bins_agree_under_any_filter),
        cmocka_unit_test(columns_stay_within_their_number),
    };
    return cmocka_run_group_tests(tests, week_open_all, week_close_all);
}
