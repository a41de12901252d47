/* Real answers of platforms, which lie beside the project when they are there at all: tests that
 * need them skip. */
#ifndef TESTS_SAMPLES_H
#define TESTS_SAMPLES_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

/* The path of a sample such as "vividseats/listings-6501519.json". */
static inline const char *sample_path(char *out, size_t size, const char *name)
{
    const char *folder = getenv("TWS_SAMPLES");
    snprintf(out, size, "%s/%s", folder ? folder : "../shared/samples", name);
    return out;
}

/* Reads a sample; false when it is not there. */
static inline bool sample_read(const char *name, struct buf *out)
{
    char path[512], bytes[65536];
    FILE *file = fopen(sample_path(path, sizeof path, name), "rb");
    buf_init(out, 64 << 20);
    if (!file)
        return false;
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        buf_add(out, bytes, got);
    fclose(file);
    return out->length > 0;
}

#endif
