/* Measures over time: from what is stored of them where that answers, else from the versions. */
#include "base/clock.h"
#include "base/mem.h"
#include "core/query_scope.h"
#include "core/samples.h"

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Good snapshots of a window, and the versions in it that pass. */
struct replayed {
    int64_t *moments;
    size_t moment_count;
    struct replay_set set; /* what did not pass is left out */
};

static void replayed_release(struct replayed *replayed)
{
    mem_free(replayed->moments);
    replay_release(&replayed->set);
}

static bool replayed_load(const struct query_scope *scope, int64_t from_ms, unsigned filter_sizes,
                          struct replayed *replayed, struct err *err)
{
    struct replay_set *set = &replayed->set;
    if (!replay_moments(scope->store, scope->event->id, later(from_ms, scope->section_first_ms),
                        scope->to_ms, &replayed->moments, &replayed->moment_count, err))
        return false;
    if (replayed->moment_count == 0)
        return true;
    int64_t last_ms = replayed->moments[replayed->moment_count - 1];
    if (!replay_load(scope->store, &scope->atlas, replayed->moments[0], last_ms + 1, set, err))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++)
        if (query_scope_lets(scope, &set->versions[i], filter_sizes))
            set->versions[kept++] = set->versions[i];
    set->count = kept;
    return true;
}

/* Measures a zone (NULL: the event) at the moments from its first sighting on, and merges them into buckets. */
static void replayed_measure(const struct query_scope *scope, const struct replayed *replayed,
                             const struct atlas_zone *zone, unsigned group_sizes,
                             struct rollup_rows *rows)
{
    const struct replay_set *set = &replayed->set;
    size_t first = 0, count = 0;
    while (zone && first < replayed->moment_count && replayed->moments[first] < zone->first_ms)
        first++;
    const int64_t *moments = replayed->moments + first;
    size_t moment_count = replayed->moment_count - first;
    AUTO_FREE const struct replay_version **versions = mem_alloc(set->count + 1, sizeof *versions);
    for (size_t i = 0; i < set->count; i++)
        if (!zone || set->versions[i].offer->place->zone_id == zone->id)
            versions[count++] = &set->versions[i];
    AUTO_FREE struct measures *measures = mem_alloc(moment_count + 1, sizeof *measures);
    replay_measure(versions, count, moments, moment_count, group_sizes, measures);
    for (size_t i = 0; i < moment_count; i++) {
        int64_t at_ms = clock_floor(moments[i], query_scope_step_ms(scope->filter));
        bool same = rows->count > 0 && rows->rows[rows->count - 1].at_ms == at_ms;
        struct rollup_row *row =
            same ? &rows->rows[rows->count - 1] : rollup_rows_add(rows, at_ms, zone ? zone->id : 0);
        measures_merge(&row->measures, &measures[i]);
    }
}

static bool replay_series(const struct query_scope *scope, const struct atlas_zone *const *zones,
                          size_t count, unsigned filter_sizes, unsigned group_sizes,
                          struct rollup_rows *rows, struct err *err)
{
    struct replayed replayed = {0};
    int64_t first_ms = INT64_MAX;
    for (size_t i = 0; i < count; i++)
        first_ms = earlier(first_ms, zones[i] ? zones[i]->first_ms : 0);
    bool ok = replayed_load(scope, later(scope->from_ms, first_ms), filter_sizes, &replayed, err);
    for (size_t i = 0; ok && i < count && replayed.moment_count > 0; i++)
        replayed_measure(scope, &replayed, zones[i], group_sizes, &rows[i]);
    replayed_release(&replayed);
    return ok;
}

/* Whether what is stored of a zone answers; else its versions must. */
static bool is_kept(const struct query_scope *scope, const struct atlas_zone *zone,
                    unsigned filter_sizes, unsigned group_sizes)
{
    const struct query_filter *filter = scope->filter;
    bool kept = (group_sizes & ~(unsigned)MEASURES_KEPT_SIZES) == 0;
    bool named = filter->section == NULL || (scope->section && zone == NULL);
    bool rolled = filter->by != QUERY_SNAPSHOT || filter->section == NULL;
    return kept && named && rolled && !filter_sizes && !filter->only_tags && !filter->exclude_tags;
}

static enum rollup_grain grain_of(const struct query_filter *filter)
{
    return filter->by == QUERY_DAY ? ROLLUP_DAY : ROLLUP_HOUR;
}

static bool kept_series(const struct query_scope *scope, const struct atlas_zone *zone,
                        struct rollup_rows *rows, struct err *err)
{
    int64_t zone_id = zone ? zone->id : 0;
    if (scope->filter->by == QUERY_SNAPSHOT)
        return rollup_read_snapshots(scope->store, scope->event->id, zone_id, scope->from_ms,
                                     scope->to_ms, rows, err);
    enum rollup_kind kind = scope->section ? ROLLUP_SECTION : zone ? ROLLUP_ZONE : ROLLUP_EVENT;
    return rollup_read(scope->store, scope->event->id, grain_of(scope->filter), kind,
                       scope->section ? scope->section->id : zone_id, scope->from_ms, scope->to_ms,
                       rows, err);
}

static bool every_zone_by_snapshot(const struct query_scope *scope, struct rollup_rows *rows,
                                   struct err *err)
{
    AUTO_SAMPLES struct samples samples = {0};
    if (!samples_from_metrics(scope->store, &scope->atlas, SAMPLES_ZONE, scope->from_ms,
                              scope->to_ms, &samples, err))
        return false;
    for (size_t i = 0; i < samples.scope_count * samples.moment_count; i++) {
        const struct samples_scope *of = &samples.scopes[i / samples.moment_count];
        int64_t at_ms = samples.moments[i % samples.moment_count];
        if (at_ms >= of->first_ms)
            rollup_rows_add(rows, at_ms, of->id)->measures = samples.measures[i];
    }
    return true;
}

static bool kept_each(const struct query_scope *scope, const struct atlas_zone *const *zones,
                      size_t count, struct rollup_rows *rows, struct err *err)
{
    AUTO_ROWS struct rollup_rows every = {0};
    bool ok = scope->filter->by == QUERY_SNAPSHOT
                  ? every_zone_by_snapshot(scope, &every, err)
                  : rollup_read_zones(scope->store, scope->event->id, grain_of(scope->filter),
                                      scope->from_ms, scope->to_ms, &every, err);
    for (size_t i = 0; ok && i < count; i++) {
        if (zones[i] == NULL) {
            ok = kept_series(scope, NULL, &rows[i], err);
            continue;
        }
        for (size_t r = 0; r < every.count; r++)
            if (every.rows[r].scope_id == zones[i]->id)
                *rollup_rows_add(&rows[i], 0, 0) = every.rows[r];
    }
    return ok;
}

bool query_scope_series_each(const struct query_scope *scope, const struct atlas_zone *const *zones,
                             size_t count, unsigned filter_sizes, unsigned group_sizes,
                             struct rollup_rows *rows, struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (!is_kept(scope, zones[i], filter_sizes, group_sizes))
            return replay_series(scope, zones, count, filter_sizes, group_sizes, rows, err);
    return count == 1 ? kept_series(scope, zones[0], rows, err)
                      : kept_each(scope, zones, count, rows, err);
}

bool query_scope_series(const struct query_scope *scope, const struct atlas_zone *zone,
                        unsigned filter_sizes, unsigned group_sizes, struct rollup_rows *rows,
                        struct err *err)
{
    return query_scope_series_each(scope, &zone, 1, filter_sizes, group_sizes, rows, err);
}
