/* The filter bar: one line that says what is looked at, the same on every screen. */
#ifndef TUI_BAR_H
#define TUI_BAR_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"
#include "tui/view.h"

/* Where the focus is while somebody walks along the bar. */
struct bar {
    bool open;
    size_t field; /* index for view_field() */
};

/* Draws the filters into one row. When it is narrow the event's name is shortened first, then the words around what is set, from
   the right; then filters are left out, those that are not set first, and a mark says how many. */
void bar_draw(const struct bar *bar, const struct view *view, bool ascii, struct canvas *canvas,
              struct canvas_area row);

/* The filter at a column of that row; FILTERS where the mark is, ACTION_NONE where there is nothing. */
enum action bar_at(const struct bar *bar, const struct view *view, bool ascii,
                   struct canvas_area row, int x);

#endif
