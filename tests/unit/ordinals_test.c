#include "base/ordinals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MANY = 20000 };

static int64_t value_of(uint32_t number)
{
    static const int64_t edges[] = {0, -1, INT64_MIN, INT64_MAX};
    return number < 4 ? edges[number] : (int64_t)number * number * 100 - 700000;
}

static void the_next_number_is_that_of_a_new_value(void **state)
{
    (void)state;
    AUTO_ORDINALS struct ordinals ordinals = {0};
    for (uint32_t i = 0; i < MANY; i++) {
        assert_int_equal(ordinals_meet(&ordinals, value_of(i)), i);
        assert_int_equal(ordinals_meet(&ordinals, value_of(i / 2)), i / 2);
    }
    assert_int_equal(ordinals.count, MANY);
    for (uint32_t i = 0; i < MANY; i++)
        assert_true(ordinals.values[i] == value_of(i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_number_is_that_of_a_new_value),
    };
    return cmocka_run_group_tests_name("ordinals", tests, NULL, NULL);
}
