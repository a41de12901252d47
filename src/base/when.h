/* Times as people type them: RFC 3339, a date, `now`, `7d` and `36h` (ago), `T-14d` (before the event). */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* What relative times are measured from. */
struct when_anchor {
    int64_t now_ms;
    int64_t event_ms; /* start of the event; negative when it is not known */
};

/* Reads a time. Units are s, min (or m), h, d, w; `7d` is seven days before now, `T-14d` and `T-36h` before
   the event, `T+3h` after it, `T` the event itself. On failure the error names what was typed and the forms
   that are allowed (ERR_USAGE); `T...` without a known event date says so. */
bool when_parse(const char *text, const struct when_anchor *anchor, int64_t *at_ms,
                struct err *err);

/* Reads a length of time: `15min`, `36h`, `7d`. */
bool when_parse_span(const char *text, int64_t *span_ms, struct err *err);

#endif
