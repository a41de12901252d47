#include "tui/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum action screen_action(enum screen_id id)
{
#define X(name, NAME) ACTION_##NAME,
    static const enum action actions[SCREEN_COUNT] = {
#include "tui/screen.def"
    };
#undef X
    return actions[id];
}

const struct frame *screen_frame(const struct scene *scene, size_t part)
{
    const struct answer *answer = scene->answers[part];
    return answer && answer->ok ? &answer->frame : NULL;
}

void screen_note(struct desk *desk, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(desk->note, sizeof desk->note, fmt, args);
    va_end(args);
    text_printable(desk->note, sizeof desk->note, desk->note);
    desk->note_is_error = false;
}

void screen_complain(struct desk *desk, const struct err *err)
{
    screen_note(desk, "%s%s%s", err->text, err->hint[0] ? "; " : "", err->hint);
    desk->note_is_error = true;
}

void screen_choose(struct desk *desk, const char *name)
{
    struct event *event = &desk->view.event;
    const char *colon = strchr(name, ':');
    char before[EVENT_NAME_MAX + 8];
    if (event->external_id[0] && strcmp(event_name(before, event), name) == 0)
        return;
    view_leave_event(&desk->view);
    memset(event, 0, sizeof *event);
    event->date_ms = EVENT_NO_DATE;
    snprintf(event->platform, sizeof event->platform, "%.*s", (int)(colon - name), name);
    snprintf(event->external_id, sizeof event->external_id, "%s", colon + 1);
}

const char *screen_zone(const struct desk *desk)
{
    const char *venue = desk->view.event.timezone;
    if (desk->look.clock == SCREEN_LOCAL)
        return clock_local_zone();
    return desk->look.clock == SCREEN_VENUE && venue[0] ? venue : NULL;
}

char *screen_time(char *out, const struct desk *desk, int64_t at_ms)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil civil, now;
    const char *zone = screen_zone(desk);
    clock_civil_zone(at_ms, zone ? zone : "UTC", &civil);
    clock_civil_zone(clock_now_ms(), zone ? zone : "UTC", &now);
    int used = snprintf(out, CLOCK_TEXT_MAX, "%.3s %d", months + 3 * (civil.month - 1), civil.day);
    if (civil.year != now.year)
        used += snprintf(out + used, CLOCK_TEXT_MAX - (size_t)used, " %d", civil.year);
    snprintf(out + used, CLOCK_TEXT_MAX - (size_t)used, " %02d:%02d", civil.hour, civil.minute);
    return out;
}
