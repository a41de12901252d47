/*
 * What the numbers mean: the measures of a set of offers (an event, a zone, a section) in one snapshot, and
 * how measures of several snapshots merge into a bucket. Sums stay exact; rounding happens once, at output.
 */
#ifndef CORE_MEASURES_H
#define CORE_MEASURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MEASURES_SIZES = 8 };              /* people who sit together: 1..8 */
enum { MEASURES_KEPT_SIZES = 1 | 2 | 8 }; /* bits of the sizes 1, 2 and 4, which the store keeps */

#define MEASURES_NONE INT64_MIN /* no such price */

enum measures_basis { MEASURES_BASE, MEASURES_ALL_IN, MEASURES_BASES };

/* Prices of one basis over the offers that have one, per ticket, minor units. */
struct measures_prices {
    int64_t count;     /* observations: offers x snapshots */
    int64_t sum;       /* of all observations */
    int64_t min, max;  /* MEASURES_NONE when count is 0 */
    int64_t median_x2; /* twice the median, exact; in a bucket that of its last good snapshot */
    int64_t quarter;   /* the ceil(n / 4)-th lowest of n prices; in a bucket as the median */
    int64_t group_min[MEASURES_SIZES]; /* lowest price a ticket where k may be bought, at [k - 1] */
};

struct measures {
    int64_t tickets, listings; /* level: in a bucket at its last good snapshot */
    int64_t lowest_tickets, highest_tickets;
    int64_t snapshots; /* good polls: 1 in a snapshot */
    int64_t last_ms;   /* time of the last of them */
    struct measures_prices prices[MEASURES_BASES];
};

/* The part of an offer that is measured. */
struct quote {
    int64_t price[MEASURES_BASES]; /* MEASURES_NONE when not known */
    int32_t quantity;
    uint8_t sizes; /* bit k - 1: k may be bought */
    uint8_t tags;  /* enum listing_tag bits */
    int32_t scope; /* what the caller groups by: index of a zone, of a section */
};

/* Measures of nothing at a time: 0 tickets, 0 listings, no prices, one snapshot. */
void measures_empty(struct measures *measures, int64_t at_ms);

/* Measures of `count` quotes in one snapshot, of all of them into `all` and by quote.scope (0 <= scope <
   scope_count) into `scopes`. Group prices for every size. O(n log n). */
void measures_compute(const struct quote *quotes, size_t count, int64_t at_ms, struct measures *all,
                      struct measures *scopes, size_t scope_count);

/* Merges a later or earlier part of the same scope into a bucket: minima, maxima, sums and counts merge,
   levels come from the part with the later last_ms (at the same one, from that with more tickets, more listings, the
   higher medians, the higher quarters). An `into` with snapshots 0 becomes a copy. */
void measures_merge(struct measures *into, const struct measures *part);

/* Mean price, rounded to the minor unit half away from zero; MEASURES_NONE without observations. */
int64_t measures_avg(const struct measures_prices *prices);

/* Median price, rounded likewise; MEASURES_NONE without observations. */
int64_t measures_median(const struct measures_prices *prices);

/* Whether two are the same in every number that the store keeps (group sizes in `sizes` only). */
bool measures_same(const struct measures *a, const struct measures *b, unsigned sizes);

#endif
