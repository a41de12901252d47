#include "tui/marker.h"

#include <string.h>

static const struct marker markers[] = {
    {"braille", "2 x 4 dots a cell", 2, 4, false, 0x2802},
    {"quadrant", "2 x 2 blocks a cell", 2, 2, false, 0x2591},
    {"half", "1 x 2 blocks a cell", 1, 2, false, 0x2591},
    {"block", "one block a cell", 1, 1, false, 0x2591},
    {"ascii", "letters of ASCII only", 1, 1, true, ':'},
};

enum { MARKER_COUNT = sizeof(markers) / sizeof(markers[0]) };

const struct marker *marker_find(const char *name)
{
    for (size_t i = 0; i < MARKER_COUNT; i++)
        if (!strcmp(markers[i].name, name))
            return &markers[i];
    return NULL;
}

const struct marker *marker_at(size_t index)
{
    return index < MARKER_COUNT ? &markers[index] : NULL;
}

/* Unicode numbers the left column's first three dots 0..2, the right's 3..5, the bottom pair 6
 * and 7. */
static uint32_t braille(unsigned dots)
{
    static const unsigned char bits[8] = {0, 3, 1, 4, 2, 5, 6, 7};
    uint32_t glyph = 0x2800;
    for (unsigned i = 0; i < 8; i++)
        if (dots & 1u << i)
            glyph |= 1u << bits[i];
    return glyph;
}

uint32_t marker_glyph(const struct marker *marker, unsigned dots, unsigned series)
{
    static const uint32_t quadrants[16] = {' ',    0x2598, 0x259d, 0x2580, 0x2596, 0x258c,
                                           0x259e, 0x259b, 0x2597, 0x259a, 0x2590, 0x259c,
                                           0x2584, 0x2599, 0x259f, 0x2588};
    static const uint32_t halves[4] = {' ', 0x2580, 0x2584, 0x2588};
    static const uint32_t blocks[4] = {0x2588, 0x2593, 0x2592, 0x25a0};
    static const char letters[] = "*+ox#@%&";
    if (dots == 0)
        return ' ';
    switch (marker->dots_x * marker->dots_y) {
    case 8:
        return braille(dots);
    case 4:
        return quadrants[dots & 15];
    case 2:
        return halves[dots & 3];
    }
    return marker->ascii ? (uint32_t)letters[series % 8] : blocks[series % 4];
}
