#include "core/simmarket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "core/simlistings.h"
#include "core/simulator.h"
#include "io/json.h"
#include "samples.h"

#define BASE_MS INT64_C(1770000000000) /* 2026-02-02T02:40:00Z */
#define QUARTER_MS (15 * CLOCK_MINUTE_MS)

static struct simevent_world world_of(int listings, bool steady, bool all_in)
{
    struct simevent_world world = {.base_ms = BASE_MS};
    simulator_settings_init(&world.settings);
    world.settings.listings = listings;
    world.settings.steady = steady;
    world.settings.all_in = all_in;
    return world;
}

static void draw(const struct simevent_world *world, int nth, int64_t at_ms,
                 struct simmarket *market)
{
    struct simevent event;
    simevent_nth(world, nth, &event);
    simmarket_draw(world, &event, at_ms, market);
}

/* The document of an event, parsed. */
static void read_document(const struct simevent_world *world, int nth, int64_t at_ms,
                          struct json_doc *doc)
{
    AUTO_BUF struct buf out;
    struct err err = {0};
    buf_init(&out, 64 << 20);
    assert_true(simulator_listings(&world->settings, world->base_ms, SIMULATOR_FIRST_ID + nth,
                                   at_ms, &out));
    if (!json_parse(doc, out.data, out.length, &err))
        fail_msg("event %d: %s", nth, err.text);
}

/* --- the answer sheet, recomputed from the texts of the document --- */

static const char *text_of(const struct json *object, const char *key)
{
    const char *text = json_string(json_get(object, key));
    if (!text)
        fail_msg("no text under '%s'", key);
    return text;
}

static int64_t money_of(const struct json *object, const char *key)
{
    int64_t minor = 0;
    if (!money_parse(text_of(object, key), &minor))
        fail_msg("'%s' under '%s' is no money", text_of(object, key), key);
    return minor;
}

static int64_t number_of(const struct json *object, const char *key)
{
    int64_t number = 0;
    if (!text_to_int(text_of(object, key), &number))
        fail_msg("'%s' under '%s' is no number", text_of(object, key), key);
    return number;
}

struct sheet {
    int64_t prices[5000];
    size_t count;
    int64_t tickets, most;
};

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Of the tickets that have `id` under `key` (all when key is NULL), by the price under `price`. */
static void fill(struct sheet *sheet, const struct json *tickets, const char *key, const char *id,
                 const char *price)
{
    *sheet = (struct sheet){0};
    for (const struct json *t = json_first(tickets); t; t = json_next(t)) {
        if (key && strcmp(text_of(t, key), id) != 0)
            continue;
        int64_t quantity = number_of(t, "q");
        sheet->prices[sheet->count++] = money_of(t, price);
        sheet->tickets += quantity;
        sheet->most = quantity > sheet->most ? quantity : sheet->most;
    }
    qsort(sheet->prices, sheet->count, sizeof *sheet->prices, compare);
}

static int64_t lowest(const struct sheet *sheet)
{
    return sheet->count ? sheet->prices[0] : 0;
}

static int64_t highest(const struct sheet *sheet)
{
    return sheet->count ? sheet->prices[sheet->count - 1] : 0;
}

static int64_t median(const struct sheet *sheet)
{
    size_t half = sheet->count / 2;
    return sheet->count % 2 ? sheet->prices[half]
                            : (sheet->prices[half - 1] + sheet->prices[half] + 1) / 2;
}

static int64_t mean(const struct sheet *sheet)
{
    int64_t sum = 0, count = (int64_t)sheet->count;
    for (size_t i = 0; i < sheet->count; i++)
        sum += sheet->prices[i];
    return (2 * sum + count) / (2 * count);
}

static void check_parts(const struct json *root, const char *list, const char *key, bool all_in)
{
    static struct sheet sheet;
    const struct json *tickets = json_get(root, "tickets");
    for (const struct json *part = json_first(json_get(root, list)); part; part = json_next(part)) {
        fill(&sheet, tickets, key, text_of(part, "i"), "p");
        assert_int_equal(money_of(part, "l"), lowest(&sheet));
        assert_int_equal(money_of(part, "h"), highest(&sheet));
        assert_int_equal(number_of(part, "q"), sheet.tickets);
        assert_int_equal(number_of(part, "a"), sheet.count > 0);
        if (!all_in || strcmp(list, "sections") != 0)
            continue;
        fill(&sheet, tickets, key, text_of(part, "i"), "aip");
        assert_int_equal(money_of(part, "laip"), lowest(&sheet));
    }
}

static void check_sheet(const struct json *root, bool all_in)
{
    static struct sheet sheet;
    const struct json *global = json_first(json_get(root, "global"));
    fill(&sheet, json_get(root, "tickets"), NULL, NULL, "p");
    assert_int_equal(number_of(global, "listingCount"), sheet.count);
    assert_int_equal(number_of(global, "ticketCount"), sheet.tickets);
    assert_int_equal(number_of(global, "hq"), sheet.most);
    assert_int_equal(money_of(global, "lp"), lowest(&sheet));
    assert_int_equal(money_of(global, "hp"), highest(&sheet));
    assert_int_equal(money_of(global, "mp"), median(&sheet));
    assert_int_equal(money_of(global, "atp"), mean(&sheet));
    assert_string_equal(text_of(global, "showAip"), all_in ? "true" : "false");
    if (!all_in)
        return;
    fill(&sheet, json_get(root, "tickets"), NULL, NULL, "aip");
    assert_int_equal(money_of(global, "lowestAip"), lowest(&sheet));
    assert_int_equal(money_of(global, "highestAip"), highest(&sheet));
    assert_int_equal(money_of(global, "medianAip"), median(&sheet));
    assert_int_equal(money_of(global, "averageAip"), mean(&sheet));
}

static void the_totals_are_those_of_the_tickets(void **state)
{
    (void)state;
    for (int all_in = 0; all_in < 2; all_in++) {
        struct simevent_world world = world_of(350, false, all_in);
        for (int nth = 0; nth < simevent_count(&world); nth++) {
            AUTO_JSON struct json_doc doc = {0};
            read_document(&world, nth, BASE_MS + nth * CLOCK_DAY_MS / 2, &doc);
            check_sheet(doc.root, all_in);
            check_parts(doc.root, "groups", "c", all_in);
            check_parts(doc.root, "sections", "d", all_in);
        }
    }
}

/* --- shapes --- */

static bool has_no_key(const struct json *object, const char *key)
{
    return json_get(object, key) == NULL;
}

static void all_in_prices_are_there_only_when_asked_for(void **state)
{
    (void)state;
    struct simevent_world world = world_of(300, true, false);
    AUTO_JSON struct json_doc doc = {0};
    read_document(&world, 0, BASE_MS, &doc);
    for (const struct json *t = json_first(json_get(doc.root, "tickets")); t; t = json_next(t)) {
        assert_true(has_no_key(t, "aip"));
        assert_string_equal(text_of(t, "allInPricePerTicket"), text_of(t, "p"));
    }
    AUTO_JSON struct json_doc shown = {0};
    world.settings.all_in = true;
    read_document(&world, 0, BASE_MS, &shown);
    for (const struct json *t = json_first(json_get(shown.root, "tickets")); t; t = json_next(t)) {
        assert_string_equal(text_of(t, "allInPricePerTicket"), text_of(t, "aip"));
        double fees = (double)money_of(t, "aip") / (double)money_of(t, "p");
        bool fan = text_of(t, "i")[1] == 'F';
        assert_true(fan ? fees > 1.199 && fees < 1.201 : fees > 1.25 && fees < 1.5);
    }
}

static void sizes_say_what_can_be_bought(void **state)
{
    (void)state;
    struct simevent_world world = world_of(3000, true, false);
    AUTO_JSON struct json_doc doc = {0};
    int unsorted = 0, fours = 0;
    read_document(&world, 0, BASE_MS, &doc);
    for (const struct json *t = json_first(json_get(doc.root, "tickets")); t; t = json_next(t)) {
        const char *sizes = text_of(t, "m");
        int64_t quantity = number_of(t, "q"), most = 0, last = 0;
        bool whole = false, sorted = true;
        for (const char *at = sizes; *at; at += *at == ',') {
            int64_t size = strtoll(at, (char **)&at, 10);
            assert_true(size >= 1 && size <= quantity);
            whole |= size == quantity;
            sorted &= size > last;
            most = size > most ? size : most;
            last = size;
        }
        assert_true(whole);
        unsorted += !sorted;
        fours += quantity == 4 && strcmp(sizes, "4") == 0;
        if (strcmp(text_of(t, "t"), "0") == 0)
            assert_int_equal(quantity % 2, 0);
        if (strcmp(text_of(t, "t"), "3") == 0 && quantity == 6)
            assert_string_equal(sizes, "1,2,3,4,6");
    }
    assert_true(unsorted > 0);
    assert_true(fours > 0);
}

static void a_few_listings_are_on_no_map(void **state)
{
    (void)state;
    struct simevent_world world = world_of(3000, true, false);
    AUTO_JSON struct json_doc doc = {0};
    int unmapped = 0;
    read_document(&world, 0, BASE_MS, &doc);
    for (const struct json *t = json_first(json_get(doc.root, "tickets")); t; t = json_next(t)) {
        bool off = strcmp(text_of(t, "d"), "0") == 0;
        assert_int_equal(off, strcmp(text_of(t, "c"), "0") == 0);
        unmapped += off;
    }
    assert_in_range(unmapped, 5, 60);
}

static void every_map_has_zones_and_sections_with_and_without_stock(void **state)
{
    (void)state;
    struct simevent_world world = world_of(2000, true, false);
    for (int nth = 0; nth < world.settings.events; nth++) {
        AUTO_SIMMARKET struct simmarket market = {0};
        draw(&world, nth, BASE_MS, &market);
        int bare = 0;
        assert_in_range(market.map.layout->zone_count, 5, 9);
        assert_in_range(market.map.section_count, 60, 130);
        for (int i = 0; i < market.map.section_count; i++) {
            bare += market.sections[i].listings == 0;
            for (int j = 0; j < i; j++) {
                assert_string_not_equal(market.map.sections[i].name, market.map.sections[j].name);
                assert_int_not_equal(market.map.sections[i].id, market.map.sections[j].id);
            }
        }
        assert_in_range(bare, 1, market.map.section_count / 2);
    }
}

static void a_listing_is_as_long_as_a_real_one(void **state)
{
    (void)state;
    struct simevent_world world = world_of(2000, true, true);
    AUTO_BUF struct buf out;
    buf_init(&out, 64 << 20);
    assert_true(simulator_listings(&world.settings, BASE_MS, SIMULATOR_FIRST_ID, BASE_MS, &out));
    assert_in_range(out.length / 2000, 620, 780);
}

static void a_document_that_does_not_fit_says_so(void **state)
{
    (void)state;
    struct simevent_world world = world_of(100, true, false);
    AUTO_BUF struct buf out;
    buf_init(&out, 10000);
    assert_false(simulator_listings(&world.settings, BASE_MS, SIMULATOR_FIRST_ID, BASE_MS, &out));
}

/* Whether all keys of `object` are in `other`, which is real. */
static void check_keys(const struct json *object, const struct json *other)
{
    for (const struct json *value = json_first(object); value; value = json_next(value)) {
        const struct json *real = json_get(other, json_key(value));
        if (!real && strncmp(json_key(value), "has", 3) != 0)
            fail_msg("the real answer has no '%s'", json_key(value));
        if (real && json_type(real) != json_type(value))
            fail_msg("'%s' has another type than the real one", json_key(value));
    }
}

static void the_keys_and_types_are_those_of_a_real_answer(void **state)
{
    (void)state;
    AUTO_BUF struct buf sample;
    if (!sample_read("vividseats/listings-6501519.json", &sample))
        skip();
    AUTO_JSON struct json_doc real = {0}, ours = {0};
    struct err err = {0};
    assert_true(json_parse(&real, sample.data, sample.length, &err));
    struct simevent_world world = world_of(300, true, false);
    read_document(&world, 0, BASE_MS, &ours);
    static const char *const lists[] = {"global", "tickets", "groups", "sections"};
    check_keys(ours.root, real.root);
    check_keys(real.root, ours.root);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct json *first = json_first(json_get(real.root, lists[i]));
        for (const struct json *o = json_first(json_get(ours.root, lists[i])); o;
             o = json_next(o)) {
            const struct json *match = first;
            /* tickets lack some keys: find a real one that lacks none of ours */
            for (const struct json *value = json_first(o); value && match; value = json_next(value))
                while (match && !json_get(match, json_key(value)) && i == 1)
                    match = json_next(match);
            check_keys(o, match ? match : first);
        }
    }
    check_keys(json_first(json_get(real.root, "groups")),
               json_first(json_get(ours.root, "groups")));
    check_keys(json_first(json_get(real.root, "sections")),
               json_first(json_get(ours.root, "sections")));
}

/* --- time --- */

static void a_moment_is_the_same_whenever_it_is_asked_for(void **state)
{
    (void)state;
    struct simevent_world world = world_of(500, false, true);
    AUTO_BUF struct buf first, other, again;
    buf_init(&first, 8 << 20);
    buf_init(&other, 8 << 20);
    buf_init(&again, 8 << 20);
    const struct simulator_settings *s = &world.settings;
    assert_true(simulator_listings(s, BASE_MS, SIMULATOR_FIRST_ID + 2, BASE_MS + 7777777, &first));
    assert_true(simulator_listings(s, BASE_MS, SIMULATOR_FIRST_ID + 3, BASE_MS + 99999999, &other));
    assert_true(simulator_listings(s, BASE_MS, SIMULATOR_FIRST_ID + 2, BASE_MS + 7777777, &again));
    assert_int_equal(first.length, again.length);
    assert_memory_equal(first.data, again.data, first.length);
    world.settings.seed = 2;
    buf_reset(&again);
    assert_true(simulator_listings(s, BASE_MS, SIMULATOR_FIRST_ID + 2, BASE_MS + 7777777, &again));
    assert_true(first.length != again.length || memcmp(first.data, again.data, first.length) != 0);
}

static const struct simticket *find(const struct simmarket *market, size_t slot,
                                    const struct simticket *ticket)
{
    /* a listing never moves to another slot */
    const struct simticket *other = slot < market->count ? &market->tickets[slot] : NULL;
    return other && other->number == ticket->number && other->fan == ticket->fan ? other : NULL;
}

static void check_churn(int permille)
{
    enum { ROUNDS = 60, LISTINGS = 2000 };
    struct simevent_world world = world_of(LISTINGS, true, false);
    world.settings.churn_permille = permille;
    int replaced = 0, changed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        AUTO_SIMMARKET struct simmarket before = {0}, after = {0};
        int64_t at_ms = BASE_MS + round * 5 * CLOCK_HOUR_MS;
        draw(&world, 1, at_ms, &before);
        draw(&world, 1, at_ms + QUARTER_MS, &after);
        assert_int_equal(before.count, LISTINGS);
        assert_int_equal(after.count, LISTINGS);
        for (size_t i = 0; i < LISTINGS; i++) {
            const struct simticket *was = &before.tickets[i], *is = find(&after, i, was);
            replaced += !is;
            changed += is && (is->price_minor != was->price_minor || is->quantity != was->quantity);
        }
    }
    double all = ROUNDS * LISTINGS, share = permille / 1000.0;
    double repriced_share = changed / all, replaced_share = replaced / all;
    if (repriced_share < 0.75 * share || repriced_share > 0.85 * share)
        fail_msg("churn %d: %.4f repriced", permille, repriced_share);
    if (replaced_share < 0.18 * share || replaced_share > 0.22 * share)
        fail_msg("churn %d: %.4f replaced", permille, replaced_share);
}

static void the_churn_of_a_quarter_hour_is_the_one_that_was_set(void **state)
{
    (void)state;
    check_churn(30);
    check_churn(70);
    check_churn(100);
}

static void without_churn_nothing_changes(void **state)
{
    (void)state;
    struct simevent_world world = world_of(500, true, false);
    world.settings.churn_permille = 0;
    AUTO_SIMMARKET struct simmarket before = {0}, after = {0};
    draw(&world, 0, BASE_MS, &before);
    draw(&world, 0, BASE_MS + 40 * CLOCK_DAY_MS, &after);
    for (size_t i = 0; i < before.count; i++) {
        assert_int_equal(before.tickets[i].number, after.tickets[i].number);
        assert_int_equal(before.tickets[i].price_minor, after.tickets[i].price_minor);
        assert_int_equal(before.tickets[i].quantity, after.tickets[i].quantity);
    }
}

static void ids_are_unique_at_any_time(void **state)
{
    (void)state;
    static int64_t numbers[5000];
    struct simevent_world world = world_of(5000, true, false);
    world.settings.churn_permille = 1000;
    for (int day = 0; day < 30; day++) {
        AUTO_SIMMARKET struct simmarket market = {0};
        draw(&world, 0, BASE_MS + day * CLOCK_DAY_MS, &market);
        for (size_t i = 0; i < market.count; i++)
            numbers[i] = market.tickets[i].number * (market.tickets[i].fan ? -1 : 1);
        qsort(numbers, market.count, sizeof *numbers, compare);
        for (size_t i = 1; i < market.count; i++)
            assert_int_not_equal(numbers[i], numbers[i - 1]);
    }
}

static void a_part_of_some_listings_is_sold_under_the_same_id(void **state)
{
    (void)state;
    struct simevent_world world = world_of(2000, true, false);
    AUTO_SIMMARKET struct simmarket before = {0}, after = {0};
    int sold = 0;
    draw(&world, 0, BASE_MS, &before);
    draw(&world, 0, BASE_MS + 8 * CLOCK_HOUR_MS, &after);
    for (size_t i = 0; i < before.count; i++) {
        const struct simticket *was = &before.tickets[i], *is = find(&after, i, was);
        if (!is || is->quantity == was->quantity)
            continue;
        assert_true(is->quantity >= 1 && is->quantity < was->quantity);
        sold++;
    }
    assert_in_range(sold, 5, 200);
}

static void a_market_sells_through_as_its_event_nears(void **state)
{
    (void)state;
    struct simevent_world world = world_of(1000, false, false);
    for (int nth = 0; nth < world.settings.events; nth++) {
        struct simevent event;
        simevent_nth(&world, nth, &event);
        int early = simevent_stock(&event, event.start_ms - 70 * CLOCK_DAY_MS);
        int month = simevent_stock(&event, event.start_ms - 30 * CLOCK_DAY_MS);
        int week = simevent_stock(&event, event.start_ms - 7 * CLOCK_DAY_MS);
        int last = simevent_stock(&event, event.start_ms - CLOCK_HOUR_MS);
        assert_in_range(early, event.slots * 97 / 100, event.slots);
        assert_true(early > month && month > week && week > last && last > 0);
        assert_int_equal(simevent_stock(&event, event.start_ms), 0);
    }
}

static void prices_fall_on_the_last_day_of_the_first_event(void **state)
{
    (void)state;
    struct simevent_world world = world_of(1000, false, false);
    struct simevent event;
    simevent_nth(&world, 0, &event);
    AUTO_SIMMARKET struct simmarket early = {0}, late = {0};
    simmarket_draw(&world, &event, event.start_ms - 13 * CLOCK_DAY_MS, &early);
    simmarket_draw(&world, &event, event.start_ms - CLOCK_HOUR_MS, &late);
    assert_true(late.base.median_minor < early.base.median_minor * 85 / 100);
    assert_true(late.base.median_minor > early.base.median_minor * 40 / 100);
}

static void an_event_that_is_over_is_forgotten(void **state)
{
    (void)state;
    struct simevent_world world = world_of(100, false, false);
    struct simevent event;
    simevent_nth(&world, 0, &event);
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    assert_true(simulator_listings(&world.settings, BASE_MS, event.id, event.start_ms, &out));
    assert_non_null(strstr(buf_text(&out), "\"listingCount\":\"0\""));
    assert_non_null(strstr(buf_text(&out), "\"tickets\":[]"));
    assert_false(simulator_listings(&world.settings, BASE_MS, event.id,
                                    event.start_ms + SIMEVENT_PLAYS_MS, &out));
    world.settings.steady = true;
    assert_true(simulator_listings(&world.settings, BASE_MS, event.id,
                                   event.start_ms + 100 * CLOCK_DAY_MS, &out));
}

static void what_was_never_on_sale_is_not_found(void **state)
{
    (void)state;
    struct simevent_world world = world_of(100, false, false);
    struct simevent event;
    assert_false(simevent_find(&world, SIMULATOR_FIRST_ID - 1, &event));
    assert_false(simevent_find(&world, SIMULATOR_FIRST_ID + simevent_count(&world), &event));
    assert_false(simevent_find(&world, INT64_MIN, &event));
    assert_false(simevent_find(&world, INT64_MAX, &event));
    assert_true(simevent_find(&world, SIMULATOR_FIRST_ID + 11, &event));
    assert_false(event.parking);
    assert_true(simevent_find(&world, SIMULATOR_FIRST_ID + 12, &event));
    assert_true(event.parking);
}

static void events_start_at_their_local_hour_from_a_fortnight_on(void **state)
{
    (void)state;
    struct simevent_world world = world_of(100, false, false);
    for (int nth = 0; nth < world.settings.events; nth++) {
        struct simevent event;
        struct civil civil;
        simevent_nth(&world, nth, &event);
        double days = (double)(event.start_ms - BASE_MS) / CLOCK_DAY_MS;
        assert_true(days > 12.9 && days < 75);
        assert_true(clock_civil_zone(event.start_ms, event.venue->timezone, &civil));
        assert_int_equal(civil.hour, event.act->hour);
        assert_int_equal(civil.minute, event.act->minute);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_totals_are_those_of_the_tickets),
        cmocka_unit_test(all_in_prices_are_there_only_when_asked_for),
        cmocka_unit_test(sizes_say_what_can_be_bought),
        cmocka_unit_test(a_few_listings_are_on_no_map),
        cmocka_unit_test(every_map_has_zones_and_sections_with_and_without_stock),
        cmocka_unit_test(a_listing_is_as_long_as_a_real_one),
        cmocka_unit_test(a_document_that_does_not_fit_says_so),
        cmocka_unit_test(the_keys_and_types_are_those_of_a_real_answer),
        cmocka_unit_test(a_moment_is_the_same_whenever_it_is_asked_for),
        cmocka_unit_test(the_churn_of_a_quarter_hour_is_the_one_that_was_set),
        cmocka_unit_test(without_churn_nothing_changes),
        cmocka_unit_test(ids_are_unique_at_any_time),
        cmocka_unit_test(a_part_of_some_listings_is_sold_under_the_same_id),
        cmocka_unit_test(a_market_sells_through_as_its_event_nears),
        cmocka_unit_test(prices_fall_on_the_last_day_of_the_first_event),
        cmocka_unit_test(an_event_that_is_over_is_forgotten),
        cmocka_unit_test(what_was_never_on_sale_is_not_found),
        cmocka_unit_test(events_start_at_their_local_hour_from_a_fortnight_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
