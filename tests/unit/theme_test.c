#include "tui/theme.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct rgb {
    double r, g, b;
};

/* sRGB to linear light, IEC 61966-2-1. */
static double linear(int level)
{
    double c = level / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static struct rgb light_of(int red, int green, int blue)
{
    return (struct rgb){linear(red), linear(green), linear(blue)};
}

static double luminance(struct rgb c)
{
    return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;
}

/* WCAG 2 contrast ratio with a grey of that luminance. */
static double contrast(struct rgb c, double other)
{
    double own = luminance(c);
    return own > other ? (own + 0.05) / (other + 0.05) : (other + 0.05) / (own + 0.05);
}

/* What xterm shows for the fixed indexes 16..255. */
static struct rgb light_of_index(int index)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    if (index >= 232)
        return light_of(8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232));
    index -= 16;
    return light_of(levels[index / 36], levels[index / 6 % 6], levels[index % 6]);
}

static const struct theme_color *series_color(const char *theme, size_t index)
{
    return theme_ink(theme_find(theme), theme_series(index)).color;
}

static void every_series_shows_on_the_theme_s_background(void **state)
{
    (void)state;
    static const struct {
        const char *theme;
        double background;
    } cases[] = {{"dark", 0}, {"light", 1}};
    for (size_t i = 0; i < 2; i++)
        for (size_t s = 0; s < THEME_SERIES_COUNT; s++) {
            const struct theme_color *color = series_color(cases[i].theme, s);
            struct rgb full = light_of(color->red, color->green, color->blue);
            assert_true(contrast(full, cases[i].background) >= 3);
            assert_true(contrast(light_of_index(color->index_256), cases[i].background) >= 3);
        }
}

/* Machado, Oliveira, Fernandes 2009, severity 1.0, in linear light. */
static struct rgb seen_by(const double m[9], struct rgb c)
{
    return (struct rgb){m[0] * c.r + m[1] * c.g + m[2] * c.b, m[3] * c.r + m[4] * c.g + m[5] * c.b,
                        m[6] * c.r + m[7] * c.g + m[8] * c.b};
}

static void the_first_four_series_differ_for_colour_blind_eyes(void **state)
{
    (void)state;
    static const double eyes[][9] = {
        {1, 0, 0, 0, 1, 0, 0, 0, 1},
        {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116,
         1.051998},
        {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940,
         0.968881},
    };
    for (size_t eye = 0; eye < 3; eye++)
        for (size_t i = 0; i < 4; i++)
            for (size_t j = 0; j < i; j++) {
                const struct theme_color *a = series_color("dark", i), *b = series_color("dark", j);
                struct rgb x = seen_by(eyes[eye], light_of(a->red, a->green, a->blue));
                struct rgb y = seen_by(eyes[eye], light_of(b->red, b->green, b->blue));
                assert_true(hypot(hypot(x.r - y.r, x.g - y.g), x.b - y.b) > 0.12);
            }
}

static void the_workstation_s_parts_show_on_every_ground_they_stand_on(void **state)
{
    (void)state;
    static const enum theme_style styles[] = {THEME_NOTE,  THEME_AXIS,  THEME_HEADER, THEME_ACTIVE,
                                              THEME_KEY,   THEME_UP,    THEME_DOWN,   THEME_WARN,
                                              THEME_ERROR, THEME_CROSS, THEME_MATCH};
    static const enum theme_style grounds[] = {THEME_BAR, THEME_SELECTED};
    static const char *const names[] = {"dark", "light"};
    for (size_t t = 0; t < 2; t++)
        for (size_t s = 0; s < sizeof(styles) / sizeof(styles[0]); s++)
            for (size_t g = 0; g < 2; g++) {
                struct theme_ink look =
                    theme_look(theme_find(names[t]), THEME_TRUE, styles[s], grounds[g]);
                const struct theme_color *c = look.color, *u = look.ground;
                if (!c)
                    continue;
                struct rgb under = light_of(u->red, u->green, u->blue);
                double full = luminance(under);
                double fixed = luminance(light_of_index(u->index_256));
                assert_true(contrast(light_of(c->red, c->green, c->blue), full) >= 3);
                assert_true(contrast(light_of_index(c->index_256), fixed) >= 3);
            }
}

static void the_ramp_of_heat_grows_in_lightness_and_carries_readable_text(void **state)
{
    (void)state;
    static const struct {
        const char *theme;
        int sign;
    } cases[] = {{"dark", 1}, {"light", -1}};
    for (size_t t = 0; t < 2; t++)
        for (int step = 0; step < THEME_HEAT_COUNT; step++) {
            struct theme_ink look =
                theme_look(theme_find(cases[t].theme), THEME_256, THEME_TEXT, theme_heat(step));
            double own = luminance(light_of_index(look.ground->index_256));
            assert_true(contrast(light_of_index(look.color->index_256), own) >= 4);
            if (step == 0)
                continue;
            struct theme_ink before = theme_ink(theme_find(cases[t].theme), theme_heat(step - 1));
            double other = luminance(light_of_index(before.ground->index_256));
            assert_true((own - other) * cases[t].sign > 0);
        }
    assert_int_equal(theme_heat(-1), theme_heat(0));
    assert_int_equal(theme_heat(THEME_HEAT_COUNT), theme_heat(THEME_HEAT_COUNT - 1));
}

static void what_is_selected_shows_at_every_depth(void **state)
{
    (void)state;
    static const enum theme_style grounds[] = {THEME_BAR, THEME_SELECTED};
    for (size_t t = 0; theme_name(t); t++)
        for (int depth = THEME_MONO; depth <= THEME_TRUE; depth++) {
            const struct theme *theme = theme_find(theme_name(t));
            for (size_t g = 0; g < 2; g++) {
                struct theme_ink look =
                    theme_look(theme, (enum theme_depth)depth, THEME_TEXT, grounds[g]);
                assert_true(theme_shows_blank(&look));
                struct theme_ink error =
                    theme_look(theme, (enum theme_depth)depth, THEME_ERROR, grounds[g]);
                assert_true(error.attributes != look.attributes || error.color != look.color);
            }
            struct theme_ink active =
                theme_look(theme, (enum theme_depth)depth, THEME_ACTIVE, THEME_TEXT);
            assert_true(active.attributes & THEME_BOLD);
        }
}

static void themes_are_found_by_the_names_that_are_listed(void **state)
{
    (void)state;
    size_t count = 0;
    for (; theme_name(count); count++)
        assert_non_null(theme_find(theme_name(count)));
    assert_int_equal(count, 3);
    assert_null(theme_find("solarized"));
    assert_ptr_equal(theme_default(), theme_find("dark"));
}

static void series_colours_repeat(void **state)
{
    (void)state;
    assert_int_equal(theme_series(0), THEME_SERIES);
    assert_int_equal(theme_series(THEME_SERIES_COUNT + 3), theme_series(3));
}

static void sequences_speak_the_depth_s_language(void **state)
{
    (void)state;
    static const struct {
        enum theme_depth depth;
        enum theme_style style, ground;
        const char *sgr;
    } cases[] = {
        {THEME_PLAIN, THEME_SERIES, THEME_BAND, ""},
        {THEME_MONO, THEME_SERIES, THEME_BAND, "\033[0;1m"},
        {THEME_MONO, THEME_AXIS, THEME_TEXT, "\033[0;2m"},
        {THEME_8, THEME_SERIES, THEME_BAND, "\033[0;33m"},
        {THEME_8, THEME_AXIS, THEME_TEXT, "\033[0;2m"},
        {THEME_256, THEME_SERIES, THEME_TEXT, "\033[0;38;5;214m"},
        {THEME_256, THEME_SERIES, THEME_BAND, "\033[0;38;5;214;48;5;236m"},
        {THEME_TRUE, THEME_SERIES, THEME_BAND, "\033[0;38;2;230;159;0;48;2;38;43;51m"},
        {THEME_TRUE, THEME_TEXT, THEME_TEXT, "\033[0m"},
        {THEME_256, THEME_TITLE, THEME_TEXT, "\033[0;1m"},
        {THEME_MONO, THEME_TEXT, THEME_SELECTED, "\033[0;7m"},
        {THEME_8, THEME_UP, THEME_SELECTED, "\033[0;7;36m"},
        {THEME_MONO, THEME_ERROR, THEME_BAR, "\033[0;1m"},
        {THEME_256, THEME_UP, THEME_SELECTED, "\033[0;38;5;74;48;5;238m"},
        {THEME_256, THEME_TEXT, THEME_HEAT, "\033[0;38;5;255;48;5;17m"},
        {THEME_8, THEME_TEXT, THEME_HEAT, "\033[0m"},
        {THEME_256, THEME_MATCH, THEME_BAR, "\033[0;1;4;38;5;227;48;5;236m"},
    };
    char sgr[THEME_SGR_MAX];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(
            theme_sgr(sgr, theme_find("dark"), cases[i].depth, cases[i].style, cases[i].ground),
            cases[i].sgr);
}

static void the_mono_theme_never_asks_for_a_colour(void **state)
{
    (void)state;
    for (int style = 0; style < THEME_STYLE_COUNT; style++) {
        struct theme_ink ink = theme_ink(theme_find("mono"), (enum theme_style)style);
        assert_null(ink.color);
        assert_null(ink.ground);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_series_shows_on_the_theme_s_background),
        cmocka_unit_test(the_first_four_series_differ_for_colour_blind_eyes),
        cmocka_unit_test(the_workstation_s_parts_show_on_every_ground_they_stand_on),
        cmocka_unit_test(the_ramp_of_heat_grows_in_lightness_and_carries_readable_text),
        cmocka_unit_test(what_is_selected_shows_at_every_depth),
        cmocka_unit_test(themes_are_found_by_the_names_that_are_listed),
        cmocka_unit_test(series_colours_repeat),
        cmocka_unit_test(sequences_speak_the_depth_s_language),
        cmocka_unit_test(the_mono_theme_never_asks_for_a_colour),
    };
    return cmocka_run_group_tests_name("theme", tests, NULL, NULL);
}
