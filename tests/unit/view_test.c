#include "tui/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

#define NOW_MS INT64_C(1770660000000) /* 2026-02-09T18:00:00Z */

static struct view view;

static int set_up(void **state)
{
    (void)state;
    clock_fix(NOW_MS);
    view_init(&view);
    event_init(&view.event, "vividseats", "6501519");
    view.event.date_ms = NOW_MS + 30 * CLOCK_DAY_MS;
    return 0;
}

static const char *text_of(enum action field)
{
    static char text[VIEW_TEXT_MAX];
    return view_text(text, &view, field);
}

static void set(enum action field, const char *typed)
{
    struct err err = {0};
    if (!view_set(&view, field, typed, &err))
        fail_msg("%s: %s", typed, err.text);
}

/* What is typed into a field and what it then says; NULL: it is refused with these words. */
static const struct {
    enum action field;
    const char *typed, *text, *refusal;
} cases[] = {
    {ACTION_ZONE, "Floor", "Floor", NULL},
    {ACTION_ZONE, " Floor , Lower Bowl,", "Floor, Lower Bowl", NULL},
    {ACTION_ZONE, "\"Suite, west\",a", "\"Suite, west\", a", NULL},
    {ACTION_ZONE, "\"12\"\" riser\"", "\"12\"\" riser\"", NULL},
    {ACTION_ZONE, "\"none\"", "\"none\"", NULL},
    {ACTION_ZONE, "a, none", "a, \"none\"", NULL},
    {ACTION_SECTION, "101", "101", NULL},
    {ACTION_FROM, "T-14d", "T-14d", NULL},
    {ACTION_FROM, "2026-02-01", "2026-02-01", NULL},
    {ACTION_FROM, "yesterdayish", NULL, "yesterdayish"},
    {ACTION_TO, "2026-02-09", "2026-02-09", NULL},
    {ACTION_TO, "2020-01-01", NULL, "where the window begins"},
    {ACTION_AT, "1h", "1h", NULL},
    {ACTION_AT, "x", NULL, "x"},
    {ACTION_SIZE, "4,2", "2,4", NULL},
    {ACTION_SIZE, "9", NULL, "9"},
    {ACTION_BY, "day", "day", NULL},
    {ACTION_BY, "week", NULL, "none of snapshot, hour, day"},
    {ACTION_PRICE, "all-in", "all-in", NULL},
    {ACTION_PRICE, "net", NULL, "none of base, all-in"},
    {ACTION_ONLY, "vip, club", "vip, club", NULL},
    {ACTION_ONLY, "best", NULL, "none of obstructed"},
    {ACTION_EXCLUDE, "parking", "parking", NULL},
    {ACTION_EXCLUDE, "parking,best", NULL, "'best'"},
};

static void fields_take_what_is_right_and_refuse_the_rest(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        set_up(state);
        struct view before = view;
        bool ok = view_set(&view, cases[i].field, cases[i].typed, &err);
        if (ok != (cases[i].text != NULL))
            fail_msg("'%s': %s", cases[i].typed, err.text);
        if (ok) {
            assert_string_equal(text_of(cases[i].field), cases[i].text);
            continue;
        }
        assert_int_equal(err.code, ERR_USAGE);
        if (!strstr(err.text, cases[i].refusal))
            fail_msg("'%s' does not say '%s'", err.text, cases[i].refusal);
        assert_memory_equal(&before, &view, sizeof view);
    }
}

static void nothing_and_none_forget_a_field(void **state)
{
    for (size_t i = 0; i < 2 * (sizeof cases / sizeof *cases); i++) {
        enum action field = cases[i / 2].field;
        if (!cases[i / 2].text)
            continue;
        set_up(state);
        set(field, cases[i / 2].typed);
        assert_true(view_is_set(&view, field));
        set(field, i % 2 ? "none" : "");
        bool from = field == ACTION_FROM; /* nothing is another thing than the usual week */
        assert_int_equal(view_is_set(&view, field), from);
    }
}

static void what_a_field_says_can_be_typed_and_makes_the_same_view(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!cases[i].text)
            continue;
        set_up(state);
        set(cases[i].field, "none");
        set(cases[i].field, cases[i].typed);
        struct view first = view;
        char text[VIEW_TEXT_MAX];
        snprintf(text, sizeof text, "%s", text_of(cases[i].field));
        set(cases[i].field, "none");
        set(cases[i].field, text);
        assert_memory_equal(&first, &view,
                            sizeof view); /* byte for byte: questions are compared so */
    }
}

static void names_that_are_too_long_or_too_many_are_refused(void **state)
{
    (void)state;
    char name[LISTING_NAME_MAX + 1] = "", many[VIEW_TEXT_MAX] = "";
    struct err err = {0};
    memset(name, 'a', LISTING_NAME_MAX);
    assert_false(view_set(&view, ACTION_ZONE, name, &err));
    assert_false(view_set(&view, ACTION_SECTION, name, &err));
    assert_false(view_set(&view, ACTION_FROM, name, &err));
    name[LISTING_NAME_MAX - 1] = '\0';
    set(ACTION_ZONE, name);
    set(ACTION_SECTION, name);
    for (int i = 0; i < QUERY_ZONES_MAX; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "z%d,", i);
    set(ACTION_ZONE, many); /* the comma at the end is none too many */
    assert_int_equal(view.zone_count, QUERY_ZONES_MAX);
    snprintf(many + strlen(many), sizeof many - strlen(many), "z");
    assert_false(view_set(&view, ACTION_ZONE, many, &err));
}

static void the_bar_has_every_filter_once(void **state)
{
    (void)state;
    bool seen[ACTION_COUNT] = {0};
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++) {
        enum action field = view_field(i);
        assert_true(view_has(field) && !seen[field]);
        seen[field] = true;
    }
    assert_int_equal(view_field(VIEW_FIELD_COUNT), ACTION_NONE);
    assert_false(view_has(ACTION_QUIT));
}

static void choices_go_round(void **state)
{
    (void)state;
    const struct {
        enum action field;
        const char *round[5];
    } rounds[] = {
        {ACTION_BY, {"hour", "snapshot", "day", "hour"}},
        {ACTION_PRICE, {"base", "all-in", "base"}},
        {ACTION_SIZE, {"", "2", "4", "1", ""}},
    };
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 5 && rounds[i].round[k]; k++) {
            assert_string_equal(text_of(rounds[i].field), rounds[i].round[k]);
            view_cycle(&view, rounds[i].field);
        }
    set_up(state);
    set(ACTION_SIZE, "3,5");
    view_cycle(&view, ACTION_SIZE);
    assert_string_equal(text_of(ACTION_SIZE), "");
}

static void ranges_go_from_a_day_to_everything(void **state)
{
    (void)state;
    static const char *const ranges[] = {"1d", "3d", "7d", "14d", "30d", "90d", ""};
    for (int i = 0; i < 9; i++)
        view_step_range(&view, -1);
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(view.from, ranges[i]);
        view_step_range(&view, 1);
    }
    assert_string_equal(view.from, "");
    view_set_window(&view, NOW_MS - CLOCK_DAY_MS, NOW_MS);
    view_step_range(&view, 1);
    assert_string_equal(view.from, "7d");
    assert_string_equal(view.to, "");
}

static void a_window_is_what_the_filter_asks_for(void **state)
{
    (void)state;
    struct query_filter filter;
    struct err err = {0};
    view_set_window(&view, NOW_MS - 12345678, NOW_MS - 1);
    assert_true(view_filter(&view, &filter, &err));
    assert_true(filter.has_from && filter.has_to && !filter.has_at);
    assert_int_equal(filter.from_ms, NOW_MS - 12345678);
    assert_int_equal(filter.to_ms, NOW_MS - 1);
    set(ACTION_TO, "");
    set(ACTION_FROM, "T-40d");
    assert_true(view_filter(&view, &filter, &err));
    assert_int_equal(filter.from_ms, NOW_MS - 10 * CLOCK_DAY_MS);
    view.event.date_ms = EVENT_NO_DATE;
    assert_false(view_filter(&view, &filter, &err));
}

static void times_before_an_event_need_an_event(void **state)
{
    (void)state;
    struct err err = {0};
    view_init(&view);
    assert_false(view_set(&view, ACTION_FROM, "T-14d", &err));
    assert_string_equal(view.from, "7d");
}

static void clearing_keeps_the_event(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (cases[i].text && cases[i].field != ACTION_TO)
            set(cases[i].field, cases[i].typed);
    view_clear(&view);
    for (size_t i = 1; i < VIEW_FIELD_COUNT; i++)
        assert_false(view_is_set(&view, view_field(i)));
    assert_true(view_is_set(&view, ACTION_EVENT));
    assert_string_equal(view.event.external_id, "6501519");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(fields_take_what_is_right_and_refuse_the_rest, set_up),
        cmocka_unit_test_setup(nothing_and_none_forget_a_field, set_up),
        cmocka_unit_test_setup(what_a_field_says_can_be_typed_and_makes_the_same_view, set_up),
        cmocka_unit_test_setup(names_that_are_too_long_or_too_many_are_refused, set_up),
        cmocka_unit_test_setup(the_bar_has_every_filter_once, set_up),
        cmocka_unit_test_setup(choices_go_round, set_up),
        cmocka_unit_test_setup(ranges_go_from_a_day_to_everything, set_up),
        cmocka_unit_test_setup(a_window_is_what_the_filter_asks_for, set_up),
        cmocka_unit_test_setup(times_before_an_event_need_an_event, set_up),
        cmocka_unit_test_setup(clearing_keeps_the_event, set_up),
    };
    return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
