#include "core/query_scope.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/listing.h"
#include "core/samples.h"
#include "io/db.h"
#include "io/uuid.h"

void query_scope_release(struct query_scope *scope)
{
    atlas_release(&scope->atlas);
    if (scope->reading)
        db_rollback(store_db(scope->store));
    scope->reading = false;
}

static int64_t step_of(const struct query_filter *filter)
{
    return filter->by == QUERY_DAY ? CLOCK_DAY_MS : CLOCK_HOUR_MS;
}

/* [from, to) of moments: whole buckets whose start lies in [floor(from), to); without a window all
 * up to now. */
static void set_window(struct query_scope *scope)
{
    const struct query_filter *filter = scope->filter;
    scope->from_ms = filter->has_from ? filter->from_ms : 0;
    scope->to_ms = filter->has_to ? filter->to_ms : clock_now_ms() + 1;
    if (filter->by == QUERY_SNAPSHOT)
        return;
    scope->from_ms = clock_floor(scope->from_ms, step_of(filter));
    scope->to_ms = clock_floor(scope->to_ms - 1, step_of(filter)) + step_of(filter);
}

static bool unknown_name(const struct query_scope *scope, const char *what, const char *name,
                         struct err *err)
{
    char event[EVENT_NAME_MAX + 8], known[ERR_HINT_MAX] = "";
    size_t used = 0;
    for (size_t i = 0; i < scope->atlas.zone_count && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "",
                                 scope->atlas.zones[i].name);
    err_set(err, ERR_NOT_FOUND, "event '%s' has no %s '%s'", event_name(event, scope->event), what,
            name);
    return err_hint(err, "its zones: %s", known[0] ? known : "none seen yet");
}

static const struct atlas_zone *find_zone(const struct atlas *atlas, const char *name)
{
    const struct atlas_zone *zone = atlas_find_zone(atlas, name);
    for (size_t i = 0; zone == NULL && i < atlas->zone_count; i++)
        if (text_same_folded(atlas->zones[i].name, name))
            zone = &atlas->zones[i];
    return zone;
}

static bool resolve_zones(struct query_scope *scope, struct err *err)
{
    for (size_t i = 0; i < scope->filter->zone_count; i++) {
        const char *name = scope->filter->zones[i];
        if (strcmp(name, "*") == 0)
            continue; /* the whole event */
        const struct atlas_zone *zone = find_zone(&scope->atlas, name);
        if (zone == NULL)
            return unknown_name(scope, "zone", name, err);
        scope->zones[scope->zone_count++] = zone;
    }
    return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A section is named by its own name or by a label that sellers gave it. */
static bool resolve_section(struct query_scope *scope, struct err *err)
{
    const char *name = scope->filter->section;
    if (name == NULL)
        return true;
    scope->section = atlas_find_section(&scope->atlas, name);
    bool known = scope->section != NULL;
    scope->section_first_ms = known ? scope->section->first_ms : INT64_MAX;
    for (size_t i = 0; i < scope->atlas.place_count; i++) {
        const struct atlas_place *place = scope->atlas.places[i];
        if (strcmp(place->label, name) != 0)
            continue;
        known = true;
        const struct atlas_section *section = atlas_find_section(&scope->atlas, place->section);
        scope->section_first_ms = earlier(scope->section_first_ms, section->first_ms);
        if (scope->section && place->section_id != scope->section->id)
            scope->section =
                NULL; /* two things under one name: only a replay can tell them apart */
    }
    return known || unknown_name(scope, "section", name, err);
}

bool query_scope_open(struct store *store, const struct event *event,
                      const struct query_filter *filter, struct query_scope *scope, struct err *err)
{
    *scope = (struct query_scope){.store = store, .event = event, .filter = filter};
    set_window(scope);
    scope->reading = db_begin_read(store_db(store), err);
    return scope->reading && atlas_load(store, event->id, &scope->atlas, err) &&
           resolve_zones(scope, err) && resolve_section(scope, err);
}

bool query_scope_lets(const struct query_scope *scope, const struct replay_version *version,
                      unsigned sizes)
{
    const struct query_filter *filter = scope->filter;
    if (filter->section && strcmp(version->offer->place->section, filter->section) != 0 &&
        strcmp(version->offer->place->label, filter->section) != 0)
        return false;
    if (sizes != 0 && (version->offer->sizes & sizes) == 0)
        return false;
    return (version->offer->tags & filter->only_tags) == filter->only_tags &&
           (version->offer->tags & filter->exclude_tags) == 0;
}

bool query_scope_wants(const struct query_scope *scope, int64_t zone_id)
{
    for (size_t i = 0; i < scope->zone_count; i++)
        if (scope->zones[i]->id == zone_id)
            return true;
    return scope->zone_count == 0;
}

static bool last_snapshot(const struct query_scope *scope, int64_t moment_ms, bool *any,
                          int64_t *at_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(scope->store), SQL_SNAPSHOT_BEFORE, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", scope->event->id);
    stmt_bind_int(&stmt, ":at", moment_ms + 1);
    enum step step = stmt_step(&stmt, err);
    *any = step == STEP_ROW;
    *at_ms = *any ? stmt_int(&stmt, 0) : 0;
    return step != STEP_ERROR;
}

bool query_scope_market(const struct query_scope *scope, int64_t moment_ms, bool *any,
                        int64_t *at_ms, struct replay_set *set, struct err *err)
{
    if (!last_snapshot(scope, moment_ms, any, at_ms, err))
        return false;
    if (!*any)
        return true;
    if (!replay_load(scope->store, &scope->atlas, *at_ms, *at_ms + 1, set, err))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++)
        if (query_scope_lets(scope, &set->versions[i], scope->filter->sizes))
            set->versions[kept++] = set->versions[i];
    set->count = kept;
    return true;
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
        int64_t at_ms = scope->filter->by == QUERY_SNAPSHOT
                            ? moments[i]
                            : clock_floor(moments[i], step_of(scope->filter));
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

struct frame_cell query_scope_price(int64_t price)
{
    return price == MEASURES_NONE ? frame_null() : frame_number(price);
}

static const char *const granularities[] = {"snapshot", "hour", "day"};

void query_scope_meta(const struct query_scope *scope, bool series, struct frame *frame)
{
    const struct query_filter *filter = scope->filter;
    struct arena *arena = &frame->arena;
    char event[EVENT_NAME_MAX + 8], uuid[UUID_TEXT_MAX];
    const char **zones = arena_array(arena, QUERY_ZONES_MAX, sizeof *zones);
    for (size_t i = 0; i < scope->zone_count; i++)
        zones[i] = arena_strdup(arena, scope->zones[i]->name);
    frame->meta = (struct frame_meta){
        .event = arena_strdup(arena, event_name(event, scope->event)),
        .event_id = arena_strdup(arena, event_uuid(uuid, scope->event)),
        .event_name = arena_strdup(arena, scope->event->name[0] ? scope->event->name : event),
        .currency = arena_strdup(arena, scope->event->currency),
        .price_basis = filter->basis == MEASURES_BASE ? "base" : "all-in",
        .granularity = series ? granularities[filter->by] : NULL,
        .zones = {.count = scope->zone_count, .texts = zones},
        .section = arena_strdup(arena, filter->section),
        .has_from = filter->has_from,
        .has_to = filter->has_to,
        .from_ms = filter->from_ms,
        .to_ms = filter->to_ms,
    };
}
