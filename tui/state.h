/* What the workstation remembers from one day to the next, in a small text file: sections of keys with a value. Saved
   views, watch lists, reference lines, sort orders. */
#ifndef TUI_STATE_H
#define TUI_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct state;

/* Reads the file; one that is missing, or NULL, is empty. Lines that are no state are left out and lost at the next
   save. False with ERR_FAILURE when it cannot be read: the state is then empty and will not be saved. */
bool state_open(struct state **state, const char *path, struct err *err);

/* Frees. NULL is fine. Does not save. */
void state_close(struct state *state);

/* Writes the file anew when something changed: a new one takes its place whole. ERR_FAILURE. */
bool state_save(struct state *state, struct err *err);

/* A value; NULL when there is none. Valid until it is set again. */
const char *state_get(const struct state *state, const char *section, const char *key);

/* Sets a value; NULL removes it. Texts are copied, tabs and line ends in them become blanks. */
void state_set(struct state *state, const char *section, const char *key, const char *value);

/* Removes a section. */
void state_remove(struct state *state, const char *section);

/* The name of the nth section whose name starts with a prefix, without it; NULL behind the last. */
const char *state_section(const struct state *state, const char *prefix, size_t nth);

/* The nth key of a section and its value; false behind the last. */
bool state_entry(const struct state *state, const char *section, size_t nth, const char **key,
                 const char **value);

#endif
