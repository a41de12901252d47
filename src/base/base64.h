/* Base64 (RFC 4648) in, bytes out: as HAR files carry bodies. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stdbool.h>

#include "base/buf.h"

/* Adds the bytes that `text` stands for. Line breaks are passed over, padding may be missing. False
   when it is not base64 or `out` is full. */
bool base64_decode(const char *text, struct buf *out);

#endif
