#include "tui/history.h"

static struct view *at(struct history *history, size_t index)
{
    return &history->views[(history->first + index) % HISTORY_MAX];
}

void history_note(struct history *history, const struct view *before)
{
    if (history->undo == HISTORY_MAX) {
        history->first = (history->first + 1) % HISTORY_MAX;
        history->undo--;
    }
    *at(history, history->undo++) = *before;
    history->redo = 0;
}

static void exchange(struct view *a, struct view *b)
{
    struct view kept = *a;
    *a = *b;
    *b = kept;
}

bool history_undo(struct history *history, struct view *view)
{
    if (history->undo == 0)
        return false;
    exchange(at(history, --history->undo), view);
    history->redo++;
    return true;
}

bool history_redo(struct history *history, struct view *view)
{
    if (history->redo == 0)
        return false;
    exchange(at(history, history->undo++), view);
    history->redo--;
    return true;
}
