/* The terminal's entry in terminfo; an inner part of tui/term, not for others. */
#ifndef TUI_TERM_TYPE_H
#define TUI_TERM_TYPE_H

#include <stdbool.h>

#include "base/buf.h"

enum { TERM_TYPE_MAX = 128 };

enum term_type_fitness {
    TERM_TYPE_UNKNOWN, /* no entry */
    TERM_TYPE_DUMB,    /* it cannot place a cursor */
    TERM_TYPE_FIT,
};

/* The entry to be used for TERM, into `out` of TERM_TYPE_MAX, when there is a fit one. *direct asks
   for one with true colour, such as xterm-direct, whose colours are no indexes, and tells whether it is one. */
enum term_type_fitness term_type_choose(char *out, bool *direct);

/* Adds a string capability of the entry in use, without its padding; nothing where it has none. */
void term_type_add(struct buf *out, const char *name);

#endif
