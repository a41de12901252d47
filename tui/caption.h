/* The words around a drawing: its title, and what stands in its place when there is nothing to draw. */
#ifndef TUI_CAPTION_H
#define TUI_CAPTION_H

#include "tui/canvas.h"

/* Writes a title into the first row of an area, cut where it must be, and a note at the row's end if
   there is room for both. NULL is nothing. */
void caption_title(struct canvas *canvas, struct canvas_area area, const char *title,
                   const char *note);

/* Writes a message into the middle of an area, cut where it must be. */
void caption_middle(struct canvas *canvas, struct canvas_area area, const char *message);

#endif
