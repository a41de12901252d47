/* HMAC-SHA256 (RFC 2104) by Nettle, which libcurl and libmicrohttpd bring along. */
#ifndef IO_HMAC_H
#define IO_HMAC_H

#include <stddef.h>

enum { HMAC_SIZE = 32 };

/* The code of bytes under a key, into `out` of HMAC_SIZE. */
void hmac_sha256(unsigned char *out, const void *key, size_t key_length, const void *bytes,
                 size_t length);

#endif
