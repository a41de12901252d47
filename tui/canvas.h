/*
 * A grid of character cells: what every screen and every chart draws on. It knows neither ncurses
 * nor stdout; a terminal shows it, or it is dumped as text.
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "tui/theme.h"

/* Most columns and rows: the widest terminal seen had 634 columns; this bounds a dump to some MiB.
 */
enum { CANVAS_SIDE_MAX = 1000 };

struct canvas_cell {
    uint32_t character; /* one column wide, or two with a 0 in the next cell; ' ' when empty */
    uint8_t style;      /* enum theme_style */
    uint8_t ground;     /* the style whose background shows; THEME_TEXT: none */
};

struct canvas_area {
    int x, y, width, height;
};

struct canvas {
    int width, height;
    bool ascii;              /* anything else is put as what text_char_ascii() makes of it */
    struct canvas_area clip; /* nothing is drawn outside */
    struct canvas_cell *cells;
};

/* Makes a blank canvas; both sides are brought into 0..CANVAS_SIDE_MAX. */
void canvas_init(struct canvas *canvas, int width, int height, bool ascii);

/* Frees the cells. */
void canvas_release(struct canvas *canvas);

/* Blanks every cell and clips to the whole again. */
void canvas_reset(struct canvas *canvas);

/* The whole canvas as an area. */
struct canvas_area canvas_whole(const struct canvas *canvas);

/* Clips to what `area` and the canvas share. Returns the earlier clip, to be given back later. */
struct canvas_area canvas_clip(struct canvas *canvas, struct canvas_area area);

/* Draws one character that is one column wide. Outside the clip nothing happens. */
void canvas_put(struct canvas *canvas, int x, int y, uint32_t character, enum theme_style style);

/* Draws UTF-8 text from column x on; what passes the clip is cut, and a wide character is drawn
   whole or not at all. Controls and characters without width are left out. Returns the columns it
   takes, drawn or not. */
int canvas_text(struct canvas *canvas, int x, int y, const char *text, enum theme_style style);

/* Lays the background of a style under a cell; what is drawn there stays. */
void canvas_ground(struct canvas *canvas, int x, int y, enum theme_style style);

/* The cell at a place; NULL outside the canvas. Valid until the canvas is released. */
const struct canvas_cell *canvas_at(const struct canvas *canvas, int x, int y);

/* Adds all rows as UTF-8 lines without trailing blanks. False when `out` is full. */
bool canvas_plain(const struct canvas *canvas, struct buf *out);

/* As canvas_plain(), with escape sequences for styles and grounds; each line ends in the terminal's
   own style. With THEME_PLAIN it is canvas_plain(). False when `out` is full. */
bool canvas_ansi(const struct canvas *canvas, const struct theme *theme, enum theme_depth depth,
                 struct buf *out);

#define AUTO_CANVAS __attribute__((cleanup(canvas_release)))

#endif
