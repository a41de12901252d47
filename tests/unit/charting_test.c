#include "tui/charting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "bazaar.h"

enum { POINTS = 120, WALKS = 40, STEPS = 150 };

/* 2026-02-20T00:00:00Z; the points are those of the five days before. */
#define NOW INT64_C(1771545600000)

static const struct canvas_area area = {0, 2, 80, 20};
static struct desk desk;
static struct charting charting;
static struct chart chart;

static int open_desk(void **unused)
{
    (void)unused;
    struct err err = {0};
    clock_fix(NOW);
    memset(&desk, 0, sizeof desk);
    memset(&charting, 0, sizeof charting);
    view_init(&desk.view);
    snprintf(desk.view.event.platform, sizeof desk.view.event.platform, "vividseats");
    snprintf(desk.view.event.external_id, sizeof desk.view.event.external_id, "1");
    desk.view.event.date_ms = NOW + 3 * CLOCK_DAY_MS;
    desk.look = (struct look){.theme = theme_default(), .marker = marker_find("braille")};
    chart_init(&chart);
    return state_open(&desk.state, NULL, &err) ? 0 : -1;
}

static int close_desk(void **unused)
{
    (void)unused;
    chart_release(&chart);
    state_close(desk.state);
    return 0;
}

/* The chart as a screen makes it anew before each key; two lines, the second with a hole. */
static void make_chart(bool any)
{
    chart_release(&chart);
    chart_init(&chart);
    chart.currency = "USD";
    chart_add(&chart, "median");
    chart_add(&chart, "min");
    for (int i = 0; any && i < POINTS; i++) {
        int64_t at = NOW - (POINTS - i) * CLOCK_HOUR_MS;
        series_add(&chart.series[0], at, 10000 + i * 10);
        if (i < 30 || i > 60)
            series_add(&chart.series[1], at, 5000 + i);
    }
    charting_shape(&charting, &desk, &chart);
}

static void do_on(bool any, enum action action, int number)
{
    struct act act = {.action = action, .number = number};
    desk.note[0] = '\0';
    make_chart(any);
    charting_act(&charting, &desk, &chart, area, &act);
    make_chart(any);
}

static void act(enum action action)
{
    do_on(true, action, 0);
}

static void mouse(enum key_code code, int x)
{
    struct key key = key_of_code(code);
    key.x = x;
    key.y = 10;
    make_chart(true);
    charting_click(&charting, &desk, &chart, area, &key);
    make_chart(true);
}

static int64_t time_of(const char *text)
{
    int64_t at_ms = 0;
    if (!clock_parse(text, &at_ms))
        fail_msg("'%s' is no time", text);
    return at_ms;
}

static int64_t length(void)
{
    return time_of(desk.view.to) - time_of(desk.view.from);
}

static bool is_point(int64_t x)
{
    for (size_t i = 0; i < chart.count; i++)
        for (size_t j = 0; j < chart.series[i].count; j++)
            if (chart.series[i].points[j].x == x)
                return true;
    return false;
}

static void the_crosshair_walks_from_point_to_point(void **state)
{
    (void)state;
    act(ACTION_LEFT);
    assert_true(charting.has_cross);
    assert_int_equal(charting.cross, NOW - CLOCK_HOUR_MS);
    act(ACTION_LEFT);
    assert_int_equal(charting.cross, NOW - 2 * CLOCK_HOUR_MS);
    act(ACTION_RIGHT);
    act(ACTION_RIGHT);
    assert_int_equal(charting.cross, NOW - CLOCK_HOUR_MS);
    act(ACTION_FIRST);
    assert_int_equal(charting.cross, NOW - POINTS * CLOCK_HOUR_MS);
    act(ACTION_LEFT);
    assert_int_equal(charting.cross, NOW - POINTS * CLOCK_HOUR_MS);
    act(ACTION_FAR_RIGHT);
    assert_true(is_point(charting.cross) && charting.cross > NOW - POINTS * CLOCK_HOUR_MS);
}

static void a_crosshair_left_behind_starts_anew(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t at_ms;
    act(ACTION_FIRST);
    assert_true(view_set(&desk.view, ACTION_FROM, "1d", &err));
    make_chart(true);
    assert_true(charting_moment(&charting, &desk, &chart, area, &at_ms));
    assert_int_equal(at_ms, NOW - CLOCK_HOUR_MS);
    act(ACTION_LEFT);
    assert_int_equal(charting.cross, NOW - CLOCK_HOUR_MS);
}

static void zooming_halves_and_doubles_and_fit_goes_back(void **state)
{
    (void)state;
    act(ACTION_LAST);
    act(ACTION_ZOOM_IN);
    int64_t first = length();
    act(ACTION_ZOOM_IN);
    assert_in_range(length(), first / 2 - CLOCK_MINUTE_MS, first / 2 + 2 * CLOCK_MINUTE_MS);
    assert_true(time_of(desk.view.from) <= charting.cross &&
                charting.cross <= time_of(desk.view.to));
    act(ACTION_ZOOM_OUT);
    assert_in_range(length(), first - 2 * CLOCK_MINUTE_MS, first + 4 * CLOCK_MINUTE_MS);
    act(ACTION_FIT);
    assert_string_equal(desk.view.from, "7d");
    assert_string_equal(desk.view.to, "");
    act(ACTION_FIT);
    assert_string_equal(desk.view.from, "7d");
    assert_non_null(strstr(desk.note, "whole range"));
}

static void panning_keeps_the_length(void **state)
{
    (void)state;
    act(ACTION_ZOOM_IN);
    int64_t from = time_of(desk.view.from), before = length();
    act(ACTION_EARLIER);
    assert_in_range(from - time_of(desk.view.from), before / 4 - CLOCK_MINUTE_MS,
                    before / 4 + CLOCK_MINUTE_MS);
    assert_in_range(length(), before - CLOCK_MINUTE_MS, before + CLOCK_MINUTE_MS);
    act(ACTION_LATER);
    assert_in_range(time_of(desk.view.from), from - 2 * CLOCK_MINUTE_MS,
                    from + 2 * CLOCK_MINUTE_MS);
}

static void fit_does_not_bring_back_a_range_older_than_the_last(void **state)
{
    (void)state;
    struct err err = {0};
    act(ACTION_ZOOM_IN);
    assert_true(view_set(&desk.view, ACTION_TO, "", &err));
    assert_true(view_set(&desk.view, ACTION_FROM, "3d", &err));
    act(ACTION_FIT);
    assert_string_equal(desk.view.from, "3d");
    act(ACTION_ZOOM_IN);
    act(ACTION_FIT);
    assert_string_equal(desk.view.from, "3d");
}

static void a_range_is_selected_by_keys(void **state)
{
    (void)state;
    act(ACTION_SELECT);
    assert_false(charting.selecting);
    assert_int_not_equal(desk.note[0], '\0');
    act(ACTION_LAST);
    act(ACTION_SELECT);
    int64_t end = charting.cross;
    assert_true(charting.selecting);
    for (int i = 0; i < 10; i++)
        act(ACTION_LEFT);
    act(ACTION_SELECT);
    assert_false(charting.selecting);
    assert_int_equal(time_of(desk.view.from), end - 10 * CLOCK_HOUR_MS);
    assert_int_equal(time_of(desk.view.to), end + CLOCK_MINUTE_MS);
    act(ACTION_FIT);
    assert_string_equal(desk.view.from, "7d");
}

static void the_mouse_places_drags_and_zooms(void **state)
{
    (void)state;
    mouse(KEY_CODE_CLICK, 40);
    assert_true(charting.has_cross && is_point(charting.cross));
    int64_t begin = charting.cross;
    mouse(KEY_CODE_RELEASE, 40);
    assert_string_equal(desk.view.from, "7d");
    mouse(KEY_CODE_CLICK, 40);
    mouse(KEY_CODE_DRAG, 60);
    assert_true(charting.selecting && charting.cross > begin);
    int64_t finish = charting.cross;
    mouse(KEY_CODE_RELEASE, 60);
    assert_false(charting.selecting);
    assert_int_equal(time_of(desk.view.from), begin);
    assert_int_equal(time_of(desk.view.to), finish + CLOCK_MINUTE_MS);
    int64_t before = length();
    mouse(KEY_CODE_WHEEL_DOWN, 40);
    assert_true(length() > before * 3 / 2);
    mouse(KEY_CODE_WHEEL_UP, 40);
    assert_true(length() < before * 3 / 2);
}

static void a_drag_that_began_elsewhere_selects_nothing(void **state)
{
    (void)state;
    mouse(KEY_CODE_DRAG, 60);
    mouse(KEY_CODE_RELEASE, 60);
    assert_false(charting.selecting);
    assert_string_equal(desk.view.from, "7d");
}

static void lines_are_hidden_and_brought_to_the_front(void **state)
{
    (void)state;
    do_on(true, ACTION_SERIES, 2);
    assert_false(chart.series[0].hidden);
    assert_true(chart.series[1].hidden);
    act(ACTION_FOCUS);
    assert_true(charting.has_focus && charting.focus == 0);
    act(ACTION_FOCUS); /* the hidden one is passed over */
    assert_false(charting.has_focus);
    do_on(true, ACTION_SERIES, 2);
    assert_false(chart.series[1].hidden);
    act(ACTION_UNFOCUS);
    assert_true(charting.has_focus && charting.focus == 1);
    act(ACTION_UNFOCUS);
    act(ACTION_UNFOCUS);
    assert_false(charting.has_focus);
    do_on(true, ACTION_SERIES, 9);
    assert_non_null(strstr(desk.note, "2 lines"));
    assert_int_equal(charting.hidden, 0);
}

static bool has_mark(const char *label, int64_t x)
{
    for (size_t i = 0; i < chart.mark_count; i++)
        if (strcmp(chart.marks[i].label, label) == 0)
            return chart.marks[i].x == x;
    return false;
}

static void lines_of_the_event_and_marks_are_added(void **state)
{
    (void)state;
    state_set(desk.state, "lines vividseats:1", "target", "12300");
    state_set(desk.state, "lines vividseats:2", "paid", "100");
    make_chart(true);
    assert_int_equal(chart.reference_count, 1);
    assert_int_equal(chart.references[0].value, 12300);
    assert_true(has_mark("now", NOW));
    assert_true(has_mark("event", NOW + 3 * CLOCK_DAY_MS));
    act(ACTION_INDEX);
    assert_int_equal(chart.reference_count, 0);
    assert_int_equal(chart.series[0].points[0].y, 100000);
    act(ACTION_INDEX);
    act(ACTION_AXIS);
    assert_int_equal(chart.x, CHART_TO_EVENT);
    assert_true(has_mark("now", -3 * CLOCK_DAY_MS));
    assert_true(has_mark("event", 0));
    assert_int_equal(chart.series[0].points[POINTS - 1].x, -3 * CLOCK_DAY_MS - CLOCK_HOUR_MS);
}

static void days_to_the_event_are_turned_back_into_times(void **state)
{
    (void)state;
    int64_t at_ms;
    act(ACTION_AXIS);
    act(ACTION_LAST);
    assert_int_equal(charting.cross, -3 * CLOCK_DAY_MS - CLOCK_HOUR_MS);
    assert_true(charting_moment(&charting, &desk, &chart, area, &at_ms));
    assert_int_equal(at_ms, NOW - CLOCK_HOUR_MS);
    act(ACTION_ZOOM_IN);
    assert_true(time_of(desk.view.from) < at_ms && time_of(desk.view.to) >= at_ms);
    act(ACTION_AXIS);
    assert_int_equal(chart.x, CHART_TIME);
    desk.view.event.date_ms = EVENT_NO_DATE;
    act(ACTION_AXIS);
    assert_false(charting.to_event);
    assert_non_null(strstr(desk.note, "not known"));
}

static void nothing_happens_where_there_is_no_data(void **state)
{
    (void)state;
    int64_t at_ms;
    for (enum action action = 1; action < ACTION_COUNT; action++) {
        do_on(false, action, 1);
        assert_false(charting.has_cross || charting.selecting);
        assert_string_equal(desk.view.from, "7d");
        assert_false(charting_moment(&charting, &desk, &chart, area, &at_ms));
    }
}

static void scales_are_remembered(void **state)
{
    (void)state;
    struct charting again = {0};
    act(ACTION_LOG);
    act(ACTION_INDEX);
    act(ACTION_AXIS);
    charting_save(&charting, desk.state, "trend");
    charting_load(&again, desk.state, "trend");
    assert_true(again.log && again.indexed && again.to_event);
    charting_save(&(struct charting){0}, desk.state, "trend");
    charting_load(&again, desk.state, "trend");
    assert_false(again.log || again.indexed || again.to_event);
}

/* Whatever is done, what is said of crosshair, window and focus holds. */
static void check(void)
{
    int64_t at_ms;
    if (desk.view.to[0]) {
        assert_true(time_of(desk.view.from) >= 0 && time_of(desk.view.to) <= CLOCK_MAX_MS);
        assert_in_range(length(), CLOCK_MINUTE_MS, 21 * 365 * CLOCK_DAY_MS);
    }
    if (charting.has_focus)
        assert_true(charting.focus < chart.count);
    if (charting_moment(&charting, &desk, &chart, area, &at_ms))
        assert_true(at_ms >= 0 && at_ms <= CLOCK_MAX_MS);
    AUTO_CANVAS struct canvas canvas = {0};
    struct chart_options options = charting_options(&charting, &desk);
    canvas_init(&canvas, area.width, area.y + area.height, false);
    chart_draw(&chart, &options, &canvas, area);
}

static void any_walk_keeps_its_promises(void **state)
{
    (void)state;
    static const enum action often[] = {ACTION_EARLIER, ACTION_LATER, ACTION_ZOOM_OUT,
                                        ACTION_ZOOM_IN};
    uint64_t random = 20260220;
    for (int walk = 0; walk < WALKS; walk++) {
        close_desk(NULL);
        open_desk(NULL);
        enum action favourite = often[walk % 4];
        for (int step = 0; step < STEPS; step++) {
            if (bazaar_chance(&random, 10))
                mouse(KEY_CODE_CLICK + (unsigned)bazaar_pick(&random, 5),
                      bazaar_pick(&random, 90) - 5);
            else if (bazaar_chance(&random, 40))
                act(favourite);
            else
                do_on(bazaar_chance(&random, 95),
                      (enum action)(1 + bazaar_pick(&random, ACTION_COUNT - 1)),
                      bazaar_pick(&random, 11));
            check();
        }
    }
}

#define ON_DESK(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DESK(the_crosshair_walks_from_point_to_point),
        ON_DESK(a_crosshair_left_behind_starts_anew),
        ON_DESK(zooming_halves_and_doubles_and_fit_goes_back),
        ON_DESK(panning_keeps_the_length),
        ON_DESK(fit_does_not_bring_back_a_range_older_than_the_last),
        ON_DESK(a_range_is_selected_by_keys),
        ON_DESK(the_mouse_places_drags_and_zooms),
        ON_DESK(a_drag_that_began_elsewhere_selects_nothing),
        ON_DESK(lines_are_hidden_and_brought_to_the_front),
        ON_DESK(lines_of_the_event_and_marks_are_added),
        ON_DESK(days_to_the_event_are_turned_back_into_times),
        ON_DESK(nothing_happens_where_there_is_no_data),
        ON_DESK(scales_are_remembered),
        ON_DESK(any_walk_keeps_its_promises),
    };
    return cmocka_run_group_tests_name("charting", tests, NULL, NULL);
}
