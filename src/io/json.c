#include "io/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/text.h"
#include "io/json_check.h"
#include "io/json_room.h"
#include "io/json_tree.h"

#define INT_LIMIT                                                                                  \
    9007199254740992.0 /* 2^53: from here on a double may stand for another integer                \
                        */

/* ---- parsing ---- */

bool json_check(const char *text, size_t length, struct err *err)
{
    struct json_check check = json_check_text(text, length);

    return check.why == NULL || err_set(err, ERR_USAGE, "byte %zu: %s", check.offset, check.why);
}

static bool read(struct json_doc *doc, const char *text, size_t length,
                 const struct json_keys *keys, struct err *err)
{
    struct json_tree tree = {.room = json_room_take(length)};

    json_room_use(tree.room);
    struct json_check check = json_check_tree(text, length, keys, &tree);
    json_room_use(NULL);
    *doc = (struct json_doc){(const struct json *)tree.root, tree.room};
    if (check.why == NULL && !tree.full)
        return true;
    json_release(doc);
    if (check.why != NULL)
        return err_set(err, ERR_USAGE, "byte %zu: %s", check.offset, check.why);
    return err_set(err, ERR_USAGE, "%zu bytes hold too many values or too long a number", length);
}

bool json_parse(struct json_doc *doc, const char *text, size_t length, struct err *err)
{
    return read(doc, text, length, NULL, err);
}

bool json_parse_keys(struct json_doc *doc, const char *text, size_t length, const char *const *keys,
                     struct err *err)
{
    struct json_keys set;

    json_keys_init(&set, keys);
    return read(doc, text, length, &set, err);
}

void json_release(struct json_doc *doc)
{
    if (doc->room != NULL)
        json_room_give_back(doc->room);
    *doc = (struct json_doc){0};
}

/* ---- reading ---- */

static const cJSON *item_of(const struct json *value)
{
    return (const cJSON *)value;
}

enum json_type json_type(const struct json *value)
{
    switch (value != NULL ? item_of(value)->type & 0xff : cJSON_NULL) {
    case cJSON_False:
    case cJSON_True:
        return JSON_BOOL;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (json_type(object) != JSON_OBJECT)
        return NULL;
    const cJSON *child = item_of(object)->child;
    while (child != NULL && strcmp(child->string, key) != 0)
        child = child->next;
    return (const struct json *)child;
}

const struct json *json_first(const struct json *parent)
{
    return parent != NULL ? (const struct json *)item_of(parent)->child : NULL;
}

const struct json *json_next(const struct json *value)
{
    return value != NULL ? (const struct json *)item_of(value)->next : NULL;
}

const char *json_key(const struct json *value)
{
    return value != NULL ? item_of(value)->string : NULL;
}

size_t json_count(const struct json *parent)
{
    size_t count = 0;

    for (const struct json *value = json_first(parent); value != NULL; value = json_next(value))
        count++;
    return count;
}

const char *json_string(const struct json *value)
{
    return json_type(value) == JSON_STRING ? item_of(value)->valuestring : NULL;
}

bool json_real(const struct json *value, double *number)
{
    if (json_type(value) != JSON_NUMBER || !isfinite(item_of(value)->valuedouble))
        return false;
    *number = item_of(value)->valuedouble;
    return true;
}

bool json_int(const struct json *value, int64_t *number)
{
    double real;

    if (!json_real(value, &real) || fabs(real) >= INT_LIMIT || trunc(real) != real)
        return false;
    *number = (int64_t)real;
    return true;
}

bool json_bool(const struct json *value, bool otherwise)
{
    return json_type(value) == JSON_BOOL ? item_of(value)->type & cJSON_True : otherwise;
}

void json_each(const struct json *object,
               void (*visit)(void *context, const char *key, const struct json *value),
               void *context)
{
    if (json_type(object) != JSON_OBJECT)
        return;
    for (const struct json *value = json_first(object); value != NULL; value = json_next(value))
        visit(context, json_key(value), value);
}

/* ---- writing ---- */

static bool put_escape(struct buf *out, char c)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (const char *form = short_forms; *form != '\0'; form += 2)
        if (*form == c)
            return buf_putc(out, '\\') && buf_putc(out, form[1]);
    return buf_printf(out, "\\u%04x", (unsigned)c);
}

bool json_put_string(struct buf *out, const char *text)
{
    if (text == NULL)
        return buf_puts(out, "null");
    buf_putc(out, '"');
    while (*text != '\0') {
        const char *run = text;
        while ((unsigned char)*text >= 0x20 && (unsigned char)*text < 0x80 && *text != '"' &&
               *text != '\\')
            text++;
        buf_add(out, run, (size_t)(text - run));
        if (*text == '\0')
            break;
        if ((unsigned char)*text < 0x80) {
            put_escape(out, *text++);
        } else {
            char utf8[4];
            int length = text_encode(text_next(&text), utf8);
            buf_add(out, utf8, (size_t)length);
        }
    }
    buf_putc(out, '"');
    return !out->overflow;
}

/* The shortest digits that read back as the same double. */
static void put_number(struct buf *out, double number)
{
    char digits[32];

    if (isinf(number)) { /* it was written as something like 1e999 */
        buf_puts(out, number < 0 ? "-1e999" : "1e999");
        return;
    }
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number)
            break;
    }
    buf_puts(out, digits);
}

static void put_elements(struct buf *out, const struct json *parent, bool object)
{
    buf_putc(out, object ? '{' : '[');
    for (const struct json *value = json_first(parent); value != NULL; value = json_next(value)) {
        if (object) {
            json_put_string(out, json_key(value));
            buf_putc(out, ':');
        }
        json_put_value(out, value);
        if (json_next(value) != NULL)
            buf_putc(out, ',');
    }
    buf_putc(out, object ? '}' : ']');
}

bool json_put_value(struct buf *out, const struct json *value)
{
    switch (json_type(value)) {
    case JSON_NULL:
        buf_puts(out, "null");
        break;
    case JSON_BOOL:
        buf_puts(out, json_bool(value, false) ? "true" : "false");
        break;
    case JSON_NUMBER:
        put_number(out, item_of(value)->valuedouble);
        break;
    case JSON_STRING:
        json_put_string(out, json_string(value));
        break;
    case JSON_ARRAY:
        put_elements(out, value, false);
        break;
    case JSON_OBJECT:
        put_elements(out, value, true);
        break;
    }
    return !out->overflow;
}
