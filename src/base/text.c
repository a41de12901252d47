#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { REPLACEMENT = 0xFFFD };

/* Unicode's Default_Ignorable_Code_Point and the other invisible format characters below plane 14:
   zero-width, bidi control, variation selector, filler. */
static const struct {
    uint32_t first, last;
} invisible[] = {
    {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x061C, 0x061C}, {0x115F, 0x1160}, {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},   {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x13430, 0x1343F},
    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
};

static const struct {
    uint32_t first, last;
    int width;
} widths[] = {
#define X(first, last, width) {first, last, width},
#include "base/text_width.def"
#undef X
};

/* Bytes of the character at `s`, of which `left` are there, or 0 when it is ill-formed. Looks at a
   byte only when those before it were right, so a NUL stops it in time. RFC 3629, section 4. */
static size_t decode(const unsigned char *s, size_t left, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    if (s[0] > 0xF4 || length == 0 || length > left)
        return 0;
    uint32_t c = length == 1 ? s[0] : s[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3F);
    }
    if (c < least[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *character = c;
    return length;
}

bool text_is_utf8(const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while (at < end) {
        uint64_t eight;
        while (end - at >= (ptrdiff_t)sizeof eight) {
            memcpy(&eight, at, sizeof eight);
            if (eight & UINT64_C(0x8080808080808080))
                break;
            at += sizeof eight;
        }
        if (at == end)
            break;
        uint32_t character;
        size_t step = decode(at, (size_t)(end - at), &character);
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

uint32_t text_next(const char **text)
{
    uint32_t character;
    size_t length = decode((const unsigned char *)*text, 4, &character);
    if (length == 0) {
        (*text)++;
        return REPLACEMENT;
    }
    if (character != 0)
        *text += length;
    return character;
}

int text_encode(uint32_t character, char *out)
{
    uint32_t c = character;
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = REPLACEMENT;
    int length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (int i = length - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    static const uint32_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[length] | c);
    return length;
}

int text_char_width(uint32_t character)
{
    if (character < 0x300)
        return character >= 0x20 && (character < 0x7F || character >= 0xA0);
    size_t below = 0, above = sizeof widths / sizeof *widths;
    while (below < above) {
        size_t middle = (below + above) / 2;
        if (character > widths[middle].last)
            below = middle + 1;
        else if (character < widths[middle].first)
            above = middle;
        else
            return widths[middle].width;
    }
    return 1;
}

char text_char_ascii(uint32_t character)
{
    static const char letters[] = /* U+00C0 to U+017F; of two letters in one the first */
        "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
        "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
        "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
    static const struct {
        uint32_t first, last;
        char ascii;
    } others[] = {{0x00a0, 0x00a0, ' '},  {0x00ab, 0x00ab, '"'}, {0x00b4, 0x00b4, '\''},
                  {0x00b7, 0x00b7, '.'},  {0x00bb, 0x00bb, '"'}, {0x2010, 0x2015, '-'},
                  {0x2018, 0x201b, '\''}, {0x201c, 0x201f, '"'}, {0x2022, 0x2022, '*'},
                  {0x2026, 0x2026, '.'}};
    if (character <= '~')
        return (char)character;
    if (character >= 0xc0 && character - 0xc0 < sizeof letters - 1)
        return letters[character - 0xc0];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (character >= others[i].first && character <= others[i].last)
            return others[i].ascii;
    return '?';
}

int text_width(const char *text)
{
    int columns = 0;
    for (uint32_t c; (c = text_next(&text)) != 0;)
        columns += text_char_width(c);
    return columns;
}

int text_clip(char *out, size_t size, const char *text, int columns, bool ascii)
{
    const char *mark = ascii ? "~" : "…";
    size_t mark_length = strlen(mark), used = 0, cut = 0;
    int taken = 0, cut_taken = 0;
    if (size == 0)
        return 0;
    for (;;) {
        if (taken < columns && used + mark_length < size) { /* the mark would still fit here */
            cut = used;
            cut_taken = taken;
        }
        char bytes[4];
        uint32_t c = text_next(&text);
        size_t length = (size_t)text_encode(c, bytes);
        int width = text_char_width(c);
        if (c == 0) {
            out[used] = '\0';
            return taken;
        }
        if (taken + width > columns || used + length >= size)
            break;
        memcpy(out + used, bytes, length);
        used += length;
        taken += width;
    }
    bool marked = columns > 0 && mark_length < size;
    snprintf(out + cut, size - cut, "%s", marked ? mark : "");
    return cut_taken + marked;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/* What a name has no use for. Planes 4 and up hold nothing, tags, or private use. */
static bool is_unwanted(uint32_t c)
{
    if (is_control(c) || (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFDD0 && c <= 0xFDEF) ||
        (c & 0xFFFE) == 0xFFFE || c >= 0x40000)
        return true;
    for (size_t i = 0; i < sizeof invisible / sizeof *invisible; i++)
        if (c >= invisible[i].first && c <= invisible[i].last)
            return true;
    return false;
}

bool text_sanitise(char *out, size_t size, const char *text)
{
    size_t used = 0;
    bool lost = false, blank = false;
    const char *at = text;
    for (uint32_t c; (c = text_next(&at)) != 0; text = at) {
        char bytes[4];
        if (is_blank(c)) {
            blank = used > 0;
            continue;
        }
        if (is_unwanted(c)) {
            lost = true;
            continue;
        }
        lost |= c == REPLACEMENT && at - text == 1; /* a byte that was no character */
        size_t length = (size_t)text_encode(c, bytes);
        if (used + blank + length >= size) {
            lost = true;
            break;
        }
        if (blank)
            out[used++] = ' ';
        blank = false;
        memcpy(out + used, bytes, length);
        used += length;
    }
    if (size > 0)
        out[used] = '\0';
    return lost;
}

void text_printable(char *out, size_t size, const char *text)
{
    size_t used = 0;
    const char *at = text;
    for (uint32_t c; (c = text_next(&at)) != 0; text = at) {
        size_t length = (size_t)(at - text);
        bool harmful = is_control(c) || (c >= 0x202A && c <= 0x202E) ||
                       (c >= 0x2066 && c <= 0x2069) || (c == REPLACEMENT && length == 1);
        if (harmful)
            length = 1;
        if (used + length >= size)
            break;
        if (harmful)
            out[used] = '?';
        else
            memmove(out + used, text, length); /* `out` may be `text` */
        used += length;
    }
    if (size > 0)
        out[used] = '\0';
}

bool text_to_int(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    text += negative;
    if (!*text)
        return false;
    int64_t sum = 0; /* kept negative, where INT64_MIN has room */
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_sub_overflow(sum, *text - '0', &sum))
            return false;
    }
    if (!negative && sum == INT64_MIN)
        return false;
    *value = negative ? sum : -sum;
    return true;
}

uint64_t text_prefix(const char *text)
{
    uint64_t prefix = 0;
    for (int i = 0; i < 8; i++) {
        prefix = prefix << 8 | (unsigned char)*text;
        text += *text != '\0';
    }
    return prefix;
}

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether `text` begins with `start`; at its end if so. */
static const char *after_folded(const char *text, const char *start)
{
    for (; *start; text++, start++)
        if (fold(*text) != fold(*start))
            return NULL;
    return text;
}

bool text_same_folded(const char *a, const char *b)
{
    const char *rest = after_folded(a, b);
    return rest && !*rest;
}

bool text_starts_folded(const char *text, const char *start)
{
    return after_folded(text, start) != NULL;
}

bool text_contains_folded(const char *text, const char *needle)
{
    do {
        if (after_folded(text, needle))
            return true;
    } while (*text++);
    return false;
}

static int min2(int a, int b)
{
    return a < b ? a : b;
}

/* Three rows of the usual table: the one before the last is for two letters that changed places. */
int text_distance(const char *a, const char *b)
{
    size_t width = strlen(b) + 1;
    AUTO_FREE int *rows = mem_alloc(3 * width, sizeof *rows);
    int *older = rows, *old = rows + width, *now = rows + 2 * width;
    int b_count = 0;
    for (const char *at = b; text_next(&at) != 0;) {
        b_count++;
        now[b_count] = b_count;
    }
    uint32_t a_char, a_last = 0;
    for (int row = 1; (a_char = text_next(&a)) != 0; row++, a_last = a_char) {
        int *spare = older;
        older = old;
        old = now;
        now = spare;
        now[0] = row;
        const char *at = b;
        uint32_t b_char, b_last = 0;
        for (int i = 1; (b_char = text_next(&at)) != 0; i++, b_last = b_char) {
            now[i] = min2(min2(old[i], now[i - 1]) + 1, old[i - 1] + (a_char != b_char));
            if (row > 1 && i > 1 && a_char == b_last && a_last == b_char)
                now[i] = min2(now[i], older[i - 2] + 1);
        }
    }
    return now[b_count];
}

char *text_thousands(char *out, int64_t value)
{
    char digits[32];
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    int count = snprintf(digits, sizeof digits, "%" PRIu64, magnitude);
    char *end = out;
    if (value < 0)
        *end++ = '-';
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            *end++ = ',';
        *end++ = digits[i];
    }
    *end = '\0';
    return out;
}
