#include "io/hash.h"

#include <xxhash.h>

_Static_assert(HASH_SIZE == sizeof(XXH128_canonical_t), "a fingerprint is 128 bits");

void hash_bytes(unsigned char *out, const void *bytes, size_t length)
{
    XXH128_canonicalFromHash((XXH128_canonical_t *)out, XXH3_128bits(bytes, length));
}
