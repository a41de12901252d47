#include "tui/canvas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static const char *plain(const struct canvas *canvas, struct buf *out)
{
    buf_reset(out);
    assert_true(canvas_plain(canvas, out));
    return buf_text(out);
}

static void text_stays_inside_the_clip(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 1000};
    canvas_init(&canvas, 8, 3, false);
    struct canvas_area before = canvas_clip(&canvas, (struct canvas_area){2, 1, 4, 1});
    assert_int_equal(canvas_text(&canvas, 0, 1, "abcdefgh", THEME_TEXT), 8);
    canvas_text(&canvas, 2, 0, "above", THEME_TEXT);
    canvas_text(&canvas, 2, 2, "below", THEME_TEXT);
    assert_string_equal(plain(&canvas, &out), "\n  cdef\n\n");
    canvas_clip(&canvas, before);
    canvas_put(&canvas, 7, 2, 'x', THEME_TEXT);
    assert_string_equal(plain(&canvas, &out), "\n  cdef\n       x\n");
}

static void a_clip_beyond_the_canvas_is_cut_to_it(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    canvas_init(&canvas, 4, 2, false);
    canvas_clip(&canvas, (struct canvas_area){-3, 1, 100, 100});
    assert_int_equal(canvas.clip.x, 0);
    assert_int_equal(canvas.clip.width, 4);
    assert_int_equal(canvas.clip.height, 1);
    canvas_clip(&canvas, (struct canvas_area){9, 9, 5, 5});
    assert_int_equal(canvas.clip.width, 0);
}

static void a_wide_character_is_drawn_whole_or_not_at_all(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 1000};
    canvas_init(&canvas, 3, 1, false);
    canvas_text(&canvas, 0, 0, "\xe7\xa5\xa8\xe7\xa5\xa8", THEME_TEXT);
    assert_string_equal(plain(&canvas, &out), "\xe7\xa5\xa8\n");
    assert_int_equal(text_width("\xe7\xa5\xa8"), 2);
}

static void overwriting_half_a_wide_character_blanks_the_rest(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 1000};
    canvas_init(&canvas, 4, 1, false);
    canvas_text(&canvas, 0, 0, "\xe7\xa5\xa8\xe7\xa5\xa8", THEME_TEXT);
    canvas_put(&canvas, 1, 0, 'x', THEME_TEXT);
    canvas_put(&canvas, 2, 0, 'y', THEME_TEXT);
    assert_string_equal(plain(&canvas, &out), " xy\n");
    canvas_text(&canvas, 1, 0, "\xe7\xa5\xa8", THEME_TEXT);
    assert_string_equal(plain(&canvas, &out), " \xe7\xa5\xa8\n");
}

static void controls_never_reach_the_grid(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 1000};
    canvas_init(&canvas, 20, 1, false);
    canvas_text(&canvas, 0, 0, "a\033[31m\x07\x7f\tb\xc2\x9b\xe2\x80\xae!", THEME_TEXT);
    assert_string_equal(plain(&canvas, &out), "a[31mb!\n");
}

static void an_ascii_canvas_shows_nothing_else(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 1000};
    canvas_init(&canvas, 12, 1, true);
    canvas_text(&canvas, 0, 0,
                "Montr\xc3\xa9"
                "al \xe7\xa5\xa8",
                THEME_TEXT);
    assert_string_equal(plain(&canvas, &out), "Montreal ??\n");
}

static void sizes_are_brought_into_bounds(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas none = {0}, huge = {0};
    AUTO_BUF struct buf out = {.cap = 1 << 20};
    canvas_init(&none, -5, 0, false);
    canvas_text(&none, 0, 0, "lost", THEME_TEXT);
    assert_string_equal(plain(&none, &out), "");
    canvas_init(&huge, 1 << 30, 2, false);
    assert_int_equal(huge.width, CANVAS_SIDE_MAX);
    assert_null(canvas_at(&huge, CANVAS_SIDE_MAX, 0));
    assert_non_null(canvas_at(&huge, CANVAS_SIDE_MAX - 1, 1));
}

/* Copies `text` without escape sequences. */
static void strip(char *out, const char *text)
{
    while (*text) {
        if (*text == '\033')
            text += strcspn(text, "m") + 1;
        else
            *out++ = *text++;
    }
    *out = '\0';
}

static void draw_sample(struct canvas *canvas)
{
    canvas_text(canvas, 0, 0, "title", THEME_TITLE);
    canvas_text(canvas, 1, 1, "line", THEME_SERIES);
    canvas_ground(canvas, 2, 1, THEME_BAND);
    canvas_text(canvas, 8, 1, "end", THEME_AXIS);
}

static void escape_sequences_change_nothing_but_the_looks(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf text = {.cap = 1000}, ansi = {.cap = 1000};
    char bare[1000];
    canvas_init(&canvas, 20, 3, false);
    draw_sample(&canvas);
    for (int depth = THEME_PLAIN; depth <= THEME_TRUE; depth++) {
        buf_reset(&ansi);
        assert_true(canvas_ansi(&canvas, theme_default(), (enum theme_depth)depth, &ansi));
        strip(bare, buf_text(&ansi));
        assert_string_equal(bare, plain(&canvas, &text));
    }
}

static void a_line_sets_what_it_needs_and_leaves_nothing_behind(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 1000};
    canvas_init(&canvas, 20, 2, false);
    draw_sample(&canvas);
    assert_true(canvas_ansi(&canvas, theme_default(), THEME_256, &out));
    assert_string_equal(buf_text(&out),
                        "\033[0;1mtitle\033[0m\n"
                        " \033[0;38;5;214ml\033[0;38;5;214;48;5;236mi\033[0;38;5;214mne   "
                        "\033[0;38;5;246mend\033[0m\n");
}

static void a_ground_without_text_is_drawn_only_where_it_shows(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 1000};
    canvas_init(&canvas, 9, 1, false);
    canvas_ground(&canvas, 1, 0, THEME_BAND);
    canvas_ansi(&canvas, theme_default(), THEME_256, &out);
    assert_string_equal(buf_text(&out), " \033[0;48;5;236m \033[0m\n");
    buf_reset(&out);
    canvas_ansi(&canvas, theme_default(), THEME_8, &out);
    assert_string_equal(buf_text(&out), "\n");
}

static void a_selected_row_shows_to_its_end_at_every_depth(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 1000};
    canvas_init(&canvas, 4, 1, false);
    canvas_text(&canvas, 0, 0, "a b", THEME_MATCH);
    canvas_text(&canvas, 2, 0, "c", THEME_TEXT);
    for (int x = 0; x < 4; x++)
        canvas_ground(&canvas, x, 0, THEME_SELECTED);
    canvas_ansi(&canvas, theme_default(), THEME_MONO, &out);
    assert_string_equal(buf_text(&out), "\033[0;1;4;7ma \033[0;7mc \033[0m\n");
    buf_reset(&out);
    canvas_plain(&canvas, &out);
    assert_string_equal(buf_text(&out), "a c\n");
}

static void a_full_buffer_is_reported(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 5};
    canvas_init(&canvas, 20, 1, false);
    canvas_text(&canvas, 0, 0, "longer than five", THEME_TITLE);
    assert_false(canvas_plain(&canvas, &out));
    buf_reset(&out);
    assert_false(canvas_ansi(&canvas, theme_default(), THEME_8, &out));
}

static void a_reset_canvas_is_blank(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 1000};
    canvas_init(&canvas, 20, 2, false);
    draw_sample(&canvas);
    canvas_clip(&canvas, (struct canvas_area){0, 0, 1, 1});
    canvas_reset(&canvas);
    assert_string_equal(plain(&canvas, &out), "\n\n");
    assert_int_equal(canvas.clip.width, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_stays_inside_the_clip),
        cmocka_unit_test(a_clip_beyond_the_canvas_is_cut_to_it),
        cmocka_unit_test(a_wide_character_is_drawn_whole_or_not_at_all),
        cmocka_unit_test(overwriting_half_a_wide_character_blanks_the_rest),
        cmocka_unit_test(controls_never_reach_the_grid),
        cmocka_unit_test(an_ascii_canvas_shows_nothing_else),
        cmocka_unit_test(sizes_are_brought_into_bounds),
        cmocka_unit_test(escape_sequences_change_nothing_but_the_looks),
        cmocka_unit_test(a_line_sets_what_it_needs_and_leaves_nothing_behind),
        cmocka_unit_test(a_ground_without_text_is_drawn_only_where_it_shows),
        cmocka_unit_test(a_selected_row_shows_to_its_end_at_every_depth),
        cmocka_unit_test(a_full_buffer_is_reported),
        cmocka_unit_test(a_reset_canvas_is_blank),
    };
    return cmocka_run_group_tests_name("canvas", tests, NULL, NULL);
}
