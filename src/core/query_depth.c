/* The depth ladder: how many tickets there are up to a price, at some moments. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/ladder.h"
#include "core/query_scope.h"

/* What is on sale at one price. */
struct rung {
    int64_t price, tickets;
};

/* The rungs of one moment, ascending; one price may stand on several. */
struct depth {
    struct rung *rungs;
    size_t count;
    bool known; /* there is a snapshot */
};

static int by_price(const void *a, const void *b)
{
    int64_t left = ((const struct rung *)a)->price, right = ((const struct rung *)b)->price;
    return (left > right) - (left < right);
}

static bool depth_load(const struct query_scope *scope, int64_t moment_ms, struct depth *depth,
                       struct err *err)
{
    AUTO_REPLAY struct replay_set set = {0};
    int64_t at_ms;
    if (!query_scope_market(scope, moment_ms, &depth->known, &at_ms, &set, err))
        return false;
    depth->rungs = mem_alloc(set.count + 1, sizeof *depth->rungs);
    for (size_t i = 0; i < set.count; i++) {
        const struct replay_offer *offer = set.versions[i].offer;
        int64_t price = replay_quote(&set.versions[i]).price[scope->filter->basis];
        if (price != MEASURES_NONE && query_scope_wants(scope, offer->place->zone_id))
            depth->rungs[depth->count++] = (struct rung){price, offer->quantity};
    }
    qsort(depth->rungs, depth->count, sizeof *depth->rungs, by_price);
    return true;
}

/* All different prices, ascending; mem_alloc()ed. */
static int64_t *list_prices(const struct depth *depths, size_t count, size_t *price_count)
{
    size_t most = 1, n = 0;
    for (size_t m = 0; m < count; m++)
        most += depths[m].count;
    int64_t *prices = mem_alloc(most, sizeof *prices);
    for (size_t m = 0; m < count; m++)
        for (size_t i = 0; i < depths[m].count; i++)
            prices[n++] = depths[m].rungs[i].price;
    *price_count = ladder_distinct(prices, n);
    return prices;
}

static void fill(const struct depth *depths, size_t count, size_t most, struct frame *frame)
{
    size_t price_count, next[QUERY_DEPTH_MOMENTS_MAX] = {0};
    int64_t tickets[QUERY_DEPTH_MOMENTS_MAX] = {0};
    AUTO_FREE int64_t *prices = list_prices(depths, count, &price_count);
    size_t rows = price_count < most ? price_count : most;
    for (size_t row = 0; row < rows; row++) {
        int64_t price = prices[rows > 1 ? row * (price_count - 1) / (rows - 1) : 0];
        struct frame_cell *cells = frame_add_row(frame);
        cells[0] = frame_number(price);
        for (size_t m = 0; m < count; m++) {
            for (; next[m] < depths[m].count && depths[m].rungs[next[m]].price <= price; next[m]++)
                tickets[m] += depths[m].rungs[next[m]].tickets;
            cells[1 + m] = depths[m].known ? frame_number(tickets[m]) : frame_null();
        }
    }
}

bool query_depth(struct store *store, const struct event *event, const struct query_filter *filter,
                 const int64_t *moments, size_t count, size_t most, struct frame *frame,
                 struct err *err)
{
    static const struct frame_column columns[1 + QUERY_DEPTH_MOMENTS_MAX] = {
        {"price", FRAME_MONEY},   {"tickets_0", FRAME_INT}, {"tickets_1", FRAME_INT},
        {"tickets_2", FRAME_INT}, {"tickets_3", FRAME_INT},
    };
    if (count < 1 || count > QUERY_DEPTH_MOMENTS_MAX || most < 2)
        BUG("%zu moments in %zu rows", count, most);
    AUTO_SCOPE struct query_scope scope = {0};
    struct depth depths[QUERY_DEPTH_MOMENTS_MAX] = {0};
    *frame = (struct frame){0};
    bool ok = query_scope_open(store, event, filter, &scope, err);
    for (size_t m = 0; ok && m < count; m++)
        ok = depth_load(&scope, moments[m], &depths[m], err);
    if (ok) {
        frame_init(frame, columns, 1 + count);
        query_scope_meta(&scope, false, frame);
        fill(depths, count, most, frame);
    }
    for (size_t m = 0; m < count; m++)
        mem_free(depths[m].rungs);
    return ok;
}
