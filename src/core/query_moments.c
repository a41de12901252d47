/* When the market was seen, and what a listing was through all those moments. */
#include "base/clock.h"
#include "base/mem.h"
#include "core/query_scope.h"
#include "io/db.h"

/* A way along the good polls of an event. */
struct walk {
    struct stmt before, after, count;
    int64_t event_id, first_ms, latest_ms; /* of its good polls */
    int64_t step_ms;
};

static void walk_release(struct walk *walk)
{
    stmt_release(&walk->before);
    stmt_release(&walk->after);
    stmt_release(&walk->count);
}

/* False when the event was never polled well, with `any` false, too. */
static bool find_bounds(struct db *db, struct walk *walk, bool *any, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(db, SQL_SNAPSHOT_BOUNDS, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", walk->event_id);
    if (stmt_step(&stmt, err) != STEP_ROW)
        return false;
    *any = !stmt_is_null(&stmt, 0);
    if (*any) {
        walk->first_ms = stmt_int(&stmt, 0);
        walk->latest_ms = stmt_int(&stmt, 1);
    }
    return true;
}

static bool walk_open(struct store *store, struct walk *walk, bool *any, struct err *err)
{
    struct db *db = store_db(store);
    return find_bounds(db, walk, any, err) &&
           db_prepare(db, SQL_SNAPSHOT_BEFORE, &walk->before, err) &&
           db_prepare(db, SQL_SNAPSHOT_AFTER, &walk->after, err) &&
           db_prepare(db, SQL_SNAPSHOT_COUNT, &walk->count, err);
}

/* The good poll next to a time on the side of the statement; `fallback` when there is none. */
static bool look(const struct walk *walk, struct stmt *stmt, int64_t at_ms, int64_t fallback,
                 int64_t *found_ms, struct err *err)
{
    stmt_bind_int(stmt, ":event", walk->event_id);
    stmt_bind_int(stmt, ":at", at_ms);
    enum step step = stmt_step(stmt, err);
    *found_ms = step == STEP_ROW ? stmt_int(stmt, 0) : fallback;
    return step == STEP_ROW ? stmt_step(stmt, err) == STEP_DONE : step == STEP_DONE;
}

static bool count(struct walk *walk, int64_t after_ms, int64_t upto_ms, int64_t *polls,
                  struct err *err)
{
    stmt_bind_int(&walk->count, ":event", walk->event_id);
    stmt_bind_int(&walk->count, ":after", after_ms);
    stmt_bind_int(&walk->count, ":upto", upto_ms);
    if (stmt_step(&walk->count, err) != STEP_ROW)
        return false;
    *polls = stmt_int(&walk->count, 0);
    return stmt_step(&walk->count, err) == STEP_DONE;
}

/* Fills `times`, whose middle is `most`, from there to both sides; *from and *to become the range that is filled. */
static bool walk_around(struct walk *walk, int64_t *times, size_t most, size_t *from, size_t *to,
                        struct err *err)
{
    *from = *to = most;
    while (*from > 0 && times[*from] > walk->first_ms) {
        if (!look(walk, &walk->before, times[*from] - walk->step_ms + 1, walk->first_ms,
                  &times[*from - 1], err))
            return false;
        --*from;
    }
    while (*to < 2 * most && times[*to] < walk->latest_ms) {
        if (!look(walk, &walk->after, times[*to] + walk->step_ms - 1, walk->latest_ms,
                  &times[*to + 1], err))
            return false;
        ++*to;
    }
    return true;
}

static bool add_moments(struct walk *walk, const int64_t *times, size_t from, size_t to,
                        struct frame *frame, struct err *err)
{
    int64_t number = 0, polls, all, after_ms = walk->first_ms - 1;
    if (!count(walk, after_ms, walk->latest_ms, &all, err))
        return false;
    for (size_t i = from; i <= to; i++) {
        if (!count(walk, after_ms, times[i], &polls, err))
            return false;
        number += polls;
        after_ms = times[i];
        struct frame_cell *cells = frame_add_row(frame);
        cells[0] = frame_number(times[i]);
        cells[1] = frame_number(number);
        cells[2] = frame_number(all);
        cells[3] = frame_number(walk->latest_ms);
    }
    return true;
}

static bool list_moments(struct walk *walk, struct store *store, const struct query_moments *wanted,
                         struct frame *frame, struct err *err)
{
    bool any;
    size_t from, to;
    if (!walk_open(store, walk, &any, err))
        return false;
    if (!any)
        return true;
    AUTO_FREE int64_t *times = mem_alloc(2 * wanted->most + 1, sizeof *times);
    return look(walk, &walk->before, wanted->at_ms + 1, walk->first_ms, &times[wanted->most],
                err) &&
           walk_around(walk, times, wanted->most, &from, &to, err) &&
           add_moments(walk, times, from, to, frame, err);
}

bool query_moments(struct store *store, const struct event *event,
                   const struct query_moments *wanted, struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"timestamp", FRAME_TIME},
        {"number", FRAME_INT},
        {"polls", FRAME_INT},
        {"latest", FRAME_TIME},
    };
    struct walk walk = {.event_id = event->id, .step_ms = wanted->step_ms};
    *frame = (struct frame){0};
    if (!db_begin_read(store_db(store), err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    bool ok = list_moments(&walk, store, wanted, frame, err);
    walk_release(&walk);
    db_rollback(store_db(store));
    return ok;
}

static void add_version(const struct stmt *stmt, struct frame *frame)
{
    struct frame_cell *cells = frame_add_row(frame);
    const char *row = stmt_string(stmt, 7);
    for (int i = 0; i < 5; i++)
        cells[i] = stmt_is_null(stmt, i) ? frame_null() : frame_number(stmt_int(stmt, i));
    cells[5] = frame_text(frame, stmt_text(stmt, 5));
    cells[6] = frame_text(frame, stmt_text(stmt, 6));
    cells[7] = frame_text(frame, row[0] ? row : NULL);
}

bool query_listing_history(struct store *store, const struct event *event, const char *listing_id,
                           struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"timestamp", FRAME_TIME},     {"until", FRAME_TIME},   {"price", FRAME_MONEY},
        {"all_in_price", FRAME_MONEY}, {"quantity", FRAME_INT}, {"zone", FRAME_TEXT},
        {"section", FRAME_TEXT},       {"row", FRAME_TEXT},
    };
    AUTO_STMT struct stmt stmt = {0};
    enum step step;
    *frame = (struct frame){0};
    if (!db_prepare(store_db(store), SQL_LISTING_HISTORY, &stmt, err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    stmt_bind_int(&stmt, ":event", event->id);
    stmt_bind_text(&stmt, ":external_id", listing_id);
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        add_version(&stmt, frame);
    frame->meta.currency = arena_strdup(&frame->arena, event->currency);
    return step == STEP_DONE;
}
