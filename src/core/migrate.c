#include "core/migrate.h"

#include <string.h>

#include "base/clock.h"
#include "sql.h"

int migrate_known_version(void)
{
    int count;
    const struct sql_migration *migrations = sql_migrations(&count);
    return migrations[count - 1].version;
}

static bool count_of(struct db *db, enum sql_id id, int64_t *count, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(db, id, &stmt, err) || stmt_step(&stmt, err) != STEP_ROW)
        return false;
    *count = stmt_int(&stmt, 0);
    return true;
}

/* Compares what was applied with what this binary knows; *applied counts the migrations that are there. */
static bool compare(struct db *db, int *applied, struct err *err)
{
    int count;
    const struct sql_migration *known = sql_migrations(&count);
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(db, SQL_MIGRATION_LIST, &stmt, err))
        return false;
    enum step step;
    *applied = 0;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        int version = (int)stmt_int(&stmt, 0);
        if (*applied == count) {
            err_set(err, ERR_STORE, "the store has schema %d, this tws knows %d", version,
                    known[count - 1].version);
            return err_hint(err, "it was written by a newer tws; use that one");
        }
        const struct sql_migration *mine = &known[(*applied)++];
        if (version != mine->version || strcmp(stmt_string(&stmt, 2), mine->sha256) != 0)
            return err_set(err, ERR_STORE,
                           "the store was made by another migration '%s' than this tws has",
                           stmt_string(&stmt, 1));
    }
    return step == STEP_DONE;
}

static bool apply(struct db *db, const struct sql_migration *migration, struct err *err)
{
    if (!db_run_script(db, migration->text, err))
        return err_wrap(err, "migration '%s'", migration->name);
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(db, SQL_MIGRATION_ADD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":version", migration->version);
    stmt_bind_text(&stmt, ":name", migration->name);
    stmt_bind_text(&stmt, ":sha256", migration->sha256);
    stmt_bind_int(&stmt, ":now", clock_now_ms());
    return stmt_run(&stmt, err);
}

/* Applies the first migration that is missing; *done when there was none. */
static bool apply_next(struct db *db, bool *done, struct err *err)
{
    int count, applied;
    const struct sql_migration *known = sql_migrations(&count);
    if (!compare(db, &applied, err))
        return false;
    *done = applied == count;
    return *done || apply(db, &known[applied], err);
}

bool migrate_accept(struct db *db, struct err *err)
{
    int64_t ours, objects;
    /* in this order: another process may be making the store between the two, all its tables at once */
    if (!count_of(db, SQL_SCHEMA_OBJECTS, &objects, err) ||
        !count_of(db, SQL_MIGRATION_EXISTS, &ours, err))
        return false;
    if (ours || objects == 0)
        return true;
    err_set(err, ERR_STORE, "the database has tables but is no store of tws");
    return err_hint(err, "name another file with --db or TWS_DB");
}

static bool run_table(struct db *db, struct err *err)
{
    int64_t ours;
    if (!migrate_accept(db, err) || !count_of(db, SQL_MIGRATION_EXISTS, &ours, err))
        return false;
    if (ours)
        return true;
    AUTO_STMT struct stmt stmt = {0};
    return db_prepare(db, SQL_MIGRATION_TABLE, &stmt, err) && stmt_run(&stmt, err);
}

static bool in_transaction(struct db *db, bool (*work)(struct db *, bool *, struct err *),
                           bool *done, struct err *err)
{
    if (!db_begin(db, err))
        return false;
    if (!work(db, done, err)) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, err);
}

static bool first_step(struct db *db, bool *done, struct err *err)
{
    return run_table(db, err) && apply_next(db, done, err);
}

bool migrate_forward(struct db *db, struct err *err)
{
    int64_t ours;
    int count, applied = 0;
    sql_migrations(&count);
    if (!count_of(db, SQL_MIGRATION_EXISTS, &ours, err))
        return false;
    if (ours && !compare(db, &applied, err))
        return false;
    if (applied == count)
        return true;
    for (bool done = false; !done;)
        if (!in_transaction(db, first_step, &done, err))
            return false;
    return true;
}

bool migrate_check(struct db *db, struct err *err)
{
    int64_t ours;
    int count, applied;
    sql_migrations(&count);
    if (!count_of(db, SQL_MIGRATION_EXISTS, &ours, err))
        return false;
    if (!ours)
        return err_set(err, ERR_STORE, "the database is no store of tws");
    if (!compare(db, &applied, err))
        return false;
    if (applied < count) {
        err_set(err, ERR_STORE, "the store has an older schema than this tws");
        return err_hint(err, "a command that writes, such as `tws scrape`, brings it forward");
    }
    return true;
}
