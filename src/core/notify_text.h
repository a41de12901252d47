/* What a message about alerts says, as JSON, as a line, as mail. */
#ifndef CORE_NOTIFY_TEXT_H
#define CORE_NOTIFY_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/event.h"
#include "core/rule.h"

/* An alert with what a reader wants to know of it. Texts are "" where not known. */
struct notify_alert {
    int64_t id, fired_ms, value, threshold, tries;
    char name[64], text[RULE_TEXT_MAX]; /* of the rule */
    struct rule rule;
    char event[EVENT_NAME_MAX + 8]; /* "vividseats:1"; "": all together, or the store */
    char event_name[EVENT_TEXT_MAX], venue[EVENT_TEXT_MAX], url[512], currency[8];
    int64_t date_ms; /* EVENT_NO_DATE */
};

enum { NOTIFY_BATCH_MAX = 100, NOTIFY_TEXT_MAX = 1 << 20 };

/* Alerts that go out in one piece. */
struct notify_batch {
    struct notify_alert alerts[NOTIFY_BATCH_MAX];
    size_t count;
    int64_t now_ms;
};

/* Adds one JSON object: {"sent","alerts":[{"id","name","rule","unit","currency","value","threshold","fired","event",
   "event_name","venue","date","url","text"}]}. */
void notify_text_put_json(struct buf *out, const struct notify_batch *batch);

/* Adds a line for people, without its end: "cheap: $142.00 (price < 150), Hawks at Lakers, vividseats:1". */
void notify_text_put_line(struct buf *out, const struct notify_alert *alert);

/* Adds a whole RFC 5322 message, lines ended by CRLF. */
void notify_text_put_mail(struct buf *out, const struct notify_batch *batch, const char *from,
                          const char *to);

#endif
