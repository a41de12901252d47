#include "core/listing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void sizes_become_ascending_and_unique(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"2", "2"},       {"4,2", "2,4"},  {"3,1", "1,3"},   {"1,2,3,4,6", "1,2,3,4,6"},
        {"2,2,1", "1,2"}, {"2, 4", "2,4"}, {"1000", "1000"}, {"64,63,65", "63,64,65"},
        {"007", "7"},
    };
    char out[LISTING_SPLITS_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(listing_canonical_splits(out, cases[i][0]));
        assert_string_equal(out, cases[i][1]);
    }
}

static void what_is_no_list_of_sizes_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"",    "a",   "0",           "1,0",  "-1",
                                        "1,",  ",1",  "1,,2",        "1 2",  "1001",
                                        "1.5", "2;4", "99999999999", "1,2,x"};
    char out[LISTING_SPLITS_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (listing_canonical_splits(out, cases[i]))
            fail_msg("'%s' became '%s'", cases[i], out);
}

static void a_list_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    char sizes[2000] = "", out[LISTING_SPLITS_MAX];
    for (int i = 1; i <= 300; i++)
        snprintf(sizes + strlen(sizes), sizeof sizes - strlen(sizes), i > 1 ? ",%d" : "%d", i);
    assert_false(listing_canonical_splits(out, sizes));
}

/* k = q, or q - k >= 2: nobody is left with a single ticket. */
static void inferred_sizes_leave_no_single_ticket(void **state)
{
    (void)state;
    char out[LISTING_SPLITS_MAX];
    static const char *const wanted[] = {"1", "2", "1,3", "1,2,4", "1,2,3,5"};
    for (int q = 1; q <= 5; q++) {
        listing_infer_splits(out, q);
        assert_string_equal(out, wanted[q - 1]);
    }
}

static void inferred_sizes_fit_for_every_quantity(void **state)
{
    (void)state;
    char out[LISTING_SPLITS_MAX], again[LISTING_SPLITS_MAX];
    for (int q = 1; q <= LISTING_QUANTITY_MAX; q++) {
        listing_infer_splits(out, q);
        assert_true(listing_canonical_splits(again, out));
        assert_string_equal(again, out);
        const char *last = strrchr(out, ',');
        assert_int_equal(strtol(last ? last + 1 : out, NULL, 10), q);
    }
}

static void the_mask_has_the_sizes_up_to_eight(void **state)
{
    (void)state;
    assert_int_equal(listing_size_mask("1"), 0x01);
    assert_int_equal(listing_size_mask("2,4"), 0x0a);
    assert_int_equal(listing_size_mask("1,2,3,4,5,6,7,8"), 0xff);
    assert_int_equal(listing_size_mask("8,9,10,16,18,81,128"), 0x80);
    assert_int_equal(listing_size_mask("1000"), 0);
    assert_int_equal(listing_size_mask(""), 0);
}

static void every_tag_word_finds_its_tag(void **state)
{
    (void)state;
    static const char *const words[] = {"obstructed", "standing", "parking", "accessible",
                                        "suite",      "vip",      "club"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        unsigned tag = listing_tag_find(words[i]);
        assert_int_equal(tag, 1U << i);
        assert_string_equal(listing_tag_word(tag), words[i]);
    }
    assert_int_equal(listing_tag_find("aisle"), 0);
}

static struct listing make(const char *id, int64_t price_minor)
{
    return (struct listing){.id = id,
                            .zone = "100 Level",
                            .section = "Section 101",
                            .label = "Section 101",
                            .row = "A",
                            .seats = "",
                            .splits = "2",
                            .quantity = 2,
                            .price_minor = price_minor,
                            .all_in_minor = LISTING_NO_PRICE};
}

static void settle(struct market *market, const struct listing *listings, size_t count)
{
    market_init(market);
    market->listings = arena_array(&market->arena, count, sizeof *listings);
    memcpy(market->listings, listings, count * sizeof *listings);
    market->listing_count = count;
    market_settle(market);
}

static void settled_listings_are_sorted_by_id(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    const struct listing listings[] = {make("VB2", 1), make("VB10", 2), make("VA9", 3)};
    settle(&market, listings, 3);
    assert_int_equal(market.listing_count, 3);
    assert_string_equal(market.listings[0].id, "VA9");
    assert_string_equal(market.listings[1].id, "VB10");
    assert_string_equal(market.listings[2].id, "VB2");
    assert_int_equal(market.reject_count, 0);
}

static void an_identical_repeat_is_dropped_in_silence(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    const struct listing listings[] = {make("b", 1), make("a", 2), make("b", 1), make("b", 1)};
    settle(&market, listings, 4);
    assert_int_equal(market.listing_count, 2);
    assert_int_equal(market.reject_count, 0);
}

static void of_two_under_one_id_the_smaller_stays_in_either_order(void **state)
{
    (void)state;
    const struct listing cheap = make("x", 100), dear = make("x", 200);
    const struct listing orders[][3] = {{cheap, dear, cheap}, {dear, cheap, dear}};
    for (size_t i = 0; i < 2; i++) {
        AUTO_MARKET struct market market;
        settle(&market, orders[i], 3);
        assert_int_equal(market.listing_count, 1);
        assert_int_equal(market.listings[0].price_minor, 100);
        assert_int_equal(market.reject_count, 1);
        assert_string_equal(market.rejects[0].id, "x");
        assert_non_null(strstr(market.rejects[0].reason, "'x'"));
    }
}

static void rejects_do_not_depend_on_the_order_of_the_answer(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    market_init(&market);
    market.rejects = arena_array(&market.arena, 3, sizeof *market.rejects);
    market.rejects[0] = (struct listing_reject){"b", "two"};
    market.rejects[1] = (struct listing_reject){NULL, "none"};
    market.rejects[2] = (struct listing_reject){"a", "one"};
    market.reject_count = 3;
    market_settle(&market);
    assert_null(market.rejects[0].id);
    assert_string_equal(market.rejects[1].id, "a");
    assert_string_equal(market.rejects[2].id, "b");
}

static void more_than_a_fifth_unreadable_is_not_believed(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    struct err err = {0};
    market_init(&market);
    market.rejects = arena_array(&market.arena, 30, sizeof *market.rejects);
    for (int i = 0; i < 30; i++)
        market.rejects[i].reason = i % 3 == 0   ? "quantity '0' is less than 1"
                                   : i % 2 == 0 ? "price 'abc' is not a number"
                                                : "price 'xyz' is not a number";
    market.listing_count = 80;
    market.reject_count = 20;
    assert_true(market_is_believable(&market, &err));
    market.reject_count = 21;
    assert_false(market_is_believable(&market, &err));
    assert_int_equal(err.code, ERR_EVENT);
    assert_non_null(strstr(err.text, "21 of 101"));
    assert_non_null(strstr(err.text, "is not a number"));
    market.listing_count = market.reject_count = 0;
    assert_true(market_is_believable(&market, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_become_ascending_and_unique),
        cmocka_unit_test(what_is_no_list_of_sizes_is_refused),
        cmocka_unit_test(a_list_that_does_not_fit_is_refused),
        cmocka_unit_test(inferred_sizes_leave_no_single_ticket),
        cmocka_unit_test(inferred_sizes_fit_for_every_quantity),
        cmocka_unit_test(the_mask_has_the_sizes_up_to_eight),
        cmocka_unit_test(every_tag_word_finds_its_tag),
        cmocka_unit_test(settled_listings_are_sorted_by_id),
        cmocka_unit_test(an_identical_repeat_is_dropped_in_silence),
        cmocka_unit_test(of_two_under_one_id_the_smaller_stays_in_either_order),
        cmocka_unit_test(rejects_do_not_depend_on_the_order_of_the_answer),
        cmocka_unit_test(more_than_a_fifth_unreadable_is_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
