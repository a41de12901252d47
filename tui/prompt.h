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
    size_t chosen; /* position in order; order_count: none */
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

/* Orders the choices by how well they match the item that is typed: what stands behind the last comma, or, in the
   palette, behind the word when `argument` is set. */
void prompt_match(struct prompt *prompt);

/* The item that is typed at the end of the text, as prompt_match() sees it. */
const char *prompt_item(const struct prompt *prompt);

/* What a key does. Accepting with a choice marked takes that choice first. */
enum prompt_result prompt_key(struct prompt *prompt, const struct keymap *keymap,
                              const struct key *key);

/* Draws the line into the last row of the area and the choices above it. `label` stands before the text. Returns the
   column of the cursor. */
int prompt_draw(const struct prompt *prompt, const char *label, bool ascii, struct canvas *canvas,
                struct canvas_area area);

#endif
