/* What a screen wants to know, as plain data, and what came of it. Two questions that are the same byte for byte have
   the same answer until the store changes, so nobody needs to say when to load again. */
#ifndef TUI_QUESTION_H
#define TUI_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/frame.h"
#include "core/store.h"
#include "tui/view.h"

enum { QUESTION_EVENTS_MAX = 8, QUESTION_NUMBERS_MAX = 6 };

struct question;
struct conf;

/* Answers a question from the store into an empty frame. Called on the loader's thread: it knows nothing but its
   arguments. */
typedef bool question_load(struct store *store, const struct question *question,
                           struct frame *frame, struct err *err);

/* Zeroed before it is filled. */
struct question {
    question_load *load; /* NULL: nothing is wanted */
    struct view view;
    const struct conf *conf;               /* for those answers that settings have a part in */
    int64_t numbers[QUESTION_NUMBERS_MAX]; /* of `load`'s own meaning */
    char events[QUESTION_EVENTS_MAX]
               [EVENT_NAME_MAX + 8]; /* "vividseats:6501519"; "" behind the last */
    char listing[LISTING_ID_MAX];    /* "": none */
};

/* Immutable once it is given out. */
struct answer {
    struct frame frame; /* empty when not ok */
    bool ok;
    struct err err;
};

/* Whether two are the same. */
bool question_same(const struct question *a, const struct question *b);

/* The event of the question's view, as the store knows it now. ERR_USAGE when none is chosen, ERR_NOT_FOUND. */
bool question_event(struct store *store, const struct question *question, struct event *event,
                    struct err *err);

/* Frees an answer; NULL is fine. */
void question_forget(struct answer *answer);

#endif
