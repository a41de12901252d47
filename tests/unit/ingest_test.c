/* Polls on their way in, and the versions that come of them (core/splice.h). */
#include "core/ingest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "bazaar.h"
#include "core/rollup_verify.h"
#include "stall.h"

#define HOUR CLOCK_HOUR_MS
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

static const struct stall_item a_at_100 = {"A", "Lower", "101", 2, 10000};
static const struct stall_item a_at_90 = {"A", "Lower", "101", 2, 9000};
static const struct stall_item b_at_50 = {"B", "Upper", "201", 4, 5000};
static const struct stall_item a_unread = {.id = "A", .unread = true};

static struct ingest_report poll_one(int64_t at_ms, struct stall_item item)
{
    return stall_poll(store, event.id, at_ms, (struct stall_item[]){item, NONE});
}

static void expect_market(int64_t at_ms, const char *wanted)
{
    assert_string_equal(stall_market_at(store, event.id, at_ms), wanted);
}

static int64_t count(const char *table)
{
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    return scratch_number(store, sql);
}

/* A number that changes with every write to the store. */
static int64_t write_mark(struct store *reader)
{
    struct err err = {0};
    int64_t version;
    scratch_ok(db_data_version(store_db(reader), &version, &err), &err);
    return version;
}

/* ---- in order ---- */

static void a_report_counts_what_changed(void **state)
{
    (void)state;
    struct ingest_report first =
        stall_poll(store, event.id, HOUR, (struct stall_item[]){a_at_100, b_at_50, NONE});
    assert_int_equal(first.listings, 2);
    assert_int_equal(first.tickets, 6);
    assert_int_equal(first.added, 2);
    struct stall_item c = {"C", "Upper", "201", 1, 700};
    struct stall_item unread = {.id = "Z", .unread = true};
    struct ingest_report next =
        stall_poll(store, event.id, 2 * HOUR, (struct stall_item[]){a_at_90, c, unread, NONE});
    assert_int_equal(next.listings, 2);
    assert_int_equal(next.tickets, 3);
    assert_int_equal(next.added, 1);
    assert_int_equal(next.removed, 1);
    assert_int_equal(next.changed, 1);
    assert_int_equal(next.rejected, 1);
    assert_false(next.duplicate);
}

static void a_new_price_is_a_version_of_the_same_offer(void **state)
{
    (void)state;
    poll_one(HOUR, a_at_100);
    poll_one(2 * HOUR, a_at_90);
    struct stall_item all_in = a_at_90;
    all_in.all_in_minor = 11000;
    poll_one(3 * HOUR, all_in);
    assert_int_equal(count("version"), 3);
    assert_int_equal(count("offer"), 1);
    expect_market(2 * HOUR - 1, "A 100.00");
    expect_market(2 * HOUR, "A 90.00");
}

static void any_other_change_makes_another_offer(void **state)
{
    (void)state;
    struct stall_item items[7] = {a_at_100, a_at_100, a_at_100, a_at_100,
                                  a_at_100, a_at_100, a_at_100};
    items[1].quantity = 3;
    items[2].splits = "2";
    items[3].zone = "Club";
    items[4].section = "102";
    items[5].label = "Sec 101";
    items[6].tags = LISTING_VIP;
    for (int i = 0; i < 7; i++)
        poll_one((i + 1) * HOUR, items[i]);
    assert_int_equal(count("offer"), 7);
    assert_int_equal(count("version"), 7);
}

/* The same sizes, once said and once inferred, are not the same. */
static void inferred_sizes_differ_from_stated_ones(void **state)
{
    (void)state;
    struct stall_item stated = a_at_100;
    stated.splits = "2";
    poll_one(HOUR, a_at_100);
    assert_int_equal(poll_one(2 * HOUR, stated).changed, 1);
}

static void a_poll_without_change_adds_one_row(void **state)
{
    (void)state;
    static const char *const tables[] = {"version", "offer", "metric", "place", "zone", "section"};
    int64_t before[6];
    poll_one(HOUR, a_at_100);
    for (int i = 0; i < 6; i++)
        before[i] = count(tables[i]);
    poll_one(HOUR + 1, a_at_100);
    for (int i = 0; i < 6; i++)
        assert_int_equal(count(tables[i]), before[i]);
    assert_int_equal(count("snapshot"), 2);
}

static void an_empty_poll_ends_everything_and_what_comes_back_is_new(void **state)
{
    (void)state;
    poll_one(HOUR, a_at_100);
    struct ingest_report empty = stall_poll(store, event.id, 2 * HOUR, &NONE);
    assert_int_equal(empty.removed, 1);
    assert_int_equal(empty.listings, 0);
    expect_market(2 * HOUR, "");
    assert_int_equal(poll_one(3 * HOUR, a_at_100).added, 1);
    expect_market(2 * HOUR, "");
    expect_market(3 * HOUR, "A 100.00");
}

/* ---- repeats ---- */

static const unsigned char hash_one[HASH_SIZE] = {1}, hash_two[HASH_SIZE] = {2};

static bool is_repeat(int64_t at_ms, const unsigned char *hash)
{
    struct err err = {0};
    bool repeat;
    scratch_ok(ingest_is_repeat(store, event.id, at_ms, hash, &repeat, &err), &err);
    return repeat;
}

static bool poll_hashed(int64_t at_ms, const unsigned char *hash, const struct stall_item *items,
                        struct ingest_report *report, struct err *err)
{
    AUTO_MARKET struct market market = {0};
    stall_fill(&market, items);
    struct ingest_poll poll = {at_ms, OUTCOME_OK, hash, 10, 20};
    return ingest_market(store, event.id, &poll, &market, report, err);
}

static void a_repeat_is_known_by_the_newest_good_body_only(void **state)
{
    (void)state;
    struct err err = {0};
    struct ingest_report report;
    struct store_failure failure = {2 * HOUR, OUTCOME_NETWORK, -1, -1, "no answer"};
    assert_false(is_repeat(HOUR, hash_one));
    poll_hashed(HOUR, hash_one, (struct stall_item[]){a_at_100, NONE}, &report, &err);
    scratch_ok(store_save_failure(store, event.id, &failure, &err), &err);
    assert_true(is_repeat(3 * HOUR, hash_one));
    assert_false(is_repeat(3 * HOUR, hash_two));
    assert_false(is_repeat(HOUR, hash_one)); /* that very one */
    assert_false(is_repeat(HOUR - 1, hash_one));
    poll_hashed(4 * HOUR, hash_two, (struct stall_item[]){a_at_90, NONE}, &report, &err);
    assert_false(is_repeat(3 * HOUR, hash_one));
    assert_false(is_repeat(5 * HOUR, hash_one));
    assert_true(is_repeat(5 * HOUR, hash_two));
}

static void a_body_with_unreadable_listings_is_read_again(void **state)
{
    (void)state;
    struct err err = {0};
    struct ingest_report report;
    poll_hashed(HOUR, hash_one, (struct stall_item[]){b_at_50, a_unread, NONE}, &report, &err);
    assert_false(is_repeat(2 * HOUR, hash_one));
}

static void a_repeat_is_one_row_with_the_level_of_the_poll_before(void **state)
{
    (void)state;
    struct err err = {0};
    struct ingest_report report;
    poll_hashed(HOUR, hash_one, (struct stall_item[]){a_at_100, NONE}, &report, &err);
    struct ingest_poll poll = {2 * HOUR, OUTCOME_EMPTY, hash_one, 10, 20};
    scratch_ok(ingest_repeat(store, event.id, &poll, &report, &err), &err);
    assert_int_equal(report.listings, 1);
    assert_int_equal(report.tickets, 2);
    assert_int_equal(scratch_number(store, "SELECT outcome FROM snapshot WHERE at_ms = 7200000"),
                     OUTCOME_OK);
    assert_int_equal(count("metric"), 2);
    poll.body_hash = hash_two;
    poll.at_ms++;
    assert_false(ingest_repeat(store, event.id, &poll, &report, &err));
    assert_int_equal(count("snapshot"), 2);
}

/* ---- the same time again ---- */

static void expect_nothing_written(const unsigned char *hash, const struct stall_item *items,
                                   bool duplicate)
{
    struct err err = {0};
    struct ingest_report report;
    AUTO_STORE struct store *reader = store_open_readonly(scratch_path, &err);
    scratch_ok(reader != NULL, &err);
    int64_t before = write_mark(reader);
    bool ok = poll_hashed(HOUR, hash, items, &report, &err);
    assert_int_equal(ok, duplicate);
    assert_int_equal(err.code, duplicate ? ERR_NONE : ERR_EVENT);
    if (duplicate)
        assert_true(report.duplicate);
    assert_int_equal(write_mark(reader), before);
}

static void the_same_snapshot_again_writes_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    struct ingest_report report;
    const struct stall_item items[] = {a_at_100, b_at_50, {.id = "Z", .unread = true}, NONE};
    scratch_ok(poll_hashed(HOUR, hash_one, items, &report, &err), &err);
    expect_nothing_written(hash_one, items, true);
    expect_nothing_written(hash_two, items, true); /* another order of keys, say */
    expect_nothing_written(NULL, items, true);
}

static void another_market_at_that_time_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct ingest_report report;
    struct stall_item y_unread = {.id = "Y", .unread = true},
                      z_unread = {.id = "Z", .unread = true};
    scratch_ok(poll_hashed(HOUR, hash_one, (struct stall_item[]){a_at_100, b_at_50, z_unread, NONE},
                           &report, &err),
               &err);
    const struct stall_item others[][4] = {
        {a_at_90, b_at_50, z_unread, NONE},  {a_at_100, z_unread, NONE},
        {a_at_100, b_at_50, y_unread, NONE}, {a_at_100, b_at_50, NONE},
        {a_unread, b_at_50, NONE},           {NONE},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        expect_nothing_written(hash_two, others[i], false);
}

static void a_good_poll_takes_the_place_of_a_failure(void **state)
{
    (void)state;
    struct err err = {0};
    struct store_failure failure = {2 * HOUR, OUTCOME_NETWORK, 99, 5, "no answer"};
    poll_one(HOUR, a_at_100);
    scratch_ok(store_save_failure(store, event.id, &failure, &err), &err);
    poll_one(3 * HOUR, a_at_100);
    assert_int_equal(poll_one(2 * HOUR, a_at_90).changed, 1);
    assert_int_equal(count("snapshot"), 3);
    assert_int_equal(scratch_number(store,
                                    "SELECT count(*) FROM snapshot WHERE outcome > 1 OR reason "
                                    "IS NOT NULL OR took_ms IS NOT NULL"),
                     0);
    expect_market(2 * HOUR, "A 90.00");
    expect_market(3 * HOUR, "A 100.00");
}

static bool poll_in(const char *currency, int64_t at_ms, struct err *err)
{
    AUTO_MARKET struct market market = {0};
    struct ingest_report report;
    stall_fill(&market, (struct stall_item[]){a_at_100, NONE});
    market.currency = currency;
    struct ingest_poll poll = {.at_ms = at_ms, .took_ms = -1, .bytes = -1};
    return ingest_market(store, event.id, &poll, &market, &report, err);
}

static void the_first_poll_says_the_currency_and_another_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    scratch_ok(poll_in("CAD", 2 * HOUR, &err), &err);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM event WHERE currency = 'CAD'"), 1);
    for (int64_t at_ms = HOUR; at_ms <= 3 * HOUR; at_ms += HOUR) {
        struct err refused = {0};
        assert_false(poll_in("USD", at_ms, &refused));
        assert_int_equal(refused.code, ERR_EVENT);
    }
    assert_int_equal(count("snapshot"), 1);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM event WHERE currency = 'CAD'"), 1);
}

/* ---- listings that cannot be read ---- */

static void an_unreadable_listing_stays_as_it_was(void **state)
{
    (void)state;
    poll_one(HOUR, a_at_100);
    struct ingest_report report =
        stall_poll(store, event.id, 2 * HOUR, (struct stall_item[]){b_at_50, a_unread, NONE});
    assert_int_equal(report.listings, 2);
    assert_int_equal(report.removed, 0);
    assert_int_equal(report.rejected, 1);
    expect_market(2 * HOUR, "A 100.00, B 50.00");
    stall_poll(store, event.id, 3 * HOUR, (struct stall_item[]){b_at_50, NONE});
    expect_market(3 * HOUR - 1, "A 100.00, B 50.00");
    expect_market(3 * HOUR, "B 50.00");
}

static void one_that_is_not_live_is_not_made_up(void **state)
{
    (void)state;
    poll_one(HOUR, b_at_50);
    stall_poll(store, event.id, 2 * HOUR, (struct stall_item[]){b_at_50, a_unread, NONE});
    poll_one(3 * HOUR, a_at_100);
    expect_market(2 * HOUR, "B 50.00");
}

/* What an older poll says of it holds for the later ones that could not read it. */
static void an_older_poll_changes_what_later_ones_carry_on(void **state)
{
    (void)state;
    poll_one(HOUR, a_at_100);
    poll_one(3 * HOUR, a_unread);
    poll_one(4 * HOUR, a_unread);
    poll_one(5 * HOUR, a_at_100);
    poll_one(2 * HOUR, a_at_90);
    expect_market(2 * HOUR - 1, "A 100.00");
    expect_market(4 * HOUR, "A 90.00");
    expect_market(5 * HOUR - 1, "A 90.00");
    expect_market(5 * HOUR, "A 100.00");
    assert_int_equal(
        scratch_number(store, "SELECT min FROM metric WHERE at_ms = 14400000 AND zone_id = 0"),
        9000);
    stall_poll(store, event.id, 2 * HOUR + 1, &NONE);
    expect_market(4 * HOUR, "");
    expect_market(5 * HOUR, "A 100.00");
}

/* The last poll had nothing new, so its measures stood at the one before, which an older poll now changes. */
static void a_poll_that_borrowed_changed_measures_gets_its_own(void **state)
{
    (void)state;
    struct err err = {0};
    struct rollup_verify_report report;
    poll_one(HOUR, a_at_100);
    stall_poll(store, event.id, 3 * HOUR, (struct stall_item[]){b_at_50, a_unread, NONE});
    stall_poll(store, event.id, 4 * HOUR, (struct stall_item[]){b_at_50, a_at_100, NONE});
    stall_poll(store, event.id, 5 * HOUR, (struct stall_item[]){b_at_50, a_at_100, NONE});
    poll_one(2 * HOUR, a_at_90);
    scratch_ok(rollup_verify(store, event.id, false, NULL, &report, &err), &err);
    assert_string_equal(report.first, "");
    assert_int_equal(
        scratch_number(store, "SELECT max_price FROM snapshots ORDER BY timestamp DESC"), 100);
}

/* Of two under one id one was read, so nothing is carried over it. */
static void a_listing_that_was_read_beside_an_unreadable_twin_counts(void **state)
{
    (void)state;
    stall_poll(store, event.id, 2 * HOUR, (struct stall_item[]){a_at_90, a_unread, NONE});
    poll_one(HOUR, a_at_100);
    expect_market(HOUR, "A 100.00");
    expect_market(2 * HOUR, "A 90.00");
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM version WHERE lasted_ms IS NULL"),
                     1);
}

/* ---- versions ---- */

/* Whatever the order: no two versions of a listing overlap, none says what the one before it says, spans are right. */
static void versions_are_disjoint_and_as_few_as_can_be(void **state)
{
    (void)state;
    struct bazaar bazaar;
    struct bazaar_habits habits = {5, 60, 1769904000000, 40 * CLOCK_MINUTE_MS, 30};
    bazaar_init(&bazaar, &habits);
    for (size_t step = 0; step < 7; step++)
        for (size_t i = step; i < bazaar.count; i += 7)
            bazaar_feed(store, event.id, &bazaar.polls[i]);
    bazaar_release(&bazaar);
    assert_true(count("version") > 100);
    assert_int_equal(
        scratch_number(store,
                       "SELECT count(*) FROM version WHERE span <> CASE WHEN lasted_ms IS NULL "
                       "THEN 63 ELSE CAST(floor(log2(lasted_ms)) AS INTEGER) END"),
        0);
    static const char *const pairs =
        "WITH v AS (SELECT v.*, o.*, from_ms + lasted_ms AS to_ms FROM version v JOIN offer o ON "
        "o.id = "
        "v.offer_id) SELECT count(*) FROM v a JOIN v b ON a.external_id = b.external_id AND "
        "a.from_ms < "
        "b.from_ms WHERE a.to_ms IS NULL OR a.to_ms > b.from_ms OR (a.to_ms = b.from_ms AND "
        "a.offer_id = "
        "b.offer_id AND a.price_minor = b.price_minor AND a.all_in_minor IS b.all_in_minor)";
    assert_int_equal(scratch_number(store, pairs), 0);
    assert_int_equal(scratch_number(store,
                                    "SELECT count(*) FROM offer o WHERE first_ms <> "
                                    "(SELECT min(from_ms) FROM version WHERE offer_id = o.id)"),
                     0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_report_counts_what_changed),
        TEST(a_new_price_is_a_version_of_the_same_offer),
        TEST(any_other_change_makes_another_offer),
        TEST(inferred_sizes_differ_from_stated_ones),
        TEST(a_poll_without_change_adds_one_row),
        TEST(an_empty_poll_ends_everything_and_what_comes_back_is_new),
        TEST(a_repeat_is_known_by_the_newest_good_body_only),
        TEST(a_body_with_unreadable_listings_is_read_again),
        TEST(a_repeat_is_one_row_with_the_level_of_the_poll_before),
        TEST(the_same_snapshot_again_writes_nothing),
        TEST(another_market_at_that_time_is_refused),
        TEST(a_good_poll_takes_the_place_of_a_failure),
        TEST(the_first_poll_says_the_currency_and_another_is_refused),
        TEST(an_unreadable_listing_stays_as_it_was),
        TEST(one_that_is_not_live_is_not_made_up),
        TEST(an_older_poll_changes_what_later_ones_carry_on),
        TEST(a_poll_that_borrowed_changed_measures_gets_its_own),
        TEST(a_listing_that_was_read_beside_an_unreadable_twin_counts),
        TEST(versions_are_disjoint_and_as_few_as_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
