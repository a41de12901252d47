#include "tui/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct key parsed(const char *name)
{
    struct key key;
    struct err err = {0};
    if (!key_parse(name, &key, &err))
        fail_msg("%s", err.text);
    return key;
}

static void names_are_printed_as_they_are_read(void **state)
{
    (void)state;
    static const char *const names[] = {
        "a",
        "A",
        "<",
        "é",
        "€",
        "😀",
        "Space",
        "-",
        "#",
        "C-d",
        "C-Space",
        "C-_",
        "M-m",
        "M-M",
        "C-M-d",
        "S-Tab",
        "Tab",
        "Enter",
        "Esc",
        "Backspace",
        "Del",
        "Ins",
        "Up",
        "S-Up",
        "C-Left",
        "C-M-S-Right",
        "Home",
        "End",
        "PgUp",
        "PgDn",
        "F1",
        "F12",
        "M-Enter",
        "M--",
        "Click 10,5",
        "Drag 0,0",
        "C-Click 1,2",
        "Release 9999,9999",
        "Wheel-Up 3,4",
        "Wheel-Down 3,4",
        "Wheel-Down",
        "Size 120x40",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[KEY_NAME_MAX];
        struct key key = parsed(names[i]);
        assert_string_equal(key_format(text, &key), names[i]);
    }
}

static void modifiers_and_places_are_read(void **state)
{
    (void)state;
    struct key key = parsed("M-C-d");
    assert_int_equal(key.code, KEY_CODE_CHARACTER);
    assert_int_equal(key.character, 'd');
    assert_true(key.ctrl && key.alt && !key.shift);
    key = parsed("s-tab");
    assert_int_equal(key.code, KEY_CODE_TAB);
    assert_true(key.shift && !key.ctrl && !key.alt);
    key = parsed("Drag 10,5");
    assert_int_equal(key.code, KEY_CODE_DRAG);
    assert_int_equal(key.x, 10);
    assert_int_equal(key.y, 5);
    key = parsed("Size 120x40");
    assert_int_equal(key.x, 120);
    assert_int_equal(key.y, 40);
    key = parsed("é");
    assert_int_equal(key.character, 0xe9);
}

/* Left: how somebody might write it. Right: what arrives. */
static void what_no_terminal_tells_apart_is_one_key(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"C-i", "Tab"},       {"C-m", "Enter"},   {"C-j", "Enter"},  {"C-[", "Esc"},
        {"C-h", "Backspace"}, {"C-@", "C-Space"}, {"C-/", "C-_"},    {"C-D", "C-d"},
        {"C-S-d", "C-d"},     {"S-a", "A"},       {"M-S-a", "M-A"},  {"C-M-i", "M-Tab"},
        {"lt", "<"},          {"M-gt", "M->"},    {"Delete", "Del"}, {"c-space", "C-Space"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[KEY_NAME_MAX];
        struct key key = parsed(pairs[i][0]), same = parsed(pairs[i][1]);
        assert_string_equal(key_format(text, &key), pairs[i][1]);
        assert_true(key_same(&key, &same));
    }
}

static void keys_differ_by_modifiers_but_not_by_place(void **state)
{
    (void)state;
    struct key plain = parsed("d"), ctrl = parsed("C-d"), alt = parsed("M-d"), up = parsed("Up"),
               shift_up = parsed("S-Up"), here = parsed("Click 1,2"), there = parsed("Click");
    assert_false(key_same(&plain, &ctrl));
    assert_false(key_same(&plain, &alt));
    assert_false(key_same(&up, &shift_up));
    assert_true(key_same(&here, &there));
}

static void rubbish_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "C-",
        "ab",
        "Enterr",
        "X-a",
        "C-1",
        "C-é",
        "S-1",
        "\t",
        "\x1b",
        "\xff",
        "\xc3",
        "a\xcc\x81",
        "F13",
        "Enter ",
        "Click 1",
        "Click 1,",
        "Click -1,2",
        "Click 1,2,3",
        "Click 10000,1",
        "Size",
        "Size 0x5",
        "Size 5x0",
        "Size 80,24",
        "Size 99999999999999999999x1",
        "Up 1,2",
        "Clickety-clack-clack 1,2",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct key key;
        struct err err = {0};
        if (key_parse(names[i], &key, &err))
            fail_msg("'%s' is taken for a key", names[i]);
        assert_int_equal(err.code, ERR_USAGE);
    }
}

/* Replays a script and joins the names of its keys with blanks. */
static bool replay(const char *text, char *out, size_t size, struct err *err)
{
    struct key_script script = {.at = text};
    struct key key;
    out[0] = '\0';
    while (key_script_next(&script, &key, err)) {
        char name[KEY_NAME_MAX];
        size_t used = strlen(out);
        if (key.code == KEY_CODE_NONE)
            return true;
        snprintf(out + used, size - used, "%s%s", used ? " " : "", key_format(name, &key));
    }
    return false;
}

static void a_script_is_characters_and_names(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"/ruby<Enter>jj<PgDn>", "/ r u b y Enter j j PgDn"},
        {"<Click 10,5><Wheel-Down 10,5><Size 120x40><lt>",
         "Click 10,5 Wheel-Down 10,5 Size 120x40 <"},
        {"a>b<M-lt><M-gt><#>", "a > b M-< M-> #"},
        {"# a comment\n\n  \t\na b\r\n  c#\n#<\nd", "a Space b Space Space c # d"},
        {"#only", ""},
        {"   ", ""},
        {"é<C-d>", "é C-d"},
        {"q\n", "q"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char out[256];
        struct err err = {0};
        if (!replay(pairs[i][0], out, sizeof out, &err))
            fail_msg("%s: %s", pairs[i][0], err.text);
        assert_string_equal(out, pairs[i][1]);
    }
}

static void a_paste_carries_its_text_on_one_line(void **state)
{
    (void)state;
    struct key_script script = {.at = "<Paste two  words\t\xe2\x80\xaehidden>x"};
    struct key key;
    struct err err = {0};
    assert_true(key_script_next(&script, &key, &err));
    assert_int_equal(key.code, KEY_CODE_PASTE);
    assert_string_equal(key.text, "two words hidden");
    assert_true(key_script_next(&script, &key, &err));
    assert_int_equal(key.character, 'x');
    assert_string_equal(key.text, "");
}

static void errors_of_a_script_name_the_line(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"<Foo>", "line 1: <Foo> is no key"},
        {"a\n# <\n\nb<Enter", "line 4: '<' without '>'; a '<' itself is <lt>"},
        {"<Enter\n>", "line 1: '<' without '>'; a '<' itself is <lt>"},
        {"<>", "line 1: <> is no key"},
        {"a\tb", "line 1: control character 9; keys have names, such as <Tab>"},
        {"\n\xff", "line 2: not UTF-8"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char out[64];
        struct err err = {0};
        assert_false(replay(pairs[i][0], out, sizeof out, &err));
        assert_int_equal(err.code, ERR_USAGE);
        assert_string_equal(err.text, pairs[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_printed_as_they_are_read),
        cmocka_unit_test(modifiers_and_places_are_read),
        cmocka_unit_test(what_no_terminal_tells_apart_is_one_key),
        cmocka_unit_test(keys_differ_by_modifiers_but_not_by_place),
        cmocka_unit_test(rubbish_is_refused),
        cmocka_unit_test(a_script_is_characters_and_names),
        cmocka_unit_test(a_paste_carries_its_text_on_one_line),
        cmocka_unit_test(errors_of_a_script_name_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
