#include "core/simmap.h"

#include <stdio.h>

#include "core/simpick.h"

/* What is asked about a section's key. */
enum question { ASK_STOCK, ASK_SHARE, ASK_DEARNESS };

static int count_sections(const struct simvenue_layout *layout, int zone)
{
    int count = 0;
    for (int i = 0; i < layout->run_count; i++)
        count += zone < 0 || layout->runs[i].zone == zone ? layout->runs[i].count : 0;
    return count;
}

/* One in eight of a zone's sections has nothing to sell; the shares of the others differ. */
static double section_stock(const struct simvenue_layout *layout, int zone, uint64_t key)
{
    int in_zone = count_sections(layout, zone);
    if (in_zone > 2 && simpick_below(key, ASK_STOCK, 8) == 0)
        return 0;
    return layout->zones[zone].weight * (0.6 + 0.8 * simpick_share(key, ASK_SHARE)) / in_zone;
}

static void name_section(struct simmap_section *section, const struct simvenue_run *run, int nth)
{
    if (run->first)
        snprintf(section->name, sizeof section->name, "%s%d", run->prefix, run->first + nth);
    else
        snprintf(section->name, sizeof section->name, "%s", run->prefix);
}

void simmap_draw(struct simmap *map, const struct simvenue_layout *layout, uint64_t key,
                 struct arena *arena)
{
    int total = count_sections(layout, -1), count = 0;
    double weight = 0;
    struct simmap_section *sections = arena_array(arena, (size_t)total, sizeof *sections);
    for (int r = 0; r < layout->run_count; r++) {
        const struct simvenue_run *run = &layout->runs[r];
        for (int i = 0; i < run->count; i++, count++) {
            struct simmap_section *section = &sections[count];
            uint64_t own = simpick_bits(key, (uint64_t)count);
            section->zone = run->zone;
            /* the platform's ids are the section's number where that is telling */
            section->id = run->first >= 100 ? run->first + i : 900 + 7 * count;
            section->weight = weight += section_stock(layout, run->zone, own);
            section->dearness = 0.85 + 0.3 * simpick_share(own, ASK_DEARNESS);
            name_section(section, run, i);
        }
    }
    for (int i = 0; i < total; i++)
        sections[i].weight /= weight;
    *map = (struct simmap){layout, sections, total};
}

int simmap_pick(const struct simmap *map, double share)
{
    int low = 0, high = map->section_count - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (map->sections[middle].weight > share)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
