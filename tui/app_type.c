/* What is typed: the palette, filters, names; with choices, and checked while it is typed. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "tui/app_private.h"
#include "tui/theme.h"

enum { WORD_MAX = 32, NOTE_MAX = 240 };

/* --- choices --- */

/* Offers the words of "a|b|c". */
static void offer_words(struct app *app, const char *words)
{
    char word[WORD_MAX];
    for (; *words; words += strspn(words, "|")) {
        size_t length = strcspn(words, "|");
        snprintf(word, sizeof word, "%.*s", (int)length, words);
        prompt_offer(&app->prompt, word, "");
        words += length;
    }
}

static void offer_actions(struct app *app, const char *detail)
{
    (void)detail;
    char keys[KEYMAP_TEXT_MAX], note[NOTE_MAX];
    unsigned place = app_scene(app)->screen->place;
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        const struct action_info *info = action_info(action);
        if (!(info->places & place) || action == ACTION_COMMAND)
            continue;
        keymap_all(keys, &app->keymap, action);
        snprintf(note, sizeof note, "%s%s%s%s%s", info->argument, *info->argument ? "  " : "",
                 info->sentence, *keys ? "  " : "", keys);
        prompt_offer(&app->prompt, info->word, note);
    }
}

static void offer_events(struct app *app, const char *detail)
{
    (void)detail;
    const struct frame *events = app_events(app);
    char note[NOTE_MAX], date[CLOCK_TEXT_MAX];
    for (size_t row = 0; events && row < events->row_count; row++) {
        const struct frame_cell *at = frame_get(events, row, "date");
        snprintf(note, sizeof note, "%s, %s%s%.10s", frame_get_text(events, row, "name"),
                 frame_get_text(events, row, "venue"), at->known ? ", " : "",
                 at->known ? clock_format(date, at->number) : "");
        prompt_offer(&app->prompt, frame_get_text(events, row, "event"), note);
    }
}

/* Offers the zones or sections of the view's event. */
static void offer_names(struct app *app, const char *kind)
{
    const struct frame *names = app->desk.names;
    char quoted[LISTING_NAME_MAX + 2];
    for (size_t row = 0; names && row < names->row_count; row++) {
        const char *name = frame_get_text(names, row, "name"),
                   *quote = strchr(name, ',') ? "\"" : "";
        if (strcmp(frame_get_text(names, row, "kind"), kind) != 0)
            continue;
        snprintf(quoted, sizeof quoted, "%s%s%s", quote, name, quote);
        prompt_offer(&app->prompt, quoted, "");
    }
}

/* Offers what the state has sections of. */
static void offer_kept(struct app *app, const char *prefix)
{
    const char *name;
    for (size_t nth = 0; (name = state_section(app->desk.state, prefix, nth)); nth++)
        prompt_offer(&app->prompt, name, "");
}

static void offer_themes(struct app *app, const char *detail)
{
    (void)detail;
    for (size_t i = 0; theme_name(i); i++)
        prompt_offer(&app->prompt, theme_name(i), "");
}

static void offer_markers(struct app *app, const char *detail)
{
    (void)detail;
    for (size_t i = 0; marker_at(i); i++)
        prompt_offer(&app->prompt, marker_at(i)->name, marker_at(i)->summary);
}

/* Offers what the screen can be sorted by or draw. */
static void offer_own(struct app *app, const char *word)
{
    const struct scene *scene = app_scene(app);
    const char *choice;
    for (size_t nth = 0;
         scene->screen->choice && (choice = scene->screen->choice(scene, action_find(word), nth));
         nth++)
        prompt_offer(&app->prompt, choice, "");
}

static void offer_tags(struct app *app, const char *detail)
{
    (void)detail;
#define X(name, bit, word, sentence) prompt_offer(&app->prompt, word, sentence);
#include "core/tag.def"
#undef X
}

#define TIMES "1d|3d|7d|14d|30d|T-14d|T-7d|T-1d"

static const struct {
    void (*offer)(struct app *app, const char *detail);
    const char *detail;
} offers[ACTION_COUNT] = {
    [ACTION_COMMAND] = {offer_actions},
    [ACTION_EVENT] = {offer_events},
    [ACTION_ADD] = {offer_events},
    [ACTION_ZONE] = {offer_names, "zone"},
    [ACTION_SECTION] = {offer_names, "section"},
    [ACTION_FROM] = {offer_words, TIMES},
    [ACTION_TO] = {offer_words, TIMES},
    [ACTION_AT] = {offer_words, TIMES},
    [ACTION_SIZE] = {offer_words, "1|2|3|4|5|6|7|8|2,4|none"},
    [ACTION_BY] = {offer_words, "hour|day|snapshot"},
    [ACTION_PRICE] = {offer_words, "base|all-in"},
    [ACTION_ONLY] = {offer_tags},
    [ACTION_EXCLUDE] = {offer_tags},
    [ACTION_SAVE] = {offer_kept, "view "},
    [ACTION_VIEW] = {offer_kept, "view "},
    [ACTION_FORGET] = {offer_kept, "view "},
    [ACTION_WATCH] = {offer_kept, "watch "},
    [ACTION_THEME] = {offer_themes},
    [ACTION_MARKER] = {offer_markers},
    [ACTION_CLOCK] = {offer_words, "venue|local|utc"},
    [ACTION_SORT] = {offer_own, "sort"},
    [ACTION_METRIC] = {offer_own, "metric"},
    [ACTION_SHOW] = {offer_own, "show"},
};

static void offer(struct app *app, enum action action)
{
    prompt_clear_choices(&app->prompt);
    app->offered = action;
    if (offers[action].offer)
        offers[action].offer(app, offers[action].detail);
}

/* --- arguments: checked while they are typed, taken when they are done --- */

/* Checks an argument and, when `really`, does what it is for. */
typedef bool take_argument(struct app *app, enum action action, const char *text, bool really,
                           struct err *err);

static bool has_zone(const struct frame *names, const char *zone)
{
    for (size_t row = 0; row < names->row_count; row++)
        if (strcmp(frame_get_text(names, row, "kind"), "zone") == 0 &&
            text_same_folded(frame_get_text(names, row, "name"), zone))
            return true;
    return strcmp(zone, "*") == 0;
}

static bool check_zones(const struct app *app, const struct view *view, struct err *err)
{
    for (size_t i = 0; app->desk.names && i < view->zone_count; i++)
        if (!has_zone(app->desk.names, view->zones[i]))
            return err_set(err, ERR_NOT_FOUND, "this event has no zone '%s'", view->zones[i]);
    return true;
}

static bool take_field(struct app *app, enum action action, const char *text, bool really,
                       struct err *err)
{
    struct view view = app->desk.view;
    if (!view_set(&view, action, text, err) ||
        (action == ACTION_ZONE && !check_zones(app, &view, err)))
        return false;
    if (really)
        app->desk.view = view;
    return true;
}

static bool take_event(struct app *app, enum action action, const char *text, bool really,
                       struct err *err)
{
    (void)action;
    struct event before = app->desk.view.event;
    if (!app_choose_event(app, text, err))
        return false;
    if (!really) {
        app->desk.view.event = before;
        return true;
    }
    if (strcmp(before.external_id, app->desk.view.event.external_id) != 0)
        view_leave_event(&app->desk.view);
    return true;
}

static bool take_save(struct app *app, enum action action, const char *text, bool really,
                      struct err *err)
{
    (void)action;
    char section[SCREEN_NOTE_MAX];
    if (!*text)
        return err_set(err, ERR_USAGE, "a view needs a name");
    snprintf(section, sizeof section, "view %.100s", text);
    if (!really)
        return true;
    app_save_view(app, section);
    screen_note(&app->desk, "saved as '%s'", text);
    return state_save(app->desk.state, err);
}

static bool take_view(struct app *app, enum action action, const char *text, bool really,
                      struct err *err)
{
    char section[SCREEN_NOTE_MAX];
    snprintf(section, sizeof section, "view %.100s", text);
    if (!state_get(app->desk.state, section, "screen"))
        return err_set(err, ERR_NOT_FOUND, "no view is saved as '%.60s'", text);
    if (!really)
        return true;
    if (action == ACTION_VIEW)
        return app_load_view(app, section, err);
    state_remove(app->desk.state, section);
    screen_note(&app->desk, "view '%.100s' is forgotten", text);
    return state_save(app->desk.state, err);
}

static bool take_theme(struct app *app, enum action action, const char *text, bool really,
                       struct err *err)
{
    (void)action;
    const struct theme *theme = theme_find(text);
    if (!theme)
        return err_set(err, ERR_NOT_FOUND, "no theme is called '%.60s'", text);
    if (!really)
        return true;
    app->desk.look.theme = theme;
    state_set(app->desk.state, "look", "theme", text);
    return true;
}

static bool take_marker(struct app *app, enum action action, const char *text, bool really,
                        struct err *err)
{
    (void)action;
    const struct marker *marker = marker_find(text);
    if (!marker || (app->desk.look.ascii && !marker->ascii))
        return err_set(err, ERR_NOT_FOUND, "'%.60s' cannot be drawn here", text);
    if (!really)
        return true;
    app->desk.look.marker = marker; /* not remembered: another terminal may not show it */
    return true;
}

static const char *const clocks[] = {"venue", "local", "utc"};

static bool take_clock(struct app *app, enum action action, const char *text, bool really,
                       struct err *err)
{
    (void)action;
    enum screen_clock clock = SCREEN_VENUE;
    while (clock <= SCREEN_UTC && strcmp(clocks[clock], text) != 0)
        clock++;
    if (clock > SCREEN_UTC)
        return err_set(err, ERR_USAGE, "'%.60s' is none of venue, local, utc", text);
    if (!really)
        return true;
    app->desk.look.clock = clock;
    state_set(app->desk.state, "look", "clock", text);
    return true;
}

/* Reference lines are kept for each event, in minor units. */
static bool take_line(struct app *app, enum action action, const char *text, bool really,
                      struct err *err)
{
    char section[EVENT_NAME_MAX + 16] = "lines ", digits[MONEY_TEXT_MAX];
    bool none = !*text || strcmp(text, "none") == 0;
    int64_t minor = 0;
    if (!app->desk.view.event.external_id[0])
        return err_set(err, ERR_USAGE, "choose an event first");
    if (!none && !money_parse(text, &minor))
        return err_set(err, ERR_USAGE, "'%.60s' is no price such as 150 or 149.50", text);
    if (!really)
        return true;
    event_name(section + strlen(section), &app->desk.view.event);
    snprintf(digits, sizeof digits, "%lld", (long long)minor);
    state_set(app->desk.state, section, action_info(action)->word, none ? NULL : digits);
    return true;
}

/* What is no filter and no screen's own. */
static take_argument *const takers[ACTION_COUNT] = {
    [ACTION_EVENT] = take_event,   [ACTION_ZONE] = take_field,    [ACTION_SECTION] = take_field,
    [ACTION_FROM] = take_field,    [ACTION_TO] = take_field,      [ACTION_AT] = take_field,
    [ACTION_SIZE] = take_field,    [ACTION_BY] = take_field,      [ACTION_PRICE] = take_field,
    [ACTION_ONLY] = take_field,    [ACTION_EXCLUDE] = take_field, [ACTION_SAVE] = take_save,
    [ACTION_VIEW] = take_view,     [ACTION_FORGET] = take_view,   [ACTION_THEME] = take_theme,
    [ACTION_MARKER] = take_marker, [ACTION_CLOCK] = take_clock,   [ACTION_TARGET] = take_line,
    [ACTION_PAID] = take_line,     [ACTION_FACE] = take_line,     [ACTION_EXPORT] = app_export,
};

/* A key that goes through the choices instead of asking. */
static bool cycle(struct app *app, enum action action)
{
    if (action == ACTION_SIZE || action == ACTION_BY || action == ACTION_PRICE) {
        view_cycle(&app->desk.view, action);
        return true;
    }
    struct err err = {0};
    if (action == ACTION_CLOCK) {
        int next = (app->desk.look.clock + 1) % (SCREEN_UTC + 1);
        take_clock(app, action, clocks[next], true, &err);
        screen_note(&app->desk, "times of %s",
                    next == SCREEN_VENUE   ? "the venue"
                    : next == SCREEN_LOCAL ? "this machine"
                                           : "UTC");
        return true;
    }
    if (action != ACTION_THEME)
        return false;
    size_t at = 0;
    while (theme_name(at) && theme_find(theme_name(at)) != app->desk.look.theme)
        at++;
    const char *next = theme_name(at + 1) ? theme_name(at + 1) : theme_name(0);
    take_theme(app, action, next, true, &err);
    screen_note(&app->desk, "theme %s", next);
    return true;
}

static bool is_own(enum action action)
{
    return action == ACTION_SORT || action == ACTION_METRIC || action == ACTION_SERIES ||
           action == ACTION_SHOW;
}

bool app_take(struct app *app, const struct act *act)
{
    struct err err = {0};
    if (!act->text && cycle(app, act->action))
        return true;
    if (!act->text && action_info(act->action)->argument[0] && !is_own(act->action)) {
        app_prompt(app, act->action);
        return true;
    }
    if (!takers[act->action])
        return false;
    if (!takers[act->action](app, act->action, act->text, true, &err))
        screen_complain(&app->desk, &err);
    return true;
}

/* --- the palette --- */

/* Splits a line into the action of its first word and what stands behind it. */
static enum action split(const char *line, const char **rest)
{
    char word[WORD_MAX];
    line += strspn(line, " ");
    size_t length = strcspn(line, " ");
    snprintf(word, sizeof word, "%.*s", (int)length, line);
    *rest = line[length] ? line + length + strspn(line + length, " ") : NULL;
    return action_find(word);
}

static bool check_command(struct app *app, const char *line, struct err *err)
{
    const char *rest;
    enum action action = split(line, &rest);
    if (action == ACTION_NONE)
        return err_set(err, ERR_USAGE, "'%.40s' is nothing that can be done", line);
    if (!(action_info(action)->places & app_scene(app)->screen->place))
        return err_set(err, ERR_USAGE, "'%s' means nothing on this screen",
                       action_info(action)->word);
    return !rest || !takers[action] || takers[action](app, action, rest, false, err);
}

void app_run(struct app *app, const char *line)
{
    const char *rest;
    struct err err = {0};
    int64_t number = 0;
    struct act act = {.action = split(line, &rest), .text = rest};
    if (!check_command(app, line, &err)) {
        screen_complain(&app->desk, &err);
        return;
    }
    if (act.action == ACTION_SERIES && rest && text_to_int(rest, &number))
        act.number = number >= 1 && number <= 9 ? (int)number : 0;
    app_do(app, &act);
}

/* --- typing --- */

/* Offers what fits the word that stands in the palette, and says what is wrong so far. */
static void look_at(struct app *app)
{
    struct prompt *prompt = &app->prompt;
    const char *rest;
    enum action wanted = prompt->action;
    if (wanted == ACTION_COMMAND) {
        enum action typed = split(prompt->text, &rest);
        wanted = typed != ACTION_NONE && rest ? typed : ACTION_COMMAND;
    }
    if (wanted != app->offered)
        offer(app, wanted);
    prompt_match(prompt);
    err_reset(&prompt->err);
    bool half = prompt->action == ACTION_COMMAND && wanted == ACTION_COMMAND;
    if (half && prompt->order_count == 0)
        check_command(app, prompt->text, &prompt->err);
    else if (!half && prompt->action == ACTION_COMMAND && *rest)
        check_command(app, prompt->text, &prompt->err);
    else if (takers[prompt->action] && prompt->text[0])
        takers[prompt->action](app, prompt->action, prompt->text, false, &prompt->err);
}

void app_prompt(struct app *app, enum action action)
{
    char text[VIEW_TEXT_MAX] = "";
    if (view_has(action) && action != ACTION_EVENT && view_is_set(&app->desk.view, action))
        view_text(text, &app->desk.view, action);
    prompt_open(&app->prompt, action, text);
    app->offered = ACTION_NONE;
    look_at(app);
}

static void accept(struct app *app)
{
    char text[PROMPT_TEXT_MAX];
    enum action action = app->prompt.action;
    snprintf(text, sizeof text, "%s", app->prompt.text);
    prompt_close(&app->prompt);
    if (action == ACTION_COMMAND && text[0])
        app_run(app, text);
    else if (action != ACTION_COMMAND)
        app_do(app, &(struct act){.action = action, .text = text});
}

/* A search narrows the list while it is typed. */
static void search(struct app *app, const char *text)
{
    if (app->prompt.action == ACTION_SEARCH)
        app_do(app, &(struct act){.action = ACTION_SEARCH, .text = text});
}

void app_type(struct app *app, const struct key *key)
{
    switch (prompt_key(&app->prompt, &app->keymap, key)) {
    case PROMPT_STAYS:
        break;
    case PROMPT_CHANGED:
        look_at(app);
        search(app, app->prompt.text);
        break;
    case PROMPT_ACCEPTED:
        accept(app);
        break;
    case PROMPT_CANCELLED:
        search(app, "");
        prompt_close(&app->prompt);
        break;
    }
}
