/* All events at a glance. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/query.h"
#include "core/sync.h"
#include "tui/list.h"
#include "tui/screen.h"
#include "tui/spark.h"

enum { PART_EVENTS, PART_SYNC, PARTS };
enum { SECTION_MAX = 160 };

struct board {
    struct list list;
    char followed[EVENT_NAME_MAX + 8]; /* the view's event when it last got the cursor */
};

/* The first alert from `row` on that holds for an event (NULL: for any), and moves `row` behind it; NULL when none does. */
static const char *next_alert(const struct desk *desk, const char *event, size_t *row)
{
    const struct frame *alerts = desk->alerts;
    while (alerts && *row < alerts->row_count) {
        size_t at = (*row)++;
        if (!event || strcmp(frame_get_text(alerts, at, "event"), event) == 0)
            return frame_get_text(alerts, at, "name");
    }
    return NULL;
}

static bool has_alert(const struct desk *desk, const char *event)
{
    size_t row = 0;
    return next_alert(desk, event, &row) != NULL;
}

/* Signs beside the colours, for those who do not see them. */
static void show_name(struct list_cell *shown)
{
    const char *event = frame_get(shown->frame, shown->row, "event")->text;
    const struct frame_cell *name = frame_get(shown->frame, shown->row, "name");
    const char *tracking = frame_get(shown->frame, shown->row, "tracking")->text;
    bool marked = state_get(shown->desk->state, "marks", event) != NULL;
    bool alert = has_alert(shown->desk, event);
    snprintf(shown->text, sizeof shown->text, "%s%s%s%s", alert ? "! " : "", marked ? "* " : "",
             name->known ? name->text : event,
             strcmp(tracking, "imported") == 0 ? " (imported)" : "");
    shown->style = alert ? THEME_WARN : marked ? THEME_ACTIVE : THEME_TEXT;
}

/* The day in the venue's zone: of an event, it is that which is meant. */
static void show_date(struct list_cell *shown)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const struct frame_cell *date = frame_get(shown->frame, shown->row, "date");
    const struct frame_cell *zone = frame_get(shown->frame, shown->row, "timezone");
    struct civil civil;
    if (!date->known)
        return;
    clock_civil_zone(date->number, zone->known ? zone->text : "UTC", &civil);
    snprintf(shown->text, sizeof shown->text, "%.3s %2d %d", months + 3 * (civil.month - 1),
             civil.day, civil.year);
}

static void show_left(struct list_cell *shown)
{
    const struct frame_cell *date = frame_get(shown->frame, shown->row, "date");
    if (!date->known)
        return;
    int64_t left = date->number - clock_now_ms();
    if (left < 0) {
        snprintf(shown->text, sizeof shown->text, "over");
        shown->style = THEME_NOTE;
    } else if (left < 2 * CLOCK_DAY_MS)
        snprintf(shown->text, sizeof shown->text, "%lld h", (long long)(left / CLOCK_HOUR_MS));
    else
        snprintf(shown->text, sizeof shown->text, "%lld d", (long long)(left / CLOCK_DAY_MS));
}

/* A sign beside the colour, for those who do not see it. */
static void show_change(struct list_cell *shown, const char *column)
{
    const struct frame_cell *change = frame_get(shown->frame, shown->row, column);
    if (!change->known)
        return;
    snprintf(shown->text, sizeof shown->text, "%+.1f%%", change->real);
    shown->style = change->real >= 0.05    ? THEME_UP
                   : change->real <= -0.05 ? THEME_DOWN
                                           : THEME_NOTE;
}

static void show_change_24h(struct list_cell *shown)
{
    show_change(shown, "change_24h");
}

static void show_change_7d(struct list_cell *shown)
{
    show_change(shown, "change_7d");
}

/* An old number never looks like a new one. */
static void show_age(struct list_cell *shown)
{
    const struct frame_cell *good = frame_get(shown->frame, shown->row, "last_good");
    const struct frame_cell *outcome = frame_get(shown->frame, shown->row, "last_outcome");
    const struct frame_cell *date = frame_get(shown->frame, shown->row, "date");
    char span[CLOCK_TEXT_MAX];
    if (!good->known) {
        snprintf(shown->text, sizeof shown->text, "%s", outcome->known ? outcome->text : "never");
        shown->style = outcome->known ? THEME_WARN : THEME_NOTE;
        return;
    }
    int64_t age = clock_now_ms() - good->number;
    bool over = date->known && date->number < clock_now_ms();
    snprintf(shown->text, sizeof shown->text, "%s", clock_format_span(span, age > 0 ? age : 0));
    shown->style = age > SCREEN_STALE_MS && !over ? THEME_WARN : THEME_NOTE;
}

static void draw_spark(const struct list_cell *shown, struct canvas *canvas,
                       struct canvas_area area)
{
    const struct frame_cell *line = frame_get(shown->frame, shown->row, "sparkline");
    struct spark_value values[QUERY_SPARKLINE_MAX];
    struct spark spark = {.values = values};
    for (; line->known && spark.count < line->list.count; spark.count++) {
        int64_t price = line->list.ints[spark.count];
        values[spark.count] = (struct spark_value){.number = price, .known = price > 0};
    }
    spark_draw(canvas, area.x, area.y, area.width, &spark, theme_series(0));
}

static const struct list_column columns[] = {
    {"name", "event", 18, .grows = 3, .show = show_name},
    {"venue", "venue", 12, .grows = 2, .rank = 6},
    {"city", "city", 10, .grows = 1, .rank = 9},
    {"date", "date", 11, .rank = 4, .show = show_date},
    {"date", "left", 5, .right = true, .show = show_left},
    {"price", "now", 9, .right = true},
    {"change_24h", "24 h", 7, .right = true, .show = show_change_24h},
    {"change_7d", "7 d", 7, .right = true, .rank = 3, .show = show_change_7d},
    {"tickets", "tickets", 8, .right = true, .rank = 1},
    {"price_2", "for 2", 9, .right = true, .rank = 5},
    {"price_4", "for 4", 9, .right = true, .rank = 7},
    {"sparkline", "trend", QUERY_SPARKLINE_MAX, .rank = 8, .draw = draw_spark},
    {"last_good", "age", 8, .right = true, .rank = 2, .show = show_age},
};

static bool lets(const struct desk *desk, const struct frame *frame, size_t row)
{
    const char *watch = state_get(desk->state, "board", "watch");
    char section[SECTION_MAX];
    if (!watch)
        return true;
    snprintf(section, sizeof section, "watch %.120s", watch);
    return state_get(desk->state, section, frame_get(frame, row, "event")->text) != NULL;
}

static const struct list_form form = {
    .columns = columns,
    .count = sizeof columns / sizeof *columns,
    .key = "event",
    .texts = "name venue city event",
    .empty = "no event is on this list; L shows the next",
    .lets = lets,
};

static void open(struct scene *scene)
{
    struct board *board = scene->state;
    board->list.form = &form;
    list_load(&board->list, scene->desk->state, "board");
}

static void close(struct scene *scene)
{
    struct board *board = scene->state;
    list_save(&board->list, scene->desk->state, "board");
    list_release(&board->list);
}

static bool load(struct store *store, const struct question *question, struct frame *frame,
                 struct err *err)
{
    return query_board(store, question->view.basis, frame, err);
}

/* One row: when the team was last sent to, and how much waits; none where nothing was ever sent. */
static bool load_sync(struct store *store, const struct question *question, struct frame *frame,
                      struct err *err)
{
    static const struct frame_column shown[] = {{"last_sync", FRAME_TIME}, {"waiting", FRAME_INT}};
    (void)question;
    int64_t last_ms, waiting;
    frame_init(frame, shown, 2);
    if (!sync_last(store, &last_ms, err))
        return false;
    if (last_ms == 0) /* who shares with nobody does not pay for counting all that would wait */
        return true;
    if (!sync_state(store, &last_ms, &waiting, err))
        return false;
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_number(last_ms);
    cells[1] = frame_number(waiting);
    return true;
}

static void ask(const struct scene *scene, size_t part, struct question *question)
{
    (void)scene;
    enum measures_basis basis = question->view.basis;
    memset(&question->view, 0, sizeof question->view);
    question->view.basis = part == PART_EVENTS ? basis : MEASURES_BASE;
    question->load = part == PART_EVENTS ? load : load_sync;
}

/* A line below the table says how collecting goes. */
static int table_height(const struct scene *scene)
{
    return scene->area.height - 1;
}

static const char *event_at_cursor(const struct scene *scene)
{
    const struct board *board = scene->state;
    const struct frame *frame = screen_frame(scene, PART_EVENTS);
    size_t row;
    return frame && list_row(&board->list, &row) ? frame_get(frame, row, "event")->text : NULL;
}

/* The cursor's event is that of all screens. */
static void choose(struct scene *scene)
{
    const char *event = event_at_cursor(scene);
    snprintf(scene->desk->chosen, sizeof scene->desk->chosen, "%s", event ? event : "");
}

/* An event that was chosen elsewhere gets the cursor. */
static void follow(struct board *board, const struct event *event)
{
    char name[EVENT_NAME_MAX + 8];
    if (!event->external_id[0] || strcmp(event_name(name, event), board->followed) == 0)
        return;
    memcpy(board->followed, name, sizeof name);
    snprintf(board->list.kept, sizeof board->list.kept, "%s", name);
}

static void settle(struct scene *scene)
{
    struct board *board = scene->state;
    follow(board, &scene->desk->view.event);
    list_settle(&board->list, scene->desk, screen_frame(scene, PART_EVENTS), table_height(scene));
    choose(scene);
}

static void toggle(struct scene *scene, const char *section)
{
    const char *event = event_at_cursor(scene);
    struct state *state = scene->desk->state;
    if (event)
        state_set(state, section, event, state_get(state, section, event) ? NULL : "yes");
}

static void watch(struct scene *scene, const char *list)
{
    char section[SECTION_MAX];
    if (!list || !*list)
        return;
    snprintf(section, sizeof section, "watch %.120s", list);
    toggle(scene, section);
    settle(scene);
}

/* All events, then each watch list. */
static void next_watch(struct scene *scene)
{
    struct state *state = scene->desk->state;
    const char *now = state_get(state, "board", "watch"), *name;
    size_t nth = 0;
    for (; now && (name = state_section(state, "watch ", nth)); nth++)
        if (strcmp(name, now) == 0)
            break;
    name = state_section(state, "watch ", now ? nth + 1 : 0);
    screen_note(scene->desk, name ? "watch list '%s'" : "all events; w puts one on a watch list",
                name);
    state_set(state, "board", "watch", name);
    settle(scene);
}

static void act(struct scene *scene, const struct act *act)
{
    struct board *board = scene->state;
    struct desk *desk = scene->desk;
    const char *event = event_at_cursor(scene);
    if (list_act(&board->list, desk, screen_frame(scene, PART_EVENTS), act, table_height(scene)))
        ;
    else if (act->action == ACTION_ENTER && event)
        desk->go = SCREEN_TREND;
    else if (act->action == ACTION_MARK)
        toggle(scene, "marks");
    else if (act->action == ACTION_WATCH)
        watch(scene, act->text);
    else if (act->action == ACTION_NEXT_LIST)
        next_watch(scene);
    else if (act->action == ACTION_COPY && event)
        snprintf(desk->copy, sizeof desk->copy, "%s", event);
    choose(scene);
}

static void click(struct scene *scene, const struct key *key)
{
    struct board *board = scene->state;
    struct canvas_area area = scene->area;
    area.height--;
    if (list_click(&board->list, scene->desk, screen_frame(scene, PART_EVENTS), area, key))
        scene->desk->go = SCREEN_TREND;
    choose(scene);
}

/* How long ago a time was; a store may be newer than a clock that was fixed or set back. */
static char *word_ago(char *out, int64_t at_ms)
{
    int64_t ago_ms = clock_now_ms() - at_ms;
    return clock_format_span(out, ago_ms > 0 ? ago_ms : 0);
}

static void word_sync(const struct scene *scene, char *out, size_t size)
{
    const struct frame *frame = screen_frame(scene, PART_SYNC);
    char span[CLOCK_TEXT_MAX], count[32];
    if (!frame || frame->row_count == 0)
        return;
    snprintf(out, size, "; sent to the team %s ago, %s changes wait",
             word_ago(span, frame_at(frame, 0, 0)->number),
             text_thousands(count, frame_at(frame, 0, 1)->number));
}

/* "; 2 alerts hold, here cheap, new-low". */
static void word_alerts(const struct scene *scene, char *out, size_t size)
{
    const char *event = event_at_cursor(scene), *name;
    size_t holding = 0, row = 0, used;
    while (next_alert(scene->desk, NULL, &row))
        holding++;
    if (holding == 0)
        return;
    used =
        (size_t)snprintf(out, size, "; %zu alert%s", holding, holding == 1 ? " holds" : "s hold");
    row = 0;
    for (const char *before = ", here "; event && used < size; before = ", ") {
        if (!(name = next_alert(scene->desk, event, &row)))
            break;
        used += (size_t)snprintf(out + used, size - used, "%s%s", before, name);
    }
}

/* "12 events; last poll 3 min ago; 2 failed last: 1 blocked, 1 network". */
static void word_health(const struct scene *scene, char *out, size_t size, bool *bad)
{
    const struct frame *frame = screen_frame(scene, PART_EVENTS);
    char span[CLOCK_TEXT_MAX];
    size_t failed = 0;
    const char *why = "";
    int64_t last = -1;
    for (size_t row = 0; row < frame->row_count; row++) {
        const struct frame_cell *poll = frame_get(frame, row, "last_poll");
        const struct frame_cell *outcome = frame_get(frame, row, "last_outcome");
        if (poll->known && poll->number > last)
            last = poll->number;
        if (!outcome->known || strcmp(outcome->text, "ok") == 0 ||
            strcmp(outcome->text, "empty") == 0)
            continue;
        failed++;
        why = outcome->text;
    }
    *bad = failed > 0 || has_alert(scene->desk, NULL);
    size_t used = (size_t)snprintf(out, size, "%zu event%s", frame->row_count,
                                   frame->row_count == 1 ? "" : "s");
    if (last >= 0)
        used +=
            (size_t)snprintf(out + used, size - used, "; last poll %s ago", word_ago(span, last));
    if (failed > 0)
        used += (size_t)snprintf(out + used, size - used,
                                 "; %zu did not answer well when last asked (%s)", failed, why);
    word_sync(scene, out + used, size - used);
    used += strlen(out + used);
    word_alerts(scene, out + used, size - used);
}

static void draw(const struct scene *scene, struct canvas *canvas)
{
    const struct board *board = scene->state;
    const struct frame *frame = screen_frame(scene, PART_EVENTS);
    struct canvas_area area = scene->area;
    char health[LIST_TEXT_MAX * 2];
    bool bad;
    if (!frame)
        return;
    area.height--;
    list_draw(&board->list, scene->desk, frame, canvas, area);
    word_health(scene, health, sizeof health, &bad);
    canvas_text(canvas, area.x + 1, area.y + area.height, health, bad ? THEME_WARN : THEME_NOTE);
}

static void describe_row(const struct scene *scene, const struct frame *frame, size_t row,
                         struct buf *out)
{
    static const size_t told[] = {0, 4, 5, 6, 7, 8, 12};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const struct list_column *column = &columns[told[i]];
        struct list_cell shown = {.desk = scene->desk, .frame = frame, .row = row};
        if (column->show)
            column->show(&shown);
        else
            list_show(&shown, (size_t)frame_find(frame, column->key));
        if (shown.text[0] && i == 0) /* the alerts are named behind, instead of their sign */
            buf_puts(out, shown.text + (strncmp(shown.text, "! ", 2) == 0 ? 2 : 0));
        else if (shown.text[0])
            buf_printf(out, ", %s %s", column->title, shown.text);
    }
    const char *event = frame_get(frame, row, "event")->text, *alert;
    for (size_t at = 0; (alert = next_alert(scene->desk, event, &at));)
        buf_printf(out, ", alert %s", alert);
    buf_puts(out, ".\n");
}

static void describe(const struct scene *scene, struct buf *out)
{
    const struct board *board = scene->state;
    const struct frame *frame = screen_frame(scene, PART_EVENTS);
    char health[LIST_TEXT_MAX * 2];
    bool bad;
    if (!frame)
        return;
    word_health(scene, health, sizeof health, &bad);
    buf_printf(out, "%s.\n", health);
    for (size_t i = 0; i < board->list.count; i++)
        describe_row(scene, frame, board->list.order[i], out);
}

static const struct frame *shown(const struct scene *scene)
{
    return screen_frame(scene, PART_EVENTS);
}

static const struct list *shown_list(const struct scene *scene)
{
    const struct board *board = scene->state;
    return &board->list;
}

static const char *choice(const struct scene *scene, enum action action, size_t nth)
{
    (void)scene;
    return action == ACTION_SORT ? list_choice(&form, nth) : NULL;
}

const struct screen screen_board = {
    .name = "board",
    .title = "Board",
    .place = ACTION_IN_BOARD,
    .size = sizeof(struct board),
    .parts = PARTS,
    .open = open,
    .close = close,
    .ask = ask,
    .settle = settle,
    .act = act,
    .click = click,
    .draw = draw,
    .describe = describe,
    .shown = shown,
    .list = shown_list,
    .choice = choice,
};
