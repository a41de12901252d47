/* Compressed bytes in, plain bytes out: gzip (libdeflate), brotli, zstd; all capped, all checked to the end. */
#ifndef IO_ZIP_H
#define IO_ZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum zip_format { ZIP_NONE, ZIP_GZIP, ZIP_BROTLI, ZIP_ZSTD };

enum zip_result {
    ZIP_OK,
    ZIP_TRUNCATED, /* the bytes end before the format says so */
    ZIP_CORRUPT,   /* not that format, a wrong checksum, or bytes after the end */
    ZIP_TOO_BIG,   /* the plain bytes would pass the cap of `out` */
};

/* Recognises gzip and zstd by their magic bytes (brotli has none); ZIP_NONE otherwise. */
enum zip_format zip_sniff(const void *bytes, size_t length);

/* Unpacks all of `bytes` into `out`, which is emptied first. Several gzip members or zstd frames after each
   other are one text. ZIP_NONE copies. */
enum zip_result zip_unpack(enum zip_format format, const void *bytes, size_t length,
                           struct buf *out);

/* The sentence for a result, such as "cut short"; static. */
const char *zip_result_text(enum zip_result result);

/* Packs bytes as one gzip member at a level of 1..12, for the simulator and tests. False when `out` is full. */
bool zip_pack_gzip(const void *bytes, size_t length, int level, struct buf *out);

/* Packs bytes as one zstd frame, for tests and archives. False when `out` is full. */
bool zip_pack_zstd(const void *bytes, size_t length, int level, struct buf *out);

#endif
