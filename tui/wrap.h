/* Long texts in several rows. */
#ifndef TUI_WRAP_H
#define TUI_WRAP_H

#include <stddef.h>

/* Copies as much of a text as fits into `columns` columns and `size` bytes, cut at a blank where all of it does not. Returns
   where the next row begins, behind that blank. It always gets on, though a character be wider than the row. */
const char *wrap_row(const char *text, int columns, char *out, size_t size);

#endif
