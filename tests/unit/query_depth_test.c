/* The depth ladder agrees with a naive table and plain SQL. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "week.h"

/* Prices and tickets of the oracle at some moments. */
struct wanted {
    int64_t snapshots[QUERY_DEPTH_MOMENTS_MAX];
    size_t count;
    char where[900];
};

static const char *price_column(const struct query_filter *filter)
{
    return filter->basis == MEASURES_BASE ? "price" : "all_in";
}

static size_t wanted_prices(struct week *week, const struct week_question *question,
                            const struct wanted *wanted, int64_t *prices, size_t most)
{
    char sql[2000];
    const char *price = price_column(&question->filter);
    snprintf(sql, sizeof sql,
             "SELECT DISTINCT %s FROM obs WHERE at IN (%lld, %lld, %lld, %lld) AND %s IS NOT NULL "
             "AND %s ORDER BY 1",
             price, (long long)wanted->snapshots[0], (long long)wanted->snapshots[1],
             (long long)wanted->snapshots[2], (long long)wanted->snapshots[3], price,
             wanted->where);
    sqlite3_stmt *stmt = oracle_prepare(&week->oracle, sql);
    size_t count = 0;
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        assert_true(count < most);
        prices[count++] = sqlite3_column_int64(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return count;
}

static int64_t wanted_tickets(struct week *week, const struct week_question *question,
                              const struct wanted *wanted, size_t moment, int64_t price)
{
    char sql[2000];
    if (wanted->snapshots[moment] < 0)
        return MEASURES_NONE;
    snprintf(sql, sizeof sql,
             "SELECT coalesce(sum(qty), 0) FROM obs WHERE at = %lld AND %s <= %lld AND %s",
             (long long)wanted->snapshots[moment], price_column(&question->filter),
             (long long)price, wanted->where);
    return oracle_number(&week->oracle, sql, NULL, 0);
}

static void compare(struct week *week, const struct week_question *question,
                    const struct wanted *wanted, size_t most, const struct frame *frame)
{
    int64_t prices[QUERY_DEPTH_MOMENTS_MAX * BAZAAR_ITEMS];
    size_t count = wanted_prices(week, question, wanted, prices, sizeof prices / sizeof *prices),
           at = 0;
    assert_int_equal(frame->column_count, 1 + wanted->count);
    assert_int_equal(frame->row_count, count < most ? count : most);
    for (size_t row = 0; row < frame->row_count; row++) {
        int64_t price = frame_at(frame, row, 0)->number;
        while (at < count && prices[at] < price)
            at++;
        assert_true(at < count && prices[at] == price);
        if (row == 0)
            assert_int_equal(at, 0);
        if (row + 1 == frame->row_count && row > 0)
            assert_int_equal(at, count - 1);
        for (size_t m = 0; m < wanted->count; m++) {
            char column[32];
            snprintf(column, sizeof column, "tickets_%zu", m);
            week_expect_cell(question, frame, row, column,
                             wanted_tickets(week, question, wanted, m, price));
        }
        at++;
    }
}

static void check_depth(struct week *week)
{
    for (int i = 0; i < 40; i++) {
        struct err err = {0};
        struct week_question question;
        char zones[200];
        int64_t moments[QUERY_DEPTH_MOMENTS_MAX];
        struct wanted wanted = {.snapshots = {-1, -1, -1, -1}};
        week_ask(week, true, &question);
        week_add_zones(&question.filter, zones, sizeof zones);
        snprintf(wanted.where, sizeof wanted.where, "%s%s", question.where, zones);
        wanted.count = 1 + (size_t)bazaar_pick(&week->random, QUERY_DEPTH_MOMENTS_MAX);
        for (size_t m = 0; m < wanted.count; m++) {
            moments[m] = week_any_time(week) - CLOCK_DAY_MS / 4;
            wanted.snapshots[m] = week_snapshot_at(week, moments[m]);
        }
        size_t most = 2 + (size_t)bazaar_pick(&week->random, 40);
        AUTO_FRAME struct frame frame = {0};
        scratch_ok(query_depth(week->store, &week->event, &question.filter, moments, wanted.count,
                               most, &frame, &err),
                   &err);
        compare(week, &question, &wanted, most, &frame);
    }
}

static void tickets_up_to_a_price_agree_at_any_moments(void **state)
{
    (void)state;
    week_each(check_depth);
}

static void before_the_first_snapshot_there_is_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    struct query_filter filter;
    query_init(&filter);
    int64_t moments[] = {WEEK_START_MS, weeks[0].oracle.last_good_ms};
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_depth(weeks[0].store, &weeks[0].event, &filter, moments, 2, 2, &frame, &err),
               &err);
    assert_int_equal(frame.row_count, 2);
    assert_false(frame_at(&frame, 1, 1)->known);
    assert_true(frame_at(&frame, 1, 2)->number > frame_at(&frame, 0, 2)->number);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(tickets_up_to_a_price_agree_at_any_moments),
        cmocka_unit_test(before_the_first_snapshot_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, week_open_all, week_close_all);
}
