#include "tui/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { STEPS = 200000, LONGEST = STEPS + 1 };

/* Views are told apart by a number in their section. */
static struct view numbered(int number)
{
    struct view view;
    view_init(&view);
    snprintf(view.section, sizeof view.section, "%d", number);
    return view;
}

static struct history history;

static void a_view_comes_back_and_goes_again(void **state)
{
    (void)state;
    history = (struct history){0};
    struct view view = numbered(1);
    assert_false(history_undo(&history, &view));
    assert_false(history_redo(&history, &view));
    history_note(&history, &view);
    view = numbered(2);
    assert_true(history_undo(&history, &view));
    assert_string_equal(view.section, "1");
    assert_false(history_undo(&history, &view));
    assert_true(history_redo(&history, &view));
    assert_string_equal(view.section, "2");
    assert_false(history_redo(&history, &view));
}

static void a_new_view_forgets_what_was_undone(void **state)
{
    (void)state;
    history = (struct history){0};
    struct view view = numbered(1);
    history_note(&history, &view);
    view = numbered(2);
    assert_true(history_undo(&history, &view));
    history_note(&history, &view);
    view = numbered(3);
    assert_false(history_redo(&history, &view));
    assert_true(history_undo(&history, &view));
    assert_string_equal(view.section, "1");
}

/* The whole line of views, and where in it one stands; never more than HISTORY_MAX back. */
struct line {
    int numbers[LONGEST];
    int at, last, oldest;
};

static unsigned seed = 7;

static unsigned draw(unsigned below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static void a_random_walk_agrees_with_a_simple_list(void **state)
{
    (void)state;
    static struct line line;
    history = (struct history){0};
    struct view view = numbered(0);
    for (int step = 1; step <= STEPS; step++) {
        unsigned what = draw(100);
        if (what < 40) {
            history_note(&history, &view);
            view = numbered(step);
            line.numbers[++line.at] = step;
            line.last = line.at;
            if (line.at - line.oldest > HISTORY_MAX)
                line.oldest = line.at - HISTORY_MAX;
        } else if (what < 75) {
            assert_int_equal(history_undo(&history, &view), line.at > line.oldest);
            line.at -= line.at > line.oldest;
        } else {
            assert_int_equal(history_redo(&history, &view), line.at < line.last);
            line.at += line.at < line.last;
        }
        struct view expected = numbered(line.numbers[line.at]);
        assert_string_equal(view.section, expected.section);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_comes_back_and_goes_again),
        cmocka_unit_test(a_new_view_forgets_what_was_undone),
        cmocka_unit_test(a_random_walk_agrees_with_a_simple_list),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
