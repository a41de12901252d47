/* Lists as people type them: items with commas between them. One that would be read as something else (it has a comma
   or a quote in it, is blank at an end, or is the word "none") stands between double quotes, and a quote in it twice. */
#ifndef TUI_ITEM_H
#define TUI_ITEM_H

#include <stdbool.h>
#include <stddef.h>

/* Reads the item at `*at` into `out` of `size` bytes and moves on behind its comma; at the end of the list `**at` is 0.
   False, with `out` cut, when it is longer. */
bool item_next(const char **at, char *out, size_t size);

/* Adds an item to the list in `out` of `size` bytes; what has no room is cut. */
void item_add(char *out, size_t size, const char *item);

/* Where the last item of a list begins, which is what is being typed. */
const char *item_last(const char *list);

#endif
