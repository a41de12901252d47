/* What stands around the screens: tabs, filter bar, last line; and what lies over them. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "tui/app_private.h"
#include "tui/wrap.h"

enum { BADGE_MAX = 96, BADGE_WAIT = 9, LINE_MAX_BYTES = 512 };

static const char *const short_titles[SCREEN_COUNT] = {"Board",  "Trend",    "Groups",  "Counts",
                                                       "Market", "Listings", "Compare", "Jobs"};

/* --- the first line --- */

/* How old the numbers are that are seen. */
struct age {
    int64_t
        good_ms; /* when the view's event, or on the board any, was last seen well; negative: never */
    bool over;   /* all of them are over: nobody looks any more, and nobody should */
};

static struct age find_age(const struct app *app)
{
    const struct frame *events = app_events(app);
    char name[EVENT_NAME_MAX + 8];
    struct age age = {.good_ms = -1, .over = true};
    bool one = app->current != SCREEN_BOARD && app->current != SCREEN_JOBS;
    event_name(name, &app->desk.view.event);
    for (size_t row = 0; events && row < events->row_count; row++) {
        const struct frame_cell *at = frame_get(events, row, "last_scraped");
        const struct frame_cell *date = frame_get(events, row, "date");
        bool over = date->known && date->number < clock_now_ms();
        if (!at->known || (one && strcmp(frame_get(events, row, "event")->text, name) != 0) ||
            (over && !age.over))
            continue;
        if (at->number > age.good_ms || over != age.over)
            age.good_ms = at->number; /* one that is over tells nothing beside one that is not */
        age.over = over;
    }
    return age;
}

/* An old number never looks like a new one. */
static enum theme_style word_age(const struct app *app, char *out)
{
    char span[CLOCK_TEXT_MAX];
    struct age age = find_age(app);
    int64_t age_ms = clock_now_ms() - age.good_ms;
    if (age.good_ms < 0) {
        out[0] = '\0';
        return THEME_NOTE;
    }
    bool stale = age_ms > SCREEN_STALE_MS && !age.over;
    snprintf(out, BADGE_MAX, "%s%s old",
             stale      ? "STALE "
             : age.over ? "over, "
                        : "",
             clock_format_span(span, age_ms > 0 ? age_ms : 0));
    return stale ? THEME_WARN : THEME_NOTE;
}

/* What stands in the first line beside the tabs. The tabs make room for it: what is old or frozen must be told. */
struct heading {
    const char *doing; /* "" nothing */
    char age[BADGE_MAX];
    enum theme_style age_style;
    int padding; /* blanks at each tab */
    int letters; /* of the tabs that are not here */
    int used;    /* columns of all tabs */
};

static int tab_width(const struct app *app, const struct heading *heading, enum screen_id id)
{
    int letters = (int)strlen(short_titles[id]);
    if (id != app->current && letters > heading->letters)
        letters = heading->letters;
    return letters + heading->padding;
}

static void lay_tabs(const struct app *app, struct heading *heading, int padding, int letters)
{
    heading->padding = padding;
    heading->letters = letters;
    heading->used = 0;
    for (enum screen_id id = 0; id < SCREEN_COUNT; id++)
        heading->used += tab_width(app, heading, id);
}

static struct heading head(const struct app *app)
{
    enum { WHOLE = 16, SHORT = 3 };
    struct heading heading = {.doing = ""};
    heading.age_style = word_age(app, heading.age);
    if (app->frozen)
        heading.doing = app->behind ? "FROZEN, newer data waits  " : "FROZEN  ";
    int room = app->width - text_width(heading.doing) - text_width(heading.age) - 1;
    lay_tabs(app, &heading, 2, WHOLE);
    if (heading.used > room)
        lay_tabs(app, &heading, 1, WHOLE);
    if (heading.used > room)
        lay_tabs(app, &heading, 1, SHORT);
    if (heading.used > room && app->frozen)
        heading.doing = "FROZEN  ";
    /* comes and goes: not worth to move the tabs for */
    if (!app->frozen && app_is_waiting(app) && heading.used + BADGE_WAIT <= room)
        heading.doing = "loading  ";
    return heading;
}

static void draw_heading(const struct app *app, struct canvas *canvas)
{
    struct heading heading = head(app);
    int x = 0;
    for (enum screen_id id = 0; id < SCREEN_COUNT; id++) {
        char title[BADGE_MAX];
        bool here = id == app->current;
        int width = tab_width(app, &heading, id);
        snprintf(title, sizeof title, "%.*s", width - heading.padding, short_titles[id]);
        canvas_text(canvas, x + heading.padding / 2, 0, title, here ? THEME_ACTIVE : THEME_TEXT);
        for (int i = 0; i < width; i++)
            canvas_ground(canvas, x + i, 0, here ? THEME_SELECTED : THEME_BAR);
        x += width;
    }
    for (; x < app->width; x++)
        canvas_ground(canvas, x, 0, THEME_BAR);
    x = app->width - text_width(heading.doing) - text_width(heading.age) - 1;
    x += canvas_text(canvas, x, 0, heading.doing, THEME_WARN);
    canvas_text(canvas, x, 0, heading.age, heading.age_style);
}

enum action app_hit(const struct app *app, int x, int y)
{
    struct canvas_area row = {0, 1, app->width, 1};
    if (y == 1)
        return bar_at(&app->bar, &app->desk.view, app->desk.look.ascii, row, x);
    struct heading heading = head(app);
    int right = 0;
    for (enum screen_id id = 0; y == 0 && id < SCREEN_COUNT; id++) {
        right += tab_width(app, &heading, id);
        if (x < right)
            return screen_action(id);
    }
    return ACTION_NONE;
}

/* --- the last line --- */

/* What a newcomer to a screen most needs, first things first. */
static const enum action hints[][10] = {
    [0] = {ACTION_ENTER, ACTION_SEARCH, ACTION_SORT, ACTION_MARK, ACTION_WATCH, ACTION_NEXT_LIST},
    [1] = {ACTION_LEFT, ACTION_RIGHT, ACTION_ZOOM_IN, ACTION_LONGER, ACTION_ZONES, ACTION_ENTER,
           ACTION_LOG, ACTION_AXIS},
    [2] = {ACTION_METRIC, ACTION_EXPAND, ACTION_LEFT, ACTION_RIGHT, ACTION_LONGER, ACTION_ENTER},
    [3] = {ACTION_EARLIER, ACTION_LATER, ACTION_SORT, ACTION_SEARCH, ACTION_SIZE, ACTION_COPY},
    [4] = {ACTION_ADD, ACTION_DROP, ACTION_METRIC, ACTION_AXIS, ACTION_INDEX, ACTION_EXPAND},
    [5] = {ACTION_SHOW, ACTION_FAILURES, ACTION_SEARCH, ACTION_SORT, ACTION_LONGER},
};

static const enum action common_hints[] = {ACTION_HELP, ACTION_COMMAND, ACTION_EVENT,
                                           ACTION_FILTERS, ACTION_BACK};

static size_t place_index(enum action_place place)
{
    size_t index = 0;
    while (place >>= 1)
        index++;
    return index;
}

/* "Enter open" after another; false when it does not fit. */
static bool draw_hint(const struct app *app, struct canvas *canvas, enum action action, int *x,
                      int right)
{
    char key[KEY_NAME_MAX];
    const char *word = action_info(action)->word, *own = "bar-";
    if (strncmp(word, own, strlen(own)) == 0) /* in the bar it goes without saying */
        word += strlen(own);
    keymap_first(key, &app->keymap, action);
    int width = text_width(key) + 1 + text_width(word);
    if (!key[0] || *x + width > right)
        return key[0] == '\0';
    int y = app->height - 1;
    int at = *x + canvas_text(canvas, *x, y, key, THEME_KEY) + 1;
    canvas_text(canvas, at, y, word, THEME_NOTE);
    *x += width + 2;
    return true;
}

static void draw_hints(const struct app *app, struct canvas *canvas)
{
    int x = 1;
    enum action_place place =
        app->bar.open ? ACTION_IN_BAR : app->scenes[app->current].screen->place;
    if (app->bar.open) {
        for (enum action action = ACTION_BAR_LEFT; action <= ACTION_BAR_LEAVE; action++)
            if (!draw_hint(app, canvas, action, &x, app->width))
                return;
        return;
    }
    for (size_t i = 0; i < sizeof common_hints / sizeof *common_hints; i++)
        if (!draw_hint(app, canvas, common_hints[i], &x, app->width))
            return;
    const enum action *own = hints[place_index(place)];
    for (size_t i = 0; i < sizeof *hints / sizeof **hints && own[i] != ACTION_NONE; i++)
        if (!draw_hint(app, canvas, own[i], &x, app->width))
            return;
}

/* What is said is said whole: what does not fit into the last line takes those above it. */
static void draw_note(const struct app *app, struct canvas *canvas)
{
    enum { ROWS = 3 };
    const struct desk *desk = &app->desk;
    enum theme_style style = desk->note_is_error ? THEME_ERROR : THEME_TITLE;
    char rows[ROWS][WRAP_ROW_MAX];
    int count = wrap_rows(rows, ROWS, desk->note, app->width - 2, desk->look.ascii);
    for (int i = 0; i < count; i++) {
        int y = app->height - count + i;
        for (int x = 0; x < app->width; x++) {
            canvas_put(canvas, x, y, ' ', THEME_TEXT);
            canvas_ground(canvas, x, y, THEME_TEXT);
        }
        canvas_text(canvas, 1, y, rows[i], style);
    }
}

static void prompt_label(const struct app *app, char *out, size_t size)
{
    enum action action = app->prompt.action;
    if (action == ACTION_COMMAND)
        snprintf(out, size, ":");
    else if (action == ACTION_SEARCH)
        snprintf(out, size, "/");
    else
        snprintf(out, size, "%s: ", action_info(action)->word);
}

/* --- the middle --- */

static int count_rows(const char *const *paragraphs, int columns, int *widest)
{
    int count = 0;
    char row[LINE_MAX_BYTES];
    for (*widest = 0; *paragraphs; paragraphs++) {
        const char *text = *paragraphs;
        do {
            text = wrap_row(text, columns, row, sizeof row);
            count++;
            if (text_width(row) > *widest)
                *widest = text_width(row);
        } while (*text);
    }
    return count;
}

/* Paragraphs in the middle of an area, NULL behind the last. */
static void draw_page(const struct app *app, struct canvas *canvas, const char *const *paragraphs,
                      enum theme_style first)
{
    struct canvas_area area = app->scenes[app->current].area;
    int widest, columns = area.width - 2, count = count_rows(paragraphs, columns, &widest);
    int y = area.y + (area.height > count ? (area.height - count) / 2 : 0);
    char row[LINE_MAX_BYTES];
    for (size_t i = 0; paragraphs[i]; i++) {
        const char *text = paragraphs[i];
        do {
            text = wrap_row(text, columns, row, sizeof row);
            canvas_text(canvas, area.x + (area.width - widest) / 2, y++, row,
                        i == 0 ? first : THEME_TEXT);
        } while (*text);
    }
}

static void draw_welcome(const struct app *app, struct canvas *canvas)
{
    static const char *const lines[] = {
        "There is nothing to look at yet.",
        "",
        "tws follows the ticket prices of live events. It keeps what it sees in",
        "one file on this machine, and draws from it: prices by zone, what groups",
        "pay, how many tickets are left, the market at any past moment.",
        "",
        "  D                      look around in a made-up fortnight (seconds)",
        "  tws search WORDS       find events to follow",
        "  tws track URL          follow one",
        "  tws scrape             see what it costs now; run it every 15 minutes",
        "  tws import FILE        take up traffic that a browser saved",
        "",
        "  ?  what the keys do    Q  leave",
        NULL,
    };
    draw_page(app, canvas, lines, THEME_TITLE);
}

static void draw_failure(const struct app *app, struct canvas *canvas, const struct err *err)
{
    const char *lines[] = {err->text, err->hint[0] ? "" : NULL, err->hint, NULL};
    draw_page(app, canvas, lines, err->code == ERR_USAGE ? THEME_TITLE : THEME_ERROR);
}

static const struct err *failure(const struct scene *scene)
{
    for (size_t part = 0; part < scene->screen->parts; part++)
        if (scene->answers[part] && !scene->answers[part]->ok)
            return &scene->answers[part]->err;
    return NULL;
}

static bool is_empty(const struct app *app)
{
    const struct answer *events = app->events.shown;
    if (!events)
        return false;
    return events->ok ? events->frame.row_count == 0 : events->err.code == ERR_NOT_FOUND;
}

static void draw_body(const struct app *app, struct canvas *canvas)
{
    const struct scene *scene = &app->scenes[app->current];
    const struct err *err = failure(scene);
    struct canvas_area before = canvas_clip(canvas, scene->area);
    if (is_empty(app))
        draw_welcome(app, canvas);
    else if (err)
        draw_failure(app, canvas, err);
    else
        scene->screen->draw(scene, canvas);
    canvas_clip(canvas, before);
}

static void draw_too_small(const struct app *app, struct canvas *canvas)
{
    char need[BADGE_MAX], have[BADGE_MAX];
    snprintf(need, sizeof need, "tws needs %d x %d", APP_WIDTH_MIN, APP_HEIGHT_MIN);
    snprintf(have, sizeof have, "this is %d x %d", app->width, app->height);
    int y = app->height / 2 - (app->height > 1);
    canvas_clip(canvas, (struct canvas_area){0, 0, app->width, app->height});
    canvas_text(canvas, (app->width - text_width(need)) / 2, y, need, THEME_WARN);
    canvas_text(canvas, (app->width - text_width(have)) / 2, y + 1, have, THEME_NOTE);
}

static bool is_too_small(const struct app *app)
{
    return app->width < APP_WIDTH_MIN || app->height < APP_HEIGHT_MIN;
}

static struct canvas_area below_bar(const struct app *app)
{
    return (struct canvas_area){0, 2, app->width, app->height - 2};
}

void app_draw(const struct app *app, struct canvas *canvas)
{
    char label[BADGE_MAX];
    const struct desk *desk = &app->desk;
    bool ascii = desk->look.ascii;
    canvas_reset(canvas);
    if (is_too_small(app)) {
        draw_too_small(app, canvas);
        return;
    }
    draw_heading(app, canvas);
    bar_draw(&app->bar, &desk->view, ascii, canvas, (struct canvas_area){0, 1, app->width, 1});
    draw_body(app, canvas);
    if (app->guide.open)
        guide_draw(&app->guide, &app->keymap, app->scenes[app->current].screen->place, ascii,
                   canvas, below_bar(app));
    else if (app->prompt.open) {
        prompt_label(app, label, sizeof label);
        prompt_draw(&app->prompt, label, ascii, canvas, below_bar(app));
    } else if (desk->note[0])
        draw_note(app, canvas);
    else
        draw_hints(app, canvas);
}

bool app_cursor(const struct app *app, int *x, int *y)
{
    char label[BADGE_MAX];
    AUTO_CANVAS struct canvas canvas = {0};
    if (!app->prompt.open || app->guide.open || is_too_small(app))
        return false;
    canvas_init(&canvas, 0, 0, false);
    prompt_label(app, label, sizeof label);
    *x = prompt_draw(&app->prompt, label, app->desk.look.ascii, &canvas, below_bar(app));
    *y = app->height - 1;
    return true;
}

const char *app_link(const struct app *app, int *x, int *y)
{
    const char *note = app->desk.note;
    bool seen = !app->prompt.open && !app->guide.open && !is_too_small(app);
    *x = 1;
    *y = app->height - 1;
    return seen && strncmp(note, "https://", 8) == 0 && text_width(note) <= app->width - 2 ? note
                                                                                           : NULL;
}

static void describe_action(enum action action, struct buf *out)
{
    const struct action_info *info = action_info(action);
    buf_printf(out, "%s%s%s: %s.\n", info->word, *info->argument ? " " : "", info->argument,
               info->sentence);
}

static void describe_guide(const struct app *app, struct buf *out)
{
    unsigned place = app->scenes[app->current].screen->place;
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        if (action_info(action)->places & place)
            describe_action(action, out);
}

static void describe_prompt(const struct prompt *prompt, struct buf *out)
{
    describe_action(prompt->action, out);
    for (size_t i = 0; i < prompt->count; i++)
        buf_printf(out, "%s%s%s\n", prompt->choices[i].text, prompt->choices[i].note[0] ? ": " : "",
                   prompt->choices[i].note);
}

static void describe_screen(const struct app *app, struct buf *out)
{
    const struct scene *scene = &app->scenes[app->current];
    const struct err *err = failure(scene);
    buf_printf(out, "%s.\n", scene->screen->title);
    if (app->desk.note[0])
        buf_printf(out, "%s.\n", app->desk.note);
    if (is_empty(app))
        buf_puts(out, "Nothing is stored yet. `tws search WORDS` finds events to follow.\n");
    else if (err)
        buf_printf(out, "%s. %s\n", err->text, err->hint);
    else
        scene->screen->describe(scene, out);
}

/* What lies over the screen is told instead of it, as it is seen. */
void app_describe(const struct app *app, struct buf *out)
{
    if (app->guide.open)
        describe_guide(app, out);
    else if (app->prompt.open)
        describe_prompt(&app->prompt, out);
    else
        describe_screen(app, out);
}
