/* The table of measures, for the parts of rule.h. */
#ifndef CORE_RULE_PRIVATE_H
#define CORE_RULE_PRIVATE_H

#include "core/rule.h"

/* What may follow a measure, as bits. */
enum rule_clause {
    RULE_PEOPLE = 1, /* K, directly behind the word */
    RULE_FOR = 2,
    RULE_ALL_IN = 4,
    RULE_WITHIN = 8,
    RULE_PLACE = 16, /* in ZONE, section NAME */
    RULE_AT = 32,
    RULE_BARE = 64, /* no comparison and limit */
};

/* A row of rule.def. */
struct rule_form {
    const char *word, *example, *sentence;
    enum rule_about about;
    enum rule_reach reach;
    enum rule_unit unit;
    unsigned clauses;
    int64_t within_ms;
};

/* By enum rule_measure. */
extern const struct rule_form rule_forms[RULE_MEASURES];

/* Units of sizes, the smallest first, "" at the end; each a multiple of 100 bytes. */
extern const struct rule_size {
    char word[4];
    int64_t bytes;
} rule_sizes[];

#endif
