/* What is written on stderr while a picture is on the terminal would spoil it: it is kept and printed
 * afterwards. An inner part of tui/term, not for others. */
#ifndef TUI_TERM_STDERR_H
#define TUI_TERM_STDERR_H

#include <stdbool.h>
#include <stddef.h>

/* From here on stderr is kept, if it is a terminal. */
void term_stderr_hold(void);

/* Stderr is itself again, and what was kept is printed there. For signal handlers too; nothing when
   it is not held. */
void term_stderr_release(void);

/* The last line that came since the last call into `out`; false when none did. It stays kept. */
bool term_stderr_take(char *out, size_t size);

#endif
