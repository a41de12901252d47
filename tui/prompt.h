/* A line in which something is typed, with choices above it: the palette, the filters, every name that is asked for. */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "tui/action.h"
#include "tui/canvas.h"
#include "tui/keymap.h"

enum { PROMPT_TEXT_MAX = 1024, PROMPT_CHOICES_SHOWN = 10 };

struct prompt_choice {
    const char *text; /* what is typed when it is taken */
    const char *note; /* what it is, for people; "" nothing */
};

struct prompt {
    bool open;
    enum action action; /* what is asked for; COMMAND in the palette */
    char text[PROMPT_TEXT_MAX];
    size_t cursor; /* byte of the text */
    struct arena arena;
    struct prompt_choice *choices;
    size_t count, capacity;
    size_t *order; /* of choices that match what is typed, best first */
    size_t order_count, order_capacity;
    size_t chosen;  /* position in order; order_count: none */
    struct err err; /* what is wrong with the text so far; code NONE when nothing */
};

enum prompt_result { PROMPT_STAYS, PROMPT_CHANGED, PROMPT_ACCEPTED, PROMPT_CANCELLED };

/* Opens it with a text, without choices. */
void prompt_open(struct prompt *prompt, enum action action, const char *text);

/* Closes and frees. */
void prompt_close(struct prompt *prompt);

/* Forgets the choices. */
void prompt_clear_choices(struct prompt *prompt);

/* Adds a choice; texts are copied. prompt_match() then shows it. */
void prompt_offer(struct prompt *prompt, const char *text, const char *note);

/* Orders the choices by how well their text or note matches the item that is typed. Where nothing but a choice will do
   (the palette's word, an event, a view) the best is marked, elsewhere none. */
void prompt_match(struct prompt *prompt);

/* The item that is typed, which a choice takes the place of: the whole text; in the palette the word, then what stands
   behind it; of a list of zones, sizes or tags the last. */
const char *prompt_item(const struct prompt *prompt);

/* What a key does. Accepting with a choice marked takes that choice first. When the text has CHANGED its error is
   forgotten and the choices are matched anew; which choices there are, and what is wrong with the text, is for the
   caller to say. Pasted text that has no room is left out whole. */
enum prompt_result prompt_key(struct prompt *prompt, const struct keymap *keymap,
                              const struct key *key);

/* Draws the line into the last row of the area, not empty, above it what is wrong where there is no room beside it, what
   is allowed, and the choices. `label` stands before the text.
   Returns the column of the canvas where the cursor is. */
int prompt_draw(const struct prompt *prompt, const char *label, bool ascii, struct canvas *canvas,
                struct canvas_area area);

#endif
