#include "core/query_scope.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/int64.h"
#include "base/text.h"
#include "core/listing.h"
#include "io/db.h"
#include "io/uuid.h"

void query_scope_release(struct query_scope *scope)
{
    atlas_release(&scope->atlas);
    if (scope->store)
        tape_settle(scope->store);
    if (scope->reading)
        db_rollback(store_db(scope->store));
    scope->reading = false;
}

int64_t query_scope_step_ms(const struct query_filter *filter)
{
    static const int64_t steps[] = {
        [QUERY_SNAPSHOT] = 1, [QUERY_HOUR] = CLOCK_HOUR_MS, [QUERY_DAY] = CLOCK_DAY_MS};
    return steps[filter->by];
}

/* [from, to) of moments: whole buckets whose start lies in [floor(from), to); without a window all
 * up to now. */
static void set_window(struct query_scope *scope)
{
    const struct query_filter *filter = scope->filter;
    int64_t step_ms = query_scope_step_ms(filter);
    scope->from_ms = clock_floor(filter->has_from ? filter->from_ms : 0, step_ms);
    scope->to_ms = clock_floor(filter->has_to ? filter->to_ms - 1 : clock_now_ms(), step_ms);
    scope->to_ms += step_ms;
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
        scope->section_first_ms = int64_min(scope->section_first_ms, section->first_ms);
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

/* Whether an offer passes section, sizes and tags. */
static bool lets(const struct query_scope *scope, const struct replay_offer *offer, unsigned sizes)
{
    const struct query_filter *filter = scope->filter;
    if (filter->section && strcmp(offer->place->section, filter->section) != 0 &&
        strcmp(offer->place->label, filter->section) != 0)
        return false;
    if (sizes != 0 && (offer->sizes & sizes) == 0)
        return false;
    return (offer->tags & filter->only_tags) == filter->only_tags &&
           (offer->tags & filter->exclude_tags) == 0;
}

bool query_scope_play(const struct query_scope *scope, const struct tape **tape, struct err *err)
{
    return tape_take(scope->store, scope->event->id, scope->from_ms, scope->to_ms, tape, err);
}

bool *query_scope_let(const struct query_scope *scope, const struct tape *tape, unsigned sizes,
                      bool zones)
{
    bool *passes = mem_alloc(tape->offer_count + 1, sizeof *passes);
    for (size_t i = 0; i < tape->offer_count; i++)
        passes[i] = lets(scope, tape->offers[i], sizes) &&
                    (!zones || query_scope_wants(scope, tape->offers[i]->place->zone_id));
    return passes;
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

/* What stands at a moment of a tape. */
static void copy_market(const struct tape *tape, int64_t at_ms, struct replay_set *set)
{
    uint32_t moment = tape_moment(tape, at_ms);
    size_t capacity = 0;
    *set = (struct replay_set){0};
    for (size_t i = 0; i < tape->version_count; i++) {
        const struct tape_version *version = &tape->versions[i];
        if (version->from > moment || version->end <= moment)
            continue;
        set->versions = mem_grow(set->versions, set->count, &capacity, sizeof *set->versions);
        set->versions[set->count++] = (struct replay_version){
            .offer = tape->offers[version->offer],
            .from_ms = at_ms,
            .to_ms = at_ms + 1,
            .price_minor = tape_price(tape, version, MEASURES_BASE),
            .all_in_minor = tape_price(tape, version, MEASURES_ALL_IN),
        };
    }
}

bool query_scope_market(const struct query_scope *scope, int64_t moment_ms, bool *any,
                        int64_t *at_ms, struct replay_set *set, struct err *err)
{
    const struct tape *tape;
    if (!last_snapshot(scope, moment_ms, any, at_ms, err))
        return false;
    if (!*any)
        return true;
    if (!tape_find(scope->store, scope->event->id, *at_ms, *at_ms + 1, &tape, err))
        return false;
    if (tape)
        copy_market(tape, *at_ms, set);
    else if (!replay_load(scope->store, &scope->atlas, *at_ms, *at_ms + 1, set, err))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++)
        if (lets(scope, set->versions[i].offer, scope->filter->sizes))
            set->versions[kept++] = set->versions[i];
    set->count = kept;
    return true;
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
