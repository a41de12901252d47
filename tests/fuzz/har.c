/* A HAR file, or lines of saved answers: entries and bodies are found or refused. */
#include "fuzz.h"

#include "core/har.h"
#include "core/platform.h"
#include "core/saved.h"

static void read_entries(const struct json *entries, struct buf *body)
{
    for (const struct json *item = json_first(entries); item; item = json_next(item)) {
        struct har_entry entry;
        struct err err = {0};
        char id[EVENT_ID_MAX];
        if (!har_read(item, &entry))
            continue;
        platform_find("vividseats")->is_listings_url(entry.url, id, sizeof id);
        must(har_body(&entry, body, &err) || err.code == ERR_EVENT);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_BUF struct buf text, body;
    buf_init(&text, size + 1);
    buf_init(&body, 1 << 20);
    buf_add(&text, data, size);
    const char *at = buf_text(&text), *end = at + text.length, *line;
    size_t length;
    int number = 0, last = 0;
    if (!saved_is_lines(at, text.length)) {
        AUTO_JSON struct json_doc doc = {0};
        struct err err = {0};
        if (json_parse(&doc, at, text.length, &err))
            read_entries(har_entries(doc.root), &body);
        return 0;
    }
    while ((line = saved_next_line(&at, end, &length, &number))) {
        must(number > last && length > 0 && line + length <= end);
        last = number;
    }
    return 0;
}
