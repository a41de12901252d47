/* Views that are kept: under a name, and the last one from day to day. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "tui/app_private.h"

static void read_event(const struct frame *frame, size_t row, struct event *event)
{
    const char *name = frame_get_text(frame, row, "event"), *colon = strchr(name, ':');
    const struct frame_cell *date = frame_get(frame, row, "date");
    *event = (struct event){.date_ms = date->known ? date->number : EVENT_NO_DATE};
    snprintf(event->platform, sizeof event->platform, "%.*s", (int)(colon - name), name);
    snprintf(event->external_id, sizeof event->external_id, "%s", colon + 1);
    snprintf(event->name, sizeof event->name, "%s", frame_get_text(frame, row, "name"));
    snprintf(event->venue, sizeof event->venue, "%s", frame_get_text(frame, row, "venue"));
    snprintf(event->city, sizeof event->city, "%s", frame_get_text(frame, row, "city"));
    snprintf(event->timezone, sizeof event->timezone, "%s", frame_get_text(frame, row, "timezone"));
    snprintf(event->url, sizeof event->url, "%s", frame_get_text(frame, row, "url"));
}

bool app_choose_event(struct app *app, const char *name, struct err *err)
{
    const struct frame *events = app_events(app);
    struct event *event = &app->desk.view.event;
    for (size_t row = 0; events && row < events->row_count; row++)
        if (strcmp(frame_get_text(events, row, "event"), name) == 0) {
            struct event found;
            memset(&found, 0, sizeof found);
            read_event(events, row, &found);
            *event = found;
            return true;
        }
    return err_set(err, ERR_NOT_FOUND, "'%.80s' is not stored", name);
}

/* The date goes along, since times may be relative to it before the events have been loaded. */
static void save_event(struct state *state, const char *section, const struct event *event)
{
    char name[EVENT_NAME_MAX + 8], date[CLOCK_TEXT_MAX];
    bool any = event->external_id[0], dated = any && event->date_ms != EVENT_NO_DATE;
    state_set(state, section, "event", any ? event_name(name, event) : NULL);
    state_set(state, section, "date", dated ? clock_format(date, event->date_ms) : NULL);
}

void app_save_view(struct app *app, const char *section)
{
    struct state *state = app->desk.state;
    const struct view *view = &app->desk.view;
    char text[VIEW_TEXT_MAX];
    state_set(state, section, "screen", screen_form(app->current)->name);
    save_event(state, section, &view->event);
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++) {
        enum action field = view_field(i);
        if (field != ACTION_EVENT)
            state_set(state, section, action_info(field)->word,
                      view_is_set(view, field) ? view_text(text, view, field) : NULL);
    }
}

static void load_screen(struct app *app, const char *name)
{
    for (enum screen_id id = 0; name && id < SCREEN_COUNT; id++)
        if (strcmp(screen_form(id)->name, name) == 0)
            app_go(app, id, false);
}

static void load_event(const struct state *state, const char *section, struct event *event)
{
    const char *name = state_get(state, section, "event"), *colon = name ? strchr(name, ':') : NULL;
    const char *date = state_get(state, section, "date");
    if (!colon)
        return;
    snprintf(event->platform, sizeof event->platform, "%.*s", (int)(colon - name), name);
    snprintf(event->external_id, sizeof event->external_id, "%s", colon + 1);
    if (!date || !clock_parse(date, &event->date_ms))
        event->date_ms = EVENT_NO_DATE;
}

bool app_load_view(struct app *app, const char *section, struct err *err)
{
    const struct state *state = app->desk.state;
    const char *key, *value;
    struct view view;
    view_init(&view);
    load_event(state, section, &view.event);
    for (size_t nth = 0; state_entry(state, section, nth, &key, &value); nth++) {
        enum action field = action_find(key);
        if (field == ACTION_EVENT || !view_has(field))
            continue;
        if (!view_set(&view, field, value, err))
            return err_wrap(err, "view '%s'", section);
    }
    load_screen(app, state_get(state, section, "screen"));
    app->desk.view = view; /* last: leaving the board chooses its event */
    app_know_event(app);
    return true;
}

void app_know_event(struct app *app)
{
    struct err err = {0};
    char name[EVENT_NAME_MAX + 8];
    if (app->desk.view.event.external_id[0] && app_events(app))
        app_choose_event(app, event_name(name, &app->desk.view.event), &err);
}
