/* What the service does beside polling: a table of chores, each with its interval and with a thread of its own, so that one
   which takes long holds up no other. When each was run and how that ended is in the store. */
#ifndef CORE_CHORES_H
#define CORE_CHORES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/conf.h"
#include "core/store.h"

/* A row of the table; static. */
struct chore {
    const char *name;
    int64_t every_ms;
    /* `state` is for what it remembers from one run to the next. `note` takes what it came to, for
       `tws status --service`; it may stay empty. */
    bool (*run)(struct store *store, const struct conf *conf, void *state, struct buf *note,
                struct err *err);
    bool (*wanted)(const struct conf *conf); /* NULL: always */
    size_t state_bytes;                      /* zeroed before the first run */
};

struct chores;

/* The service's table. It ends with a row without a name. */
const struct chore *chores_table(void);

/* Starts a thread for each row of a table, which must outlive them. Each reads the settings and opens the store for itself, from
   the same places, when its chore is due. Failures are warned of, and stored. */
struct chores *chores_open(const struct chore *table, const char *config_flag, const char *db_flag);

/* Waits for the chores under way, which a stop request ends early, and frees. NULL is fine. */
void chores_close(struct chores *chores);

/* Runs a chore if it is wanted and due at a time: one look of its thread. Returns when it is due again, `now_ms` when that is
   not known: for what is not wanted, and when the store failed. */
int64_t chores_look(const struct conf *conf, const struct chore *chore, void *state,
                    int64_t now_ms);

#endif
