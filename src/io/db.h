/*
 * SQLite, wrapped once. Statements are known by the id of the .sql text they come from (sql/embed.sh makes
 * `enum sql_id` in "sql.h"), are prepared once per connection, and bind by name.
 *
 * Debian 12's SQLite has the WAL-reset race (sqlite.org/wal.html#walresetbug): every write transaction and
 * every checkpoint runs under a flock on "<path>.lock", whichever process makes it. Readers open read-only
 * and never checkpoint.
 */
#ifndef IO_DB_H
#define IO_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sql.h"

struct db;

enum db_mode {
    DB_READ,  /* the file must exist; nothing is ever written, not even a checkpoint */
    DB_WRITE, /* created when missing, with its folder; WAL, synchronous FULL */
};

/* Opens a database. NULL with ERR_STORE (missing file: ERR_NOT_FOUND; not a database, unreadable, read-only
   folder, locked: each its sentence and hint). A file made by something else than SQLite is left as it is. */
struct db *db_open(const char *path, enum db_mode mode, struct err *err);

/* Finalises the statements, checkpoints if this was a writer, and closes. NULL is fine. */
void db_close(struct db *db);

/* Closes the database that a scope holds. For AUTO_DB. */
void db_close_slot(struct db **db);
#define AUTO_DB __attribute__((cleanup(db_close_slot)))

/* Takes the store's write lock and begins (BEGIN IMMEDIATE). Waits for other writers, at most ten seconds,
   then ERR_STORE. Not nested: a second begin on one connection is a BUG. */
bool db_begin(struct db *db, struct err *err);

/* As db_begin(), for what can be made up for: the commit does not wait for the disk, so that when the power fails the last ones
   may be lost, in order, up to what db_begin() committed after them. A process that is killed loses nothing. */
bool db_begin_lazy(struct db *db, struct err *err);

/* Commits, with any checkpoint that is due, and gives the write lock back. On failure (full disk) the
   transaction has been rolled back. */
bool db_commit(struct db *db, struct err *err);

/* Rolls back and gives the write lock back; nothing when no transaction is open. */
void db_rollback(struct db *db);

/* Begins a read transaction, so that several questions see one moment; end it with db_rollback(). */
bool db_begin_read(struct db *db, struct err *err);

/* A number that changes when another connection has written (PRAGMA data_version). */
bool db_data_version(struct db *db, int64_t *version, struct err *err);

/* Forgets the pages of the file that are kept in memory: for who has read much that is not read again soon. */
void db_forget_pages(struct db *db);

/* Runs text with several statements (a migration, a maintenance pragma). Inside or outside a transaction. */
bool db_run_script(struct db *db, const char *text, struct err *err);

/* Takes the write lock without a transaction, for VACUUM and the like; db_unlock() gives it back. */
bool db_lock(struct db *db, struct err *err);

/* Gives back what db_lock() took. */
void db_unlock(struct db *db);

/* SQLite's own version, for doctor; static. */
const char *db_library_version(void);

/* A statement in use. Storage is the caller's; declare it with AUTO_STMT so that it is reset at scope end. */
struct stmt {
    void *handle; /* the prepared statement; NULL when not in use */
    struct db *db;
    bool owned; /* made from free text: finalised, not cached */
};

/* Takes the statement of an embedded .sql text, with nothing bound. The text is prepared once per connection;
   taking it again while it is in use is a BUG. */
bool db_prepare(struct db *db, enum sql_id id, struct stmt *stmt, struct err *err);

/* Prepares text that a person typed: one statement that only reads, else ERR_USAGE with SQLite's own words. */
bool db_prepare_user(struct db *db, const char *text, struct stmt *stmt, struct err *err);

/* Gives a statement back (reset, bindings cleared). Safe on an empty one. */
void stmt_release(struct stmt *stmt);
#define AUTO_STMT __attribute__((cleanup(stmt_release)))

/* Bind a named parameter (":event"). A name that the text does not have is a BUG. Text and blobs are not
   copied: they must live until the next step that ends, reset or release. */
void stmt_bind_int(struct stmt *stmt, const char *name, int64_t value);
/* Binds a double, for shares and the like; never money. */
void stmt_bind_real(struct stmt *stmt, const char *name, double value);
/* Binds a NUL-terminated string; NULL binds SQL NULL. */
void stmt_bind_text(struct stmt *stmt, const char *name, const char *text);
/* Binds bytes. */
void stmt_bind_blob(struct stmt *stmt, const char *name, const void *bytes, size_t length);
/* Binds SQL NULL, the state of every parameter before the first bind. */
void stmt_bind_null(struct stmt *stmt, const char *name);

enum step { STEP_ERROR = -1, STEP_DONE = 0, STEP_ROW = 1 };

/* Moves to the next row. After STEP_DONE the statement is reset and keeps its bindings. */
enum step stmt_step(struct stmt *stmt, struct err *err);

/* Runs a statement that returns no rows, resets it and keeps its bindings. */
bool stmt_run(struct stmt *stmt, struct err *err);

/* The columns of the row that stmt_step() stands on, from 0. */
int stmt_columns(const struct stmt *stmt);
/* A column's name; valid until release. */
const char *stmt_name(const struct stmt *stmt, int column);
/* Whether it is NULL. */
bool stmt_is_null(const struct stmt *stmt, int column);
/* Its integer; 0 for NULL. */
int64_t stmt_int(const struct stmt *stmt, int column);
/* Its double; 0 for NULL. */
double stmt_real(const struct stmt *stmt, int column);
/* Its text, NULL for NULL; valid until the next step. */
const char *stmt_text(const struct stmt *stmt, int column);
/* Its text, "" for NULL: for columns that are never NULL but in a damaged file. Valid until the next step. */
const char *stmt_string(const struct stmt *stmt, int column);
/* Its bytes and their count; valid until the next step. */
const void *stmt_blob(const struct stmt *stmt, int column, size_t *length);

enum stmt_type { STMT_NULL, STMT_INT, STMT_REAL, STMT_TEXT, STMT_BLOB };

/* The type of the value that stands in a column of this row. */
enum stmt_type stmt_type(const struct stmt *stmt, int column);

/* Row id of the last insert on this connection. */
int64_t db_last_id(struct db *db);

/* Rows changed by the last statement on this connection. */
int64_t db_changes(struct db *db);

#endif
