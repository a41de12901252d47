/* The outcome of a poll is data: only good ones touch listings, and none is ever mistaken for sold
 * out. */
#ifndef CORE_OUTCOME_H
#define CORE_OUTCOME_H

#include <stdbool.h>

enum outcome {
#define X(name, word, class, sentence) OUTCOME_##name,
#include "core/outcome.def"
#undef X
    OUTCOME_COUNT
};

/* The word that the store, machine output and people use: "rate_limited"; static. "unknown" for a number that is
   none. */
const char *outcome_word(enum outcome outcome);

/* One sentence for people; static. */
const char *outcome_sentence(enum outcome outcome);

/* Finds an outcome by its word; false when there is none. */
bool outcome_find(const char *word, enum outcome *outcome);

/* Whether the market was seen (ok, empty). */
bool outcome_is_good(enum outcome outcome);

/* Whether it is one of blocked, rate_limited, network: the platform did not let itself be asked. */
bool outcome_is_refusal(enum outcome outcome);

#endif
