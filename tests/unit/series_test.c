#include "tui/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void fill(struct series *series, const int64_t *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        series_add(series, x[i], x[i]);
}

static void the_bridge_is_three_median_intervals(void **state)
{
    (void)state;
    struct series series = {0};
    assert_int_equal(series_bridge(&series), 0);
    fill(&series, (int64_t[]){0}, 1);
    assert_int_equal(series_bridge(&series), 0);
    fill(&series, (int64_t[]){10, 20, 30, 500, 510}, 5);
    assert_int_equal(series_bridge(&series), 30);
    series_release(&series);
}

static void unknown_points_count_as_polls(void **state)
{
    (void)state;
    struct series series = {0};
    for (int64_t x = 0; x < 100; x += 10)
        if (x % 50)
            series_add_unknown(&series, x);
        else
            series_add(&series, x, 1);
    assert_int_equal(series_bridge(&series), 30);
    series_release(&series);
}

static void sorting_orders_by_time(void **state)
{
    (void)state;
    struct series series = {0};
    fill(&series, (int64_t[]){5, 1, 4, 2, 3}, 5);
    series_sort(&series);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(series.points[i].x, i + 1);
        assert_int_equal(series.points[i].y, i + 1);
    }
    series_release(&series);
}

static void the_last_point_is_known_and_in_the_window(void **state)
{
    (void)state;
    struct series series = {0};
    fill(&series, (int64_t[]){1, 2, 3}, 3);
    series_add_unknown(&series, 4);
    assert_int_equal(series_last(&series, 0, 10)->x, 3);
    assert_int_equal(series_last(&series, 0, 2)->x, 2);
    assert_null(series_last(&series, 4, 10));
    series_release(&series);
}

static int by_number(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void the_bridge_is_three_medians_whatever_the_intervals(void **state)
{
    (void)state;
    srandom(3);
    for (int round = 0; round < 2000; round++) {
        struct series series = {0};
        int64_t intervals[64], x = 0;
        size_t count = 1 + (size_t)(random() % 64);
        series_add(&series, x, 0);
        for (size_t i = 0; i < count; i++) {
            intervals[i] = random() % (round % 2 ? 3 : 100000);
            x += intervals[i];
            series_add(&series, x, 0);
        }
        qsort(intervals, count, sizeof(*intervals), by_number);
        assert_int_equal(series_bridge(&series), 3 * intervals[count / 2]);
        series_release(&series);
    }
}

/* Looks at every point. */
static const struct series_point *look(const struct series *series, int64_t x, int direction)
{
    const struct series_point *best = NULL;
    for (size_t i = 0; i < series->count; i++) {
        const struct series_point *point = &series->points[i];
        if (direction == 0) {
            if (!best || llabs(point->x - x) < llabs(best->x - x))
                best = point;
        } else if (point->known && direction > 0 && point->x > x && !best) {
            best = point;
        } else if (point->known && direction < 0 && point->x < x) {
            best = point;
        }
    }
    return best;
}

static void steps_and_the_nearest_point_are_those_that_looking_at_all_finds(void **state)
{
    (void)state;
    srandom(4);
    for (int round = 0; round < 300; round++) {
        struct series series = {0};
        int64_t x = 0;
        for (long i = random() % 20; i > 0; i--) {
            x += 1 + random() % 9;
            if (random() % 3)
                series_add(&series, x, i);
            else
                series_add_unknown(&series, x);
        }
        for (int64_t at = -3; at < x + 5; at++) {
            assert_ptr_equal(series_step(&series, at, 1), look(&series, at, 1));
            assert_ptr_equal(series_step(&series, at, -1), look(&series, at, -1));
            assert_ptr_equal(series_nearest(&series, at), look(&series, at, 0));
        }
        series_release(&series);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bridge_is_three_median_intervals),
        cmocka_unit_test(unknown_points_count_as_polls),
        cmocka_unit_test(sorting_orders_by_time),
        cmocka_unit_test(the_last_point_is_known_and_in_the_window),
        cmocka_unit_test(the_bridge_is_three_medians_whatever_the_intervals),
        cmocka_unit_test(steps_and_the_nearest_point_are_those_that_looking_at_all_finds),
    };
    return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
