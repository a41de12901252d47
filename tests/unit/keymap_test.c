#include "tui/keymap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct keymap keymap;

static int set_up(void **state)
{
    (void)state;
    keymap_init(&keymap);
    return 0;
}

static struct key read_key(const char *name)
{
    struct key key = {0};
    struct err err = {0};
    if (!key_parse(name, &key, &err))
        fail_msg("%s", err.text);
    return key;
}

static enum action find(const char *name, enum action_place place)
{
    struct key key = read_key(name);
    return keymap_find(&keymap, &key, place);
}

static void bind(const char *word, const char *keys)
{
    struct err err = {0};
    if (!keymap_bind(&keymap, word, keys, &err))
        fail_msg("%s", err.text);
}

static void refuses(const char *word, const char *keys, const char *text, const char *hint)
{
    struct err err = {0};
    struct keymap before = keymap;
    assert_false(keymap_bind(&keymap, word, keys, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_non_null(strstr(err.text, text));
    assert_non_null(strstr(err.hint, hint));
    assert_memory_equal(&before, &keymap, sizeof keymap);
}

static void a_key_means_what_it_means_in_its_place(void **state)
{
    (void)state;
    assert_int_equal(find("j", ACTION_IN_BOARD), ACTION_DOWN);
    assert_int_equal(find("Space", ACTION_IN_BOARD), ACTION_MARK);
    assert_int_equal(find("Space", ACTION_IN_MARKET), ACTION_EXPAND);
    assert_int_equal(find("Space", ACTION_IN_JOBS), ACTION_NONE);
    assert_int_equal(find("j", ACTION_IN_TYPED), ACTION_NONE);
    assert_int_equal(find("Esc", ACTION_IN_TYPED), ACTION_CANCEL);
    assert_int_equal(find("Esc", ACTION_IN_BAR), ACTION_BAR_LEAVE);
}

/* The table says what a key does; no other action of that place may claim it, by a search of its own. */
static void in_the_table_no_key_stands_for_two_things_in_a_place(void **state)
{
    (void)state;
    for (unsigned place = 1; place <= ACTION_IN_TYPED; place <<= 1)
        for (enum action action = 1; action < ACTION_COUNT; action++)
            for (size_t i = 0; i < keymap.of[action].count; i++)
                if (action_info(action)->places & place)
                    assert_int_equal(keymap_find(&keymap, &keymap.of[action].keys[i], place),
                                     action);
}

static void another_key_takes_the_place_of_all_the_old_ones(void **state)
{
    (void)state;
    bind("down", "C-x ö");
    assert_int_equal(find("C-x", ACTION_IN_BOARD), ACTION_DOWN);
    assert_int_equal(find("ö", ACTION_IN_JOBS), ACTION_DOWN);
    assert_int_equal(find("j", ACTION_IN_BOARD), ACTION_NONE);
    assert_int_equal(find("Down", ACTION_IN_BOARD), ACTION_NONE);
}

static void none_frees_the_keys_for_others(void **state)
{
    char name[KEY_NAME_MAX];
    (void)state;
    bind("undo", "none");
    assert_string_equal(keymap_first(name, &keymap, ACTION_UNDO), "");
    bind("redo", "u");
    assert_int_equal(find("u", ACTION_IN_BOARD), ACTION_REDO);
}

static void a_conflict_is_named_and_changes_nothing(void **state)
{
    (void)state;
    refuses("undo", "C-x j", "key 'j' of 'undo' is that of 'down'", "give 'down' another key");
}

static void places_that_never_meet_may_share_a_key(void **state)
{
    (void)state;
    bind("failures", "v"); /* v selects in charts */
    assert_int_equal(find("v", ACTION_IN_JOBS), ACTION_FAILURES);
    assert_int_equal(find("v", ACTION_IN_CHART), ACTION_SELECT);
}

static void what_is_no_action_or_no_key_is_refused(void **state)
{
    (void)state;
    refuses("fly", "x", "'fly'", "tws help keys");
    refuses("", "x", "''", "tws help keys");
    refuses("undo", "Hyper-Q", "Hyper-Q", "");
    refuses("undo", "a-name-that-is-longer-than-any-key-could-have-and-goes-on", "a-name", "");
    refuses("undo", "C-a C-b C-e C-f C-k C-n C-o C-p C-t C-v C-w C-x C-y", "more than 12", "");
}

static void keys_are_listed_as_people_read_them(void **state)
{
    char name[KEY_NAME_MAX], text[KEYMAP_TEXT_MAX];
    (void)state;
    assert_string_equal(keymap_first(name, &keymap, ACTION_MARK), "Space");
    assert_string_equal(keymap_all(text, &keymap, ACTION_PAGE_UP), "PgUp C-u");
    assert_string_equal(keymap_all(text, &keymap, ACTION_SERIES), "1 2 3 4 5 6 7 8 9");
    assert_string_equal(keymap_all(text, &keymap, ACTION_SECTION), "");
    assert_string_equal(keymap_first(name, &keymap, ACTION_SECTION), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_key_means_what_it_means_in_its_place, set_up),
        cmocka_unit_test_setup(in_the_table_no_key_stands_for_two_things_in_a_place, set_up),
        cmocka_unit_test_setup(another_key_takes_the_place_of_all_the_old_ones, set_up),
        cmocka_unit_test_setup(none_frees_the_keys_for_others, set_up),
        cmocka_unit_test_setup(a_conflict_is_named_and_changes_nothing, set_up),
        cmocka_unit_test_setup(places_that_never_meet_may_share_a_key, set_up),
        cmocka_unit_test_setup(what_is_no_action_or_no_key_is_refused, set_up),
        cmocka_unit_test_setup(keys_are_listed_as_people_read_them, set_up),
    };
    return cmocka_run_group_tests_name("keymap", tests, NULL, NULL);
}
