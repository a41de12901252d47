/*
 * One simulated listing, as it stands at a moment. A market is a row of slots; in each, listings
 * follow each other, and each is repriced now and then. Both moments are drawn one to a cell of a
 * regular grid, so the state of a slot at any time costs two look-ups, and over any quarter of an
 * hour the share of listings that differ is that of the settings.
 */
#ifndef CORE_SIMTICKET_H
#define CORE_SIMTICKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "core/simevent.h"
#include "core/simmap.h"

enum simticket_flag {
    SIMTICKET_OBSTRUCTED = 1,
    SIMTICKET_STANDING = 2,
    SIMTICKET_PARKING = 4,
    SIMTICKET_SUITE = 8,
    SIMTICKET_VIP = 16,
    SIMTICKET_CLUB = 32,
    SIMTICKET_FOOD = 64,
    SIMTICKET_FRONT = 128,
    SIMTICKET_ACCESSIBLE = 256, /* said in the notes alone */
    SIMTICKET_SALE = 512,
};

/* The platform's `t`. */
enum simticket_split { SIMTICKET_PAIRS, SIMTICKET_ANY, SIMTICKET_CUSTOM, SIMTICKET_NO_SINGLE };

/* Ways in which a listing cannot be read. */
enum simticket_spoil {
    SIMTICKET_SOUND,
    SIMTICKET_NAN,
    SIMTICKET_NEGATIVE,
    SIMTICKET_WORD,
    SIMTICKET_HUGE,
    SIMTICKET_NO_TICKETS,
    SIMTICKET_BAD_SPLITS,
    SIMTICKET_NO_ID,
    SIMTICKET_SPOILS,
};

enum { SIMTICKET_NO_SEAT = 0, SIMTICKET_SEAT_NA = -1 };

struct simticket {
    uint64_t key;      /* what else may be drawn about this listing */
    int64_t number;    /* digits of its id */
    const char *label; /* the section as the seller wrote it */
    int section, zone; /* -1: unmapped */
    char row[12];
    int quantity;
    int first_seat; /* or NO_SEAT, SEAT_NA */
    int64_t price_minor, all_in_minor;
    unsigned flags;
    enum simticket_split split;
    enum simticket_spoil spoil;
    bool backwards; /* the list of sizes is written backwards */
    bool fan;       /* a VF listing */
};

/* Where and when listings are drawn. */
struct simticket_scene {
    const struct simevent *event;
    const struct simmap *map;
    struct arena *arena; /* for labels */
    int churn_permille;
    int64_t at_ms; /* 0 or later */
};

/* Draws the listing in a slot. */
void simticket_draw(struct simticket *ticket, const struct simticket_scene *scene, size_t slot);

#endif
