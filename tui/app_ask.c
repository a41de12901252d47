/* What the screen wants to know, on its way to the store and back. */
#include <string.h>

#include "base/clock.h"
#include "tui/app_private.h"

static bool load_events(struct store *store, const struct question *question, struct frame *frame,
                        struct err *err)
{
    (void)question;
    return query_events(store, true, frame, err);
}

static bool add_names(struct store *store, const struct event *event, bool sections,
                      struct frame *frame, struct err *err)
{
    AUTO_FRAME struct frame names = {0};
    if (!query_names(store, event, sections, &names, err))
        return false;
    for (size_t row = 0; row < names.row_count; row++) {
        struct frame_cell *cells = frame_add_row(frame);
        cells[0] = frame_text(frame, sections ? "section" : "zone");
        cells[1] = frame_text(frame, frame_at(&names, row, 0)->text);
    }
    return true;
}

static bool load_names(struct store *store, const struct question *question, struct frame *frame,
                       struct err *err)
{
    static const struct frame_column columns[] = {{"kind", FRAME_TEXT}, {"name", FRAME_TEXT}};
    struct event event;
    frame_init(frame, columns, 2);
    return question_event(store, question, &event, err) &&
           add_names(store, &event, false, frame, err) &&
           add_names(store, &event, true, frame, err);
}

static void drop(struct answer **answer)
{
    question_forget(*answer);
    *answer = NULL;
}

/* Sends a question if it is another one than that of the answer that is there or under way. */
static void send(struct app *app, struct app_wire *wire, size_t slot, const struct question *wanted,
                 bool again)
{
    if (question_same(&wire->asked, wanted) && !again)
        return;
    wire->asked = *wanted;
    wire->ticket = 0;
    drop(&wire->next);
    if (!wanted->load)
        return;
    wire->ticket = ++app->last_ticket;
    loader_ask(app->loader, slot, wire->ticket, wanted);
}

static void ask_names(struct app *app, bool again)
{
    struct question names = {0}, events = {.load = load_events};
    struct question alerts = {.load = app_alerts_load};
    if (app->desk.view.event.external_id[0]) {
        names.load = load_names;
        names.view.event = app->desk.view.event;
    }
    send(app, &app->events, APP_SLOT_EVENTS, &events, again);
    send(app, &app->alerts, APP_SLOT_ALERTS, &alerts, again);
    send(app, &app->names, APP_SLOT_NAMES, &names, again);
}

/* Shows what has come, all at once. */
static void swap_in(struct app *app)
{
    struct app_stage *stage = &app->stages[app->current];
    struct scene *scene = app_scene(app);
    bool fresh = false;
    for (size_t part = 0; part < SCREEN_PARTS; part++) {
        struct app_wire *wire = &stage->wires[part];
        if (wire->next || (wire->shown && !wire->asked.load)) {
            drop(&wire->shown);
            wire->shown = wire->next;
            wire->next = NULL;
            fresh = true;
        }
        scene->answers[part] = wire->shown;
    }
    if (fresh && scene->screen->settle)
        scene->screen->settle(scene);
}

static bool is_complete(const struct app_stage *stage)
{
    for (size_t part = 0; part < SCREEN_PARTS; part++)
        if (stage->wires[part].ticket)
            return false;
    return true;
}

void app_abandon(struct app *app, enum screen_id id)
{
    for (size_t part = 0; part < SCREEN_PARTS; part++) {
        struct app_wire *wire = &app->stages[id].wires[part];
        if (!wire->ticket)
            continue;
        wire->ticket = 0;
        memset(&wire->asked, 0, sizeof wire->asked);
    }
}

static void ask(struct app *app)
{
    struct app_stage *stage = &app->stages[app->current];
    const struct scene *scene = app_scene(app);
    bool again = stage->epoch != app->epoch;
    ask_names(app, app->names_epoch != app->epoch);
    app->names_epoch = app->epoch;
    stage->epoch = app->epoch;
    for (size_t part = 0; part < scene->screen->parts; part++) {
        struct question question;
        memset(&question, 0, sizeof question);
        question.view = app->desk.view;
        scene->screen->ask(scene, part, &question);
        if (!question.load)
            memset(&question, 0, sizeof question);
        send(app, &stage->wires[part], part, &question, again);
    }
    if (is_complete(stage))
        swap_in(app);
}

bool app_is_waiting(const struct app *app)
{
    return !is_complete(&app->stages[app->current]) || app->names.ticket || app->events.ticket ||
           app->alerts.ticket;
}

/* What is under way comes first: a store that changes faster than it is read would never be seen. */
void app_ask(struct app *app)
{
    ask(app);
    if (!app->behind || app->frozen || app_is_waiting(app))
        return;
    app->behind = false;
    app->epoch++;
    ask(app);
}

static struct app_wire *wire_of(struct app *app, size_t slot)
{
    return slot == APP_SLOT_NAMES    ? &app->names
           : slot == APP_SLOT_EVENTS ? &app->events
           : slot == APP_SLOT_ALERTS ? &app->alerts
                                     : &app->stages[app->current].wires[slot];
}

static void take(struct app *app, const struct loader_word *word)
{
    struct app_wire *wire = wire_of(app, word->slot);
    if (wire->ticket != word->ticket) { /* another question was asked meanwhile */
        question_forget(word->answer);
        return;
    }
    wire->ticket = 0;
    if (word->slot < SCREEN_PARTS) {
        drop(&wire->next);
        wire->next = word->answer;
        return;
    }
    drop(&wire->shown);
    wire->shown = word->answer;
    app->desk.names = app->names.shown && app->names.shown->ok ? &app->names.shown->frame : NULL;
    if (wire == &app->events)
        app_know_event(app);
    if (wire == &app->alerts)
        app_alerts_take(app);
}

bool app_work(struct app *app)
{
    static const struct question alerts = {.load = app_alerts_load};
    struct loader_word word;
    bool any = false;
    while (loader_take(app->loader, &word)) {
        any = true;
        if (word.answer) {
            take(app, &word);
            continue;
        }
        app->behind = true;
        if (app->frozen) /* what is seen stays, but an alert is told */
            send(app, &app->alerts, APP_SLOT_ALERTS, &alerts, true);
    }
    if (any)
        app_ask(app);
    return any;
}

bool app_tick(struct app *app)
{
    int64_t minute = clock_now_ms() / CLOCK_MINUTE_MS;
    bool passed = minute != app->drawn_minute;
    app->drawn_minute = minute;
    loader_look(app->loader);
    return passed;
}

void app_wait(struct app *app)
{
    do {
        loader_wait(app->loader);
        app_work(app);
    } while (app_is_waiting(app));
}

const struct frame *app_events(const struct app *app)
{
    const struct answer *answer = app->events.shown;
    return answer && answer->ok ? &answer->frame : NULL;
}

static void forget(struct app_wire *wire)
{
    drop(&wire->next);
    drop(&wire->shown);
    memset(wire, 0, sizeof *wire);
}

void app_forget_answers(struct app *app)
{
    app->desk.names = NULL;
    forget(&app->names);
    forget(&app->events);
    forget(&app->alerts);
    app->desk.alerts = NULL;
    app->alerts_known = false;
    for (size_t id = 0; id < SCREEN_COUNT; id++)
        for (size_t part = 0; part < SCREEN_PARTS; part++) {
            forget(&app->stages[id].wires[part]);
            app->scenes[id].answers[part] = NULL;
        }
}
