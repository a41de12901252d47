/* What simulated events are made of: venues with the map of their zones and sections, and what
   plays there. Tables only; all texts stand in JSON as they are (no quotes, backslashes or control
   characters). */
#ifndef CORE_SIMVENUE_H
#define CORE_SIMVENUE_H

#include <stddef.h>
#include <stdint.h>

/* How the rows of a zone are named. */
enum simvenue_rows {
    SIMVENUE_NUMBERS,
    SIMVENUE_LETTERS,
    SIMVENUE_GA,
    SIMVENUE_SRO,
    SIMVENUE_SUITE
};

/* What is special about every seat of a zone. */
enum simvenue_kind {
    SIMVENUE_SEATS,
    SIMVENUE_CLUB,
    SIMVENUE_SUITES, /* sellers name the suite, the map knows one section */
    SIMVENUE_STANDING,
    SIMVENUE_LOUNGE, /* food and drink included */
    SIMVENUE_LOTS,   /* parking */
};

struct simvenue_zone {
    const char *name;   /* "" for the map's catch-all */
    const char *colour; /* "0xD95BA0" */
    int price;          /* typical, whole dollars */
    int weight;         /* share of the stock; 0: none is ever on sale */
    enum simvenue_rows rows;
    enum simvenue_kind kind;
};

/* Sections of a zone that are numbered on: "Section 101" to "Section 130". */
struct simvenue_run {
    int zone;
    const char *prefix;
    int first, count; /* first 0: one section called by the prefix alone */
};

struct simvenue_layout {
    const struct simvenue_zone *zones;
    const struct simvenue_run *runs;
    int zone_count, run_count;
};

struct simvenue {
    int id;
    const char *name, *address, *city, *state, *postal, *country;
    const char *timezone;      /* IANA, as productions name it */
    const char *listings_zone; /* as listings name it: sometimes "US/Pacific" */
    int capacity;
    const struct simvenue_layout *layout;
};

struct simvenue_performer {
    int id;
    const char *name, *slug;
};

struct simvenue_genre {
    int category, sub_category;
    const char *category_name, *sub_category_name;
    const char *name; /* productionCategory of the listings answer */
};

enum { SIMVENUE_SPORTS = 3 }; /* the category of teams */

struct simvenue_act {
    const char *name;
    const struct simvenue_performer *performers[2]; /* the second may be NULL */
    const struct simvenue_genre *genre;
    int home;          /* venue it plays at; others than teams tour from there */
    int hour, minute;  /* local time it starts */
    int price_percent; /* of the zones' typical prices */
};

/* How many venues there are. */
int simvenue_count(void);

/* How many acts there are. */
int simvenue_act_count(void);

/* A venue by index, 0 <= index < count; static. */
const struct simvenue *simvenue_at(int index);

/* An act by index, 0 <= index < count; static. */
const struct simvenue_act *simvenue_act_at(int index);

/* The map of the car parks around any venue. */
const struct simvenue_layout *simvenue_parking(void);

#endif
