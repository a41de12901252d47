#include "core/standing.h"

#include <string.h>

#include "base/mem.h"
#include "core/ladder.h"

/* The ladders of one basis: all prices, and those where k may be bought for each size that is asked for. */
struct book {
    struct ladder all, groups[MEASURES_SIZES];
    unsigned sizes;
};

static void book_init(struct book *book, const struct standing *standing, unsigned sizes)
{
    *book = (struct book){.sizes = sizes};
    ladder_init(&book->all, standing->prices, standing->price_count);
    for (int k = 0; k < MEASURES_SIZES; k++)
        if (sizes >> k & 1)
            ladder_init(&book->groups[k], standing->prices, standing->price_count);
}

static void book_release(struct book *book)
{
    ladder_release(&book->all);
    for (int k = 0; k < MEASURES_SIZES; k++)
        ladder_release(&book->groups[k]);
}

/* Adds (change 1) or takes away (-1) a price by its rank. */
static void book_change(struct book *book, size_t rank, unsigned sizes, int change)
{
    ladder_change(&book->all, rank, change);
    for (unsigned left = book->sizes & sizes; left != 0; left &= left - 1)
        ladder_change(&book->groups[__builtin_ctz(left)], rank, change);
}

static void book_read(const struct book *book, struct measures_prices *prices)
{
    int64_t count = book->all.count;
    if (count == 0)
        return;
    prices->count = count;
    prices->sum = book->all.sum;
    prices->min = ladder_nth(&book->all, 0);
    prices->max = ladder_nth(&book->all, count - 1);
    prices->median_x2 = ladder_nth(&book->all, (count - 1) / 2) + ladder_nth(&book->all, count / 2);
    prices->quarter = ladder_nth(&book->all, (count - 1) / 4);
    for (int k = 0; k < MEASURES_SIZES; k++)
        if ((book->sizes >> k & 1) && book->groups[k].count > 0)
            prices->group_min[k] = ladder_nth(&book->groups[k], 0);
}

/* Which spans come or go at each moment: those of moment m stand at [start[m], start[m + 1]). */
struct turns {
    uint32_t *start, *spans;
};

static uint32_t turn_of(const struct standing_span *span, bool ends)
{
    return ends ? span->end : span->from;
}

/* A counting sort of spans by the moment of their start, or of their end. */
static void turns_init(struct turns *turns, const struct standing *standing, bool ends,
                       size_t moment_count)
{
    turns->start = mem_alloc(moment_count + 2, sizeof *turns->start);
    turns->spans = mem_alloc(standing->span_count + 1, sizeof *turns->spans);
    for (size_t i = 0; i < standing->span_count; i++)
        turns->start[turn_of(&standing->spans[i], ends) + 1]++;
    for (size_t m = 0; m <= moment_count; m++)
        turns->start[m + 1] += turns->start[m];
    AUTO_FREE uint32_t *next = mem_alloc(moment_count + 1, sizeof *next);
    memcpy(next, turns->start, (moment_count + 1) * sizeof *next);
    for (size_t i = 0; i < standing->span_count; i++)
        turns->spans[next[turn_of(&standing->spans[i], ends)]++] = (uint32_t)i;
}

static void turns_release(struct turns *turns)
{
    mem_free(turns->start);
    mem_free(turns->spans);
}

/* What stands at one moment. */
struct market {
    struct book books[MEASURES_BASES];
    int64_t tickets, listings;
};

/* Lets the spans of a moment come (change 1) or go (-1). */
static void market_turn(struct market *market, const struct standing *standing,
                        const struct turns *turns, size_t moment, int change)
{
    for (uint32_t i = turns->start[moment]; i < turns->start[moment + 1]; i++) {
        const struct standing_span *span = &standing->spans[turns->spans[i]];
        market->tickets += change * span->quantity;
        market->listings += change;
        for (int basis = 0; basis < MEASURES_BASES; basis++)
            if (span->rank[basis] != STANDING_NO_RANK)
                book_change(&market->books[basis], span->rank[basis], span->sizes, change);
    }
}

static void market_read(const struct market *market, int64_t at_ms, struct measures *measures)
{
    measures_empty(measures, at_ms);
    measures->tickets = market->tickets;
    measures->lowest_tickets = measures->highest_tickets = market->tickets;
    measures->listings = market->listings;
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        book_read(&market->books[basis], &measures->prices[basis]);
}

void standing_measure(const struct standing *standing, const int64_t *moments, size_t moment_count,
                      unsigned sizes, struct measures *out)
{
    struct market market = {0};
    struct turns starts, ends;
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        book_init(&market.books[basis], standing, sizes);
    turns_init(&starts, standing, false, moment_count);
    turns_init(&ends, standing, true, moment_count);
    for (size_t i = 0; i < moment_count; i++) {
        market_turn(&market, standing, &starts, i, 1);
        market_turn(&market, standing, &ends, i, -1);
        market_read(&market, moments[i], &out[i]);
    }
    turns_release(&starts);
    turns_release(&ends);
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        book_release(&market.books[basis]);
}
