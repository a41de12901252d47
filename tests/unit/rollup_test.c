/* Hours and days: kept up (core/fold.h), read (core/rollup.h), proved and mended (core/rollup_verify.h). */
#include "core/rollup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/atlas.h"
#include "core/rollup_verify.h"
#include "stall.h"

#define HOUR CLOCK_HOUR_MS
#define DAY CLOCK_DAY_MS
#define NONE STALL_NO_LISTING

static struct store *store;
static struct event event;

static int begin(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    store = scratch_open(scratch_path);
    event = scratch_event(store);
    return 0;
}

static int end(void **state)
{
    store_close(store);
    return scratch_remove(state);
}

/* One listing in the zone Lower, section 101. */
static void poll_lower(int64_t at_ms, int quantity, int64_t price)
{
    struct stall_item item = {"A", "Lower", "101", quantity, price};
    stall_poll(store, event.id, at_ms, (struct stall_item[]){item, NONE});
}

/* And one in Upper, 201, beside it. */
static void poll_both(int64_t at_ms, int64_t lower_price, int64_t upper_price)
{
    struct stall_item lower = {"A", "Lower", "101", 2, lower_price};
    struct stall_item upper = {"B", "Upper", "201", 4, upper_price};
    stall_poll(store, event.id, at_ms, (struct stall_item[]){lower, upper, NONE});
}

static int64_t zone_id(const char *name)
{
    struct err err = {0};
    AUTO_ATLAS struct atlas atlas = {0};
    scratch_ok(atlas_load(store, event.id, &atlas, &err), &err);
    const struct atlas_zone *zone = atlas_find_zone(&atlas, name);
    assert_non_null(zone);
    return zone->id;
}

static void read_rows(enum rollup_grain grain, enum rollup_kind kind, int64_t scope_id,
                      struct rollup_rows *rows)
{
    struct err err = {0};
    scratch_ok(rollup_read(store, event.id, grain, kind, scope_id, 0, CLOCK_MAX_MS, rows, &err),
               &err);
}

/* "1h 3t 100.00-200.00 n2, ...": each bucket's number, level, extremes of price and good polls. */
static const char *told(enum rollup_grain grain, enum rollup_kind kind, int64_t scope_id)
{
    static char text[1000];
    size_t used = 0;
    AUTO_ROWS struct rollup_rows rows = {0};
    read_rows(grain, kind, scope_id, &rows);
    text[0] = '\0';
    for (size_t i = 0; i < rows.count; i++) {
        const struct measures *m = &rows.rows[i].measures;
        const struct measures_prices *p = &m->prices[MEASURES_BASE];
        bool priced = p->count > 0;
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "%s%lld: %lld (%lld-%lld) at %lld-%lld, %lld polls", i ? "; " : "",
                                 (long long)(rows.rows[i].at_ms / rollup_step_ms(grain)),
                                 (long long)m->tickets, (long long)m->lowest_tickets,
                                 (long long)m->highest_tickets, priced ? (long long)p->min : -1,
                                 priced ? (long long)p->max : -1, (long long)m->snapshots);
    }
    return text;
}

#define expect_hours(kind, scope, wanted)                                                          \
    assert_string_equal(told(ROLLUP_HOUR, kind, scope), wanted)
#define expect_days(kind, scope, wanted) assert_string_equal(told(ROLLUP_DAY, kind, scope), wanted)

static int64_t stored(const char *where)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM rollup WHERE %s", where);
    return scratch_number(store, sql);
}

static struct rollup_verify_report verify(bool rebuild)
{
    struct err err = {0};
    struct rollup_verify_report report;
    scratch_ok(rollup_verify(store, event.id, rebuild, NULL, &report, &err), &err);
    return report;
}

/* ---- keeping up ---- */

static void an_hour_is_stored_when_a_later_one_begins(void **state)
{
    (void)state;
    poll_lower(5 * HOUR + 1, 2, 100);
    poll_lower(6 * HOUR - 1, 3, 200);
    assert_int_equal(stored("1"), 0);
    expect_hours(ROLLUP_EVENT, 0, "5: 3 (2-3) at 100-200, 2 polls");
    poll_lower(6 * HOUR, 4, 300); /* on the stroke: the new hour's */
    assert_int_equal(stored("grain = 0 AND bucket = 5"), 3);
    assert_int_equal(stored("grain = 0 AND bucket = 6"), 0);
    expect_hours(ROLLUP_EVENT, 0, "5: 3 (2-3) at 100-200, 2 polls; 6: 4 (4-4) at 300-300, 1 polls");
}

static void a_day_is_stored_when_a_later_one_begins(void **state)
{
    (void)state;
    poll_lower(DAY - 1, 2, 100);
    assert_int_equal(stored("grain = 1"), 0);
    poll_lower(DAY, 3, 300);
    assert_int_equal(stored("grain = 1 AND bucket = 0"), 3);
    expect_days(ROLLUP_EVENT, 0, "0: 2 (2-2) at 100-100, 1 polls; 1: 3 (3-3) at 300-300, 1 polls");
}

static void buckets_without_a_good_poll_have_no_row(void **state)
{
    (void)state;
    struct err err = {0};
    struct store_failure failure = {3 * HOUR, OUTCOME_NETWORK, -1, -1, "no answer"};
    poll_lower(HOUR, 2, 100);
    scratch_ok(store_save_failure(store, event.id, &failure, &err), &err);
    poll_lower(9 * HOUR, 2, 100);
    expect_hours(ROLLUP_EVENT, 0, "1: 2 (2-2) at 100-100, 1 polls; 9: 2 (2-2) at 100-100, 1 polls");
}

static void a_late_poll_is_folded_into_its_hour_and_day(void **state)
{
    (void)state;
    poll_lower(HOUR, 2, 100);
    poll_lower(2 * DAY, 2, 100);
    poll_lower(HOUR + 1, 5, 50);
    poll_lower(3 * HOUR, 7, 70);
    expect_hours(ROLLUP_EVENT, 0,
                 "1: 5 (2-5) at 50-100, 2 polls; 3: 7 (7-7) at 70-70, 1 polls; "
                 "48: 2 (2-2) at 100-100, 1 polls");
    expect_days(ROLLUP_EVENT, 0, "0: 7 (2-7) at 50-100, 3 polls; 2: 2 (2-2) at 100-100, 1 polls");
}

static void a_window_takes_the_buckets_that_start_in_it(void **state)
{
    (void)state;
    struct err err = {0};
    for (int hour = 1; hour <= 6; hour++)
        poll_lower(hour * HOUR + 10, 2, 100);
    static const struct {
        int64_t from_ms, to_ms;
        size_t count;
    } cases[] = {{2 * HOUR, 4 * HOUR, 2}, {2 * HOUR, 4 * HOUR + 1, 3}, {6 * HOUR, CLOCK_MAX_MS, 1},
                 {5 * HOUR, 6 * HOUR, 1}, {7 * HOUR, CLOCK_MAX_MS, 0}, {3 * HOUR, 3 * HOUR, 0},
                 {4 * HOUR, 2 * HOUR, 0}, {-5 * HOUR, INT64_MAX, 6}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ROWS struct rollup_rows rows = {0};
        scratch_ok(rollup_read(store, event.id, ROLLUP_HOUR, ROLLUP_EVENT, 0, cases[i].from_ms,
                               cases[i].to_ms, &rows, &err),
                   &err);
        assert_int_equal(rows.count, cases[i].count);
    }
}

/* ---- zones that are not there, or not yet ---- */

static void a_zone_begins_with_its_first_sighting_and_then_has_zeros(void **state)
{
    (void)state;
    poll_lower(HOUR, 2, 100);
    poll_lower(2 * HOUR, 2, 100);
    poll_both(2 * HOUR + 1, 100, 500);
    poll_lower(2 * HOUR + 2, 2, 100);
    poll_lower(3 * HOUR, 2, 100);
    poll_lower(4 * HOUR, 2, 100);
    expect_hours(ROLLUP_ZONE, zone_id("Upper"),
                 "2: 0 (0-4) at 500-500, 2 polls; 3: 0 (0-0) at -1--1, 1 polls; "
                 "4: 0 (0-0) at -1--1, 1 polls");
    expect_days(ROLLUP_ZONE, zone_id("Upper"), "0: 0 (0-4) at 500-500, 4 polls");
    expect_days(ROLLUP_ZONE, 0, "0: 2 (2-2) at 100-100, 6 polls; 0: 0 (0-4) at 500-500, 4 polls");
}

static void a_first_sighting_that_moves_back_fills_the_hours_between(void **state)
{
    (void)state;
    poll_lower(2 * HOUR, 2, 100);
    poll_lower(3 * HOUR, 2, 100);
    poll_both(3 * HOUR + 5, 100, 500);
    poll_lower(5 * HOUR, 2, 100);
    poll_both(HOUR + 5, 100, 400);
    expect_hours(ROLLUP_ZONE, zone_id("Upper"),
                 "1: 4 (4-4) at 400-400, 1 polls; 2: 0 (0-0) at -1--1, 1 polls; "
                 "3: 4 (0-4) at 500-500, 2 polls; 5: 0 (0-0) at -1--1, 1 polls");
    assert_string_equal(verify(false).first, ""); /* what is stored says so too */
}

/* ---- two sources ---- */

/* A row of source 2: tickets, lowest, highest, then `count` prices with their sum, least, greatest and median. */
static void other_row(int grain, int kind, int64_t bucket, int64_t scope, const char *values)
{
    char sql[500];
    snprintf(
        sql, sizeof sql,
        "INSERT OR IGNORE INTO source VALUES (2, 'other');"
        "INSERT INTO rollup (event_id, grain, kind, bucket, scope_id, source_id, snapshots, "
        "last_offset, tickets, listings, lowest, highest, count, sum, min, max, median_x2, min_2) "
        "VALUES (%lld, %d, %d, %lld, %lld, 2, %s)",
        (long long)event.id, grain, kind, (long long)bucket, (long long)scope, values);
    scratch_run(store, sql);
}

static void sources_merge_and_the_latest_snapshot_gives_the_level(void **state)
{
    (void)state;
    poll_lower(5 * HOUR + 10, 2, 100);
    poll_lower(5 * HOUR + 20, 3, 200);
    poll_lower(7 * HOUR, 3, 200);
    other_row(0, 0, 5, 0, "3, 15, 50, 9, 1, 60, 8, 900, 80, 150, 240, 90");
    other_row(0, 0, 6, 0, "1, 15, 7, 2, 7, 7, 1, 99, 99, 99, 198, NULL");
    expect_hours(ROLLUP_EVENT, 0,
                 "5: 3 (1-60) at 80-200, 5 polls; 6: 7 (7-7) at 99-99, 1 polls; "
                 "7: 3 (3-3) at 200-200, 1 polls");
    AUTO_ROWS struct rollup_rows rows = {0};
    read_rows(ROLLUP_HOUR, ROLLUP_EVENT, 0, &rows);
    const struct measures *m = &rows.rows[0].measures;
    assert_int_equal(m->last_ms, 5 * HOUR + 20);
    assert_int_equal(m->prices[MEASURES_BASE].count, 10);
    assert_int_equal(m->prices[MEASURES_BASE].sum, 1200);
    assert_int_equal(m->prices[MEASURES_BASE].median_x2, 400);
    assert_int_equal(m->prices[MEASURES_BASE].group_min[1], 90);
    expect_days(ROLLUP_EVENT, 0, "0: 3 (1-60) at 80-200, 7 polls");
}

static void the_open_hour_merges_with_what_another_source_has_of_it(void **state)
{
    (void)state;
    poll_lower(5 * HOUR + 10, 2, 100);
    other_row(0, 0, 5, 0, "3, 15, 50, 9, 1, 60, 8, 900, 80, 150, 240, 90");
    other_row(0, 0, 30, 0, "1, 15, 7, 2, 7, 7, 1, 99, 99, 99, 198, NULL");
    expect_hours(ROLLUP_EVENT, 0, "5: 50 (1-60) at 80-150, 4 polls; 30: 7 (7-7) at 99-99, 1 polls");
    expect_days(ROLLUP_EVENT, 0, "0: 50 (1-60) at 80-150, 4 polls; 1: 7 (7-7) at 99-99, 1 polls");
}

/* Source 2 polled three times at 5 and saw nothing in Upper, later than we did; at 6 only it saw something. */
static void a_source_that_saw_nothing_of_a_zone_counts_as_zeros(void **state)
{
    (void)state;
    poll_both(4 * HOUR, 100, 500);
    poll_both(5 * HOUR + 10, 100, 600);
    poll_lower(6 * HOUR + 10, 2, 100);
    poll_lower(8 * HOUR, 2, 100);
    int64_t upper = zone_id("Upper");
    other_row(0, 0, 5, 0, "3, 15, 50, 9, 1, 60, 8, 900, 80, 150, 240, 90");
    other_row(0, 0, 6, 0, "2, 5, 7, 2, 7, 7, 1, 99, 99, 99, 198, NULL");
    other_row(0, 1, 6, upper, "2, 5, 7, 2, 7, 7, 1, 99, 99, 99, 198, NULL");
    static const char *const wanted =
        "4: 4 (4-4) at 500-500, 1 polls; 5: 0 (0-4) at 600-600, 4 polls; "
        "6: 0 (0-7) at 99-99, 3 polls; 8: 0 (0-0) at -1--1, 1 polls";
    expect_hours(ROLLUP_ZONE, upper, wanted);
    expect_days(ROLLUP_ZONE, upper, "0: 0 (0-7) at 99-600, 9 polls");
    AUTO_ROWS struct rollup_rows all = {0};
    read_rows(ROLLUP_HOUR, ROLLUP_ZONE, 0, &all);
    for (size_t i = 0; i < all.count; i++)
        if (all.rows[i].scope_id == upper && all.rows[i].at_ms == 5 * HOUR)
            assert_int_equal(all.rows[i].measures.tickets, 0);
}

/* ---- proof ---- */

static void poll_three_days(void)
{
    for (int i = 0; i < 70; i++)
        if (i % 3 == 0)
            poll_lower(i * HOUR + i, 2 + i % 5, 100 + i % 7);
        else
            poll_both(i * HOUR + i, 100 + i % 7, 300);
}

static void planted_damage_is_found_and_mended(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE metric SET min = min + 1 WHERE at_ms = (SELECT max(at_ms) FROM metric) AND zone_id "
        "= 0",
        "UPDATE metric SET min_4 = 1 WHERE at_ms = (SELECT min(at_ms) FROM metric) AND zone_id <> "
        "0",
        "DELETE FROM metric WHERE at_ms = (SELECT min(at_ms) FROM metric)",
        "INSERT INTO metric (event_id, at_ms, zone_id, tickets, listings, count, sum) "
        "VALUES (1, 5, 0, 1, 1, 1, 1)",
        "INSERT INTO metric (event_id, at_ms, zone_id, tickets, listings, count, sum) "
        "SELECT 1, max(at_ms), 99, 1, 1, 1, 1 FROM metric",
        "UPDATE snapshot SET metric_ms = 0 WHERE at_ms = (SELECT max(at_ms) FROM snapshot)",
        "UPDATE rollup SET sum = sum + 1 WHERE grain = 0 AND kind = 1 AND bucket = 22",
        "UPDATE rollup SET last_offset = last_offset + 1 WHERE grain = 1 AND kind = 0 AND bucket = "
        "0",
        "UPDATE rollup SET quarter = quarter + 1 WHERE grain = 0 AND kind = 1 AND bucket = 22",
        "UPDATE metric SET quarter = quarter + 1 WHERE at_ms = (SELECT min(at_ms) FROM metric)",
        "UPDATE rollup SET ai_min = 3 WHERE grain = 1 AND kind = 2 AND bucket = 1",
        "DELETE FROM rollup WHERE grain = 0 AND kind = 0 AND bucket = 7",
        "DELETE FROM rollup WHERE grain = 0 AND kind = 2 AND bucket = 7",
        "DELETE FROM rollup WHERE grain = 1",
        "INSERT INTO rollup SELECT event_id, grain, kind, bucket, 99, source_id, snapshots, "
        "last_offset, "
        "tickets, listings, lowest, highest, count, sum, min, max, median_x2, quarter, min_1, "
        "min_2, "
        "min_4, ai_count, "
        "ai_sum, ai_min, ai_max, ai_median_x2, ai_quarter, ai_min_1, ai_min_2, ai_min_4 FROM "
        "rollup "
        "WHERE grain = 0 AND kind = 1 AND bucket = 7 LIMIT 1",
        "UPDATE rollup SET bucket = 5000 WHERE grain = 0 AND kind = 0 AND bucket = 7",
        "UPDATE rollup SET bucket = 69 WHERE grain = 0 AND kind = 0 AND bucket = 7",
        "INSERT INTO rollup (event_id, grain, kind, bucket, scope_id, source_id, snapshots, "
        "last_offset, "
        "tickets, listings, lowest, highest, count, sum) VALUES (1, 1, 0, 2, 0, 1, 1, 0, 0, 0, 0, "
        "0, 0, 0)",
    };
    poll_three_days();
    assert_int_equal(verify(false).differences, 0);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        scratch_run(store, damages[i]);
        struct rollup_verify_report found = verify(false);
        if (found.differences == 0)
            fail_msg("not found: %s", damages[i]);
        assert_true(found.first[0] != '\0');
        assert_true(verify(true).differences > 0);
        struct rollup_verify_report mended = verify(false);
        if (mended.differences != 0)
            fail_msg("not mended: %s: %s", damages[i], mended.first);
    }
}

static void rebuilding_leaves_other_sources_alone(void **state)
{
    (void)state;
    poll_three_days();
    other_row(0, 0, 5, 0, "3, 15, 50, 9, 1, 60, 8, 900, 80, 150, 240, 90");
    other_row(1, 0, 0, 0, "3, 15, 50, 9, 1, 60, 8, 900, 80, 150, 240, 90");
    other_row(1, 2, 4000, 77, "3, 15, 50, 9, 1, 60, 8, 900, 80, 150, 240, 90");
    assert_int_equal(verify(false).differences, 0);
    assert_int_equal(verify(true).differences, 0);
    assert_int_equal(stored("source_id = 2 AND sum = 900"), 3);
    assert_int_equal(stored("source_id = 2"), 3);
}

static void verify_counts_what_it_compared_and_writes_nothing(void **state)
{
    (void)state;
    poll_three_days();
    int64_t own = stored("source_id = 1");
    struct rollup_verify_report report = verify(false);
    assert_int_equal(report.events, 1);
    assert_int_equal(report.snapshots, 70);
    assert_int_equal(report.metrics, 70 * 3);
    assert_int_equal(report.buckets, own);
    assert_string_equal(report.first, "");
}

static void an_event_without_polls_is_in_order(void **state)
{
    (void)state;
    assert_int_equal(verify(false).differences, 0);
    assert_int_equal(verify(true).differences, 0);
    expect_hours(ROLLUP_EVENT, 0, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(an_hour_is_stored_when_a_later_one_begins),
        TEST(a_day_is_stored_when_a_later_one_begins),
        TEST(buckets_without_a_good_poll_have_no_row),
        TEST(a_late_poll_is_folded_into_its_hour_and_day),
        TEST(a_window_takes_the_buckets_that_start_in_it),
        TEST(a_zone_begins_with_its_first_sighting_and_then_has_zeros),
        TEST(a_first_sighting_that_moves_back_fills_the_hours_between),
        TEST(sources_merge_and_the_latest_snapshot_gives_the_level),
        TEST(the_open_hour_merges_with_what_another_source_has_of_it),
        TEST(a_source_that_saw_nothing_of_a_zone_counts_as_zeros),
        TEST(planted_damage_is_found_and_mended),
        TEST(rebuilding_leaves_other_sources_alone),
        TEST(verify_counts_what_it_compared_and_writes_nothing),
        TEST(an_event_without_polls_is_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
