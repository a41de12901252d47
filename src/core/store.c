#include "core/store.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "core/migrate.h"
#include "core/tape.h"
#include "io/db.h"
#include "io/uuid.h"

struct store {
    struct db *db;
    char *path;
    bool readonly;
    struct tape *tape;
};

static struct store *store_over(struct db *db, const char *path, bool readonly)
{
    struct store *store = mem_alloc(1, sizeof *store);
    store->readonly = readonly;
    store->db = db;
    store->path = mem_strdup(path);
    return store;
}

/* Gives a new store the random name under which its rollups are known to a team. */
static bool name_source(struct db *db, struct err *err)
{
    AUTO_STMT struct stmt known = {0};
    if (!db_prepare(db, SQL_SOURCE_KNOWN, &known, err) || stmt_step(&known, err) != STEP_ROW)
        return false;
    if (stmt_int(&known, 0) > 0)
        return true;
    stmt_release(&known);
    char uuid[UUID_TEXT_MAX];
    AUTO_STMT struct stmt add = {0};
    if (!db_begin(db, err))
        return false;
    if (!db_prepare(db, SQL_SOURCE_ADD, &add, err))
        return db_rollback(db), false;
    stmt_bind_text(&add, ":uuid", uuid_random(uuid));
    if (!stmt_run(&add, err))
        return db_rollback(db), false;
    return db_commit(db, err);
}

/* Looks before it touches: even opening a database for writing changes the file. */
static bool may_write(const char *path, struct err *err)
{
    AUTO_DB struct db *db = db_open(path, DB_READ, err);
    if (db == NULL)
        return err->code == ERR_NOT_FOUND;
    return migrate_accept(db, err) || err_wrap(err, "store '%s'", path);
}

struct store *store_open(const char *path, struct err *err)
{
    if (!may_write(path, err))
        return NULL;
    err_reset(err);
    struct db *db = db_open(path, DB_WRITE, err);
    if (db == NULL)
        return NULL;
    if (migrate_forward(db, err) && name_source(db, err))
        return store_over(db, path, false);
    err_wrap(err, "store '%s'", path);
    db_close(db);
    return NULL;
}

struct store *store_open_readonly(const char *path, struct err *err)
{
    struct db *db = db_open(path, DB_READ, err);
    if (db == NULL) {
        if (err->code == ERR_NOT_FOUND)
            err_hint(err,
                     "`tws track URL` or `tws import FILE` makes one; `tws demo` shows the rest");
        return NULL;
    }
    if (migrate_check(db, err))
        return store_over(db, path, true);
    err_wrap(err, "store '%s'", path);
    db_close(db);
    return NULL;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    tape_close(store->tape);
    db_close(store->db);
    mem_free(store->path);
    mem_free(store);
}

void store_close_slot(struct store **store)
{
    store_close(*store);
    *store = NULL;
}

struct db *store_db(struct store *store)
{
    return store->db;
}

bool store_changes(struct store *store, int64_t *version, struct err *err)
{
    return db_data_version(store->db, version, err);
}

bool store_is_readonly(const struct store *store)
{
    return store->readonly;
}

struct tape **store_tape(struct store *store)
{
    return &store->tape;
}

const char *store_path(const struct store *store)
{
    return store->path;
}

int store_schema_version(void)
{
    return migrate_known_version();
}

/* Where the texts of an event stand in `struct event` and in the columns of event_find.sql, from 1. */
static const struct {
    const char *parameter;
    size_t offset, size;
} text_fields[] = {
#define FIELD(name)                                                                                \
    {                                                                                              \
        ":" #name, offsetof(struct event, name), sizeof((struct event *)NULL)->name                \
    }
    FIELD(platform), FIELD(external_id), FIELD(name),     FIELD(venue),
    FIELD(city),     FIELD(region),      FIELD(country),  FIELD(timezone),
    FIELD(category), FIELD(url),         FIELD(currency), FIELD(performer_id),
#undef FIELD
};
enum { TEXT_FIELDS = sizeof text_fields / sizeof *text_fields, IDENTITY_FIELDS = 2 };

static void read_event(const struct stmt *stmt, struct event *event)
{
    *event = (struct event){.id = stmt_int(stmt, 0)};
    int column = 1;
    for (int i = 0; i < TEXT_FIELDS; i++)
        snprintf((char *)event + text_fields[i].offset, text_fields[i].size, "%s",
                 stmt_string(stmt, column++));
    event->date_ms = stmt_is_null(stmt, column) ? EVENT_NO_DATE : stmt_int(stmt, column);
    event->time_tbd = stmt_int(stmt, column + 1) != 0;
    event->pending = stmt_int(stmt, column + 2) != 0;
    event->state = (enum event_state)stmt_int(stmt, column + 3);
    event->last_scraped_ms = stmt_is_null(stmt, column + 4) ? -1 : stmt_int(stmt, column + 4);
}

static void bind_event(struct stmt *stmt, const struct event *event, int first_text)
{
    for (int i = first_text; i < TEXT_FIELDS; i++)
        stmt_bind_text(stmt, text_fields[i].parameter, (const char *)event + text_fields[i].offset);
    if (event->date_ms == EVENT_NO_DATE)
        stmt_bind_null(stmt, ":date_ms");
    else
        stmt_bind_int(stmt, ":date_ms", event->date_ms);
    stmt_bind_int(stmt, ":time_tbd", event->time_tbd);
    stmt_bind_int(stmt, ":pending", event->pending);
}

bool store_find_event(struct store *store, const char *platform, const char *external_id,
                      struct event *event, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store->db, SQL_EVENT_FIND, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":platform", platform);
    stmt_bind_text(&stmt, ":external_id", external_id);
    enum step step = stmt_step(&stmt, err);
    if (step == STEP_ROW)
        read_event(&stmt, event);
    if (step == STEP_DONE)
        err_set(err, ERR_NOT_FOUND, "no event '%s:%s' in the store", platform, external_id);
    return step == STEP_ROW;
}

bool store_event_at(struct store *store, int64_t event_id, struct event *event, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store->db, SQL_EVENT_AT, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":id", event_id);
    enum step step = stmt_step(&stmt, err);
    if (step == STEP_ROW)
        read_event(&stmt, event);
    if (step == STEP_DONE)
        err_set(err, ERR_NOT_FOUND, "no event %lld in the store", (long long)event_id);
    return step == STEP_ROW;
}

static bool insert_event(struct store *store, struct event *event, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store->db, SQL_EVENT_INSERT, &stmt, err))
        return false;
    bind_event(&stmt, event, 0);
    stmt_bind_int(&stmt, ":state", event->state);
    if (!stmt_run(&stmt, err))
        return false;
    event->id = db_last_id(store->db);
    return true;
}

/* Whether an update would change anything: the outbox takes note of every one. */
static bool tells_news(const struct event *there, const struct event *event)
{
    for (int i = IDENTITY_FIELDS; i < TEXT_FIELDS; i++) {
        const char *text = (const char *)event + text_fields[i].offset;
        if (text[0] != '\0' && strcmp(text, (const char *)there + text_fields[i].offset) != 0)
            return true;
    }
    return event->date_ms != there->date_ms || event->time_tbd != there->time_tbd ||
           event->pending != there->pending;
}

static bool update_event(struct store *store, const struct event *event, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store->db, SQL_EVENT_UPDATE, &stmt, err))
        return false;
    bind_event(&stmt, event, IDENTITY_FIELDS);
    stmt_bind_int(&stmt, ":id", event->id);
    return stmt_run(&stmt, err);
}

static bool save_event(struct store *store, struct event *event, struct err *err)
{
    struct event there;
    struct err missing = {0};
    if (store_find_event(store, event->platform, event->external_id, &there, &missing)) {
        event->id = there.id;
        event->state = there.state;
        return !tells_news(&there, event) || update_event(store, event, err);
    }
    if (missing.code != ERR_NOT_FOUND) {
        *err = missing;
        return false;
    }
    return insert_event(store, event, err);
}

bool store_save_event(struct store *store, struct event *event, struct err *err)
{
    if (!db_begin(store->db, err))
        return false;
    if (!save_event(store, event, err)) {
        db_rollback(store->db);
        return false;
    }
    return db_commit(store->db, err);
}

/* Runs one prepared statement in a transaction of its own. */
static bool run_alone(struct store *store, struct stmt *stmt, struct err *err)
{
    if (!db_begin(store->db, err))
        return false;
    if (!stmt_run(stmt, err)) {
        db_rollback(store->db);
        return false;
    }
    return db_commit(store->db, err);
}

bool store_set_state(struct store *store, int64_t event_id, enum event_state state, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store->db, SQL_EVENT_STATE, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":id", event_id);
    stmt_bind_int(&stmt, ":state", state);
    return run_alone(store, &stmt, err);
}

bool store_events(struct store *store, bool all, struct event **events, size_t *count,
                  struct err *err)
{
    *events = NULL;
    *count = 0;
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store->db, SQL_EVENT_LIST, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":all", all);
    size_t capacity = 0;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        *events = mem_grow(*events, *count, &capacity, sizeof **events);
        read_event(&stmt, &(*events)[(*count)++]);
    }
    if (step == STEP_DONE)
        return true;
    mem_free(*events);
    *events = NULL;
    return false;
}

bool store_save_failure(struct store *store, int64_t event_id, const struct store_failure *failure,
                        struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store->db, SQL_SNAPSHOT_ADD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":at", failure->at_ms);
    stmt_bind_int(&stmt, ":outcome", failure->outcome);
    stmt_bind_int(&stmt, ":rejected", 0);
    if (failure->took_ms >= 0)
        stmt_bind_int(&stmt, ":took", failure->took_ms);
    if (failure->bytes >= 0)
        stmt_bind_int(&stmt, ":bytes", failure->bytes);
    stmt_bind_text(&stmt, ":reason", failure->reason);
    return run_alone(store, &stmt, err);
}
