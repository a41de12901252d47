/* The grammar of RFC 8259 in UTF-8 (RFC 3629), strictly; what it passes over can grow into a tree. */
#ifndef IO_JSON_CHECK_H
#define IO_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct json_check {
    size_t offset;   /* of the byte that is wrong, when there is a `why` */
    const char *why; /* NULL when the text is JSON; static */
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

struct json_tree;

/* Checks as json_check_text(), and lets `tree` have the values on the way: without the members of objects whose keys are not
   in the set, when there is one. The keys must outlive the tree. When that has no room for all, it ends before the text. */
struct json_check json_check_tree(const char *text, size_t length, const struct json_keys *keys,
                                  struct json_tree *tree);

#endif
