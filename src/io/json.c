#include "io/json.h"

#include <math.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/mem.h"
#include "base/text.h"
#include "io/json_check.h"

enum {
    ROOM_PER_BYTE = 8,            /* of text; 5.7 to 7.3 were measured */
    ROOM_AT_LEAST = 1024 * 1024,  /* so that short texts of many tiny values fit too */
    ROOM_KEPT = 32 * 1024 * 1024, /* most memory a thread keeps for its next document */
    ALIGNMENT = 8,                /* of a cJSON item: pointers and a double */
};

#define INT_LIMIT                                                                                  \
    9007199254740992.0 /* 2^53: from here on a double may stand for another integer                \
                        */

/* ---- memory ---- */

/* The memory of one document, handed out from its start on. It is kept for the next document, and
   only what is used of it becomes real. */
struct json_room {
    size_t size;
    size_t limit; /* what this document may use, whatever the one before it needed */
    size_t used;
    alignas(ALIGNMENT) char bytes[];
};

static pthread_once_t hooks_once = PTHREAD_ONCE_INIT;
static pthread_key_t spare_key;                 /* the room of this thread's last document */
static _Thread_local struct json_room *current; /* where cJSON allocates now */

static void *take(struct json_room *room, size_t size)
{
    size_t start = room->used;

    if (size > room->limit - start)
        return NULL;
    /* the limit is a multiple of the alignment */
    room->used = start + ((size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1));
    return room->bytes + start;
}

static void *allocate(size_t size)
{
    return take(current, size);
}

static void keep(void *block)
{
    (void)block; /* goes with its room */
}

static void set_hooks(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = allocate, .free_fn = keep});
    if (pthread_key_create(&spare_key, mem_free) != 0)
        BUG("no key for thread memory");
}

static struct json_room *take_room(size_t length)
{
    size_t size = ROOM_AT_LEAST + ROOM_PER_BYTE * length;
    struct json_room *room = pthread_getspecific(spare_key);

    pthread_setspecific(spare_key, NULL);
    if (room != NULL && room->size < size) {
        mem_free(room);
        room = NULL;
    }
    if (room == NULL) {
        room = mem_resize(NULL, 1, sizeof *room + size); /* not zeroed */
        mem_use_large_pages(room, sizeof *room + size);
        room->size = size;
    }
    room->limit = size;
    room->used = 0;
    return room;
}

static void give_room_back(struct json_room *room)
{
    if (room->size <= ROOM_KEPT) {
        struct json_room *spare = pthread_getspecific(spare_key);
        pthread_setspecific(spare_key, room);
        room = spare;
    }
    mem_free(room);
}

/* ---- parsing ---- */

bool json_check(const char *text, size_t length, struct err *err)
{
    struct json_check check = json_check_text(text, length);

    return check.why == NULL || err_set(err, ERR_USAGE, "byte %zu: %s", check.offset, check.why);
}

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

static bool refuse(struct json_doc *doc, const struct json_check *check, size_t length,
                   struct err *err)
{
    json_release(doc);
    if (check->why != NULL)
        return err_set(err, ERR_USAGE, "byte %zu: %s", check->offset, check->why);
    return err_set(err, ERR_USAGE, "%zu bytes hold too many values or too long a number", length);
}

static const struct json *parse(struct json_room *room, const char *text, size_t length)
{
    current = room;
    const cJSON *root = cJSON_ParseWithLengthOpts(text, length, NULL, false);
    current = NULL;
    return (const struct json *)root;
}

bool json_parse(struct json_doc *doc, const char *text, size_t length, struct err *err)
{
    struct json_check check = json_check_text(text, length);

    *doc = (struct json_doc){0};
    if (check.why != NULL)
        return refuse(doc, &check, length, err);
    pthread_once(&hooks_once, set_hooks);
    doc->room = take_room(length);
    if (check.awkward) {
        char *copy = memcpy(take(doc->room, length), text, length); /* there is room for that */
        make_tame(copy, length);
        text = copy;
    }
    doc->root = parse(doc->room, text, length);
    return doc->root != NULL || refuse(doc, &check, length, err);
}

bool json_parse_keys(struct json_doc *doc, const char *text, size_t length, const char *const *keys,
                     struct err *err)
{
    struct json_keys set;
    size_t kept;

    json_keys_init(&set, keys);
    pthread_once(&hooks_once, set_hooks);
    *doc = (struct json_doc){.room = take_room(length)};
    char *copy = take(doc->room, length);
    struct json_check check = json_check_keep(text, length, &set, copy, &kept);
    if (check.why != NULL)
        return refuse(doc, &check, length, err);
    if (check.awkward)
        make_tame(copy, kept);
    doc->root = parse(doc->room, copy, kept);
    return doc->root != NULL || refuse(doc, &check, length, err);
}

void json_release(struct json_doc *doc)
{
    if (doc->room != NULL)
        give_room_back(doc->room);
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
