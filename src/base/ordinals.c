#include "base/ordinals.h"

#include "base/mem.h"

enum { SLOTS_FIRST = 4096, SLOTS_GROW = 4 };

/* The value stands beside its number, so that a search touches no more memory than it must. */
struct ordinals_slot {
    int64_t value;
    uint32_t place; /* the number and 1; 0: nothing is here */
};

void ordinals_release(struct ordinals *ordinals)
{
    mem_free(ordinals->slots);
    mem_free(ordinals->values);
    *ordinals = (struct ordinals){0};
}

static struct ordinals_slot *slot_of(const struct ordinals *ordinals, int64_t value)
{
    size_t slot = (size_t)(value ^ value >> 16) & (ordinals->slot_count - 1);
    while (ordinals->slots[slot].place != 0 && ordinals->slots[slot].value != value)
        slot = (slot + 1) & (ordinals->slot_count - 1);
    return &ordinals->slots[slot];
}

static void widen(struct ordinals *ordinals)
{
    mem_free(ordinals->slots);
    ordinals->slot_count = ordinals->slot_count ? SLOTS_GROW * ordinals->slot_count : SLOTS_FIRST;
    ordinals->slots = mem_alloc(ordinals->slot_count, sizeof *ordinals->slots);
    for (size_t i = 0; i < ordinals->count; i++)
        *slot_of(ordinals, ordinals->values[i]) =
            (struct ordinals_slot){ordinals->values[i], (uint32_t)i + 1};
}

uint32_t ordinals_meet(struct ordinals *ordinals, int64_t value)
{
    if (2 * ordinals->count >= ordinals->slot_count)
        widen(ordinals);
    struct ordinals_slot *slot = slot_of(ordinals, value);
    if (slot->place == 0) {
        ordinals->values = mem_grow(ordinals->values, ordinals->count, &ordinals->capacity,
                                    sizeof *ordinals->values);
        ordinals->values[ordinals->count++] = value;
        *slot = (struct ordinals_slot){value, (uint32_t)ordinals->count};
    }
    return slot->place - 1;
}
