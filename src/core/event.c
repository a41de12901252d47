#include "core/event.h"

#include <stdio.h>

#include "io/uuid.h"

char *event_name(char *out, const struct event *event)
{
    snprintf(out, EVENT_NAME_MAX + 8, "%s:%s", event->platform, event->external_id);
    return out;
}

char *event_uuid(char *out, const struct event *event)
{
    char name[EVENT_NAME_MAX + 8];
    return uuid_of_name(out, event_name(name, event));
}

const char *event_state_word(enum event_state state)
{
    static const char *const words[] = {"tracked", "untracked", "imported"};
    return (size_t)state < sizeof words / sizeof *words ? words[state] : NULL;
}

void event_init(struct event *event, const char *platform, const char *external_id)
{
    *event = (struct event){.currency = "USD", .date_ms = EVENT_NO_DATE, .last_scraped_ms = -1};
    snprintf(event->platform, sizeof event->platform, "%s", platform);
    snprintf(event->external_id, sizeof event->external_id, "%s", external_id);
}
