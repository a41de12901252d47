#include "core/plan.h"

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
