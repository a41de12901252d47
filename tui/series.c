#include "tui/series.h"

#include <stdlib.h>

#include "base/mem.h"

void series_release(struct series *series)
{
    mem_free(series->points);
    *series = (struct series){0};
}

static void add(struct series *series, struct series_point point)
{
    series->points =
        mem_grow(series->points, series->count, &series->capacity, sizeof(*series->points));
    series->points[series->count++] = point;
}

void series_add(struct series *series, int64_t x, int64_t y)
{
    add(series, (struct series_point){.x = x, .y = y, .known = true});
}

void series_add_unknown(struct series *series, int64_t x)
{
    add(series, (struct series_point){.x = x});
}

static int by_number(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static int by_x(const void *a, const void *b)
{
    const struct series_point *left = a, *right = b;
    return (left->x > right->x) - (left->x < right->x);
}

void series_sort(struct series *series)
{
    for (size_t i = 1; i < series->count; i++)
        if (series->points[i].x < series->points[i - 1].x) {
            qsort(series->points, series->count, sizeof(*series->points), by_x);
            return;
        }
}

int64_t series_bridge(const struct series *series)
{
    if (series->count < 2)
        return 0;
    size_t count = series->count - 1;
    AUTO_FREE int64_t *intervals = mem_alloc(count, sizeof(*intervals));
    for (size_t i = 0; i < count; i++)
        intervals[i] = series->points[i + 1].x - series->points[i].x;
    qsort(intervals, count, sizeof(*intervals), by_number);
    return 3 * intervals[count / 2];
}

const struct series_point *series_last(const struct series *series, int64_t from, int64_t to)
{
    for (size_t i = series->count; i-- > 0;) {
        const struct series_point *point = &series->points[i];
        if (point->known && point->x >= from && point->x <= to)
            return point;
    }
    return NULL;
}
