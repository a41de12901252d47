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

/* A set of keys, to be looked up fast. */
struct json_keys {
    struct json_key {
        const char *text;
        size_t length;
    } slots[128]; /* open addressing by a cheap hash */
};

/* Makes the set of `list` (NULL at the end; at most 64 keys, none empty, which must outlive it). */
void json_keys_init(struct json_keys *keys, const char *const *list);

/* Checks as json_check_text(), and writes the text without the members of objects whose keys are not
   in the set, into `out` of at least `length` bytes; `*kept` is how many it took. A key written with
   an escape stays. */
struct json_check json_check_keep(const char *text, size_t length, const struct json_keys *keys,
                                  char *out, size_t *kept);

#endif
