/* What the service does beside polling: a table of chores, each with its interval, run one after the other on a thread
   of their own with a connection of their own. When each was run and how that ended is in the store. */
#ifndef CORE_CHORES_H
#define CORE_CHORES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/conf.h"
#include "core/store.h"

/* A row of the table; static. */
struct chore {
    const char *name;
    int64_t every_ms;
    /* `note` takes what it came to, for `tws status --service`; it may stay empty. */
    bool (*run)(struct store *store, const struct conf *conf, struct buf *note, struct err *err);
    bool (*wanted)(const struct conf *conf); /* NULL: always */
};

struct chores;

/* Starts the thread. It opens the store and reads the settings for itself, from the same places, each time that something
   is due. Failures are warned of, and stored. */
struct chores *chores_open(const char *config_flag, const char *db_flag);

/* Waits for the chore under way, which a stop request ends early, and frees. NULL is fine. */
void chores_close(struct chores *chores);

/* Runs what is due of a table, which ends with a row without a name, at a time: one look of the thread. */
void chores_look(struct store *store, const struct conf *conf, const struct chore *chores,
                 int64_t now_ms);

#endif
