/* What the keys do here: a page over the screen, narrowed by what is typed. */
#ifndef TUI_GUIDE_H
#define TUI_GUIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/keymap.h"

enum { GUIDE_SEARCH_MAX = 64 };

struct guide {
    bool open;
    char search[GUIDE_SEARCH_MAX];
    size_t top; /* line that is shown first */
};

/* Opens it at its first line, with nothing typed. */
void guide_open(struct guide *guide);

/* Types, scrolls, closes. `place` and `height` are those it is drawn with. */
void guide_key(struct guide *guide, const struct keymap *keymap, enum action_place place,
               int height, const struct key *key);

/* Draws it over an area. */
void guide_draw(const struct guide *guide, const struct keymap *keymap, enum action_place place,
                bool ascii, struct canvas *canvas, struct canvas_area area);

#endif
