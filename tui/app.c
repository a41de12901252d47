/* Keys and commands become actions, and actions are done: here, or by the screen that is seen. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "tui/app_private.h"

struct scene *app_scene(struct app *app)
{
    return &app->scenes[app->current];
}

/* Where things are: tabs, filter bar, screen, last line. */
static struct canvas_area body(const struct app *app)
{
    int height = app->height - 3;
    return (struct canvas_area){0, 2, app->width, height > 0 ? height : 0};
}

static void settle(struct scene *scene)
{
    if (scene->screen->settle && scene->answers[0])
        scene->screen->settle(scene);
}

static void resize(struct app *app, int width, int height)
{
    app->width = width;
    app->height = height;
    for (size_t i = 0; i < SCREEN_COUNT; i++) {
        app->scenes[i].area = body(app);
        settle(&app->scenes[i]);
    }
}

/* The board's cursor says which event the other screens are about, and the filters. */
static void choose(struct app *app)
{
    struct err err = {0};
    struct view *view = &app->desk.view;
    struct event before = view->event;
    if (app->current != SCREEN_BOARD || !app->desk.chosen[0] ||
        !app_choose_event(app, app->desk.chosen, &err) ||
        strcmp(before.external_id, view->event.external_id) == 0)
        return;
    view_leave_event(view);
    settle(app_scene(app));
}

void app_go(struct app *app, enum screen_id id, bool back)
{
    if (id == app->current)
        return;
    if (!back) {
        if (app->trail_count == APP_TRAIL_MAX)
            memmove(app->trail, app->trail + 1, --app->trail_count * sizeof *app->trail);
        app->trail[app->trail_count++] = app->current;
    }
    choose(app);
    app_know_event(app);
    app_abandon(app, app->current);
    app->current = id;
    settle(app_scene(app));
}

static void do_back(struct app *app, const struct act *act)
{
    (void)act;
    struct scene *scene = app_scene(app);
    if (scene->screen->back && scene->screen->back(scene))
        return;
    if (app->trail_count > 0)
        app_go(app, app->trail[--app->trail_count], true);
    else
        app->leaving = true;
}

static void do_quit(struct app *app, const struct act *act)
{
    (void)act;
    app->leaving = true;
}

static void do_help(struct app *app, const struct act *act)
{
    (void)act;
    guide_open(&app->guide);
}

static void do_screen(struct app *app, const struct act *act)
{
    for (enum screen_id id = 0; id < SCREEN_COUNT; id++)
        if (screen_action(id) == act->action)
            app_go(app, id, false);
}

static void do_next_screen(struct app *app, const struct act *act)
{
    int step = act->action == ACTION_NEXT_SCREEN ? 1 : SCREEN_COUNT - 1;
    app_go(app, (app->current + (unsigned)step) % SCREEN_COUNT, false);
}

static void do_filters(struct app *app, const struct act *act)
{
    (void)act;
    app->bar.open = true;
}

static void do_range(struct app *app, const struct act *act)
{
    struct err err = {0};
    struct view *view = &app->desk.view;
    if (act->action == ACTION_SHORTER || act->action == ACTION_LONGER) {
        view_step_range(view, act->action == ACTION_LONGER ? 1 : -1);
        return;
    }
    view_set(view, ACTION_TO, "", &err);
    view_set(view, ACTION_FROM, act->action == ACTION_LATEST ? "1d" : "", &err);
}

static void do_clear(struct app *app, const struct act *act)
{
    (void)act;
    view_clear(&app->desk.view);
}

static void do_undo(struct app *app, const struct act *act)
{
    bool undo = act->action == ACTION_UNDO;
    bool done = undo ? history_undo(&app->history, &app->desk.view)
                     : history_redo(&app->history, &app->desk.view);
    if (!done)
        screen_note(&app->desk, "nothing to %s", undo ? "undo" : "do again");
}

static void do_freeze(struct app *app, const struct act *act)
{
    (void)act;
    app->frozen = !app->frozen;
    screen_note(&app->desk,
                app->frozen ? "frozen: what is shown stays as it is" : "following the store again");
}

static void do_reload(struct app *app, const struct act *act)
{
    (void)act;
    app->epoch++;
}

/* A store in which there is something is not left by one key that was hit by chance. */
static void do_demo(struct app *app, const struct act *act)
{
    const struct frame *events = app_events(app);
    app->wishes.demo = !events || events->row_count == 0 || app->last_action == act->action;
    if (!app->wishes.demo)
        screen_note(&app->desk, "once more shows a made-up fortnight instead of this store, which "
                                "stays as it is");
}

static void do_redraw(struct app *app, const struct act *act)
{
    (void)act;
    app->wishes.redraw = true;
}

static void do_mouse(struct app *app, const struct act *act)
{
    (void)act;
    app->wishes.turn_mouse = true;
}

static void do_command(struct app *app, const struct act *act)
{
    (void)act;
    app_prompt(app, ACTION_COMMAND);
}

/* As a link where the terminal makes one of it, and to be pasted where it does not. */
static void do_open(struct app *app, const struct act *act)
{
    (void)act;
    const char *url = app->desk.view.event.url;
    if (!url[0]) {
        screen_note(&app->desk, "the address of this event is not known");
        return;
    }
    screen_note(&app->desk, "%s", url);
    snprintf(app->desk.copy, sizeof app->desk.copy, "%s", url);
}

/* What the workstation does itself; what is not here is the screen's, or asks for an argument first. */
static void (*const deeds[ACTION_COUNT])(struct app *, const struct act *) = {
    [ACTION_HELP] = do_help,
    [ACTION_COMMAND] = do_command,
    [ACTION_BACK] = do_back,
    [ACTION_QUIT] = do_quit,
    [ACTION_BOARD] = do_screen,
    [ACTION_TREND] = do_screen,
    [ACTION_GROUPS] = do_screen,
    [ACTION_COUNTS] = do_screen,
    [ACTION_MARKET] = do_screen,
    [ACTION_LISTINGS] = do_screen,
    [ACTION_COMPARE] = do_screen,
    [ACTION_JOBS] = do_screen,
    [ACTION_NEXT_SCREEN] = do_next_screen,
    [ACTION_PREVIOUS_SCREEN] = do_next_screen,
    [ACTION_FILTERS] = do_filters,
    [ACTION_SHORTER] = do_range,
    [ACTION_LONGER] = do_range,
    [ACTION_LATEST] = do_range,
    [ACTION_WHOLE] = do_range,
    [ACTION_CLEAR] = do_clear,
    [ACTION_UNDO] = do_undo,
    [ACTION_REDO] = do_undo,
    [ACTION_FREEZE] = do_freeze,
    [ACTION_RELOAD] = do_reload,
    [ACTION_REDRAW] = do_redraw,
    [ACTION_MOUSE] = do_mouse,
    [ACTION_DEMO] = do_demo,
    [ACTION_OPEN] = do_open,
};

/* Steps of the same kind one after the other are one step for undo. */
static bool goes_on(const struct app *app, const struct act *act)
{
    bool moves = act->action == ACTION_EARLIER || act->action == ACTION_LATER ||
                 act->action == ACTION_ZOOM_IN || act->action == ACTION_ZOOM_OUT;
    return moves && app->last_action == act->action;
}

static void note_history(struct app *app, const struct act *act, const struct view *before)
{
    bool changed = memcmp(before, &app->desk.view, sizeof *before) != 0;
    if (changed && act->action != ACTION_UNDO && act->action != ACTION_REDO && !goes_on(app, act))
        history_note(&app->history, before);
}

/* Whether an action is about the event. */
static bool concerns_event(enum action action)
{
    return view_has(action) || action == ACTION_OPEN || action == ACTION_SAVE ||
           action == ACTION_TARGET || action == ACTION_PAID || action == ACTION_FACE;
}

void app_do(struct app *app, const struct act *act)
{
    struct view before = app->desk.view;
    if (concerns_event(act->action))
        choose(app);
    struct event event = app->desk.view.event;
    app->desk.note[0] = '\0';
    app->desk.go = SCREEN_NONE;
    if (deeds[act->action])
        deeds[act->action](app, act);
    else if (!app_take(app, act)) {
        struct scene *scene = app_scene(app);
        if (action_info(act->action)->places & scene->screen->place)
            scene->screen->act(scene, act);
        else
            screen_note(&app->desk, "'%s' means nothing on this screen",
                        action_info(act->action)->word);
    }
    if (app->desk.go != SCREEN_NONE)
        app_go(app, app->desk.go, false);
    if (strcmp(event.external_id, app->desk.view.event.external_id) != 0)
        settle(app_scene(app));
    note_history(app, act, &before);
    app->last_action = act->action;
}

static void key_in_screen(struct app *app, const struct key *key)
{
    enum action_place place = app_scene(app)->screen->place;
    struct act act = {.action = keymap_find(&app->keymap, key, place)};
    if (act.action == ACTION_NONE)
        return;
    if (act.action == ACTION_SERIES)
        act.number = (int)key->character - '0';
    app_do(app, &act);
}

static void key_in_bar(struct app *app, const struct key *key)
{
    struct bar *bar = &app->bar;
    enum action action = keymap_find(&app->keymap, key, ACTION_IN_BAR);
    enum action field = view_field(bar->field);
    if (action == ACTION_BAR_LEFT || action == ACTION_BAR_RIGHT)
        bar->field = (bar->field + (action == ACTION_BAR_RIGHT ? 1 : VIEW_FIELD_COUNT - 1)) %
                     VIEW_FIELD_COUNT;
    else if (action == ACTION_BAR_EDIT)
        app_prompt(app, field);
    else if (action == ACTION_BAR_CLEAR && field != ACTION_EVENT)
        app_do(app, &(struct act){.action = field, .text = ""});
    else if (action == ACTION_BAR_LEAVE)
        bar->open = false;
}

/* The tabs are laid out by app_draw.c, which therefore knows what was hit. */
static void mouse(struct app *app, const struct key *key)
{
    struct scene *scene = app_scene(app);
    struct act act = {.action = ACTION_NONE};
    if (key->y < 2) {
        if (key->code == KEY_CODE_CLICK)
            act.action = app_hit(app, key->x, key->y);
        if (act.action == ACTION_NONE)
            return;
        if (key->y == 1 && act.action != ACTION_FILTERS)
            app_prompt(app, act.action);
        else
            app_do(app, &act);
    } else if (scene->screen->click && key->y < app->height - 1) {
        struct view before = app->desk.view;
        app->desk.go = SCREEN_NONE;
        scene->screen->click(scene, key);
        if (app->desk.go != SCREEN_NONE)
            app_go(app, app->desk.go, false);
        note_history(app, &(struct act){.action = ACTION_ENTER}, &before);
    }
}

static bool is_mouse(const struct key *key)
{
    return key->code >= KEY_CODE_CLICK && key->code <= KEY_CODE_WHEEL_DOWN;
}

bool app_key(struct app *app, const struct key *key)
{
    app->desk.copy[0] = '\0';
    if (key->code == KEY_CODE_SIZE)
        resize(app, key->x, key->y);
    else if (app->guide.open)
        guide_key(&app->guide, &app->keymap, app_scene(app)->screen->place, app->height - 2, key);
    else if (app->prompt.open)
        app_type(app, key);
    else if (is_mouse(key))
        mouse(app, key);
    else if (app->bar.open)
        key_in_bar(app, key);
    else
        key_in_screen(app, key);
    app_ask(app);
    return !app->leaving;
}

bool app_command(struct app *app, const char *line)
{
    app->desk.copy[0] = '\0';
    app->guide.open = false;
    prompt_close(&app->prompt);
    app_run(app, line);
    app_ask(app);
    return !app->leaving;
}

void app_note(struct app *app, const char *text)
{
    screen_note(&app->desk, "%s", text);
}

const struct look *app_look(const struct app *app)
{
    return &app->desk.look;
}

struct app_wishes app_wishes(struct app *app)
{
    struct app_wishes wishes = app->wishes;
    snprintf(app->copied, sizeof app->copied, "%s", app->desk.copy);
    snprintf(app->told, sizeof app->told, "%s", app->tell);
    wishes.copy = app->copied[0] ? app->copied : NULL;
    wishes.tell = app->told[0] ? app->told : NULL;
    app->desk.copy[0] = app->tell[0] = '\0';
    app->wishes = (struct app_wishes){0};
    return wishes;
}

static void open_scenes(struct app *app)
{
    for (enum screen_id id = 0; id < SCREEN_COUNT; id++) {
        struct scene *scene = &app->scenes[id];
        scene->screen = screen_form(id);
        scene->desk = &app->desk;
        scene->state = mem_alloc(1, scene->screen->size);
        scene->area = body(app);
        if (scene->screen->open)
            scene->screen->open(scene);
    }
}

static void recall_look(struct app *app)
{
    struct look *look = &app->desk.look;
    const char *theme = state_get(app->desk.state, "look", "theme");
    const char *clock = state_get(app->desk.state, "look", "clock");
    if (!look->theme && theme)
        app_take(app, &(struct act){.action = ACTION_THEME, .text = theme});
    if (!look->theme)
        look->theme = theme_default();
    if (clock)
        app_take(app, &(struct act){.action = ACTION_CLOCK, .text = clock});
}

static void begin(struct app *app, const struct app_settings *settings)
{
    struct err err = {0};
    view_init(&app->desk.view);
    if (!settings->event && !app_load_view(app, "last", &err) && err.code != ERR_NONE)
        screen_complain(&app->desk, &err);
    if (settings->event)
        app->desk.view.event = *settings->event;
    app->desk.view.event.id = 0;
    if (settings->screen != SCREEN_NONE)
        app->current = settings->screen;
    app->trail_count = 0;
}

struct app *app_open(const struct app_settings *settings)
{
    struct err err = {0};
    mem_stay_small();
    struct app *app = mem_alloc(1, sizeof *app);
    app->desk.look = settings->look;
    app->desk.conf = settings->conf;
    app->width = settings->width;
    app->height = settings->height;
    app->epoch = 1;
    app->store_path = mem_strdup(settings->store_path);
    app->loader = loader_open(settings->store_path);
    if (settings->keymap)
        app->keymap = *settings->keymap;
    else
        keymap_init(&app->keymap);
    if (!state_open(&app->desk.state, settings->state_path, &err))
        screen_complain(&app->desk, &err);
    recall_look(app);
    open_scenes(app);
    begin(app, settings);
    app_ask(app);
    return app;
}

bool app_close(struct app *app, struct err *err)
{
    app_save_view(app, "last");
    for (enum screen_id id = 0; id < SCREEN_COUNT; id++) {
        struct scene *scene = &app->scenes[id];
        if (scene->screen->close)
            scene->screen->close(scene);
        mem_free(scene->state);
    }
    bool ok = state_save(app->desk.state, err);
    loader_close(app->loader);
    app_forget_answers(app);
    prompt_close(&app->prompt);
    state_close(app->desk.state);
    mem_free(app->store_path);
    mem_free(app);
    return ok;
}

void app_show_store(struct app *app, const char *path)
{
    loader_close(app->loader);
    app->loader = loader_open(path);
    mem_free(app->store_path);
    app->store_path = mem_strdup(path);
    app_forget_answers(app);
    view_leave_event(&app->desk.view);
    memset(&app->desk.view.event, 0, sizeof app->desk.view.event);
    memset(&app->history, 0, sizeof app->history); /* its events are of the store before */
    app->epoch++;
    app_ask(app);
}

int app_fd(const struct app *app)
{
    return loader_fd(app->loader);
}
