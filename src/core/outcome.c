#include "core/outcome.h"

#include <stddef.h>
#include <string.h>

enum outcome_class { GOOD, GONE, REFUSED, FAILED };

static const struct {
    const char *word;
    enum outcome_class class;
    const char *sentence;
} outcomes[OUTCOME_COUNT] = {
#define X(name, word, class, sentence) [OUTCOME_##name] = {word, class, sentence},
#include "core/outcome.def"
#undef X
};

const char *outcome_word(enum outcome outcome)
{
    /* a damaged store may say anything */
    return (unsigned)outcome < OUTCOME_COUNT ? outcomes[outcome].word : "unknown";
}

const char *outcome_sentence(enum outcome outcome)
{
    return outcomes[outcome].sentence;
}

bool outcome_find(const char *word, enum outcome *outcome)
{
    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        if (strcmp(outcomes[i].word, word) == 0) {
            *outcome = (enum outcome)i;
            return true;
        }
    }
    return false;
}

bool outcome_is_good(enum outcome outcome)
{
    return outcomes[outcome].class == GOOD;
}

bool outcome_is_refusal(enum outcome outcome)
{
    return outcomes[outcome].class == REFUSED;
}
