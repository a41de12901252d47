#include "base/when.h"

#include <string.h>

#include "base/clock.h"

static const struct {
    char name[4];
    int64_t unit_ms;
} units[] = {
    {"s", CLOCK_SECOND_MS}, {"min", CLOCK_MINUTE_MS}, {"m", CLOCK_MINUTE_MS},
    {"h", CLOCK_HOUR_MS},   {"d", CLOCK_DAY_MS},      {"w", 7 * CLOCK_DAY_MS},
};

/* A span longer than all the time that is believed is a typing mistake. */
static bool read_span(const char *text, int64_t *span_ms)
{
    const char *digits = text;
    int64_t count = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        count = count * 10 + (*text - '0');
        if (count > CLOCK_MAX_MS)
            return false;
    }
    if (text == digits)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(units[i].name, text) != 0)
            continue;
        if (count > CLOCK_MAX_MS / units[i].unit_ms)
            return false;
        *span_ms = count * units[i].unit_ms;
        return true;
    }
    return false;
}

/* What follows the T of `T-14d`: nothing, or a sign and a span. */
static bool read_signed_span(const char *text, int64_t *span_ms)
{
    *span_ms = 0;
    if (!*text)
        return true;
    if ((*text != '-' && *text != '+') || !read_span(text + 1, span_ms))
        return false;
    if (*text == '-')
        *span_ms = -*span_ms;
    return true;
}

static bool is_believed(int64_t at_ms)
{
    return at_ms >= 0 && at_ms < CLOCK_MAX_MS;
}

bool when_parse(const char *text, const struct when_anchor *anchor, int64_t *at_ms, struct err *err)
{
    int64_t span_ms, at = -1;
    if (strcmp(text, "now") == 0) {
        at = anchor->now_ms;
    } else if (*text == 'T' && read_signed_span(text + 1, &span_ms)) {
        if (anchor->event_ms < 0)
            return err_set(err, ERR_USAGE, "'%.80s': the event's date is not known", text);
        at = anchor->event_ms + span_ms;
    } else if (read_span(text, &span_ms)) {
        at = anchor->now_ms - span_ms;
    } else if (!clock_parse(text, &at)) {
        err_set(err, ERR_USAGE, "'%.80s' is not a time", text);
        return err_hint(err, "a time is 2026-02-09T18:00:00Z, a date 2026-02-09, now, 7d or 36h "
                             "(ago), T-14d (before the event); units are s, min, h, d, w");
    }
    if (!is_believed(at))
        return err_set(err, ERR_USAGE, "'%.80s' is before 1970 or after 2199", text);
    *at_ms = at;
    return true;
}

bool when_parse_span(const char *text, int64_t *span_ms, struct err *err)
{
    if (read_span(text, span_ms))
        return true;
    err_set(err, ERR_USAGE, "'%.80s' is not a length of time", text);
    return err_hint(err, "a length of time is 15min, 36h or 7d; units are s, min, h, d, w");
}
