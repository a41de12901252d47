#include "core/simticket.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "core/simpick.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))

/* What is asked about a key. */
enum question {
    ASK_REPRICING,
    ASK_MAPPED,
    ASK_SECTION,
    ASK_LABEL,
    ASK_ROW,
    ASK_QUANTITY,
    ASK_SPLIT,
    ASK_PART,
    ASK_SEAT,
    ASK_FAN,
    ASK_VIEW,
    ASK_EXTRAS,
    ASK_PRICE,
    ASK_CENTS,
    ASK_DREAMER,
    ASK_FEES,
    ASK_NUMBERED, /* the n-th listing or price of something: numbered on from here */
};

/* What is known of all listings of a market before any is drawn. */
struct rates {
    int64_t life_ms,
        reprice_ms; /* mean time between replacements, between price changes; 0: never */
};

/* Of the listings that differ after 15 minutes a fifth is replaced, the rest is repriced. */
static struct rates rates_of(int churn_permille)
{
    if (churn_permille <= 0)
        return (struct rates){0};
    return (struct rates){
        .life_ms = 15 * CLOCK_MINUTE_MS * 5000 / churn_permille,
        .reprice_ms = 15 * CLOCK_MINUTE_MS * 1250 / churn_permille,
    };
}

/* Different for all listings that can be met together: a one-to-one shuffle of (generation, slot).
 */
static int64_t listing_number(int64_t generation, size_t slot, bool fan)
{
    uint64_t n = (uint64_t)generation * 131072 + slot;
    const uint64_t fans = 9000000, brokers = UINT64_C(90000000000);
    if (fan)
        return (int64_t)(1000000 + n % fans * 7654321 % fans);
    return (int64_t)(10000000000 + n % brokers * 98765431 % brokers);
}

/* As sellers offer them: pairs first, then fours. */
static int draw_quantity(uint64_t key)
{
    static const struct {
        int below, quantity;
    } table[] = {
        {103, 1}, {595, 2}, {631, 3}, {910, 4},  {919, 5},
        {980, 6}, {982, 7}, {990, 8}, {995, 10}, {998, 12},
    };
    int roll = simpick_below(key, ASK_QUANTITY, 1000);
    for (int i = 0; i < LENGTH(table); i++) {
        if (roll < table[i].below)
            return table[i].quantity;
    }
    return roll % 2 ? 11 : 16;
}

static void draw_split(struct simticket *ticket)
{
    int roll = simpick_below(ticket->key, ASK_SPLIT, 100);
    if (roll < 38 && ticket->quantity % 2 == 0)
        ticket->split = SIMTICKET_PAIRS;
    else if (roll < 50)
        ticket->split = SIMTICKET_ANY;
    else if (roll < 66)
        ticket->split = SIMTICKET_CUSTOM;
    else
        ticket->split = SIMTICKET_NO_SINGLE;
    ticket->backwards = simpick_below(ticket->key, ASK_PART, 20) == 0;
}

/* Once in the life of some listings a buyer takes a part of it. */
static void sell_part(struct simticket *ticket, const struct simpick_span *life, int64_t at_ms)
{
    uint64_t key = simpick_bits(ticket->key, ASK_PART);
    bool divides = ticket->quantity >= 3 && ticket->split != SIMTICKET_CUSTOM;
    if (!divides || life->to_ms == INT64_MAX || simpick_below(key, 0, 5) != 0)
        return;
    int64_t into_ms = (int64_t)(simpick_share(key, 1) * (double)(life->to_ms - life->from_ms));
    if (at_ms < life->from_ms + into_ms)
        return;
    /* a rest of one would be left of three by two, of any other number by all but one */
    bool one = ticket->split == SIMTICKET_ANY ||
               (ticket->split == SIMTICKET_NO_SINGLE && ticket->quantity == 3);
    ticket->quantity -= one ? 1 : 2;
}

static void draw_row(struct simticket *ticket, enum simvenue_rows rows, int *depth)
{
    static const char *const suites[] = {"1", "2", "SUITE", "BRS", "PACKAGE", "3"};
    uint64_t bits = simpick_bits(ticket->key, ASK_ROW);
    int letter = (int)(bits % 34);
    *depth = 0;
    switch (rows) {
    case SIMVENUE_NUMBERS:
        *depth = (int)(bits % 38);
        snprintf(ticket->row, sizeof ticket->row, bits >> 32 & 31 ? "%d" : "%dA", *depth + 1);
        return;
    case SIMVENUE_LETTERS: /* A to Z, then AA to HH */
        *depth = letter;
        ticket->row[0] = ticket->row[1] = (char)('A' + letter % 26);
        ticket->row[letter < 26 ? 1 : 2] = '\0';
        return;
    case SIMVENUE_GA:
        memcpy(ticket->row, "GA", sizeof "GA");
        return;
    case SIMVENUE_SRO:
        memcpy(ticket->row, "SRO", sizeof "SRO");
        return;
    case SIMVENUE_SUITE:
        snprintf(ticket->row, sizeof ticket->row, "%s", suites[bits % LENGTH(suites)]);
        return;
    }
}

/* Many sellers do not say the seats, some say nonsense. */
static void draw_seat(struct simticket *ticket, bool numbered)
{
    int roll = simpick_below(ticket->key, ASK_SEAT, 1000);
    if (!numbered || roll < 230)
        ticket->first_seat = SIMTICKET_NO_SEAT;
    else if (roll < 265)
        ticket->first_seat = SIMTICKET_SEAT_NA;
    else if (roll < 312)
        ticket->first_seat = 9001;
    else
        ticket->first_seat = 1 + 2 * (roll % 10);
}

static unsigned kind_flags(enum simvenue_kind kind, uint64_t roll)
{
    switch (kind) {
    case SIMVENUE_SEATS:
        return 0;
    case SIMVENUE_CLUB:
        return SIMTICKET_CLUB | (roll % 5 == 0 ? SIMTICKET_VIP : 0);
    case SIMVENUE_SUITES:
        return SIMTICKET_SUITE | (roll % 3 == 0 ? SIMTICKET_STANDING : SIMTICKET_VIP);
    case SIMVENUE_STANDING:
        return SIMTICKET_STANDING;
    case SIMVENUE_LOUNGE:
        return SIMTICKET_FOOD | (roll % 4 == 0 ? SIMTICKET_VIP : 0);
    case SIMVENUE_LOTS:
        return SIMTICKET_PARKING;
    }
    return 0;
}

static unsigned draw_flags(const struct simticket *ticket, enum simvenue_kind kind, int depth)
{
    unsigned flags = kind_flags(kind, simpick_bits(ticket->key, ASK_EXTRAS) >> 32);
    int roll = simpick_below(ticket->key, ASK_VIEW, 1000);
    if (kind == SIMVENUE_SEATS) {
        flags |= roll < 86 ? SIMTICKET_OBSTRUCTED : 0;
        flags |= roll >= 86 && roll < 94 ? SIMTICKET_ACCESSIBLE : 0;
        flags |= roll >= 94 && roll < 98 ? SIMTICKET_VIP : 0;
        flags |= depth == 0 ? SIMTICKET_FRONT : 0;
    }
    return flags | (roll >= 992 ? SIMTICKET_SALE : 0);
}

/* Sellers of no zone: their section is not on the map. */
static void place_unmapped(struct simticket *ticket)
{
    static const struct {
        const char *label, *row;
    } places[] = {
        {"EL14", "2"},
        {"B6", "15"},
        {"Lower Level 134 GA - Dirty Bird's Nest", "GA"},
        {"Lottery Box", "1"},
        {"WL9", "18 PE.."},
        {"Legends club pass", "PASS.."},
        {"Charlotte Suite", "3"},
    };
    int which = simpick_below(ticket->key, ASK_LABEL, LENGTH(places));
    ticket->label = places[which].label;
    snprintf(ticket->row, sizeof ticket->row, "%s", places[which].row);
    ticket->section = ticket->zone = -1;
}

/* Suites go by the names of sellers. */
static const char *suite_label(const struct simticket_scene *scene, uint64_t key)
{
    static const char *const wings[] = {"W20", "E10", "EL", "WL"};
    int number = simpick_below(key, ASK_LABEL, 60);
    return arena_printf(scene->arena, "%s%02d", wings[number % LENGTH(wings)], number);
}

/* Sets where a listing lies; returns its typical price in dollars. */
static double place_ticket(const struct simticket_scene *scene, struct simticket *ticket)
{
    if (simpick_below(ticket->key, ASK_MAPPED, 170) == 0) {
        place_unmapped(ticket);
        return scene->map->layout->zones[0].price / 2.0;
    }
    ticket->section = simmap_pick(scene->map, simpick_share(ticket->key, ASK_SECTION));
    const struct simmap_section *section = &scene->map->sections[ticket->section];
    const struct simvenue_zone *zone = &scene->map->layout->zones[section->zone];
    int depth;
    ticket->zone = section->zone;
    ticket->label = zone->kind == SIMVENUE_SUITES ? suite_label(scene, ticket->key) : section->name;
    draw_row(ticket, zone->rows, &depth);
    draw_seat(ticket, zone->rows == SIMVENUE_NUMBERS || zone->rows == SIMVENUE_LETTERS);
    ticket->flags = draw_flags(ticket, zone->kind, depth);
    return zone->price * section->dearness * (1.12 - 0.006 * depth);
}

/* Log-normal around the typical price, with a few who dream. */
static double asked_price(const struct simticket_scene *scene, const struct simticket *ticket,
                          double typical)
{
    double sigma = ticket->flags & SIMTICKET_SUITE ? 0.6 : 0.3;
    double price = typical * exp(sigma * simpick_normal(ticket->key, ASK_PRICE));
    price *= scene->event->act->price_percent / 100.0;
    price *= ticket->flags & SIMTICKET_OBSTRUCTED ? 0.82 : 1;
    price *= ticket->quantity == 1 ? 0.93 : 1;
    if (simpick_below(ticket->key, ASK_DREAMER, 300) == 0)
        price *= 4 + 16 * simpick_share(ticket->key, ASK_DREAMER);
    return price;
}

/* Whole dollars, odd and even by turns, so that a new price is never the old one; some sellers ask
 * for cents. */
static int64_t price_minor(const struct simticket *ticket, double price, int64_t turn)
{
    static const int cents[] = {50, 55, 99, 10, 95, 25, 60, 20};
    double noise = 0.94 + 0.12 * simpick_share(ticket->key, ASK_NUMBERED + (uint64_t)turn);
    int64_t dollars = (int64_t)(price * noise / 2) * 2;
    dollars = dollars < 8 ? 8 : dollars > 60000 ? 60000 : dollars;
    int roll = simpick_below(ticket->key, ASK_CENTS, 80);
    return (dollars + (turn & 1)) * 100 + (roll < LENGTH(cents) ? cents[roll] : 0);
}

/* Brokers' fees come to whole dollars at about 35 %, fans' are a fifth to the cent. */
static int64_t all_in_minor(const struct simticket *ticket)
{
    if (ticket->fan)
        return money_divide(ticket->price_minor * 6, 5);
    int roll = simpick_below(ticket->key, ASK_FEES, 400);
    int permille = roll < 40 ? 1340 + 2 * roll : 1347 + roll % 4;
    return money_divide(ticket->price_minor * permille, 100000) * 100;
}

void simticket_draw(struct simticket *ticket, const struct simticket_scene *scene, size_t slot)
{
    const struct rates rates = rates_of(scene->churn_permille);
    uint64_t key = simpick_bits(scene->event->key, ASK_NUMBERED + slot);
    uint64_t tag_key = simpick_bits(key, ASK_REPRICING);
    struct simpick_span life = simpick_span_at(key, rates.life_ms, scene->at_ms);
    struct simpick_span tag = simpick_span_at(tag_key, rates.reprice_ms, scene->at_ms);

    *ticket = (struct simticket){.key = simpick_bits(key, ASK_NUMBERED + (uint64_t)life.index)};
    ticket->fan = simpick_below(ticket->key, ASK_FAN, 90) == 0;
    ticket->number = listing_number(life.index, slot, ticket->fan);
    ticket->quantity = draw_quantity(ticket->key);
    draw_split(ticket);
    double price = asked_price(scene, ticket, place_ticket(scene, ticket));
    /* a listing is priced when it appears, and again whenever its seller looks */
    int64_t priced_ms = tag.from_ms > life.from_ms ? tag.from_ms : life.from_ms;
    ticket->price_minor =
        price_minor(ticket, price * simevent_mood(scene->event, priced_ms), tag.index);
    ticket->all_in_minor = all_in_minor(ticket);
    sell_part(ticket, &life, scene->at_ms);
}
