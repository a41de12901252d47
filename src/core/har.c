#include "core/har.h"

#include <stdint.h>
#include <string.h>

#include "base/base64.h"
#include "base/text.h"

const struct json *har_entries(const struct json *root)
{
    const struct json *entries = json_get(json_get(root, "log"), "entries");
    return json_type(entries) == JSON_ARRAY ? entries : NULL;
}

static const char *text_or_empty(const struct json *value)
{
    const char *text = json_string(value);
    return text ? text : "";
}

bool har_read(const struct json *item, struct har_entry *entry)
{
    const struct json *request = json_get(item, "request"), *response = json_get(item, "response");
    const struct json *content = json_get(response, "content");
    const char *method = json_string(json_get(request, "method"));
    int64_t status;
    *entry = (struct har_entry){
        .url = json_string(json_get(request, "url")),
        .started = text_or_empty(json_get(item, "startedDateTime")),
        .content_type = text_or_empty(json_get(content, "mimeType")),
        .text = json_string(json_get(content, "text")),
        .base64 = text_same_folded(text_or_empty(json_get(content, "encoding")), "base64"),
        .status = 200,
    };
    if (json_int(json_get(response, "status"), &status))
        entry->status = status >= 0 && status <= 999 ? (int)status : 0;
    return entry->url && entry->text && (!method || strcmp(method, "GET") == 0);
}

bool har_body(const struct har_entry *entry, struct buf *out, struct err *err)
{
    buf_reset(out);
    bool done = entry->base64 ? base64_decode(entry->text, out) : buf_puts(out, entry->text);
    if (!done)
        return err_set(err, ERR_EVENT,
                       out->overflow ? "the body is larger than %zu MiB"
                                     : "the body is no base64, or larger than %zu MiB",
                       out->cap >> 20);
    return true;
}
