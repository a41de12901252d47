#include "tui/action.h"

#include <string.h>

#include "base/err.h"

enum {
    BOARD = ACTION_IN_BOARD,
    CHART = ACTION_IN_CHART,
    MARKET = ACTION_IN_MARKET,
    LISTINGS = ACTION_IN_LISTINGS,
    COMPARE = ACTION_IN_COMPARE,
    JOBS = ACTION_IN_JOBS,
    BAR = ACTION_IN_BAR,
    TYPED = ACTION_IN_TYPED,
    SCREENS = BOARD | CHART | MARKET | LISTINGS | COMPARE | JOBS,
    LISTS = BOARD | LISTINGS | JOBS,
    DRAWN = CHART | MARKET | COMPARE,
};

static const struct action_info table[ACTION_COUNT] = {
#define X(name, word, keys, places, argument, sentence)                                            \
    [ACTION_##name] = {word, keys, places, argument, sentence},
#include "tui/action.def"
#undef X
};

const struct action_info *action_info(enum action action)
{
    if (action <= ACTION_NONE || action >= ACTION_COUNT)
        BUG("action %d", (int)action);
    return &table[action];
}

enum action action_find(const char *word)
{
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        if (strcmp(table[action].word, word) == 0)
            return action;
    return ACTION_NONE;
}
