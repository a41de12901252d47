/* A canvas in ncurses' cells; an inner part of tui/term, not for others. */
#ifndef TUI_TERM_PAINT_H
#define TUI_TERM_PAINT_H

#include <stdbool.h>

#include "tui/canvas.h"
#include "tui/theme.h"

struct term_paint;

/* Prepares the colours of the screen that newterm() made. */
struct term_paint *term_paint_open(enum theme_depth depth);

/* Frees it. */
void term_paint_close(struct term_paint *paint);

/* Forgets what was drawn: after another size. */
void term_paint_forget(struct term_paint *paint);

/* Draws a canvas on the screen, for doupdate() to send. */
void term_paint_draw(struct term_paint *paint, const struct canvas *canvas,
                     const struct theme *theme);

#endif
