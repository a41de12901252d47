#include "base/sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FEW = 48, BYTES = sizeof(uint64_t), VALUES = 256 };

/* For a few this is faster than anything. */
static void insert_each(struct sort_item *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct sort_item item = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1].key > item.key; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

/* A counting sort by one byte of the keys. False, and nothing done, when it is the same in all. */
static bool sort_by_byte(const struct sort_item *from, size_t count, unsigned byte,
                         struct sort_item *to)
{
    uint32_t start[VALUES + 1] = {0};
    for (size_t i = 0; i < count; i++)
        start[(from[i].key >> 8 * byte & 0xff) + 1]++;
    if (start[(from[0].key >> 8 * byte & 0xff) + 1] == count)
        return false;
    for (size_t value = 0; value < VALUES; value++)
        start[value + 1] += start[value];
    for (size_t i = 0; i < count; i++)
        to[start[from[i].key >> 8 * byte & 0xff]++] = from[i];
    return true;
}

/* By the least significant byte first, each pass keeping the order of the one before. */
static void sort_by_bytes(struct sort_item *items, size_t count)
{
    AUTO_FREE struct sort_item *room = mem_resize(NULL, count, sizeof *room);
    struct sort_item *from = items, *to = room;
    for (unsigned byte = 0; byte < BYTES; byte++) {
        if (!sort_by_byte(from, count, byte, to))
            continue;
        struct sort_item *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
}

static int compare_things(const void *a, const void *b, void *compare)
{
    int (*const *of)(const void *, const void *) = compare;
    return (*of)(((const struct sort_item *)a)->thing, ((const struct sort_item *)b)->thing);
}

void sort_by_key(struct sort_item *items, size_t count, int (*compare)(const void *, const void *))
{
    if (count <= FEW)
        insert_each(items, count);
    else
        sort_by_bytes(items, count);
    for (size_t i = 0, same; compare && i < count; i += same) {
        for (same = 1; i + same < count && items[i + same].key == items[i].key; same++)
            ;
        if (same > 1)
            qsort_r(items + i, same, sizeof *items, compare_things, &compare);
    }
}

size_t sort_place(const int64_t *values, size_t count, int64_t value, size_t guess)
{
    size_t low = 0, high = count;
    if (guess < count && values[guess] >= value && (guess == 0 || values[guess - 1] < value))
        return guess;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (values[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
