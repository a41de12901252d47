/* What is to happen when: a heap of items by the time at which they are due. Items belong to the caller and know where
   they stand, so that any of them can be moved or taken out. */
#ifndef CORE_AGENDA_H
#define CORE_AGENDA_H

#include <stddef.h>
#include <stdint.h>

/* A member of what the caller keeps. */
struct agenda_item {
    int64_t due_ms;
    size_t place; /* from 1; 0: not on the agenda */
};

struct agenda {
    struct agenda_item **items; /* items[0] is unused */
    size_t count, capacity;
};

/* Frees the heap, not the items. Safe on a zeroed one, which is empty. */
void agenda_release(struct agenda *agenda);

/* Puts an item on the agenda, or moves the one that is there. O(log n). */
void agenda_put(struct agenda *agenda, struct agenda_item *item, int64_t due_ms);

/* Takes an item off; nothing when it is not on it. O(log n). */
void agenda_remove(struct agenda *agenda, struct agenda_item *item);

/* The item that is due first; NULL when there is none. */
struct agenda_item *agenda_first(const struct agenda *agenda);

#endif
