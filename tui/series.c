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

/* The value that would stand at `place` if the numbers were sorted (Hoare's quickselect): of
   thousands of points only the median is needed, on every frame. */
static int64_t select_number(int64_t *numbers, ptrdiff_t count, ptrdiff_t place)
{
    ptrdiff_t from = 0, to = count - 1;
    while (from < to) {
        int64_t pivot = numbers[from + (to - from) / 2];
        ptrdiff_t low = from, high = to;
        while (low <= high) {
            while (numbers[low] < pivot)
                low++;
            while (numbers[high] > pivot)
                high--;
            if (low > high)
                break;
            int64_t number = numbers[low];
            numbers[low++] = numbers[high];
            numbers[high--] = number;
        }
        if (place > high && place < low)
            break;
        to = place <= high ? high : to;
        from = place >= low ? low : from;
    }
    return numbers[place];
}

int64_t series_bridge(const struct series *series)
{
    if (series->count < 2)
        return 0;
    size_t count = series->count - 1;
    AUTO_FREE int64_t *intervals = mem_alloc(count, sizeof(*intervals));
    for (size_t i = 0; i < count; i++)
        intervals[i] = series->points[i + 1].x - series->points[i].x;
    return 3 * select_number(intervals, (ptrdiff_t)count, (ptrdiff_t)(count / 2));
}

/* The number of points with x below (or, with `equal`, at most) a value. */
static size_t count_before(const struct series *series, int64_t x, bool equal)
{
    size_t from = 0, to = series->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int64_t at = series->points[middle].x;
        if (at < x || (equal && at == x))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

const struct series_point *series_step(const struct series *series, int64_t x, int direction)
{
    size_t i = count_before(series, x, direction > 0);
    if (direction > 0) {
        for (; i < series->count; i++)
            if (series->points[i].known)
                return &series->points[i];
        return NULL;
    }
    while (i-- > 0)
        if (series->points[i].known)
            return &series->points[i];
    return NULL;
}

const struct series_point *series_nearest(const struct series *series, int64_t x)
{
    size_t i = count_before(series, x, false);
    if (i == series->count)
        return i ? &series->points[i - 1] : NULL;
    const struct series_point *after = &series->points[i];
    bool earlier = i > 0 && x - after[-1].x <= after->x - x;
    return earlier ? after - 1 : after;
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
