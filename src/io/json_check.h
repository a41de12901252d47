/* The grammar of RFC 8259 in UTF-8 (RFC 3629), strictly and without a tree; json.c builds on it. */
#ifndef IO_JSON_CHECK_H
#define IO_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct json_check {
    size_t offset;   /* of the byte that is wrong, when there is a `why` */
    const char *why; /* NULL when the text is JSON; static */
    bool awkward;    /* has an escape that no C string of UTF-8 can hold: \u0000 or half a surrogate
                        pair */
};

/* Checks exactly one JSON text, no deeper than JSON_DEPTH_MAX. */
struct json_check json_check_text(const char *text, size_t length);

#endif
