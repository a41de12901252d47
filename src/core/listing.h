/*
 * What a platform adapter makes of one answer: a market, that is the offers of one event at one
 * moment, with the map of zones and sections they lie in. Plain data on an arrow; all texts live in
 * the market's arena and have been made safe to print.
 */
#ifndef CORE_LISTING_H
#define CORE_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum listing_tag {
#define X(name, bit, word, sentence) LISTING_##name = 1 << (bit),
#include "core/tag.def"
#undef X
};

/* The word of a single tag bit; static. */
const char *listing_tag_word(unsigned tag);

/* Finds a tag by its word; 0 when there is none. */
unsigned listing_tag_find(const char *word);

/* Caps on what is believed from a platform, each well above the largest seen. */
enum {
    LISTING_MAX = 100000,     /* listings of one event; seen 1,046, some finals have 10,000 */
    LISTING_NAME_MAX = 121,   /* bytes of a section, zone or row name; seen 46 */
    LISTING_ID_MAX = 65,      /* bytes of a listing id; seen 13 */
    LISTING_SPLITS_MAX = 256, /* bytes of a canonical list of sizes; seen 20 */
    LISTING_QUANTITY_MAX = 1000,
    LISTING_REJECT_PERCENT = 20, /* more unreadable listings than this make the poll bad_payload */
};

#define LISTING_NO_PRICE INT64_C(-1) /* an all-in price that the platform does not say */
#define LISTING_UNMAPPED "Unmapped"  /* the zone of a listing that is in none */

struct listing {
    const char *id;       /* the platform's own, unique in the market */
    const char *zone;     /* name; LISTING_UNMAPPED when in none */
    const char *section;  /* the map's name, else the label */
    const char *label;    /* the section as the seller wrote it */
    const char *row;      /* "" when not said */
    const char *seats;    /* "7-8", "7", or "" when not said */
    const char *splits;   /* sizes it may be bought in, ascending, "1,2,4" */
    int quantity;         /* tickets, 1 or more */
    unsigned tags;        /* enum listing_tag bits */
    bool splits_inferred; /* the platform gave no sizes: k if k = q or q - k >= 2 */
    int64_t price_minor;  /* base, a ticket */
    int64_t all_in_minor; /* all-in, a ticket; LISTING_NO_PRICE when not said */
};

struct listing_zone {
    const char *name;
    int display_order; /* as the platform lists them, from 0 */
};

struct listing_section {
    const char *name;
    const char *zone; /* name of its zone, LISTING_UNMAPPED when in none */
};

/* A listing that could not be read. */
struct listing_reject {
    const char *id;     /* NULL when not even that could be read */
    const char *reason; /* "price 'abc' is not a number" */
};

struct market {
    struct arena arena;
    const char *external_id; /* the event that the answer says it is about */
    const char *name;        /* event and venue as the answer names them; NULL when it does not */
    const char *venue;
    const char *timezone;     /* IANA or legacy name; NULL when not said */
    const char *currency;     /* "USD" */
    struct listing *listings; /* sorted by id (strcmp), ids unique */
    size_t listing_count;
    struct listing_zone *zones; /* those of the map, empty ones too; Unmapped is not among them */
    size_t zone_count;
    struct listing_section *sections; /* those of the map, empty ones too */
    size_t section_count;
    struct listing_reject *rejects;
    size_t reject_count;
};

/* Makes an empty market. */
void market_init(struct market *market);

/* Frees everything. Safe on a zeroed one. */
void market_release(struct market *market);
#define AUTO_MARKET __attribute__((cleanup(market_release)))

/* Sorts the listings by id and moves further ones under an id that is there already to the rejects
   (of two different ones under one id the smaller in all fields stays, so that the order in the
   answer does not matter; identical repeats are dropped without a reject). */
void market_settle(struct market *market);

/* Whether at most LISTING_REJECT_PERCENT of a settled market's listings could not be read. False
   with ERR_EVENT that gives their number and the commonest reason. */
bool market_is_believable(const struct market *market, struct err *err);

/* Puts a list of sizes such as "4,2" into ascending canonical form "2,4" without repeats; false
   when it is no list of numbers from 1 to LISTING_QUANTITY_MAX. `out` has LISTING_SPLITS_MAX bytes.
 */
bool listing_canonical_splits(char *out, const char *sizes);

/* Writes the sizes that are inferred for a quantity where the platform gives none. */
void listing_infer_splits(char *out, int quantity);

/* The sizes 1..8 of a canonical list as bits 0..7. */
unsigned listing_size_mask(const char *splits);

/* Reads sizes as people type them, "2" or "2,4", each from 1 to 8, as bits 0..7. ERR_USAGE. */
bool listing_read_sizes(const char *typed, unsigned *sizes, struct err *err);

#endif
