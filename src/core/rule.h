/*
 * Rules in one line: `price < 150 for 2 in Floor`. What is measured, the limit, how far back, of which part of the market and
 * of which event. The table rule.def says what there is.
 */
#ifndef CORE_RULE_H
#define CORE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/measures.h"

enum rule_measure {
#define X(NAME, word, about, reach, unit, clauses, within, example, sentence) RULE_##NAME,
#include "core/rule.def"
#undef X
    RULE_MEASURES
};

enum rule_about { RULE_ABOUT_MARKET, RULE_ABOUT_POLLS, RULE_ABOUT_STORE };

/* What a measure is counted in; values are integers of it. */
enum rule_unit {
    RULE_MONEY,   /* minor units */
    RULE_PERCENT, /* millionths */
    RULE_COUNT,
    RULE_SPAN,  /* milliseconds */
    RULE_BYTES, /* 1 kB is 1000 of them */
    RULE_STATE, /* 1: it is so, 0: it is not */
};

enum rule_order { RULE_BELOW, RULE_AT_MOST, RULE_ABOVE, RULE_AT_LEAST };

/* Of whom it speaks. */
enum rule_reach {
    RULE_EACH,  /* each tracked event by itself */
    RULE_ALL,   /* all events together */
    RULE_ONE,   /* the event that it names */
    RULE_STORE, /* this machine's store */
};

enum { RULE_NAME_MAX = 201 }; /* zones, sections and events, as long as an event's name may be */
enum { RULE_TEXT_MAX = 512 }; /* a whole rule */

struct rule {
    enum rule_measure measure;
    enum rule_unit unit;
    enum rule_order order;
    int64_t
        threshold; /* in the unit; 1 for RULE_STATE; 0 for NEW_LOW, whose limit is in the data */
    int64_t within_ms; /* 0: only the last poll counts */
    int people;        /* who sit together; 0: anybody's price */
    enum measures_basis basis;
    enum rule_reach reach;
    char zone[RULE_NAME_MAX], section[RULE_NAME_MAX], event[RULE_NAME_MAX]; /* "": not said */
};

/* Reads a rule. ERR_USAGE names the character where it goes wrong ("character 9: 'abc' is no amount"), with what is allowed
   there as hint. */
bool rule_parse(const char *text, struct rule *rule, struct err *err);

/* Whether a rule may be called so: lower-case letters, digits, '-' and '_', at most 40. ERR_USAGE says what is allowed. */
bool rule_name_check(const char *name, struct err *err);

/* Whether it looks at the market, at how polls ended, or at the store's file. */
enum rule_about rule_about(const struct rule *rule);

/* Whether a value (in the rule's unit) fulfils it, with its threshold or another. */
bool rule_holds(const struct rule *rule, int64_t value, int64_t threshold);

/* Adds a value for people: "$142.00", "12.5 %", "3", "2.5 h", "1.2 GB", "yes". */
void rule_put_value(struct buf *out, enum rule_unit unit, int64_t value, const char *currency);

/* Adds a value as a JSON number: major units with two decimals, percent, a count, seconds, bytes, 1 or 0. */
void rule_put_number(struct buf *out, enum rule_unit unit, int64_t value);

/* "money", "percent", "count", "seconds", "bytes", "state"; static. */
const char *rule_unit_word(enum rule_unit unit);

/* Adds what `tws help alerts` says of the language. */
void rule_put_help(struct buf *out);

#endif
