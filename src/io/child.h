/* Another program, run once with something on its stdin. */
#ifndef IO_CHILD_H
#define IO_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Runs a command and its arguments, separated by blanks, without a shell: found by PATH, with `input` on stdin, its stdout joined to
   this program's stderr, without the TWS_ variables, in a process group of its own. Waits for it. False with ERR_FAILURE when it
   cannot be started or ends otherwise than with 0; after `limit_ms`, or when a stop is requested, the group is killed. */
bool child_run(const char *command, const char *input, size_t length, int limit_ms,
               struct err *err);

#endif
