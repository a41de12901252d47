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

void charting_shape(const struct charting *charting, const struct desk *desk, struct chart *chart)
{
    for (size_t i = 0; i < chart->count && i < 32; i++)
        chart->series[i].hidden = chart->series[i].hidden || (charting->hidden >> i & 1);
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

static void keep_window(struct charting *charting, const struct desk *desk)
{
    if (charting->zoomed)
        return;
    charting->zoomed = true;
    memcpy(charting->from, desk->view.from, sizeof charting->from);
    memcpy(charting->to, desk->view.to, sizeof charting->to);
}

static void set_window(struct desk *desk, int64_t from_ms, int64_t to_ms)
{
    if (from_ms < 0) {
        to_ms -= from_ms;
        from_ms = 0;
    }
    if (to_ms >= CLOCK_MAX_MS)
        to_ms = CLOCK_MAX_MS - 1;
    if (from_ms < to_ms)
        view_set_window(&desk->view, from_ms, to_ms);
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

static void fit(struct charting *charting, struct desk *desk)
{
    if (!charting->zoomed) {
        screen_note(desk, "this is the whole range; } shows the whole history");
        return;
    }
    charting->zoomed = false;
    memcpy(desk->view.from, charting->from, sizeof charting->from);
    memcpy(desk->view.to, charting->to, sizeof charting->to);
}

bool charting_move(struct charting *charting, struct desk *desk, int64_t from_ms, int64_t to_ms,
                   int64_t around_ms, enum action action)
{
    if (action == ACTION_FIT) {
        fit(charting, desk);
        return true;
    }
    bool zooms = action == ACTION_ZOOM_IN || action == ACTION_ZOOM_OUT;
    if (!zooms && action != ACTION_EARLIER && action != ACTION_LATER)
        return false;
    keep_window(charting, desk);
    if (zooms)
        zoom(desk, from_ms, to_ms, around_ms, action == ACTION_ZOOM_IN ? ZOOM_IN : ZOOM_OUT);
    else
        pan(desk, from_ms, to_ms, action == ACTION_LATER ? 1 : -1);
    return true;
}

/* --- crosshair --- */

static void place(struct charting *charting, const struct chart *chart, int64_t x)
{
    charting->has_cross = chart_nearest(chart, x, &charting->cross);
}

static void step(struct charting *charting, const struct chart *chart,
                 const struct chart_layout *layout, int direction)
{
    int64_t found;
    if (!charting->has_cross)
        place(charting, chart, direction > 0 ? layout->map.x.from : layout->map.x.to);
    else if (chart_step(chart, charting->cross, direction, &found))
        charting->cross = found;
}

static void leap(struct charting *charting, const struct chart *chart,
                 const struct chart_layout *layout, int direction)
{
    int64_t length = layout->map.x.to - layout->map.x.from;
    int64_t start = charting->has_cross ? charting->cross
                    : direction > 0     ? layout->map.x.from
                                        : layout->map.x.to;
    int64_t x = start + direction * length / FAR_PARTS;
    x = x < layout->map.x.from ? layout->map.x.from : x > layout->map.x.to ? layout->map.x.to : x;
    place(charting, chart, x);
}

static void select_range(struct charting *charting, struct desk *desk, const struct chart *chart)
{
    int64_t start = origin(desk, chart), a = charting->anchor, b = charting->cross;
    if (!charting->has_cross) {
        screen_note(desk, "move the crosshair to where the range begins, then v");
        return;
    }
    charting->selecting = !charting->selecting;
    if (charting->selecting) {
        charting->anchor = charting->cross;
        screen_note(desk, "move to the other end, then v again");
        return;
    }
    if (a == b)
        return;
    keep_window(charting, desk);
    set_window(desk, start + (a < b ? a : b), start + (a < b ? b : a) + 1);
}

/* --- lines --- */

static void toggle_series(struct charting *charting, struct desk *desk, const struct chart *chart,
                          int number)
{
    if (number < 1 || (size_t)number > chart->count) {
        screen_note(desk, "there are %zu lines", chart->count);
        return;
    }
    charting->hidden ^= 1u << (number - 1);
    screen_note(desk, "%s is %s", chart->series[number - 1].name,
                charting->hidden >> (number - 1) & 1 ? "hidden" : "shown");
}

/* Past the last line nothing has the focus. */
static void move_focus(struct charting *charting, struct desk *desk, const struct chart *chart,
                       int direction)
{
    size_t places = chart->count + 1, at = charting->has_focus ? charting->focus + 1 : 0;
    for (size_t tried = 0; tried < places; tried++) {
        at = (at + (direction > 0 ? 1 : places - 1)) % places;
        if (at == 0 || !chart->series[at - 1].hidden)
            break;
    }
    charting->has_focus = at > 0;
    charting->focus = at > 0 ? at - 1 : 0;
    if (at > 0)
        screen_note(desk, "%s", chart->series[at - 1].name);
}

static void toggle_axis(struct charting *charting, struct desk *desk)
{
    if (!has_date(desk)) {
        screen_note(desk, "the date of this event is not known, so it has no days to go");
        return;
    }
    charting->to_event = !charting->to_event;
    charting->has_cross = charting->selecting = false;
}

bool charting_act(struct charting *charting, struct desk *desk, const struct chart *chart,
                  struct canvas_area area, const struct act *act)
{
    struct chart_options options = charting_options(charting, desk);
    struct chart_layout layout;
    chart_arrange(chart, &options, area, &layout);
    int64_t start = origin(desk, chart);
    int64_t from_ms = layout.map.x.from + start, to_ms = layout.map.x.to + start + 1;
    int64_t around_ms = charting->has_cross ? charting->cross + start : -1;
    if (act->action == ACTION_LEFT || act->action == ACTION_RIGHT)
        step(charting, chart, &layout, act->action == ACTION_RIGHT ? 1 : -1);
    else if (act->action == ACTION_FAR_LEFT || act->action == ACTION_FAR_RIGHT)
        leap(charting, chart, &layout, act->action == ACTION_FAR_RIGHT ? 1 : -1);
    else if (act->action == ACTION_FIRST || act->action == ACTION_LAST)
        place(charting, chart, act->action == ACTION_FIRST ? layout.map.x.from : layout.map.x.to);
    else if (act->action == ACTION_SELECT)
        select_range(charting, desk, chart);
    else if (act->action == ACTION_SERIES)
        toggle_series(charting, desk, chart, act->number);
    else if (act->action == ACTION_FOCUS || act->action == ACTION_UNFOCUS)
        move_focus(charting, desk, chart, act->action == ACTION_FOCUS ? 1 : -1);
    else if (act->action == ACTION_LOG)
        charting->log = !charting->log;
    else if (act->action == ACTION_INDEX)
        charting->indexed = !charting->indexed;
    else if (act->action == ACTION_AXIS)
        toggle_axis(charting, desk);
    else if (layout.has_data || act->action == ACTION_FIT)
        return charting_move(charting, desk, from_ms, to_ms, around_ms, act->action);
    else
        return false;
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
    if (key->code == KEY_CODE_CLICK) {
        place(charting, chart, x);
        charting->anchor = charting->cross;
        charting->selecting = false;
    } else if (key->code == KEY_CODE_DRAG) {
        place(charting, chart, x);
        charting->selecting = charting->cross != charting->anchor;
    } else if (key->code == KEY_CODE_RELEASE && charting->selecting) {
        select_range(charting, desk, chart);
    } else if (key->code == KEY_CODE_WHEEL_UP || key->code == KEY_CODE_WHEEL_DOWN) {
        keep_window(charting, desk);
        zoom(desk, from_ms, to_ms, x + start, key->code == KEY_CODE_WHEEL_UP ? ZOOM_IN : ZOOM_OUT);
    }
}

bool charting_moment(const struct charting *charting, const struct desk *desk,
                     const struct chart *chart, struct canvas_area area, int64_t *at_ms)
{
    struct chart_options options = charting_options(charting, desk);
    struct chart_layout layout;
    chart_arrange(chart, &options, area, &layout);
    int64_t x = charting->cross;
    if (!charting->has_cross && !chart_nearest(chart, layout.map.x.to, &x))
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
