#include "core/simspoil.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"

/* A repeat at another price is dearer, so that the market that can be read is the one without
 * repeats. */
static void repeat_some(struct simmarket *market)
{
    size_t count = 0;
    struct simticket **order = arena_array(&market->arena, 2 * market->count, sizeof *order);
    for (size_t i = 0; i < market->count; i++) {
        order[count++] = market->order[i];
        if (i % 10 != 0)
            continue;
        struct simticket *again = arena_array(&market->arena, 1, sizeof *again);
        *again = *market->order[i];
        again->price_minor += i % 20 == 0 ? 0 : 100;
        order[count++] = again;
    }
    market->order = order;
    market->count = count;
}

static void reverse(struct simmarket *market)
{
    for (size_t i = 0; i < market->count / 2; i++) {
        struct simticket *ticket = market->order[i];
        market->order[i] = market->order[market->count - 1 - i];
        market->order[market->count - 1 - i] = ticket;
    }
}

static void spoil_utf8(struct simmarket *market)
{
    if (market->count > 0)
        market->order[market->count / 2]->label = "Section \xff\xfe";
}

/* Names that would clear the screen, set the title, or turn the line around. They stand escaped, as
 * JSON wants them. */
static void spoil_names(struct simmarket *market)
{
    static const char wipe[] = "\\u001b[2J\\u001b]0;owned\\u0007";
    struct simvenue_layout *layout = arena_array(&market->arena, 1, sizeof *layout);
    size_t count = (size_t)market->map.layout->zone_count;
    struct simvenue_zone *zones = arena_array(&market->arena, count, sizeof *zones);
    memcpy(zones, market->map.layout->zones, count * sizeof *zones);
    zones[0].name = arena_printf(&market->arena, "%s\\u202e%s", wipe, zones[0].name);
    *layout = *market->map.layout;
    layout->zones = zones;
    market->map.layout = layout;
    for (int i = 0; i < market->map.section_count; i += 5)
        snprintf(market->map.sections[i].name, sizeof market->map.sections[i].name,
                 "\\u009b31m\\u2066Row %d", i);
    for (size_t i = 0; i < market->count; i += 5)
        market->order[i]->label = arena_printf(&market->arena, "%s %zu", wipe, i);
    snprintf(market->event.name, sizeof market->event.name, "%s\\u202eNight", wipe);
}

static void empty(struct simmarket *market)
{
    market->count = 0;
    simmarket_settle(market);
}

static void take_next_event(struct simmarket *market)
{
    market->event.id++;
}

/* How a fault spoils a market: a change, listings that cannot be read, parts left out. */
static const struct spoiling {
    void (*change)(struct simmarket *market);
    size_t bad, of;           /* so many of so many listings */
    enum simticket_spoil way; /* SOUND: each way by turns */
    struct simlistings_form form;
} spoilings[SIMFAULT_COUNT] = {
    [SIMFAULT_EMPTYTICKETS] = {.change = empty},
    [SIMFAULT_WRONGEVENT] = {.change = take_next_event},
    [SIMFAULT_DUPLICATES] = {.change = repeat_some},
    [SIMFAULT_REORDERED] = {.change = reverse},
    [SIMFAULT_BADUTF8] = {.change = spoil_utf8},
    [SIMFAULT_ESCAPES] = {.change = spoil_names},
    [SIMFAULT_NAN] = {.bad = 1, .of = 20, .way = SIMTICKET_NAN},
    [SIMFAULT_NEGATIVE] = {.bad = 1, .of = 20, .way = SIMTICKET_NEGATIVE},
    [SIMFAULT_SOMEBAD] = {.bad = 1, .of = 10},
    [SIMFAULT_MANYBAD] = {.bad = 3, .of = 10},
    [SIMFAULT_EMPTYLIE] = {.form = {.empty_tickets = true}},
    [SIMFAULT_NOTICKETS] = {.form = {.no_tickets = true}},
    [SIMFAULT_NOGLOBAL] = {.form = {.no_global = true}},
};

/* Makes the first `bad` of every `of` listings unreadable. */
static void spoil_some(struct simmarket *market, const struct spoiling *spoiling)
{
    size_t turn = 0;
    for (size_t i = 0; i < market->count; i++) {
        if (i % spoiling->of >= spoiling->bad)
            continue;
        size_t next = 1 + turn++ % (SIMTICKET_SPOILS - 1);
        market->order[i]->spoil =
            spoiling->way != SIMTICKET_SOUND ? spoiling->way : (enum simticket_spoil)next;
    }
}

void simspoil_market(enum simfault_kind kind, struct simmarket *market,
                     struct simlistings_form *form)
{
    const struct spoiling *spoiling = &spoilings[kind];
    if (simfault_part(kind) != SIMFAULT_MARKET)
        BUG("fault '%s' does not spoil a market", simfault_word(kind));
    if (spoiling->change)
        spoiling->change(market);
    if (spoiling->bad > 0)
        spoil_some(market, spoiling);
    *form = spoiling->form;
}
