/* Numbers different values in the order in which they are met: of ids and prices, which come again and again. */
#ifndef BASE_ORDINALS_H
#define BASE_ORDINALS_H

#include <stddef.h>
#include <stdint.h>

struct ordinals_slot;

/* Zeroed before it is used. */
struct ordinals {
    struct ordinals_slot *slots; /* open addressing; a power of two, at most half full */
    size_t slot_count;
    int64_t *values; /* of each number, from 0 */
    size_t count, capacity;
};

/* The number of a value: the next one when it was not met before. */
uint32_t ordinals_meet(struct ordinals *ordinals, int64_t value);

/* Frees them. Safe on zeroed ones. */
void ordinals_release(struct ordinals *ordinals);
#define AUTO_ORDINALS __attribute__((cleanup(ordinals_release)))

#endif
