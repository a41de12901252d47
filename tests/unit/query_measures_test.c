/* Every measure of every series agrees with a naive table and plain SQL, under any filter. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "week.h"

static void expect_row(const struct week_question *question, const struct frame *frame, size_t row,
                       const char *zone, const struct oracle_row *wanted)
{
    assert_string_equal(frame_at(frame, row, 0)->text, zone);
    const struct {
        const char *column;
        int64_t wanted;
    } cells[] = {
        {"timestamp", wanted->at_ms},         {"min_price", wanted->min},
        {"quarter_price", wanted->quarter},   {"median_price", wanted->median},
        {"avg_price", wanted->avg},           {"max_price", wanted->max},
        {"snapshots", wanted->snapshots},     {"total_tickets", wanted->tickets},
        {"total_listings", wanted->listings}, {"lowest_tickets", wanted->lowest},
        {"highest_tickets", wanted->highest},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        week_expect_cell(question, frame, row, cells[i].column, cells[i].wanted);
    unsigned known = question->filter.sizes | 1 << 0 | 1 << 1 | 1 << 3;
    for (int k = 1; k <= MEASURES_SIZES; k++) {
        char column[32];
        snprintf(column, sizeof column, "price_%d", k);
        week_expect_cell(question, frame, row, column,
                         known >> (k - 1) & 1 ? wanted->group_min[k - 1] : MEASURES_NONE);
    }
}

/* Rows of one series from `row` on; returns the row after them. */
static size_t expect_series(struct week *week, const struct week_question *question,
                            const char *zone, const struct frame *frame, size_t row)
{
    AUTO_FREE struct oracle_row *wanted = NULL;
    bool whole = strcmp(zone, "*") == 0;
    size_t count = week_rows(week, question, whole ? NULL : zone, &wanted);
    if (row + count > frame->row_count)
        fail_msg("rows of %s are missing where %s", zone, question->where);
    for (size_t i = 0; i < count; i++)
        expect_row(question, frame, row++, zone, &wanted[i]);
    return row;
}

static void check_measures(struct week *week, const struct week_question *question,
                           const struct query_measures *wanted)
{
    struct err err = {0};
    AUTO_FRAME struct frame frame = {0};
    const struct query_filter *filter = &question->filter;
    scratch_ok(query_measures(week->store, &week->event, filter, wanted, &frame, &err), &err);
    size_t row = 0;
    if (wanted->every_zone)
        for (size_t i = 0; i < week->atlas.zone_count; i++)
            row = expect_series(week, question, week->atlas.zones[i].name, &frame, row);
    else if (filter->zone_count == 0)
        row = expect_series(week, question, "*", &frame, row);
    else
        for (size_t i = 0; i < filter->zone_count; i++)
            row = expect_series(week, question, filter->zones[i], &frame, row);
    assert_int_equal(row, frame.row_count);
}

static void check_any(struct week *week)
{
    for (int i = 0; i < 60; i++) {
        struct week_question question;
        struct query_measures wanted = {bazaar_chance(&week->random, 40),
                                        bazaar_chance(&week->random, 50)};
        clock_fix(i % 3 ? week->oracle.last_good_ms : week_any_time(week));
        week_ask(week, wanted.sizes_restrict, &question);
        if (question.filter.zone_count > 0 && bazaar_chance(&week->random, 50))
            question.filter.zones[bazaar_pick(&week->random, (int)question.filter.zone_count)] =
                "*";
        check_measures(week, &question, &wanted);
    }
}

static void all_measures_agree_under_any_filter(void **state)
{
    (void)state;
    week_each(check_any);
}

/* What is kept answers without a filter: the ways to it that random questions seldom take. */
static void check_kept(struct week *week)
{
    struct week_question question = {.where = "1"};
    query_init(&question.filter);
    for (int by = QUERY_SNAPSHOT; by <= QUERY_DAY; by++) {
        question.filter.by = by;
        check_measures(week, &question, &(struct query_measures){.every_zone = true});
        check_measures(week, &question, &(struct query_measures){.every_zone = false});
        question.filter.zones[0] = question.filter.zones[2] = "*";
        question.filter.zones[1] = week->atlas.zones[1].name;
        question.filter.zone_count = 3;
        check_measures(week, &question, &(struct query_measures){.every_zone = false});
        question.filter.zone_count = 0;
    }
}

static void every_zone_at_once_says_what_each_says(void **state)
{
    (void)state;
    week_each(check_kept);
}

static void the_answer_says_what_it_is_about(void **state)
{
    (void)state;
    struct err err = {0};
    struct query_filter filter;
    query_init(&filter);
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_measures(weeks[0].store, &weeks[0].event, &filter, &(struct query_measures){0},
                              &frame, &err),
               &err);
    assert_string_equal(frame.meta.event, "vividseats:1");
    assert_string_equal(frame.meta.granularity, "hour");
    assert_string_equal(frame.meta.price_basis, "base");
    assert_string_equal(frame.meta.currency, "USD");
}

static void an_unknown_zone_is_not_found(void **state)
{
    (void)state;
    struct err err = {0};
    struct query_filter filter;
    query_init(&filter);
    filter.zones[0] = "Moon";
    filter.zone_count = 1;
    AUTO_FRAME struct frame frame = {0};
    assert_false(query_measures(weeks[0].store, &weeks[0].event, &filter,
                                &(struct query_measures){0}, &frame, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_measures_agree_under_any_filter),
        cmocka_unit_test(every_zone_at_once_says_what_each_says),
        cmocka_unit_test(the_answer_says_what_it_is_about),
        cmocka_unit_test(an_unknown_zone_is_not_found),
    };
    return cmocka_run_group_tests(tests, week_open_all, week_close_all);
}
