#include "tui/guide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct keymap keymap;
static struct guide guide;
static struct canvas canvas;
static struct buf out;

enum { WIDTH = 120, HEIGHT = 20, TALL = 200 };

static int set_up(void **state)
{
    (void)state;
    keymap_init(&keymap);
    guide_open(&guide);
    buf_init(&out, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    canvas_release(&canvas);
    buf_release(&out);
    return 0;
}

static void type(const char *script)
{
    struct key_script keys = {.at = script};
    struct key key = {0};
    struct err err = {0};
    for (;;) {
        if (!key_script_next(&keys, &key, &err))
            fail_msg("%s", err.text);
        if (key.code == KEY_CODE_NONE)
            return;
        guide_key(&guide, &keymap, ACTION_IN_BOARD, HEIGHT, &key);
    }
}

static const char *drawn(enum action_place place, int height)
{
    canvas_release(&canvas);
    canvas_init(&canvas, WIDTH, height, false);
    guide_draw(&guide, &keymap, place, false, &canvas, canvas_whole(&canvas));
    buf_reset(&out);
    assert_true(canvas_plain(&canvas, &out));
    return buf_text(&out);
}

/* On a page that is tall enough there is every action of the place and no other, by the table itself. */
static void everything_that_can_be_done_here_is_listed(void **state)
{
    (void)state;
    for (unsigned place = 1; place <= ACTION_IN_TYPED; place <<= 1) {
        const char *text = drawn((enum action_place)place, TALL);
        for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
            char line[128];
            snprintf(line, sizeof line, " %s\n", action_info(action)->sentence);
            if (action_info(action)->places & place)
                assert_non_null(strstr(text, line));
        }
    }
    assert_null(strstr(drawn(ACTION_IN_BOARD, TALL), action_info(ACTION_FAILURES)->sentence));
}

static void groups_follow_the_table(void **state)
{
    (void)state;
    static const char *const titles[] = {"\nScreens\n", "\n\nFilters\n", "\n\nWorkstation\n",
                                         "\n\nMoving\n", "\n\nLists\n"};
    const char *text = drawn(ACTION_IN_BOARD, TALL);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        text = strstr(text, titles[i]);
        assert_non_null(text);
    }
    assert_non_null(strstr(drawn(ACTION_IN_TYPED, TALL), "\nTyping\n"));
}

static void keys_are_those_that_are_bound(void **state)
{
    (void)state;
    struct err err = {0};
    assert_true(keymap_bind(&keymap, "undo", "C-x", &err));
    const char *line = strstr(drawn(ACTION_IN_BOARD, TALL), "the filters as they were before");
    assert_non_null(line);
    assert_non_null(strstr(buf_text(&out), "  C-x  "));
    assert_non_null(strstr(buf_text(&out), "  :section  ")); /* it has no key */
}

static void typing_narrows_and_says_when_nothing_is_left(void **state)
{
    (void)state;
    type("watch list");
    assert_string_equal(guide.search, "watch list");
    const char *text = drawn(ACTION_IN_BOARD, HEIGHT);
    assert_non_null(strstr(text, "put the event on a watch list"));
    assert_null(strstr(text, "leave tws"));
    type("qqq");
    assert_non_null(strstr(drawn(ACTION_IN_BOARD, HEIGHT), "nothing is found"));
    type("<Backspace><Backspace><Backspace>");
    assert_string_equal(guide.search, "watch list");
    type("<C-u>é<Backspace>");
    assert_string_equal(guide.search, "");
}

static void it_closes_as_it_was_opened(void **state)
{
    (void)state;
    static const char *const closing[] = {"<Esc>", "<Enter>", "q",       "?",
                                          "<F1>",  "x<Esc>",  "x<Enter>"};
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++) {
        guide_open(&guide);
        type(closing[i]);
        assert_false(guide.open);
    }
    guide_open(&guide);
    type("xq?");
    assert_true(guide.open);
    assert_string_equal(guide.search, "xq?");
}

static void scrolling_stops_at_both_ends_and_says_what_is_left(void **state)
{
    (void)state;
    assert_non_null(strstr(drawn(ACTION_IN_BOARD, HEIGHT), "lines below\n"));
    type("<Up><PgUp>");
    assert_int_equal(guide.top, 0);
    type("<Down><Down>");
    assert_int_equal(guide.top, 2);
    assert_non_null(strstr(drawn(ACTION_IN_BOARD, HEIGHT), "2 lines above, "));
    type("<End>");
    size_t end = guide.top;
    type("<PgDn><PgDn><Down>");
    assert_int_equal(guide.top, end);
    assert_non_null(strstr(drawn(ACTION_IN_BOARD, HEIGHT), "lines above\n"));
    type("<Up>");
    assert_int_equal(guide.top, end - 1);
    type("<Home>");
    assert_int_equal(guide.top, 0);
}

static void what_is_typed_has_an_end(void **state)
{
    (void)state;
    for (int i = 0; i < 3 * GUIDE_SEARCH_MAX; i++)
        type("票a");
    assert_true(strlen(guide.search) < GUIDE_SEARCH_MAX);
}

static void nothing_is_drawn_outside_the_area_at_any_size(void **state)
{
    (void)state;
    for (int height = 1; height <= 24; height++)
        for (int width = 1; width <= 80; width++) {
            canvas_release(&canvas);
            canvas_init(&canvas, 86, 30, false);
            for (int i = 0; i < 86 * 30; i++)
                canvas_put(&canvas, i % 86, i / 86, '.', THEME_TEXT);
            guide_draw(&guide, &keymap, ACTION_IN_CHART, false, &canvas,
                       (struct canvas_area){2, 3, width, height});
            for (int y = 0; y < 30; y++)
                for (int x = 0; x < 86; x++) {
                    bool inside = x >= 2 && x < 2 + width && y >= 3 && y < 3 + height;
                    if (!inside)
                        assert_int_equal(canvas_at(&canvas, x, y)->character, '.');
                }
        }
}

#define ON_GUIDE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_GUIDE(everything_that_can_be_done_here_is_listed),
        ON_GUIDE(groups_follow_the_table),
        ON_GUIDE(keys_are_those_that_are_bound),
        ON_GUIDE(typing_narrows_and_says_when_nothing_is_left),
        ON_GUIDE(it_closes_as_it_was_opened),
        ON_GUIDE(scrolling_stops_at_both_ends_and_says_what_is_left),
        ON_GUIDE(what_is_typed_has_an_end),
        ON_GUIDE(nothing_is_drawn_outside_the_area_at_any_size),
    };
    return cmocka_run_group_tests_name("guide", tests, NULL, NULL);
}
