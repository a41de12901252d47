#include "tui/question.h"

#include <string.h>

#include "base/mem.h"

bool question_same(const struct question *a, const struct question *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

bool question_event(struct store *store, const struct question *question, struct event *event,
                    struct err *err)
{
    const struct event *wanted = &question->view.event;
    if (!wanted->external_id[0]) {
        err_set(err, ERR_USAGE, "no event is chosen");
        return err_hint(err, "e chooses one; Enter on the board does, too");
    }
    return store_find_event(store, wanted->platform, wanted->external_id, event, err);
}

void question_forget(struct answer *answer)
{
    if (!answer)
        return;
    frame_release(&answer->frame);
    mem_free(answer);
}
