/*
 * The local store: opening and migrating it, and row-level reads and writes of events and snapshots. Listings go
 * in through ingest, numbers come out through query. No other layer sees the database behind it.
 */
#ifndef CORE_STORE_H
#define CORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/event.h"
#include "core/outcome.h"

struct db;
struct store;
struct tape;

/* Opens the store for writing: creates it when missing and applies the migrations that it lacks, each in one
   transaction with its checksum. A store with a newer schema, or a migration whose text is not the one that was
   applied, is refused politely (ERR_STORE). */
struct store *store_open(const char *path, struct err *err);

/* Opens it for reading only. ERR_NOT_FOUND with a hint when there is none yet; ERR_STORE when its schema is not
   this binary's (an older one asks to run a command that writes). */
struct store *store_open_readonly(const char *path, struct err *err);

/* Closes. NULL is fine. */
void store_close(struct store *store);
void store_close_slot(struct store **store);
#define AUTO_STORE __attribute__((cleanup(store_close_slot)))

/* The database, for the modules of this folder. */
struct db *store_db(struct store *store);

/* A number that changes when another connection has written. */
bool store_changes(struct store *store, int64_t *version, struct err *err);

/* Whether it was opened for reading only. */
bool store_is_readonly(const struct store *store);

/* Where core/tape.h keeps the last tape of this store, NULL when there is none; it is closed with the store. */
struct tape **store_tape(struct store *store);

/* Path, this binary's schema version, and the one of the file. */
const char *store_path(const struct store *store);
int store_schema_version(void);

/* Finds an event. False with ERR_NOT_FOUND, or ERR_STORE. */
bool store_find_event(struct store *store, const char *platform, const char *external_id,
                      struct event *event, struct err *err);

/* The event of a row. False with ERR_NOT_FOUND, or ERR_STORE. */
bool store_event_at(struct store *store, int64_t event_id, struct event *event, struct err *err);

/* Inserts an event, or updates everything but id and state of the one that is there; sets event->id. Empty texts
   and an unknown date do not overwrite what is known unless `event->pending` is false and the text is known. The currency stands once
   prices are stored.
   Needs no transaction around it (makes its own). */
bool store_save_event(struct store *store, struct event *event, struct err *err);

/* Changes whether an event is followed. */
bool store_set_state(struct store *store, int64_t event_id, enum event_state state,
                     struct err *err);

/* Reads events in order of date, name, id: tracked ones, or all. *events is mem_alloc()ed. */
bool store_events(struct store *store, bool all, struct event **events, size_t *count,
                  struct err *err);

/* A poll that was not good: what is recorded of it. */
struct store_failure {
    int64_t at_ms;
    enum outcome outcome;
    int64_t took_ms, bytes; /* negative: not known */
    const char *reason;
};

/* Records a poll that was not good: one row, listings untouched. When the event has a snapshot at that time
   already, nothing changes. */
bool store_save_failure(struct store *store, int64_t event_id, const struct store_failure *failure,
                        struct err *err);

#endif
