/* Values of a platform's answer, read with suspicion: numbers come as strings or the other way
 * round, names hold anything. */
#ifndef CORE_FIELD_H
#define CORE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "io/json.h"

enum { FIELD_TEXT_MAX = 32 };

/* A string as it is, a number as its exact decimal ("178.60", "3") or, when two decimals are not
   enough, with all its digits; `room` of FIELD_TEXT_MAX holds the latter. NULL for anything else.
 */
const char *field_text(const struct json *value, char *room);

/* Whether a text is not empty and consists of printable ASCII with single blanks inside. */
bool field_is_clean(const char *text);

/* A copy of a name in the arena that is safe to print and has at most `size` - 1 bytes
 * (text_sanitise()). */
const char *field_keep(struct arena *arena, const char *text, size_t size);

#endif
