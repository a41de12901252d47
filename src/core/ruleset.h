/* All rules there are: those of the config file's [alerts], and those that were added to the store. */
#ifndef CORE_RULESET_H
#define CORE_RULESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/rule.h"
#include "core/store.h"

struct ruleset_entry {
    char *name, *text;
    int line;         /* of the config file; 0: it is in the store */
    struct rule rule; /* unless broken */
    bool broken; /* `err` says why: by another tws, or under a name that the config file has too */
    struct err err;
};

struct ruleset {
    struct ruleset_entry *entries; /* the config file's first, then by name */
    size_t count, capacity;
};

/* Reads all. False only when the store fails. */
bool ruleset_load(const struct conf *conf, struct store *store, struct ruleset *set,
                  struct err *err);

/* Frees. Safe on a zeroed one. */
void ruleset_release(struct ruleset *set);
#define AUTO_RULES __attribute__((cleanup(ruleset_release)))

/* The first rule of that name; NULL when there is none. */
const struct ruleset_entry *ruleset_find(const struct ruleset *set, const char *name);

/* Adds a rule to the store. ERR_USAGE when it cannot be read, or the name is taken. */
bool ruleset_add(const struct conf *conf, struct store *store, const char *name, const char *text,
                 struct err *err);

/* Takes a rule out of the store. ERR_NOT_FOUND when it is not there; one of the config file is left to who writes that. */
bool ruleset_remove(const struct conf *conf, struct store *store, const char *name,
                    struct err *err);

#endif
