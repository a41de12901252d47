/* The map in a listings answer of Vivid Seats: zones (`groups`) and sections under the ids by which
 * tickets name them. */
#ifndef CORE_VIVIDSEATS_MAP_H
#define CORE_VIVIDSEATS_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "core/listing.h"
#include "io/json.h"

enum { VIVIDSEATS_MAP_MAX = 20000 }; /* zones or sections of one venue; seen 167 */

/* A zone or a section. */
struct vividseats_place {
    const char *id;
    uint64_t prefix;  /* of the id */
    const char *raw;  /* the name as it stands in the document, and valid as long */
    const char *name; /* safe to print */
    const char *zone; /* of a section: the name of its zone */
    size_t order;     /* in the answer */
    unsigned tags;    /* what its name says */
};

struct vividseats_places {
    struct vividseats_place *list; /* sorted by id */
    size_t count;
};

/* All memory is the market's arena. */
struct vividseats_map {
    struct vividseats_places zones, sections;
};

/* Reads the arrays into `map`, and zones and sections, each name once, into the market. Places
   without a name are passed over. */
void vividseats_map_read(struct vividseats_map *map, struct market *market,
                         const struct json *groups, const struct json *sections);

/* The name of a ticket's zone; LISTING_UNMAPPED when its id is "0" or unknown. */
const char *vividseats_map_zone(const struct vividseats_map *map, const struct json *id);

/* A ticket's section; NULL when its id is "0" or unknown. */
const struct vividseats_place *vividseats_map_section(const struct vividseats_map *map,
                                                      const struct json *id);

#endif
