#include "io/json_cursor.h"

#include <endian.h>
#include <string.h>

bool json_cursor_wrong(struct json_cursor *c, const char *why)
{
    c->why = c->at == c->end ? "the text ends too early" : why;
    return false;
}

/* ---- strings ---- */

static uint64_t eight_of(uint8_t c)
{
    return UINT64_C(0x0101010101010101) * c;
}

/* A high bit in each of eight bytes that ends a run of plain ASCII: quote, backslash, control,
   non-ASCII. A borrow can mark bytes after the first marked one too, so only the first counts. */
static uint64_t marks(uint64_t x)
{
    uint64_t control = x - eight_of(0x20);
    uint64_t quote = (x ^ eight_of('"')) - eight_of(1);
    uint64_t backslash = (x ^ eight_of('\\')) - eight_of(1);

    return (x | control | quote | backslash) & eight_of(0x80);
}

static bool is_plain(uint8_t c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static const uint8_t *plain_end(const uint8_t *at, const uint8_t *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t eight;
        memcpy(&eight, at, 8);
        uint64_t found = marks(le64toh(eight));
        if (found != 0)
            return at + __builtin_ctzll(found) / 8;
    }
    while (at < end && is_plain(*at))
        at++;
    return at;
}

static bool is_tail(const struct json_cursor *c, int i)
{
    return c->end - c->at > i && (c->at[i] & 0xc0) == 0x80;
}

/* RFC 3629, section 4: the second byte's range shuts out overlong forms, surrogates and what is
 * past U+10FFFF. */
static bool skip_utf8(struct json_cursor *c)
{
    uint8_t lead = *c->at;
    uint8_t second = c->end - c->at > 1 ? c->at[1] : 0;
    int length = 0;

    if (lead >= 0xc2 && lead <= 0xdf)
        length = 2;
    else if (lead == 0xe0 ? second >= 0xa0 : lead == 0xed ? second <= 0x9f : (lead & 0xf0) == 0xe0)
        length = 3;
    else if (lead == 0xf0   ? second >= 0x90
             : lead == 0xf4 ? second <= 0x8f
                            : lead > 0xf0 && lead < 0xf4)
        length = 4;
    if (length == 0)
        return json_cursor_wrong(c, "ill-formed UTF-8");
    for (int i = 1; i < length; i++)
        if (!is_tail(c, i))
            return json_cursor_wrong(c, "ill-formed UTF-8");
    c->at += length;
    return true;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads the four digits after \u; -1 when they are not there. */
static int skip_hex(struct json_cursor *c)
{
    int unit = 0;

    for (int i = 0; i < 4; i++, c->at++) {
        int digit = c->at < c->end ? hex_digit(*c->at) : -1;
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static bool skip_unicode_escape(struct json_cursor *c)
{
    int unit = skip_hex(c);

    if (unit < 0)
        return json_cursor_wrong(c, "four hexadecimal digits are wanted after \\u");
    if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff))
        c->writing = JSON_AWKWARD;
    if (unit < 0xd800 || unit > 0xdbff)
        return true;
    /* Its other half, or else whatever comes next is read for itself. */
    struct json_cursor low = *c;
    if (low.end - low.at >= 6 && low.at[0] == '\\' && low.at[1] == 'u') {
        low.at += 2;
        unit = skip_hex(&low);
        if (unit >= 0xdc00 && unit <= 0xdfff) {
            c->at = low.at;
            return true;
        }
    }
    c->writing = JSON_AWKWARD;
    return true;
}

static bool skip_escape(struct json_cursor *c)
{
    c->at++;
    if (c->writing == JSON_PLAIN)
        c->writing = JSON_ESCAPED;
    if (c->at == c->end || *c->at == '\0' || strchr("\"\\/bfnrtu", *c->at) == NULL)
        return json_cursor_wrong(c, "unknown escape in a string");
    return *c->at++ != 'u' || skip_unicode_escape(c);
}

/* Past what ended a run of plain ASCII inside a string. */
static bool skip_special(struct json_cursor *c)
{
    if (c->at == c->end)
        return json_cursor_wrong(c, NULL);
    if (*c->at == '\\')
        return skip_escape(c);
    if (*c->at < 0x20)
        return json_cursor_wrong(c, "control character in a string");
    return skip_utf8(c);
}

bool json_cursor_string(struct json_cursor *c)
{
    c->at++;
    c->writing = JSON_PLAIN;
    for (;;) {
        c->at = plain_end(c->at, c->end);
        if (json_cursor_skip(c, '"'))
            return true;
        if (!skip_special(c))
            return false;
    }
}

/* ---- numbers and words ---- */

static bool is_digit(const struct json_cursor *c)
{
    return c->at < c->end && *c->at >= '0' && *c->at <= '9';
}

static bool skip_digits(struct json_cursor *c)
{
    if (!is_digit(c))
        return json_cursor_wrong(c, "a digit is wanted");
    while (is_digit(c))
        c->at++;
    return true;
}

static bool skip_number(struct json_cursor *c)
{
    json_cursor_skip(c, '-');
    if (json_cursor_skip(c, '0')) {
        if (is_digit(c))
            return json_cursor_wrong(c, "a number has a leading zero");
    } else if (!skip_digits(c)) {
        return false;
    }
    if (json_cursor_skip(c, '.') && !skip_digits(c))
        return false;
    if (json_cursor_skip(c, 'e') || json_cursor_skip(c, 'E')) {
        if (!json_cursor_skip(c, '+'))
            json_cursor_skip(c, '-');
        return skip_digits(c);
    }
    return true;
}

static bool skip_word(struct json_cursor *c, const char *word)
{
    for (; *word != '\0'; word++)
        if (!json_cursor_skip(c, (uint8_t)*word))
            return json_cursor_wrong(c, "neither true, false nor null");
    return true;
}

bool json_cursor_scalar(struct json_cursor *c)
{
    if (c->at == c->end)
        return json_cursor_wrong(c, NULL);
    c->writing = JSON_ESCAPED; /* what is no string has to be read, too */
    switch (*c->at) {
    case '"':
        return json_cursor_string(c);
    case 't':
        return skip_word(c, "true");
    case 'f':
        return skip_word(c, "false");
    case 'n':
        return skip_word(c, "null");
    default:
        if (*c->at != '-' && !is_digit(c))
            return json_cursor_wrong(c, "a value is wanted");
        return skip_number(c);
    }
}
