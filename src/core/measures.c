#include "core/measures.h"

#include "base/mem.h"
#include "base/money.h"
#include "base/sort.h"

#define SIGN (UINT64_C(1) << 63) /* flipped, it puts negative numbers before the others */

static void prices_empty(struct measures_prices *prices)
{
    *prices = (struct measures_prices){.min = MEASURES_NONE,
                                       .max = MEASURES_NONE,
                                       .median_x2 = MEASURES_NONE,
                                       .quarter = MEASURES_NONE};
    for (int k = 0; k < MEASURES_SIZES; k++)
        prices->group_min[k] = MEASURES_NONE;
}

void measures_empty(struct measures *measures, int64_t at_ms)
{
    *measures = (struct measures){.snapshots = 1, .last_ms = at_ms};
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        prices_empty(&measures->prices[basis]);
}

/* Takes prices in ascending order. `known` is how many will come in all. */
static void prices_take(struct measures_prices *prices, int64_t known, int64_t price,
                        unsigned sizes)
{
    int64_t rank = prices->count++;
    if (rank == 0)
        prices->min = price;
    prices->max = price;
    prices->sum += price;
    if (rank == (known - 1) / 4)
        prices->quarter = price;
    if (rank == (known - 1) / 2)
        prices->median_x2 = price;
    if (rank == known / 2)
        prices->median_x2 += price;
    for (int k = 0; k < MEASURES_SIZES; k++)
        if ((sizes >> k & 1) && prices->group_min[k] == MEASURES_NONE)
            prices->group_min[k] = price;
}

static void compute_prices(const struct quote *quotes, size_t count, enum measures_basis basis,
                           struct measures *all, struct measures *scopes, size_t scope_count)
{
    AUTO_FREE struct sort_item *sorted = mem_alloc(count + 1, sizeof *sorted);
    AUTO_FREE int64_t *known = mem_alloc(scope_count + 1, sizeof *known);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (quotes[i].price[basis] == MEASURES_NONE)
            continue;
        sorted[n++] = (struct sort_item){(uint64_t)quotes[i].price[basis] ^ SIGN, &quotes[i]};
        if (scope_count > 0)
            known[quotes[i].scope]++;
    }
    sort_by_key(sorted, n, NULL);
    for (size_t i = 0; i < n; i++) {
        const struct quote *quote = sorted[i].thing;
        int64_t price = quote->price[basis];
        prices_take(&all->prices[basis], (int64_t)n, price, quote->sizes);
        if (scope_count > 0)
            prices_take(&scopes[quote->scope].prices[basis], known[quote->scope], price,
                        quote->sizes);
    }
}

static void count_quote(struct measures *measures, const struct quote *quote)
{
    measures->tickets += quote->quantity;
    measures->listings++;
    measures->lowest_tickets = measures->highest_tickets = measures->tickets;
}

void measures_compute(const struct quote *quotes, size_t count, int64_t at_ms, struct measures *all,
                      struct measures *scopes, size_t scope_count)
{
    measures_empty(all, at_ms);
    for (size_t i = 0; i < scope_count; i++)
        measures_empty(&scopes[i], at_ms);
    for (size_t i = 0; i < count; i++) {
        count_quote(all, &quotes[i]);
        if (scope_count > 0)
            count_quote(&scopes[quotes[i].scope], &quotes[i]);
    }
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        compute_prices(quotes, count, basis, all, scopes, scope_count);
}

static void take_lower(int64_t *into, int64_t part)
{
    if (part != MEASURES_NONE && (*into == MEASURES_NONE || part < *into))
        *into = part;
}

static void take_higher(int64_t *into, int64_t part)
{
    if (part != MEASURES_NONE && (*into == MEASURES_NONE || part > *into))
        *into = part;
}

static void prices_merge(struct measures_prices *into, const struct measures_prices *part)
{
    into->count += part->count;
    into->sum += part->sum;
    take_lower(&into->min, part->min);
    take_higher(&into->max, part->max);
    for (int k = 0; k < MEASURES_SIZES; k++)
        take_lower(&into->group_min[k], part->group_min[k]);
}

/* Whether the level of a part stands. Two sources may have polled at the same moment: then any rule will do that does not
   depend on the order of merging. */
static bool is_later(const struct measures *part, const struct measures *into)
{
    const int64_t pairs[][2] = {
        {part->last_ms, into->last_ms},
        {part->tickets, into->tickets},
        {part->listings, into->listings},
        {part->prices[MEASURES_BASE].median_x2, into->prices[MEASURES_BASE].median_x2},
        {part->prices[MEASURES_ALL_IN].median_x2, into->prices[MEASURES_ALL_IN].median_x2},
        {part->prices[MEASURES_BASE].quarter, into->prices[MEASURES_BASE].quarter},
        {part->prices[MEASURES_ALL_IN].quarter, into->prices[MEASURES_ALL_IN].quarter},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][0] != pairs[i][1])
            return pairs[i][0] > pairs[i][1];
    return false;
}

void measures_merge(struct measures *into, const struct measures *part)
{
    if (into->snapshots == 0) {
        *into = *part;
        return;
    }
    bool later = is_later(part, into);
    for (int basis = 0; basis < MEASURES_BASES; basis++) {
        prices_merge(&into->prices[basis], &part->prices[basis]);
        if (!later)
            continue;
        into->prices[basis].median_x2 = part->prices[basis].median_x2;
        into->prices[basis].quarter = part->prices[basis].quarter;
    }
    if (later) {
        into->tickets = part->tickets;
        into->listings = part->listings;
        into->last_ms = part->last_ms;
    }
    take_lower(&into->lowest_tickets, part->lowest_tickets);
    take_higher(&into->highest_tickets, part->highest_tickets);
    into->snapshots += part->snapshots;
}

int64_t measures_avg(const struct measures_prices *prices)
{
    return prices->count > 0 ? money_divide(prices->sum, prices->count) : MEASURES_NONE;
}

int64_t measures_median(const struct measures_prices *prices)
{
    return prices->median_x2 != MEASURES_NONE ? money_divide(prices->median_x2, 2) : MEASURES_NONE;
}

static bool prices_same(const struct measures_prices *a, const struct measures_prices *b,
                        unsigned sizes)
{
    for (int k = 0; k < MEASURES_SIZES; k++)
        if ((sizes >> k & 1) && a->group_min[k] != b->group_min[k])
            return false;
    return a->count == b->count && a->sum == b->sum && a->min == b->min && a->max == b->max &&
           a->median_x2 == b->median_x2 && a->quarter == b->quarter;
}

bool measures_same(const struct measures *a, const struct measures *b, unsigned sizes)
{
    return a->tickets == b->tickets && a->listings == b->listings &&
           a->lowest_tickets == b->lowest_tickets && a->highest_tickets == b->highest_tickets &&
           a->snapshots == b->snapshots && a->last_ms == b->last_ms &&
           prices_same(&a->prices[MEASURES_BASE], &b->prices[MEASURES_BASE], sizes) &&
           prices_same(&a->prices[MEASURES_ALL_IN], &b->prices[MEASURES_ALL_IN], sizes);
}
