/* Simulated weeks, each in a store and in the oracle, and random questions about them. Include after cmocka.h. */
#ifndef TESTS_WEEK_H
#define TESTS_WEEK_H

#include "core/atlas.h"
#include "core/query.h"
#include "core/tape.h"
#include "oracle.h"

#define WEEK_START_MS INT64_C(1769904000000) /* 2026-02-01T00:00:00Z */

enum { WEEK_SEEDS = 2, WEEK_POLLS = 90, WEEK_GAP_MS = 100 * 60 * 1000 };

/* One simulated week in a store and in the oracle. */
struct week {
    struct bazaar bazaar;
    struct oracle oracle;
    char path[SCRATCH_PATH_MAX];
    struct store *store; /* of every other week for reading only, with the tape of everything */
    struct event event;
    struct atlas atlas;
    uint64_t random;
};

static struct week *weeks; /* made once, for all tests */
static int week_count;

static inline void week_open(struct week *week, uint64_t seed)
{
    struct err err = {0};
    struct bazaar_habits habits = {seed, WEEK_POLLS, WEEK_START_MS + 40 * CLOCK_MINUTE_MS,
                                   WEEK_GAP_MS, 8};
    bazaar_init(&week->bazaar, &habits);
    week->random = seed * 77 + 5;
    snprintf(week->path, sizeof week->path, "%.200s/week-%llu.db", scratch_folder,
             (unsigned long long)seed);
    week->store = scratch_open(week->path);
    week->event = scratch_event(week->store);
    oracle_open(&week->oracle);
    for (size_t i = 0; i < week->bazaar.count; i++) {
        bazaar_feed(week->store, week->event.id, &week->bazaar.polls[i]);
        oracle_add(&week->oracle, &week->bazaar.polls[i]);
    }
    if (seed % 2 == 0) {
        store_close(week->store);
        week->store = store_open_readonly(week->path, &err);
        scratch_ok(week->store != NULL, &err);
        const struct tape *tape;
        scratch_ok(tape_take(week->store, week->event.id, 0, INT64_MAX, &tape, &err), &err);
    }
    clock_fix(week->oracle.last_good_ms);
    scratch_ok(atlas_load(week->store, week->event.id, &week->atlas, &err), &err);
}

static inline void week_close(struct week *week)
{
    atlas_release(&week->atlas);
    oracle_close(&week->oracle);
    store_close(week->store);
    bazaar_release(&week->bazaar);
}

static inline int week_open_all(void **state)
{
    const char *many = getenv("SEEDS"); /* a longer soak by hand */
    if (scratch_make(state) != 0)
        return -1;
    week_count = many ? (int)strtol(many, NULL, 10) : WEEK_SEEDS;
    weeks = mem_alloc((size_t)week_count, sizeof *weeks);
    for (int i = 0; i < week_count; i++)
        week_open(&weeks[i], (uint64_t)i + 1);
    return 0;
}

static inline int week_close_all(void **state)
{
    for (int i = 0; i < week_count; i++)
        week_close(&weeks[i]);
    mem_free(weeks);
    return scratch_remove(state);
}

static inline void week_each(void (*check)(struct week *week))
{
    for (int i = 0; i < week_count; i++) {
        clock_fix(weeks[i].oracle.last_good_ms);
        check(&weeks[i]);
    }
}

static inline int64_t week_any_time(struct week *week)
{
    int64_t last_ms = week->bazaar.polls[week->bazaar.count - 1].at_ms + CLOCK_DAY_MS;
    int64_t step_ms = bazaar_chance(&week->random, 50) ? CLOCK_HOUR_MS : CLOCK_MINUTE_MS;
    return WEEK_START_MS +
           bazaar_pick(&week->random, (int)((last_ms - WEEK_START_MS) / step_ms)) * step_ms;
}

/* A filter and what it means to the oracle. */
struct week_question {
    struct query_filter filter;
    char where[600];
    int64_t section_first_ms;
};

static inline void week_add_sizes(char *where, size_t size, unsigned sizes)
{
    size_t used = strlen(where);
    used += (size_t)snprintf(where + used, size - used, " AND (0");
    for (int k = 1; k <= MEASURES_SIZES; k++)
        if (sizes >> (k - 1) & 1)
            used += (size_t)snprintf(where + used, size - used,
                                     " OR ',' || splits || ',' LIKE '%%,%d,%%'", k);
    snprintf(where + used, size - used, ")");
}

static inline void week_ask_section(struct week *week, struct week_question *question)
{
    const char *name = bazaar_labels[bazaar_pick(&week->random, BAZAAR_LABELS)];
    question->section_first_ms =
        oracle_number(&week->oracle,
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

static inline void week_ask_window(struct week *week, struct query_filter *filter)
{
    filter->has_from = bazaar_chance(&week->random, 50);
    filter->has_to = bazaar_chance(&week->random, 50);
    filter->from_ms = week_any_time(week);
    filter->to_ms = week_any_time(week);
    filter->has_at = bazaar_chance(&week->random, 70);
    size_t poll = (size_t)bazaar_pick(&week->random, (int)week->bazaar.count);
    filter->at_ms =
        bazaar_chance(&week->random, 50) ? week->bazaar.polls[poll].at_ms : week_any_time(week);
}

static inline void week_ask(struct week *week, bool sizes_filter, struct week_question *question)
{
    uint64_t *random = &week->random;
    *question = (struct week_question){.where = "1"};
    struct query_filter *filter = &question->filter;
    query_init(filter);
    filter->by = bazaar_pick(random, 3);
    filter->basis = bazaar_pick(random, 2);
    week_ask_window(week, filter);
    filter->zone_count = bazaar_chance(random, 50) ? (size_t)bazaar_pick(random, 4) : 0;
    int first = bazaar_pick(random, (int)week->atlas.zone_count);
    for (size_t i = 0; i < filter->zone_count; i++)
        filter->zones[i] = week->atlas.zones[((size_t)first + i) % week->atlas.zone_count].name;
    if (bazaar_chance(random, 40))
        week_ask_section(week, question);
    if (bazaar_chance(random, 30))
        filter->only_tags = 1u << bazaar_pick(random, 7);
    if (bazaar_chance(random, 10))
        filter->only_tags |= 1u << bazaar_pick(random, 7);
    if (bazaar_chance(random, 30))
        filter->exclude_tags = (unsigned)bazaar_pick(random, 128);
    if (bazaar_chance(random, 40))
        filter->sizes = (unsigned)bazaar_pick(random, 256);
    if (sizes_filter && filter->sizes)
        week_add_sizes(question->where, sizeof question->where, filter->sizes);
    size_t used = strlen(question->where);
    snprintf(question->where + used, sizeof question->where - used,
             " AND tags & %u = %u AND tags & %u = 0", filter->only_tags, filter->only_tags,
             filter->exclude_tags);
}

/* A condition on the zones that are asked for, to stand behind another. */
static inline void week_add_zones(const struct query_filter *filter, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, filter->zone_count ? " AND zone IN (''" : "");
    for (size_t i = 0; i < filter->zone_count; i++)
        used += (size_t)snprintf(out + used, size - used, ", '%s'", filter->zones[i]);
    snprintf(out + used, size - used, filter->zone_count ? ")" : "");
}

/* The window of a filter, as :from and :to. */
static inline void week_bind_window(sqlite3_stmt *stmt, const struct query_filter *filter)
{
    oracle_bind_number(stmt, ":from", filter->has_from ? filter->from_ms : 0);
    oracle_bind_number(stmt, ":to", filter->has_to ? filter->to_ms : clock_now_ms() + 1);
}

/* The last good snapshot at or before a moment; -1 without one. */
static inline int64_t week_snapshot_at(struct week *week, int64_t moment_ms)
{
    char sql[120];
    snprintf(sql, sizeof sql, "SELECT max(at) FROM poll WHERE at <= %lld", (long long)moment_ms);
    return oracle_number(&week->oracle, sql, NULL, -1);
}

/* Answers of the oracle for one zone (NULL: the event) of a question. */
static inline size_t week_rows(struct week *week, const struct week_question *question,
                               const char *zone, struct oracle_row **rows)
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

static inline void week_expect_cell(const struct week_question *question, const struct frame *frame,
                                    size_t row, const char *column, int64_t wanted)
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

#endif
