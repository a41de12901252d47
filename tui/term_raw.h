/* Bytes straight to the terminal, past ncurses; an inner part of tui/term, not for others. */
#ifndef TUI_TERM_RAW_H
#define TUI_TERM_RAW_H

#include <stddef.h>

/* Writes all bytes to a descriptor, waiting where it does not take them at once; gives up on an
   error. For signal handlers too. */
void term_raw_write(int fd, const char *bytes, size_t length);

#endif
