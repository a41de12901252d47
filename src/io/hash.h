/* Fingerprints by xxHash: to see quickly that a body is the last one again. Not for secrets. */
#ifndef IO_HASH_H
#define IO_HASH_H

#include <stddef.h>

enum { HASH_SIZE = 16 };

/* XXH3-128 of bytes, in canonical byte order, into `out` of HASH_SIZE. */
void hash_bytes(unsigned char *out, const void *bytes, size_t length);

#endif
