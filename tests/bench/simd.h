/* The reader of a listings answer with simdjson in cJSON's place. */
#ifndef SIMD_H
#define SIMD_H

#include <stdbool.h>
#include <stddef.h>

struct market;

/* Fills an initialised market from a text with at least 64 bytes of room behind it, as vividseats_listings_read() does. */
bool simd_read(const char *text, size_t length, struct market *market);

#endif
