/* Several events over each other, or the zones of one beside each other. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/query.h"
#include "tui/charting.h"
#include "tui/narrate.h"
#include "tui/plot.h"
#include "tui/small.h"

enum { PART_LINES, PART_EVENTS, PARTS };
enum { SHORT_NAME = 24, GROUP_COLUMN_MAX = 16 };

/* What METRIC goes through, as in `tws compare --metric`, and the column of measures that it is. */
static const struct metric {
    const char *word, *column, *title;
    enum query_metric metric;
} metrics[] = {
    {"min", "min_price", "lowest price", QUERY_MIN},
    {"avg", "avg_price", "average price", QUERY_AVG},
    {"median", "median_price", "median price", QUERY_MEDIAN},
    {"max", "max_price", "highest price", QUERY_MAX},
    {"tickets", "total_tickets", "tickets", QUERY_TICKETS},
    {"listings", "total_listings", "listings", QUERY_LISTINGS},
    {"group", NULL, "price a ticket together", QUERY_GROUP},
};

enum { METRICS = sizeof metrics / sizeof *metrics };

struct comparison {
    struct charting charting;
    size_t metric;
    bool several; /* the zones of the view's event, each in a little chart */
};

/* --- which events --- */

typedef char event_names[QUESTION_EVENTS_MAX][EVENT_NAME_MAX + 8];

static void add_name(event_names names, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(names[i], name) == 0)
            return;
    if (*count < QUESTION_EVENTS_MAX)
        snprintf(names[(*count)++], sizeof *names, "%s", name);
}

/* Those that are marked, that of the view first when it is among them; without any that of the view. Their number. */
static size_t compared(const struct desk *desk, event_names names)
{
    const char *event, *value;
    char own[EVENT_NAME_MAX + 8] = "";
    size_t count = 0;
    if (desk->view.event.external_id[0])
        event_name(own, &desk->view.event);
    bool marked = state_entry(desk->state, "marks", 0, &event, &value);
    if (own[0] && (!marked || state_get(desk->state, "marks", own)))
        add_name(names, &count, own);
    for (size_t nth = 0; state_entry(desk->state, "marks", nth, &event, &value); nth++)
        add_name(names, &count, event);
    return count;
}

/* --- questions --- */

/* One that the store does not have any more was marked in another store; it is left out. */
static bool find_events(struct store *store, const struct question *question, struct event *events,
                        size_t *count, struct err *err)
{
    *count = 0;
    for (size_t i = 0; i < QUESTION_EVENTS_MAX && question->events[i][0]; i++) {
        const char *name = question->events[i], *colon = strchr(name, ':');
        char platform[EVENT_ID_MAX];
        struct err missing = {0};
        if (!colon)
            continue;
        snprintf(platform, sizeof platform, "%.*s", (int)(colon - name), name);
        if (store_find_event(store, platform, colon + 1, &events[*count], &missing))
            ++*count;
        else if (missing.code != ERR_NOT_FOUND) {
            *err = missing;
            return false;
        }
    }
    if (*count > 0)
        return true;
    err_set(err, ERR_USAGE, "no event is chosen");
    return err_hint(err, "Space on the board marks those that are compared; A adds one here");
}

static bool load_lines(struct store *store, const struct question *question, struct frame *frame,
                       struct err *err)
{
    struct event events[QUESTION_EVENTS_MAX];
    size_t count;
    struct query_filter filter;
    struct query_compare compare = {
        .metric = (enum query_metric)question->numbers[0],
        .by_days_to_event = question->numbers[1] != 0,
        .indexed = question->numbers[2] != 0,
    };
    bool ok = find_events(store, question, events, &count, err) &&
              view_filter(&question->view, &filter, err) &&
              query_compare(store, events, count, &filter, &compare, frame, err);
    if (!ok && compare.by_days_to_event && !err->hint[0])
        err_hint(err, "x goes back to dates, d leaves an event out");
    return ok;
}

static bool load_zones(struct store *store, const struct question *question, struct frame *frame,
                       struct err *err)
{
    struct event event;
    struct query_filter filter;
    struct query_measures wanted = {.every_zone = true,
                                    .sizes_restrict = question->numbers[0] != QUERY_GROUP};
    return question_event(store, question, &event, err) &&
           view_filter(&question->view, &filter, err) &&
           query_measures(store, &event, &filter, &wanted, frame, err);
}

static bool load_events(struct store *store, const struct question *question, struct frame *frame,
                        struct err *err)
{
    (void)question;
    return query_events(store, true, frame, err);
}

static void ask_lines(const struct scene *scene, struct question *question)
{
    const struct comparison *comparison = scene->state;
    struct view *view = &question->view;
    struct err err = {0};
    view_set(view, ACTION_AT, "", &err);
    question->numbers[0] = metrics[comparison->metric].metric;
    question->load = comparison->several ? load_zones : load_lines;
    if (comparison->several)
        return;
    /* days to the event are other dates for each event: the window is cut from all of them */
    if (comparison->charting.to_event) {
        view_set(view, ACTION_FROM, "", &err);
        view_set(view, ACTION_TO, "", &err);
    }
    question->numbers[1] = comparison->charting.to_event;
    question->numbers[2] = comparison->charting.indexed;
    compared(scene->desk, question->events);
}

static void ask(const struct scene *scene, size_t part, struct question *question)
{
    if (part == PART_LINES) {
        ask_lines(scene, question);
        return;
    }
    memset(&question->view, 0, sizeof question->view);
    question->load = load_events;
}

/* --- the chart --- */

/* The row of an event; false when it is not stored. */
static bool find_event(const struct frame *events, const char *event, size_t *row)
{
    for (*row = 0; events && *row < events->row_count; ++*row)
        if (strcmp(frame_get(events, *row, "event")->text, event) == 0)
            return true;
    return false;
}

static const char *name_of(const struct frame *events, const char *event)
{
    size_t row;
    if (!find_event(events, event, &row))
        return event;
    const struct frame_cell *name = frame_get(events, row, "name");
    return name->known ? name->text : event;
}

static void name_series(const struct frame *events, struct chart *chart)
{
    for (size_t i = 0; i < chart->count; i++)
        chart->series[i].name = arena_strdup(&chart->arena, name_of(events, chart->series[i].name));
}

/* The window that was asked for, in days to the view's event, holds for the others as well. */
static void limit_days(const struct desk *desk, struct chart *chart)
{
    int64_t date_ms = desk->view.event.date_ms;
    struct query_filter filter;
    struct err err = {0};
    if (!desk->view.event.external_id[0] || date_ms == EVENT_NO_DATE ||
        !view_filter(&desk->view, &filter, &err))
        return;
    chart->has_from = filter.has_from;
    chart->has_to = filter.has_to;
    chart->from = filter.from_ms - date_ms;
    chart->to = filter.to_ms - date_ms;
}

/* Price a ticket for the fewest of those who sit together, as query_compare() has it. */
static const char *column_of(const struct comparison *comparison, const struct view *view,
                             char *out)
{
    unsigned size = 1;
    if (metrics[comparison->metric].column)
        return metrics[comparison->metric].column;
    while (size <= MEASURES_SIZES && !(view->sizes >> (size - 1) & 1))
        size++;
    snprintf(out, GROUP_COLUMN_MAX, "price_%u", size <= MEASURES_SIZES ? size : 2);
    return out;
}

static void title(const struct scene *scene, struct chart *chart)
{
    const struct comparison *comparison = scene->state;
    AUTO_BUF struct buf text;
    buf_init(&text, SCREEN_NOTE_MAX);
    buf_puts(&text, metrics[comparison->metric].title);
    if (comparison->several)
        buf_printf(&text, ": each zone of %.100s", scene->desk->view.event.name);
    else
        buf_printf(&text, ": %zu event%s", chart->count, chart->count == 1 ? "" : "s");
    if (comparison->charting.indexed)
        buf_puts(&text, ", 100 at first");
    chart->title = arena_strdup(&chart->arena, buf_text(&text));
}

/* Makes the chart as it is drawn; false when there is nothing to make it of. */
static bool make_chart(const struct scene *scene, struct chart *chart)
{
    const struct comparison *comparison = scene->state;
    const struct frame *frame = screen_frame(scene, PART_LINES);
    char column[GROUP_COLUMN_MAX];
    chart_init(chart);
    if (!frame || (frame_find(frame, "zone") >= 0) != comparison->several)
        return false;
    if (comparison->several) {
        plot_measures(chart, frame, column_of(comparison, &scene->desk->view, column));
    } else {
        plot_comparison(chart, frame);
        name_series(screen_frame(scene, PART_EVENTS), chart);
        if (chart->x == CHART_TO_EVENT)
            limit_days(scene->desk, chart);
    }
    title(scene, chart);
    charting_shape(&comparison->charting, scene->desk, chart);
    return true;
}

/* --- what keys do --- */

static void next_metric(struct comparison *comparison, struct desk *desk, const char *typed)
{
    size_t next = (comparison->metric + 1) % METRICS;
    if (typed)
        for (next = 0; next < METRICS && strcmp(metrics[next].word, typed) != 0;)
            next++;
    if (next == METRICS) {
        screen_note(desk, "'%s' cannot be compared", typed);
        return;
    }
    comparison->metric = next;
    screen_note(desk, "%s", metrics[next].word);
}

static void forget_lines(struct comparison *comparison)
{
    comparison->charting.hidden = 0;
    comparison->charting.has_focus = comparison->charting.selecting = false;
}

static void add(struct scene *scene, const char *event)
{
    struct desk *desk = scene->desk;
    event_names names;
    size_t row, count = compared(desk, names);
    if (!find_event(screen_frame(scene, PART_EVENTS), event, &row)) {
        screen_note(desk, "'%s' is not stored", event);
        return;
    }
    if (count == QUESTION_EVENTS_MAX) {
        screen_note(desk, "%d events are as many as can be told apart; d drops one", (int)count);
        return;
    }
    for (size_t i = 0; i < count; i++) /* that of the view is there unmarked */
        state_set(desk->state, "marks", names[i], "yes");
    state_set(desk->state, "marks", event, "yes");
    forget_lines(scene->state);
}

static void drop(struct scene *scene)
{
    const struct comparison *comparison = scene->state;
    const struct charting *charting = &comparison->charting;
    struct desk *desk = scene->desk;
    event_names names;
    size_t count = compared(desk, names);
    size_t dropped = charting->has_focus && charting->focus < count ? charting->focus : count - 1;
    if (count == 0 || !state_get(desk->state, "marks", names[dropped])) {
        screen_note(desk, "no event is marked");
        return;
    }
    state_set(desk->state, "marks", names[dropped], NULL);
    screen_note(desk, "%s is compared no more",
                name_of(screen_frame(scene, PART_EVENTS), names[dropped]));
    forget_lines(scene->state);
}

/* Into the trend of what has the focus: a zone of the view's event, or another event. */
static void enter(struct scene *scene, const struct chart *chart)
{
    const struct comparison *comparison = scene->state;
    const struct charting *charting = &comparison->charting;
    struct desk *desk = scene->desk;
    event_names names;
    struct err err = {0};
    size_t count = compared(desk, names);
    size_t index = charting->has_focus ? charting->focus : 0;
    if (comparison->several && charting->has_focus && index < chart->count)
        view_set(&desk->view, ACTION_ZONE, chart->series[index].name, &err);
    else if (!comparison->several && index < count)
        screen_choose(desk, names[index]);
    desk->go = SCREEN_TREND;
}

static void toggle_axis(struct comparison *comparison)
{
    comparison->charting.to_event = !comparison->charting.to_event;
    comparison->charting.has_cross = comparison->charting.selecting = false;
}

/* Without a date of the view's event days to it are no dates, and a window is made of dates. */
static bool moves_window(enum action action)
{
    return action == ACTION_ZOOM_IN || action == ACTION_ZOOM_OUT || action == ACTION_EARLIER ||
           action == ACTION_LATER;
}

static void act_on_chart(struct scene *scene, const struct act *act)
{
    struct comparison *comparison = scene->state;
    struct desk *desk = scene->desk;
    AUTO_CHART struct chart chart;
    struct act other = *act;
    if (!make_chart(scene, &chart))
        return;
    bool dated = desk->view.event.external_id[0] && desk->view.event.date_ms != EVENT_NO_DATE;
    if (act->action == ACTION_ENTER) {
        enter(scene, &chart);
        return;
    }
    if (act->action == ACTION_UP || act->action == ACTION_DOWN)
        other.action = act->action == ACTION_DOWN ? ACTION_FOCUS : ACTION_UNFOCUS;
    if (comparison->several && (act->action == ACTION_LEFT || act->action == ACTION_RIGHT))
        other.action = act->action == ACTION_RIGHT ? ACTION_FOCUS : ACTION_UNFOCUS;
    if (chart.x == CHART_TO_EVENT && !dated && moves_window(act->action))
        screen_note(desk, "days go by the date of the event that is chosen; e chooses one");
    else
        charting_act(&comparison->charting, desk, &chart, scene->area, &other);
}

static void act(struct scene *scene, const struct act *act)
{
    struct comparison *comparison = scene->state;
    if (act->action == ACTION_METRIC)
        next_metric(comparison, scene->desk, act->text);
    else if (act->action == ACTION_AXIS)
        toggle_axis(comparison);
    else if (act->action == ACTION_EXPAND) {
        comparison->several = !comparison->several;
        forget_lines(comparison);
    } else if (act->action == ACTION_ADD && act->text)
        add(scene, act->text);
    else if (act->action == ACTION_DROP)
        drop(scene);
    else
        act_on_chart(scene, act);
}

/* Below a line that says what all the little charts are. */
static struct canvas_area several_area(const struct scene *scene)
{
    struct canvas_area area = scene->area;
    area.y++;
    area.height--;
    return area;
}

static void click(struct scene *scene, const struct key *key)
{
    struct comparison *comparison = scene->state;
    struct small_grid grid;
    AUTO_CHART struct chart chart;
    if (!make_chart(scene, &chart))
        return;
    if (!comparison->several) {
        charting_click(&comparison->charting, scene->desk, &chart, scene->area, key);
        return;
    }
    small_arrange(&chart, several_area(scene), &grid);
    int place = key->code == KEY_CODE_CLICK ? small_find(&grid, key->x, key->y) : -1;
    for (size_t i = 0; place >= 0 && i < chart.count; i++)
        if (!chart.series[i].hidden && place-- == 0) {
            comparison->charting.has_focus = true;
            comparison->charting.focus = i;
        }
}

static void draw_several(const struct scene *scene, const struct chart *chart,
                         const struct chart_options *options, struct canvas *canvas)
{
    struct canvas_area area = scene->area;
    char text[SCREEN_NOTE_MAX];
    int used = text_clip(text, sizeof text, chart->title, area.width, canvas->ascii);
    canvas_text(canvas, area.x, area.y, text, THEME_TITLE);
    int x = area.width - text_width(chart->note);
    if (x > used + 1)
        canvas_text(canvas, area.x + x, area.y, chart->note, THEME_NOTE);
    small_draw(chart, options, canvas, several_area(scene));
}

static void draw(const struct scene *scene, struct canvas *canvas)
{
    const struct comparison *comparison = scene->state;
    struct chart_options options = charting_options(&comparison->charting, scene->desk);
    AUTO_CHART struct chart chart;
    if (!make_chart(scene, &chart))
        return;
    if (comparison->several)
        draw_several(scene, &chart, &options, canvas);
    else
        chart_draw(&chart, &options, canvas, scene->area);
}

static void describe(const struct scene *scene, struct buf *out)
{
    AUTO_CHART struct chart chart;
    if (make_chart(scene, &chart))
        narrate_chart(&chart, screen_zone(scene->desk), out);
}

static const struct frame *shown(const struct scene *scene)
{
    return screen_frame(scene, PART_LINES);
}

static const char *choice(const struct scene *scene, enum action action, size_t nth)
{
    (void)scene;
    return action == ACTION_METRIC && nth < METRICS ? metrics[nth].word : NULL;
}

static void open(struct scene *scene)
{
    struct comparison *comparison = scene->state;
    const struct state *state = scene->desk->state;
    const char *metric = state_get(state, "compare", "metric");
    charting_load(&comparison->charting, state, "compare");
    comparison->several = state_get(state, "compare", "zones") != NULL;
    for (size_t i = 0; metric && i < METRICS; i++)
        if (strcmp(metrics[i].word, metric) == 0)
            comparison->metric = i;
}

static void close(struct scene *scene)
{
    const struct comparison *comparison = scene->state;
    struct state *state = scene->desk->state;
    charting_save(&comparison->charting, state, "compare");
    state_set(state, "compare", "zones", comparison->several ? "yes" : NULL);
    state_set(state, "compare", "metric", metrics[comparison->metric].word);
}

const struct screen screen_compare = {
    .name = "compare",
    .title = "Comparison",
    .place = ACTION_IN_COMPARE,
    .size = sizeof(struct comparison),
    .parts = PARTS,
    .open = open,
    .close = close,
    .ask = ask,
    .act = act,
    .click = click,
    .draw = draw,
    .describe = describe,
    .shown = shown,
    .choice = choice,
};
