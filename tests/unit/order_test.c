/* The store is the same whatever the order in which its polls came. */
#include "core/ingest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bazaar.h"
#include "core/export.h"
#include "core/query.h"
#include "core/rollup_verify.h"

#define START_MS INT64_C(1769904000000) /* 2026-02-01T00:00:00Z */

enum { DUMP_MAX = 64 << 20 };

static int seeds(int usual)
{
    const char *many = getenv("SEEDS"); /* a longer soak by hand */
    return many ? (int)strtol(many, NULL, 10) : usual;
}

/* ---- everything that a store says, as text ---- */

static bool take(void *context, const char *bytes, size_t length)
{
    return buf_add(context, bytes, length);
}

static void put_list(struct buf *out, enum frame_type type, const struct frame_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (type == FRAME_TEXTS)
            buf_printf(out, " %s", list->texts[i]);
        else
            buf_printf(out, " %lld", (long long)list->ints[i]);
}

static void put_cell(struct buf *out, enum frame_type type, const struct frame_cell *cell)
{
    if (!cell->known)
        buf_puts(out, "null");
    else if (type == FRAME_TEXT)
        buf_puts(out, cell->text);
    else if (type == FRAME_TEXTS || type == FRAME_INTS)
        put_list(out, type, &cell->list);
    else
        buf_printf(out, "%lld", (long long)cell->number);
    buf_putc(out, '|');
}

static void put_frame(struct buf *out, const struct frame *frame)
{
    for (size_t row = 0; row < frame->row_count; row++) {
        for (size_t column = 0; column < frame->column_count; column++)
            put_cell(out, frame->columns[column].type, frame_at(frame, row, column));
        buf_putc(out, '\n');
    }
}

typedef bool query(struct store *store, const struct event *event,
                   const struct query_filter *filter, struct frame *frame, struct err *err);

static void put_answer(struct buf *out, struct store *store, const struct event *event, query *ask,
                       const struct query_filter *filter)
{
    struct err err = {0};
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(ask(store, event, filter, &frame, &err), &err);
    put_frame(out, &frame);
    buf_puts(out, "--\n");
}

/* Every zone by snapshot, hour and day; with filters that are replayed; the market every seven hours. */
static void put_answers(struct buf *out, struct store *store, const struct event *event)
{
    struct err err = {0};
    AUTO_FRAME struct frame zones = {0};
    scratch_ok(query_names(store, event, false, &zones, &err), &err);
    struct query_filter filter;
    query_init(&filter);
    put_answer(out, store, event, query_zones, &filter);
    for (size_t i = 0; i < zones.row_count; i++)
        filter.zones[filter.zone_count++] = frame_at(&zones, i, 0)->text;
    for (int by = QUERY_SNAPSHOT; by <= QUERY_DAY; by++) {
        filter.by = by;
        filter.sizes = 0;
        put_answer(out, store, event, query_trends, &filter);
        put_answer(out, store, event, query_counts, &filter);
        filter.sizes = 1 << 2 | 1 << 7;
        put_answer(out, store, event, query_groups, &filter);
        put_answer(out, store, event, query_counts, &filter);
    }
    query_init(&filter);
    filter.has_at = true;
    for (filter.at_ms = START_MS; filter.at_ms < START_MS + 9 * CLOCK_DAY_MS;
         filter.at_ms += 7 * CLOCK_HOUR_MS)
        put_answer(out, store, event, query_listings, &filter);
}

static void put_store(struct buf *out, struct store *store, const struct event *event)
{
    struct err err = {0};
    scratch_ok(export_event(store, event, EXPORT_NDJSON, take, out, &err), &err);
    scratch_ok(export_event(store, event, EXPORT_CSV, take, out, &err), &err);
    put_answers(out, store, event);
    assert_false(out->overflow);
}

static void expect_same_text(const char *got, const char *wanted, const char *what, int seed)
{
    size_t line = 0, i = 0;
    for (; got[i] == wanted[i] && got[i] != '\0'; i++)
        if (got[i] == '\n')
            line = i + 1;
    if (got[i] != wanted[i])
        fail_msg("seed %d, %s:\n%.*s\ninstead of\n%.*s", seed, what, (int)strcspn(got + line, "\n"),
                 got + line, (int)strcspn(wanted + line, "\n"), wanted + line);
}

/* ---- polls in another order ---- */

static struct store *new_store(struct event *event)
{
    static int count;
    char path[SCRATCH_PATH_MAX];
    snprintf(path, sizeof path, "%.200s/%d.db", scratch_folder, count++);
    struct store *store = scratch_open(path);
    *event = scratch_event(store);
    return store;
}

static int by_time(const void *a, const void *b)
{
    const struct bazaar_poll *left = *(struct bazaar_poll *const *)a;
    const struct bazaar_poll *right = *(struct bazaar_poll *const *)b;
    return (left->at_ms > right->at_ms) - (left->at_ms < right->at_ms);
}

/* What a store says that got the first `count` of these polls in order of time. */
static void put_in_order(struct buf *out, struct bazaar_poll *const *polls, size_t count)
{
    struct event event;
    AUTO_STORE struct store *store = new_store(&event);
    AUTO_FREE struct bazaar_poll **sorted = mem_alloc(count, sizeof *sorted);
    memcpy(sorted, polls, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_time);
    for (size_t i = 0; i < count; i++)
        bazaar_feed(store, event.id, sorted[i]);
    put_store(out, store, &event);
}

static void expect_verified(struct store *store, int seed, size_t step)
{
    struct err err = {0};
    struct rollup_verify_report report;
    scratch_ok(rollup_verify(store, 0, false, NULL, &report, &err), &err);
    if (report.differences != 0)
        fail_msg("seed %d, after %zu polls: %lld differences, first %s", seed, step + 1,
                 (long long)report.differences, report.first);
}

static void shuffle(uint64_t *random, struct bazaar_poll **polls, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)bazaar_pick(random, (int)i);
        struct bazaar_poll *other = polls[i - 1];
        polls[i - 1] = polls[j];
        polls[j] = other;
    }
}

/* Feeds a poll, perhaps with a failure recorded at its time before or after, and perhaps one again that is there. */
static void feed(uint64_t *random, struct store *store, int64_t event_id,
                 struct bazaar_poll *const *polls, size_t i)
{
    struct bazaar_poll failure = {.at_ms = polls[i]->at_ms, .outcome = OUTCOME_BLOCKED};
    bool good = outcome_is_good(polls[i]->outcome);
    if (good && bazaar_chance(random, 15))
        bazaar_feed(store, event_id, &failure);
    assert_false(bazaar_feed(store, event_id, polls[i]).duplicate);
    if (good && bazaar_chance(random, 15))
        bazaar_feed(store, event_id, &failure);
    const struct bazaar_poll *again = polls[bazaar_pick(random, (int)i + 1)];
    if (bazaar_chance(random, 25))
        assert_int_equal(bazaar_feed(store, event_id, again).duplicate,
                         outcome_is_good(again->outcome));
}

static void expect_same_in_any_order(const struct bazaar_habits *habits)
{
    struct bazaar bazaar;
    bazaar_init(&bazaar, habits);
    int seed = (int)habits->seed;
    uint64_t random = habits->seed * 31 + 7;
    AUTO_FREE struct bazaar_poll **polls = mem_alloc(bazaar.count, sizeof *polls);
    for (size_t i = 0; i < bazaar.count; i++)
        polls[i] = &bazaar.polls[i];
    shuffle(&random, polls, bazaar.count);
    size_t halfway = (size_t)bazaar_pick(&random, (int)bazaar.count);
    struct event event;
    AUTO_STORE struct store *store = new_store(&event);
    for (size_t i = 0; i < bazaar.count; i++) {
        feed(&random, store, event.id, polls, i);
        expect_verified(store, seed, i);
        if (i != halfway && i != bazaar.count - 1)
            continue;
        AUTO_BUF struct buf got, wanted;
        buf_init(&got, DUMP_MAX);
        buf_init(&wanted, DUMP_MAX);
        put_store(&got, store, &event);
        put_in_order(&wanted, polls, i + 1);
        expect_same_text(buf_text(&got), buf_text(&wanted), i == halfway ? "halfway" : "at the end",
                         seed);
    }
    bazaar_release(&bazaar);
}

static void polls_in_any_order_make_the_same_store(void **state)
{
    (void)state;
    for (int seed = 1; seed <= seeds(4); seed++) {
        int64_t gap_ms = seed % 2 ? 20 * CLOCK_MINUTE_MS : 3 * CLOCK_HOUR_MS;
        struct bazaar_habits habits = {(uint64_t)seed, 24, START_MS + 1, gap_ms, 0};
        expect_same_in_any_order(&habits);
    }
}

static void so_do_polls_with_listings_that_cannot_be_read(void **state)
{
    (void)state;
    for (int seed = 1; seed <= seeds(4); seed++) {
        int64_t gap_ms = seed % 2 ? 25 * CLOCK_MINUTE_MS : 4 * CLOCK_HOUR_MS;
        struct bazaar_habits habits = {1000 + (uint64_t)seed, 24, START_MS + 1, gap_ms, 40};
        expect_same_in_any_order(&habits);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(polls_in_any_order_make_the_same_store),
        cmocka_unit_test(so_do_polls_with_listings_that_cannot_be_read),
    };
    clock_fix(START_MS + 30 * CLOCK_DAY_MS);
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
