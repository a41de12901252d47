/* Text: UTF-8, width on a terminal, names made safe to print, strict numbers. Knows no locale. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether `length` bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool text_is_utf8(const char *text, size_t length);

/* Reads the character at `*text` and moves it on. Ill-formed bytes give U+FFFD, one byte at a time.
   Returns 0 at the end of the string and stays there. */
uint32_t text_next(const char **text);

/* Writes a character as UTF-8 to `out` (room for 4) and returns its length in bytes. */
int text_encode(uint32_t character, char *out);

/* Columns a character takes on a terminal: 0, 1 or 2. Its own table, not the locale's, so that a dump is
   the same everywhere; ambiguous characters count 1. */
int text_char_width(uint32_t character);

/* The character of ASCII that a character is most like: the letter under the accent (of Latin-1 and Latin Extended-A), quotes,
   dashes and blanks; '?' when there is none. */
char text_char_ascii(uint32_t character);

/* Columns a string takes. */
int text_width(const char *text);

/* Copies at most `columns` columns of `text` into `out` of `size` bytes, ending with "…" (or "~" when
   `ascii`) if something was cut. Returns the columns used. */
int text_clip(char *out, size_t size, const char *text, int columns, bool ascii);

/* Copies a name that came from outside: drops C0 and C1 controls, bidi controls, zero-width, private-use
   and unassigned-plane characters, turns tabs, newlines and runs of blanks into one space, trims both
   ends, cuts at `size - 1` bytes between characters. Returns whether anything was dropped or cut. */
bool text_sanitise(char *out, size_t size, const char *text);

/* Copies a line for a terminal: C0 and C1 controls, DEL, bidi overrides and ill-formed bytes become
   '?', the rest stays; cuts at `size - 1` bytes between characters. The result is never longer than
   `text`, and `out` may be `text` itself. */
void text_printable(char *out, size_t size, const char *text);

/* Reads a whole string as a decimal integer, optional leading '-', nothing else around it. */
bool text_to_int(const char *text, int64_t *value);

/* The first eight bytes as a number that sorts as strcmp() does: of two texts with different numbers
   it is known which comes first without a further look at either. */
uint64_t text_prefix(const char *text);

/* Whether two strings are the same but for the case of ASCII letters. */
bool text_same_folded(const char *a, const char *b);

/* Whether `needle` occurs in `text`, but for the case of ASCII letters. An empty needle always does. */
bool text_contains_folded(const char *text, const char *needle);

/* Whether `text` begins with `start`, but for the case of ASCII letters. */
bool text_starts_folded(const char *text, const char *start);

/* Edit distance (Damerau-Levenshtein, restricted) between two short strings, for "did you mean". */
int text_distance(const char *a, const char *b);

/* A number with commas: "8,123". Writes to `out` (room for 32) and returns it. */
char *text_thousands(char *out, int64_t value);

#endif
