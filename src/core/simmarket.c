#include "core/simmarket.h"

#include <stdlib.h>

#include "base/money.h"
#include "core/simpick.h"

enum { ASK_MISLAID = 1 << 20 }; /* no question of a ticket's own */

static void add_to(struct simmarket_sum *sum, const struct simticket *ticket)
{
    bool first = sum->listings == 0;
    sum->listings++;
    sum->tickets += ticket->quantity;
    if (first || ticket->price_minor < sum->low_minor)
        sum->low_minor = ticket->price_minor;
    if (first || ticket->price_minor > sum->high_minor)
        sum->high_minor = ticket->price_minor;
    if (first || ticket->all_in_minor < sum->low_all_in_minor)
        sum->low_all_in_minor = ticket->all_in_minor;
}

static void sum_up(struct simmarket *market)
{
    size_t zones = (size_t)market->map.layout->zone_count,
           sections = (size_t)market->map.section_count;
    market->zones = arena_array(&market->arena, zones, sizeof *market->zones);
    market->sections = arena_array(&market->arena, sections, sizeof *market->sections);
    market->sum = (struct simmarket_sum){0};
    market->most_tickets = 0;
    market->flags = 0;
    for (size_t i = 0; i < market->count; i++) {
        const struct simticket *ticket = &market->tickets[i];
        add_to(&market->sum, ticket);
        market->flags |= ticket->flags;
        market->most_tickets =
            ticket->quantity > market->most_tickets ? ticket->quantity : market->most_tickets;
        if (ticket->section < 0)
            continue;
        add_to(&market->zones[ticket->zone], ticket);
        add_to(&market->sections[ticket->section], ticket);
    }
}

static int compare_prices(const void *a, const void *b)
{
    const struct simticket *x = *(struct simticket *const *)a;
    const struct simticket *y = *(struct simticket *const *)b;
    if (x->price_minor != y->price_minor)
        return x->price_minor < y->price_minor ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static int compare_all_in(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* `prices` ascending. */
static struct simmarket_prices prices_of(const int64_t *prices, size_t count)
{
    if (count == 0)
        return (struct simmarket_prices){0};
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += prices[i];
    return (struct simmarket_prices){
        .low_minor = prices[0],
        .high_minor = prices[count - 1],
        .average_minor = money_divide(sum, (int64_t)count),
        .median_minor = money_divide(prices[(count - 1) / 2] + prices[count / 2], 2),
    };
}

void simmarket_settle(struct simmarket *market)
{
    sum_up(market);
    market->order = arena_array(&market->arena, market->count, sizeof *market->order);
    int64_t *prices = arena_array(&market->arena, market->count, sizeof *prices);
    for (size_t i = 0; i < market->count; i++)
        market->order[i] = &market->tickets[i];
    qsort(market->order, market->count, sizeof *market->order, compare_prices);
    for (size_t i = 0; i < market->count; i++)
        prices[i] = market->order[i]->price_minor;
    market->base = prices_of(prices, market->count);
    if (market->all_in) {
        for (size_t i = 0; i < market->count; i++)
            prices[i] = market->order[i]->all_in_minor;
        qsort(prices, market->count, sizeof *prices, compare_all_in);
        market->with_fees = prices_of(prices, market->count);
    }
    /* the real answers are nearly sorted by price, not quite */
    for (size_t i = 0; i + 9 < market->count; i++) {
        struct simticket *ticket = market->order[i];
        if (simpick_below(ticket->key, ASK_MISLAID, 100) != 0)
            continue;
        market->order[i] = market->order[i + 9];
        market->order[i + 9] = ticket;
    }
}

void simmarket_draw(const struct simevent_world *world, const struct simevent *event, int64_t at_ms,
                    struct simmarket *market)
{
    *market = (struct simmarket){.event = *event, .at_ms = at_ms, .all_in = world->settings.all_in};
    arena_init(&market->arena, 0);
    simmap_draw(&market->map, event->layout, event->key, &market->arena);
    market->count = (size_t)simevent_stock(event, at_ms);
    market->tickets = arena_array(&market->arena, market->count, sizeof *market->tickets);
    struct simticket_scene scene = {event, &market->map, &market->arena,
                                    world->settings.churn_permille, at_ms};
    for (size_t i = 0; i < market->count; i++)
        simticket_draw(&market->tickets[i], &scene, i);
    simmarket_settle(market);
}

void simmarket_release(struct simmarket *market)
{
    arena_release(&market->arena);
    *market = (struct simmarket){0};
}
