#include "core/samples.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/measures_db.h"
#include "core/replay.h"
#include "io/db.h"

void samples_release(struct samples *samples)
{
    mem_free(samples->moments);
    mem_free(samples->metric_ms);
    mem_free(samples->scopes);
    mem_free(samples->measures);
    *samples = (struct samples){0};
}

static bool load_moments(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
                         struct samples *samples, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_SNAPSHOT_TIMES, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":from", from_ms);
    stmt_bind_int(&stmt, ":to", to_ms);
    size_t capacity = 0, metric_capacity = 0;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        size_t n = samples->moment_count++;
        samples->moments = mem_grow(samples->moments, n, &capacity, sizeof(int64_t));
        samples->metric_ms = mem_grow(samples->metric_ms, n, &metric_capacity, sizeof(int64_t));
        samples->moments[n] = stmt_int(&stmt, 0);
        samples->metric_ms[n] = stmt_int(&stmt, 1);
    }
    return step == STEP_DONE;
}

static int by_scope_id(const void *a, const void *b)
{
    int64_t left = ((const struct samples_scope *)a)->id;
    int64_t right = ((const struct samples_scope *)b)->id;
    return (left > right) - (left < right);
}

static void list_scopes(const struct atlas *atlas, enum samples_kind kind, struct samples *samples)
{
    size_t most = 1 + atlas->zone_count + atlas->section_count;
    samples->scopes = mem_alloc(most, sizeof *samples->scopes);
    size_t n = 0;
    switch (kind) {
    case SAMPLES_EVENT:
        samples->scopes[n++] = (struct samples_scope){.id = 0, .first_ms = INT64_MIN};
        break;
    case SAMPLES_ZONE:
        for (size_t i = 0; i < atlas->zone_count; i++)
            samples->scopes[n++] =
                (struct samples_scope){atlas->zones[i].id, atlas->zones[i].first_ms};
        break;
    case SAMPLES_SECTION:
        for (size_t i = 0; i < atlas->section_count; i++)
            samples->scopes[n++] =
                (struct samples_scope){atlas->sections[i].id, atlas->sections[i].first_ms};
        break;
    }
    qsort(samples->scopes, n, sizeof *samples->scopes, by_scope_id);
    samples->scope_count = n;
}

/* Moments, scopes, and measures of nothing everywhere. */
static bool lay_out(struct store *store, const struct atlas *atlas, enum samples_kind kind,
                    int64_t from_ms, int64_t to_ms, struct samples *samples, struct err *err)
{
    *samples = (struct samples){0};
    if (!load_moments(store, atlas->event_id, from_ms, to_ms, samples, err))
        return false;
    list_scopes(atlas, kind, samples);
    size_t count = samples->scope_count * samples->moment_count;
    samples->measures = mem_alloc(count + 1, sizeof *samples->measures);
    for (size_t i = 0; i < count; i++)
        measures_empty(&samples->measures[i], samples->moments[i % samples->moment_count]);
    return true;
}

static struct measures *row_of(struct samples *samples, int64_t scope_id)
{
    struct samples_scope key = {.id = scope_id};
    struct samples_scope *scope =
        bsearch(&key, samples->scopes, samples->scope_count, sizeof *samples->scopes, by_scope_id);
    return scope ? samples->measures + (scope - samples->scopes) * samples->moment_count : NULL;
}

static bool read_metrics(struct stmt *stmt, size_t moment, struct samples *samples, struct err *err)
{
    stmt_bind_int(stmt, ":at", samples->metric_ms[moment]);
    enum step step;
    while ((step = stmt_step(stmt, err)) == STEP_ROW) {
        struct measures *row = row_of(samples, stmt_int(stmt, 0));
        if (row == NULL)
            continue; /* the event's row among zones, or the other way round */
        struct measures *measures = &row[moment];
        measures->tickets = stmt_int(stmt, 1);
        measures->lowest_tickets = measures->highest_tickets = measures->tickets;
        measures->listings = stmt_int(stmt, 2);
        measures_db_read(stmt, 3, measures);
    }
    return step == STEP_DONE;
}

bool samples_from_metrics(struct store *store, const struct atlas *atlas, enum samples_kind kind,
                          int64_t from_ms, int64_t to_ms, struct samples *samples, struct err *err)
{
    if (!lay_out(store, atlas, kind, from_ms, to_ms, samples, err))
        return false;
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_METRIC_AT, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", atlas->event_id);
    for (size_t i = 0; i < samples->moment_count; i++)
        if (!read_metrics(&stmt, i, samples, err))
            return false;
    return true;
}

/* A version and the scope it counts for. */
struct scoped {
    int64_t scope_id;
    const struct replay_version *version;
};

static int by_scope(const void *a, const void *b)
{
    int64_t left = ((const struct scoped *)a)->scope_id;
    int64_t right = ((const struct scoped *)b)->scope_id;
    return (left > right) - (left < right);
}

static int64_t scope_of(const struct replay_version *version, enum samples_kind kind)
{
    switch (kind) {
    case SAMPLES_EVENT:
        return 0;
    case SAMPLES_ZONE:
        return version->offer->place->zone_id;
    case SAMPLES_SECTION:
        return version->offer->place->section_id;
    }
    BUG("kind %d", (int)kind);
}

static void add_scoped(const struct replay_set *set, enum samples_kind kind, struct scoped *scoped)
{
    for (size_t i = 0; i < set->count; i++)
        scoped[i] = (struct scoped){scope_of(&set->versions[i], kind), &set->versions[i]};
}

/* Both sets together. */
static void measure_scopes(const struct replay_set *set, const struct replay_set *more,
                           enum samples_kind kind, struct samples *samples)
{
    size_t count = set->count + more->count;
    AUTO_FREE struct scoped *scoped = mem_alloc(count + 1, sizeof *scoped);
    add_scoped(set, kind, scoped);
    add_scoped(more, kind, scoped + set->count);
    qsort(scoped, count, sizeof *scoped, by_scope);
    AUTO_FREE const struct replay_version **group = mem_alloc(count + 1, sizeof *group);
    for (size_t i = 0, n; i < count; i += n) {
        for (n = 0; i + n < count && scoped[i + n].scope_id == scoped[i].scope_id; n++)
            group[n] = scoped[i + n].version;
        replay_measure(group, n, samples->moments, samples->moment_count, MEASURES_KEPT_SIZES,
                       row_of(samples, scoped[i].scope_id));
    }
}

bool samples_from_versions(struct store *store, const struct atlas *atlas, enum samples_kind kind,
                           int64_t from_ms, int64_t to_ms, const struct replay_set *known,
                           struct samples *samples, struct err *err)
{
    static const struct replay_set nothing;
    if (!lay_out(store, atlas, kind, from_ms, to_ms, samples, err))
        return false;
    if (samples->moment_count == 0)
        return true;
    int64_t first_ms = samples->moments[0], last_ms = samples->moments[samples->moment_count - 1];
    bool helps = known != NULL && known->at_ms == last_ms;
    AUTO_REPLAY struct replay_set set = {0};
    if (helps ? !replay_load_ended(store, atlas, first_ms, last_ms, &set, err)
              : !replay_load(store, atlas, first_ms, last_ms + 1, &set, err))
        return false;
    measure_scopes(&set, helps ? known : &nothing, kind, samples);
    return true;
}

bool samples_fold(const struct samples *samples, size_t scope, int64_t from_ms, int64_t to_ms,
                  struct measures *bucket)
{
    *bucket = (struct measures){0};
    const struct measures *row = samples->measures + scope * samples->moment_count;
    for (size_t i = 0; i < samples->moment_count; i++) {
        int64_t at_ms = samples->moments[i];
        if (at_ms >= from_ms && at_ms < to_ms && at_ms >= samples->scopes[scope].first_ms)
            measures_merge(bucket, &row[i]);
    }
    return bucket->snapshots > 0;
}
