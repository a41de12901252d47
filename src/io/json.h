/*
 * JSON by cJSON, made strict and fast. cJSON accepts things that are not JSON (trailing bytes, raw control characters,
 * leading zeros), does not look at UTF-8 and allocates every value and key for itself, so a document is checked by
 * RFC 8259's grammar here, and cJSON's items are made on the way, in one piece of memory.
 */
#ifndef IO_JSON_H
#define IO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct json; /* one value of a document: really a cJSON item */

/* A parsed document; storage is the caller's. */
struct json_doc {
    const struct json *root; /* NULL before a parse and after release */
    struct json_room *room;  /* its memory */
};

enum { JSON_DEPTH_MAX = 64 }; /* the deepest real payload has 6 levels */

/* Checks and parses exactly one JSON text of `length` bytes (they need no NUL). Duplicate keys: the first
   counts. On failure ERR_USAGE with the byte offset: "byte 1203: control character in a string". The document
   keeps no pointer into `text`. Memory of the last released document is kept for the next (per thread). */
bool json_parse(struct json_doc *doc, const char *text, size_t length, struct err *err);

/* As json_parse(), but leaves out the members of objects whose keys are not in `keys` (NULL at the end,
   at most 64; they must outlive the document). They are checked, and then cost nothing: much of a marketplace's answer
   nobody reads. */
bool json_parse_keys(struct json_doc *doc, const char *text, size_t length, const char *const *keys,
                     struct err *err);

/* Frees a document; all values of it die. Safe on an empty one. */
void json_release(struct json_doc *doc);
#define AUTO_JSON __attribute__((cleanup(json_release)))

/* Only the grammar: true when the bytes are one JSON text in valid UTF-8, no deeper than JSON_DEPTH_MAX. */
bool json_check(const char *text, size_t length, struct err *err);

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* The type of a value; JSON_NULL for NULL, so that a missing key and null read alike. */
enum json_type json_type(const struct json *value);

/* The value of an object's key, NULL when absent or `object` is not one. Exact case. */
const struct json *json_get(const struct json *object, const char *key);

/* First element of an array or object, NULL when empty or neither; json_next() goes on. Linear, unlike an index. */
const struct json *json_first(const struct json *parent);

/* The element after this one, NULL at the end. */
const struct json *json_next(const struct json *value);

/* The key under which an element stands in its object, NULL in arrays; valid as long as the document. */
const char *json_key(const struct json *value);

/* Elements of an array or object; 0 for anything else. */
size_t json_count(const struct json *parent);

/* The string itself, NULL when it is not a string; valid as long as the document. */
const char *json_string(const struct json *value);

/* The number as an integer; false when it is no number, has a fraction, or is 2^53 or more either way
   (from there on a double may stand for a neighbour). */
bool json_int(const struct json *value, int64_t *number);

/* The number as a double; false when it is none. */
bool json_real(const struct json *value, double *number);

/* The bool; `otherwise` when it is none. */
bool json_bool(const struct json *value, bool otherwise);

/* Visits the fields of an object in their order in one pass: the quick way to read many keys of many rows.
   `visit` gets each key and value. */
void json_each(const struct json *object,
               void (*visit)(void *context, const char *key, const struct json *value),
               void *context);

/* --- writing: plain text into a buf, no tree --- */

/* Adds a string with its quotes, escaping what RFC 8259 asks. NULL writes null. Ill-formed UTF-8 becomes U+FFFD. */
bool json_put_string(struct buf *out, const char *text);

/* Adds a compact copy of a parsed value. */
bool json_put_value(struct buf *out, const struct json *value);

#endif
