#include "tui/theme.h"

#include <stdio.h>
#include <string.h>

enum hue {
    HUE_NONE,
    /* Okabe-Ito */
    HUE_ORANGE,
    HUE_SKY,
    HUE_GREEN,
    HUE_YELLOW,
    HUE_BLUE,
    HUE_VERMILLION,
    HUE_PURPLE,
    HUE_SILVER,
    /* the same, dark enough for white */
    HUE_INK_ORANGE,
    HUE_INK_SKY,
    HUE_INK_GREEN,
    HUE_INK_YELLOW,
    HUE_INK_BLUE,
    HUE_INK_VERMILLION,
    HUE_INK_PURPLE,
    HUE_INK_GREY,
    /* frames and grounds, from dark to light */
    HUE_COAL,
    HUE_SLATE,
    HUE_STONE,
    HUE_ASH,
    HUE_MIST,
    HUE_ICE,
    HUE_SNOW,
    /* what calls for a look, and text on heat */
    HUE_EMBER,
    HUE_INK_EMBER,
    HUE_JET,
    HUE_CHALK,
    /* cividis in ten steps */
    HUE_HEAT,
    HUE_HEAT_LAST = HUE_HEAT + THEME_HEAT_COUNT - 1,
};

static const struct theme_color colors[] = {
    [HUE_ORANGE] = {230, 159, 0, 214, 3},
    [HUE_SKY] = {86, 180, 233, 74, 6},
    [HUE_GREEN] = {0, 158, 115, 36, 2},
    [HUE_YELLOW] = {240, 228, 66, 227, 7},
    [HUE_BLUE] = {0, 114, 178, 32, 4},
    [HUE_VERMILLION] = {213, 94, 0, 166, 1},
    [HUE_PURPLE] = {204, 121, 167, 175, 5},
    [HUE_SILVER] = {158, 158, 158, 247, 7},
    [HUE_INK_ORANGE] = {175, 95, 0, 130, 3},
    [HUE_INK_SKY] = {0, 114, 178, 32, 6},
    [HUE_INK_GREEN] = {0, 120, 85, 29, 2},
    [HUE_INK_YELLOW] = {130, 115, 0, 100, 3},
    [HUE_INK_BLUE] = {0, 70, 140, 24, 4},
    [HUE_INK_VERMILLION] = {190, 75, 0, 166, 1},
    [HUE_INK_PURPLE] = {150, 60, 115, 132, 5},
    [HUE_INK_GREY] = {98, 98, 98, 241, 8},
    [HUE_COAL] = {38, 43, 51, 236, 8},
    [HUE_SLATE] = {68, 72, 78, 238, 8},
    [HUE_STONE] = {108, 108, 108, 242, 8},
    [HUE_ASH] = {148, 150, 154, 246, 8},
    [HUE_MIST] = {208, 208, 208, 252, 8},
    [HUE_ICE] = {198, 214, 238, 189, 8},
    [HUE_SNOW] = {228, 234, 240, 255, 8},
    [HUE_EMBER] = {255, 135, 75, 209, 1},
    [HUE_INK_EMBER] = {158, 53, 0, 88, 1},
    [HUE_JET] = {0, 0, 0, 16, 8},
    [HUE_CHALK] = {245, 245, 245, 255, 8},
    /* not the nearest: ten different ones whose lightness grows */
    [HUE_HEAT + 0] = {0, 32, 77, 17, 8},
    [HUE_HEAT + 1] = {0, 51, 111, 18, 8},
    [HUE_HEAT + 2] = {57, 72, 107, 239, 8},
    [HUE_HEAT + 3] = {87, 92, 109, 60, 8},
    [HUE_HEAT + 4] = {112, 113, 115, 242, 8},
    [HUE_HEAT + 5] = {138, 135, 121, 102, 8},
    [HUE_HEAT + 6] = {166, 157, 117, 247, 8},
    [HUE_HEAT + 7] = {196, 181, 108, 144, 8},
    [HUE_HEAT + 8] = {228, 207, 91, 185, 8},
    [HUE_HEAT_LAST] = {255, 234, 70, 227, 8},
};

struct paint {
    enum hue color, ground;
    unsigned attributes;
};

struct theme {
    const char *name;
    struct paint paints[THEME_STYLE_COUNT];
};

static const struct theme themes[] = {
    {"dark",
     {[THEME_TITLE] = {HUE_NONE, HUE_NONE, THEME_BOLD},
      [THEME_NOTE] = {HUE_ASH, HUE_NONE, 0},
      [THEME_AXIS] = {HUE_ASH, HUE_NONE, 0},
      [THEME_GRID] = {HUE_SLATE, HUE_NONE, 0},
      [THEME_BAND] = {HUE_STONE, HUE_COAL, 0},
      [THEME_BAR] = {HUE_NONE, HUE_COAL, 0},
      [THEME_HEADER] = {HUE_ASH, HUE_NONE, THEME_BOLD | THEME_UNDERLINE},
      [THEME_SELECTED] = {HUE_NONE, HUE_SLATE, 0},
      [THEME_ACTIVE] = {HUE_ORANGE, HUE_NONE, THEME_BOLD | THEME_UNDERLINE},
      [THEME_KEY] = {HUE_SKY, HUE_NONE, THEME_BOLD},
      [THEME_UP] = {HUE_SKY, HUE_NONE, 0},
      [THEME_DOWN] = {HUE_ORANGE, HUE_NONE, 0},
      [THEME_WARN] = {HUE_YELLOW, HUE_NONE, 0},
      [THEME_ERROR] = {HUE_EMBER, HUE_NONE, THEME_BOLD},
      [THEME_CROSS] = {HUE_NONE, HUE_NONE, THEME_BOLD},
      [THEME_REFERENCE] = {HUE_YELLOW, HUE_NONE, 0},
      [THEME_MATCH] = {HUE_YELLOW, HUE_NONE, THEME_BOLD | THEME_UNDERLINE},
      [THEME_SERIES + 0] = {HUE_ORANGE, HUE_NONE, 0},
      [THEME_SERIES + 1] = {HUE_SKY, HUE_NONE, 0},
      [THEME_SERIES + 2] = {HUE_GREEN, HUE_NONE, 0},
      [THEME_SERIES + 3] = {HUE_PURPLE, HUE_NONE, 0},
      [THEME_SERIES + 4] = {HUE_YELLOW, HUE_NONE, 0},
      [THEME_SERIES + 5] = {HUE_BLUE, HUE_NONE, 0},
      [THEME_SERIES + 6] = {HUE_VERMILLION, HUE_NONE, 0},
      [THEME_SERIES + 7] = {HUE_SILVER, HUE_NONE, 0},
      [THEME_HEAT + 0] = {HUE_CHALK, HUE_HEAT + 0, 0},
      [THEME_HEAT + 1] = {HUE_CHALK, HUE_HEAT + 1, 0},
      [THEME_HEAT + 2] = {HUE_CHALK, HUE_HEAT + 2, 0},
      [THEME_HEAT + 3] = {HUE_CHALK, HUE_HEAT + 3, 0},
      [THEME_HEAT + 4] = {HUE_CHALK, HUE_HEAT + 4, 0},
      [THEME_HEAT + 5] = {HUE_JET, HUE_HEAT + 5, 0},
      [THEME_HEAT + 6] = {HUE_JET, HUE_HEAT + 6, 0},
      [THEME_HEAT + 7] = {HUE_JET, HUE_HEAT + 7, 0},
      [THEME_HEAT + 8] = {HUE_JET, HUE_HEAT + 8, 0},
      [THEME_HEAT + 9] = {HUE_JET, HUE_HEAT + 9, 0}}},
    {"light",
     {[THEME_TITLE] = {HUE_NONE, HUE_NONE, THEME_BOLD},
      [THEME_NOTE] = {HUE_STONE, HUE_NONE, 0},
      [THEME_AXIS] = {HUE_STONE, HUE_NONE, 0},
      [THEME_GRID] = {HUE_MIST, HUE_NONE, 0},
      [THEME_BAND] = {HUE_ASH, HUE_SNOW, 0},
      [THEME_BAR] = {HUE_NONE, HUE_SNOW, 0},
      [THEME_HEADER] = {HUE_INK_GREY, HUE_NONE, THEME_BOLD | THEME_UNDERLINE},
      [THEME_SELECTED] = {HUE_NONE, HUE_ICE, 0},
      [THEME_ACTIVE] = {HUE_INK_ORANGE, HUE_NONE, THEME_BOLD | THEME_UNDERLINE},
      [THEME_KEY] = {HUE_INK_BLUE, HUE_NONE, THEME_BOLD},
      [THEME_UP] = {HUE_INK_BLUE, HUE_NONE, 0},
      [THEME_DOWN] = {HUE_INK_ORANGE, HUE_NONE, 0},
      [THEME_WARN] = {HUE_INK_ORANGE, HUE_NONE, THEME_BOLD},
      [THEME_ERROR] = {HUE_INK_EMBER, HUE_NONE, THEME_BOLD},
      [THEME_CROSS] = {HUE_NONE, HUE_NONE, THEME_BOLD},
      [THEME_REFERENCE] = {HUE_INK_PURPLE, HUE_NONE, 0},
      [THEME_MATCH] = {HUE_INK_PURPLE, HUE_NONE, THEME_BOLD | THEME_UNDERLINE},
      [THEME_SERIES + 0] = {HUE_INK_ORANGE, HUE_NONE, 0},
      [THEME_SERIES + 1] = {HUE_INK_SKY, HUE_NONE, 0},
      [THEME_SERIES + 2] = {HUE_INK_GREEN, HUE_NONE, 0},
      [THEME_SERIES + 3] = {HUE_INK_PURPLE, HUE_NONE, 0},
      [THEME_SERIES + 4] = {HUE_INK_YELLOW, HUE_NONE, 0},
      [THEME_SERIES + 5] = {HUE_INK_BLUE, HUE_NONE, 0},
      [THEME_SERIES + 6] = {HUE_INK_VERMILLION, HUE_NONE, 0},
      [THEME_SERIES + 7] = {HUE_INK_GREY, HUE_NONE, 0},
      [THEME_HEAT + 0] = {HUE_JET, HUE_HEAT + 9, 0},
      [THEME_HEAT + 1] = {HUE_JET, HUE_HEAT + 8, 0},
      [THEME_HEAT + 2] = {HUE_JET, HUE_HEAT + 7, 0},
      [THEME_HEAT + 3] = {HUE_JET, HUE_HEAT + 6, 0},
      [THEME_HEAT + 4] = {HUE_JET, HUE_HEAT + 5, 0},
      [THEME_HEAT + 5] = {HUE_CHALK, HUE_HEAT + 4, 0},
      [THEME_HEAT + 6] = {HUE_CHALK, HUE_HEAT + 3, 0},
      [THEME_HEAT + 7] = {HUE_CHALK, HUE_HEAT + 2, 0},
      [THEME_HEAT + 8] = {HUE_CHALK, HUE_HEAT + 1, 0},
      [THEME_HEAT + 9] = {HUE_CHALK, HUE_HEAT + 0, 0}}},
    {"mono",
     {[THEME_TITLE] = {HUE_NONE, HUE_NONE, THEME_BOLD},
      [THEME_NOTE] = {HUE_NONE, HUE_NONE, THEME_DIM},
      [THEME_AXIS] = {HUE_NONE, HUE_NONE, THEME_DIM},
      [THEME_GRID] = {HUE_NONE, HUE_NONE, THEME_DIM},
      [THEME_BAND] = {HUE_NONE, HUE_NONE, THEME_DIM},
      [THEME_BAR] = {HUE_NONE, HUE_NONE, THEME_REVERSE},
      [THEME_HEADER] = {HUE_NONE, HUE_NONE, THEME_BOLD | THEME_UNDERLINE},
      [THEME_SELECTED] = {HUE_NONE, HUE_NONE, THEME_REVERSE},
      [THEME_ACTIVE] = {HUE_NONE, HUE_NONE, THEME_BOLD | THEME_UNDERLINE},
      [THEME_KEY] = {HUE_NONE, HUE_NONE, THEME_BOLD},
      [THEME_UP] = {HUE_NONE, HUE_NONE, THEME_BOLD},
      [THEME_DOWN] = {HUE_NONE, HUE_NONE, THEME_UNDERLINE},
      [THEME_WARN] = {HUE_NONE, HUE_NONE, THEME_BOLD},
      [THEME_ERROR] = {HUE_NONE, HUE_NONE, THEME_BOLD | THEME_REVERSE},
      [THEME_CROSS] = {HUE_NONE, HUE_NONE, THEME_BOLD},
      [THEME_REFERENCE] = {HUE_NONE, HUE_NONE, 0},
      [THEME_MATCH] = {HUE_NONE, HUE_NONE, THEME_BOLD | THEME_UNDERLINE},
      [THEME_SERIES] = {HUE_NONE, HUE_NONE, THEME_BOLD}}},
};

enum { THEME_COUNT = sizeof(themes) / sizeof(themes[0]), MONO = THEME_COUNT - 1 };

const struct theme *theme_find(const char *name)
{
    for (size_t i = 0; i < THEME_COUNT; i++)
        if (!strcmp(themes[i].name, name))
            return &themes[i];
    return NULL;
}

const struct theme *theme_default(void)
{
    return &themes[0];
}

const char *theme_name(size_t index)
{
    return index < THEME_COUNT ? themes[index].name : NULL;
}

enum theme_style theme_series(size_t index)
{
    return (enum theme_style)(THEME_SERIES + index % THEME_SERIES_COUNT);
}

enum theme_style theme_focus(size_t index)
{
    return (enum theme_style)(THEME_FOCUS + index % THEME_SERIES_COUNT);
}

enum theme_style theme_faded(size_t index)
{
    return (enum theme_style)(THEME_FADED + index % THEME_SERIES_COUNT);
}

enum theme_style theme_heat(int step)
{
    step = step < 0 ? 0 : step >= THEME_HEAT_COUNT ? THEME_HEAT_COUNT - 1 : step;
    return (enum theme_style)(THEME_HEAT + step);
}

static const struct theme_color *color_of(enum hue hue)
{
    return hue == HUE_NONE ? NULL : &colors[hue];
}

struct theme_ink theme_ink(const struct theme *theme, enum theme_style style)
{
    bool focus = style >= THEME_FOCUS && style < THEME_FADED;
    bool faded = style >= THEME_FADED && style < THEME_HEAT;
    const struct paint *paint = &theme->paints[focus   ? style - THEME_FOCUS + THEME_SERIES
                                               : faded ? style - THEME_FADED + THEME_SERIES
                                                       : style];
    return (struct theme_ink){
        .color = color_of(paint->color),
        .ground = color_of(paint->ground),
        .attributes = focus   ? THEME_BOLD
                      : faded ? THEME_DIM
                              : paint->attributes,
    };
}

struct theme_ink theme_look(const struct theme *theme, enum theme_depth depth,
                            enum theme_style style, enum theme_style ground)
{
    const struct theme *mono = &themes[MONO];
    bool grounds = depth >= THEME_256;
    struct theme_ink look = theme_ink(depth <= THEME_MONO ? mono : theme, style);
    look.ground = NULL;
    if (ground != THEME_TEXT) {
        struct theme_ink under = theme_ink(grounds ? theme : mono, ground);
        look.ground = under.ground;
        if (style == THEME_TEXT && ground >= THEME_HEAT)
            look.color = under.color;
        look.attributes |= under.attributes & (THEME_BOLD | THEME_UNDERLINE);
        look.attributes ^= under.attributes & THEME_REVERSE;
    }
    if (depth == THEME_PLAIN)
        look.attributes = 0;
    return look;
}

bool theme_shows_blank(const struct theme_ink *look)
{
    return look->ground || look->attributes & (THEME_REVERSE | THEME_UNDERLINE);
}

/* Adds the parameters of one colour; `base` is 30 for the text, 40 for the ground. */
static void add_color(char *out, enum theme_depth depth, int base, const struct theme_color *color)
{
    size_t used = strlen(out);
    char *end = out + used;
    size_t room = THEME_SGR_MAX - used;
    if (depth == THEME_8 && color->index_8 == 8)
        snprintf(end, room, ";2");
    else if (depth == THEME_8)
        snprintf(end, room, ";%d", base + color->index_8);
    else if (depth == THEME_256)
        snprintf(end, room, ";%d;5;%d", base + 8, color->index_256);
    else
        snprintf(end, room, ";%d;2;%d;%d;%d", base + 8, color->red, color->green, color->blue);
}

char *theme_sgr(char *out, const struct theme *theme, enum theme_depth depth,
                enum theme_style style, enum theme_style ground)
{
    out[0] = '\0';
    if (depth == THEME_PLAIN)
        return out;
    struct theme_ink look = theme_look(theme, depth, style, ground);
    snprintf(out, THEME_SGR_MAX, "\033[0%s%s%s%s", look.attributes & THEME_BOLD ? ";1" : "",
             look.attributes & THEME_DIM ? ";2" : "", look.attributes & THEME_UNDERLINE ? ";4" : "",
             look.attributes & THEME_REVERSE ? ";7" : "");
    if (look.color)
        add_color(out, depth, 30, look.color);
    if (look.ground)
        add_color(out, depth, 40, look.ground);
    size_t used = strlen(out);
    snprintf(out + used, THEME_SGR_MAX - used, "m");
    return out;
}
