#include "core/alert_db.h"

#include <string.h>

#include "base/mem.h"
#include "io/db.h"

void alert_db_rows_release(struct alert_db_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        mem_free(rows->rows[i].name);
        mem_free(rows->rows[i].rule);
    }
    mem_free(rows->rows);
    *rows = (struct alert_db_rows){0};
}

struct alert_db_row *alert_db_rows_add(struct alert_db_rows *rows, const char *name,
                                       const char *rule, int64_t event_id)
{
    rows->rows = mem_grow(rows->rows, rows->count, &rows->capacity, sizeof *rows->rows);
    struct alert_db_row *row = &rows->rows[rows->count++];
    *row = (struct alert_db_row){mem_strdup(name), mem_strdup(rule), .event_id = event_id};
    alert_init(&row->state);
    return row;
}

static void read_state(const struct stmt *stmt, struct alert_db_row *row)
{
    row->alert_id = stmt_int(stmt, 3);
    row->state = (struct alert_state){
        .active = row->alert_id != 0,
        .owed = stmt_int(stmt, 4) != 0,
        .since_ms = stmt_int(stmt, 5),
        .fired_value = stmt_int(stmt, 6),
        .told_ms = stmt_int(stmt, 7),
        .seen_ms = stmt_int(stmt, 8),
        .known = !stmt_is_null(stmt, 9),
        .value = stmt_int(stmt, 9),
        .threshold = stmt_int(stmt, 10),
    };
}

bool alert_db_load(struct store *store, struct alert_db_rows *rows, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_STATE_LIST, &stmt, err))
        return false;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        read_state(&stmt, alert_db_rows_add(rows, stmt_string(&stmt, 0), stmt_string(&stmt, 2),
                                            stmt_int(&stmt, 1)));
    return step == STEP_DONE;
}

bool alert_db_save(struct store *store, const struct alert_db_row *row, struct err *err)
{
    const struct alert_state *state = &row->state;
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_STATE_SAVE, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":name", row->name);
    stmt_bind_text(&stmt, ":rule", row->rule);
    stmt_bind_int(&stmt, ":event", row->event_id);
    if (row->alert_id)
        stmt_bind_int(&stmt, ":alert", row->alert_id);
    stmt_bind_int(&stmt, ":owed", state->owed);
    stmt_bind_int(&stmt, ":since", state->since_ms);
    stmt_bind_int(&stmt, ":fired_value", state->fired_value);
    stmt_bind_int(&stmt, ":told", state->told_ms);
    stmt_bind_int(&stmt, ":seen", state->seen_ms);
    if (state->known)
        stmt_bind_int(&stmt, ":value", state->value);
    stmt_bind_int(&stmt, ":threshold", state->threshold);
    return stmt_run(&stmt, err);
}

bool alert_db_forget(struct store *store, const struct alert_db_row *row, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_STATE_REMOVE, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":name", row->name);
    stmt_bind_int(&stmt, ":event", row->event_id);
    return stmt_run(&stmt, err);
}

bool alert_db_fire(struct store *store, struct alert_db_row *row, int64_t now_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_ADD, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":name", row->name);
    stmt_bind_text(&stmt, ":rule", row->rule);
    stmt_bind_int(&stmt, ":event", row->event_id);
    stmt_bind_int(&stmt, ":now", now_ms);
    stmt_bind_int(&stmt, ":value", row->state.value);
    stmt_bind_int(&stmt, ":threshold", row->state.threshold);
    if (!stmt_run(&stmt, err))
        return false;
    row->alert_id = db_last_id(store_db(store));
    return true;
}

bool alert_db_clear(struct store *store, struct alert_db_row *row, bool known, int64_t now_ms,
                    struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (row->alert_id == 0)
        return true;
    if (!db_prepare(store_db(store), SQL_ALERT_SET_CLEARED, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":alert", row->alert_id);
    stmt_bind_int(&stmt, ":now", now_ms);
    if (known)
        stmt_bind_int(&stmt, ":value", row->state.value);
    row->alert_id = 0;
    return stmt_run(&stmt, err);
}

static bool add_message(struct store *store, int64_t alert_id, const char *way, int64_t now_ms,
                        struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_MESSAGE_ADD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":alert", alert_id);
    stmt_bind_text(&stmt, ":way", way);
    stmt_bind_int(&stmt, ":now", now_ms);
    return stmt_run(&stmt, err);
}

bool alert_db_tell(struct store *store, int64_t alert_id, const char *ways, int64_t now_ms,
                   struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_SET_TOLD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":alert", alert_id);
    stmt_bind_int(&stmt, ":now", now_ms);
    if (!stmt_run(&stmt, err))
        return false;
    while (*(ways += strspn(ways, ", "))) {
        char way[16] = "";
        size_t length = strcspn(ways, ", ");
        memcpy(way, ways, length < sizeof way ? length : sizeof way - 1);
        if (!add_message(store, alert_id, way, now_ms, err))
            return false;
        ways += length;
    }
    return true;
}

static bool prune(struct db *db, int64_t before_ms, int64_t *count, struct err *err)
{
    AUTO_STMT struct stmt firings = {0}, messages = {0};
    if (!db_prepare(db, SQL_ALERT_PRUNE, &firings, err) ||
        !db_prepare(db, SQL_ALERT_MESSAGE_PRUNE, &messages, err))
        return false;
    stmt_bind_int(&firings, ":before", before_ms);
    if (!stmt_run(&firings, err))
        return false;
    *count = db_changes(db);
    return stmt_run(&messages, err);
}

bool alert_db_prune(struct store *store, int64_t before_ms, int64_t *count, struct err *err)
{
    struct db *db = store_db(store);
    if (!db_begin(db, err))
        return false;
    if (!prune(db, before_ms, count, err))
        return db_rollback(db), false;
    return db_commit(db, err);
}
