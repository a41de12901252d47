#include "tui/action.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/key.h"

static void every_word_is_found_and_is_of_one_action(void **state)
{
    (void)state;
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        assert_int_equal(action_find(action_info(action)->word), action);
    assert_int_equal(action_find(""), ACTION_NONE);
    assert_int_equal(action_find("zoom"), ACTION_NONE);
    assert_int_equal(action_find("QUIT"), ACTION_NONE);
}

static void words_can_be_typed_behind_a_colon(void **state)
{
    (void)state;
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        const char *word = action_info(action)->word;
        assert_int_equal(strspn(word, "abcdefghijklmnopqrstuvwxyz-"), strlen(word));
    }
}

static void sentences_fit_a_line_and_have_no_full_stop(void **state)
{
    (void)state;
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        const char *sentence = action_info(action)->sentence;
        size_t length = strlen(sentence);
        assert_in_range(length, 2, 80);
        assert_int_not_equal(sentence[length - 1], '.');
        assert_false(sentence[0] >= 'A' && sentence[0] <= 'Z');
    }
}

static void every_action_has_a_place_and_every_place_an_action(void **state)
{
    (void)state;
    unsigned places = 0;
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        assert_int_not_equal(action_info(action)->places, 0);
        places |= action_info(action)->places;
    }
    assert_int_equal(places, 2 * ACTION_IN_TYPED - 1);
}

static void keys_can_be_read_and_printed_and_read_again(void **state)
{
    (void)state;
    char name[KEY_NAME_MAX], printed[KEY_NAME_MAX];
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        const char *at = action_info(action)->keys;
        while (at += strspn(at, " "), *at) {
            struct key key = {0}, again = {0};
            struct err err = {0};
            int length = (int)strcspn(at, " ");
            snprintf(name, sizeof name, "%.*s", length, at);
            at += length;
            if (!key_parse(name, &key, &err))
                fail_msg("%s: %s", action_info(action)->word, err.text);
            assert_true(key_parse(key_format(printed, &key), &again, &err));
            assert_true(key_same(&key, &again));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_found_and_is_of_one_action),
        cmocka_unit_test(words_can_be_typed_behind_a_colon),
        cmocka_unit_test(sentences_fit_a_line_and_have_no_full_stop),
        cmocka_unit_test(every_action_has_a_place_and_every_place_an_action),
        cmocka_unit_test(keys_can_be_read_and_printed_and_read_again),
    };
    return cmocka_run_group_tests_name("action", tests, NULL, NULL);
}
