#include "core/atlas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stall.h"

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

/* A poll without listings whose map has the zone Lower at this place (negative: not at all), and section 101 in that zone. */
static void poll_map(int64_t at_ms, int order, const char *home, const unsigned char *hash)
{
    struct err err = {0};
    struct ingest_report report;
    AUTO_MARKET struct market market = {0};
    struct listing_zone zones[] = {{"Upper", 1}, {"Lower", order}};
    struct listing_section section = {"101", home};
    stall_fill(&market, &STALL_NO_LISTING);
    market.zones = zones;
    market.zone_count = order < 0 ? 1 : 2;
    market.sections = &section;
    market.section_count = home != NULL;
    struct ingest_poll poll = {at_ms, OUTCOME_EMPTY, hash, -1, -1};
    bool repeat = false;
    if (hash != NULL)
        scratch_ok(ingest_is_repeat(store, event.id, at_ms, hash, &repeat, &err), &err);
    scratch_ok(repeat ? ingest_repeat(store, event.id, &poll, &report, &err)
                      : ingest_market(store, event.id, &poll, &market, &report, &err),
               &err);
}

static void expect_map(int order, const char *home)
{
    struct err err = {0};
    AUTO_ATLAS struct atlas atlas = {0};
    scratch_ok(atlas_load(store, event.id, &atlas, &err), &err);
    assert_int_equal(atlas_find_zone(&atlas, "Lower")->display_order, order);
    int64_t zone_id = atlas_find_section(&atlas, "101")->zone_id;
    assert_int_equal(atlas_find_zone(&atlas, home)->id, zone_id);
}

static void the_newest_map_is_believed(void **state)
{
    (void)state;
    poll_map(2000, 2, "Lower", NULL);
    poll_map(1000, 7, "Upper", NULL);
    expect_map(2, "Lower");
    poll_map(3000, 5, "Upper", NULL);
    expect_map(5, "Upper");
}

static void of_what_it_lacks_the_newest_that_lists_it(void **state)
{
    (void)state;
    poll_map(3000, 3, "Lower", NULL);
    poll_map(9000, -1, NULL, NULL);
    expect_map(3, "Lower");
    poll_map(2000, 2, "Upper", NULL);
    expect_map(3, "Lower");
    poll_map(4000, 4, "Upper", NULL);
    expect_map(4, "Upper");
    poll_map(3500, 5, "Lower", NULL);
    expect_map(4, "Upper");
}

/* A repeated body says what its map said. */
static void a_map_holds_as_long_as_its_body_is_repeated(void **state)
{
    (void)state;
    static const unsigned char hash[HASH_SIZE] = {7};
    poll_map(1000, 3, "Lower", hash);
    poll_map(3000, 3, "Lower", hash);
    poll_map(2000, 4, "Upper", NULL);
    expect_map(3, "Lower");
    poll_map(9000, -1, NULL, NULL);
    poll_map(2500, 5, "Upper", NULL);
    expect_map(3, "Lower");
    poll_map(3500, 5, "Upper", NULL);
    expect_map(5, "Upper");
}

static void a_zone_that_no_map_lists_stands_last(void **state)
{
    (void)state;
    struct err err = {0};
    poll_map(1000, 50, "Lower", NULL);
    stall_poll(store, event.id, 2000,
               (struct stall_item[]){{"A", LISTING_UNMAPPED, "900", 2, 100}, STALL_NO_LISTING});
    AUTO_ATLAS struct atlas atlas = {0};
    scratch_ok(atlas_load(store, event.id, &atlas, &err), &err);
    assert_int_equal(atlas.zone_count, 3);
    assert_string_equal(atlas.zones[2].name, LISTING_UNMAPPED);
}

static void places_are_found_by_label_section_and_zone(void **state)
{
    (void)state;
    struct err err = {0};
    static const char *const names[] = {"101", "201", "Box", "", "~"};
    int64_t ids[125];
    struct atlas_sighting sighting = {1000, true};
    scratch_ok(db_begin(store_db(store), &err), &err);
    AUTO_ATLAS struct atlas atlas = {0};
    scratch_ok(atlas_load(store, event.id, &atlas, &err), &err);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 125; i++) {
            const struct atlas_place *place = atlas_see_place(
                store, &atlas, names[i % 5], names[i / 5 % 5], names[i / 25], &sighting, &err);
            scratch_ok(place != NULL, &err);
            if (round == 0)
                ids[i] = place->id;
            assert_int_equal(place->id, ids[i]);
            assert_ptr_equal(atlas_place_by_id(&atlas, ids[i]), place);
            assert_string_equal(place->label, names[i % 5]);
            assert_string_equal(place->section, names[i / 5 % 5]);
            assert_string_equal(place->zone, names[i / 25]);
        }
    assert_int_equal(atlas.place_count, 125);
    assert_null(atlas_place_by_id(&atlas, 0));
    scratch_ok(db_commit(store_db(store), &err), &err);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(the_newest_map_is_believed),
        TEST(of_what_it_lacks_the_newest_that_lists_it),
        TEST(a_map_holds_as_long_as_its_body_is_repeated),
        TEST(a_zone_that_no_map_lists_stands_last),
        TEST(places_are_found_by_label_section_and_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
