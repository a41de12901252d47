#include "io/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "io/db_private.h"

enum {
    READ_WAIT_MS = 3 * 1000, /* for who has the whole file: in WAL no writer does for long */
    TEXT_LIMIT =
        64 * 1024 * 1024, /* one value; the largest is a packed day of one event, some MB */
    CHECKPOINT_PAGES = 1000,
    WARN_PAGES = 16 * 1024, /* of 4 KiB: 64 MiB */
    SYNC_FULL = 2,          /* PRAGMA synchronous */
};

/* ---- what went wrong ---- */

static const struct trouble {
    int code;
    const char *what; /* NULL: SQLite's own words */
    const char *hint;
} troubles[] = {
    {SQLITE_FULL, "the disk is full", "free some space; what was being written was left out whole"},
    {SQLITE_BUSY, "it is locked by another program", "close the program that has it open"},
    {SQLITE_LOCKED, "it is locked by another program", "close the program that has it open"},
    {SQLITE_READONLY, "it is read-only", "see the permissions of the file and of its folder"},
    {SQLITE_PERM, NULL, "see the permissions of the file and of its folder"},
    {SQLITE_CANTOPEN, NULL, "see the permissions of the file and of its folder"},
    {SQLITE_NOTADB, "it is not a database", "name another file; this one was left as it is"},
    {SQLITE_CORRUPT, "it is damaged", "keep a copy of the file, then restore an archive"},
    {SQLITE_IOERR, NULL, "the disk refused; see the system's log"},
};

static int trouble_code(sqlite3 *sqlite)
{
    int code = sqlite3_errcode(sqlite) & 0xff;
    int cause = sqlite3_system_errno(sqlite);

    if ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && (cause == ENOSPC || cause == EDQUOT))
        return SQLITE_FULL;
    return code;
}

bool db_fail(struct db *db, struct err *err)
{
    int code = trouble_code(db->sqlite);
    int cause = sqlite3_system_errno(db->sqlite);

    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        const struct trouble *t = &troubles[i];
        if (t->code != code)
            continue;
        if (t->what != NULL)
            err_set(err, ERR_STORE, "database '%s': %s", db->path, t->what);
        else
            err_set(err, ERR_STORE, "database '%s': %s: %s", db->path, sqlite3_errmsg(db->sqlite),
                    cause != 0 ? strerror(cause) : "cause unknown");
        return err_hint(err, "%s", t->hint);
    }
    return err_set(err, ERR_STORE, "database '%s': %s", db->path, sqlite3_errmsg(db->sqlite));
}

static bool fail_path(const char *what, const char *path, struct err *err)
{
    enum err_code code = errno == ENOENT ? ERR_NOT_FOUND : ERR_STORE;

    return err_set(err, code, "%s '%s': %s", what, path, strerror(errno));
}

/* ---- opening ---- */

static bool run(struct db *db, const char *sql, struct err *err)
{
    return sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK || db_fail(db, err);
}

static void set_up_connection(sqlite3 *sqlite)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1}, /* db_close() does it, under the lock */
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0}, /* a misspelt column is an error, not a string */
        {SQLITE_DBCONFIG_DQS_DDL, 0},
    };

    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        sqlite3_db_config(sqlite, options[i].option, options[i].value, NULL);
    sqlite3_limit(sqlite, SQLITE_LIMIT_LENGTH, TEXT_LIMIT);
    sqlite3_limit(sqlite, SQLITE_LIMIT_WORKER_THREADS, 0);
}

/* Opens and reads the first page, so that whatever is wrong with the file shows here. */
static bool connect_to(struct db *db, const char *name, int flags, struct err *err)
{
    if (sqlite3_open_v2(name, &db->sqlite, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return db_fail(db, err);
    /* First of all: without it the next statement fails while another process opens or recovers. */
    sqlite3_busy_timeout(db->sqlite, flags & SQLITE_OPEN_READONLY ? READ_WAIT_MS : DB_WAIT_MS);
    set_up_connection(db->sqlite);
    return run(db, "PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY; PRAGMA schema_version", err);
}

/* Reads the one value of a pragma. */
static bool ask(struct db *db, const char *sql, struct stmt *stmt, struct err *err)
{
    struct prepared *prepared = mem_alloc(1, sizeof *prepared);

    *stmt = (struct stmt){.handle = prepared, .db = db, .owned = true};
    if (sqlite3_prepare_v2(db->sqlite, sql, -1, &prepared->sqlite, NULL) != SQLITE_OK)
        return db_fail(db, err);
    return sqlite3_step(prepared->sqlite) == SQLITE_ROW || db_fail(db, err);
}

/* Still under the write lock. While a reader stays in an old state, the log can only grow. */
static int after_commit(void *context, sqlite3 *sqlite, const char *name, int pages)
{
    struct db *db = context;

    if (pages >= CHECKPOINT_PAGES)
        sqlite3_wal_checkpoint_v2(sqlite, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (pages >= db->warn_pages) {
        log_warn("database '%s': its log has grown to %d MiB, while another program reads",
                 db->path, pages / (1024 / 4));
        db->warn_pages = 2 * pages;
    }
    return SQLITE_OK;
}

static bool use_wal(struct db *db, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};

    if (sqlite3_db_readonly(db->sqlite, "main") != 0) {
        err_set(err, ERR_STORE, "database '%s': it is read-only", db->path);
        return err_hint(err, "see the permissions of the file and of its folder");
    }
    if (!ask(db, "PRAGMA journal_mode=WAL", &stmt, err))
        return false;
    if (strcmp(stmt_text(&stmt, 0), "wal") != 0) {
        err_set(err, ERR_STORE, "database '%s': no write-ahead log can be kept there", db->path);
        return err_hint(err, "keep it on a local disk");
    }
    db->wal = true;
    db->warn_pages = WARN_PAGES;
    sqlite3_wal_hook(db->sqlite, after_commit, db);
    return run(db, "PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216", err);
}

static bool make_folders(const char *path, struct err *err)
{
    AUTO_FREE char *folder = mem_strdup(path);

    char *slash = strchr(folder + (folder[0] == '/'), '/');
    for (; slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return err_set(err, ERR_STORE, "folder '%s': %s", folder, strerror(errno));
        *slash = '/';
    }
    return true;
}

/* Creates with O_EXCL only: closing a descriptor of a file that this process has open in SQLite
   would drop SQLite's locks on it. */
static bool make_file(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 && errno != EEXIST)
        return err_set(err, ERR_STORE, "database '%s': %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return true;
}

static bool is_file(const char *path, struct err *err)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return fail_path("database", path, err);
    if (!S_ISREG(st.st_mode))
        return err_set(err, ERR_STORE, "database '%s': it is not a file", path);
    return true;
}

static bool open_writer(struct db *db, struct err *err)
{
    if (!make_folders(db->path, err) || !make_file(db->path, err) || !is_file(db->path, err) ||
        !db_lock_open(db, err) || !db_lock(db, err))
        return false;
    bool ok = connect_to(db, db->path, SQLITE_OPEN_READWRITE, err) && use_wal(db, err);
    db_unlock(db);
    return ok;
}

static bool exists_beside(const char *path, const char *suffix)
{
    AUTO_BUF struct buf name;

    buf_init(&name, SIZE_MAX);
    buf_printf(&name, "%s%s", path, suffix);
    return access(buf_text(&name), F_OK) == 0;
}

static bool folder_is_writable(const char *path)
{
    AUTO_FREE char *folder = mem_strdup(path);
    char *slash = strrchr(folder, '/');

    if (slash == NULL)
        return access(".", W_OK) == 0;
    slash[slash == folder] = '\0'; /* the root keeps its slash */
    return access(folder, W_OK) == 0;
}

/* Nobody has it open and nobody can from here: a copy on a read-only disk, say. */
static bool is_frozen(struct db *db)
{
    int code = trouble_code(db->sqlite);

    return (code == SQLITE_CANTOPEN || code == SQLITE_READONLY) && /* it wanted to make a log */
           !exists_beside(db->path, "-wal") && !exists_beside(db->path, "-shm") &&
           !folder_is_writable(db->path);
}

static bool connect_frozen(struct db *db, struct err *err)
{
    AUTO_BUF struct buf uri;

    buf_init(&uri, SIZE_MAX);
    buf_puts(&uri, db->path[0] == '/' ? "file://" : "file:");
    for (const char *c = db->path; *c != '\0'; c++) {
        if (strchr("%?#", *c) != NULL)
            buf_printf(&uri, "%%%02x", (unsigned)*c);
        else
            buf_putc(&uri, *c);
    }
    buf_puts(&uri, "?immutable=1");
    sqlite3_close(db->sqlite);
    return connect_to(db, buf_text(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
}

static bool open_reader(struct db *db, struct err *err)
{
    if (!is_file(db->path, err))
        return false;
    if (!connect_to(db, db->path, SQLITE_OPEN_READONLY, err)) {
        if (!is_frozen(db))
            return false;
        err_reset(err);
        if (!connect_frozen(db, err))
            return false;
    }
    sqlite3_wal_autocheckpoint(db->sqlite, 0);
    return true;
}

struct db *db_open(const char *path, enum db_mode mode, struct err *err)
{
    AUTO_DB struct db *db = mem_alloc(1, sizeof *db);

    db_library_start();
    db->path = mem_strdup(path);
    db->mode = mode;
    db->lock_fd = -1;
    if (!(mode == DB_WRITE ? open_writer(db, err) : open_reader(db, err)))
        return NULL;
    return mem_take(&db);
}

/* Empties the log into the database: the next process begins a log of its own behind what it finds, so
   one that was only copied would grow with every run. Never waits: neither for a reader, who keeps the
   log as it is, nor for whoever holds the lock and will do this. */
static void close_log(struct db *db)
{
    if (!db->wal || !db_lock_try(db))
        return;
    sqlite3_busy_timeout(db->sqlite, 0);
    sqlite3_wal_checkpoint_v2(db->sqlite, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    db_unlock(db);
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    db_rollback(db);
    for (size_t i = 0; i < SQL_COUNT; i++) {
        if (db->prepared[i].taken)
            BUG("database closed while query '%s' is in use", sql_name((enum sql_id)i));
        sqlite3_finalize(db->prepared[i].sqlite);
    }
    close_log(db);
    if (sqlite3_close(db->sqlite) != SQLITE_OK)
        BUG("database closed while a query is in use");
    if (db->lock_fd >= 0)
        close(db->lock_fd);
    mem_free(db->path);
    mem_free(db);
}

void db_close_slot(struct db **db)
{
    db_close(*db);
    *db = NULL;
}

/* ---- transactions ---- */

static void expect_idle(const struct db *db)
{
    if (db->transaction != IDLE)
        BUG("database '%s': a transaction is open", db->path);
}

static void end_lazy(struct db *db)
{
    if (db->lazy &&
        sqlite3_exec(db->sqlite, "PRAGMA synchronous=FULL", NULL, NULL, NULL) != SQLITE_OK)
        BUG("database '%s': its commits do not wait for the disk any more", db->path);
    db->lazy = false;
}

bool db_begin(struct db *db, struct err *err)
{
    int64_t deadline_ms = clock_monotonic_ms() + DB_WAIT_MS;

    expect_idle(db);
    if (!db_lock_until(db, deadline_ms, err))
        return false;
    /* A program that knows nothing of our lock may be writing: it gets what is left of the wait. */
    int64_t left_ms = deadline_ms - clock_monotonic_ms();
    sqlite3_busy_timeout(db->sqlite, left_ms > 1 ? (int)left_ms : 1);
    bool ok = run(db, "BEGIN IMMEDIATE", err);
    sqlite3_busy_timeout(db->sqlite, DB_WAIT_MS);
    if (!ok) {
        db_unlock(db);
        return false;
    }
    db->transaction = WRITING;
    return true;
}

/* Can only be set between transactions. NORMAL and not OFF: a checkpoint, which this commit may come to, then still syncs the log
   before it writes to the database. Whoever opened the connection for less keeps that. */
bool db_begin_lazy(struct db *db, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    expect_idle(db);
    if (!ask(db, "PRAGMA synchronous", &stmt, err))
        return false;
    db->lazy = stmt_int(&stmt, 0) == SYNC_FULL;
    stmt_release(&stmt);
    bool ok = (!db->lazy || run(db, "PRAGMA synchronous=NORMAL", err)) && db_begin(db, err);
    if (!ok)
        end_lazy(db);
    return ok;
}

bool db_begin_read(struct db *db, struct err *err)
{
    expect_idle(db);
    if (!run(db, "BEGIN", err))
        return false;
    db->transaction = READING;
    return true;
}

bool db_commit(struct db *db, struct err *err)
{
    if (db->transaction != WRITING)
        BUG("database '%s': nothing to commit", db->path);
    if (!run(db, "COMMIT", err)) {
        db_rollback(db);
        return false;
    }
    db->transaction = IDLE;
    end_lazy(db);
    db_unlock(db);
    return true;
}

void db_rollback(struct db *db)
{
    if (db->transaction == IDLE)
        return;
    /* After some failures SQLite has rolled back already. */
    if (!sqlite3_get_autocommit(db->sqlite))
        sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
    end_lazy(db);
    if (db->transaction == WRITING)
        db_unlock(db);
    db->transaction = IDLE;
}

bool db_data_version(struct db *db, int64_t *version, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};

    if (!ask(db, "PRAGMA data_version", &stmt, err))
        return false;
    *version = stmt_int(&stmt, 0);
    return true;
}

void db_forget_pages(struct db *db)
{
    sqlite3_db_release_memory(db->sqlite);
}

bool db_run_script(struct db *db, const char *text, struct err *err)
{
    if (db->mode == DB_READ)
        return run(db, text, err);
    if (!db_lock(db, err))
        return false;
    bool ok = run(db, text, err);
    db_unlock(db);
    return ok;
}

int64_t db_last_id(struct db *db)
{
    return sqlite3_last_insert_rowid(db->sqlite);
}

int64_t db_changes(struct db *db)
{
    return sqlite3_changes64(db->sqlite);
}
