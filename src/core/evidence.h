/*
 * What a rule is judged by: the market or the polls as a series, and what a rule reads from it at a moment. Loading asks the query
 * module; reading is pure, so that what is watched now and what is replayed cannot differ.
 */
#ifndef CORE_EVIDENCE_H
#define CORE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/event.h"
#include "core/outcome.h"
#include "core/rule.h"
#include "core/store.h"

/* A good poll with what a market rule looks at, or any poll with how it went. */
struct evidence_sample {
    int64_t at_ms;
    int64_t price;   /* a ticket, for the rule's people; MEASURES_NONE: no such offer */
    int64_t tickets; /* on sale */
    int64_t largest; /* group that can still buy together; 0: nobody */
    enum outcome outcome;
    int64_t took_ms; /* negative: not known */
};

struct evidence {
    struct evidence_sample *samples; /* in order of time */
    size_t count, capacity;
};

/* What a rule reads at a moment. */
struct reading {
    bool known;        /* there is a value: no poll or no such offer gives none */
    bool holds;        /* the value is past the threshold; false when not known */
    int64_t at_ms;     /* of the poll that says so; negative: there is none */
    int64_t value;     /* in the rule's unit */
    int64_t threshold; /* the rule's, or for a new low the lowest price before */
};

/* Loads what readings in [from_ms, to_ms) need, what lies before the window included. `event` NULL: all together. ERR_NOT_FOUND
   when the event has no such zone or section. */
bool evidence_load(struct store *store, const struct rule *rule, const struct event *event,
                   int64_t from_ms, int64_t to_ms, struct evidence *evidence, struct err *err);

/* What a rule about the market or polls reads at a moment from what was loaded. */
struct reading evidence_read(const struct evidence *evidence, const struct rule *rule,
                             int64_t at_ms);

/* What any rule reads now, loading no more than it needs. `conf` says whether there is a team whose database can lag. */
bool evidence_now(struct store *store, const struct conf *conf, const struct rule *rule,
                  const struct event *event, int64_t now_ms, struct reading *reading,
                  struct err *err);

/* Frees. Safe on a zeroed one. */
void evidence_release(struct evidence *evidence);
#define AUTO_EVIDENCE __attribute__((cleanup(evidence_release)))

#endif
