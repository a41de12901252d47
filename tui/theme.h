/* What a picture's parts look like. Drawing names a style; only here does a style become colours.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { THEME_SERIES_COUNT = 8, THEME_SGR_MAX = 64 };

/* What a cell is part of. THEME_TEXT is the terminal's own colour on its own background. */
enum theme_style {
    THEME_TEXT,
    THEME_TITLE,
    THEME_NOTE,   /* beside a title; what is said once and quietly */
    THEME_AXIS,   /* axis lines and their labels */
    THEME_GRID,   /* lines behind the data */
    THEME_BAND,   /* the area between two series; also as a ground */
    THEME_SERIES, /* the first of THEME_SERIES_COUNT, see theme_series() */
    THEME_STYLE_COUNT = THEME_SERIES + THEME_SERIES_COUNT
};

/* What a terminal can show. */
enum theme_depth {
    THEME_PLAIN, /* text only, no escape sequence at all */
    THEME_MONO,  /* bold and dim, no colour */
    THEME_8,
    THEME_256, /* from here on grounds are shown */
    THEME_TRUE,
};

enum theme_attribute { THEME_BOLD = 1, THEME_DIM = 2 };

struct theme_color {
    uint8_t red, green, blue;
    uint8_t index_256; /* the nearest of xterm's fixed 16..255, by CIELAB */
    uint8_t index_8;   /* 0..7; 8: the terminal's own colour, dimmed */
};

/* A way to paint: NULL is the terminal's own colour. */
struct theme_ink {
    const struct theme_color *color;
    const struct theme_color *ground;
    unsigned attributes; /* of enum theme_attribute */
};

struct theme;

/* The theme of that name ("dark", "light", "mono"), NULL when there is none. Colours are those of
   Okabe and Ito (https://jfly.uni-koeln.de/color/), which people with any common colour blindness
   can tell apart; the light theme darkens them until they show on white. */
const struct theme *theme_find(const char *name);

/* The theme that is used when nobody asked: "dark". */
const struct theme *theme_default(void);

/* The name of theme number `index`, NULL past the last: for help and completion. Static. */
const char *theme_name(size_t index);

/* The style of series number `index`; they repeat after THEME_SERIES_COUNT. */
enum theme_style theme_series(size_t index);

/* How a theme paints a style. Its colours are static. */
struct theme_ink theme_ink(const struct theme *theme, enum theme_style style);

/* The escape sequence that selects a style on the ground of another (THEME_TEXT: no ground),
   whatever was selected before; "" for THEME_PLAIN. Into `out` of THEME_SGR_MAX, returned. */
char *theme_sgr(char *out, const struct theme *theme, enum theme_depth depth,
                enum theme_style style, enum theme_style ground);

#endif
