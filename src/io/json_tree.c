#include "io/json_tree.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "io/json_room.h"

/* ---- texts ---- */

static bool is_half(const char *escape, const char *end, unsigned long first)
{
    char digits[5] = {0};

    if (end - escape < 6 || escape[0] != '\\' || escape[1] != 'u')
        return false;
    memcpy(digits, escape + 2, 4);
    unsigned long unit = strtoul(digits, NULL, 16);
    return unit >= first && unit < first + 0x400;
}

/* Makes \u0000 and halves of surrogate pairs read \ufffd: a C string can hold that. */
static void make_tame(char *text, size_t length)
{
    const char *end = text + length;

    for (char *c = text; (c = memchr(c, '\\', (size_t)(end - c))) != NULL;) {
        if (c[1] != 'u') {
            c += 2;
        } else if (is_half(c, end, 0xd800) && is_half(c + 6, end, 0xdc00)) {
            c += 12;
        } else {
            if (is_half(c, end, 0xd800) || is_half(c, end, 0xdc00) || memcmp(c + 2, "0000", 4) == 0)
                memcpy(c + 2, "fffd", 4);
            c += 6;
        }
    }
}

/* An item that cJSON reads; NULL when there is no room, or it did not take the whole of it, as of a very long number. */
static cJSON *read_item(struct json_tree *tree, const char *text, size_t length,
                        enum json_writing writing)
{
    const char *end;

    if (writing == JSON_AWKWARD) {
        char *copy = json_room_alloc(tree->room, length);
        if (copy == NULL)
            return NULL;
        make_tame(memcpy(copy, text, length), length);
        text = copy;
    }
    cJSON *item = cJSON_ParseWithLengthOpts(text, length, &end, false);
    return item != NULL && end == text + length ? item : NULL;
}

static char *copy_plain(struct json_tree *tree, const char *text, size_t length)
{
    char *copy = json_room_alloc(tree->room, length - 1); /* a NUL instead of two quotes */

    if (copy != NULL) {
        memcpy(copy, text + 1, length - 2);
        copy[length - 2] = '\0';
    }
    return copy;
}

const char *json_tree_text(struct json_tree *tree, const char *text, size_t length,
                           enum json_writing writing)
{
    const char *said = NULL;

    if (writing == JSON_PLAIN) {
        said = copy_plain(tree, text, length);
    } else {
        const cJSON *item = read_item(tree, text, length, writing);
        said = item != NULL ? item->valuestring : NULL;
    }
    tree->full = tree->full || said == NULL;
    return said;
}

/* ---- values ---- */

static bool add(struct json_tree *tree, cJSON *item)
{
    const char *key = tree->key;

    tree->key = NULL;
    if (item == NULL) {
        tree->full = true;
        return false;
    }
    if (tree->depth == 0)
        tree->root = item;
    else if (key != NULL)
        cJSON_AddItemToObjectCS(tree->open[tree->depth - 1], key, item);
    else
        cJSON_AddItemToArray(tree->open[tree->depth - 1], item);
    return true;
}

bool json_tree_open(struct json_tree *tree, bool object)
{
    cJSON *item = object ? cJSON_CreateObject() : cJSON_CreateArray();

    if (!add(tree, item))
        return false;
    tree->open[tree->depth++] = item;
    return true;
}

void json_tree_close(struct json_tree *tree)
{
    tree->depth--;
}

bool json_tree_scalar(struct json_tree *tree, const char *text, size_t length,
                      enum json_writing writing)
{
    if (writing != JSON_PLAIN)
        return add(tree, read_item(tree, text, length, writing));
    const char *copy = copy_plain(tree, text, length);
    return add(tree, copy != NULL ? cJSON_CreateStringReference(copy) : NULL);
}
