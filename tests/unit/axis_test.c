#include "tui/axis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static int64_t random_value(void)
{
    int64_t value = ((int64_t)random() << 31 | random()) >> (random() % 62);
    return random() % 4 ? value : -value;
}

static bool is_nice(int64_t step)
{
    while (step % 10 == 0)
        step /= 10;
    return step == 1 || step == 2 || step == 5;
}

static void nice_ticks_cover_the_range(void **state)
{
    (void)state;
    srandom(1);
    for (int i = 0; i < 50000; i++) {
        int64_t a = random_value() % AXIS_LIMIT, b = random_value() % AXIS_LIMIT;
        int64_t low = a < b ? a : b, high = a < b ? b : a;
        int rows = 1 + (int)(random() % 70);
        struct axis_range range = axis_nice(low, high, (enum axis_unit)(random() % 3), rows);
        assert_true(range.from <= low && range.to >= high && range.from < range.to);
        assert_true(is_nice(range.step));
        assert_int_equal((range.to - range.from) % range.step, 0);
        assert_int_equal(range.from % range.step, 0);
        assert_true(axis_steps(&range) * range.rows <= rows - 1);
        assert_true(axis_steps(&range) * 2 <= rows - 1 || rows < 5);
    }
}

static void one_value_gets_room_and_stays_above_zero(void **state)
{
    (void)state;
    static const int64_t values[] = {0, 1, 50, 17860, 1000000000, -300};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        for (int unit = AXIS_MONEY; unit <= AXIS_REAL; unit++) {
            struct axis_range range = axis_nice(values[i], values[i], (enum axis_unit)unit, 20);
            assert_true(range.from <= values[i] && range.to > values[i]);
            assert_true(values[i] < 0 || range.from >= 0);
        }
}

static void values_beyond_the_limit_do_not_overflow(void **state)
{
    (void)state;
    struct axis_range range = axis_nice(INT64_MIN, INT64_MAX, AXIS_COUNT, 20);
    assert_true(range.from <= -AXIS_LIMIT && range.to >= AXIS_LIMIT);
    char label[AXIS_LABEL_MAX];
    assert_true(strlen(axis_label(label, range.from, &range, AXIS_COUNT, "")) > 0);
}

static void pixels_run_from_end_to_end_in_order(void **state)
{
    (void)state;
    srandom(2);
    for (int i = 0; i < 20000; i++) {
        int64_t from = random_value() % AXIS_LIMIT;
        struct axis_scale scale = {from, from + 1 + labs(random_value() % AXIS_LIMIT),
                                   1 + (int)(random() % 500)};
        assert_int_equal(axis_pixel(&scale, scale.from), 0);
        assert_int_equal(axis_pixel(&scale, scale.to), scale.pixels - 1);
        assert_int_equal(axis_pixel(&scale, INT64_MIN), 0);
        assert_int_equal(axis_pixel(&scale, INT64_MAX), scale.pixels - 1);
        int64_t a = scale.from + random() % (scale.to - scale.from);
        assert_in_range(axis_pixel(&scale, a), 0, scale.pixels - 1);
        assert_true(axis_pixel(&scale, a) <= axis_pixel(&scale, a + 1));
    }
}

static void labels_are_short_and_alike(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        struct axis_range range;
        enum axis_unit unit;
        const char *prefix, *label;
    } cases[] = {
        {17800, {0, 40000, 200, 0}, AXIS_MONEY, "$", "$178"},
        {120000, {0, 120000, 20000, 0}, AXIS_MONEY, "$", "$1,200"},
        {1250000, {0, 2000000, 250000, 0}, AXIS_MONEY, "$", "$12.5k"},
        {1000000, {0, 2000000, 500000, 0}, AXIS_MONEY, "$", "$10k"},
        {1500000, {0, 2000000, 50000, 0}, AXIS_MONEY, "$", "$15.0k"},
        {0, {0, 2000000, 250000, 0}, AXIS_MONEY, "$", "$0"},
        {1200000000, {0, 1500000000, 50000000, 0}, AXIS_MONEY, "$", "$12.0M"},
        {50, {0, 100, 50, 0}, AXIS_MONEY, "$", "$0.50"},
        {100, {0, 200, 20, 0}, AXIS_MONEY, "$", "$1.00"},
        {101, {100, 105, 1, 0}, AXIS_MONEY, "", "1.01"},
        {-5000, {-5000, 5000, 1000, 0}, AXIS_MONEY, "$", "-$50"},
        {1500, {0, 2000, 500, 0}, AXIS_COUNT, "", "1,500"},
        {20000, {0, 20000, 5000, 0}, AXIS_COUNT, "", "20k"},
        {100500, {100000, 101000, 500, 0}, AXIS_REAL, "", "100.5"},
        {100000, {0, 200000, 20000, 0}, AXIS_REAL, "", "100"},
    };
    char label[AXIS_LABEL_MAX];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(
            axis_label(label, cases[i].value, &cases[i].range, cases[i].unit, cases[i].prefix),
            cases[i].label);
}

static void labels_of_one_axis_all_differ(void **state)
{
    (void)state;
    srandom(3);
    char label[AXIS_LABEL_MAX], last[AXIS_LABEL_MAX];
    for (int i = 0; i < 20000; i++) {
        int64_t low = random_value() % AXIS_LIMIT, high = low + labs(random_value() % AXIS_LIMIT);
        enum axis_unit unit = (enum axis_unit)(random() % 3);
        struct axis_range range = axis_nice(low, high, unit, 5 + (int)(random() % 60));
        last[0] = '\0';
        for (int64_t value = range.from; value <= range.to; value += range.step) {
            axis_label(label, value, &range, unit, "$");
            assert_string_not_equal(label, last);
            memcpy(last, label, sizeof(last));
        }
    }
}

static void full_values_are_told_in_full(void **state)
{
    (void)state;
    char text[AXIS_LABEL_MAX];
    assert_string_equal(axis_value(text, 117860, AXIS_MONEY, "USD"), "$1,178.60");
    assert_string_equal(axis_value(text, 117860, AXIS_MONEY, "SEK"), "1,178.60 SEK");
    assert_string_equal(axis_value(text, 117860, AXIS_MONEY, NULL), "1178.60");
    assert_string_equal(axis_value(text, 8123, AXIS_COUNT, NULL), "8,123");
    assert_string_equal(axis_value(text, 103249, AXIS_REAL, NULL), "103.2");
}

static void only_a_sign_before_the_amount_is_a_sign(void **state)
{
    (void)state;
    char sign[AXIS_LABEL_MAX];
    assert_string_equal(axis_sign(sign, "USD"), "$");
    assert_string_equal(axis_sign(sign, "SEK"), "");
    assert_string_equal(axis_sign(sign, NULL), "");
}

static void log_ticks_grow_cover_and_are_nice(void **state)
{
    (void)state;
    srandom(5);
    for (int i = 0; i < 20000; i++) {
        int64_t a = llabs(random_value() % AXIS_LIMIT) + 1,
                b = llabs(random_value()) % AXIS_LIMIT + 1;
        int64_t low = a < b ? a : b, high = a < b ? b : a;
        int rows = 3 + (int)(random() % 60), ticks = 1;
        struct axis_range range = axis_log(low, high, AXIS_MONEY, rows);
        assert_true(range.from > 0 && range.from <= low && range.to >= high);
        int64_t value = range.from, before = 0;
        do {
            assert_true(value > before);
            assert_true(range.step || is_nice(value));
            before = value;
        } while (axis_next(&range, &value) && ticks++ < 100);
        assert_int_equal(value, range.to);
        assert_true(range.step || !range.fine || ticks * 2 <= rows);
    }
}

static void equal_ratios_are_equally_long_on_a_log_scale(void **state)
{
    (void)state;
    struct axis_scale scale = {.from = 100, .to = 1000000, .pixels = 401, .log = true};
    for (int decade = 0; decade <= 4; decade++) {
        int64_t power = 1;
        for (int i = 0; i < decade; i++)
            power *= 10;
        assert_int_equal(axis_pixel(&scale, 100 * power), 100 * decade);
    }
    assert_int_equal(axis_pixel(&scale, -5), 0);
    assert_int_equal(axis_pixel(&scale, 2000000), 400);
}

static void log_labels_tell_each_value_in_its_own_scale(void **state)
{
    (void)state;
    char label[AXIS_LABEL_MAX];
    struct axis_range range = axis_log(40, 3000000, AXIS_MONEY, 40);
    assert_string_equal(axis_label(label, 50, &range, AXIS_MONEY, "$"), "$0.50");
    assert_string_equal(axis_label(label, 20000, &range, AXIS_MONEY, "$"), "$200");
    assert_string_equal(axis_label(label, 500000, &range, AXIS_MONEY, "$"), "$5,000");
    assert_string_equal(axis_label(label, 2000000, &range, AXIS_MONEY, "$"), "$20k");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nice_ticks_cover_the_range),
        cmocka_unit_test(one_value_gets_room_and_stays_above_zero),
        cmocka_unit_test(values_beyond_the_limit_do_not_overflow),
        cmocka_unit_test(pixels_run_from_end_to_end_in_order),
        cmocka_unit_test(labels_are_short_and_alike),
        cmocka_unit_test(labels_of_one_axis_all_differ),
        cmocka_unit_test(full_values_are_told_in_full),
        cmocka_unit_test(only_a_sign_before_the_amount_is_a_sign),
        cmocka_unit_test(log_ticks_grow_cover_and_are_nice),
        cmocka_unit_test(equal_ratios_are_equally_long_on_a_log_scale),
        cmocka_unit_test(log_labels_tell_each_value_in_its_own_scale),
    };
    return cmocka_run_group_tests_name("axis", tests, NULL, NULL);
}
