/* Price trend, group prices, ticket counts: three looks at the same measures. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "core/query.h"
#include "tui/charting.h"
#include "tui/narrate.h"
#include "tui/plot.h"

enum { PART_MEASURES, PART_COVERAGE, PARTS };
enum { WORDS_MAX = 6 };

/* What METRIC goes through, and the column of measures that it draws; NULL: the kind's own picture. */
struct metric {
    const char *word, *column;
};

struct kind {
    const char *name;
    bool together; /* prices for people who sit together: sizes pick lines, not offers */
    struct metric metrics[WORDS_MAX];
};

static const struct kind kinds[] = {
    {"trend",
     false,
     {{"overview", NULL},
      {"min", "min_price"},
      {"quarter", "quarter_price"},
      {"median", "median_price"},
      {"avg", "avg_price"},
      {"max", "max_price"}}},
    {"groups", true, {{"together", NULL}}},
    {"counts", false, {{"tickets", "total_tickets"}, {"listings", "total_listings"}}},
};

struct picture {
    const struct kind *kind;
    struct charting charting;
    bool every_zone;
    size_t metric;
};

static bool load_measures(struct store *store, const struct question *question, struct frame *frame,
                          struct err *err)
{
    struct event event;
    struct query_filter filter;
    struct query_measures wanted = {.every_zone = question->numbers[0] != 0,
                                    .sizes_restrict = question->numbers[1] != 0};
    return question_event(store, question, &event, err) &&
           view_filter(&question->view, &filter, err) &&
           query_measures(store, &event, &filter, &wanted, frame, err);
}

static bool load_coverage(struct store *store, const struct question *question, struct frame *frame,
                          struct err *err)
{
    struct event event;
    struct query_filter filter;
    return question_event(store, question, &event, err) &&
           view_filter(&question->view, &filter, err) &&
           query_coverage(store, &event, &filter, frame, err);
}

/* What a question leaves out of the view makes no difference to its answer. */
static void ask(const struct scene *scene, size_t part, struct question *question)
{
    const struct picture *picture = scene->state;
    struct view *view = &question->view;
    view_set(view, ACTION_AT, "", &(struct err){0});
    if (part == PART_MEASURES) {
        question->load = load_measures;
        question->numbers[0] = picture->every_zone && view->zone_count == 0;
        question->numbers[1] = !picture->kind->together;
        return;
    }
    struct view plain;
    memset(&plain, 0, sizeof plain);
    plain.event = view->event;
    plain.by = view->by;
    memcpy(plain.from, view->from, sizeof plain.from);
    memcpy(plain.to, view->to, sizeof plain.to);
    *view = plain;
    question->load = load_coverage;
}

static unsigned sizes_of(const struct view *view)
{
    return view->sizes ? view->sizes : MEASURES_KEPT_SIZES;
}

/* Makes the chart as it is drawn; false when there is nothing to make it of. */
static bool make_chart(const struct scene *scene, struct chart *chart)
{
    const struct picture *picture = scene->state;
    const struct frame *measures = screen_frame(scene, PART_MEASURES);
    const struct frame *coverage = screen_frame(scene, PART_COVERAGE);
    chart_init(chart);
    if (!measures)
        return false;
    if (picture->kind->together)
        plot_together(chart, measures, sizes_of(&scene->desk->view));
    else
        plot_measures(chart, measures, picture->kind->metrics[picture->metric].column);
    if (coverage)
        plot_coverage(chart, coverage);
    charting_shape(&picture->charting, scene->desk, chart);
    return true;
}

static void next_metric(struct picture *picture, struct desk *desk, const char *typed)
{
    const struct metric *metrics = picture->kind->metrics;
    size_t next = 0;
    if (!typed)
        next = picture->metric + 1 < WORDS_MAX && metrics[picture->metric + 1].word
                   ? picture->metric + 1
                   : 0;
    else
        while (next < WORDS_MAX && metrics[next].word && strcmp(metrics[next].word, typed) != 0)
            next++;
    if (next == WORDS_MAX || !metrics[next].word) {
        screen_note(desk, "'%s' cannot be drawn here", typed);
        return;
    }
    picture->metric = next;
    screen_note(desk, "%s", metrics[next].word);
}

static void toggle_zones(struct picture *picture, struct desk *desk)
{
    picture->charting.hidden = 0;
    picture->charting.has_focus = false;
    if (desk->view.zone_count > 0) { /* zones that were picked give way to the whole event */
        view_set(&desk->view, ACTION_ZONE, "", &(struct err){0});
        picture->every_zone = false;
        return;
    }
    picture->every_zone = !picture->every_zone;
}

/* The end of the bucket: its levels are those of its last poll. */
static int64_t end_of_bucket(const struct view *view, int64_t at_ms)
{
    return view->by == QUERY_HOUR  ? at_ms + CLOCK_HOUR_MS - 1
           : view->by == QUERY_DAY ? at_ms + CLOCK_DAY_MS - 1
                                   : at_ms;
}

/* Into the market under the crosshair, and into the zone that has the focus. */
static void drill(struct picture *picture, struct desk *desk, const struct chart *chart,
                  struct canvas_area area)
{
    char at[CLOCK_TEXT_MAX];
    int64_t at_ms;
    struct err err = {0};
    const struct charting *charting = &picture->charting;
    if (!charting_moment(charting, desk, chart, area, &at_ms))
        return;
    view_set(&desk->view, ACTION_AT, clock_format(at, end_of_bucket(&desk->view, at_ms)), &err);
    if (picture->every_zone && !picture->kind->together && charting->has_focus &&
        charting->focus < chart->count)
        view_set(&desk->view, ACTION_ZONE, chart->series[charting->focus].name, &err);
    desk->go = SCREEN_LISTINGS;
}

static void copy_moment(const struct scene *scene, const struct chart *chart)
{
    const struct picture *picture = scene->state;
    int64_t at_ms;
    if (charting_moment(&picture->charting, scene->desk, chart, scene->area, &at_ms))
        clock_format(scene->desk->copy, at_ms);
}

static void act(struct scene *scene, const struct act *act)
{
    struct picture *picture = scene->state;
    struct desk *desk = scene->desk;
    AUTO_CHART struct chart chart;
    bool any = make_chart(scene, &chart);
    if (act->action == ACTION_METRIC)
        next_metric(picture, desk, act->text);
    else if (act->action == ACTION_ZONES)
        toggle_zones(picture, desk);
    else if (any && act->action == ACTION_ENTER)
        drill(picture, desk, &chart, scene->area);
    else if (any && act->action == ACTION_COPY)
        copy_moment(scene, &chart);
    else if (any && (act->action == ACTION_UP || act->action == ACTION_DOWN)) {
        struct act focus = {.action = act->action == ACTION_DOWN ? ACTION_FOCUS : ACTION_UNFOCUS};
        charting_act(&picture->charting, desk, &chart, scene->area, &focus);
    } else /* scales can be turned before there is anything to draw */
        charting_act(&picture->charting, desk, &chart, scene->area, act);
}

static void click(struct scene *scene, const struct key *key)
{
    struct picture *picture = scene->state;
    AUTO_CHART struct chart chart;
    if (make_chart(scene, &chart))
        charting_click(&picture->charting, scene->desk, &chart, scene->area, key);
}

static void draw(const struct scene *scene, struct canvas *canvas)
{
    const struct picture *picture = scene->state;
    struct chart_options options = charting_options(&picture->charting, scene->desk);
    AUTO_CHART struct chart chart;
    if (make_chart(scene, &chart))
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
    return screen_frame(scene, PART_MEASURES);
}

static const char *choice(const struct scene *scene, enum action action, size_t nth)
{
    const struct picture *picture = scene->state;
    return action == ACTION_METRIC && nth < WORDS_MAX ? picture->kind->metrics[nth].word : NULL;
}

static void open(struct scene *scene)
{
    struct picture *picture = scene->state;
    const char *name = scene->screen->name;
    picture->kind = kinds;
    while (strcmp(picture->kind->name, name) != 0)
        picture->kind++;
    charting_load(&picture->charting, scene->desk->state, name);
    picture->every_zone = state_get(scene->desk->state, name, "zones") != NULL;
}

static void close(struct scene *scene)
{
    const struct picture *picture = scene->state;
    charting_save(&picture->charting, scene->desk->state, scene->screen->name);
    state_set(scene->desk->state, scene->screen->name, "zones", picture->every_zone ? "yes" : NULL);
}

#define SCREEN(word, words)                                                                        \
    const struct screen screen_##word = {                                                          \
        .name = #word,                                                                             \
        .title = words,                                                                            \
        .place = ACTION_IN_CHART,                                                                  \
        .size = sizeof(struct picture),                                                            \
        .parts = PARTS,                                                                            \
        .open = open,                                                                              \
        .close = close,                                                                            \
        .ask = ask,                                                                                \
        .act = act,                                                                                \
        .click = click,                                                                            \
        .draw = draw,                                                                              \
        .describe = describe,                                                                      \
        .shown = shown,                                                                            \
        .choice = choice,                                                                          \
    }

SCREEN(trend, "Price trend");
SCREEN(groups, "Group prices");
SCREEN(counts, "Ticket counts");
