#include "core/atlas.h"

#include <stdlib.h>
#include <string.h>

#include "io/db.h"

void atlas_release(struct atlas *atlas)
{
    mem_free(atlas->zones);
    mem_free(atlas->sections);
    mem_free(atlas->places);
    mem_free(atlas->by_label);
    mem_free(atlas->moved);
    arena_release(&atlas->arena);
    *atlas = (struct atlas){0};
}

static struct atlas_zone *zone_by_name(const struct atlas *atlas, const char *name)
{
    for (size_t i = 0; i < atlas->zone_count; i++)
        if (strcmp(atlas->zones[i].name, name) == 0)
            return &atlas->zones[i];
    return NULL;
}

/* Looks from `first` on and round: a map tells of its sections in the same order each time. */
static struct atlas_section *section_by_name(const struct atlas *atlas, const char *name,
                                             size_t first)
{
    for (size_t i = 0, at = first; i < atlas->section_count; i++, at++) {
        at = at < atlas->section_count ? at : 0;
        if (strcmp(atlas->sections[at].name, name) == 0)
            return &atlas->sections[at];
    }
    return NULL;
}

const struct atlas_zone *atlas_find_zone(const struct atlas *atlas, const char *name)
{
    return zone_by_name(atlas, name);
}

const struct atlas_section *atlas_find_section(const struct atlas *atlas, const char *name)
{
    return section_by_name(atlas, name, 0);
}

static const char *zone_name(const struct atlas *atlas, int64_t id)
{
    for (size_t i = 0; i < atlas->zone_count; i++)
        if (atlas->zones[i].id == id)
            return atlas->zones[i].name;
    return NULL;
}

static const char *section_name(const struct atlas *atlas, int64_t id)
{
    for (size_t i = 0; i < atlas->section_count; i++)
        if (atlas->sections[i].id == id)
            return atlas->sections[i].name;
    return NULL;
}

static int compare_id(const void *key, const void *element)
{
    int64_t id = *(const int64_t *)key, other = (*(struct atlas_place *const *)element)->id;
    return (id > other) - (id < other);
}

const struct atlas_place *atlas_place_by_id(const struct atlas *atlas, int64_t id)
{
    /* mostly an event has its ids in a row, from its first poll */
    size_t guess = atlas->place_count > 0 ? (size_t)(id - atlas->places[0]->id) : 0;
    if (guess < atlas->place_count && atlas->places[guess]->id == id)
        return atlas->places[guess];
    struct atlas_place **found =
        atlas->place_count == 0
            ? NULL
            : bsearch(&id, atlas->places, atlas->place_count, sizeof *atlas->places, compare_id);
    return found ? *found : NULL;
}

static int compare_place(const struct atlas_place *place, const char *label, const char *section,
                         const char *zone)
{
    int order = strcmp(label, place->label);
    if (order == 0)
        order = strcmp(section, place->section);
    return order ? order : strcmp(zone, place->zone);
}

/* Where in by_label a place stands, or would have to be put. */
static size_t place_position(const struct atlas *atlas, const char *label, const char *section,
                             const char *zone, bool *found)
{
    size_t low = 0, high = atlas->place_count;
    *found = false;
    while (low < high && !*found) {
        size_t middle = low + (high - low) / 2;
        int order = compare_place(atlas->by_label[middle], label, section, zone);
        if (order == 0)
            *found = true;
        if (order > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return high;
}

/* Ids only grow, so the newest place is the last by id. */
static struct atlas_place *put_place(struct atlas *atlas, struct atlas_place place)
{
    bool found;
    struct atlas_place *kept = arena_array(&atlas->arena, 1, sizeof *kept);
    *kept = place;
    size_t at = place_position(atlas, place.label, place.section, place.zone, &found);
    size_t count = atlas->place_count;
    atlas->places =
        mem_grow(atlas->places, count, &atlas->place_capacity, sizeof(struct atlas_place *));
    atlas->by_label =
        mem_grow(atlas->by_label, count, &atlas->label_capacity, sizeof(struct atlas_place *));
    atlas->places[count] = kept;
    memmove(atlas->by_label + at + 1, atlas->by_label + at, (count - at) * sizeof *atlas->by_label);
    atlas->by_label[at] = kept;
    atlas->place_count++;
    return kept;
}

static void put_zone(struct atlas *atlas, struct atlas_zone zone)
{
    zone.name = arena_strdup(&atlas->arena, zone.name);
    atlas->zones =
        mem_grow(atlas->zones, atlas->zone_count, &atlas->zone_capacity, sizeof *atlas->zones);
    atlas->zones[atlas->zone_count++] = zone;
}

static void put_section(struct atlas *atlas, struct atlas_section section)
{
    section.name = arena_strdup(&atlas->arena, section.name);
    atlas->sections = mem_grow(atlas->sections, atlas->section_count, &atlas->section_capacity,
                               sizeof *atlas->sections);
    atlas->sections[atlas->section_count++] = section;
}

static bool load_zone(struct atlas *atlas, const struct stmt *stmt)
{
    put_zone(atlas, (struct atlas_zone){.id = stmt_int(stmt, 0),
                                        .name = stmt_string(stmt, 1),
                                        .display_order = (int)stmt_int(stmt, 2),
                                        .first_ms = stmt_int(stmt, 3),
                                        .mapped_ms = stmt_int(stmt, 4)});
    return true;
}

static bool load_section(struct atlas *atlas, const struct stmt *stmt)
{
    put_section(atlas, (struct atlas_section){.id = stmt_int(stmt, 0),
                                              .name = stmt_string(stmt, 1),
                                              .zone_id = stmt_int(stmt, 2),
                                              .first_ms = stmt_int(stmt, 3),
                                              .mapped_ms = stmt_int(stmt, 4)});
    return true;
}

/* False when its zone or section is not there. */
static bool load_place(struct atlas *atlas, const struct stmt *stmt)
{
    struct atlas_place place = {
        .id = stmt_int(stmt, 0),
        .section_id = stmt_int(stmt, 1),
        .zone_id = stmt_int(stmt, 2),
        .label = arena_strdup(&atlas->arena, stmt_string(stmt, 3)),
        .section = section_name(atlas, stmt_int(stmt, 1)),
        .zone = zone_name(atlas, stmt_int(stmt, 2)),
    };
    if (place.section == NULL || place.zone == NULL)
        return false;
    put_place(atlas, place);
    return true;
}

static bool load(struct store *store, struct atlas *atlas, enum sql_id id,
                 bool (*take)(struct atlas *, const struct stmt *), struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), id, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", atlas->event_id);
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        if (!take(atlas, &stmt))
            return err_set(err, ERR_STORE,
                           "the store is damaged: a place without its zone or section");
    return step == STEP_DONE;
}

bool atlas_load(struct store *store, int64_t event_id, struct atlas *atlas, struct err *err)
{
    *atlas = (struct atlas){.event_id = event_id};
    arena_init(&atlas->arena, 0);
    return load(store, atlas, SQL_ZONE_LIST, load_zone, err) &&
           load(store, atlas, SQL_SECTION_LIST, load_section, err) &&
           load(store, atlas, SQL_PLACE_LIST, load_place, err);
}

static bool add_zone(struct store *store, struct atlas *atlas, struct atlas_zone zone,
                     struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ZONE_ADD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", atlas->event_id);
    stmt_bind_text(&stmt, ":name", zone.name);
    stmt_bind_int(&stmt, ":display_order", zone.display_order);
    stmt_bind_int(&stmt, ":first", zone.first_ms);
    stmt_bind_int(&stmt, ":mapped", zone.mapped_ms);
    if (!stmt_run(&stmt, err))
        return false;
    zone.id = db_last_id(store_db(store));
    put_zone(atlas, zone);
    return true;
}

static bool update_zone(struct store *store, const struct atlas_zone *zone, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ZONE_UPDATE, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":id", zone->id);
    stmt_bind_int(&stmt, ":display_order", zone->display_order);
    stmt_bind_int(&stmt, ":first", zone->first_ms);
    stmt_bind_int(&stmt, ":mapped", zone->mapped_ms);
    return stmt_run(&stmt, err);
}

static void put_moved(struct atlas *atlas, int64_t former_ms)
{
    atlas->moved =
        mem_grow(atlas->moved, atlas->moved_count, &atlas->moved_capacity, sizeof *atlas->moved);
    atlas->moved[atlas->moved_count++] = former_ms;
}

/* Moves a first sighting back to an older poll's time. Buckets between the two now know of the scope. */
static void see_first(struct atlas *atlas, int64_t *first_ms, int64_t at_ms)
{
    if (at_ms >= *first_ms)
        return;
    size_t known = 0;
    while (known < atlas->moved_count && atlas->moved[known] != *first_ms)
        known++;
    if (known == atlas->moved_count)
        put_moved(atlas, *first_ms);
    *first_ms = at_ms;
}

#define MAPPED_NEVER INT64_C(-1)
#define MAPPED_NOW INT64_MAX /* by the newest poll; polls that repeat it need not say so */

/* Whether the map that lists something is the newest that does, and if so notes its time. */
static bool is_newest_map(const struct atlas_sighting *sighting, int64_t *mapped_ms)
{
    if (!sighting->newest && sighting->at_ms < *mapped_ms)
        return false;
    *mapped_ms = sighting->newest ? MAPPED_NOW : sighting->at_ms;
    return true;
}

/* A zone that no map lists, such as Unmapped, stands after those that one does. */
enum { ORDER_LAST = 1000000 };

int64_t atlas_see_zone(struct store *store, struct atlas *atlas, const char *name,
                       int display_order, const struct atlas_sighting *sighting, struct err *err)
{
    struct atlas_zone *zone = zone_by_name(atlas, name);
    struct atlas_zone seen = {.name = name,
                              .display_order = ORDER_LAST,
                              .first_ms = sighting->at_ms,
                              .mapped_ms = MAPPED_NEVER};
    if (zone != NULL)
        seen = *zone;
    see_first(atlas, &seen.first_ms, sighting->at_ms);
    seen.listed = seen.listed || display_order >= 0;
    if (display_order >= 0 && is_newest_map(sighting, &seen.mapped_ms))
        seen.display_order = display_order;
    if (zone == NULL)
        return add_zone(store, atlas, seen, err) ? atlas->zones[atlas->zone_count - 1].id : 0;
    bool same = seen.first_ms == zone->first_ms && seen.mapped_ms == zone->mapped_ms &&
                seen.display_order == zone->display_order;
    if (!same && !update_zone(store, &seen, err))
        return 0;
    *zone = seen;
    return seen.id;
}

static bool add_section(struct store *store, struct atlas *atlas, struct atlas_section section,
                        struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_SECTION_ADD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", atlas->event_id);
    stmt_bind_text(&stmt, ":name", section.name);
    stmt_bind_int(&stmt, ":zone", section.zone_id);
    stmt_bind_int(&stmt, ":first", section.first_ms);
    stmt_bind_int(&stmt, ":mapped", section.mapped_ms);
    if (!stmt_run(&stmt, err))
        return false;
    section.id = db_last_id(store_db(store));
    put_section(atlas, section);
    return true;
}

static bool update_section(struct store *store, const struct atlas_section *section,
                           struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_SECTION_UPDATE, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":id", section->id);
    stmt_bind_int(&stmt, ":zone", section->zone_id);
    stmt_bind_int(&stmt, ":first", section->first_ms);
    stmt_bind_int(&stmt, ":mapped", section->mapped_ms);
    return stmt_run(&stmt, err);
}

/* Notes a section; `mapped`: it is a map that says in which zone it lies, not a listing. */
static int64_t see_section(struct store *store, struct atlas *atlas, const char *name,
                           int64_t zone_id, bool mapped, const struct atlas_sighting *sighting,
                           struct err *err)
{
    struct atlas_section *section = section_by_name(atlas, name, atlas->next_section);
    struct atlas_section seen = {
        .name = name, .zone_id = zone_id, .first_ms = sighting->at_ms, .mapped_ms = MAPPED_NEVER};
    if (section != NULL)
        seen = *section;
    see_first(atlas, &seen.first_ms, sighting->at_ms);
    seen.listed = seen.listed || mapped;
    if (mapped && is_newest_map(sighting, &seen.mapped_ms))
        seen.zone_id = zone_id;
    if (section == NULL)
        return add_section(store, atlas, seen, err) ? atlas->sections[atlas->section_count - 1].id
                                                    : 0;
    bool same = seen.first_ms == section->first_ms && seen.mapped_ms == section->mapped_ms &&
                seen.zone_id == section->zone_id;
    if (!same && !update_section(store, &seen, err))
        return 0;
    *section = seen;
    atlas->next_section = (size_t)(section - atlas->sections) + 1;
    return seen.id;
}

int64_t atlas_see_section(struct store *store, struct atlas *atlas, const char *name,
                          int64_t zone_id, const struct atlas_sighting *sighting, struct err *err)
{
    return see_section(store, atlas, name, zone_id, true, sighting, err);
}

bool atlas_close_map(struct store *store, struct atlas *atlas, int64_t before_ms, struct err *err)
{
    for (size_t i = 0; i < atlas->zone_count; i++) {
        struct atlas_zone *zone = &atlas->zones[i];
        if (zone->listed || zone->mapped_ms != MAPPED_NOW)
            continue;
        zone->mapped_ms = before_ms;
        if (!update_zone(store, zone, err))
            return false;
    }
    for (size_t i = 0; i < atlas->section_count; i++) {
        struct atlas_section *section = &atlas->sections[i];
        if (section->listed || section->mapped_ms != MAPPED_NOW)
            continue;
        section->mapped_ms = before_ms;
        if (!update_section(store, section, err))
            return false;
    }
    return true;
}

static bool add_place(struct store *store, struct atlas *atlas, struct atlas_place *place,
                      struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_PLACE_ADD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", atlas->event_id);
    stmt_bind_int(&stmt, ":section", place->section_id);
    stmt_bind_int(&stmt, ":zone", place->zone_id);
    stmt_bind_text(&stmt, ":label", place->label);
    if (!stmt_run(&stmt, err))
        return false;
    place->id = db_last_id(store_db(store));
    return true;
}

const struct atlas_place *atlas_see_place(struct store *store, struct atlas *atlas,
                                          const char *label, const char *section, const char *zone,
                                          const struct atlas_sighting *sighting, struct err *err)
{
    struct atlas_place place = {0};
    place.zone_id = atlas_see_zone(store, atlas, zone, -1, sighting, err);
    if (place.zone_id == 0)
        return NULL;
    place.section_id = see_section(store, atlas, section, place.zone_id, false, sighting, err);
    if (place.section_id == 0)
        return NULL;
    bool found;
    size_t at = place_position(atlas, label, section, zone, &found);
    if (found)
        return atlas->by_label[at];
    place.label = arena_strdup(&atlas->arena, label);
    place.section = section_name(atlas, place.section_id);
    place.zone = zone_name(atlas, place.zone_id);
    return add_place(store, atlas, &place, err) ? put_place(atlas, place) : NULL;
}
