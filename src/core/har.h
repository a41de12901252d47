/* HAR files (HTTP Archive 1.2), as browsers save them: the answers in them and nothing else.
 * Cookies and headers are never read. */
#ifndef CORE_HAR_H
#define CORE_HAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "io/json.h"

/* One answer; texts are valid as long as the document. */
struct har_entry {
    const char *url;
    const char *started;      /* RFC 3339; "" when not said */
    const char *content_type; /* "" when not said */
    const char *text;         /* the body, as `base64` says */
    bool base64;
    int status;
};

/* The entries of a HAR document; NULL when it is none. json_first() and json_next() go through
 * them. */
const struct json *har_entries(const struct json *root);

/* Reads an entry. False when it holds no answer to a GET with a body. */
bool har_read(const struct json *item, struct har_entry *entry);

/* Puts the bytes of an entry's body into `out`, which is emptied first. False with ERR_EVENT when
   they do not fit or are no base64. */
bool har_body(const struct har_entry *entry, struct buf *out, struct err *err);

#endif
