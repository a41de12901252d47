/* How rules stand, and what fired, as rows of the store. Writers need a transaction around them. */
#ifndef CORE_ALERT_DB_H
#define CORE_ALERT_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/alert.h"
#include "core/store.h"

/* How one rule stands for one event, or for all together or the store (event_id 0). */
struct alert_db_row {
    char *name, *rule;
    int64_t event_id;
    int64_t alert_id; /* the firing that holds; 0: none */
    struct alert_state state;
    bool met; /* for the caller: it is still judged */
};

struct alert_db_rows {
    struct alert_db_row *rows;
    size_t count, capacity;
};

/* Reads all. */
bool alert_db_load(struct store *store, struct alert_db_rows *rows, struct err *err);

/* Adds a row that is nothing yet; valid until the next is added. */
struct alert_db_row *alert_db_rows_add(struct alert_db_rows *rows, const char *name,
                                       const char *rule, int64_t event_id);

/* Frees. Safe on a zeroed one. */
void alert_db_rows_release(struct alert_db_rows *rows);
#define AUTO_ALERTS __attribute__((cleanup(alert_db_rows_release)))

/* Writes how a rule stands. */
bool alert_db_save(struct store *store, const struct alert_db_row *row, struct err *err);

/* Forgets it. */
bool alert_db_forget(struct store *store, const struct alert_db_row *row, struct err *err);

/* Writes a firing with the state's value, and puts its id into the row. */
bool alert_db_fire(struct store *store, struct alert_db_row *row, int64_t now_ms, struct err *err);

/* Writes the end of the firing that holds, if any; `known` says whether the state's value ended it. */
bool alert_db_clear(struct store *store, struct alert_db_row *row, bool known, int64_t now_ms,
                    struct err *err);

/* Writes that a firing is told, and a message for each way of a list with commas. */
bool alert_db_tell(struct store *store, int64_t alert_id, const char *ways, int64_t now_ms,
                   struct err *err);

/* Forgets firings from before a time with their messages, but those that hold and those with a message to be sent yet;
   `*count` says how many. Makes its own transaction. */
bool alert_db_prune(struct store *store, int64_t before_ms, int64_t *count, struct err *err);

#endif
