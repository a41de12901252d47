#include "tui/wrap.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

const char *wrap_row(const char *text, int columns, char *out, size_t size)
{
    const char *end = text, *blank = NULL;
    for (int width = 0; *end;) {
        const char *next = end;
        uint32_t character = text_next(&next);
        width += text_char_width(character);
        if (end > text && (width > columns || (size_t)(next - text) >= size))
            break;
        if (character == ' ')
            blank = end;
        end = next;
    }
    if (*end && *end != ' ' && blank)
        end = blank;
    snprintf(out, size, "%.*s", (int)(end - text), text);
    return *end == ' ' ? end + 1 : end;
}

int wrap_rows(char rows[][WRAP_ROW_MAX], int most, const char *text, int columns, bool ascii)
{
    int count = 0;
    for (; *text && count + 1 < most; count++)
        text = wrap_row(text, columns, rows[count], WRAP_ROW_MAX);
    if (*text && count < most)
        text_clip(rows[count++], WRAP_ROW_MAX, text, columns, ascii);
    return count;
}
