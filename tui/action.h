/* Everything that can be done, as the table action.def has it. Keys, palette, help, footer and manual come from it. */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

#include <stdbool.h>
#include <stddef.h>

/* Where something can be done: the screens, and what lies over them. */
enum action_place {
    ACTION_IN_BOARD = 1,
    ACTION_IN_CHART = 2, /* price trend, group prices, ticket counts */
    ACTION_IN_MARKET = 4,
    ACTION_IN_LISTINGS = 8,
    ACTION_IN_COMPARE = 16,
    ACTION_IN_JOBS = 32,
    ACTION_IN_BAR = 64,    /* the filter bar */
    ACTION_IN_TYPED = 128, /* wherever a line is typed */
};

enum action {
    ACTION_NONE,
#define X(name, word, keys, places, argument, sentence) ACTION_##name,
#include "tui/action.def"
#undef X
    ACTION_COUNT
};

/* A row of the table; static. */
struct action_info {
    const char *word;     /* "zoom-in" */
    const char *keys;     /* names with a blank between them; "" when it has none */
    unsigned places;      /* of enum action_place */
    const char *argument; /* "TIME", "" when it takes none */
    const char *sentence;
};

/* The row of an action; not of ACTION_NONE. */
const struct action_info *action_info(enum action action);

/* The action of a word; ACTION_NONE when there is none. */
enum action action_find(const char *word);

/* One thing that somebody does. */
struct act {
    enum action action;
    const char *text; /* the argument as typed; NULL when a key started it. Borrowed. */
    int number;       /* of SERIES: 1 to 9 */
};

#endif
