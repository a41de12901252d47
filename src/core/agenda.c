#include "core/agenda.h"

#include "base/mem.h"

static void place(struct agenda *agenda, struct agenda_item *item, size_t at)
{
    agenda->items[at] = item;
    item->place = at;
}

/* Moves the item that stands at `at` up to where nothing above it is due later. */
static void rise(struct agenda *agenda, size_t at)
{
    struct agenda_item *item = agenda->items[at];
    for (; at > 1 && agenda->items[at / 2]->due_ms > item->due_ms; at /= 2)
        place(agenda, agenda->items[at / 2], at);
    place(agenda, item, at);
}

static void sink(struct agenda *agenda, size_t at)
{
    struct agenda_item *item = agenda->items[at];
    for (size_t below; (below = 2 * at) <= agenda->count; at = below) {
        if (below < agenda->count &&
            agenda->items[below + 1]->due_ms < agenda->items[below]->due_ms)
            below++;
        if (agenda->items[below]->due_ms >= item->due_ms)
            break;
        place(agenda, agenda->items[below], at);
    }
    place(agenda, item, at);
}

void agenda_release(struct agenda *agenda)
{
    mem_free(agenda->items);
    *agenda = (struct agenda){0};
}

void agenda_put(struct agenda *agenda, struct agenda_item *item, int64_t due_ms)
{
    agenda_remove(agenda, item);
    agenda->items =
        mem_grow(agenda->items, agenda->count + 1, &agenda->capacity, sizeof *agenda->items);
    item->due_ms = due_ms;
    place(agenda, item, ++agenda->count);
    rise(agenda, item->place);
}

void agenda_remove(struct agenda *agenda, struct agenda_item *item)
{
    size_t at = item->place;
    if (at == 0)
        return;
    struct agenda_item *last = agenda->items[agenda->count--];
    item->place = 0;
    if (last == item)
        return;
    place(agenda, last, at);
    rise(agenda, at);
    sink(agenda, last->place);
}

struct agenda_item *agenda_first(const struct agenda *agenda)
{
    return agenda->count > 0 ? agenda->items[1] : NULL;
}
