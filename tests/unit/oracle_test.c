/* What is stored and answered agrees with a naive table and plain SQL, on simulated weeks. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rollup.h"
#include "core/rollup_verify.h"
#include "week.h"

/* ---- rows of rollups and snapshots ---- */

static void compare_number(const char *what, const char *name, int64_t at_ms, int64_t got,
                           int64_t wanted)
{
    char time[CLOCK_TEXT_MAX];
    if (got != wanted)
        fail_msg("%s at %s: %s is %lld, not %lld", what, clock_format(time, at_ms), name,
                 (long long)got, (long long)wanted);
}

static void compare_row(const char *what, const struct rollup_row *row, enum measures_basis basis,
                        const struct oracle_row *wanted)
{
    static const int kept[] = {1, 2, 4};
    const struct measures *m = &row->measures;
    const struct measures_prices *p = &m->prices[basis];
    const struct {
        const char *name;
        int64_t got, wanted;
    } pairs[] = {
        {"time", row->at_ms, wanted->at_ms},
        {"snapshots", m->snapshots, wanted->snapshots},
        {"last_ms", m->last_ms, wanted->last_ms},
        {"tickets", m->tickets, wanted->tickets},
        {"listings", m->listings, wanted->listings},
        {"lowest", m->lowest_tickets, wanted->lowest},
        {"highest", m->highest_tickets, wanted->highest},
        {"count", p->count, wanted->count},
        {"sum", p->sum, wanted->sum},
        {"min", p->min, wanted->min},
        {"max", p->max, wanted->max},
        {"median_x2", p->median_x2, wanted->median_x2},
        {"quarter", p->quarter, wanted->quarter},
        {"avg", measures_avg(p), wanted->avg},
        {"median", measures_median(p), wanted->median},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        compare_number(what, pairs[i].name, wanted->at_ms, pairs[i].got, pairs[i].wanted);
    for (int i = 0; i < 3; i++)
        compare_number(what, "group price", wanted->at_ms, p->group_min[kept[i] - 1],
                       wanted->group_min[kept[i] - 1]);
}

static void compare_rows(const char *what, const struct rollup_rows *rows,
                         enum measures_basis basis, struct oracle *oracle,
                         const struct oracle_ask *ask)
{
    AUTO_FREE struct oracle_row *wanted = NULL;
    size_t count = oracle_series(oracle, ask, &wanted);
    for (size_t i = 0; i < count && i < rows->count; i++)
        compare_row(what, &rows->rows[i], basis, &wanted[i]);
    if (count != rows->count)
        fail_msg("%s: %zu rows, not %zu", what, rows->count, count);
}

/* A scope under its kind: the event, a zone, a section. */
struct scope {
    enum rollup_kind kind;
    const char *name;
    int64_t id, first_ms;
};

static void scope_where(const struct scope *scope, char *where, size_t size)
{
    static const char *const columns[] = {"", "zone", "section"};
    if (scope->kind == ROLLUP_EVENT)
        snprintf(where, size, "1");
    else
        snprintf(where, size, "%s = '%s'", columns[scope->kind], scope->name);
}

static void compare_buckets(struct week *week, const struct scope *scope, enum rollup_grain grain,
                            int64_t from_ms, int64_t to_ms)
{
    struct err err = {0};
    char where[100], what[160];
    scope_where(scope, where, sizeof where);
    snprintf(what, sizeof what, "%s %s", grain == ROLLUP_HOUR ? "hour" : "day", where);
    AUTO_ROWS struct rollup_rows rows = {0};
    from_ms = clock_floor(from_ms, rollup_step_ms(grain));
    scratch_ok(rollup_read(week->store, week->event.id, grain, scope->kind, scope->id, from_ms,
                           to_ms, &rows, &err),
               &err);
    for (int basis = 0; basis < MEASURES_BASES; basis++) {
        struct oracle_ask ask = {where,           basis,   rollup_step_ms(grain),
                                 scope->first_ms, from_ms, to_ms};
        compare_rows(what, &rows, basis, &week->oracle, &ask);
    }
}

static void compare_snapshots(struct week *week, const struct scope *scope, int64_t from_ms,
                              int64_t to_ms)
{
    struct err err = {0};
    char where[100];
    scope_where(scope, where, sizeof where);
    AUTO_ROWS struct rollup_rows rows = {0};
    scratch_ok(
        rollup_read_snapshots(week->store, week->event.id, scope->id, from_ms, to_ms, &rows, &err),
        &err);
    for (int basis = 0; basis < MEASURES_BASES; basis++) {
        struct oracle_ask ask = {where, basis, 1, scope->first_ms, from_ms, to_ms};
        compare_rows(where, &rows, basis, &week->oracle, &ask);
    }
}

static void check_scope(struct week *week, const struct scope *scope)
{
    for (int grain = ROLLUP_HOUR; grain <= ROLLUP_DAY; grain++) {
        compare_buckets(week, scope, grain, 0, CLOCK_MAX_MS);
        if (scope->kind != ROLLUP_SECTION)
            compare_buckets(week, scope, grain, week_any_time(week), week_any_time(week));
    }
    if (scope->kind == ROLLUP_SECTION)
        return;
    compare_snapshots(week, scope, 0, CLOCK_MAX_MS);
    compare_snapshots(week, scope, week_any_time(week), week_any_time(week));
}

static struct scope zone_scope(struct week *week, size_t i)
{
    const struct atlas_zone *zone = &week->atlas.zones[i];
    return (struct scope){ROLLUP_ZONE, zone->name, zone->id,
                          oracle_first_zone(&week->oracle, zone->name)};
}

static struct scope section_scope(struct week *week, size_t i)
{
    const struct atlas_section *section = &week->atlas.sections[i];
    return (struct scope){ROLLUP_SECTION, section->name, section->id,
                          oracle_first_section(&week->oracle, section->name)};
}

static void check_scopes(struct week *week)
{
    check_scope(week, &(struct scope){ROLLUP_EVENT, "", 0, 0});
    for (size_t i = 0; i < week->atlas.zone_count; i++) {
        struct scope scope = zone_scope(week, i);
        assert_int_equal(week->atlas.zones[i].first_ms, scope.first_ms);
        check_scope(week, &scope);
    }
    for (size_t i = 0; i < week->atlas.section_count; i++) {
        struct scope scope = section_scope(week, i);
        assert_int_equal(week->atlas.sections[i].first_ms, scope.first_ms);
        check_scope(week, &scope);
    }
}

static void metrics_hours_and_days_agree_for_every_scope(void **state)
{
    (void)state;
    week_each(check_scopes);
}

/* Rows of a kind at once are those of each scope, less the buckets in which it was empty throughout. */
static void compare_kind(struct week *week, enum rollup_grain grain, enum rollup_kind kind)
{
    struct err err = {0};
    size_t used = 0,
           scopes = kind == ROLLUP_ZONE ? week->atlas.zone_count : week->atlas.section_count;
    AUTO_ROWS struct rollup_rows all = {0};
    scratch_ok(
        rollup_read(week->store, week->event.id, grain, kind, 0, 0, CLOCK_MAX_MS, &all, &err),
        &err);
    for (size_t s = 0; s < scopes; s++) {
        struct scope scope = kind == ROLLUP_ZONE ? zone_scope(week, s) : section_scope(week, s);
        AUTO_ROWS struct rollup_rows own = {0};
        scratch_ok(rollup_read(week->store, week->event.id, grain, kind, scope.id, 0, CLOCK_MAX_MS,
                               &own, &err),
                   &err);
        size_t next = 0;
        for (size_t i = 0; i < all.count; i++) {
            if (all.rows[i].scope_id != scope.id)
                continue;
            while (next < own.count && own.rows[next].measures.highest_tickets == 0)
                next++;
            assert_true(next < own.count);
            assert_int_equal(own.rows[next].at_ms, all.rows[i].at_ms);
            assert_true(measures_same(&own.rows[next].measures, &all.rows[i].measures, 0xff));
            next++;
            used++;
        }
        while (next < own.count)
            assert_int_equal(own.rows[next++].measures.highest_tickets, 0);
    }
    assert_int_equal(used, all.count);
}

static void check_kinds(struct week *week)
{
    for (int grain = ROLLUP_HOUR; grain <= ROLLUP_DAY; grain++) {
        compare_kind(week, grain, ROLLUP_ZONE);
        compare_kind(week, grain, ROLLUP_SECTION);
    }
}

static void all_scopes_at_once_say_what_each_says(void **state)
{
    (void)state;
    week_each(check_kinds);
}

static void check_verified(struct week *week)
{
    struct err err = {0};
    struct rollup_verify_report report;
    AUTO_STORE struct store *store = scratch_open(week->path);
    for (int rebuild = 1; rebuild >= 0; rebuild--) {
        scratch_ok(rollup_verify(store, 0, rebuild, NULL, &report, &err), &err);
        if (report.differences != 0)
            fail_msg("%s", report.first);
    }
    assert_true(report.metrics > 200);
    assert_true(report.buckets > 100);
    if (week == weeks) /* one will do: it takes long */
        check_scopes(week);
}

static void verify_finds_nothing_and_rebuilt_rollups_agree_too(void **state)
{
    (void)state;
    week_each(check_verified);
}

/* ---- questions ---- */

static void expect_zone(const struct frame *frame, size_t row, const struct query_filter *filter,
                        const char *zone)
{
    int column = frame_find(frame, "zone");
    assert_int_equal(column >= 0, filter->zone_count > 1);
    if (column >= 0)
        assert_string_equal(frame_at(frame, row, (size_t)column)->text, zone);
}

typedef size_t expect_rows(const struct week_question *question, const struct frame *frame,
                           size_t row, const struct oracle_row *wanted);

static size_t expect_trend(const struct week_question *question, const struct frame *frame,
                           size_t row, const struct oracle_row *wanted)
{
    week_expect_cell(question, frame, row, "timestamp", wanted->at_ms);
    week_expect_cell(question, frame, row, "min_price", wanted->min);
    week_expect_cell(question, frame, row, "avg_price", wanted->avg);
    week_expect_cell(question, frame, row, "median_price", wanted->median);
    week_expect_cell(question, frame, row, "max_price", wanted->max);
    week_expect_cell(question, frame, row, "snapshots", wanted->snapshots);
    return 1;
}

static size_t expect_count(const struct week_question *question, const struct frame *frame,
                           size_t row, const struct oracle_row *wanted)
{
    week_expect_cell(question, frame, row, "timestamp", wanted->at_ms);
    week_expect_cell(question, frame, row, "total_tickets", wanted->tickets);
    week_expect_cell(question, frame, row, "total_listings", wanted->listings);
    week_expect_cell(question, frame, row, "lowest_tickets", wanted->lowest);
    week_expect_cell(question, frame, row, "highest_tickets", wanted->highest);
    week_expect_cell(question, frame, row, "available", wanted->tickets > 0);
    return 1;
}

static size_t expect_groups(const struct week_question *question, const struct frame *frame,
                            size_t row, const struct oracle_row *wanted)
{
    unsigned sizes = question->filter.sizes ? question->filter.sizes : 1 << 1 | 1 << 3;
    size_t first = row;
    for (int k = 1; k <= MEASURES_SIZES; k++) {
        if (!(sizes >> (k - 1) & 1))
            continue;
        assert_true(row < frame->row_count);
        int64_t price = wanted->group_min[k - 1];
        week_expect_cell(question, frame, row, "timestamp", wanted->at_ms);
        week_expect_cell(question, frame, row, "group_size", k);
        week_expect_cell(question, frame, row, "price_per_ticket", price);
        week_expect_cell(question, frame, row, "price", price == MEASURES_NONE ? price : k * price);
        row++;
    }
    return row - first;
}

typedef bool query_series(struct store *store, const struct event *event,
                          const struct query_filter *filter, struct frame *frame, struct err *err);

static void check_answer(struct week *week, const struct week_question *question,
                         query_series *query, expect_rows *expect)
{
    struct err err = {0};
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query(week->store, &week->event, &question->filter, &frame, &err), &err);
    size_t row = 0;
    for (size_t z = 0; z == 0 || z < question->filter.zone_count; z++) {
        const char *zone = question->filter.zone_count ? question->filter.zones[z] : NULL;
        AUTO_FREE struct oracle_row *wanted = NULL;
        size_t count = week_rows(week, question, zone, &wanted);
        for (size_t i = 0; i < count; i++) {
            if (row >= frame.row_count)
                fail_msg("row %zu is missing where %s", row, question->where);
            expect_zone(&frame, row, &question->filter, zone);
            row += expect(question, &frame, row, &wanted[i]);
        }
    }
    if (row != frame.row_count)
        fail_msg("%zu rows, not %zu, where %s", frame.row_count, row, question->where);
}

static void check_questions(struct week *week)
{
    for (int i = 0; i < 40; i++) {
        struct week_question question;
        clock_fix(i % 3 ? week->oracle.last_good_ms : week_any_time(week));
        week_ask(week, true, &question);
        check_answer(week, &question, query_trends, expect_trend);
        check_answer(week, &question, query_counts, expect_count);
        week_ask(week, false, &question);
        check_answer(week, &question, query_groups, expect_groups);
    }
}

static void trends_counts_and_groups_agree_under_any_filter(void **state)
{
    (void)state;
    week_each(check_questions);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_hours_and_days_agree_for_every_scope),
        cmocka_unit_test(all_scopes_at_once_say_what_each_says),
        cmocka_unit_test(trends_counts_and_groups_agree_under_any_filter),
        cmocka_unit_test(
            verify_finds_nothing_and_rebuilt_rollups_agree_too), /* changes the weeks */
    };
    return cmocka_run_group_tests(tests, week_open_all, week_close_all);
}
