/* What a picture's parts look like. Drawing names a style; only here does a style become colours.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { THEME_SERIES_COUNT = 8, THEME_HEAT_COUNT = 10, THEME_SGR_MAX = 64 };

/* What a cell is part of. THEME_TEXT is the terminal's own colour on its own background. */
enum theme_style {
    THEME_TEXT,
    THEME_TITLE,
    THEME_NOTE,      /* beside a title; what is said once and quietly */
    THEME_AXIS,      /* axis lines and their labels */
    THEME_GRID,      /* lines behind the data */
    THEME_BAND,      /* the area between two series; also as a ground */
    THEME_BAR,       /* status and filter bars; as a ground */
    THEME_HEADER,    /* names of columns */
    THEME_SELECTED,  /* the cursor's row or cell; as a ground under any style */
    THEME_ACTIVE,    /* what has the focus, a filter that is set */
    THEME_KEY,       /* a key's name beside what it does */
    THEME_UP,        /* a price that rose; a sign says so too */
    THEME_DOWN,      /* a price that fell */
    THEME_WARN,      /* stale, refused */
    THEME_ERROR,     /* failed */
    THEME_CROSS,     /* crosshair and what it reads */
    THEME_REFERENCE, /* reference lines and their labels */
    THEME_MATCH,     /* what a search found */
    THEME_SERIES,    /* the first of THEME_SERIES_COUNT, see theme_series() */
    THEME_FOCUS = THEME_SERIES + THEME_SERIES_COUNT, /* the same series, bold: theme_focus() */
    THEME_FADED = THEME_FOCUS + THEME_SERIES_COUNT,  /* the same, receding: theme_faded() */
    THEME_HEAT = THEME_FADED + THEME_SERIES_COUNT,   /* see theme_heat() */
    THEME_STYLE_COUNT = THEME_HEAT + THEME_HEAT_COUNT
};

/* What a terminal can show. */
enum theme_depth {
    THEME_PLAIN, /* text only, no escape sequence at all */
    THEME_MONO,  /* attributes, no colour */
    THEME_8,
    THEME_256, /* from here on the colours of grounds are shown */
    THEME_TRUE,
};

enum theme_attribute { THEME_BOLD = 1, THEME_DIM = 2, THEME_UNDERLINE = 4, THEME_REVERSE = 8 };

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

/* The same where that series has the focus. */
enum theme_style theme_focus(size_t index);

/* The same where another series has the focus. */
enum theme_style theme_faded(size_t index);

/* The ground of a step of the ramp of heat maps, 0 (least) .. THEME_HEAT_COUNT - 1 (most); what is
   outside goes to the nearer end. Lightness grows step by step (falls, in the light theme), after
   the scale cividis (https://doi.org/10.1371/journal.pone.0199239), so it also reads without
   colour vision. Where grounds have no colour it shows nothing: draw a glyph too. */
enum theme_style theme_heat(int step);

/* How a theme paints a style. Its colours are static. */
struct theme_ink theme_ink(const struct theme *theme, enum theme_style style);

/* How a cell of a style on the ground of another (THEME_TEXT: none) is painted at a depth: all that
   a terminal has to set. Where grounds have no colour, those that must be seen (bar, selected) show
   by attributes instead, and a reversed style on a reversed ground is upright again. On heat
   THEME_TEXT has a colour that can be read there. */
struct theme_ink theme_look(const struct theme *theme, enum theme_depth depth,
                            enum theme_style style, enum theme_style ground);

/* Whether a look shows where nothing is written. */
bool theme_shows_blank(const struct theme_ink *look);

/* The escape sequence that selects a style on the ground of another (THEME_TEXT: no ground),
   whatever was selected before; "" for THEME_PLAIN. Into `out` of THEME_SGR_MAX, returned. */
char *theme_sgr(char *out, const struct theme *theme, enum theme_depth depth,
                enum theme_style style, enum theme_style ground);

#endif
