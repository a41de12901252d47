#include "core/field.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"

enum { NAME_MAX_BYTES = 256 }; /* longer than any name that is kept */

const char *field_text(const struct json *value, char *room)
{
    int64_t whole;
    double real;
    const char *text = json_string(value);
    if (text)
        return text;
    if (json_int(value, &whole)) {
        snprintf(room, FIELD_TEXT_MAX, "%" PRId64, whole);
        return room;
    }
    if (!json_real(value, &real))
        return NULL;
    if (fabs(real) <= (double)MONEY_LIMIT) {
        snprintf(room, FIELD_TEXT_MAX, "%.2f", real);
        if (strtod(room, NULL) == real)
            return room;
    }
    snprintf(room, FIELD_TEXT_MAX, "%.17g", real);
    return room;
}

bool field_is_clean(const char *text)
{
    bool blank = true; /* one at the start or after another is not clean */
    for (; *text; text++) {
        if (*text < ' ' || *text > '~' || (*text == ' ' && blank))
            return false;
        blank = *text == ' ';
    }
    return !blank;
}

const char *field_keep(struct arena *arena, const char *text, size_t size)
{
    char safe[NAME_MAX_BYTES];
    size_t length = strlen(text);
    if (length == 0)
        return "";
    if (length < size && field_is_clean(text)) /* nearly all are: spares the slow way */
        return arena_strndup(arena, text, length);
    text_sanitise(safe, size < sizeof safe ? size : sizeof safe, text);
    return arena_strdup(arena, safe);
}
