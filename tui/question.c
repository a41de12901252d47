#include "tui/question.h"

#include <string.h>

#include "base/mem.h"

bool question_same(const struct question *a, const struct question *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

void question_forget(struct answer *answer)
{
    if (!answer)
        return;
    frame_release(&answer->frame);
    mem_free(answer);
}
