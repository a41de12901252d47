/* The views before this one, for undo and redo. */
#ifndef TUI_HISTORY_H
#define TUI_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/view.h"

enum { HISTORY_MAX = 32 };

struct history {
    struct view views[HISTORY_MAX]; /* a ring */
    size_t first, undo, redo; /* oldest, how many may be undone, how many redone behind them */
};

/* Notes the view that is about to be left. What was undone cannot be redone any more. */
void history_note(struct history *history, const struct view *before);

/* Exchanges the view with the one before it, or with the one that was undone. False when there is none. */
bool history_undo(struct history *history, struct view *view);
bool history_redo(struct history *history, struct view *view);

#endif
