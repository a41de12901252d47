/* A throw-away folder under $TMPDIR. */
#ifndef CLI_SCRATCH_H
#define CLI_SCRATCH_H

#include <stdbool.h>

#include "base/err.h"

/* Makes a new, empty folder that only this user can read. Returns its path, to be freed with
   mem_free(); NULL with ERR_FAILURE. */
char *scratch_open(struct err *err);

/* Removes a folder of scratch_open() with the files in it; it must hold no folders. What cannot be
   removed is warned about. */
void scratch_close(const char *folder);

#endif
