/* Base64 (RFC 4648), as HAR files carry bodies and terminals take what is copied. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Adds the bytes that `text` stands for. Line breaks are passed over, padding may be missing. False
   when it is not base64 or `out` is full. */
bool base64_decode(const char *text, struct buf *out);

/* Adds bytes as base64, padded and without line breaks. False when `out` is full. */
bool base64_encode(const void *bytes, size_t length, struct buf *out);

#endif
