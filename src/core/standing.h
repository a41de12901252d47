/* Measures what stands at each of many moments: offers come and go, and only what changed is counted anew. */
#ifndef CORE_STANDING_H
#define CORE_STANDING_H

#include <stddef.h>
#include <stdint.h>

#include "core/measures.h"

#define STANDING_NO_RANK UINT32_MAX /* of a price that is not known */

/* An offer at a price, from one moment up to another. */
struct standing_span {
    uint32_t from, end;            /* indexes of moments: it stands at [from, end) */
    uint32_t rank[MEASURES_BASES]; /* of its prices */
    int32_t quantity;
    uint8_t sizes; /* bit k - 1: k may be bought */
};

/* What comes and goes; the caller's. */
struct standing {
    const int64_t *prices; /* different, ascending: by their ranks */
    size_t price_count;
    const struct standing_span *spans;
    size_t span_count;
};

/* Measures it at each of `moment_count` ascending moments into `out`; group prices for the sizes in `sizes` (bits) only. */
void standing_measure(const struct standing *standing, const int64_t *moments, size_t moment_count,
                      unsigned sizes, struct measures *out);

#endif
