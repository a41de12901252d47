/* Reads the scalars of RFC 8259 in UTF-8 (RFC 3629), strictly: strings, numbers, words. json_check.c knows the structure. */
#ifndef IO_JSON_CURSOR_H
#define IO_JSON_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the bytes of a scalar stand in a text. */
enum json_writing {
    JSON_PLAIN,   /* a string without escapes */
    JSON_ESCAPED, /* whatever must be read to be known: a string with escapes, a number, a word */
    JSON_AWKWARD /* a string with an escape that no C string of UTF-8 can hold: \u0000, half a surrogate pair */
};

/* A place in a text; the caller's. */
struct json_cursor {
    const uint8_t *at, *end;
    const char *why;           /* something is wrong there; static */
    enum json_writing writing; /* of the last scalar */
};

/* Says what is wrong. Always false. */
bool json_cursor_wrong(struct json_cursor *cursor, const char *why);

/* Past a string, from its first quote on. False when it is none. */
bool json_cursor_string(struct json_cursor *cursor);

/* Past a string, a number or a word. False when it is none. */
bool json_cursor_scalar(struct json_cursor *cursor);

/* Past a byte, if it comes next. */
static inline bool json_cursor_skip(struct json_cursor *cursor, uint8_t byte)
{
    if (cursor->at == cursor->end || *cursor->at != byte)
        return false;
    cursor->at++;
    return true;
}

/* Past blanks; mostly there is none. */
static inline void json_cursor_blank(struct json_cursor *cursor)
{
    while (
        cursor->at < cursor->end && *cursor->at <= ' ' &&
        (*cursor->at == ' ' || *cursor->at == '\n' || *cursor->at == '\r' || *cursor->at == '\t'))
        cursor->at++;
}

#endif
