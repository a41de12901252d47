#include "tui/print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pixels.h"

enum { CAP = 1 << 20, CELL_X = 20, CELL_Y = 40, MARGIN = 20 };

static uint32_t rgb(const struct theme_color *color)
{
    return (uint32_t)color->red << 16 | (uint32_t)color->green << 8 | color->blue;
}

/* A canvas of three cells: a block of series 1, a blank that is selected, a dim block. */
static struct pixels printed(const struct theme *theme)
{
    AUTO_CANVAS struct canvas canvas;
    AUTO_BUF struct buf out;
    struct err err = {0};
    buf_init(&out, CAP);
    canvas_init(&canvas, 3, 1, false);
    canvas_put(&canvas, 0, 0, 0x2588, theme_series(0));
    canvas_ground(&canvas, 1, 0, THEME_SELECTED);
    canvas_put(&canvas, 2, 0, 0x2588, THEME_AXIS);
    assert_true(print_png(&canvas, theme, &out, &err));
    return pixels_read(out.data, out.length);
}

static uint32_t cell(const struct pixels *png, int column)
{
    return pixels_at(png, MARGIN + column * CELL_X + CELL_X / 2, MARGIN + CELL_Y / 2);
}

static void colours_are_those_of_the_theme(void **state)
{
    (void)state;
    static const char *const names[] = {"dark", "light"};
    for (size_t i = 0; i < 2; i++) {
        const struct theme *theme = theme_find(names[i]);
        struct pixels png = printed(theme);
        assert_int_equal(cell(&png, 0), rgb(theme_ink(theme, theme_series(0)).color));
        assert_int_equal(cell(&png, 1), rgb(theme_ink(theme, THEME_SELECTED).ground));
        free(png.bytes);
    }
}

static uint32_t lightness(uint32_t color)
{
    return (color >> 16) + (color >> 8 & 0xff) + (color & 0xff);
}

static void paper_is_dark_for_the_dark_theme_only(void **state)
{
    (void)state;
    struct pixels dark = printed(theme_find("dark")), light = printed(theme_find("light")),
                  mono = printed(theme_find("mono"));
    assert_true(lightness(pixels_at(&dark, 0, 0)) < 3 * 0x30);
    assert_int_equal(pixels_at(&light, 0, 0), 0xffffff);
    assert_int_equal(pixels_at(&mono, 0, 0), 0xffffff);
    free(dark.bytes);
    free(light.bytes);
    free(mono.bytes);
}

/* Without colours what is selected is reversed, and axes are dim. */
static void attributes_show_without_colours(void **state)
{
    (void)state;
    struct pixels png = printed(theme_find("mono"));
    uint32_t text = cell(&png, 0), selected = cell(&png, 1), axis = cell(&png, 2);
    assert_true(lightness(text) < 3 * 0x30);
    assert_int_equal(selected, text);
    assert_in_range(lightness(axis), lightness(text) + 100, 3 * 0xff - 100);
    free(png.bytes);
}

static void an_svg_is_one(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas;
    AUTO_BUF struct buf out;
    struct err err = {0};
    buf_init(&out, CAP);
    canvas_init(&canvas, 8, 2, false);
    canvas_text(&canvas, 0, 0, "<&\xe6\x9d\xb1>", THEME_TEXT);
    assert_true(print_svg(&canvas, theme_default(), &out, &err));
    assert_non_null(strstr(buf_text(&out), "<svg "));
    assert_non_null(strstr(buf_text(&out), "</svg>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_those_of_the_theme),
        cmocka_unit_test(paper_is_dark_for_the_dark_theme_only),
        cmocka_unit_test(attributes_show_without_colours),
        cmocka_unit_test(an_svg_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
