/* What db.c (connections), db_lock.c, stmt.c (statements) and db_library.c share about SQLite; nobody else includes it. */
#ifndef IO_DB_PRIVATE_H
#define IO_DB_PRIVATE_H

#include <stdbool.h>

#include <sqlite3.h>

#include "base/err.h"
#include "io/db.h"

enum { DB_WAIT_MS = 10 * 1000 }; /* for other writers */

struct prepared {
    sqlite3_stmt *sqlite;
    bool taken;
    int bound; /* the parameter that was bound last: the next one is mostly the next in the text */
};

struct db {
    sqlite3 *sqlite;
    char *path;
    enum db_mode mode;
    bool wal;       /* opened to the end: there may be something to checkpoint */
    int lock_fd;    /* -1 in a reader */
    int lock_depth; /* db_lock() may stand around db_begin() */
    int warn_pages; /* a log as long as this is worth a warning */
    enum { IDLE, READING, WRITING } transaction;
    bool lazy;                           /* it is committed without waiting for the disk */
    struct prepared prepared[SQL_COUNT]; /* by enum sql_id; not prepared yet: NULL */
};

/* Says what the last call on this connection met: ERR_STORE with path, sentence and hint. Returns
 * false. */
bool db_fail(struct db *db, struct err *err);

/* Opens the lock's file beside a database; ERR_STORE when it cannot. */
bool db_lock_open(struct db *db, struct err *err);

/* Takes the lock if nobody else has it; it counts how often, for db_unlock(). */
bool db_lock_try(struct db *db);

/* Takes the lock, waiting for others until a moment of the monotonic clock; ERR_STORE when one of them still has it then. */
bool db_lock_until(struct db *db, int64_t deadline_ms, struct err *err);

/* Sets SQLite up, once for the process and before anything else of it: memory that dies rather than fails. */
void db_library_start(void);

#endif
