#include "core/fold.h"

#include "base/clock.h"
#include "base/mem.h"
#include "core/measures_db.h"
#include "core/replay.h"
#include "io/db.h"

enum { OWN_SOURCE = 1 }; /* this workstation's row in `source` */

bool fold_mark(struct store *store, int64_t event_id, bool *any, int64_t *folded_ms,
               struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_EVENT_FOLDED, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    enum step step = stmt_step(&stmt, err);
    *any = step == STEP_ROW && !stmt_is_null(&stmt, 0);
    *folded_ms = *any ? stmt_int(&stmt, 0) : 0;
    return step != STEP_ERROR;
}

bool fold_set_mark(struct store *store, int64_t event_id, int64_t folded_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_EVENT_SET_FOLDED, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":folded", folded_ms);
    return stmt_run(&stmt, err);
}

void fold_samples(const struct samples *samples, int64_t scope_id, struct rollup_rows *rows)
{
    for (size_t m = 0; m < samples->moment_count;) {
        int64_t hour_ms = clock_floor(samples->moments[m], CLOCK_HOUR_MS);
        int64_t end_ms = hour_ms + CLOCK_HOUR_MS;
        for (size_t s = 0; s < samples->scope_count; s++) {
            struct measures bucket;
            if (scope_id != 0 && samples->scopes[s].id != scope_id)
                continue;
            if (!samples_fold(samples, s, hour_ms, end_ms, &bucket))
                continue;
            if (bucket.highest_tickets > 0 || samples->scopes[s].id == 0)
                rollup_rows_add(rows, hour_ms, samples->scopes[s].id)->measures = bucket;
        }
        while (m < samples->moment_count && samples->moments[m] < end_ms)
            m++;
    }
}

static bool write_bucket(struct store *store, int64_t event_id, enum rollup_grain grain,
                         enum rollup_kind kind, const struct rollup_rows *rows, int64_t bucket_ms,
                         struct err *err)
{
    AUTO_STMT struct stmt remove = {0};
    AUTO_STMT struct stmt add = {0};
    if (!db_prepare(store_db(store), SQL_ROLLUP_REMOVE, &remove, err) ||
        !db_prepare(store_db(store), SQL_ROLLUP_ADD, &add, err))
        return false;
    int64_t bucket = bucket_ms / rollup_step_ms(grain);
    stmt_bind_int(&remove, ":event", event_id);
    stmt_bind_int(&remove, ":grain", grain);
    stmt_bind_int(&remove, ":kind", kind);
    stmt_bind_int(&remove, ":bucket", bucket);
    if (!stmt_run(&remove, err))
        return false;
    stmt_bind_int(&add, ":event", event_id);
    stmt_bind_int(&add, ":grain", grain);
    stmt_bind_int(&add, ":kind", kind);
    stmt_bind_int(&add, ":bucket", bucket);
    stmt_bind_int(&add, ":source", OWN_SOURCE);
    for (size_t i = 0; i < rows->count; i++) {
        const struct measures *measures = &rows->rows[i].measures;
        if (rows->rows[i].at_ms != bucket_ms)
            continue;
        stmt_bind_int(&add, ":scope", rows->rows[i].scope_id);
        stmt_bind_int(&add, ":snapshots", measures->snapshots);
        stmt_bind_int(&add, ":last_offset", measures->last_ms - bucket_ms);
        stmt_bind_int(&add, ":lowest", measures->lowest_tickets);
        stmt_bind_int(&add, ":highest", measures->highest_tickets);
        measures_db_bind(&add, measures);
        if (!stmt_run(&add, err))
            return false;
    }
    return true;
}

static bool sample(struct store *store, const struct atlas *atlas, enum rollup_kind kind,
                   int64_t from_ms, int64_t to_ms, const struct replay_set *known,
                   struct samples *samples, struct err *err)
{
    switch (kind) {
    case ROLLUP_EVENT:
        return samples_from_metrics(store, atlas, SAMPLES_EVENT, from_ms, to_ms, samples, err);
    case ROLLUP_ZONE:
        return samples_from_metrics(store, atlas, SAMPLES_ZONE, from_ms, to_ms, samples, err);
    case ROLLUP_SECTION:
        return samples_from_versions(store, atlas, SAMPLES_SECTION, from_ms, to_ms, known, samples,
                                     err);
    }
    BUG("kind %d", (int)kind);
}

bool fold_sample(struct store *store, const struct atlas *atlas, enum rollup_kind kind,
                 int64_t from_ms, int64_t to_ms, struct samples *samples, struct err *err)
{
    return sample(store, atlas, kind, from_ms, to_ms, NULL, samples, err);
}

static bool fold_hour(struct store *store, const struct atlas *atlas, int64_t hour_ms,
                      const struct replay_set *known, struct err *err)
{
    for (int kind = ROLLUP_EVENT; kind <= ROLLUP_SECTION; kind++) {
        AUTO_SAMPLES struct samples samples = {0};
        AUTO_ROWS struct rollup_rows rows = {0};
        if (!sample(store, atlas, kind, hour_ms, hour_ms + CLOCK_HOUR_MS, known, &samples, err))
            return false;
        fold_samples(&samples, 0, &rows);
        if (!write_bucket(store, atlas->event_id, ROLLUP_HOUR, kind, &rows, hour_ms, err))
            return false;
    }
    return true;
}

static bool fold_day(struct store *store, const struct atlas *atlas, int64_t day_ms,
                     struct err *err)
{
    for (int kind = ROLLUP_EVENT; kind <= ROLLUP_SECTION; kind++) {
        AUTO_ROWS struct rollup_rows rows = {0};
        AUTO_SAMPLES struct samples samples = {0};
        if (!fold_sample(store, atlas, kind, day_ms, day_ms + CLOCK_DAY_MS, &samples, err))
            return false;
        for (size_t s = 0; s < samples.scope_count; s++) {
            struct measures bucket;
            if (samples_fold(&samples, s, day_ms, day_ms + CLOCK_DAY_MS, &bucket) &&
                (bucket.highest_tickets > 0 || kind == ROLLUP_EVENT))
                rollup_rows_add(&rows, day_ms, samples.scopes[s].id)->measures = bucket;
        }
        if (!write_bucket(store, atlas->event_id, ROLLUP_DAY, kind, &rows, day_ms, err))
            return false;
    }
    return true;
}

static bool fold_hours(struct store *store, const struct atlas *atlas, int64_t from_ms,
                       int64_t to_ms, const struct replay_set *known, struct err *err)
{
    AUTO_FREE int64_t *moments = NULL;
    size_t count;
    int64_t first_day = clock_floor(from_ms, CLOCK_DAY_MS),
            end_day = clock_floor(to_ms, CLOCK_DAY_MS);
    if (!replay_moments(store, SQL_SNAPSHOT_TIMES, atlas->event_id, first_day, to_ms, &moments,
                        &count, err))
        return false;
    int64_t hour_done = INT64_MIN, day_done = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        int64_t hour_ms = clock_floor(moments[i], CLOCK_HOUR_MS);
        int64_t day_ms = clock_floor(moments[i], CLOCK_DAY_MS);
        if (hour_ms >= from_ms && hour_ms != hour_done &&
            !fold_hour(store, atlas, hour_ms, known, err))
            return false;
        if (day_ms < end_day && day_ms != day_done && !fold_day(store, atlas, day_ms, err))
            return false;
        hour_done = hour_ms;
        day_done = day_ms;
    }
    return true;
}

bool fold_window(struct store *store, const struct atlas *atlas, int64_t from_ms, int64_t to_ms,
                 struct err *err)
{
    return fold_hours(store, atlas, from_ms, to_ms, NULL, err);
}

bool fold_note(struct store *store, int64_t event_id, int64_t at_ms, const struct replay_set *known,
               struct err *err)
{
    int64_t hour_ms = clock_floor(at_ms, CLOCK_HOUR_MS), folded_ms;
    bool any;
    if (!fold_mark(store, event_id, &any, &folded_ms, err))
        return false;
    if (!any)
        return fold_set_mark(store, event_id, hour_ms, err);
    if (hour_ms == folded_ms)
        return true;
    AUTO_ATLAS struct atlas atlas = {0};
    if (!atlas_load(store, event_id, &atlas, err))
        return false;
    if (hour_ms > folded_ms)
        return fold_hours(store, &atlas, folded_ms, hour_ms, known, err) &&
               fold_set_mark(store, event_id, hour_ms, err);
    int64_t day_ms = clock_floor(at_ms, CLOCK_DAY_MS);
    return fold_hour(store, &atlas, hour_ms, known, err) &&
           (day_ms >= clock_floor(folded_ms, CLOCK_DAY_MS) || fold_day(store, &atlas, day_ms, err));
}

bool fold_write_metrics(struct store *store, int64_t event_id, const struct samples *const kinds[2],
                        size_t moment, struct err *err)
{
    int64_t at_ms = kinds[0]->moments[moment];
    if (!measures_db_forget_metrics(store_db(store), event_id, at_ms, err))
        return false;
    for (int kind = 0; kind < 2; kind++)
        for (size_t s = 0; s < kinds[kind]->scope_count; s++) {
            const struct samples *samples = kinds[kind];
            const struct measures *measures =
                &samples->measures[s * samples->moment_count + moment];
            struct measures_db_key key = {event_id, at_ms, samples->scopes[s].id};
            if ((kind == 0 || measures->listings > 0) &&
                !measures_db_save_metric(store_db(store), &key, measures, err))
                return false;
        }
    return fold_set_metric(store, event_id, at_ms, at_ms, err);
}

bool fold_set_metric(struct store *store, int64_t event_id, int64_t at_ms, int64_t metric_ms,
                     struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_SNAPSHOT_SET_METRIC, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":at", at_ms);
    if (metric_ms == at_ms)
        stmt_bind_null(&stmt, ":metric");
    else
        stmt_bind_int(&stmt, ":metric", metric_ms);
    return stmt_run(&stmt, err);
}

static bool remeasure_moment(struct store *store, const struct atlas *atlas, int64_t at_ms,
                             struct err *err)
{
    AUTO_SAMPLES struct samples event = {0};
    AUTO_SAMPLES struct samples zones = {0};
    const struct samples *const kinds[] = {&event, &zones};
    return samples_from_versions(store, atlas, SAMPLES_EVENT, at_ms, at_ms + 1, NULL, &event,
                                 err) &&
           samples_from_versions(store, atlas, SAMPLES_ZONE, at_ms, at_ms + 1, NULL, &zones, err) &&
           fold_write_metrics(store, atlas->event_id, kinds, 0, err);
}

bool fold_remeasure(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
                    struct err *err)
{
    AUTO_ATLAS struct atlas atlas = {0};
    AUTO_FREE int64_t *moments = NULL;
    size_t count;
    if (!atlas_load(store, event_id, &atlas, err) ||
        !replay_moments(store, SQL_METRIC_BORROWED, event_id, from_ms, to_ms, &moments, &count,
                        err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!remeasure_moment(store, &atlas, moments[i], err))
            return false;
    for (size_t i = 0; i < count; i++) {
        bool last_of_hour = i + 1 == count || clock_floor(moments[i], CLOCK_HOUR_MS) !=
                                                  clock_floor(moments[i + 1], CLOCK_HOUR_MS);
        if (last_of_hour && !fold_note(store, event_id, moments[i], NULL, err))
            return false;
    }
    return true;
}
