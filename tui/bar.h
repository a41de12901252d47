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

/* Draws the filters into one row; the least telling are left out when it is narrow. */
void bar_draw(const struct bar *bar, const struct view *view, bool ascii, struct canvas *canvas,
              struct canvas_area row);

/* The filter at a column of that row; ACTION_NONE when there is none. */
enum action bar_at(const struct bar *bar, const struct view *view, bool ascii,
                   struct canvas_area row, int x);

#endif
