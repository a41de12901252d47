#include "io/picture_shape.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "io/picture.h"
#include "tui/marker.h"

/* Whether a part covers a point. */
static bool covers(const struct picture_shape_part *part, double x, double y)
{
    double half = part->size / 2;
    switch (part->kind) {
    case PICTURE_SHAPE_BOX:
        return x >= part->x1 && x < part->x2 && y >= part->y1 && y < part->y2;
    case PICTURE_SHAPE_DOT:
        return hypot(x - part->x1, y - part->y1) <= half;
    case PICTURE_SHAPE_LINE: /* upright or level */
        return x >= fmin(part->x1, part->x2 - half) && x <= fmax(part->x2, part->x1 + half) &&
               y >= fmin(part->y1, part->y2 - half) && y <= fmax(part->y2, part->y1 + half);
    case PICTURE_SHAPE_CURVE:
        break;
    }
    return false;
}

static bool inked(uint32_t character, double x, double y)
{
    struct picture_shape_part parts[PICTURE_SHAPE_PARTS_MAX];
    size_t count = picture_shape_parts(character, parts);
    for (size_t i = 0; i < count; i++)
        if (covers(&parts[i], x, y))
            return true;
    return false;
}

/* tui/marker says which character stands for which dots; the shapes must show these dots. */
static void shapes_show_the_dots_that_markers_mean(void **state)
{
    (void)state;
    static const char *const names[] = {"braille", "quadrant", "half"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct marker *marker = marker_find(names[i]);
        int count = marker->dots_x * marker->dots_y;
        for (unsigned dots = 1; dots < 1u << count; dots++)
            for (int dot = 0; dot < count; dot++) {
                double x = (dot % marker->dots_x + .5) * PICTURE_CELL_WIDTH / marker->dots_x;
                double y = (dot / marker->dots_x + .5) * PICTURE_CELL_HEIGHT / marker->dots_y;
                bool wanted = dots >> dot & 1;
                if (inked(marker_glyph(marker, dots, 0), x, y) != wanted)
                    fail_msg("%s: dot %d of %#x", names[i], dot, dots);
            }
    }
}

/* The sides that a line reaches: up, right, down, left. */
static void lines_reach_the_sides_that_they_should(void **state)
{
    (void)state;
    static const struct {
        uint32_t character;
        const char *sides;
    } cases[] = {
        {0x2500, ".r.l"}, {0x2501, ".r.l"}, {0x2502, "u.d."}, {0x2503, "u.d."},
        {0x250c, ".rd."}, {0x2510, "..dl"}, {0x2514, "ur.."}, {0x2518, "u..l"},
        {0x251c, "urd."}, {0x2524, "u.dl"}, {0x252c, ".rdl"}, {0x2534, "ur.l"},
        {0x253c, "urdl"}, {0x254b, "urdl"}, {0x2574, "...l"}, {0x2577, "..d."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double right = PICTURE_CELL_WIDTH - .1, bottom = PICTURE_CELL_HEIGHT - .1;
        double x = PICTURE_CELL_WIDTH / 2.0, y = PICTURE_CELL_HEIGHT / 2.0;
        const char *sides = cases[i].sides;
        assert_int_equal(inked(cases[i].character, x, .1), sides[0] == 'u');
        assert_int_equal(inked(cases[i].character, right, y), sides[1] == 'r');
        assert_int_equal(inked(cases[i].character, x, bottom), sides[2] == 'd');
        assert_int_equal(inked(cases[i].character, .1, y), sides[3] == 'l');
        assert_true(inked(cases[i].character, x, y));
    }
}

/* Of the bars U+2581 to U+2588 each is an eighth of the cell higher. */
static void bars_grow_by_eighths(void **state)
{
    (void)state;
    for (int eighths = 1; eighths <= 8; eighths++)
        for (int at = 0; at < 8; at++)
            assert_int_equal(
                inked(0x2580 + (uint32_t)eighths, 5, PICTURE_CELL_HEIGHT * (7.5 - at) / 8),
                at < eighths);
}

static void parts_stay_within_their_cell(void **state)
{
    (void)state;
    for (uint32_t character = 0x2500; character < 0x2900; character++) {
        struct picture_shape_part parts[PICTURE_SHAPE_PARTS_MAX];
        size_t count = picture_shape_parts(character, parts);
        assert_in_range(count, 0, PICTURE_SHAPE_PARTS_MAX);
        for (size_t i = 0; i < count; i++) {
            assert_true(fmin(parts[i].x1, parts[i].x2) >= 0);
            assert_true(fmax(parts[i].x1, parts[i].x2) <= PICTURE_CELL_WIDTH);
            assert_true(fmin(parts[i].y1, parts[i].y2) >= 0);
            assert_true(fmax(parts[i].y1, parts[i].y2) <= PICTURE_CELL_HEIGHT);
        }
    }
}

static void letters_are_written(void **state)
{
    (void)state;
    struct picture_shape_part parts[PICTURE_SHAPE_PARTS_MAX];
    static const uint32_t characters[] = {'a', ' ', '|', 0x24ff, 0x2800, 0x2900, 0x25cf};
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
        assert_int_equal(picture_shape_parts(characters[i], parts), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_show_the_dots_that_markers_mean),
        cmocka_unit_test(lines_reach_the_sides_that_they_should),
        cmocka_unit_test(bars_grow_by_eighths),
        cmocka_unit_test(parts_stay_within_their_cell),
        cmocka_unit_test(letters_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
