/* SHA-256 by libcrypto, which libpq brings along: loaded when first called. */
#ifndef IO_DIGEST_H
#define IO_DIGEST_H

#include <stddef.h>

enum { DIGEST_TEXT_MAX = 65 };

/* The digest of bytes in lower-case hexadecimal digits, into `out` of DIGEST_TEXT_MAX, returned. */
char *digest_sha256(char *out, const void *bytes, size_t length);

#endif
