#include "core/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void every_word_finds_its_outcome(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        enum outcome found;
        assert_true(outcome_find(outcome_word((enum outcome)i), &found));
        assert_int_equal(found, i);
        assert_true(outcome_sentence((enum outcome)i)[0] != '\0');
    }
}

static void words_are_those_of_the_contract(void **state)
{
    (void)state;
    assert_string_equal(outcome_word(OUTCOME_OK), "ok");
    assert_string_equal(outcome_word(OUTCOME_NOT_FOUND), "not_found");
    assert_string_equal(outcome_word(OUTCOME_RATE_LIMITED), "rate_limited");
    assert_string_equal(outcome_word(OUTCOME_WRONG_EVENT), "wrong_event");
}

static void an_unknown_word_finds_nothing(void **state)
{
    (void)state;
    enum outcome found = OUTCOME_NETWORK;
    assert_false(outcome_find("sold_out", &found));
    assert_false(outcome_find("", &found));
    assert_int_equal(found, OUTCOME_NETWORK);
}

static void only_ok_and_empty_are_good(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        assert_int_equal(outcome_is_good((enum outcome)i), i == OUTCOME_OK || i == OUTCOME_EMPTY);
}

static void refusals_are_blocked_rate_limited_and_network(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        assert_int_equal(outcome_is_refusal((enum outcome)i),
                         i == OUTCOME_BLOCKED || i == OUTCOME_RATE_LIMITED || i == OUTCOME_NETWORK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_finds_its_outcome),
        cmocka_unit_test(words_are_those_of_the_contract),
        cmocka_unit_test(an_unknown_word_finds_nothing),
        cmocka_unit_test(only_ok_and_empty_are_good),
        cmocka_unit_test(refusals_are_blocked_rate_limited_and_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
