#include "io/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pixels.h"

enum { COLUMNS = 4, ROWS = 2, PAPER = 0xfafafa, RED = 0xd01020, BLUE = 0x1020d0, CAP = 1 << 20 };

static const struct picture_cell cells[ROWS * COLUMNS] = {
    {.character = 0x2588, .color = RED, .ground = PAPER},
    {.character = ' ', .color = RED, .ground = BLUE},
    {.character = 0x2580, .color = RED, .ground = BLUE},
    {.character = 0x2801, .color = RED, .ground = PAPER},
    {.character = 'M', .color = RED, .ground = PAPER, .bold = true},
    {.character = ' ', .color = RED, .ground = PAPER, .underline = true},
    {.character = 0x2502, .color = RED, .ground = PAPER},
    {.character = '<', .color = BLUE, .ground = PAPER},
};

static const struct picture picture = {COLUMNS, ROWS, PAPER, cells};

/* The pixel at a place of a cell, in hundredths of it. */
static uint32_t at(const struct pixels *png, int column, int row, int x, int y)
{
    return pixels_at(
        png, PICTURE_SCALE * (PICTURE_MARGIN + PICTURE_CELL_WIDTH * (100 * column + x) / 100),
        PICTURE_SCALE * (PICTURE_MARGIN + PICTURE_CELL_HEIGHT * (100 * row + y) / 100));
}

static struct pixels drawn(void)
{
    AUTO_BUF struct buf out;
    struct err err = {0};
    buf_init(&out, CAP);
    assert_true(picture_put_png(&picture, &out, &err));
    return pixels_read(out.data, out.length);
}

static void a_png_has_cells_of_equal_size_on_paper(void **state)
{
    (void)state;
    struct pixels png = drawn();
    assert_int_equal(png.width, 2 * (4 * 10 + 2 * 10));
    assert_int_equal(png.height, 2 * (2 * 20 + 2 * 10));
    assert_int_equal(pixels_at(&png, 0, 0), PAPER);
    assert_int_equal(pixels_at(&png, png.width - 1, png.height - 1), PAPER);
    free(png.bytes);
}

static void shapes_and_grounds_fill_their_cells_to_the_edge(void **state)
{
    (void)state;
    struct pixels png = drawn();
    assert_int_equal(at(&png, 0, 0, 0, 0), RED);
    assert_int_equal(at(&png, 0, 0, 90, 95), RED);
    assert_int_equal(at(&png, 1, 0, 0, 0), BLUE);
    assert_int_equal(at(&png, 1, 0, 90, 95), BLUE);
    assert_int_equal(at(&png, 2, 0, 50, 45), RED);
    assert_int_equal(at(&png, 2, 0, 50, 50), BLUE);
    assert_int_equal(at(&png, 3, 0, 25, 12), RED); /* dot 1 of braille */
    assert_int_equal(at(&png, 3, 0, 75, 12), PAPER);
    assert_int_equal(at(&png, 3, 0, 25, 37), PAPER);
    assert_int_equal(at(&png, 2, 1, 50, 0), RED); /* the upright line */
    assert_int_equal(at(&png, 2, 1, 50, 95), RED);
    assert_int_equal(at(&png, 2, 1, 20, 50), PAPER);
    assert_int_equal(at(&png, 1, 1, 0, 90), RED); /* the underline */
    assert_int_equal(at(&png, 1, 1, 90, 90), RED);
    assert_int_equal(at(&png, 1, 1, 50, 50), PAPER);
    free(png.bytes);
}

static void text_stays_in_its_cell(void **state)
{
    (void)state;
    struct pixels png = drawn();
    int inked = 0;
    for (int y = 10; y < 90; y++)
        for (int x = 0; x < 100; x++)
            inked += at(&png, 0, 1, x, y) == RED;
    assert_in_range(inked, 500, 5000);
    for (int y = 5; y < 85; y++)
        assert_int_equal(at(&png, 1, 1, 20, y), PAPER);
    free(png.bytes);
}

/* cairo numbers the surfaces of a process. */
static char *without_number(struct buf *svg)
{
    char *number = strstr(buf_text(svg), "id=\"surface");
    assert_non_null(number);
    for (number += strlen("id=\"surface"); *number != '"'; number++)
        *number = '.';
    return svg->data;
}

static void an_svg_is_xml_of_the_same_size_and_always_the_same(void **state)
{
    (void)state;
    char path[4096], command[4200];
    AUTO_BUF struct buf first, second;
    struct err err = {0};
    const char *folder = getenv("TMPDIR");
    buf_init(&first, CAP);
    buf_init(&second, CAP);
    assert_true(picture_put_svg(&picture, &first, &err));
    assert_true(picture_put_svg(&picture, &second, &err));
    assert_string_equal(without_number(&first), without_number(&second));
    assert_non_null(strstr(buf_text(&first), "viewBox=\"0 0 60 60\""));
    snprintf(path, sizeof path, "%s/picture-%d.svg", folder ? folder : "/tmp", rand());
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(first.data, 1, first.length, file), first.length);
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command, "xmllint --noout --nonet '%s'", path);
    assert_int_equal(system(command), 0);
    remove(path);
}

static void what_is_too_large_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 100);
    assert_false(picture_put_png(&picture, &out, &err));
    assert_int_equal(err.code, ERR_FAILURE);
    assert_string_equal(err.text, "the picture is larger than 100 bytes");
    buf_reset(&out);
    assert_false(picture_put_svg(&picture, &out, &err));
    assert_int_equal(err.code, ERR_FAILURE);
    buf_reset(&out);
    struct picture large = {1000, 1000, PAPER, cells};
    assert_false(picture_put_png(&large, &out, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_int_equal(out.length, 0);
}

static void nothing_is_a_picture_too(void **state)
{
    (void)state;
    struct picture empty = {0, 0, PAPER, cells};
    struct err err = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, CAP);
    assert_true(picture_put_png(&empty, &out, &err));
    assert_true(picture_put_svg(&empty, &out, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_png_has_cells_of_equal_size_on_paper),
        cmocka_unit_test(shapes_and_grounds_fill_their_cells_to_the_edge),
        cmocka_unit_test(text_stays_in_its_cell),
        cmocka_unit_test(an_svg_is_xml_of_the_same_size_and_always_the_same),
        cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(nothing_is_a_picture_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
