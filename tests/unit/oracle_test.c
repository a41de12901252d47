/* What is stored and answered agrees with a naive table and plain SQL, on simulated weeks. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/atlas.h"
#include "core/rollup.h"
#include "core/rollup_verify.h"
#include "oracle.h"

#define START_MS INT64_C(1769904000000) /* 2026-02-01T00:00:00Z */

enum { SEEDS = 3, POLLS = 170, SMALL_GAP_MS = 55 * 60 * 1000 };

/* One simulated week in a store and in the oracle. */
struct week {
    struct bazaar bazaar;
    struct oracle oracle;
    struct store *store;
    struct event event;
    struct atlas atlas;
    uint64_t random;
};

static struct week *weeks; /* made once, for all tests */
static int week_count;

static void week_open(struct week *week, uint64_t seed)
{
    struct err err = {0};
    struct bazaar_habits habits = {seed, POLLS, START_MS + 40 * CLOCK_MINUTE_MS, SMALL_GAP_MS, 8};
    bazaar_init(&week->bazaar, &habits);
    week->random = seed * 77 + 5;
    char path[SCRATCH_PATH_MAX];
    snprintf(path, sizeof path, "%.200s/week-%llu.db", scratch_folder, (unsigned long long)seed);
    week->store = scratch_open(path);
    week->event = scratch_event(week->store);
    oracle_open(&week->oracle);
    for (size_t i = 0; i < week->bazaar.count; i++) {
        bazaar_feed(week->store, week->event.id, &week->bazaar.polls[i]);
        oracle_add(&week->oracle, &week->bazaar.polls[i]);
    }
    clock_fix(week->oracle.last_good_ms);
    scratch_ok(atlas_load(week->store, week->event.id, &week->atlas, &err), &err);
}

static void week_close(struct week *week)
{
    atlas_release(&week->atlas);
    oracle_close(&week->oracle);
    store_close(week->store);
    bazaar_release(&week->bazaar);
}

static int open_weeks(void **state)
{
    const char *many = getenv("SEEDS"); /* a longer soak by hand */
    if (scratch_make(state) != 0)
        return -1;
    week_count = many ? (int)strtol(many, NULL, 10) : SEEDS;
    weeks = mem_alloc((size_t)week_count, sizeof *weeks);
    for (int i = 0; i < week_count; i++)
        week_open(&weeks[i], (uint64_t)i + 1);
    return 0;
}

static int close_weeks(void **state)
{
    for (int i = 0; i < week_count; i++)
        week_close(&weeks[i]);
    mem_free(weeks);
    return scratch_remove(state);
}

static void each_week(void (*check)(struct week *week))
{
    for (int i = 0; i < week_count; i++) {
        clock_fix(weeks[i].oracle.last_good_ms);
        check(&weeks[i]);
    }
}

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
        struct oracle_ask ask = {where, basis, rollup_step_ms(grain), scope->first_ms, from_ms, to_ms};
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
    scratch_ok(rollup_read_snapshots(week->store, week->event.id, scope->id, from_ms, to_ms, &rows,
                                     &err),
               &err);
    for (int basis = 0; basis < MEASURES_BASES; basis++) {
        struct oracle_ask ask = {where, basis, 1, scope->first_ms, from_ms, to_ms};
        compare_rows(where, &rows, basis, &week->oracle, &ask);
    }
}

static int64_t any_time(struct week *week)
{
    int64_t last_ms = week->bazaar.polls[week->bazaar.count - 1].at_ms + CLOCK_DAY_MS;
    int64_t step_ms = bazaar_chance(&week->random, 50) ? CLOCK_HOUR_MS : CLOCK_MINUTE_MS;
    return START_MS + bazaar_pick(&week->random, (int)((last_ms - START_MS) / step_ms)) * step_ms;
}

static void check_scope(struct week *week, const struct scope *scope)
{
    for (int grain = ROLLUP_HOUR; grain <= ROLLUP_DAY; grain++) {
        compare_buckets(week, scope, grain, 0, CLOCK_MAX_MS);
        compare_buckets(week, scope, grain, any_time(week), any_time(week));
    }
    if (scope->kind == ROLLUP_SECTION)
        return;
    compare_snapshots(week, scope, 0, CLOCK_MAX_MS);
    compare_snapshots(week, scope, any_time(week), any_time(week));
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
    each_week(check_scopes);
}

/* Rows of a kind at once are those of each scope, less the buckets in which it was empty throughout. */
static void compare_kind(struct week *week, enum rollup_grain grain, enum rollup_kind kind)
{
    struct err err = {0};
    size_t used = 0, scopes = kind == ROLLUP_ZONE ? week->atlas.zone_count : week->atlas.section_count;
    AUTO_ROWS struct rollup_rows all = {0};
    scratch_ok(rollup_read(week->store, week->event.id, grain, kind, 0, 0, CLOCK_MAX_MS, &all, &err),
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
    each_week(check_kinds);
}

static void check_verified(struct week *week)
{
    struct err err = {0};
    struct rollup_verify_report report;
    for (int rebuild = 1; rebuild >= 0; rebuild--) {
        scratch_ok(rollup_verify(week->store, 0, rebuild, NULL, &report, &err), &err);
        if (report.differences != 0)
            fail_msg("%s", report.first);
    }
    assert_true(report.metrics > 200);
    assert_true(report.buckets > 100);
    check_scopes(week);
}

static void verify_finds_nothing_and_rebuilt_rollups_agree_too(void **state)
{
    (void)state;
    each_week(check_verified);
}

/* ---- questions ---- */

/* A filter and what it means to the oracle. */
struct question {
    struct query_filter filter;
    char where[600];
    int64_t section_first_ms;
};

static void add_sizes(char *where, size_t size, unsigned sizes)
{
    size_t used = strlen(where);
    used += (size_t)snprintf(where + used, size - used, " AND (0");
    for (int k = 1; k <= MEASURES_SIZES; k++)
        if (sizes >> (k - 1) & 1)
            used += (size_t)snprintf(where + used, size - used,
                                     " OR ',' || splits || ',' LIKE '%%,%d,%%'", k);
    snprintf(where + used, size - used, ")");
}

static void ask_section(struct week *week, struct question *question)
{
    const char *name = bazaar_labels[bazaar_pick(&week->random, BAZAAR_LABELS)];
    question->section_first_ms = oracle_number(
        &week->oracle,
        "SELECT min(at) FROM seen WHERE kind = 'section' AND (name = ?1 OR name IN "
        "(SELECT section FROM obs WHERE label = ?1))",
        name, -1);
    if (question->section_first_ms < 0) {
        question->section_first_ms = 0;
        return; /* nobody has seen it */
    }
    question->filter.section = name;
    size_t used = strlen(question->where);
    snprintf(question->where + used, sizeof question->where - used,
             " AND (section = '%s' OR label = '%s')", name, name);
}

static void ask_window(struct week *week, struct query_filter *filter)
{
    filter->has_from = bazaar_chance(&week->random, 50);
    filter->has_to = bazaar_chance(&week->random, 50);
    filter->from_ms = any_time(week);
    filter->to_ms = any_time(week);
    filter->has_at = bazaar_chance(&week->random, 70);
    size_t poll = (size_t)bazaar_pick(&week->random, (int)week->bazaar.count);
    filter->at_ms = bazaar_chance(&week->random, 50) ? week->bazaar.polls[poll].at_ms : any_time(week);
}

static void ask(struct week *week, bool sizes_filter, struct question *question)
{
    uint64_t *random = &week->random;
    *question = (struct question){.where = "1"};
    struct query_filter *filter = &question->filter;
    query_init(filter);
    filter->by = bazaar_pick(random, 3);
    filter->basis = bazaar_pick(random, 2);
    ask_window(week, filter);
    filter->zone_count = bazaar_chance(random, 50) ? (size_t)bazaar_pick(random, 4) : 0;
    int first = bazaar_pick(random, (int)week->atlas.zone_count);
    for (size_t i = 0; i < filter->zone_count; i++)
        filter->zones[i] = week->atlas.zones[((size_t)first + i) % week->atlas.zone_count].name;
    if (bazaar_chance(random, 40))
        ask_section(week, question);
    if (bazaar_chance(random, 30))
        filter->only_tags = 1u << bazaar_pick(random, 7);
    if (bazaar_chance(random, 10))
        filter->only_tags |= 1u << bazaar_pick(random, 7);
    if (bazaar_chance(random, 30))
        filter->exclude_tags = (unsigned)bazaar_pick(random, 128);
    if (bazaar_chance(random, 40))
        filter->sizes = (unsigned)bazaar_pick(random, 256);
    if (sizes_filter && filter->sizes)
        add_sizes(question->where, sizeof question->where, filter->sizes);
    size_t used = strlen(question->where);
    snprintf(question->where + used, sizeof question->where - used,
             " AND tags & %u = %u AND tags & %u = 0", filter->only_tags, filter->only_tags,
             filter->exclude_tags);
}

/* Answers of the oracle for one zone (NULL: the event) of a question. */
static size_t wanted_rows(struct week *week, const struct question *question, const char *zone,
                          struct oracle_row **rows)
{
    static const int64_t steps[] = {1, CLOCK_HOUR_MS, CLOCK_DAY_MS};
    const struct query_filter *filter = &question->filter;
    char where[800];
    snprintf(where, sizeof where, "%s%s%s%s", question->where, zone ? " AND zone = '" : "",
             zone ? zone : "", zone ? "'" : "");
    int64_t first_ms = zone ? oracle_first_zone(&week->oracle, zone) : 0;
    struct oracle_ask asked = {
        .where = where,
        .basis = filter->basis,
        .step_ms = steps[filter->by],
        .first_ms = first_ms > question->section_first_ms ? first_ms : question->section_first_ms,
        .from_ms = filter->has_from ? filter->from_ms : 0,
        .to_ms = filter->has_to ? filter->to_ms : clock_now_ms() + 1,
    };
    return oracle_series(&week->oracle, &asked, rows);
}

static void expect_cell(const struct question *question, const struct frame *frame, size_t row,
                        const char *column, int64_t wanted)
{
    int index = frame_find(frame, column);
    assert_true(index >= 0);
    const struct frame_cell *cell = frame_at(frame, row, (size_t)index);
    int64_t got = cell->known ? cell->number : MEASURES_NONE;
    if (got != wanted)
        fail_msg("%s of row %zu (by %d, basis %d) where %s: %lld, not %lld", column, row,
                 (int)question->filter.by, (int)question->filter.basis, question->where,
                 (long long)got, (long long)wanted);
}

static void expect_zone(const struct frame *frame, size_t row, const struct query_filter *filter,
                        const char *zone)
{
    int column = frame_find(frame, "zone");
    assert_int_equal(column >= 0, filter->zone_count > 1);
    if (column >= 0)
        assert_string_equal(frame_at(frame, row, (size_t)column)->text, zone);
}

typedef size_t expect_rows(const struct question *question, const struct frame *frame, size_t row,
                           const struct oracle_row *wanted);

static size_t expect_trend(const struct question *question, const struct frame *frame, size_t row,
                           const struct oracle_row *wanted)
{
    expect_cell(question, frame, row, "timestamp", wanted->at_ms);
    expect_cell(question, frame, row, "min_price", wanted->min);
    expect_cell(question, frame, row, "avg_price", wanted->avg);
    expect_cell(question, frame, row, "median_price", wanted->median);
    expect_cell(question, frame, row, "max_price", wanted->max);
    expect_cell(question, frame, row, "snapshots", wanted->snapshots);
    return 1;
}

static size_t expect_count(const struct question *question, const struct frame *frame, size_t row,
                           const struct oracle_row *wanted)
{
    expect_cell(question, frame, row, "timestamp", wanted->at_ms);
    expect_cell(question, frame, row, "total_tickets", wanted->tickets);
    expect_cell(question, frame, row, "total_listings", wanted->listings);
    expect_cell(question, frame, row, "lowest_tickets", wanted->lowest);
    expect_cell(question, frame, row, "highest_tickets", wanted->highest);
    expect_cell(question, frame, row, "available", wanted->tickets > 0);
    return 1;
}

static size_t expect_groups(const struct question *question, const struct frame *frame, size_t row,
                            const struct oracle_row *wanted)
{
    unsigned sizes = question->filter.sizes ? question->filter.sizes : 1 << 1 | 1 << 3;
    size_t first = row;
    for (int k = 1; k <= MEASURES_SIZES; k++) {
        if (!(sizes >> (k - 1) & 1))
            continue;
        assert_true(row < frame->row_count);
        int64_t price = wanted->group_min[k - 1];
        expect_cell(question, frame, row, "timestamp", wanted->at_ms);
        expect_cell(question, frame, row, "group_size", k);
        expect_cell(question, frame, row, "price_per_ticket", price);
        expect_cell(question, frame, row, "price", price == MEASURES_NONE ? price : k * price);
        row++;
    }
    return row - first;
}

typedef bool query_series(struct store *store, const struct event *event,
                          const struct query_filter *filter, struct frame *frame, struct err *err);

static void check_answer(struct week *week, const struct question *question, query_series *query,
                         expect_rows *expect)
{
    struct err err = {0};
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query(week->store, &week->event, &question->filter, &frame, &err), &err);
    size_t row = 0;
    for (size_t z = 0; z == 0 || z < question->filter.zone_count; z++) {
        const char *zone = question->filter.zone_count ? question->filter.zones[z] : NULL;
        AUTO_FREE struct oracle_row *wanted = NULL;
        size_t count = wanted_rows(week, question, zone, &wanted);
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
    for (int i = 0; i < 60; i++) {
        struct question question;
        clock_fix(i % 3 ? week->oracle.last_good_ms : any_time(week));
        ask(week, true, &question);
        check_answer(week, &question, query_trends, expect_trend);
        check_answer(week, &question, query_counts, expect_count);
        ask(week, false, &question);
        check_answer(week, &question, query_groups, expect_groups);
    }
}

static void trends_counts_and_groups_agree_under_any_filter(void **state)
{
    (void)state;
    each_week(check_questions);
}

/* ---- the market at a moment ---- */

static int64_t snapshot_at(struct week *week, const struct query_filter *filter)
{
    char sql[120];
    snprintf(sql, sizeof sql, "SELECT max(at) FROM poll WHERE at <= %lld",
             filter->has_at ? (long long)filter->at_ms : (long long)CLOCK_MAX_MS);
    return oracle_number(&week->oracle, sql, NULL, -1);
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

static void zones_clause(const struct query_filter *filter, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, filter->zone_count ? " AND zone IN (''" : "");
    for (size_t i = 0; i < filter->zone_count; i++)
        used += (size_t)snprintf(out + used, size - used, ", '%s'", filter->zones[i]);
    snprintf(out + used, size - used, filter->zone_count ? ")" : "");
}

static void check_listings(struct week *week, const struct question *question)
{
    struct err err = {0};
    char sql[2048], zones[200];
    zones_clause(&question->filter, zones, sizeof zones);
    snprintf(sql, sizeof sql,
             "SELECT id, zone, section, seat_row, qty, splits, price, all_in, tags,"
             " (SELECT min(at) FROM obs f WHERE f.id = obs.id), at FROM obs WHERE at = %lld AND %s%s"
             " ORDER BY %s, zone, section, seat_row, id",
             (long long)snapshot_at(week, &question->filter), question->where, zones,
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
    struct question question = {.where = "1"};
    query_init(&question.filter);
    check_listings(week, &question);
    question.filter.has_at = true;
    for (size_t i = 0; i < week->bazaar.count; i++) {
        for (int shift = -1; shift <= 1; shift++) {
            question.filter.at_ms = week->bazaar.polls[i].at_ms + shift;
            check_listings(week, &question);
        }
    }
    for (int i = 0; i < 100; i++) {
        ask(week, true, &question);
        check_listings(week, &question);
    }
}

static void the_market_at_any_moment_is_rebuilt_row_for_row(void **state)
{
    (void)state;
    each_week(check_as_of);
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
    "SELECT name, position, (SELECT group_concat(name, ',') FROM (SELECT DISTINCT home.name FROM home"
    "  WHERE zone = n.name ORDER BY 1)) FROM n WHERE first <= ";

static void check_zone_row(struct week *week, const struct question *question, int64_t at_ms,
                           const char *zone, const struct frame *frame, size_t row)
{
    char where[800];
    snprintf(where, sizeof where, "%s AND zone = '%s'", question->where, zone);
    struct oracle_ask asked = {where, question->filter.basis, 1, 0, at_ms, at_ms + 1};
    AUTO_FREE struct oracle_row *wanted = NULL;
    assert_int_equal(oracle_series(&week->oracle, &asked, &wanted), 1);
    expect_cell(question, frame, row, "current_min_price", wanted->min);
    expect_cell(question, frame, row, "current_max_price", wanted->max);
    expect_cell(question, frame, row, "current_avg_price", wanted->avg);
    expect_cell(question, frame, row, "current_median_price", wanted->median);
    expect_cell(question, frame, row, "current_min_price_2", wanted->group_min[1]);
    expect_cell(question, frame, row, "current_min_price_4", wanted->group_min[3]);
    expect_cell(question, frame, row, "current_total_tickets", wanted->tickets);
    expect_cell(question, frame, row, "current_total_listings", wanted->listings);
}

static bool is_asked_for(const struct query_filter *filter, const char *zone)
{
    for (size_t i = 0; i < filter->zone_count; i++)
        if (strcmp(filter->zones[i], zone) == 0)
            return true;
    return filter->zone_count == 0;
}

static void check_zones_at(struct week *week, const struct question *question)
{
    struct err err = {0};
    int64_t at_ms = snapshot_at(week, &question->filter);
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
    for (int i = 0; i < 40; i++) {
        struct question question;
        ask(week, true, &question);
        check_zones_at(week, &question);
    }
}

static void zones_agree_at_any_moment(void **state)
{
    (void)state;
    each_week(check_zones);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_hours_and_days_agree_for_every_scope),
        cmocka_unit_test(all_scopes_at_once_say_what_each_says),
        cmocka_unit_test(verify_finds_nothing_and_rebuilt_rollups_agree_too),
        cmocka_unit_test(trends_counts_and_groups_agree_under_any_filter),
        cmocka_unit_test(the_market_at_any_moment_is_rebuilt_row_for_row),
        cmocka_unit_test(zones_agree_at_any_moment),
    };
    return cmocka_run_group_tests(tests, open_weeks, close_weeks);
}
