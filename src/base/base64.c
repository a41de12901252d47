#include "base/base64.h"

#include <stdint.h>
#include <string.h>

/* The six bits of a digit, -1 for anything else. */
static int digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool is_padding(const char *text, int digits)
{
    size_t marks = strspn(text, "=\r\n");
    int wanted = digits == 2 ? 2 : 1;
    for (size_t i = 0; i < marks; i++)
        wanted -= text[i] == '=';
    return text[marks] == '\0' && digits >= 2 && wanted == 0;
}

bool base64_decode(const char *text, struct buf *out)
{
    char *room = buf_reserve(out, strlen(text) / 4 * 3 + 3), *at = room;
    uint32_t bits = 0;
    int digits = 0; /* of a group of four */
    if (!room)
        return false;
    for (; *text; text++) {
        int value = digit_value(*text);
        if (value < 0 && (*text == '\r' || *text == '\n'))
            continue;
        if (value < 0)
            break;
        bits = bits << 6 | (uint32_t)value;
        if (digits > 0)
            *at++ = (char)(bits >> (6 - 2 * digits) & 0xff);
        digits = (digits + 1) % 4;
    }
    if ((*text && !is_padding(text, digits)) || digits == 1)
        return false;
    out->length += (size_t)(at - room);
    return true;
}

bool base64_encode(const void *bytes, size_t length, struct buf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *in = bytes;
    char *room = buf_reserve(out, (length + 2) / 3 * 4), *at = room;
    if (!room)
        return false;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t bits = (uint32_t)in[i] << 16 | (left > 1 ? (uint32_t)in[i + 1] << 8 : 0) |
                        (left > 2 ? in[i + 2] : 0);
        *at++ = digits[bits >> 18];
        *at++ = digits[bits >> 12 & 63];
        *at++ = '=';
        *at++ = '=';
        if (left > 1)
            at[-2] = digits[bits >> 6 & 63];
        if (left > 2)
            at[-1] = digits[bits & 63];
    }
    out->length += (size_t)(at - room);
    out->data[out->length] = '\0';
    return true;
}
