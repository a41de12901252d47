#include "tui/charting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { PAN_PARTS = 4, FAR_PARTS = 10, ZOOM_IN = 50, ZOOM_OUT = 200 };

#define SHORTEST_MS (15 * CLOCK_MINUTE_MS)
#define LONGEST_MS (20 * 365 * CLOCK_DAY_MS)

static bool has_date(const struct desk *desk)
{
    return desk->view.event.external_id[0] && desk->view.event.date_ms != EVENT_NO_DATE;
}

/* What is added to an x of the chart to make it a time. */
static int64_t origin(const struct desk *desk, const struct chart *chart)
{
    return chart->x == CHART_TO_EVENT && has_date(desk) ? desk->view.event.date_ms : 0;
}

/* --- shape --- */

static void count_to_event(struct chart *chart, int64_t date_ms)
{
    chart->x = CHART_TO_EVENT;
    chart->from -= chart->has_from ? date_ms : 0;
    chart->to -= chart->has_to ? date_ms : 0;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t j = 0; j < chart->series[i].count; j++)
            chart->series[i].points[j].x -= date_ms;
    for (size_t i = 0; i < chart->span_count; i++) {
        chart->spans[i].from -= date_ms;
        chart->spans[i].to -= date_ms;
    }
}

static void add_references(const struct desk *desk, struct chart *chart)
{
    static const char *const words[] = {"target", "paid", "face"};
    char section[EVENT_NAME_MAX + 16] = "lines ";
    event_name(section + strlen(section), &desk->view.event);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *digits = state_get(desk->state, section, words[i]);
        int64_t minor;
        if (digits && text_to_int(digits, &minor))
            chart_add_reference(chart, minor, words[i]);
    }
}

/* The window that was asked for; while the event is to come it ends with now, so that old data looks old. */
static void set_limits(const struct desk *desk, struct chart *chart)
{
    struct query_filter filter;
    struct err err = {0};
    if (chart->x != CHART_TIME || !view_filter(&desk->view, &filter, &err))
        return;
    bool to_come = !has_date(desk) || clock_now_ms() < desk->view.event.date_ms + CLOCK_DAY_MS;
    chart->has_from = filter.has_from;
    chart->from = filter.from_ms;
    chart->has_to = filter.has_to || to_come;
    chart->to = filter.has_to ? filter.to_ms : clock_now_ms();
}

void charting_shape(const struct charting *charting, const struct desk *desk, struct chart *chart)
{
    for (size_t i = 0; i < chart->count && i < 32; i++)
        chart->series[i].hidden = chart->series[i].hidden || (charting->hidden >> i & 1);
    set_limits(desk, chart);
    if (charting->indexed)
        chart_index(chart);
    else if (chart->unit == AXIS_MONEY)
        add_references(desk, chart);
    if (charting->to_event && chart->x == CHART_TIME && has_date(desk))
        count_to_event(chart, desk->view.event.date_ms);
    int64_t start = origin(desk, chart);
    chart_add_mark(chart, clock_now_ms() - start, "now");
    if (has_date(desk))
        chart_add_mark(chart, desk->view.event.date_ms - start, "event");
    if (charting->selecting)
        chart_add_mark(chart, charting->anchor, "from here");
}

struct chart_options charting_options(const struct charting *charting, const struct desk *desk)
{
    return (struct chart_options){
        .marker = desk->look.marker,
        .theme = desk->look.theme,
        .depth = desk->look.depth,
        .zone = screen_zone(desk),
        .log = charting->log,
        .has_focus = charting->has_focus,
        .focus = charting->focus,
        .has_cross = charting->has_cross,
        .cross = charting->cross,
    };
}

/* --- window --- */

static struct screen_range range_of(const struct view *view)
{
    struct screen_range range;
    memcpy(range.from, view->from, sizeof range.from);
    memcpy(range.to, view->to, sizeof range.to);
    return range;
}

/* A range that came in another way is none that was zoomed to. */
static bool is_zoomed(const struct desk *desk)
{
    const struct screen_range *zoomed = &desk->zoomed;
    return zoomed->from[0] && strcmp(zoomed->from, desk->view.from) == 0 &&
           strcmp(zoomed->to, desk->view.to) == 0;
}

static void set_window(struct desk *desk, int64_t from_ms, int64_t to_ms)
{
    if (from_ms < 0) {
        to_ms -= from_ms;
        from_ms = 0;
    }
    from_ms = clock_floor(from_ms, CLOCK_MINUTE_MS);
    to_ms = clock_floor(to_ms + CLOCK_MINUTE_MS - 1, CLOCK_MINUTE_MS);
    if (from_ms >= to_ms || to_ms >= CLOCK_MAX_MS)
        return;
    if (!is_zoomed(desk))
        desk->unzoomed = range_of(&desk->view);
    view_set_window(&desk->view, from_ms, to_ms);
    desk->zoomed = range_of(&desk->view);
}

static void pan(struct desk *desk, int64_t from_ms, int64_t to_ms, int direction)
{
    int64_t step = (to_ms - from_ms) / PAN_PARTS * direction;
    set_window(desk, from_ms + step, to_ms + step);
}

static void zoom(struct desk *desk, int64_t from_ms, int64_t to_ms, int64_t around_ms, int percent)
{
    int64_t length = (to_ms - from_ms) * percent / 100;
    if (length < SHORTEST_MS || length > LONGEST_MS)
        return;
    if (around_ms < from_ms || around_ms > to_ms)
        around_ms = from_ms + (to_ms - from_ms) / 2;
    int64_t before = (around_ms - from_ms) * percent / 100;
    set_window(desk, around_ms - before, around_ms - before + length);
}

static void fit(struct desk *desk)
{
    if (!is_zoomed(desk)) {
        screen_note(desk, "this is the whole range; } shows the whole history");
        return;
    }
    memcpy(desk->view.from, desk->unzoomed.from, sizeof desk->view.from);
    memcpy(desk->view.to, desk->unzoomed.to, sizeof desk->view.to);
}

bool charting_move(struct desk *desk, int64_t from_ms, int64_t to_ms, int64_t around_ms,
                   enum action action)
{
    if (action == ACTION_FIT) {
        fit(desk);
        return true;
    }
    bool zooms = action == ACTION_ZOOM_IN || action == ACTION_ZOOM_OUT;
    if (!zooms && action != ACTION_EARLIER && action != ACTION_LATER)
        return false;
    if (zooms)
        zoom(desk, from_ms, to_ms, around_ms, action == ACTION_ZOOM_IN ? ZOOM_IN : ZOOM_OUT);
    else
        pan(desk, from_ms, to_ms, action == ACTION_LATER ? 1 : -1);
    return true;
}

/* --- what keys do --- */

/* A key on a chart. */
struct hand {
    struct charting *charting;
    struct desk *desk;
    const struct chart *chart;
    const struct chart_layout *layout;
    const struct act *act;
};

/* A crosshair that the window has left behind is as good as none. */
static bool has_cross(const struct charting *charting, const struct chart_layout *layout)
{
    const struct axis_scale *x = &layout->map.x;
    return charting->has_cross && layout->has_data && charting->cross >= x->from &&
           charting->cross <= x->to;
}

static int direction(const struct hand *hand)
{
    enum action action = hand->act->action;
    return action == ACTION_RIGHT || action == ACTION_FAR_RIGHT || action == ACTION_FOCUS ? 1 : -1;
}

static void place(struct charting *charting, const struct chart *chart, int64_t x)
{
    charting->has_cross = chart_nearest(chart, x, &charting->cross);
}

static void do_step(const struct hand *hand)
{
    const struct axis_scale *x = &hand->layout->map.x;
    int64_t found;
    if (!has_cross(hand->charting, hand->layout))
        place(hand->charting, hand->chart, direction(hand) > 0 ? x->from : x->to);
    else if (chart_step(hand->chart, hand->charting->cross, direction(hand), &found))
        hand->charting->cross = found;
}

static void do_leap(const struct hand *hand)
{
    const struct axis_scale *x = &hand->layout->map.x;
    int64_t start = has_cross(hand->charting, hand->layout) ? hand->charting->cross
                    : direction(hand) > 0                   ? x->from
                                                            : x->to;
    int64_t to = start + direction(hand) * (x->to - x->from) / FAR_PARTS;
    place(hand->charting, hand->chart, to < x->from ? x->from : to > x->to ? x->to : to);
}

static void do_end(const struct hand *hand)
{
    const struct axis_scale *x = &hand->layout->map.x;
    place(hand->charting, hand->chart, hand->act->action == ACTION_FIRST ? x->from : x->to);
}

static void do_select(const struct hand *hand)
{
    struct charting *charting = hand->charting;
    int64_t start = origin(hand->desk, hand->chart), a = charting->anchor, b = charting->cross;
    if (!has_cross(charting, hand->layout)) {
        screen_note(hand->desk, "move the crosshair to where the range begins, then v");
        return;
    }
    charting->selecting = !charting->selecting;
    if (charting->selecting) {
        charting->anchor = charting->cross;
        screen_note(hand->desk, "move to the other end, then v again");
    } else if (a != b)
        set_window(hand->desk, start + (a < b ? a : b), start + (a < b ? b : a) + 1);
}

static void do_move(const struct hand *hand)
{
    int64_t start = origin(hand->desk, hand->chart);
    const struct axis_scale *x = &hand->layout->map.x;
    charting_move(hand->desk, x->from + start, x->to + start + 1,
                  hand->charting->has_cross ? hand->charting->cross + start : -1,
                  hand->act->action);
}

static void do_series(const struct hand *hand)
{
    int number = hand->act->number;
    unsigned *hidden = &hand->charting->hidden;
    if (number < 1 || (size_t)number > hand->chart->count) {
        screen_note(hand->desk, "there are %zu lines", hand->chart->count);
        return;
    }
    *hidden ^= 1u << (number - 1);
    screen_note(hand->desk, "%s is %s", hand->chart->series[number - 1].name,
                *hidden >> (number - 1) & 1 ? "hidden" : "shown");
}

/* Past the last line nothing has the focus. */
static void do_focus(const struct hand *hand)
{
    struct charting *charting = hand->charting;
    const struct chart *chart = hand->chart;
    size_t places = chart->count + 1, at = charting->has_focus ? charting->focus + 1 : 0;
    for (size_t tried = 0; tried < places; tried++) {
        at = (at + (direction(hand) > 0 ? 1 : places - 1)) % places;
        if (at == 0 || !chart->series[at - 1].hidden)
            break;
    }
    charting->has_focus = at > 0;
    charting->focus = at > 0 ? at - 1 : 0;
    if (at > 0)
        screen_note(hand->desk, "%s", chart->series[at - 1].name);
}

static void do_axis(const struct hand *hand)
{
    struct charting *charting = hand->charting;
    if (!has_date(hand->desk)) {
        screen_note(hand->desk, "the date of this event is not known, so it has no days to go");
        return;
    }
    charting->to_event = !charting->to_event;
    charting->has_cross = charting->selecting = charting->pressed = false;
}

static void do_log(const struct hand *hand)
{
    hand->charting->log = !hand->charting->log;
}

static void do_index(const struct hand *hand)
{
    hand->charting->indexed = !hand->charting->indexed;
}

/* `timed`: only where there is a time axis to do it on. */
static const struct {
    void (*run)(const struct hand *hand);
    bool timed;
} deeds[ACTION_COUNT] = {
    [ACTION_LEFT] = {do_step, true},      [ACTION_RIGHT] = {do_step, true},
    [ACTION_FAR_LEFT] = {do_leap, true},  [ACTION_FAR_RIGHT] = {do_leap, true},
    [ACTION_FIRST] = {do_end, true},      [ACTION_LAST] = {do_end, true},
    [ACTION_SELECT] = {do_select, true},  [ACTION_FIT] = {do_move, false},
    [ACTION_ZOOM_IN] = {do_move, true},   [ACTION_ZOOM_OUT] = {do_move, true},
    [ACTION_EARLIER] = {do_move, true},   [ACTION_LATER] = {do_move, true},
    [ACTION_SERIES] = {do_series, false}, [ACTION_FOCUS] = {do_focus, false},
    [ACTION_UNFOCUS] = {do_focus, false}, [ACTION_AXIS] = {do_axis, false},
    [ACTION_LOG] = {do_log, false},       [ACTION_INDEX] = {do_index, false},
};

bool charting_act(struct charting *charting, struct desk *desk, const struct chart *chart,
                  struct canvas_area area, const struct act *act)
{
    struct chart_options options = charting_options(charting, desk);
    struct chart_layout layout;
    if (!deeds[act->action].run)
        return false;
    chart_arrange(chart, &options, area, &layout);
    if (layout.has_data || !deeds[act->action].timed)
        deeds[act->action].run(&(struct hand){charting, desk, chart, &layout, act});
    return true;
}

void charting_click(struct charting *charting, struct desk *desk, const struct chart *chart,
                    struct canvas_area area, const struct key *key)
{
    struct chart_options options = charting_options(charting, desk);
    struct chart_layout layout;
    chart_arrange(chart, &options, area, &layout);
    if (!layout.has_data || layout.axis < 0)
        return;
    int64_t x = chart_x_at(&layout, key->x), start = origin(desk, chart);
    int64_t from_ms = layout.map.x.from + start, to_ms = layout.map.x.to + start + 1;
    struct act select = {.action = ACTION_SELECT};
    if (key->code == KEY_CODE_CLICK) {
        place(charting, chart, x);
        charting->anchor = charting->cross;
        charting->selecting = false;
        charting->pressed = charting->has_cross;
    } else if (key->code == KEY_CODE_DRAG && charting->pressed) {
        place(charting, chart, x);
        charting->selecting = charting->cross != charting->anchor;
    } else if (key->code == KEY_CODE_RELEASE && charting->pressed) {
        charting->pressed = false;
        if (charting->selecting)
            do_select(&(struct hand){charting, desk, chart, &layout, &select});
    } else if (key->code == KEY_CODE_WHEEL_UP || key->code == KEY_CODE_WHEEL_DOWN) {
        charting_move(desk, from_ms, to_ms, x + start,
                      key->code == KEY_CODE_WHEEL_UP ? ACTION_ZOOM_IN : ACTION_ZOOM_OUT);
    }
}

bool charting_moment(const struct charting *charting, const struct desk *desk,
                     const struct chart *chart, struct canvas_area area, int64_t *at_ms)
{
    struct chart_options options = charting_options(charting, desk);
    struct chart_layout layout;
    chart_arrange(chart, &options, area, &layout);
    int64_t x = charting->cross;
    if (!has_cross(charting, &layout) && !chart_nearest(chart, layout.map.x.to, &x))
        return false;
    *at_ms = x + origin(desk, chart);
    return true;
}

void charting_save(const struct charting *charting, struct state *state, const char *section)
{
    state_set(state, section, "log", charting->log ? "yes" : NULL);
    state_set(state, section, "index", charting->indexed ? "yes" : NULL);
    state_set(state, section, "to-event", charting->to_event ? "yes" : NULL);
}

void charting_load(struct charting *charting, const struct state *state, const char *section)
{
    charting->log = state_get(state, section, "log") != NULL;
    charting->indexed = state_get(state, section, "index") != NULL;
    charting->to_event = state_get(state, section, "to-event") != NULL;
}
