/*
 * Prices of a changing set, kept in order: adding, taking away, lowest, highest and median each cost the logarithm of
 * the number of different prices, which must all be known beforehand (a Fenwick tree over their ranks).
 */
#ifndef CORE_LADDER_H
#define CORE_LADDER_H

#include <stddef.h>
#include <stdint.h>

struct ladder {
    const int64_t *prices; /* different prices, ascending; the caller's */
    int32_t *counts;       /* Fenwick tree, 1-based */
    size_t size;
    int64_t count, sum;
};

/* Makes an empty ladder over `size` different ascending prices, which must outlive it. */
void ladder_init(struct ladder *ladder, const int64_t *prices, size_t size);

/* Frees it. Safe on a zeroed one. */
void ladder_release(struct ladder *ladder);

/* Adds (change = 1) or takes away (-1) one price by its rank. */
void ladder_change(struct ladder *ladder, size_t rank, int change);

/* The n-th lowest price, 0 <= n < count. */
int64_t ladder_nth(const struct ladder *ladder, int64_t n);

/* Sorts prices and drops repeats in place; returns how many are left. */
size_t ladder_distinct(int64_t *prices, size_t count);

#endif
