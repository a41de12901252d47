#include "io/picture_shape.h"

#include <stdbool.h>

#include "io/picture.h"

#define WIDTH ((double)PICTURE_CELL_WIDTH)
#define HEIGHT ((double)PICTURE_CELL_HEIGHT)
#define MIDDLE_X (WIDTH / 2)
#define MIDDLE_Y (HEIGHT / 2)

/* Thicknesses that fall on whole pixels at PICTURE_SCALE; dots nearly touch, so that a line of them is
   a line. */
#define LIGHT 1.0
#define HEAVY 3.0
#define DOT_SIZE 4.0

enum arm { UP = 1, RIGHT = 2, DOWN = 4, LEFT = 8 };

/* Lines from the middle to the sides. */
static const struct {
    uint32_t character;
    unsigned arms;
    double thickness;
} crossings[] = {
    {0x2500, LEFT | RIGHT, LIGHT},
    {0x2501, LEFT | RIGHT, HEAVY},
    {0x2502, UP | DOWN, LIGHT},
    {0x2503, UP | DOWN, HEAVY},
    {0x250c, DOWN | RIGHT, LIGHT},
    {0x250f, DOWN | RIGHT, HEAVY},
    {0x2510, DOWN | LEFT, LIGHT},
    {0x2513, DOWN | LEFT, HEAVY},
    {0x2514, UP | RIGHT, LIGHT},
    {0x2517, UP | RIGHT, HEAVY},
    {0x2518, UP | LEFT, LIGHT},
    {0x251b, UP | LEFT, HEAVY},
    {0x251c, UP | DOWN | RIGHT, LIGHT},
    {0x2523, UP | DOWN | RIGHT, HEAVY},
    {0x2524, UP | DOWN | LEFT, LIGHT},
    {0x252b, UP | DOWN | LEFT, HEAVY},
    {0x252c, LEFT | RIGHT | DOWN, LIGHT},
    {0x2533, LEFT | RIGHT | DOWN, HEAVY},
    {0x2534, LEFT | RIGHT | UP, LIGHT},
    {0x253b, LEFT | RIGHT | UP, HEAVY},
    {0x253c, UP | RIGHT | DOWN | LEFT, LIGHT},
    {0x254b, UP | RIGHT | DOWN | LEFT, HEAVY},
    {0x2574, LEFT, LIGHT},
    {0x2575, UP, LIGHT},
    {0x2576, RIGHT, LIGHT},
    {0x2577, DOWN, LIGHT},
    {0x2578, LEFT, HEAVY},
    {0x2579, UP, HEAVY},
    {0x257a, RIGHT, HEAVY},
    {0x257b, DOWN, HEAVY},
};

static const struct {
    uint32_t character;
    int dashes;
    bool upright;
    double thickness;
} dashed[] = {
    {0x2504, 3, false, LIGHT}, {0x2505, 3, false, HEAVY}, {0x2506, 3, true, LIGHT},
    {0x2507, 3, true, HEAVY},  {0x2508, 4, false, LIGHT}, {0x2509, 4, false, HEAVY},
    {0x250a, 4, true, LIGHT},  {0x250b, 4, true, HEAVY},  {0x254c, 2, false, LIGHT},
    {0x254d, 2, false, HEAVY}, {0x254e, 2, true, LIGHT},  {0x254f, 2, true, HEAVY},
};

/* Whole strokes, as shares of the cell. */
static const struct {
    uint32_t character;
    enum picture_shape_kind kind;
    double x1, y1, x2, y2;
} strokes[] = {
    {0x256d, PICTURE_SHAPE_CURVE, .5, 1, 1, .5}, {0x256e, PICTURE_SHAPE_CURVE, 0, .5, .5, 1},
    {0x256f, PICTURE_SHAPE_CURVE, .5, 0, 0, .5}, {0x2570, PICTURE_SHAPE_CURVE, 1, .5, .5, 0},
    {0x2571, PICTURE_SHAPE_LINE, 0, 1, 1, 0},    {0x2572, PICTURE_SHAPE_LINE, 0, 0, 1, 1},
};

/* Blocks that are one box, as eighths of the cell, and the shades. */
static const struct {
    uint32_t character;
    double left, top, right, bottom;
    double opacity;
} blocks[] = {
    {0x2580, 0, 0, 8, 4, 1},  {0x2581, 0, 7, 8, 8, 1},   {0x2582, 0, 6, 8, 8, 1},
    {0x2583, 0, 5, 8, 8, 1},  {0x2584, 0, 4, 8, 8, 1},   {0x2585, 0, 3, 8, 8, 1},
    {0x2586, 0, 2, 8, 8, 1},  {0x2587, 0, 1, 8, 8, 1},   {0x2588, 0, 0, 8, 8, 1},
    {0x2589, 0, 0, 7, 8, 1},  {0x258a, 0, 0, 6, 8, 1},   {0x258b, 0, 0, 5, 8, 1},
    {0x258c, 0, 0, 4, 8, 1},  {0x258d, 0, 0, 3, 8, 1},   {0x258e, 0, 0, 2, 8, 1},
    {0x258f, 0, 0, 1, 8, 1},  {0x2590, 4, 0, 8, 8, 1},   {0x2591, 0, 0, 8, 8, .25},
    {0x2592, 0, 0, 8, 8, .5}, {0x2593, 0, 0, 8, 8, .75}, {0x2594, 0, 0, 8, 1, 1},
    {0x2595, 7, 0, 8, 8, 1},
};

enum quadrant { UPPER_LEFT = 1, UPPER_RIGHT = 2, LOWER_LEFT = 4, LOWER_RIGHT = 8 };

/* From U+2596 on. */
static const unsigned char quadrants[] = {
    LOWER_LEFT,
    LOWER_RIGHT,
    UPPER_LEFT,
    UPPER_LEFT | LOWER_LEFT | LOWER_RIGHT,
    UPPER_LEFT | LOWER_RIGHT,
    UPPER_LEFT | UPPER_RIGHT | LOWER_LEFT,
    UPPER_LEFT | UPPER_RIGHT | LOWER_RIGHT,
    UPPER_RIGHT,
    UPPER_RIGHT | LOWER_LEFT,
    UPPER_RIGHT | LOWER_LEFT | LOWER_RIGHT,
};

/* Where the bits of a braille character are, as Unicode numbers its dots. */
static const struct {
    int x, y;
} braille[] = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}};

static struct picture_shape_part line(double x1, double y1, double x2, double y2, double size)
{
    return (struct picture_shape_part){PICTURE_SHAPE_LINE, x1, y1, x2, y2, size, 1};
}

static struct picture_shape_part box(double x1, double y1, double x2, double y2, double opacity)
{
    return (struct picture_shape_part){PICTURE_SHAPE_BOX, x1, y1, x2, y2, 0, opacity};
}

/* Each arm reaches over the middle, so that corners are whole. */
static size_t put_crossing(unsigned arms, double thickness, struct picture_shape_part *parts)
{
    size_t count = 0;
    double over = thickness / 2;
    if (arms & (UP | DOWN))
        parts[count++] = line(MIDDLE_X, arms & UP ? 0 : MIDDLE_Y - over, MIDDLE_X,
                              arms & DOWN ? HEIGHT : MIDDLE_Y + over, thickness);
    if (arms & (LEFT | RIGHT))
        parts[count++] = line(arms & LEFT ? 0 : MIDDLE_X - over, MIDDLE_Y,
                              arms & RIGHT ? WIDTH : MIDDLE_X + over, MIDDLE_Y, thickness);
    return count;
}

static size_t put_dashes(int dashes, bool upright, double thickness,
                         struct picture_shape_part *parts)
{
    double step = (upright ? HEIGHT : WIDTH) / dashes, gap = step * .3;
    for (int i = 0; i < dashes; i++) {
        double from = i * step + gap / 2, to = (i + 1) * step - gap / 2;
        parts[i] = upright ? line(MIDDLE_X, from, MIDDLE_X, to, thickness)
                           : line(from, MIDDLE_Y, to, MIDDLE_Y, thickness);
    }
    return (size_t)dashes;
}

static size_t put_line(uint32_t character, struct picture_shape_part *parts)
{
    for (size_t i = 0; i < sizeof crossings / sizeof *crossings; i++)
        if (crossings[i].character == character)
            return put_crossing(crossings[i].arms, crossings[i].thickness, parts);
    for (size_t i = 0; i < sizeof dashed / sizeof *dashed; i++)
        if (dashed[i].character == character)
            return put_dashes(dashed[i].dashes, dashed[i].upright, dashed[i].thickness, parts);
    for (size_t i = 0; i < sizeof strokes / sizeof *strokes; i++)
        if (strokes[i].character == character) {
            parts[0] = line(strokes[i].x1 * WIDTH, strokes[i].y1 * HEIGHT, strokes[i].x2 * WIDTH,
                            strokes[i].y2 * HEIGHT, LIGHT);
            parts[0].kind = strokes[i].kind;
            return 1;
        }
    return 0;
}

static size_t put_quadrants(unsigned set, struct picture_shape_part *parts)
{
    size_t count = 0;
    for (int i = 0; i < 4; i++) {
        double x = i % 2 * MIDDLE_X, y = i / 2 * MIDDLE_Y;
        if (set & 1u << i)
            parts[count++] = box(x, y, x + MIDDLE_X, y + MIDDLE_Y, 1);
    }
    return count;
}

static size_t put_block(uint32_t character, struct picture_shape_part *parts)
{
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (blocks[i].character == character) {
            parts[0] =
                box(blocks[i].left * WIDTH / 8, blocks[i].top * HEIGHT / 8,
                    blocks[i].right * WIDTH / 8, blocks[i].bottom * HEIGHT / 8, blocks[i].opacity);
            return 1;
        }
    if (character >= 0x2596 && character - 0x2596 < sizeof quadrants)
        return put_quadrants(quadrants[character - 0x2596], parts);
    return 0;
}

static size_t put_braille(unsigned dots, struct picture_shape_part *parts)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof braille / sizeof *braille; i++)
        if (dots & 1u << i)
            parts[count++] = (struct picture_shape_part){
                .kind = PICTURE_SHAPE_DOT,
                .x1 = (braille[i].x + .5) * WIDTH / 2,
                .y1 = (braille[i].y + .5) * HEIGHT / 4,
                .size = DOT_SIZE,
                .opacity = 1,
            };
    return count;
}

size_t picture_shape_parts(uint32_t character, struct picture_shape_part *parts)
{
    if (character >= 0x2800 && character <= 0x28ff)
        return put_braille(character - 0x2800, parts);
    if (character >= 0x2500 && character <= 0x257f)
        return put_line(character, parts);
    if (character >= 0x2580 && character <= 0x259f)
        return put_block(character, parts);
    return 0;
}
