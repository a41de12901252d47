/* Questions and the shape of their answers; that the numbers are right is shown by oracle_test. */
#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "stall.h"

#define HOUR CLOCK_HOUR_MS
#define NONE STALL_NO_LISTING
#define NOW (100 * CLOCK_DAY_MS + 10 * HOUR) /* 1970-04-11T10:00:00Z */

static struct store *store;
static struct event event;

/* Three polls: Lower at 100, then 110 with Upper beside it, then Upper alone is gone. */
static int begin(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    clock_fix(NOW);
    store = scratch_open(scratch_path);
    event = scratch_event(store);
    struct stall_item lower = {"A", "Lower", "101", 2, 10000, 12000};
    struct stall_item dearer = {"A", "Lower", "101", 2, 11000, 13000};
    struct stall_item upper = {.id = "B",
                               .zone = "Upper Tier",
                               .section = "201",
                               .quantity = 5,
                               .price_minor = 5001,
                               .label = "Sec 201",
                               .tags = LISTING_VIP | LISTING_SUITE};
    stall_poll(store, event.id, NOW - 3 * HOUR, (struct stall_item[]){lower, NONE});
    stall_poll(store, event.id, NOW - 2 * HOUR + 1, (struct stall_item[]){dearer, upper, NONE});
    stall_poll(store, event.id, NOW, (struct stall_item[]){dearer, NONE});
    return 0;
}

static int end(void **state)
{
    store_close(store);
    return scratch_remove(state);
}

typedef bool query(struct store *store, const struct event *event,
                   const struct query_filter *filter, struct frame *frame, struct err *err);

static struct query_filter all(void)
{
    struct query_filter filter;
    query_init(&filter);
    return filter;
}

static void ask(query *question, struct query_filter filter, struct frame *frame)
{
    struct err err = {0};
    scratch_ok(question(store, &event, &filter, frame, &err), &err);
}

/* A row as "120 null [1,2] Upper": lists in brackets, unknown as null. */
static const char *row_text(const struct frame *frame, size_t row)
{
    static char text[1000];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < frame->column_count; i++) {
        const struct frame_cell *cell = frame_at(frame, row, i);
        enum frame_type type = frame->columns[i].type;
        const char *gap = i ? " " : "";
        if (!cell->known)
            used += (size_t)snprintf(text + used, sizeof text - used, "%snull", gap);
        else if (type == FRAME_TEXT)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", gap, cell->text);
        else if (type == FRAME_TEXTS || type == FRAME_INTS) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%s[", gap);
            for (size_t k = 0; k < cell->list.count; k++)
                used += type == FRAME_TEXTS
                            ? (size_t)snprintf(text + used, sizeof text - used, "%s%s",
                                               k ? "," : "", cell->list.texts[k])
                            : (size_t)snprintf(text + used, sizeof text - used, "%s%lld",
                                               k ? "," : "", (long long)cell->list.ints[k]);
            used += (size_t)snprintf(text + used, sizeof text - used, "]");
        } else if (type == FRAME_TIME) /* against the clock */
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%+lldms", gap,
                                     (long long)(cell->number - NOW));
        else
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%lld", gap,
                                     (long long)cell->number);
    }
    return text;
}

static void expect_rows(const struct frame *frame, const char *const *rows, size_t count)
{
    for (size_t i = 0; i < count && i < frame->row_count; i++)
        assert_string_equal(row_text(frame, i), rows[i]);
    assert_int_equal(frame->row_count, count);
}

#define EXPECT(frame, ...)                                                                         \
    expect_rows(frame, (const char *const[]){__VA_ARGS__},                                         \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void expect_columns(const struct frame *frame, const char *const *names, size_t count)
{
    assert_int_equal(frame->column_count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(frame->columns[i].name, names[i]);
}

#define COLUMNS(frame, ...)                                                                        \
    expect_columns(frame, (const char *const[]){__VA_ARGS__},                                      \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* ---- series ---- */

static void trends_have_the_keys_of_the_contract(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    ask(query_trends, all(), &frame);
    COLUMNS(&frame, "timestamp", "min_price", "avg_price", "median_price", "max_price",
            "snapshots");
    EXPECT(&frame, "-10800000ms 10000 10000 10000 10000 1", "-7200000ms 5001 8001 8001 11000 1",
           "+0ms 11000 11000 11000 11000 1");
    assert_string_equal(frame.meta.event, "vividseats:1");
    assert_string_equal(frame.meta.event_name, "Leafs at Canadiens");
    assert_int_equal(strlen(frame.meta.event_id), 36);
    assert_string_equal(frame.meta.currency, "USD");
    assert_string_equal(frame.meta.price_basis, "base");
    assert_string_equal(frame.meta.granularity, "hour");
    assert_int_equal(frame.meta.zones.count, 0);
    assert_false(frame.meta.has_from);
    assert_false(frame.meta.has_to);
}

static void the_trend_goes_from_the_first_known_price_to_the_last(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    ask(query_trends, all(), &frame);
    assert_true(frame.meta.has_trend && frame.meta.has_percent);
    assert_string_equal(frame.meta.trend, "increasing");
    assert_true(frame.meta.percent_change > 9.99 && frame.meta.percent_change < 10.01);
}

static void no_price_has_no_trend(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    struct query_filter filter = all();
    filter.only_tags = LISTING_PARKING;
    ask(query_trends, filter, &frame);
    assert_int_equal(frame.row_count, 3);
    assert_true(frame.meta.has_trend);
    assert_null(frame.meta.trend);
    assert_false(frame.meta.has_percent);
}

static void groups_are_pairs_and_fours_unless_said(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0}, sizes = {0};
    struct query_filter filter = all();
    filter.by = QUERY_DAY;
    ask(query_groups, filter, &frame);
    COLUMNS(&frame, "timestamp", "group_size", "price", "price_per_ticket");
    /* five may be split into 1, 2, 3 or 5: never 4, which leaves one alone */
    EXPECT(&frame, "-36000000ms 2 10002 5001", "-36000000ms 4 null null");
    filter.sizes = 1 << 2 | 1 << 4;
    ask(query_groups, filter, &sizes);
    EXPECT(&sizes, "-36000000ms 3 15003 5001", "-36000000ms 5 25005 5001");
}

static void counts_give_the_level_and_its_range(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    struct query_filter filter = all();
    filter.by = QUERY_DAY;
    filter.zones[filter.zone_count++] = "upper tier"; /* in any case of letters */
    ask(query_counts, filter, &frame);
    COLUMNS(&frame, "timestamp", "total_tickets", "total_listings", "lowest_tickets",
            "highest_tickets", "available");
    EXPECT(&frame, "-36000000ms 0 0 0 5 0");
    assert_int_equal(frame.meta.zones.count, 1);
    assert_string_equal(frame.meta.zones.texts[0], "Upper Tier");
}

static void several_zones_are_told_apart_by_a_column(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    struct query_filter filter = all();
    filter.by = QUERY_SNAPSHOT;
    filter.zones[filter.zone_count++] = "Upper Tier";
    filter.zones[filter.zone_count++] = "Lower";
    ask(query_trends, filter, &frame);
    assert_string_equal(frame.columns[0].name, "zone");
    EXPECT(&frame, "Upper Tier -7199999ms 5001 5001 5001 5001 1",
           "Upper Tier +0ms null null null null 1", "Lower -10800000ms 10000 10000 10000 10000 1",
           "Lower -7199999ms 11000 11000 11000 11000 1", "Lower +0ms 11000 11000 11000 11000 1");
}

static void a_star_is_the_whole_event(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    struct query_filter filter = all();
    filter.zones[filter.zone_count++] = "*";
    ask(query_counts, filter, &frame);
    assert_int_equal(frame.row_count, 3);
    assert_int_equal(frame_at(&frame, 1, 1)->number, 7);
}

static void a_window_takes_the_buckets_that_start_in_it(void **state)
{
    (void)state;
    struct query_filter filter = all();
    filter.has_from = filter.has_to = true;
    static const struct {
        int64_t from_ms, to_ms;
        enum query_by by;
        size_t count;
    } cases[] = {
        {NOW - 2 * HOUR + 100, NOW, QUERY_HOUR, 1},     /* its start is floored */
        {NOW - 2 * HOUR + 100, NOW + 1, QUERY_HOUR, 2}, /* and the end's bucket starts before it */
        {NOW - 2 * HOUR + 100, NOW + 1, QUERY_SNAPSHOT, 1},
        {NOW - 2 * HOUR + 1, NOW, QUERY_SNAPSHOT, 1},
        {NOW, NOW + 1, QUERY_DAY, 1},
        {NOW, NOW, QUERY_SNAPSHOT, 0},
        {NOW, NOW - HOUR, QUERY_HOUR, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_FRAME struct frame frame = {0};
        filter.from_ms = cases[i].from_ms;
        filter.to_ms = cases[i].to_ms;
        filter.by = cases[i].by;
        ask(query_counts, filter, &frame);
        assert_int_equal(frame.row_count, cases[i].count);
        assert_true(frame.meta.has_from && frame.meta.from_ms == cases[i].from_ms);
    }
}

/* Without an end the window ends with now, and now is in it. */
static void what_lies_ahead_of_the_clock_is_not_shown(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0}, before = {0};
    struct query_filter filter = all();
    filter.by = QUERY_SNAPSHOT;
    ask(query_counts, filter, &frame);
    assert_int_equal(frame.row_count, 3);
    clock_fix(NOW - 1);
    ask(query_counts, filter, &before);
    assert_int_equal(before.row_count, 2);
    clock_fix(NOW);
}

static void offers_pass_with_any_of_the_sizes_and_all_of_the_tags(void **state)
{
    (void)state;
    static const struct {
        unsigned sizes, only, exclude;
        int64_t tickets; /* at the second poll */
    } cases[] = {
        {0, 0, 0, 7},
        {1 << 1, 0, 0, 7},          /* both sell pairs */
        {1 << 4 | 1 << 7, 0, 0, 5}, /* five, or eight */
        {1 << 3, 0, 0, 0},          /* four */
        {0, LISTING_VIP, 0, 5},
        {0, LISTING_VIP | LISTING_SUITE, 0, 5},
        {0, LISTING_VIP | LISTING_PARKING, 0, 0},
        {0, 0, LISTING_SUITE | LISTING_PARKING, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_FRAME struct frame frame = {0};
        struct query_filter filter = all();
        filter.sizes = cases[i].sizes;
        filter.only_tags = cases[i].only;
        filter.exclude_tags = cases[i].exclude;
        ask(query_counts, filter, &frame);
        assert_int_equal(frame_at(&frame, 1, 1)->number, cases[i].tickets);
    }
}

static void an_unknown_all_in_price_is_null(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    struct query_filter filter = all();
    filter.basis = MEASURES_ALL_IN;
    filter.zones[filter.zone_count++] = "Upper Tier";
    ask(query_trends, filter, &frame);
    EXPECT(&frame, "-7200000ms null null null null 1", "+0ms null null null null 1");
    assert_string_equal(frame.meta.price_basis, "all-in");
}

static void expect_not_found(query *question, struct query_filter filter, const char *words)
{
    struct err err = {0};
    AUTO_FRAME struct frame frame = {0};
    assert_false(question(store, &event, &filter, &frame, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s", err.text);
    assert_non_null(strstr(err.hint, "Lower, Upper Tier"));
}

static void an_unknown_zone_or_section_is_answered_with_those_there_are(void **state)
{
    (void)state;
    static query *const questions[] = {query_trends, query_groups, query_counts, query_zones,
                                       query_listings};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct query_filter zone = all(), section = all();
        zone.zones[zone.zone_count++] = "Moon";
        section.section = "999";
        expect_not_found(questions[i], zone, "no zone 'Moon'");
        expect_not_found(questions[i], section, "no section '999'");
    }
}

static void a_section_is_found_by_its_name_and_by_its_label(void **state)
{
    (void)state;
    static const char *const names[] = {"201", "Sec 201"};
    for (size_t i = 0; i < 2; i++) {
        AUTO_FRAME struct frame frame = {0};
        struct query_filter filter = all();
        filter.section = names[i];
        ask(query_counts, filter, &frame);
        EXPECT(&frame, "-7200000ms 5 1 5 5 1", "+0ms 0 0 0 0 0");
        assert_string_equal(frame.meta.section, names[i]);
    }
}

/* ---- the market at a moment ---- */

static void zones_have_the_keys_of_the_contract(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    struct query_filter filter = all();
    filter.has_at = true;
    filter.at_ms = NOW - 1;
    ask(query_zones, filter, &frame);
    COLUMNS(&frame, "zone_name", "sections", "display_order", "current_min_price",
            "current_max_price", "current_avg_price", "current_median_price", "current_min_price_2",
            "current_min_price_4", "current_total_tickets", "current_total_listings");
    EXPECT(&frame, "Lower [101] 0 11000 11000 11000 11000 11000 null 2 1",
           "Upper Tier [201] 1 5001 5001 5001 5001 5001 null 5 1");
}

static void a_zone_that_emptied_out_has_zeros_and_one_not_seen_yet_no_row(void **state)
{
    (void)state;
    AUTO_FRAME struct frame now = {0}, early = {0};
    struct query_filter filter = all();
    ask(query_zones, filter, &now);
    EXPECT(&now, "Lower [101] 0 11000 11000 11000 11000 11000 null 2 1",
           "Upper Tier [201] 1 null null null null null null 0 0");
    filter.has_at = true;
    filter.at_ms = NOW - 2 * HOUR;
    ask(query_zones, filter, &early);
    EXPECT(&early, "Lower [101] 0 10000 10000 10000 10000 10000 null 2 1");
}

static void listings_have_the_keys_of_the_contract(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    struct query_filter filter = all();
    filter.has_at = true;
    filter.at_ms = NOW - 2 * HOUR + 1; /* inclusive */
    ask(query_listings, filter, &frame);
    COLUMNS(&frame, "listing_id", "zone", "section", "row", "quantity", "splits", "price",
            "all_in_price", "tags", "first_seen", "last_seen");
    EXPECT(&frame, "B Upper Tier 201 A 5 [1,2,3,5] 5001 null [suite,vip] -7199999ms -7199999ms",
           "A Lower 101 A 2 [2] 11000 13000 [] -10800000ms -7199999ms");
}

static void before_the_first_poll_there_is_nothing(void **state)
{
    (void)state;
    AUTO_FRAME struct frame listings = {0}, zones = {0};
    struct query_filter filter = all();
    filter.has_at = true;
    filter.at_ms = NOW - 4 * HOUR;
    ask(query_listings, filter, &listings);
    ask(query_zones, filter, &zones);
    assert_int_equal(listings.row_count, 0);
    assert_int_equal(zones.row_count, 0);
    assert_int_equal(zones.column_count, 11);
}

static void names_are_those_of_zones_in_order_or_of_sections(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_FRAME struct frame zones = {0}, sections = {0};
    scratch_ok(query_names(store, &event, false, &zones, &err), &err);
    scratch_ok(query_names(store, &event, true, &sections, &err), &err);
    EXPECT(&zones, "Lower", "Upper Tier");
    EXPECT(&sections, "101", "201");
}

/* ---- several events, and the store itself ---- */

static struct event second_event(void)
{
    struct err err = {0};
    struct event other;
    event_init(&other, "vividseats", "2");
    other.date_ms = NOW + 2 * CLOCK_DAY_MS;
    scratch_ok(store_save_event(store, &other, &err), &err);
    if (scratch_number(store, "SELECT count(*) FROM snapshot WHERE event_id = 2") == 0)
        stall_poll(store, other.id, NOW - HOUR,
                   (struct stall_item[]){{"C", "Lower", "101", 2, 5500}, NONE});
    return other;
}

static void events_stand_beside_each_other_by_date(void **state)
{
    (void)state;
    struct err err = {0};
    struct event events[] = {event, second_event()};
    struct query_filter filter = all();
    struct query_compare compare = {.metric = QUERY_MIN};
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_compare(store, events, 2, &filter, &compare, &frame, &err), &err);
    COLUMNS(&frame, "timestamp", "vividseats:1", "vividseats:2");
    EXPECT(&frame, "-10800000ms 10000 null", "-7200000ms 5001 null", "-3600000ms null 5500",
           "+0ms 11000 null");
}

static void or_by_the_days_that_are_left_and_as_an_index(void **state)
{
    (void)state;
    struct err err = {0};
    struct event other = second_event();
    struct query_filter filter = all();
    struct query_compare compare = {
        .metric = QUERY_TICKETS, .by_days_to_event = true, .indexed = true};
    AUTO_FRAME struct frame frame = {0}, undated = {0};
    scratch_ok(query_compare(store, &other, 1, &filter, &compare, &frame, &err), &err);
    assert_string_equal(frame.columns[0].name, "days_to_event");
    assert_true(frame_at(&frame, 0, 0)->real > 2.04 && frame_at(&frame, 0, 0)->real < 2.05);
    assert_true(frame_at(&frame, 0, 1)->real == 100.0);
    assert_false(query_compare(store, &event, 1, &filter, &compare, &undated, &err));
    assert_int_equal(err.code, ERR_USAGE);
}

static void status_counts_good_polls_and_failed_ones(void **state)
{
    (void)state;
    struct err err = {0};
    struct store_failure failure = {NOW + 5, OUTCOME_BLOCKED, -1, -1, "HTTP 403"};
    scratch_ok(store_save_failure(store, event.id, &failure, &err), &err);
    AUTO_FRAME struct frame frame = {0};
    scratch_ok(query_status(store, &frame, &err), &err);
    for (size_t i = 0; i < frame.row_count; i++)
        if (strcmp(frame_at(&frame, i, 0)->text, "vividseats:1") == 0) {
            static const char counts[] =
                "vividseats:1 Leafs at Canadiens tracked blocked +5ms +0ms 3 1 3 1 0 ";
            assert_memory_equal(row_text(&frame, i), counts, sizeof counts - 1);
            assert_true(frame_get(&frame, i, "success_24h")->real == 75);
            assert_false(frame_get(&frame, i, "p95_ms")->known);
        }
}

/* Against the definition: the least that so large a share is not above. */
static void status_tells_the_age_and_how_long_polls_took(void **state)
{
    (void)state;
    struct err err = {0};
    struct event slow;
    event_init(&slow, "vividseats", "95");
    scratch_ok(store_save_event(store, &slow, &err), &err);
    for (int polls = 1; polls <= 41; polls++) {
        struct store_failure failure = {NOW - polls, OUTCOME_NETWORK, (polls * 17) % 41 + 1, -1,
                                        ""};
        scratch_ok(store_save_failure(store, slow.id, &failure, &err), &err);
        AUTO_FRAME struct frame frame = {0};
        scratch_ok(query_status(store, &frame, &err), &err);
        size_t row = 0;
        while (strcmp(frame_at(&frame, row, 0)->text, "vividseats:95") != 0)
            row++;
        assert_false(frame_get(&frame, row, "age_s")->known);
        assert_true(frame_get(&frame, row, "success_24h")->real == 0);
        for (int share = 50; share <= 95; share += 45) {
            int wanted = 1, within = 0;
            for (;; wanted++, within = 0) {
                for (int i = 1; i <= polls; i++)
                    within += (i * 17) % 41 + 1 <= wanted;
                if (within * 100 >= polls * share)
                    break;
            }
            assert_int_equal(frame_get(&frame, row, share == 50 ? "p50_ms" : "p95_ms")->number,
                             wanted);
        }
    }
    scratch_run(
        store,
        "DELETE FROM snapshot WHERE event_id = (SELECT id FROM event WHERE external_id = '95');"
        "DELETE FROM event WHERE external_id = '95'");
}

static void sql_is_answered_when_it_only_reads(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_FRAME struct frame frame = {0}, refused = {0};
    scratch_ok(
        query_sql(
            store,
            "SELECT zone, total_tickets, median_price FROM hourly WHERE event = 'vividseats:1' "
            "AND zone = 'Upper Tier'",
            &frame, &err),
        &err);
    COLUMNS(&frame, "zone", "total_tickets", "median_price");
    assert_int_equal(frame.row_count, 1);
    assert_true(frame_at(&frame, 0, 2)->real == 50.01);
    assert_false(query_sql(store, "DELETE FROM event", &refused, &err));
    assert_int_equal(err.code, ERR_USAGE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(trends_have_the_keys_of_the_contract),
        cmocka_unit_test(the_trend_goes_from_the_first_known_price_to_the_last),
        cmocka_unit_test(no_price_has_no_trend),
        cmocka_unit_test(groups_are_pairs_and_fours_unless_said),
        cmocka_unit_test(counts_give_the_level_and_its_range),
        cmocka_unit_test(several_zones_are_told_apart_by_a_column),
        cmocka_unit_test(a_star_is_the_whole_event),
        cmocka_unit_test(a_window_takes_the_buckets_that_start_in_it),
        cmocka_unit_test(what_lies_ahead_of_the_clock_is_not_shown),
        cmocka_unit_test(offers_pass_with_any_of_the_sizes_and_all_of_the_tags),
        cmocka_unit_test(an_unknown_all_in_price_is_null),
        cmocka_unit_test(an_unknown_zone_or_section_is_answered_with_those_there_are),
        cmocka_unit_test(a_section_is_found_by_its_name_and_by_its_label),
        cmocka_unit_test(zones_have_the_keys_of_the_contract),
        cmocka_unit_test(a_zone_that_emptied_out_has_zeros_and_one_not_seen_yet_no_row),
        cmocka_unit_test(listings_have_the_keys_of_the_contract),
        cmocka_unit_test(before_the_first_poll_there_is_nothing),
        cmocka_unit_test(names_are_those_of_zones_in_order_or_of_sections),
        cmocka_unit_test(events_stand_beside_each_other_by_date),
        cmocka_unit_test(or_by_the_days_that_are_left_and_as_an_index),
        cmocka_unit_test(status_counts_good_polls_and_failed_ones),
        cmocka_unit_test(status_tells_the_age_and_how_long_polls_took),
        cmocka_unit_test(sql_is_answered_when_it_only_reads),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
