/* Faults of the simulated marketplace as they are asked for: "429:3:retry-after=5",
 * "blocked@7000002", "slow:every=5:ms=800". */
#ifndef CORE_SIMFAULT_H
#define CORE_SIMFAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum simfault_kind {
#define X(name, word, part, sentence) SIMFAULT_##name,
#include "core/simfault.def"
#undef X
    SIMFAULT_COUNT
};

enum simfault_part { SIMFAULT_ANSWER, SIMFAULT_MARKET, SIMFAULT_TRANSPORT };

/* What a request is for. */
enum simfault_on { SIMFAULT_ON_LISTINGS = 1, SIMFAULT_ON_PRODUCTIONS = 2, SIMFAULT_ON_ALL = 3 };

struct simfault {
    enum simfault_kind kind;
    enum simfault_on on;
    int64_t external_id; /* 0: any event */
    int64_t left;        /* requests it still strikes; negative: all */
    int64_t every, seen; /* strikes each `every`-th of the requests it has seen */
    int64_t ms, bytes_s;
    int64_t after;        /* bytes; negative: half of the body */
    int64_t retry_date_s; /* negative: no Retry-After as a date */
    char retry_after[40]; /* Retry-After as it is sent; "" for none */
    bool plain;           /* never packed, whatever the client accepts */
};

/* Reads NAME[@EVENT][:COUNT][:KEY=VALUE...] with the keys every, ms, bytes, after, retry-after,
   retry-date, plain=1 and on=listings|productions|all (listings). ERR_USAGE lists the faults, or
   the keys, there are. */
bool simfault_parse(const char *text, struct simfault *fault, struct err *err);

/* Counts a request that is for an event (0: for none alone) and says whether the fault strikes it.
 */
bool simfault_strikes(struct simfault *fault, enum simfault_on on, int64_t external_id);

/* The word of a fault, as it is asked for; static. */
const char *simfault_word(enum simfault_kind kind);

/* What a fault spoils. */
enum simfault_part simfault_part(enum simfault_kind kind);

/* The sentence of a fault for help; static. */
const char *simfault_sentence(enum simfault_kind kind);

#endif
