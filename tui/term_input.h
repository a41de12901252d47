/* Keys, mouse and pasted text as ncurses and the terminal send them; an inner part of tui/term, not for
 * others. */
#ifndef TUI_TERM_INPUT_H
#define TUI_TERM_INPUT_H

#include <stdbool.h>

#include "tui/key.h"

/* Prepares the screen that newterm() made: keys as they are typed, mouse and paste recognised. */
void term_input_open(void);

/* Reads the next key of what has arrived; false when nothing is left. Never waits longer than it takes to tell
   Esc from a key that starts with it, or for the rest of what has begun. */
bool term_input_next(struct key *key);

#endif
