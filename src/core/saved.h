/* Saved files: their plain bytes, their time, and their lines. */
#ifndef CORE_SAVED_H
#define CORE_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum { SAVED_MAX = 512 << 20 }; /* plain bytes of a file; a HAR of an afternoon has some 100 MB */

/* Reads a file ("-": stdin) and unpacks gzip and zstd, known by their bytes. `*at_ms` is when a
   regular file was last written, else now. False with ERR_NOT_FOUND when it does not exist,
   ERR_USAGE when it cannot be read, is damaged or too large; `bytes` is to be released either way.
 */
bool saved_read(const char *path, struct buf *bytes, int64_t *at_ms, struct err *err);

/* The next line before `end` that is not blank, without the blanks around it; NULL at the end.
   Moves `*at` on and counts all lines in `*number`. */
const char *saved_next_line(const char **at, const char *end, size_t *length, int *number);

/* Whether a text is JSON line by line. One whole document may have many lines, too, and either may
 * be damaged. */
bool saved_is_lines(const char *text, size_t length);

#endif
