#include "base/sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 3000 };

struct thing {
    uint64_t key;
    int second, place;
};

static uint64_t random_state = 88172645463325252u;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static int by_second(const void *a, const void *b)
{
    return ((const struct thing *)a)->second - ((const struct thing *)b)->second;
}

/* Whether `a` belongs before `b`: by key, then as they were, or by the second field. */
static bool in_order(const struct thing *a, const struct thing *b, bool compared)
{
    if (a->key != b->key)
        return a->key < b->key;
    return compared ? a->second <= b->second : a->place < b->place;
}

static void sort_and_check(size_t count, uint64_t mask, bool compared)
{
    static struct thing things[MOST];
    static struct sort_item items[MOST];
    bool seen[MOST] = {false};
    for (size_t i = 0; i < count; i++) {
        things[i] = (struct thing){next_random() & mask, (int)(next_random() % 5), (int)i};
        items[i] = (struct sort_item){things[i].key, &things[i]};
    }
    sort_by_key(items, count, compared ? by_second : NULL);
    for (size_t i = 0; i < count; i++) {
        const struct thing *thing = items[i].thing;
        assert_int_equal(items[i].key, thing->key);
        assert_false(seen[thing->place]);
        seen[thing->place] = true;
        if (i > 0)
            assert_true(in_order(items[i - 1].thing, thing, compared));
    }
}

static void numbers_of_any_length_are_sorted(void **state)
{
    (void)state;
    static const uint64_t masks[] = {
        0, 1, 0xff, 0x1ff, 0xff00, 0xff0000ff, UINT64_C(0xff) << 56, UINT64_MAX};
    static const size_t counts[] = {0, 1, 2, 47, 48, 49, 50, 255, 256, 257, MOST};
    for (size_t m = 0; m < sizeof masks / sizeof *masks; m++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            sort_and_check(counts[c], masks[m], false);
            sort_and_check(counts[c], masks[m], true);
        }
}

static void a_place_is_that_of_the_first_not_below(void **state)
{
    (void)state;
    static const int64_t values[] = {INT64_MIN, -5, -5, 0, 7, 7, 7, INT64_MAX};
    enum { COUNT = sizeof values / sizeof *values };
    for (size_t count = 0; count <= COUNT; count++)
        for (size_t i = 0; i < COUNT; i++)
            for (int64_t near = -1; near <= 1; near++) {
                bool wraps = (near < 0 && i == 0) || (near > 0 && i == COUNT - 1);
                int64_t value = wraps ? values[i] : values[i] + near;
                size_t place = 0;
                while (place < count && values[place] < value)
                    place++;
                for (size_t guess = 0; guess <= COUNT; guess++)
                    assert_int_equal(sort_place(values, count, value, guess), place);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_any_length_are_sorted),
        cmocka_unit_test(a_place_is_that_of_the_first_not_below),
    };
    return cmocka_run_group_tests_name("sort", tests, NULL, NULL);
}
