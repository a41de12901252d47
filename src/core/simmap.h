/* The map of a simulated event: its sections, and how the stock is spread over them. */
#ifndef CORE_SIMMAP_H
#define CORE_SIMMAP_H

#include <stdint.h>

#include "base/mem.h"
#include "core/simvenue.h"

struct simmap_section {
    char name[32];
    int zone;
    int id;          /* the platform's */
    double weight;   /* share of the stock up to and with it; of 1 */
    double dearness; /* of its zone's typical price */
};

struct simmap {
    const struct simvenue_layout *layout;
    struct simmap_section *sections; /* in the arena it was drawn with */
    int section_count;
};

/* Draws the map of a layout; the same for the same key. */
void simmap_draw(struct simmap *map, const struct simvenue_layout *layout, uint64_t key,
                 struct arena *arena);

/* The section in which a listing with a share in [0, 1) lies. */
int simmap_pick(const struct simmap *map, double share);

#endif
