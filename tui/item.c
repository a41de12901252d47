#include "tui/item.h"

#include <stdio.h>
#include <string.h>

/* The length of what comes next of an item: a character, or two quotes that mean one; 0 at its end. */
static size_t step(const char *at, bool quoted)
{
    if (!*at || (!quoted && *at == ','))
        return 0;
    if (quoted && *at == '"')
        return at[1] == '"' ? 2 : 0;
    return 1;
}

bool item_next(const char **at, char *out, size_t size)
{
    const char *from = *at + strspn(*at, " ");
    bool quoted = *from == '"', fits = true;
    size_t used = 0, length;
    for (from += quoted; (length = step(from, quoted)) > 0; from += length) {
        fits = used + 1 < size;
        if (fits)
            out[used++] = *from;
    }
    while (!quoted && used > 0 && out[used - 1] == ' ')
        used--;
    out[used] = '\0';
    *at = from + strcspn(from, ",");
    *at += **at == ',';
    return fits;
}

static void add(char *out, size_t size, const char *text, size_t length)
{
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%.*s", (int)length, text);
}

static bool wants_quotes(const char *item)
{
    size_t length = strlen(item);
    return length == 0 || strpbrk(item, ",\"") || item[0] == ' ' || item[length - 1] == ' ' ||
           strcmp(item, "none") == 0;
}

void item_add(char *out, size_t size, const char *item)
{
    const char *quote = wants_quotes(item) ? "\"" : "";
    if (out[0])
        add(out, size, ", ", 2);
    add(out, size, quote, 1);
    for (const char *c = item; *c; c++)
        add(out, size, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    add(out, size, quote, 1);
}

const char *item_last(const char *list)
{
    for (const char *at = list;;) {
        size_t length;
        bool quoted = *at == '"';
        at += quoted;
        while ((length = step(at, quoted)) > 0)
            at += length;
        at += strcspn(at, ",");
        if (!*at)
            return list;
        list = at += 1 + strspn(at + 1, " ");
    }
}
