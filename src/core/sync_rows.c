#include "core/sync_rows.h"

#include <string.h>

#include "base/clock.h"
#include "core/event.h"
#include "core/fold.h"
#include "core/outcome.h"
#include "io/db.h"
#include "io/pg.h"

enum {
    BYTES_MAX = 1 << 30,  /* one part; 50,000 rows are some 10 MB */
    MEASURE_COLUMNS = 22, /* of outbox_rollups.sql, snapshots to ai_min_4 */
};

void sync_rows_init(struct sync_rows *rows)
{
    *rows = (struct sync_rows){0};
    for (int i = 0; i < SYNC_ROWS_PARTS; i++)
        buf_init(&rows->parts[i], BYTES_MAX);
}

/* Empties it but keeps the memory. */
static void reset(struct sync_rows *rows)
{
    rows->count = 0;
    rows->replaced = false;
    rows->first_ms = INT64_MAX;
    rows->last_ms = INT64_MIN;
    for (int i = 0; i < SYNC_ROWS_PARTS; i++)
        buf_reset(&rows->parts[i]);
}

void sync_rows_release(struct sync_rows *rows)
{
    for (int i = 0; i < SYNC_ROWS_PARTS; i++)
        buf_release(&rows->parts[i]);
}

/* ---- fields ---- */

static void tab(struct buf *out)
{
    buf_putc(out, '\t');
}

static void put_time(struct buf *out, int64_t at_ms)
{
    char text[CLOCK_TEXT_MAX];
    buf_puts(out, clock_format(text, at_ms));
}

static void put_column(struct buf *out, const struct stmt *stmt, int column)
{
    if (stmt_is_null(stmt, column))
        pg_put_text(out, NULL);
    else
        pg_put_int(out, stmt_int(stmt, column));
}

static void put_price(struct buf *out, int64_t price)
{
    tab(out);
    if (price == MEASURES_NONE)
        pg_put_text(out, NULL);
    else
        pg_put_int(out, price);
}

static void end_row(struct sync_rows *rows, struct buf *out)
{
    buf_putc(out, '\n');
    rows->count++;
}

/* The event of the row before this one: most rows are of the same. */
struct subject {
    int64_t event_id;
    char uuid[UUID_TEXT_MAX];
};

static const char *uuid_of(struct subject *subject, const struct stmt *stmt)
{
    int64_t event_id = stmt_int(stmt, 0);
    if (subject->event_id != event_id)
        uuid_of_name(subject->uuid, stmt_string(stmt, 1));
    subject->event_id = event_id;
    return subject->uuid;
}

/* ---- hours and days ---- */

static bool fill_rollups(struct store *store, const struct outbox_batch *batch,
                         struct sync_rows *rows, struct err *err)
{
    struct buf *out = &rows->parts[0];
    struct subject subject = {0};
    int64_t step_ms = batch->topic == OUTBOX_HOURS ? CLOCK_HOUR_MS : CLOCK_DAY_MS;
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_ROLLUPS, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":topic", batch->topic);
    stmt_bind_int(&stmt, ":batch", batch->seq);
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        bool gone = stmt_is_null(&stmt, 5);
        buf_puts(out, uuid_of(&subject, &stmt));
        tab(out);
        pg_put_int(out, stmt_int(&stmt, 5));
        tab(out);
        pg_put_text(out, gone ? "*" : stmt_string(&stmt, 6));
        tab(out);
        put_time(out, stmt_int(&stmt, 3) * step_ms);
        tab(out);
        pg_put_text(out, stmt_string(&stmt, 2));
        for (int i = 0; i < MEASURE_COLUMNS; i++) {
            tab(out);
            put_column(out, &stmt, 7 + i);
        }
        tab(out);
        bool replaced = stmt_int(&stmt, 4) != 0;
        buf_putc(out, replaced ? 't' : 'f');
        rows->replaced |= replaced;
        end_row(rows, out);
    }
    return step == STEP_DONE;
}

/* ---- polls ---- */

static bool fill_polls(struct store *store, const struct outbox_batch *batch,
                       struct sync_rows *rows, struct err *err)
{
    struct buf *out = &rows->parts[0];
    struct subject subject = {0};
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_POLLS, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":batch", batch->seq);
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        int64_t outcome = stmt_int(&stmt, 3);
        if (outcome < 0 || outcome >= OUTCOME_COUNT)
            return err_set(err, ERR_STORE, "the store is damaged: a poll that ended with %lld",
                           (long long)outcome);
        buf_puts(out, uuid_of(&subject, &stmt));
        tab(out);
        put_time(out, stmt_int(&stmt, 2));
        tab(out);
        buf_puts(out, outcome_word((enum outcome)outcome));
        for (int column = 4; column <= 6; column++) {
            tab(out);
            put_column(out, &stmt, column);
        }
        tab(out);
        pg_put_text(out, stmt_text(&stmt, 7));
        end_row(rows, out);
    }
    return step == STEP_DONE;
}

/* ---- measures of snapshots ---- */

/* Whose snapshots are measured. */
struct measuring {
    struct store *store;
    const struct atlas *atlas;
    const char *uuid, *currency;
};

static const char *scope_name(const struct atlas *atlas, int kind, int64_t id)
{
    if (kind == ROLLUP_EVENT)
        return "*";
    for (size_t i = 0; kind == ROLLUP_ZONE && i < atlas->zone_count; i++)
        if (atlas->zones[i].id == id)
            return atlas->zones[i].name;
    for (size_t i = 0; kind == ROLLUP_SECTION && i < atlas->section_count; i++)
        if (atlas->sections[i].id == id)
            return atlas->sections[i].name;
    BUG("scope %lld of kind %d is not in the atlas", (long long)id, kind);
}

static void put_measures(const struct measuring *measuring, int kind, const char *scope,
                         const struct measures *measures, struct buf *out)
{
    buf_puts(out, measuring->uuid);
    tab(out);
    pg_put_int(out, kind);
    tab(out);
    pg_put_text(out, scope);
    tab(out);
    put_time(out, measures->last_ms);
    tab(out);
    pg_put_text(out, measuring->currency);
    tab(out);
    pg_put_int(out, measures->tickets);
    tab(out);
    pg_put_int(out, measures->listings);
    for (int basis = 0; basis < MEASURES_BASES; basis++) {
        const struct measures_prices *prices = &measures->prices[basis];
        bool silent = basis == MEASURES_ALL_IN && prices->count == 0;
        put_price(out, silent ? MEASURES_NONE : prices->count);
        put_price(out, silent ? MEASURES_NONE : prices->sum);
        put_price(out, prices->min);
        put_price(out, prices->max);
        put_price(out, prices->median_x2);
        put_price(out, prices->group_min[0]);
        put_price(out, prices->group_min[1]);
        put_price(out, prices->group_min[3]);
    }
}

/* The snapshots of [from_ms, to_ms) by event, zones, and sections up to `last_kind`. */
static bool fill_measures(const struct measuring *measuring, int last_kind, int64_t from_ms,
                          int64_t to_ms, struct buf *out, struct sync_rows *rows, struct err *err)
{
    for (int kind = ROLLUP_EVENT; kind <= last_kind; kind++) {
        AUTO_SAMPLES struct samples samples = {0};
        if (!fold_sample(measuring->store, measuring->atlas, kind, from_ms, to_ms, &samples, err))
            return false;
        for (size_t s = 0; s < samples.scope_count; s++) {
            const char *scope = scope_name(measuring->atlas, kind, samples.scopes[s].id);
            for (size_t m = 0; m < samples.moment_count; m++) {
                const struct measures *measures = &samples.measures[s * samples.moment_count + m];
                if (kind != ROLLUP_EVENT && measures->listings == 0)
                    continue;
                put_measures(measuring, kind, scope, measures, out);
                end_row(rows, out);
            }
        }
        if (samples.moment_count > 0) {
            int64_t first = samples.moments[0], last = samples.moments[samples.moment_count - 1];
            rows->first_ms = first < rows->first_ms ? first : rows->first_ms;
            rows->last_ms = last > rows->last_ms ? last : rows->last_ms;
        }
    }
    return true;
}

static bool fill_snapshots(struct store *store, const struct outbox_batch *batch,
                           struct sync_rows *rows, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    AUTO_ATLAS struct atlas atlas = {0};
    struct subject subject = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_SNAPSHOTS, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":batch", batch->seq);
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        if (atlas.event_id != stmt_int(&stmt, 0)) {
            atlas_release(&atlas);
            if (!atlas_load(store, stmt_int(&stmt, 0), &atlas, err))
                return false;
        }
        struct measuring measuring = {store, &atlas, uuid_of(&subject, &stmt),
                                      stmt_string(&stmt, 2)};
        int64_t from_ms = stmt_int(&stmt, 3) * CLOCK_HOUR_MS;
        if (!fill_measures(&measuring, ROLLUP_SECTION, from_ms, from_ms + CLOCK_HOUR_MS,
                           &rows->parts[0], rows, err))
            return false;
    }
    return step == STEP_DONE;
}

/* ---- events ---- */

/* A map's time: -1 is none, the newest of all is that of the last good poll. */
static void put_mapped(struct buf *out, int64_t mapped_ms, int64_t last_ms)
{
    int64_t at_ms = mapped_ms == INT64_MAX ? last_ms : mapped_ms;
    if (at_ms < 0)
        pg_put_text(out, NULL);
    else
        put_time(out, at_ms);
}

static bool fill_zones(struct store *store, int64_t event_id, const char *uuid, int64_t last_ms,
                       struct sync_rows *rows, struct err *err)
{
    struct buf *out = &rows->parts[1];
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_ZONES, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        buf_puts(out, uuid);
        tab(out);
        pg_put_text(out, stmt_string(&stmt, 0));
        tab(out);
        pg_put_text(out, stmt_string(&stmt, 1));
        tab(out);
        pg_put_int(out, stmt_int(&stmt, 2));
        tab(out);
        put_time(out, stmt_int(&stmt, 3));
        tab(out);
        pg_put_int(out, stmt_int(&stmt, 4));
        tab(out);
        pg_put_int(out, stmt_int(&stmt, 5));
        tab(out);
        put_mapped(out, stmt_int(&stmt, 6), last_ms);
        tab(out);
        buf_putc(out, stmt_int(&stmt, 7) ? 't' : 'f');
        end_row(rows, out);
    }
    return step == STEP_DONE;
}

static void put_event(const struct stmt *stmt, const char *uuid, struct buf *out)
{
    buf_puts(out, uuid);
    for (int column = 1; column <= 11; column++) {
        tab(out);
        pg_put_text(out, stmt_string(stmt, column));
    }
    tab(out);
    if (stmt_is_null(stmt, 12))
        pg_put_text(out, NULL);
    else
        put_time(out, stmt_int(stmt, 12));
    tab(out);
    buf_putc(out, stmt_int(stmt, 13) ? 't' : 'f');
    tab(out);
    put_time(out, stmt_int(stmt, 15)); /* the epoch before the first good poll */
    tab(out);
    buf_putc(out, stmt_int(stmt, 14) == EVENT_TRACKED ? 't' : 'f');
    tab(out);
    if (stmt_is_null(stmt, 15))
        pg_put_text(out, NULL);
    else
        put_time(out, stmt_int(stmt, 15));
}

static bool fill_event(struct store *store, const struct stmt *stmt, struct sync_rows *rows,
                       struct err *err)
{
    AUTO_ATLAS struct atlas atlas = {0};
    struct event event = {0};
    char uuid[UUID_TEXT_MAX];
    int64_t id = stmt_int(stmt, 0), last_ms = stmt_is_null(stmt, 15) ? -1 : stmt_int(stmt, 15);
    event_init(&event, stmt_string(stmt, 1), stmt_string(stmt, 2));
    put_event(stmt, event_uuid(uuid, &event), &rows->parts[0]);
    end_row(rows, &rows->parts[0]);
    if (!atlas_load(store, id, &atlas, err) || !fill_zones(store, id, uuid, last_ms, rows, err))
        return false;
    struct measuring measuring = {store, &atlas, uuid, stmt_string(stmt, 11)};
    return last_ms < 0 ||
           fill_measures(&measuring, ROLLUP_ZONE, last_ms, last_ms + 1, &rows->parts[2], rows, err);
}

static bool fill_events(struct store *store, const struct outbox_batch *batch,
                        struct sync_rows *rows, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_EVENTS, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":batch", batch->seq);
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        if (!fill_event(store, &stmt, rows, err))
            return false;
    return step == STEP_DONE;
}

/* ---- all ---- */

static bool seal(struct sync_rows *rows, struct err *err)
{
    AUTO_BUF struct buf digests;
    char digest[DIGEST_TEXT_MAX];
    buf_init(&digests, SYNC_ROWS_PARTS * DIGEST_TEXT_MAX);
    for (int i = 0; i < SYNC_ROWS_PARTS; i++) {
        const struct buf *part = &rows->parts[i];
        if (part->overflow)
            return err_set(err, ERR_STORE, "a batch is larger than %d bytes", BYTES_MAX);
        buf_puts(&digests, digest_sha256(digest, part->data, part->length));
    }
    digest_sha256(rows->sha256, digests.data, digests.length);
    return true;
}

bool sync_rows_fill(struct store *store, const struct outbox_batch *batch, struct sync_rows *rows,
                    struct err *err)
{
    static bool (*const fill[OUTBOX_TOPICS])(struct store *, const struct outbox_batch *,
                                             struct sync_rows *, struct err *) = {
        [OUTBOX_EVENTS] = fill_events,       [OUTBOX_HOURS] = fill_rollups,
        [OUTBOX_DAYS] = fill_rollups,        [OUTBOX_POLLS] = fill_polls,
        [OUTBOX_SNAPSHOTS] = fill_snapshots,
    };
    reset(rows);
    if (!db_begin_read(store_db(store), err))
        return false;
    bool ok = fill[batch->topic](store, batch, rows, err);
    db_rollback(store_db(store));
    return ok && seal(rows, err);
}
