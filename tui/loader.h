/* Answers questions on a thread of its own, so that no screen ever waits for the store. It opens the store when it is
   first asked, and again when the file at its path became another one. */
#ifndef TUI_LOADER_H
#define TUI_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/question.h"

enum { LOADER_SLOTS = 8 };

struct loader;

/* Starts the thread. The path is copied. */
struct loader *loader_open(const char *path);

/* Waits for what is being answered, and frees. NULL is fine. */
void loader_close(struct loader *loader);

/* Asks a question in a slot (below LOADER_SLOTS). One that waits there already is replaced; the answer of one that is
   being answered comes none the less. `ticket` comes back with the answer. */
void loader_ask(struct loader *loader, size_t slot, uint64_t ticket,
                const struct question *question);

/* What the loader has to say. */
struct loader_word {
    size_t slot;
    uint64_t ticket;
    struct answer
        *answer; /* the caller's, to be given to question_forget(); NULL: the store changed */
};

/* Takes the next word; false when there is none. */
bool loader_take(struct loader *loader, struct loader_word *word);

/* Asks whether the store has changed since this was last asked, or since it was opened; when it has, a word without an
   answer comes. So it does as long as there is a file that cannot be opened: it may have been mended. */
void loader_look(struct loader *loader);

/* A descriptor that is readable while there may be words to take. */
int loader_fd(const struct loader *loader);

/* Waits until all that was asked has been answered. For scripts and tests. */
void loader_wait(struct loader *loader);

#endif
