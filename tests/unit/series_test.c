#include "tui/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bridge_is_three_median_intervals),
        cmocka_unit_test(unknown_points_count_as_polls),
        cmocka_unit_test(sorting_orders_by_time),
        cmocka_unit_test(the_last_point_is_known_and_in_the_window),
    };
    return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
