#include "io/db.h"

#include <string.h>

#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "io/db_private.h"

enum { STOP_OPS = 100 * 1000 }; /* SQLite's own steps between two looks at the stop flag */

/* ---- taking and giving back ---- */

bool db_prepare(struct db *db, enum sql_id id, struct stmt *stmt, struct err *err)
{
    struct prepared *prepared = &db->prepared[id];

    if (prepared->taken)
        BUG("query '%s' is in use already", sql_name(id));
    if (prepared->sqlite == NULL &&
        sqlite3_prepare_v3(db->sqlite, sql_text(id), -1, SQLITE_PREPARE_PERSISTENT,
                           &prepared->sqlite, NULL) != SQLITE_OK) {
        db_fail(db, err);
        return err_wrap(err, "query '%s'", sql_name(id));
    }
    prepared->taken = true;
    *stmt = (struct stmt){.handle = prepared, .db = db};
    return true;
}

/* Pragmas that tell about tables, with whatever argument. */
static bool is_asking_pragma(const char *name)
{
    static const char *const names[] = {
        "table_info", "table_xinfo", "table_list",       "index_list",
        "index_info", "index_xinfo", "foreign_key_list",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_same_folded(names[i], name))
            return true;
    return false;
}

static int allow_reading(void *context, int action, const char *first, const char *second,
                         const char *schema, const char *trigger)
{
    bool allowed = false;

    (void)context, (void)schema, (void)trigger;
    if (action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE)
        allowed = true;
    else if (action == SQLITE_FUNCTION)
        allowed = !text_same_folded(second, "load_extension");
    else if (action == SQLITE_PRAGMA)
        allowed = is_asking_pragma(first);
    else if (action ==
             SQLITE_UPDATE) /* asked when json_each() is declared; a real one is not read-only */
        allowed = text_same_folded(first, "sqlite_master");
    return allowed ? SQLITE_OK : SQLITE_DENY;
}

static bool refuse(struct err *err, const char *why)
{
    err_set(err, ERR_USAGE, "%s", why);
    return err_hint(err,
                    "one statement that only reads is run here: SELECT, WITH, VALUES, EXPLAIN");
}

/* Whether nothing but blanks, semicolons and comments is left. */
static bool is_over(sqlite3 *sqlite, const char *text)
{
    sqlite3_stmt *next = NULL;
    bool over = sqlite3_prepare_v2(sqlite, text, -1, &next, NULL) == SQLITE_OK && next == NULL;

    sqlite3_finalize(next);
    return over;
}

static bool prepare_reading(sqlite3 *sqlite, const char *text, sqlite3_stmt **made, struct err *err)
{
    const char *tail = "";

    if (sqlite3_prepare_v2(sqlite, text, -1, made, &tail) != SQLITE_OK)
        return refuse(err, sqlite3_errmsg(sqlite));
    if (*made == NULL)
        return refuse(err, "there is no statement");
    if (!is_over(sqlite, tail))
        return refuse(err, "there is more than one statement");
    if (!sqlite3_stmt_readonly(*made))
        return refuse(err, "the statement writes");
    return true;
}

static int asked_to_stop(void *context)
{
    (void)context;
    return stop_requested();
}

bool db_prepare_user(struct db *db, const char *text, struct stmt *stmt, struct err *err)
{
    sqlite3_stmt *made = NULL;

    sqlite3_set_authorizer(db->sqlite, allow_reading, NULL);
    bool ok = prepare_reading(db->sqlite, text, &made, err);
    sqlite3_set_authorizer(db->sqlite, NULL, NULL);
    if (!ok) {
        sqlite3_finalize(made);
        return false;
    }
    /* What a person types may run for ever. */
    sqlite3_progress_handler(db->sqlite, STOP_OPS, asked_to_stop, NULL);
    struct prepared *prepared = mem_alloc(1, sizeof *prepared);
    prepared->sqlite = made;
    *stmt = (struct stmt){.handle = prepared, .db = db, .owned = true};
    return true;
}

static sqlite3_stmt *sqlite_of(const struct stmt *stmt)
{
    const struct prepared *prepared = stmt->handle;

    if (prepared == NULL)
        BUG("a statement is used that was not prepared");
    return prepared->sqlite;
}

void stmt_release(struct stmt *stmt)
{
    struct prepared *prepared = stmt->handle;

    if (prepared == NULL)
        return;
    if (stmt->owned) {
        sqlite3_progress_handler(stmt->db->sqlite, 0, NULL, NULL);
        sqlite3_finalize(prepared->sqlite);
        mem_free(prepared);
    } else {
        sqlite3_reset(prepared->sqlite);
        sqlite3_clear_bindings(prepared->sqlite);
        prepared->taken = false;
    }
    *stmt = (struct stmt){0};
}

/* ---- binding ---- */

static int place_of(const struct stmt *stmt, const char *name)
{
    sqlite3_stmt *sqlite = sqlite_of(stmt);
    struct prepared *prepared = stmt->handle;
    const char *next = sqlite3_bind_parameter_name(sqlite, prepared->bound + 1);
    bool is_next = next != NULL && strcmp(next, name) == 0;

    prepared->bound = is_next ? prepared->bound + 1 : sqlite3_bind_parameter_index(sqlite, name);
    if (prepared->bound == 0)
        BUG("no parameter '%s' in: %s", name, sqlite3_sql(sqlite));
    return prepared->bound;
}

static void expect_bound(const struct stmt *stmt, const char *name, int code)
{
    if (code != SQLITE_OK)
        BUG("cannot bind '%s': %s", name, sqlite3_errmsg(stmt->db->sqlite));
}

void stmt_bind_int(struct stmt *stmt, const char *name, int64_t value)
{
    expect_bound(stmt, name, sqlite3_bind_int64(sqlite_of(stmt), place_of(stmt, name), value));
}

void stmt_bind_real(struct stmt *stmt, const char *name, double value)
{
    expect_bound(stmt, name, sqlite3_bind_double(sqlite_of(stmt), place_of(stmt, name), value));
}

void stmt_bind_text(struct stmt *stmt, const char *name, const char *text)
{
    expect_bound(stmt, name,
                 sqlite3_bind_text64(sqlite_of(stmt), place_of(stmt, name), text,
                                     text != NULL ? strlen(text) : 0, SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_bind_blob(struct stmt *stmt, const char *name, const void *bytes, size_t length)
{
    /* No bytes are an empty blob, not NULL. */
    expect_bound(stmt, name,
                 sqlite3_bind_blob64(sqlite_of(stmt), place_of(stmt, name), length > 0 ? bytes : "",
                                     length, SQLITE_STATIC));
}

void stmt_bind_null(struct stmt *stmt, const char *name)
{
    expect_bound(stmt, name, sqlite3_bind_null(sqlite_of(stmt), place_of(stmt, name)));
}

/* ---- stepping ---- */

/* A write outside db_begin() or db_lock() would be unseen by other processes (see db.h). */
static void expect_lock(const struct stmt *stmt)
{
    const struct db *db = stmt->db;

    if (db->mode == DB_WRITE && db->lock_depth == 0 && !sqlite3_stmt_readonly(sqlite_of(stmt)))
        BUG("written without db_begin(): %s", sqlite3_sql(sqlite_of(stmt)));
}

static enum step fail_step(struct stmt *stmt, int code, struct err *err)
{
    db_fail(stmt->db, err);
    if ((code & 0xff) == SQLITE_INTERRUPT)
        err_set(err, stop_error(), "the query was stopped");
    else if (stmt->owned && (code & 0xff) == SQLITE_ERROR) /* its author's mistake */
        err_set(err, ERR_USAGE, "%s", sqlite3_errmsg(stmt->db->sqlite));
    sqlite3_reset(sqlite_of(stmt));
    return STEP_ERROR;
}

enum step stmt_step(struct stmt *stmt, struct err *err)
{
    sqlite3_stmt *sqlite = sqlite_of(stmt);

    expect_lock(stmt);
    int code = sqlite3_step(sqlite);
    if (code == SQLITE_ROW)
        return STEP_ROW;
    if (code != SQLITE_DONE)
        return fail_step(stmt, code, err);
    sqlite3_reset(sqlite);
    return STEP_DONE;
}

bool stmt_run(struct stmt *stmt, struct err *err)
{
    enum step step = stmt_step(stmt, err);

    if (step == STEP_ROW)
        BUG("returns rows: %s", sqlite3_sql(sqlite_of(stmt)));
    return step == STEP_DONE;
}

/* ---- the row ---- */

int stmt_columns(const struct stmt *stmt)
{
    return sqlite3_column_count(sqlite_of(stmt));
}

const char *stmt_name(const struct stmt *stmt, int column)
{
    return sqlite3_column_name(sqlite_of(stmt), column);
}

bool stmt_is_null(const struct stmt *stmt, int column)
{
    return sqlite3_column_type(sqlite_of(stmt), column) == SQLITE_NULL;
}

int64_t stmt_int(const struct stmt *stmt, int column)
{
    return sqlite3_column_int64(sqlite_of(stmt), column);
}

double stmt_real(const struct stmt *stmt, int column)
{
    return sqlite3_column_double(sqlite_of(stmt), column);
}

const char *stmt_text(const struct stmt *stmt, int column)
{
    return (const char *)sqlite3_column_text(sqlite_of(stmt), column);
}

const char *stmt_string(const struct stmt *stmt, int column)
{
    const char *text = stmt_text(stmt, column);
    return text ? text : "";
}

const void *stmt_blob(const struct stmt *stmt, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(sqlite_of(stmt), column);

    *length = (size_t)sqlite3_column_bytes(sqlite_of(stmt), column);
    return bytes;
}

enum stmt_type stmt_type(const struct stmt *stmt, int column)
{
    switch (sqlite3_column_type(sqlite_of(stmt), column)) {
    case SQLITE_INTEGER:
        return STMT_INT;
    case SQLITE_FLOAT:
        return STMT_REAL;
    case SQLITE_TEXT:
        return STMT_TEXT;
    case SQLITE_BLOB:
        return STMT_BLOB;
    default:
        return STMT_NULL;
    }
}
