/* What happens to the terminal when something happens to the process: signals, crashes, exit. An inner
 * part of tui/term, not for others. */
#ifndef TUI_TERM_GUARD_H
#define TUI_TERM_GUARD_H

#include <stddef.h>

/* What signals left to be done. */
enum term_guard_note {
    TERM_GUARD_SIZE = 1,     /* SIGWINCH */
    TERM_GUARD_SUSPEND = 2,  /* SIGTSTP */
    TERM_GUARD_CONTINUE = 4, /* SIGCONT: somebody else had the terminal */
};

enum { TERM_GUARD_BYTES_MAX = 512 };

/* Notes the terminal's modes as they are, and signals from here on. To be called before ncurses, which
   only takes the signals that nobody has. */
void term_guard_watch(void);

/* From here on the end of the process, however it comes, writes `bytes` to the terminal and gives its
   modes back; at most TERM_GUARD_BYTES_MAX. May be called again with other bytes. */
void term_guard_arm(const char *bytes, size_t length);

/* Undoes both; writes nothing. */
void term_guard_leave(void);

/* A descriptor that becomes readable when there are notes. */
int term_guard_fd(void);

/* The notes since the last call. */
unsigned term_guard_take(void);

/* Stops the process, as Ctrl-Z does; returns when it goes on, with TERM_GUARD_CONTINUE noted. */
void term_guard_suspend(void);

#endif
