#include "core/ladder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sort.h"

enum { PRICES_MAX = 70, HELD_MAX = 300 };

static uint64_t random_state = 88172645463325252u;

static int pick(int below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)(random_state % (uint64_t)below);
}

static int by_number(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* What the ladder holds, in a plain sorted array. */
struct held {
    int64_t prices[HELD_MAX];
    size_t count;
};

static void compare_all(const struct ladder *ladder, struct held *held)
{
    int64_t sum = 0;
    qsort(held->prices, held->count, sizeof *held->prices, by_number);
    assert_int_equal(ladder->count, held->count);
    for (size_t i = 0; i < held->count; i++) {
        assert_int_equal(ladder_nth(ladder, (int64_t)i), held->prices[i]);
        sum += held->prices[i];
    }
    assert_int_equal(ladder->sum, sum);
}

static void add_or_take(struct ladder *ladder, struct held *held)
{
    if (held->count < HELD_MAX && (held->count == 0 || pick(100) < 55)) {
        size_t rank = (size_t)pick((int)ladder->size);
        ladder_change(ladder, rank, 1);
        held->prices[held->count++] = ladder->prices[rank];
        return;
    }
    size_t gone = (size_t)pick((int)held->count);
    ladder_change(ladder, sort_place(ladder->prices, ladder->size, held->prices[gone], 0), -1);
    held->prices[gone] = held->prices[--held->count];
}

/* For every size, those at and beside powers of two among them. */
static void the_nth_price_is_that_of_a_sorted_array(void **state)
{
    (void)state;
    for (size_t size = 1; size <= PRICES_MAX; size++) {
        int64_t prices[PRICES_MAX];
        for (size_t i = 0; i < size; i++)
            prices[i] = (int64_t)i * 25 - 500;
        struct ladder ladder;
        struct held held = {.count = 0};
        ladder_init(&ladder, prices, size);
        for (int i = 0; i < 60; i++) {
            add_or_take(&ladder, &held);
            compare_all(&ladder, &held);
        }
        ladder_release(&ladder);
    }
}

static void prices_become_ascending_and_distinct(void **state)
{
    (void)state;
    int64_t prices[] = {5, 3, 5, INT64_MAX, -7, 3, 3};
    static const int64_t wanted[] = {-7, 3, 5, INT64_MAX};
    assert_int_equal(ladder_distinct(prices, 7), 4);
    assert_memory_equal(prices, wanted, sizeof wanted);
    assert_int_equal(ladder_distinct(prices, 0), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_price_is_that_of_a_sorted_array),
        cmocka_unit_test(prices_become_ascending_and_distinct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
