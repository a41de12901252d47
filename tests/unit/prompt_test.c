#include "tui/prompt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tui/key.h"

static struct keymap keymap;
static struct prompt prompt;

static int set_up(void **state)
{
    (void)state;
    keymap_init(&keymap);
    prompt = (struct prompt){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    prompt_close(&prompt);
    return 0;
}

/* Plays a script; what the last key did. */
static enum prompt_result type(const char *script)
{
    struct key_script keys = {.at = script};
    struct key key = {0};
    struct err err = {0};
    enum prompt_result result = PROMPT_STAYS;
    for (;;) {
        if (!key_script_next(&keys, &key, &err))
            fail_msg("%s", err.text);
        if (key.code == KEY_CODE_NONE)
            return result;
        result = prompt_key(&prompt, &keymap, &key);
        assert_true(prompt.cursor <= strlen(prompt.text));
        assert_true(text_is_utf8(prompt.text, strlen(prompt.text)));
    }
}

static void offer(const char *const *texts)
{
    for (; *texts; texts++)
        prompt_offer(&prompt, *texts, "");
    prompt_match(&prompt);
}

static const char *chosen(void)
{
    return prompt.chosen < prompt.order_count ? prompt.choices[prompt.order[prompt.chosen]].text
                                              : NULL;
}

static void the_cursor_goes_by_characters(void **state)
{
    (void)state;
    prompt_open(&prompt, ACTION_SECTION, "");
    assert_int_equal(type("aé票"), PROMPT_CHANGED);
    assert_int_equal(prompt.cursor, 6);
    type("<Left>");
    assert_int_equal(prompt.cursor, 3);
    type("<Left>");
    assert_int_equal(prompt.cursor, 1);
    assert_int_equal(type("<Left><Left><Left>"), PROMPT_STAYS);
    type("x<End>y<Home><Right>z");
    assert_string_equal(prompt.text, "xzaé票y");
}

static void marks_go_with_their_letter(void **state)
{
    (void)state;
    prompt_open(&prompt, ACTION_SECTION, "e\xcc\x81\xcc\x82x");
    type("<Left>");
    assert_int_equal(prompt.cursor, 5);
    type("<Backspace>");
    assert_string_equal(prompt.text, "x");
}

static void every_way_to_delete_works(void **state)
{
    (void)state;
    const struct {
        const char *script, *text;
    } cases[] = {
        {"<Backspace>", "one two thre"},
        {"<Home><Del>", "ne two three"},
        {"<C-w>", "one two "},
        {"<C-w><C-w>", "one "},
        {"<C-u>", ""},
        {"<Left><Left><C-u>", "ee"},
        {"<Home><Backspace>", "one two three"},
        {"<Del>", "one two three"},
        {"<Home><C-w>", "one two three"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        prompt_open(&prompt, ACTION_SECTION, "one two three");
        type(cases[i].script);
        assert_string_equal(prompt.text, cases[i].text);
    }
}

static void what_is_pasted_is_made_harmless(void **state)
{
    (void)state;
    struct key paste = {.code = KEY_CODE_PASTE, .text = "a\x1b[31m\r\n\xe2\x80\xae b\t\xff"};
    prompt_open(&prompt, ACTION_SECTION, "x");
    assert_int_equal(prompt_key(&prompt, &keymap, &paste), PROMPT_CHANGED);
    for (const char *at = prompt.text; *at;)
        assert_true(text_char_width(text_next(&at)) > 0);
    assert_int_equal(strncmp(prompt.text, "xa[31m b", 8), 0);
}

static void what_has_no_room_is_left_out_whole(void **state)
{
    (void)state;
    struct key paste = {.code = KEY_CODE_PASTE};
    memset(paste.text, 'a', KEY_TEXT_MAX - 1);
    prompt_open(&prompt, ACTION_SECTION, "");
    for (int i = 0; i < 4; i++)
        assert_int_equal(prompt_key(&prompt, &keymap, &paste), PROMPT_CHANGED);
    assert_int_equal(strlen(prompt.text), 4 * (KEY_TEXT_MAX - 1));
    assert_int_equal(prompt_key(&prompt, &keymap, &paste), PROMPT_STAYS);
    assert_int_equal(strlen(prompt.text), 4 * (KEY_TEXT_MAX - 1));
}

static void keys_that_type_nothing_change_nothing(void **state)
{
    (void)state;
    prompt_open(&prompt, ACTION_SECTION, "x");
    assert_int_equal(type("<F5><M-x><Click 3,3><Size 80x24><C-t>"), PROMPT_STAYS);
    assert_string_equal(prompt.text, "x");
}

static void enter_and_esc_say_so(void **state)
{
    (void)state;
    prompt_open(&prompt, ACTION_SECTION, "x");
    assert_int_equal(type("<Enter>"), PROMPT_ACCEPTED);
    assert_int_equal(type("<Esc>"), PROMPT_CANCELLED);
    assert_string_equal(prompt.text, "x");
}

static void a_list_completes_its_last_item(void **state)
{
    (void)state;
    prompt_open(&prompt, ACTION_ZONE, "");
    offer((const char *const[]){"Floor", "Lower Bowl", "Suite, west", NULL});
    type("Floor, lo");
    assert_string_equal(prompt_item(&prompt), "lo");
    assert_null(chosen()); /* a filter is what was typed */
    type("<Tab>");
    assert_string_equal(prompt.text, "Floor, Lower Bowl");
    type(", sui<Tab>");
    assert_string_equal(prompt.text, "Floor, Lower Bowl, \"Suite, west\"");
}

static void elsewhere_a_comma_is_part_of_the_name(void **state)
{
    (void)state;
    prompt_open(&prompt, ACTION_EVENT, "");
    offer((const char *const[]){"vividseats:1", NULL});
    type("Leafs, Tor");
    assert_string_equal(prompt_item(&prompt), "Leafs, Tor");
}

static void the_palette_completes_the_word_then_its_argument(void **state)
{
    (void)state;
    prompt_open(&prompt, ACTION_COMMAND, "");
    offer((const char *const[]){"zone", "zones", "board", NULL});
    assert_null(chosen());
    type("zone");
    assert_string_equal(chosen(), "zone"); /* typed to its end, it is that one */
    type("<Tab>");
    assert_string_equal(prompt.text, "zone ");
    prompt_clear_choices(&prompt);
    offer((const char *const[]){"Floor", "Lower Bowl", NULL});
    type("Floor, low");
    assert_string_equal(prompt_item(&prompt), "low");
    type("<Down>");
    assert_string_equal(chosen(), "Lower Bowl");
    assert_int_equal(type("<Enter>"), PROMPT_ACCEPTED);
    assert_string_equal(prompt.text, "zone Floor, Lower Bowl");
}

static void a_note_finds_a_choice_too(void **state)
{
    (void)state;
    prompt_open(&prompt, ACTION_EVENT, "");
    prompt_offer(&prompt, "vividseats:1", "Leafs at Canadiens");
    prompt_offer(&prompt, "vividseats:2", "Bruins at Rangers");
    prompt_match(&prompt);
    type("rang");
    assert_int_equal(prompt.order_count, 1);
    assert_int_equal(type("<Enter>"), PROMPT_ACCEPTED);
    assert_string_equal(prompt.text, "vividseats:2");
}

static void choices_are_gone_through_in_a_ring_with_none_in_it(void **state)
{
    (void)state;
    prompt_open(&prompt, ACTION_ZONE, "");
    offer((const char *const[]){"a", "b", NULL});
    const char *const ring[] = {"a", "b", NULL, "a"};
    for (size_t i = 0; i < 4; i++) {
        type("<Down>");
        assert_true(ring[i] ? chosen() && strcmp(chosen(), ring[i]) == 0 : !chosen());
    }
    type("<Up>");
    assert_null(chosen());
    type("<Up>");
    assert_string_equal(chosen(), "b");
    type("<PgDn><PgDn>");
    assert_string_equal(chosen(), "b");
    type("<PgUp>");
    assert_string_equal(chosen(), "a");
    prompt_clear_choices(&prompt);
    assert_int_equal(type("<Down><Up><PgDn><PgUp><Tab>"), PROMPT_STAYS);
    assert_null(chosen());
}

static void a_change_forgets_what_was_wrong(void **state)
{
    (void)state;
    prompt_open(&prompt, ACTION_FROM, "x");
    err_set(&prompt.err, ERR_USAGE, "no time");
    type("<Left>");
    assert_int_equal(prompt.err.code, ERR_USAGE);
    type("7");
    assert_int_equal(prompt.err.code, ERR_NONE);
}

/* --- what is drawn --- */

static void the_cursor_is_always_in_the_line(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    prompt_open(&prompt, ACTION_SECTION, "");
    for (int i = 0; i < 60; i++)
        type(i % 3 ? "a" : "票");
    for (int left = 0; left < 60; left++) {
        for (int width = 1; width < 100; width += 7) {
            canvas_release(&canvas);
            canvas_init(&canvas, width + 4, 3, false);
            int x = prompt_draw(&prompt, "section:", false, &canvas,
                                (struct canvas_area){2, 0, width, 3});
            assert_in_range(x, 2, 2 + width - 1);
        }
        type("<Left>");
    }
}

static void an_error_stands_beside_or_above(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 10000};
    prompt_open(&prompt, ACTION_FROM, "7x");
    err_set(&prompt.err, ERR_USAGE, "'7x' is no time");
    canvas_init(&canvas, 40, 3, false);
    prompt_draw(&prompt, "from:", false, &canvas, canvas_whole(&canvas));
    assert_true(canvas_plain(&canvas, &out));
    assert_string_equal(buf_text(&out), "\n\nfrom: 7x  '7x' is no time\n");
    canvas_release(&canvas);
    canvas_init(&canvas, 20, 3, false);
    prompt_draw(&prompt, "from:", false, &canvas, canvas_whole(&canvas));
    buf_reset(&out);
    assert_true(canvas_plain(&canvas, &out));
    assert_string_equal(buf_text(&out), "\n'7x' is no time\nfrom: 7x\n");
}

static void what_is_allowed_stands_above_in_as_many_rows_as_it_takes(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 10000};
    prompt_open(&prompt, ACTION_FROM, "7x");
    err_set(&prompt.err, ERR_USAGE, "'7x' is no time");
    err_hint(&prompt.err, "a date, 7d, 36h, or T-14d before the event");
    canvas_init(&canvas, 20, 6, false);
    prompt_draw(&prompt, "from:", false, &canvas, canvas_whole(&canvas));
    assert_true(canvas_plain(&canvas, &out));
    assert_string_equal(buf_text(&out), "\na date, 7d, 36h, or\nT-14d before the\nevent\n"
                                        "'7x' is no time\nfrom: 7x\n");
    canvas_release(&canvas);
    canvas_init(&canvas, 20, 3, false); /* no more than there are */
    prompt_draw(&prompt, "from:", false, &canvas, canvas_whole(&canvas));
    buf_reset(&out);
    assert_true(canvas_plain(&canvas, &out));
    assert_string_equal(buf_text(&out),
                        "a date, 7d, 36h, or\xe2\x80\xa6\n'7x' is no time\nfrom: 7x\n");
}

static void nothing_is_drawn_outside_the_area_at_any_size(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    prompt_open(&prompt, ACTION_ZONE, "票票票, a long line that goes on, and on");
    for (int i = 0; i < 30; i++)
        prompt_offer(&prompt, i % 2 ? "票票票票票票票票" : "\x1b[31mplain",
                     "a note \xe2\x80\xae that is long");
    type(",<Up><Up>");
    err_set(&prompt.err, ERR_USAGE, "something is wrong with it");
    err_hint(&prompt.err, "a hint that is longer than most of the rows that it is drawn in");
    for (int height = 1; height <= 24; height++)
        for (int width = 1; width <= 80; width++) {
            canvas_release(&canvas);
            canvas_init(&canvas, 86, 30, false);
            prompt_draw(&prompt, "zone:", false, &canvas,
                        (struct canvas_area){2, 3, width, height});
            for (int y = 0; y < 30; y++)
                for (int x = 0; x < 86; x++) {
                    const struct canvas_cell *cell = canvas_at(&canvas, x, y);
                    bool inside = x >= 2 && x < 2 + width && y >= 3 && y < 3 + height;
                    assert_true(inside || (cell->character == ' ' && cell->ground == THEME_TEXT));
                }
        }
}

static void the_marked_choice_is_among_those_shown(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    char text[32];
    prompt_open(&prompt, ACTION_ZONE, "");
    for (int i = 0; i < 30; i++) {
        snprintf(text, sizeof text, "zone %d", i);
        prompt_offer(&prompt, text, "");
    }
    prompt_match(&prompt);
    canvas_init(&canvas, 40, 20, false);
    for (int i = 0; i < 30; i++) {
        type("<Down>");
        int seen = 0, rows = 0;
        canvas_reset(&canvas);
        prompt_draw(&prompt, "zone:", false, &canvas, canvas_whole(&canvas));
        for (int y = 0; y < 20; y++) {
            seen += canvas_at(&canvas, 0, y)->ground == THEME_SELECTED;
            rows += canvas_at(&canvas, 0, y)->ground != THEME_TEXT;
        }
        assert_int_equal(seen, 1);
        assert_int_equal(rows, PROMPT_CHOICES_SHOWN);
    }
}

#define ON_PROMPT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PROMPT(the_cursor_goes_by_characters),
        ON_PROMPT(marks_go_with_their_letter),
        ON_PROMPT(every_way_to_delete_works),
        ON_PROMPT(what_is_pasted_is_made_harmless),
        ON_PROMPT(what_has_no_room_is_left_out_whole),
        ON_PROMPT(keys_that_type_nothing_change_nothing),
        ON_PROMPT(enter_and_esc_say_so),
        ON_PROMPT(a_list_completes_its_last_item),
        ON_PROMPT(elsewhere_a_comma_is_part_of_the_name),
        ON_PROMPT(the_palette_completes_the_word_then_its_argument),
        ON_PROMPT(a_note_finds_a_choice_too),
        ON_PROMPT(choices_are_gone_through_in_a_ring_with_none_in_it),
        ON_PROMPT(a_change_forgets_what_was_wrong),
        ON_PROMPT(the_cursor_is_always_in_the_line),
        ON_PROMPT(an_error_stands_beside_or_above),
        ON_PROMPT(what_is_allowed_stands_above_in_as_many_rows_as_it_takes),
        ON_PROMPT(nothing_is_drawn_outside_the_area_at_any_size),
        ON_PROMPT(the_marked_choice_is_among_those_shown),
    };
    return cmocka_run_group_tests_name("prompt", tests, NULL, NULL);
}
