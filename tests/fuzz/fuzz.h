/* What the fuzz targets share. Each holds what must be true of any input and aborts when it is not. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer calls it with each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts, for libFuzzer to report, unless something holds. */
static inline void must(int holds)
{
    if (!holds)
        abort();
}

/* The input as a string of at most `cap - 1` bytes, cut at its first NUL. */
static inline char *input_text(char *out, size_t cap, const uint8_t *data, size_t size)
{
    size_t length = size < cap - 1 ? size : cap - 1;
    if (length > 0)
        memcpy(out, data, length);
    out[length] = '\0';
    return out;
}

#endif
