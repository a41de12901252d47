/* Secrets stand in files of their own, never on the command line, in a setting or in a log. */
#ifndef IO_SECRET_H
#define IO_SECRET_H

#include <stdbool.h>

#include "base/err.h"

enum { SECRET_MAX = 1024 };

struct secret {
    char *text; /* NULL before it is read */
};

/* Reads a file of one line; blanks and line ends behind it are dropped. ERR_USAGE when others than its owner may read or write it,
   when it is of another user, empty, longer than SECRET_MAX or has a NUL or a second line. No error repeats what is in it. */
bool secret_read(const char *path, struct secret *secret, struct err *err);

/* Wipes and frees. Safe on a zeroed one. */
void secret_release(struct secret *secret);
#define AUTO_SECRET __attribute__((cleanup(secret_release)))

#endif
