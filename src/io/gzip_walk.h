/* Tells a gzip that was cut short from one that is damaged: libdeflate answers the same to both. */
#ifndef IO_GZIP_WALK_H
#define IO_GZIP_WALK_H

#include <stdbool.h>
#include <stddef.h>

/* Walks one gzip member (RFC 1952, RFC 1951) without unpacking it: true when the bytes run out
   before its end. For members that libdeflate has refused; slow, and blind to checksums. */
bool gzip_walk_runs_out(const void *bytes, size_t length);

#endif
