#include "core/measures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { QUOTES = 40, SCOPES = 4 };

static uint64_t random_state = 2463534242u;

static int pick(int below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)(random_state % (uint64_t)below);
}

static struct quote random_quote(void)
{
    struct quote quote = {.price = {100 + pick(30), MEASURES_NONE},
                          .quantity = 1 + pick(9),
                          .sizes = (uint8_t)pick(256),
                          .scope = pick(SCOPES)};
    if (pick(3) > 0)
        quote.price[MEASURES_ALL_IN] = 130 + pick(30);
    return quote;
}

static int by_number(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Prices of the quotes of a scope (negative: all) that may be bought by k (0: any), sorted; returns their number. */
static size_t prices_of(const struct quote *quotes, size_t count, int scope, int basis, int k,
                        int64_t *prices)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if ((scope < 0 || quotes[i].scope == scope) && quotes[i].price[basis] != MEASURES_NONE &&
            (k == 0 || (quotes[i].sizes >> (k - 1) & 1)))
            prices[n++] = quotes[i].price[basis];
    qsort(prices, n, sizeof *prices, by_number);
    return n;
}

static void compare_basis(const struct quote *quotes, size_t count, int scope, int basis,
                          const struct measures *got)
{
    const struct measures_prices *p = &got->prices[basis];
    int64_t prices[QUOTES], sum = 0;
    size_t n = prices_of(quotes, count, scope, basis, 0, prices);
    for (size_t i = 0; i < n; i++)
        sum += prices[i];
    assert_int_equal(p->count, n);
    assert_int_equal(p->sum, sum);
    assert_int_equal(p->min, n ? prices[0] : MEASURES_NONE);
    assert_int_equal(p->max, n ? prices[n - 1] : MEASURES_NONE);
    assert_int_equal(p->median_x2, n ? prices[(n - 1) / 2] + prices[n / 2] : MEASURES_NONE);
    assert_int_equal(p->quarter, n ? prices[(n + 3) / 4 - 1] : MEASURES_NONE);
    for (int k = 1; k <= MEASURES_SIZES; k++) {
        n = prices_of(quotes, count, scope, basis, k, prices);
        assert_int_equal(p->group_min[k - 1], n ? prices[0] : MEASURES_NONE);
    }
}

static void compare_measures(const struct quote *quotes, size_t count, int scope,
                             const struct measures *got)
{
    int64_t tickets = 0, listings = 0;
    for (size_t i = 0; i < count; i++)
        if (scope < 0 || quotes[i].scope == scope) {
            tickets += quotes[i].quantity;
            listings++;
        }
    assert_int_equal(got->tickets, tickets);
    assert_int_equal(got->lowest_tickets, tickets);
    assert_int_equal(got->highest_tickets, tickets);
    assert_int_equal(got->listings, listings);
    assert_int_equal(got->snapshots, 1);
    assert_int_equal(got->last_ms, 7);
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        compare_basis(quotes, count, scope, basis, got);
}

static void measures_are_those_of_sorted_prices(void **state)
{
    (void)state;
    for (size_t count = 0; count <= QUOTES; count++) {
        struct quote quotes[QUOTES];
        struct measures all, scopes[SCOPES];
        for (size_t i = 0; i < count; i++)
            quotes[i] = random_quote();
        measures_compute(quotes, count, 7, &all, scopes, SCOPES);
        compare_measures(quotes, count, -1, &all);
        for (int scope = 0; scope < SCOPES; scope++)
            compare_measures(quotes, count, scope, &scopes[scope]);
        measures_compute(quotes, count, 7, &all, NULL, 0);
        compare_measures(quotes, count, -1, &all);
    }
}

static struct measures random_measures(int64_t at_ms)
{
    struct quote quotes[6];
    size_t count = (size_t)pick(7);
    struct measures measures;
    for (size_t i = 0; i < count; i++)
        quotes[i] = random_quote();
    measures_compute(quotes, count, at_ms, &measures, NULL, 0);
    return measures;
}

/* Two sources may even have polled at the same millisecond. */
static void merging_does_not_depend_on_the_order(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct measures a = random_measures(pick(3)), b = random_measures(pick(3));
        struct measures c = random_measures(pick(3)), left = {0}, right = {0}, bc = {0};
        measures_merge(&left, &a);
        measures_merge(&left, &b);
        measures_merge(&left, &c);
        measures_merge(&bc, &c);
        measures_merge(&bc, &b);
        measures_merge(&right, &bc);
        measures_merge(&right, &a);
        assert_true(measures_same(&left, &right, 0xff));
    }
}

/* At one millisecond, with the same tickets, listings and medians. */
static void what_differs_in_a_quarter_only_merges_in_any_order(void **state)
{
    (void)state;
    for (int basis = 0; basis < MEASURES_BASES; basis++) {
        struct measures parts[2], left = {0}, right = {0};
        for (int p = 0; p < 2; p++) {
            struct quote quotes[4];
            for (int i = 0; i < 4; i++)
                quotes[i] = (struct quote){.price = {300, 300}, .quantity = 1};
            quotes[0].price[basis] = 100 + p;
            measures_compute(quotes, 4, 10, &parts[p], NULL, 0);
        }
        measures_merge(&left, &parts[0]);
        measures_merge(&left, &parts[1]);
        measures_merge(&right, &parts[1]);
        measures_merge(&right, &parts[0]);
        assert_true(measures_same(&left, &right, 0xff));
        assert_int_equal(left.prices[basis].quarter, 101);
    }
}

static void a_bucket_has_extremes_sums_and_the_last_level(void **state)
{
    (void)state;
    static const struct quote first[] = {{.price = {500, MEASURES_NONE}, .quantity = 4, .sizes = 2},
                                         {.price = {300, 360}, .quantity = 1, .sizes = 1}};
    static const struct quote last[] = {{.price = {400, 480}, .quantity = 2, .sizes = 2}};
    struct measures bucket = {0}, part;
    measures_compute(last, 1, 20, &part, NULL, 0);
    measures_merge(&bucket, &part);
    measures_compute(first, 2, 10, &part, NULL, 0);
    measures_merge(&bucket, &part);
    const struct measures_prices *base = &bucket.prices[MEASURES_BASE];
    assert_int_equal(bucket.snapshots, 2);
    assert_int_equal(bucket.last_ms, 20);
    assert_int_equal(bucket.tickets, 2);
    assert_int_equal(bucket.listings, 1);
    assert_int_equal(bucket.lowest_tickets, 2);
    assert_int_equal(bucket.highest_tickets, 5);
    assert_int_equal(base->min, 300);
    assert_int_equal(base->max, 500);
    assert_int_equal(base->count, 3);
    assert_int_equal(measures_avg(base), 400);
    assert_int_equal(measures_median(base), 400);
    assert_int_equal(base->quarter, 400);
    assert_int_equal(base->group_min[1], 400);
    assert_int_equal(base->group_min[0], 300);
    assert_int_equal(bucket.prices[MEASURES_ALL_IN].count, 2);
}

/* Empty at the last poll: no level price, but the prices of the bucket stay. */
static void what_sold_out_has_no_median_but_keeps_its_extremes(void **state)
{
    (void)state;
    static const struct quote quote = {.price = {500, MEASURES_NONE}, .quantity = 4};
    struct measures bucket, empty;
    measures_compute(&quote, 1, 10, &bucket, NULL, 0);
    measures_empty(&empty, 20);
    measures_merge(&bucket, &empty);
    assert_int_equal(bucket.tickets, 0);
    assert_int_equal(bucket.lowest_tickets, 0);
    assert_int_equal(bucket.highest_tickets, 4);
    assert_int_equal(bucket.prices[MEASURES_BASE].min, 500);
    assert_int_equal(measures_median(&bucket.prices[MEASURES_BASE]), MEASURES_NONE);
    assert_int_equal(bucket.prices[MEASURES_BASE].quarter, MEASURES_NONE);
    assert_int_equal(measures_avg(&bucket.prices[MEASURES_BASE]), 500);
}

static void rounding_is_half_away_from_zero_and_once(void **state)
{
    (void)state;
    struct measures_prices prices = {.count = 2, .sum = 201, .median_x2 = 201};
    assert_int_equal(measures_avg(&prices), 101);
    assert_int_equal(measures_median(&prices), 101);
    prices = (struct measures_prices){.count = 3, .sum = 301, .median_x2 = 200};
    assert_int_equal(measures_avg(&prices), 100);
    assert_int_equal(measures_median(&prices), 100);
    prices = (struct measures_prices){.median_x2 = MEASURES_NONE};
    assert_int_equal(measures_avg(&prices), MEASURES_NONE);
}

static void any_kept_number_makes_a_difference(void **state)
{
    (void)state;
    struct measures one = random_measures(1);
    one.prices[0].group_min[4] = 1;
    for (size_t i = 0; i < sizeof one / sizeof(int64_t); i++) {
        struct measures other = one;
        ((int64_t *)&other)[i]++;
        assert_false(measures_same(&one, &other, 0xff));
    }
    struct measures other = one;
    other.prices[0].group_min[4]++;
    assert_true(measures_same(&one, &other, MEASURES_KEPT_SIZES));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_are_those_of_sorted_prices),
        cmocka_unit_test(merging_does_not_depend_on_the_order),
        cmocka_unit_test(what_differs_in_a_quarter_only_merges_in_any_order),
        cmocka_unit_test(a_bucket_has_extremes_sums_and_the_last_level),
        cmocka_unit_test(what_sold_out_has_no_median_but_keeps_its_extremes),
        cmocka_unit_test(rounding_is_half_away_from_zero_and_once),
        cmocka_unit_test(any_kept_number_makes_a_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
