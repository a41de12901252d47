/* Which key does what, where: the table action.def, and what the config file says otherwise. */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "tui/action.h"
#include "tui/key.h"

enum { KEYMAP_KEYS_MAX = 12, KEYMAP_TEXT_MAX = 120 };

struct keymap {
    struct {
        struct key keys[KEYMAP_KEYS_MAX];
        size_t count;
    } of[ACTION_COUNT];
};

/* Fills it from the table. */
void keymap_init(struct keymap *keymap);

/* Gives an action other keys, names with blanks between them ("none": no key). ERR_USAGE for an unknown action, a
   key that is none, too many keys, or a key that does something else in one of the same places: it says what. */
bool keymap_bind(struct keymap *keymap, const char *word, const char *keys, struct err *err);

/* What a key does in a place; ACTION_NONE when nothing. */
enum action keymap_find(const struct keymap *keymap, const struct key *key,
                        enum action_place place);

/* An action's first key as people read it, "" when it has none. Into `out` of KEY_NAME_MAX, returned. */
char *keymap_first(char *out, const struct keymap *keymap, enum action action);

/* All of an action's keys with blanks between them. Into `out` of KEYMAP_TEXT_MAX, returned. */
char *keymap_all(char *out, const struct keymap *keymap, enum action action);

#endif
