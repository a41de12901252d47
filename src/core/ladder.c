#include "core/ladder.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"

void ladder_init(struct ladder *ladder, const int64_t *prices, size_t size)
{
    *ladder = (struct ladder){.prices = prices, .size = size};
    ladder->counts = mem_alloc(size + 1, sizeof *ladder->counts);
}

void ladder_release(struct ladder *ladder)
{
    mem_free(ladder->counts);
    *ladder = (struct ladder){0};
}

void ladder_change(struct ladder *ladder, size_t rank, int change)
{
    ladder->count += change;
    ladder->sum += change * ladder->prices[rank];
    for (size_t i = rank + 1; i <= ladder->size; i += i & -i)
        ladder->counts[i] += change;
}

int64_t ladder_nth(const struct ladder *ladder, int64_t n)
{
    if (n < 0 || n >= ladder->count)
        BUG("price %lld of %lld", (long long)n, (long long)ladder->count);
    size_t step = 1, at = 0;
    while (step * 2 <= ladder->size)
        step *= 2;
    for (; step > 0; step /= 2) {
        if (at + step <= ladder->size && ladder->counts[at + step] <= n) {
            at += step;
            n -= ladder->counts[at];
        }
    }
    return ladder->prices[at];
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Drops most repeats, if not all, without a sort: each price is looked for where the last one with
   the same low bits was seen. */
static size_t thin_out(int64_t *prices, size_t count)
{
    enum { PLACES = 4096 };
    int64_t seen[PLACES];
    size_t kept = 0;
    for (int64_t i = 0; i < PLACES; i++)
        seen[i] = ~i; /* of other low bits than any price that is looked for here */
    for (size_t i = 0; i < count; i++) {
        int64_t price = prices[i], *place = &seen[price & (PLACES - 1)];
        if (*place != price)
            prices[kept++] = *place = price;
    }
    return kept;
}

size_t ladder_distinct(int64_t *prices, size_t count)
{
    count = thin_out(prices, count);
    qsort(prices, count, sizeof *prices, compare);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || prices[kept - 1] != prices[i])
            prices[kept++] = prices[i];
    return kept;
}
