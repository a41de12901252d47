#include "cli/follow.h"

#include "base/clock.h"

bool follow_event(const struct cmd_call *call, struct store *store, struct event *event,
                  struct err *err)
{
    char name[EVENT_NAME_MAX + 8], date[CLOCK_TEXT_MAX] = "";
    event->state = EVENT_TRACKED;
    if (!store_save_event(store, event, err) ||
        !store_set_state(store, event->id, EVENT_TRACKED, err))
        return false;
    if (event->date_ms != EVENT_NO_DATE)
        clock_format(date, event->date_ms);
    cmd_report(call, "tracking %s%s%s%s%s%s%s", event_name(name, event), *event->name ? ": " : "",
               event->name, *event->venue ? ", " : "", event->venue, *date ? ", " : "", date);
    return true;
}
