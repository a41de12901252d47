/* A throw-away folder. */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include <stdbool.h>

#include "base/err.h"

/* Makes a new, empty folder that only this user can read, under $TMPDIR. Without that variable: in
   memory when it need not outlive the process, else under /tmp. Returns its path, to be freed with
   mem_free(); NULL with ERR_FAILURE. */
char *scratch_open(bool keep, struct err *err);

/* Removes a folder of scratch_open() with the files in it; it must hold no folders. What cannot be
   removed is warned about. */
void scratch_close(const char *folder);

#endif
