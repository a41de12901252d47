#include "core/vividseats_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/field.h"
#include "core/tags.h"

static int compare_order(const struct vividseats_place *a, const struct vividseats_place *b)
{
    return (a->order > b->order) - (a->order < b->order);
}

static int compare_by_name(const void *left, const void *right)
{
    const struct vividseats_place *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : compare_order(a, b);
}

static int compare_by_id(const void *left, const void *right)
{
    const struct vividseats_place *a = left, *b = right;
    int order = strcmp(a->id, b->id);
    return order != 0 ? order : compare_order(a, b);
}

static int compare_zones(const void *left, const void *right)
{
    const struct listing_zone *a = left, *b = right;
    return a->display_order - b->display_order;
}

static void sort_places(struct vividseats_places *places,
                        int (*compare)(const void *, const void *))
{
    if (places->count > 1)
        qsort(places->list, places->count, sizeof *places->list, compare);
}

static bool is_before(const struct vividseats_place *place, uint64_t prefix, const char *id)
{
    return place->prefix != prefix ? place->prefix < prefix : strcmp(place->id, id) < 0;
}

/* The first place under an id. "0" is the platform's "nowhere". */
static const struct vividseats_place *find(const struct vividseats_places *places,
                                           const struct json *value)
{
    char room[FIELD_TEXT_MAX];
    const char *id = field_text(value, room);
    size_t low = 0, high = places->count;
    if (!id || strcmp(id, "0") == 0)
        return NULL;
    uint64_t prefix = text_prefix(id);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_before(&places->list[middle], prefix, id))
            low = middle + 1;
        else
            high = middle;
    }
    return low < places->count && strcmp(places->list[low].id, id) == 0 ? &places->list[low] : NULL;
}

const char *vividseats_map_zone(const struct vividseats_map *map, const struct json *id)
{
    const struct vividseats_place *zone = find(&map->zones, id);
    return zone ? zone->name : LISTING_UNMAPPED;
}

const struct vividseats_place *vividseats_map_section(const struct vividseats_map *map,
                                                      const struct json *id)
{
    return find(&map->sections, id);
}

static void read_places(struct vividseats_places *places, const struct vividseats_map *map,
                        struct arena *arena, const struct json *array)
{
    *places = (struct vividseats_places){
        .list = arena_array(arena, json_count(array), sizeof *places->list)};
    for (const struct json *item = json_first(array); item; item = json_next(item)) {
        char room[FIELD_TEXT_MAX];
        const char *id = field_text(json_get(item, "i"), room);
        const char *raw = json_string(json_get(item, "n"));
        const char *name = raw ? field_keep(arena, raw, LISTING_NAME_MAX) : "";
        if (!id || !*name || strcmp(name, LISTING_UNMAPPED) == 0)
            continue;
        places->list[places->count] = (struct vividseats_place){
            .id = arena_strdup(arena, id),
            .prefix = text_prefix(id),
            .raw = raw,
            .name = name,
            .zone = vividseats_map_zone(map, json_get(item, "g")),
            .order = places->count,
            .tags = tags_of_name(raw),
        };
        places->count++;
    }
}

static bool is_first_of_name(const struct vividseats_places *places, size_t i)
{
    return i == 0 || strcmp(places->list[i - 1].name, places->list[i].name) != 0;
}

static void put_zones(struct market *market, struct vividseats_places *zones)
{
    market->zones = arena_array(&market->arena, zones->count, sizeof *market->zones);
    sort_places(zones, compare_by_name);
    for (size_t i = 0; i < zones->count; i++)
        if (is_first_of_name(zones, i))
            market->zones[market->zone_count++] =
                (struct listing_zone){zones->list[i].name, (int)zones->list[i].order};
    if (market->zone_count > 1)
        qsort(market->zones, market->zone_count, sizeof *market->zones, compare_zones);
}

static void put_sections(struct market *market, struct vividseats_places *sections)
{
    market->sections = arena_array(&market->arena, sections->count, sizeof *market->sections);
    sort_places(sections, compare_by_name);
    for (size_t i = 0; i < sections->count; i++)
        if (is_first_of_name(sections, i))
            market->sections[market->section_count++] =
                (struct listing_section){sections->list[i].name, sections->list[i].zone};
}

void vividseats_map_read(struct vividseats_map *map, struct market *market,
                         const struct json *groups, const struct json *sections)
{
    *map = (struct vividseats_map){0};
    read_places(&map->zones, map, &market->arena, groups);
    put_zones(market, &map->zones);
    sort_places(&map->zones, compare_by_id);
    read_places(&map->sections, map, &market->arena, sections);
    put_sections(market, &map->sections);
    sort_places(&map->sections, compare_by_id);
}
