/* Alerts: what fired, and where it was sent. */
#include "base/buf.h"
#include "base/mem.h"
#include "core/query.h"
#include "core/rule.h"
#include "io/db.h"

enum { TEXT_MAX = 256 };

enum column { AT, NAME, RULE, EVENT, EVENT_NAME, VALUE, THRESHOLD, TOLD, CLEARED, ARRIVED, FAILED };
enum { ID = ARRIVED }; /* instead, of those that hold */

static struct frame_cell time_cell(const struct stmt *stmt, int column)
{
    return stmt_is_null(stmt, column) ? frame_null() : frame_number(stmt_int(stmt, column));
}

/* A value in words, since rules of several units stand in one column. */
static struct frame_cell value_cell(struct frame *frame, const char *text, int64_t value,
                                    const char *currency)
{
    struct rule rule;
    struct err ignored;
    AUTO_BUF struct buf words;
    buf_init(&words, TEXT_MAX);
    bool known = rule_parse(text, &rule, &ignored);
    rule_put_value(&words, known ? rule.unit : RULE_COUNT, value, currency);
    return frame_text(frame, buf_text(&words));
}

static struct frame_cell *add_alert(const struct stmt *stmt, struct frame *frame)
{
    const char *rule = stmt_string(stmt, 3), *currency = stmt_string(stmt, 6);
    struct frame_cell *cells = frame_add_row(frame);
    cells[AT] = time_cell(stmt, 1);
    cells[NAME] = frame_text(frame, stmt_text(stmt, 2));
    cells[RULE] = frame_text(frame, rule);
    cells[EVENT] = frame_text(frame, stmt_text(stmt, 4));
    cells[EVENT_NAME] = frame_text(frame, stmt_text(stmt, 5));
    cells[VALUE] = value_cell(frame, rule, stmt_int(stmt, 7), currency);
    cells[THRESHOLD] = value_cell(frame, rule, stmt_int(stmt, 8), currency);
    cells[TOLD] = time_cell(stmt, 9);
    cells[CLEARED] = time_cell(stmt, 10);
    return cells;
}

static void add_text(struct frame *frame, struct frame_cell *cell, const char *text)
{
    struct frame_list *list = &cell->list;
    const char **texts = arena_array(&frame->arena, list->count + 1, sizeof *texts);
    for (size_t i = 0; i < list->count; i++)
        texts[i] = list->texts[i];
    texts[list->count++] = text;
    list->texts = texts;
}

/* Where an alert arrived, and where it did not so far, with the reason. */
static bool add_messages(struct store *store, int64_t alert_id, struct frame *frame,
                         struct frame_cell *cells, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_MESSAGES, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":alert", alert_id);
    enum step step;
    cells[ARRIVED] = cells[FAILED] = (struct frame_cell){.known = true};
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        const char *way = stmt_string(&stmt, 0), *reason = stmt_text(&stmt, 4);
        if (!stmt_is_null(&stmt, 2))
            add_text(frame, &cells[ARRIVED], arena_strdup(&frame->arena, way));
        else if (reason)
            add_text(frame, &cells[FAILED],
                     arena_printf(&frame->arena, "%s: %s%s", way, reason,
                                  stmt_is_null(&stmt, 3) ? "; given up" : ""));
    }
    return step == STEP_DONE;
}

static int64_t limit(size_t most)
{
    return most < INT64_MAX ? (int64_t)most : INT64_MAX;
}

static bool fill(struct store *store, int64_t from_ms, int64_t to_ms, size_t most,
                 struct frame *frame, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_HISTORY, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":from", from_ms);
    stmt_bind_int(&stmt, ":to", to_ms);
    stmt_bind_int(&stmt, ":most", limit(most));
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        if (!add_messages(store, stmt_int(&stmt, 0), frame, add_alert(&stmt, frame), err))
            return false;
    return step == STEP_DONE;
}

static const struct frame_column columns[] = {
    [AT] = {"timestamp", FRAME_TIME},
    [NAME] = {"name", FRAME_TEXT},
    [RULE] = {"rule", FRAME_TEXT, true},
    [EVENT] = {"event", FRAME_TEXT},
    [EVENT_NAME] = {"event_name", FRAME_TEXT, true},
    [VALUE] = {"value", FRAME_TEXT},
    [THRESHOLD] = {"threshold", FRAME_TEXT},
    [TOLD] = {"told", FRAME_TIME},
    [CLEARED] = {"cleared", FRAME_TIME},
    [ARRIVED] = {"arrived", FRAME_TEXTS},
    [FAILED] = {"failed", FRAME_TEXTS},
};

bool query_alerts(struct store *store, int64_t from_ms, int64_t to_ms, size_t most,
                  struct frame *frame, struct err *err)
{
    *frame = (struct frame){0};
    if (!db_begin_read(store_db(store), err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    frame->meta.has_from = true;
    frame->meta.from_ms = from_ms;
    bool ok = fill(store, from_ms, to_ms, most, frame, err);
    db_rollback(store_db(store));
    return ok;
}

bool query_alerts_holding(struct store *store, size_t most, struct frame *frame, struct err *err)
{
    static const struct frame_column id = {"alert", FRAME_INT};
    AUTO_STMT struct stmt stmt = {0};
    *frame = (struct frame){0};
    frame_init(frame, columns, ID);
    frame_widen(frame, &id, 1);
    if (!db_prepare(store_db(store), SQL_ALERT_HOLDING, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":most", limit(most));
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        add_alert(&stmt, frame)[ID] = frame_number(stmt_int(&stmt, 0));
    return step == STEP_DONE;
}

bool query_alert_standing(struct store *store, const char *name, int64_t *holding, int64_t *judged,
                          int64_t *last_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_STANDING, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":name", name);
    if (stmt_step(&stmt, err) != STEP_ROW)
        return false;
    *holding = stmt_int(&stmt, 0);
    *judged = stmt_int(&stmt, 1);
    *last_ms = stmt_is_null(&stmt, 2) ? -1 : stmt_int(&stmt, 2);
    return true;
}
