/* The map of an event as the store knows it: zones, sections and places, found by name and added when new. */
#ifndef CORE_ATLAS_H
#define CORE_ATLAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/store.h"

struct atlas_zone {
    int64_t id;
    const char *name;
    int display_order; /* as the newest map that lists it says */
    int64_t first_ms;  /* first good poll that had it */
    int64_t mapped_ms; /* last good poll whose map listed it, as in sql/sqlite/0001_init.sql */
    bool listed;       /* by the map that is being noted */
};

struct atlas_section {
    int64_t id;
    const char *name;
    int64_t zone_id; /* as the newest map that lists it says */
    int64_t first_ms;
    int64_t mapped_ms;
    bool listed;
};

struct atlas_place {
    int64_t id, section_id, zone_id;
    const char *label, *section, *zone;
};

/* Everything of one event in memory; texts live in the arena. */
struct atlas {
    struct arena arena;
    int64_t event_id;
    struct atlas_zone *zones; /* by display_order, name; new ones at the end */
    size_t zone_count, zone_capacity;
    struct atlas_section *sections; /* by name; new ones at the end */
    size_t section_count, section_capacity;
    size_t next_section;           /* behind the one that was seen last */
    struct atlas_place **places;   /* by id */
    struct atlas_place **by_label; /* the same by label, section, zone */
    size_t place_count, place_capacity, label_capacity;
    int64_t *moved; /* former first sightings of what an older poll now was the first to have */
    size_t moved_count, moved_capacity;
};

/* Loads the map of an event. */
bool atlas_load(struct store *store, int64_t event_id, struct atlas *atlas, struct err *err);

/* Frees it. Safe on a zeroed one. */
void atlas_release(struct atlas *atlas);
#define AUTO_ATLAS __attribute__((cleanup(atlas_release)))

/* A zone or section by name; NULL when the event has none such. Valid until one is added. */
const struct atlas_zone *atlas_find_zone(const struct atlas *atlas, const char *name);
const struct atlas_section *atlas_find_section(const struct atlas *atlas, const char *name);

/* A place by its row id; NULL when there is none. Lives as long as the atlas. */
const struct atlas_place *atlas_place_by_id(const struct atlas *atlas, int64_t id);

/* Whose map or listing it is that says something. `newest`: no later good poll is stored. */
struct atlas_sighting {
    int64_t at_ms;
    bool newest;
};

/* Notes that a poll had a zone, inside the caller's transaction: adds it, or moves its first sighting, and its order if no
   newer map lists it. A negative display_order is not that of a map: it leaves the order as it is (a new zone goes last).
   Returns its id, 0 with err on failure. */
int64_t atlas_see_zone(struct store *store, struct atlas *atlas, const char *name,
                       int display_order, const struct atlas_sighting *sighting, struct err *err);

/* Notes that the map of a poll has a section in a zone. Returns its id, 0 on failure. */
int64_t atlas_see_section(struct store *store, struct atlas *atlas, const char *name,
                          int64_t zone_id, const struct atlas_sighting *sighting, struct err *err);

/* After the map of the newest poll: what that map no longer lists was last listed by the newest poll until then, at
   `before_ms`. */
bool atlas_close_map(struct store *store, struct atlas *atlas, int64_t before_ms, struct err *err);

/* The place of a label in a section and zone, added when new, both of which are noted as seen. NULL on failure. */
const struct atlas_place *atlas_see_place(struct store *store, struct atlas *atlas,
                                          const char *label, const char *section, const char *zone,
                                          const struct atlas_sighting *sighting, struct err *err);

#endif
