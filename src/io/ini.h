/* INI files by inih. */
#ifndef IO_INI_H
#define IO_INI_H

#include <stdbool.h>

#include "base/err.h"

/* Takes one `name = value` of a section ("" before the first); returns false with `err` set to refuse it. */
typedef bool ini_visit(void *context, const char *section, const char *name, const char *value,
                       int line, struct err *err);

/* Reads a file. A missing file is ERR_NOT_FOUND; a line that is no INI, or one that `visit` refused, is
   ERR_USAGE with "<path>:<line>: " before it. */
bool ini_read(const char *path, ini_visit *visit, void *context, struct err *err);

#endif
