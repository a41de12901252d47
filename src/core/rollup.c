#include "core/rollup.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/int64.h"
#include "base/mem.h"
#include "core/atlas.h"
#include "core/fold.h"
#include "core/measures_db.h"
#include "core/replay.h"
#include "io/db.h"

int64_t rollup_step_ms(enum rollup_grain grain)
{
    return grain == ROLLUP_HOUR ? CLOCK_HOUR_MS : CLOCK_DAY_MS;
}

void rollup_rows_release(struct rollup_rows *rows)
{
    mem_free(rows->rows);
    *rows = (struct rollup_rows){0};
}

struct rollup_row *rollup_rows_add(struct rollup_rows *rows, int64_t at_ms, int64_t scope_id)
{
    rows->rows = mem_grow(rows->rows, rows->count, &rows->capacity, sizeof *rows->rows);
    struct rollup_row *row = &rows->rows[rows->count++];
    *row = (struct rollup_row){.at_ms = at_ms, .scope_id = scope_id};
    return row;
}

static int by_time_and_scope(const void *a, const void *b)
{
    const struct rollup_row *left = a, *right = b;
    if (left->at_ms != right->at_ms)
        return left->at_ms < right->at_ms ? -1 : 1;
    return (left->scope_id > right->scope_id) - (left->scope_id < right->scope_id);
}

/* Sorts, and merges rows of one bucket and scope: sources, or the hours of a day. */
static void settle(struct rollup_rows *rows)
{
    if (rows->count > 1)
        qsort(rows->rows, rows->count, sizeof *rows->rows, by_time_and_scope);
    size_t kept = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (kept > 0 && by_time_and_scope(&rows->rows[kept - 1], &rows->rows[i]) == 0)
            measures_merge(&rows->rows[kept - 1].measures, &rows->rows[i].measures);
        else
            rows->rows[kept++] = rows->rows[i];
    }
    rows->count = kept;
}

bool rollup_rows_load(struct stmt *stmt, int64_t step_ms, struct rollup_rows *rows, struct err *err)
{
    enum step step;
    while ((step = stmt_step(stmt, err)) == STEP_ROW) {
        int64_t at_ms = stmt_int(stmt, 0) * step_ms;
        struct measures *measures = &rollup_rows_add(rows, at_ms, stmt_int(stmt, 1))->measures;
        measures->snapshots = stmt_int(stmt, 3);
        measures->last_ms = at_ms + stmt_int(stmt, 4);
        measures->tickets = stmt_int(stmt, 5);
        measures->listings = stmt_int(stmt, 6);
        measures->lowest_tickets = stmt_int(stmt, 7);
        measures->highest_tickets = stmt_int(stmt, 8);
        measures_db_read(stmt, 9, measures);
    }
    return step == STEP_DONE;
}

/* What is read: buckets of a scope (0: of every one) of a kind. */
struct window {
    const struct atlas *atlas;
    enum rollup_kind kind;
    int64_t scope_id;
    int64_t from_ms, to_ms;
    int64_t folded_ms; /* hours before this are stored */
    bool zeros;        /* of every zone: rows also where it was empty throughout */
};

/* Rows of all sources as they are stored. */
static bool read_stored(struct store *store, const struct window *window, enum rollup_grain grain,
                        struct rollup_rows *rows, struct err *err)
{
    if (window->from_ms >= window->to_ms)
        return true;
    int64_t step_ms = rollup_step_ms(grain);
    AUTO_STMT struct stmt stmt = {0};
    enum sql_id id = window->scope_id != 0 ? SQL_ROLLUP_SCOPE : SQL_ROLLUP_KIND;
    if (!db_prepare(store_db(store), id, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", window->atlas->event_id);
    stmt_bind_int(&stmt, ":grain", grain);
    stmt_bind_int(&stmt, ":kind", window->kind);
    stmt_bind_int(&stmt, ":from", clock_floor(window->from_ms, step_ms) / step_ms);
    /* a bucket whose start lies before `to` counts */
    stmt_bind_int(&stmt, ":to", clock_floor(window->to_ms - 1, step_ms) / step_ms + 1);
    if (window->scope_id != 0)
        stmt_bind_int(&stmt, ":scope", window->scope_id);
    return rollup_rows_load(&stmt, step_ms, rows, err);
}

static bool read_hours(struct store *store, const struct window *window, struct rollup_rows *rows,
                       struct err *err)
{
    if (!read_stored(store, window, ROLLUP_HOUR, rows, err))
        return false;
    int64_t open_ms = int64_max(window->from_ms, window->folded_ms);
    int64_t end_ms = clock_floor(window->to_ms - 1, CLOCK_HOUR_MS) + CLOCK_HOUR_MS;
    if (open_ms >= end_ms)
        return true;
    AUTO_SAMPLES struct samples samples = {0};
    if (!fold_sample(store, window->atlas, window->kind, open_ms, end_ms, &samples, err))
        return false;
    fold_samples(&samples, window->scope_id, rows);
    return true;
}

static bool read_days(struct store *store, const struct window *window, struct rollup_rows *rows,
                      struct err *err)
{
    int64_t open_ms = clock_floor(window->folded_ms, CLOCK_DAY_MS);
    struct window days = *window, hours = *window;
    days.to_ms = window->to_ms < open_ms ? window->to_ms : open_ms;
    if (!read_stored(store, &days, ROLLUP_DAY, rows, err))
        return false;
    hours.from_ms = int64_max(window->from_ms, open_ms);
    hours.to_ms = clock_floor(window->to_ms - 1, CLOCK_DAY_MS) + CLOCK_DAY_MS;
    if (hours.from_ms >= hours.to_ms)
        return true;
    size_t first = rows->count;
    if (!read_hours(store, &hours, rows, err))
        return false;
    for (size_t i = first; i < rows->count; i++)
        rows->rows[i].at_ms = clock_floor(rows->rows[i].at_ms, CLOCK_DAY_MS);
    return true;
}

static bool read_buckets(struct store *store, const struct window *window, enum rollup_grain grain,
                         struct rollup_rows *rows, struct err *err)
{
    bool ok = grain == ROLLUP_HOUR ? read_hours(store, window, rows, err)
                                   : read_days(store, window, rows, err);
    settle(rows);
    return ok;
}

static int64_t first_sighting(const struct atlas *atlas, enum rollup_kind kind, int64_t scope_id)
{
    if (kind == ROLLUP_ZONE)
        for (size_t i = 0; i < atlas->zone_count; i++)
            if (atlas->zones[i].id == scope_id)
                return atlas->zones[i].first_ms;
    if (kind == ROLLUP_SECTION)
        for (size_t i = 0; i < atlas->section_count; i++)
            if (atlas->sections[i].id == scope_id)
                return atlas->sections[i].first_ms;
    return INT64_MAX;
}

/* Polls of a bucket that found nothing of a scope left no row, but count from its first sighting on. `whole` is the event's
   own row of the bucket. */
static bool add_empty(struct store *store, const struct window *window,
                      const struct rollup_row *whole, struct rollup_row *row, struct err *err)
{
    int64_t missing = whole->measures.snapshots - row->measures.snapshots;
    if (missing <= 0)
        return true;
    int64_t first_ms = first_sighting(window->atlas, window->kind, row->scope_id);
    if (first_ms > whole->at_ms) {
        AUTO_FREE int64_t *before = NULL;
        size_t count;
        int64_t end_ms = whole->measures.last_ms + 1;
        if (!replay_moments(store, SQL_SNAPSHOT_TIMES, window->atlas->event_id, whole->at_ms,
                            first_ms < end_ms ? first_ms : end_ms, &before, &count, err))
            return false;
        missing -= (int64_t)count;
    }
    struct measures empty;
    measures_empty(&empty, whole->measures.last_ms);
    empty.snapshots = missing;
    if (missing > 0)
        measures_merge(&row->measures, &empty);
    return true;
}

/* Adds a row of zeros for a scope that was seen by then and has none among the first `stored` rows. */
static bool add_zeros(struct store *store, const struct window *window, int64_t scope_id,
                      const struct rollup_row *bucket, size_t stored, struct rollup_rows *rows,
                      struct err *err)
{
    struct rollup_row key = {.at_ms = bucket->at_ms, .scope_id = scope_id};
    if (first_sighting(window->atlas, window->kind, scope_id) > bucket->measures.last_ms)
        return true;
    if (stored > 0 && bsearch(&key, rows->rows, stored, sizeof key, by_time_and_scope) != NULL)
        return true;
    return add_empty(store, window, bucket, rollup_rows_add(rows, bucket->at_ms, scope_id), err);
}

static bool add_missing(struct store *store, const struct window *window,
                        const struct rollup_row *bucket, size_t stored, struct rollup_rows *rows,
                        struct err *err)
{
    if (!window->zeros)
        return add_zeros(store, window, window->scope_id, bucket, stored, rows, err);
    for (size_t i = 0; i < window->atlas->zone_count; i++)
        if (!add_zeros(store, window, window->atlas->zones[i].id, bucket, stored, rows, err))
            return false;
    return true;
}

/* Completes rows of zones or sections by the event's: those that there are, and, where one scope or zeros are asked for, a
   row for each bucket from its first sighting on. */
static bool complete(struct store *store, const struct window *window, enum rollup_grain grain,
                     struct rollup_rows *rows, struct err *err)
{
    AUTO_ROWS struct rollup_rows event = {0};
    struct window whole = *window;
    whole.kind = ROLLUP_EVENT;
    whole.scope_id = 0;
    if (!read_buckets(store, &whole, grain, &event, err))
        return false;
    size_t next = 0, stored = rows->count;
    for (size_t i = 0; i < event.count; i++) {
        const struct rollup_row *bucket = &event.rows[i];
        for (; next < stored && rows->rows[next].at_ms <= bucket->at_ms; next++)
            if (rows->rows[next].at_ms == bucket->at_ms &&
                !add_empty(store, window, bucket, &rows->rows[next], err))
                return false;
        if (!add_missing(store, window, bucket, stored, rows, err))
            return false;
    }
    settle(rows);
    return true;
}

/* Reads what a window says of an event. */
static bool read_window(struct store *store, int64_t event_id, enum rollup_grain grain,
                        struct window window, struct rollup_rows *rows, struct err *err)
{
    AUTO_ATLAS struct atlas atlas = {.event_id = event_id};
    bool any;
    window.atlas = &atlas;
    window.from_ms = int64_max(window.from_ms, 0);
    window.to_ms = window.to_ms < CLOCK_MAX_MS ? window.to_ms : CLOCK_MAX_MS;
    if (!fold_mark(store, event_id, &any, &window.folded_ms, err))
        return false;
    if (window.kind != ROLLUP_EVENT && !atlas_load(store, event_id, &atlas, err))
        return false;
    if (window.from_ms >= window.to_ms)
        return true;
    return read_buckets(store, &window, grain, rows, err) &&
           (window.kind == ROLLUP_EVENT || complete(store, &window, grain, rows, err));
}

bool rollup_read(struct store *store, int64_t event_id, enum rollup_grain grain,
                 enum rollup_kind kind, int64_t scope_id, int64_t from_ms, int64_t to_ms,
                 struct rollup_rows *rows, struct err *err)
{
    struct window window = {.kind = kind, .scope_id = scope_id, .from_ms = from_ms, .to_ms = to_ms};
    return read_window(store, event_id, grain, window, rows, err);
}

bool rollup_read_zones(struct store *store, int64_t event_id, enum rollup_grain grain,
                       int64_t from_ms, int64_t to_ms, struct rollup_rows *rows, struct err *err)
{
    struct window window = {.kind = ROLLUP_ZONE, .from_ms = from_ms, .to_ms = to_ms, .zeros = true};
    return read_window(store, event_id, grain, window, rows, err);
}

bool rollup_read_snapshots(struct store *store, int64_t event_id, int64_t zone_id, int64_t from_ms,
                           int64_t to_ms, struct rollup_rows *rows, struct err *err)
{
    AUTO_ATLAS struct atlas atlas = {.event_id = event_id};
    if (zone_id != 0 && !atlas_load(store, event_id, &atlas, err))
        return false;
    int64_t first_ms = zone_id ? first_sighting(&atlas, ROLLUP_ZONE, zone_id) : INT64_MIN;
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_METRIC_SERIES, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":zone", zone_id);
    stmt_bind_int(&stmt, ":from", int64_max(from_ms, first_ms));
    stmt_bind_int(&stmt, ":to", to_ms);
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        struct rollup_row *row = rollup_rows_add(rows, stmt_int(&stmt, 0), zone_id);
        struct measures *measures = &row->measures;
        measures_empty(measures, row->at_ms);
        measures->tickets = stmt_int(&stmt, 2);
        measures->lowest_tickets = measures->highest_tickets = measures->tickets;
        measures->listings = stmt_int(&stmt, 3);
        measures_db_read(&stmt, 4, measures);
    }
    return step == STEP_DONE;
}
