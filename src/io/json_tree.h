/*
 * A document grows value by value, in the order of its text: cJSON's items, in one piece of memory. cJSON's own parser
 * reads only what has to be converted, numbers and strings with escapes; a plain string is its bytes.
 */
#ifndef IO_JSON_TREE_H
#define IO_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "io/json.h"
#include "io/json_cursor.h"

struct json_room;

/* A tree that grows; the caller's, who sets the room, which cJSON must use meanwhile, and the rest to zero. */
struct json_tree {
    struct json_room *room;
    const char *
        key; /* under which the next value stands in its object, living as long as the tree; NULL in arrays */
    struct cJSON *root;
    struct cJSON *open[JSON_DEPTH_MAX];
    unsigned depth; /* of those that are open */
    bool full;      /* something found no room and is not there, nor what came after it */
};

/* Begins an array or object. False when there is no room. */
bool json_tree_open(struct json_tree *tree, bool object);

/* Ends the innermost one that is open. */
void json_tree_close(struct json_tree *tree);

/* Adds a value that is neither, of which the text was checked. False when there is no room, or a number is too long. */
bool json_tree_scalar(struct json_tree *tree, const char *text, size_t length,
                      enum json_writing writing);

/* What a string in quotes says, valid as long as the tree; NULL when there is no room. */
const char *json_tree_text(struct json_tree *tree, const char *text, size_t length,
                           enum json_writing writing);

#endif
