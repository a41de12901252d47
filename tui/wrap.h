/* Long texts in several rows. */
#ifndef TUI_WRAP_H
#define TUI_WRAP_H

#include <stdbool.h>
#include <stddef.h>

enum { WRAP_ROW_MAX = 1024 };

/* Copies as much of a text as fits into `columns` columns and `size` bytes, cut at a blank where all of it does not. Returns
   where the next row begins, behind that blank. It always gets on, though a character be wider than the row. */
const char *wrap_row(const char *text, int columns, char *out, size_t size);

/* Copies a text into at most `most` rows; what does not fit is cut off the last, which then ends as text_clip() ends it. Returns
   the rows that it took. */
int wrap_rows(char rows[][WRAP_ROW_MAX], int most, const char *text, int columns, bool ascii);

#endif
