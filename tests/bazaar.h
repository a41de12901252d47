/*
 * Random markets that behave like real ones: prices, sizes, tags, places and maps change, listings leave and come back,
 * zones are first seen late and empty out, polls are empty, repeated, fail or hold listings that cannot be read.
 * The same seed gives the same polls on every machine.
 */
#ifndef TESTS_BAZAAR_H
#define TESTS_BAZAAR_H

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "core/ingest.h"
#include "core/listing.h"
#include "core/outcome.h"
#include "io/hash.h"
#include "scratch.h"

enum {
    BAZAAR_ZONES = 7,
    BAZAAR_SECTIONS = 10,
    BAZAAR_LABELS = 13,
    BAZAAR_ITEMS = 44,
};

static const char *const bazaar_zones[BAZAAR_ZONES] = {
    "Lower", "Upper", "Club", "Floor, left", "Balcony", "Terrace", LISTING_UNMAPPED};
static const char *const bazaar_sections[BAZAAR_SECTIONS] = {
    "101", "102", "103", "201", "202", "203", "301", "302", "GA \"Pit\"", "Box"};
/* some are names of sections too */
static const char *const bazaar_labels[BAZAAR_LABELS] = {
    "101", "102",        "103", "201",     "202",     "203",      "301",
    "302", "GA \"Pit\"", "Box", "Sec 101", "Sec 102", "Upper 201"};

struct bazaar_item {
    bool live;
    int zone, section, label, row, seats, quantity;
    unsigned splits; /* bits of sizes up to the quantity; 0: inferred */
    unsigned tags;
    int64_t price, all_in;
};

struct bazaar_world {
    struct bazaar_item items[BAZAAR_ITEMS];
    int zone_order[BAZAAR_ZONES];      /* in the map; negative: not there */
    int section_zone[BAZAAR_SECTIONS]; /* in the map; negative: not there */
    int zones_open, sections_open; /* the first so many are in use: the house opens bit by bit */
};

struct bazaar_poll {
    int64_t at_ms;
    enum outcome outcome;
    struct market market; /* of good ones; settled */
    unsigned char hash[HASH_SIZE];
};

struct bazaar {
    struct bazaar_poll *polls; /* in order of time, no two at one time */
    size_t count;
};

struct bazaar_habits {
    uint64_t seed;
    size_t polls;
    int64_t start_ms, gap_ms; /* of two polls, the mean */
    unsigned reject_percent;  /* of polls with listings that cannot be read */
};

static inline uint64_t bazaar_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* 0 .. below - 1 */
static inline int bazaar_pick(uint64_t *state, int below)
{
    return (int)((bazaar_random(state) >> 20) % (uint64_t)below);
}

static inline bool bazaar_chance(uint64_t *state, int percent)
{
    return bazaar_pick(state, 100) < percent;
}

static inline void bazaar_reprice(uint64_t *state, struct bazaar_item *item)
{
    item->price = 1000 + 25 * bazaar_pick(state, 300);
    item->all_in =
        bazaar_chance(state, 60) ? item->price * 5 / 4 + bazaar_pick(state, 3) : LISTING_NO_PRICE;
}

static inline void bazaar_resize(uint64_t *state, struct bazaar_item *item)
{
    item->quantity = 1 + bazaar_pick(state, 10);
    item->splits = bazaar_chance(state, 30)
                       ? 0
                       : (unsigned)(1 + bazaar_pick(state, (1 << item->quantity) - 1));
}

static inline void bazaar_place(uint64_t *state, const struct bazaar_world *world,
                                struct bazaar_item *item)
{
    item->section = bazaar_pick(state, world->sections_open);
    int zone = world->section_zone[item->section];
    item->zone =
        zone >= 0 && bazaar_chance(state, 80) ? zone : bazaar_pick(state, world->zones_open);
    item->label = bazaar_chance(state, 60) ? item->section : bazaar_pick(state, BAZAAR_LABELS);
}

static inline void bazaar_stock(uint64_t *state, const struct bazaar_world *world,
                                struct bazaar_item *item)
{
    item->live = true;
    item->row = bazaar_pick(state, 4);
    item->seats = bazaar_pick(state, 3);
    item->tags = bazaar_chance(state, 70) ? 0 : (unsigned)bazaar_pick(state, 128);
    bazaar_place(state, world, item);
    bazaar_resize(state, item);
    bazaar_reprice(state, item);
}

static inline void bazaar_redraw_map(uint64_t *state, struct bazaar_world *world)
{
    int zone = bazaar_pick(state, world->zones_open);
    int section = bazaar_pick(state, world->sections_open);
    if (zone < BAZAAR_ZONES - 1 && bazaar_chance(state, 50))
        world->zone_order[zone] = bazaar_pick(state, 9) - 3;
    else
        world->section_zone[section] =
            bazaar_chance(state, 40) ? -1 : bazaar_pick(state, world->zones_open);
}

/* Everything in a zone is sold, or the whole house. */
static inline void bazaar_sell_out(uint64_t *state, struct bazaar_world *world, bool all)
{
    int zone = bazaar_pick(state, BAZAAR_ZONES);
    for (int i = 0; i < BAZAAR_ITEMS; i++)
        if (all || world->items[i].zone == zone)
            world->items[i].live = false;
}

static inline void bazaar_change_item(uint64_t *state, struct bazaar_world *world)
{
    struct bazaar_item *item = &world->items[bazaar_pick(state, BAZAAR_ITEMS)];
    if (!item->live) {
        if (item->quantity == 0 || bazaar_chance(state, 50))
            bazaar_stock(state, world, item);
        item->live = true; /* back as it was */
        return;
    }
    switch (bazaar_pick(state, 9)) {
    case 0:
    case 1:
    case 2:
        bazaar_reprice(state, item);
        break;
    case 3:
        bazaar_resize(state, item);
        break;
    case 4:
        item->tags ^= 1u << bazaar_pick(state, 7);
        break;
    case 5:
        bazaar_place(state, world, item);
        break;
    case 6:
        item->seats = bazaar_pick(state, 3);
        item->row = bazaar_pick(state, 4);
        break;
    default:
        item->live = false;
    }
}

static inline void bazaar_move_on(uint64_t *state, struct bazaar_world *world)
{
    int changes = bazaar_pick(state, 8);
    for (int i = 0; i < changes; i++)
        bazaar_change_item(state, world);
    while (bazaar_chance(state, 35))
        bazaar_redraw_map(state, world);
    if (bazaar_chance(state, 8) && world->zones_open < BAZAAR_ZONES)
        world->zones_open++;
    if (bazaar_chance(state, 8) && world->sections_open < BAZAAR_SECTIONS)
        world->sections_open++;
    if (bazaar_chance(state, 6))
        bazaar_sell_out(state, world, false);
    if (bazaar_chance(state, 3))
        bazaar_sell_out(state, world, true);
    if (bazaar_chance(state, 5))
        for (int i = 0; i < 15; i++)
            bazaar_change_item(state, world);
}

static inline const char *bazaar_id(struct market *market, int item)
{
    return arena_printf(&market->arena, "VB%d", 100 + 7 * item);
}

static inline void bazaar_list(struct market *market, const struct bazaar_item *item, int number)
{
    static const char *const rows[] = {"", "A", "B", "12"};
    static const char *const seats[] = {"", "7-8", "1"};
    char sizes[LISTING_SPLITS_MAX], raw[64] = "";
    size_t used = 0;
    for (int k = item->quantity; k >= 1; k--)
        if (item->splits >> (k - 1) & 1)
            used += (size_t)snprintf(raw + used, sizeof raw - used, "%s%d", used ? "," : "", k);
    if (item->splits == 0)
        listing_infer_splits(sizes, item->quantity);
    else
        listing_canonical_splits(sizes, raw);
    market->listings[market->listing_count++] = (struct listing){
        .id = bazaar_id(market, number),
        .zone = bazaar_zones[item->zone],
        .section = bazaar_sections[item->section],
        .label = bazaar_labels[item->label],
        .row = rows[item->row],
        .seats = seats[item->seats],
        .splits = arena_strdup(&market->arena, sizes),
        .quantity = item->quantity,
        .tags = item->tags,
        .splits_inferred = item->splits == 0,
        .price_minor = item->price,
        .all_in_minor = item->all_in,
    };
}

static inline void bazaar_draw_map(struct market *market, const struct bazaar_world *world)
{
    market->zones = arena_array(&market->arena, BAZAAR_ZONES, sizeof *market->zones);
    market->sections = arena_array(&market->arena, BAZAAR_SECTIONS, sizeof *market->sections);
    for (int i = 0; i < BAZAAR_ZONES - 1; i++)
        if (world->zone_order[i] >= 0)
            market->zones[market->zone_count++] =
                (struct listing_zone){bazaar_zones[i], world->zone_order[i]};
    for (int i = 0; i < BAZAAR_SECTIONS; i++)
        if (world->section_zone[i] >= 0)
            market->sections[market->section_count++] =
                (struct listing_section){bazaar_sections[i], bazaar_zones[world->section_zone[i]]};
}

/* A reject whose listing is live or not, or that has no id at all; or two listings under one id. */
static inline void bazaar_spoil(uint64_t *state, struct market *market, bool *unread,
                                const struct bazaar_world *world)
{
    int count = 1 + bazaar_pick(state, 12), stuck = bazaar_pick(state, 3);
    market->rejects = arena_array(&market->arena, (size_t)count, sizeof *market->rejects);
    for (int i = 0; i < count; i++) {
        /* the same few listings again and again, and others */
        int item = i < 3 ? 5 * stuck + i : bazaar_pick(state, BAZAAR_ITEMS);
        if (bazaar_chance(state, 20) && world->items[item].live) {
            struct bazaar_item twin = world->items[item];
            twin.price += 100;
            bazaar_list(market, &twin, item);
            continue;
        }
        bool nameless = bazaar_chance(state, 10);
        unread[item] = unread[item] || !nameless;
        market->rejects[market->reject_count++] = (struct listing_reject){
            nameless ? NULL : bazaar_id(market, item), "price 'abc' is not a number"};
    }
}

static inline void bazaar_emit(uint64_t *state, const struct bazaar_world *world, bool spoilt,
                               struct market *market)
{
    bool unread[BAZAAR_ITEMS] = {false};
    market_init(market);
    market->external_id = "1";
    market->currency = "USD";
    market->listings = arena_array(&market->arena, BAZAAR_ITEMS + 8, sizeof *market->listings);
    if (!bazaar_chance(state, 4))
        bazaar_draw_map(market, world);
    if (spoilt)
        bazaar_spoil(state, market, unread, world);
    for (int i = BAZAAR_ITEMS - 1; i >= 0; i--)
        if (world->items[i].live && !unread[i])
            bazaar_list(market, &world->items[i], i);
    market_settle(market);
}

/* The same market gives the same hash unless salted, as a body with another order of keys would. */
static inline void bazaar_hash(const struct market *market, uint64_t salt, unsigned char *hash)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 20);
    buf_printf(&text, "%llu\n", (unsigned long long)salt);
    for (size_t i = 0; i < market->zone_count; i++)
        buf_printf(&text, "%s %d\n", market->zones[i].name, market->zones[i].display_order);
    for (size_t i = 0; i < market->section_count; i++)
        buf_printf(&text, "%s %s\n", market->sections[i].name, market->sections[i].zone);
    for (size_t i = 0; i < market->listing_count; i++) {
        const struct listing *l = &market->listings[i];
        buf_printf(&text, "%s|%s|%s|%s|%s|%s|%s|%d|%u|%d|%lld|%lld\n", l->id, l->zone, l->section,
                   l->label, l->row, l->seats, l->splits, l->quantity, l->tags, l->splits_inferred,
                   (long long)l->price_minor, (long long)l->all_in_minor);
    }
    for (size_t i = 0; i < market->reject_count; i++)
        buf_printf(&text, "%s %s\n", market->rejects[i].id ? market->rejects[i].id : "",
                   market->rejects[i].reason);
    hash_bytes(hash, text.data, text.length);
}

static inline int64_t bazaar_next_time(uint64_t *state, int64_t at_ms, int64_t gap_ms)
{
    int64_t next = at_ms + 1 + bazaar_pick(state, (int)(2 * gap_ms));
    if (bazaar_chance(state, 4))
        next += bazaar_pick(state, 30) * CLOCK_HOUR_MS; /* the machine slept */
    int64_t floor = clock_floor(next, bazaar_chance(state, 30) ? CLOCK_DAY_MS : CLOCK_HOUR_MS);
    return bazaar_chance(state, 12) && floor > at_ms ? floor : next; /* on the stroke */
}

static inline void bazaar_build(uint64_t *state, struct bazaar_world *world)
{
    world->zones_open = 2;
    world->sections_open = 3;
    for (int i = 0; i < BAZAAR_ZONES; i++)
        world->zone_order[i] = i < world->zones_open && bazaar_chance(state, 70) ? i : -1;
    for (int i = 0; i < BAZAAR_SECTIONS; i++)
        world->section_zone[i] = i < world->sections_open && bazaar_chance(state, 70) ? i % 2 : -1;
}

static inline void bazaar_init(struct bazaar *bazaar, const struct bazaar_habits *habits)
{
    uint64_t state = habits->seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    struct bazaar_world world = {0}, before;
    *bazaar = (struct bazaar){.count = habits->polls};
    bazaar->polls = mem_alloc(habits->polls, sizeof *bazaar->polls);
    bazaar_build(&state, &world);
    for (int i = 0; i < BAZAAR_ITEMS / 2; i++)
        bazaar_stock(&state, &world, &world.items[i]);
    before = world;
    int64_t at_ms = habits->start_ms;
    for (size_t i = 0; i < habits->polls; i++) {
        struct bazaar_poll *poll = &bazaar->polls[i];
        *poll = (struct bazaar_poll){.at_ms = at_ms, .outcome = OUTCOME_OK};
        at_ms = bazaar_next_time(&state, at_ms, habits->gap_ms);
        if (bazaar_chance(&state, 10)) {
            poll->outcome = OUTCOME_NOT_FOUND + bazaar_pick(&state, 7);
            continue;
        }
        struct bazaar_world now = world;
        if (bazaar_chance(&state, 4))
            now = before; /* back to an older state */
        else if (bazaar_chance(&state, 75))
            bazaar_move_on(&state, &now);
        before = world;
        world = now;
        bool spoilt = bazaar_chance(&state, (int)habits->reject_percent);
        bazaar_emit(&state, &world, spoilt, &poll->market);
        if (poll->market.listing_count + poll->market.reject_count == 0)
            poll->outcome = OUTCOME_EMPTY;
        bazaar_hash(&poll->market, bazaar_chance(&state, 20) ? bazaar_random(&state) : 0,
                    poll->hash);
    }
}

static inline void bazaar_release(struct bazaar *bazaar)
{
    for (size_t i = 0; i < bazaar->count; i++)
        market_release(&bazaar->polls[i].market);
    mem_free(bazaar->polls);
}

/* Feeds one poll to a store as the collector would. */
static inline struct ingest_report bazaar_feed(struct store *store, int64_t event_id,
                                               const struct bazaar_poll *poll)
{
    struct err err = {0};
    struct ingest_report report = {0};
    if (!outcome_is_good(poll->outcome)) {
        struct store_failure failure = {poll->at_ms, poll->outcome, 12, -1, "no answer"};
        scratch_ok(store_save_failure(store, event_id, &failure, &err), &err);
        return report;
    }
    struct ingest_poll good = {poll->at_ms, poll->outcome, poll->hash, 34, 5678};
    bool repeat;
    scratch_ok(ingest_is_repeat(store, event_id, poll->at_ms, poll->hash, &repeat, &err), &err);
    bool ok = repeat ? ingest_repeat(store, event_id, &good, &report, &err)
                     : ingest_market(store, event_id, &good, &poll->market, &report, &err);
    scratch_ok(ok, &err);
    return report;
}

#endif
