#include "core/notify.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "core/notify_way.h"
#include "io/db.h"

enum { TRIES_MAX = 5 };

static void copy(char *out, size_t size, const struct stmt *stmt, int column)
{
    snprintf(out, size, "%s", stmt_string(stmt, column));
}

static void read_alert(const struct stmt *stmt, struct notify_alert *alert)
{
    struct err ignored;
    *alert = (struct notify_alert){
        .id = stmt_int(stmt, 0),
        .fired_ms = stmt_int(stmt, 3),
        .value = stmt_int(stmt, 4),
        .threshold = stmt_int(stmt, 5),
        .tries = stmt_int(stmt, 6),
        .date_ms = stmt_is_null(stmt, 12) ? EVENT_NO_DATE : stmt_int(stmt, 12),
    };
    copy(alert->name, sizeof alert->name, stmt, 1);
    copy(alert->text, sizeof alert->text, stmt, 2);
    copy(alert->event, sizeof alert->event, stmt, 7);
    copy(alert->event_name, sizeof alert->event_name, stmt, 8);
    copy(alert->venue, sizeof alert->venue, stmt, 9);
    copy(alert->url, sizeof alert->url, stmt, 10);
    copy(alert->currency, sizeof alert->currency, stmt, 11);
    /* a rule that only another tws knows is told in bare numbers */
    if (!rule_parse(alert->text, &alert->rule, &ignored))
        alert->rule = (struct rule){.unit = RULE_COUNT};
}

static bool load_due(struct store *store, const char *way, struct notify_batch *batch,
                     struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_MESSAGE_DUE, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":now", batch->now_ms);
    stmt_bind_text(&stmt, ":way", way);
    stmt_bind_int(&stmt, ":most", NOTIFY_BATCH_MAX);
    enum step step;
    batch->count = 0;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        read_alert(&stmt, &batch->alerts[batch->count++]);
    return step == STEP_DONE;
}

/* One of a batch: when it is tried again, if it is. */
static bool note_one(struct store *store, const char *way, const struct notify_alert *alert,
                     int64_t now_ms, const char *failure, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_MESSAGE_SET, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":alert", alert->id);
    stmt_bind_text(&stmt, ":way", way);
    if (!failure)
        stmt_bind_int(&stmt, ":arrived", now_ms);
    else if (alert->tries + 1 < TRIES_MAX)
        stmt_bind_int(&stmt, ":next", now_ms + (CLOCK_MINUTE_MS << (2 * alert->tries)));
    stmt_bind_text(&stmt, ":reason", failure);
    return stmt_run(&stmt, err);
}

static bool note_batch(struct store *store, const char *way, const struct notify_batch *batch,
                       const char *failure, struct err *err)
{
    if (!db_begin(store_db(store), err))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        if (!note_one(store, way, &batch->alerts[i], batch->now_ms, failure, err))
            return db_rollback(store_db(store)), false;
    return db_commit(store_db(store), err);
}

bool notify_due(struct store *store, const struct conf *conf, int64_t now_ms, int64_t *arrived,
                int64_t *failed, struct err *err)
{
    AUTO_FREE struct notify_batch *batch = mem_alloc(1, sizeof *batch);
    batch->now_ms = now_ms;
    for (const struct notify_way *way = notify_ways; way->name && !stop_requested(); way++) {
        struct err failure = {0};
        if (!load_due(store, way->name, batch, err))
            return false;
        if (batch->count == 0)
            continue;
        bool sent = way->send(conf, batch, &failure);
        if (!sent)
            log_warn("%zu alert%s not sent by %s: %s", batch->count, batch->count > 1 ? "s" : "",
                     way->name, failure.text);
        *(sent ? arrived : failed) += (int64_t)batch->count;
        if (!note_batch(store, way->name, batch, sent ? NULL : failure.text, err))
            return false;
    }
    return true;
}
