/*
 * Simulated markets: what is on sale for an event at a moment is a function of (settings, base
 * time, event, moment) alone. Nothing is remembered between two questions, so moments may be asked
 * for in any order and every run is the same. Its totals are computed from its listings: an answer
 * sheet for whoever reads the market by other means.
 */
#ifndef CORE_SIMMARKET_H
#define CORE_SIMMARKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "core/simevent.h"
#include "core/simmap.h"
#include "core/simticket.h"

/* Over a set of listings. */
struct simmarket_sum {
    int64_t listings, tickets;
    int64_t low_minor, high_minor, low_all_in_minor; /* 0 when there are none */
};

struct simmarket_prices {
    int64_t low_minor, high_minor, average_minor, median_minor; /* 0 when there are none */
};

struct simmarket {
    struct arena arena;
    struct simevent event;
    int64_t at_ms;
    bool all_in; /* the answer says all-in prices */
    struct simmap map;
    struct simmarket_sum *zones, *sections; /* as many as the map has */
    struct simticket *tickets;
    struct simticket **order; /* as the answer lists them */
    size_t count;             /* of both */
    struct simmarket_sum sum;
    int most_tickets; /* of one listing */
    struct simmarket_prices base, with_fees;
    unsigned flags; /* of all listings together */
};

/* Draws the market of an event at a time >= 0. O(n log n). */
void simmarket_draw(const struct simevent_world *world, const struct simevent *event, int64_t at_ms,
                    struct simmarket *market);

/* Computes order, sums and prices from `tickets` and `count` again, after a change of them. */
void simmarket_settle(struct simmarket *market);

/* Frees. Safe on a zeroed one. */
void simmarket_release(struct simmarket *market);
#define AUTO_SIMMARKET __attribute__((cleanup(simmarket_release)))

#endif
