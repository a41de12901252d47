/* Finding by a few letters: each word of a pattern must occur in the text with its letters in order, whatever stands
   between; `!word` must not occur at all. Case is ignored for ASCII. */
#ifndef TUI_FUZZY_H
#define TUI_FUZZY_H

/* How well a text matches: the more the better, 0 for an empty pattern; -1 when it does not. */
int fuzzy_score(const char *text, const char *pattern);

#endif
