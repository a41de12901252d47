/* Measures over time: from what is stored of them where that answers, else from the versions. */
#include "base/clock.h"
#include "base/int64.h"
#include "base/mem.h"
#include "core/query_scope.h"
#include "core/samples.h"
#include "core/standing.h"

/* Moments of a tape, and which of its offers pass. */
struct replayed {
    const struct tape *tape;
    bool *passes;
    uint32_t first, end;
};

/* Where versions stand at the moments from `first` on; mem_alloc()ed. */
static struct standing_span *list_spans(const struct replayed *replayed, uint32_t first,
                                        const struct atlas_zone *zone, size_t *count)
{
    const struct tape *tape = replayed->tape;
    struct standing_span *spans = NULL;
    size_t capacity = 0;
    *count = 0;
    for (size_t i = 0; i < tape->version_count; i++) {
        const struct tape_version *version = &tape->versions[i];
        const struct replay_offer *offer = tape->offers[version->offer];
        if (version->from >= replayed->end || version->end <= first ||
            !replayed->passes[version->offer] || (zone && offer->place->zone_id != zone->id))
            continue;
        spans = mem_grow(spans, *count, &capacity, sizeof *spans);
        spans[(*count)++] = (struct standing_span){
            .from = version->from > first ? version->from - first : 0,
            .end = (version->end < replayed->end ? version->end : replayed->end) - first,
            .rank = {version->rank[MEASURES_BASE], version->rank[MEASURES_ALL_IN]},
            .quantity = offer->quantity,
            .sizes = (uint8_t)offer->sizes,
        };
    }
    return spans;
}

/* Measures a zone (NULL: the event) at the moments from its first sighting on, and merges them into buckets. */
static void replayed_measure(const struct query_scope *scope, const struct replayed *replayed,
                             const struct atlas_zone *zone, unsigned group_sizes,
                             struct rollup_rows *rows)
{
    const struct tape *tape = replayed->tape;
    uint32_t first = replayed->first;
    while (zone && first < replayed->end && tape->moments[first] < zone->first_ms)
        first++;
    const int64_t *moments = tape->moments + first;
    size_t moment_count = replayed->end - first, count;
    AUTO_FREE struct standing_span *spans = list_spans(replayed, first, zone, &count);
    AUTO_FREE struct measures *measures = mem_alloc(moment_count + 1, sizeof *measures);
    struct standing standing = {tape->prices, tape->price_count, spans, count};
    standing_measure(&standing, moments, moment_count, group_sizes, measures);
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
    struct replayed replayed;
    if (!query_scope_play(scope, &replayed.tape, err))
        return false;
    replayed.passes = query_scope_let(scope, replayed.tape, filter_sizes, false);
    replayed.first = tape_moment(replayed.tape, int64_max(scope->from_ms, scope->section_first_ms));
    replayed.end = tape_moment(replayed.tape, scope->to_ms);
    for (size_t i = 0; i < count && replayed.first < replayed.end; i++)
        replayed_measure(scope, &replayed, zones[i], group_sizes, &rows[i]);
    mem_free(replayed.passes);
    return true;
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
