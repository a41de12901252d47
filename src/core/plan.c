#include "core/plan.h"

#include "base/clock.h"
#include "base/mem.h"
#include "core/event.h"
#include "io/db.h"

bool plan_set(struct store *store, int64_t event_id, const struct plan_wish *wish, int64_t now_ms,
              struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_begin(store_db(store), err))
        return false;
    if (!db_prepare(store_db(store), SQL_PLAN_SET, &stmt, err))
        return db_rollback(store_db(store)), false;
    stmt_bind_int(&stmt, ":event", event_id);
    if (wish->every_ms >= 0)
        stmt_bind_int(&stmt, ":every", wish->every_ms);
    if (wish->priority >= 0)
        stmt_bind_int(&stmt, ":priority", wish->priority);
    if (wish->again)
        stmt_bind_int(&stmt, ":since", now_ms);
    if (!stmt_run(&stmt, err))
        return db_rollback(store_db(store)), false;
    return db_commit(store_db(store), err);
}

bool plan_list(struct store *store, struct plan_entry **entries, size_t *count, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    size_t capacity = 0;
    enum step step;
    *entries = NULL;
    *count = 0;
    if (!db_prepare(store_db(store), SQL_PLAN_LIST, &stmt, err))
        return false;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        *entries = mem_grow(*entries, *count, &capacity, sizeof **entries);
        (*entries)[(*count)++] = (struct plan_entry){
            .event_id = stmt_int(&stmt, 0),
            .every_ms = stmt_int(&stmt, 1),
            .priority = stmt_int(&stmt, 2),
            .since_ms = stmt_int(&stmt, 3),
            .date_ms = stmt_int(&stmt, 4),
        };
    }
    if (step == STEP_DONE)
        return true;
    mem_free(*entries);
    *entries = NULL;
    return false;
}

static int64_t time_at(const struct stmt *stmt, int column)
{
    return stmt_is_null(stmt, column) ? -1 : stmt_int(stmt, column);
}

static void read_facts(const struct stmt *stmt, struct schedule_facts *facts)
{
    *facts = (struct schedule_facts){
        .event_id = stmt_int(stmt, 0),
        .every_ms = stmt_int(stmt, 1),
        .priority = (enum schedule_priority)stmt_int(stmt, 2),
        .date_ms = stmt_is_null(stmt, 3) ? EVENT_NO_DATE : stmt_int(stmt, 3),
        .time_tbd = stmt_int(stmt, 4) != 0,
        .polled_ms = time_at(stmt, 5),
        .good_ms = time_at(stmt, 6),
        .changed_ms = time_at(stmt, 7),
        .listings = stmt_int(stmt, 8),
        .moved_permille = stmt_int(stmt, 9),
        .failures = stmt_int(stmt, 10),
        .missing = stmt_int(stmt, 11),
        .missing_ms = time_at(stmt, 12),
        .since_ms = stmt_int(stmt, 13),
        .pending = stmt_int(stmt, 14) != 0,
        .described_ms = stmt_int(stmt, 15),
    };
}

static bool facts_of(struct store *store, int64_t event_id, bool any, struct schedule_facts *facts,
                     struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_PLAN_FACTS, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":any", any);
    switch (stmt_step(&stmt, err)) {
    case STEP_ROW:
        read_facts(&stmt, facts);
        return true;
    case STEP_DONE:
        return err_set(err, ERR_NOT_FOUND, "event %lld is not tracked", (long long)event_id);
    case STEP_ERROR:
        break;
    }
    return false;
}

bool plan_facts(struct store *store, int64_t event_id, struct schedule_facts *facts,
                struct err *err)
{
    return facts_of(store, event_id, false, facts, err);
}

bool plan_facts_of_any(struct store *store, int64_t event_id, struct schedule_facts *facts,
                       struct err *err)
{
    return facts_of(store, event_id, true, facts, err);
}

bool plan_all_facts(struct store *store, struct schedule_facts **facts, size_t *count,
                    struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    size_t capacity = 0;
    enum step step;
    *facts = NULL;
    *count = 0;
    if (!db_prepare(store_db(store), SQL_PLAN_FACTS, &stmt, err))
        return false;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        *facts = mem_grow(*facts, *count, &capacity, sizeof **facts);
        read_facts(&stmt, &(*facts)[(*count)++]);
    }
    if (step == STEP_DONE)
        return true;
    mem_free(*facts);
    *facts = NULL;
    return false;
}

/* Saves the events that are tracked, each in a transaction of its own: most have not changed and need none. */
static bool save_told(struct store *store, struct event *told, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct event there;
        struct err missing = {0};
        told[i].id = 0;
        if (!store_find_event(store, told[i].platform, told[i].external_id, &there, &missing)) {
            if (missing.code == ERR_NOT_FOUND)
                continue;
            *err = missing;
            return false;
        }
        if (there.state == EVENT_TRACKED && !store_save_event(store, &told[i], err))
            return false;
    }
    return true;
}

static bool note_told(struct db *db, const struct event *told, size_t count, int64_t now_ms,
                      struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        AUTO_STMT struct stmt stmt = {0};
        if (told[i].id == 0)
            continue;
        if (!db_prepare(db, SQL_PLAN_DESCRIBED, &stmt, err))
            return false;
        stmt_bind_int(&stmt, ":event", told[i].id);
        stmt_bind_int(&stmt, ":at", now_ms);
        if (!stmt_run(&stmt, err))
            return false;
    }
    return true;
}

bool plan_describe(struct store *store, struct event *told, size_t count, int64_t now_ms,
                   struct err *err)
{
    struct db *db = store_db(store);
    if (!save_told(store, told, count, err) || !db_begin(db, err))
        return false;
    if (!note_told(db, told, count, now_ms, err))
        return db_rollback(db), false;
    return db_commit(db, err);
}

bool plan_kin(struct store *store, const struct event *event, int64_t now_ms, int64_t before_ms,
              int64_t **ids, size_t *count, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    size_t capacity = 0;
    enum step step;
    *ids = NULL;
    *count = 0;
    if (!db_prepare(store_db(store), SQL_PLAN_KIN, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":platform", event->platform);
    stmt_bind_text(&stmt, ":performer", event->performer_id);
    stmt_bind_int(&stmt, ":over", now_ms - SCHEDULE_OVER_H * CLOCK_HOUR_MS);
    stmt_bind_int(&stmt, ":before", before_ms);
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        *ids = mem_grow(*ids, *count, &capacity, sizeof **ids);
        (*ids)[(*count)++] = stmt_int(&stmt, 0);
    }
    if (step == STEP_DONE)
        return true;
    mem_free(*ids);
    *ids = NULL;
    return false;
}
