/* A file that one process at a time holds: gone with the process, however it ends. */
#ifndef IO_LOCK_H
#define IO_LOCK_H

#include "base/err.h"

/* Takes the lock on a file, which is made when it is missing. Returns what lock_close() takes; -1 with ERR_BUSY when
   another process holds it (`what` says in a word what that is), ERR_STORE when the file cannot be made. */
int lock_open(const char *path, const char *what, struct err *err);

/* Lets go; negative is fine. The file stays: taking it away would let two hold it. */
void lock_close(int lock);

#endif
