#include "tui/fuzzy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void letters_must_occur_in_order(void **state)
{
    (void)state;
    assert_true(fuzzy_score("Toronto Maple Leafs at Canadiens", "tml") > 0);
    assert_true(fuzzy_score("Toronto Maple Leafs at Canadiens", "LEAF") > 0);
    assert_int_equal(fuzzy_score("Toronto Maple Leafs", "lmt"), -1);
    assert_int_equal(fuzzy_score("Toronto", "toronntoo"), -1);
    assert_int_equal(fuzzy_score("", "a"), -1);
}

static void every_word_must_match_in_any_order(void **state)
{
    (void)state;
    assert_true(fuzzy_score("Leafs at Canadiens", "cana leafs") > 0);
    assert_int_equal(fuzzy_score("Leafs at Canadiens", "leafs bruins"), -1);
}

static void nothing_matches_everything(void **state)
{
    (void)state;
    assert_int_equal(fuzzy_score("Leafs", ""), 0);
    assert_int_equal(fuzzy_score("", ""), 0);
    assert_int_equal(fuzzy_score("Leafs", "   "), 0);
}

static void a_word_behind_a_bang_must_not_occur(void **state)
{
    (void)state;
    assert_int_equal(fuzzy_score("Parking pass", "!PARK"), -1);
    assert_int_equal(fuzzy_score("Floor", "!park"), 0);
    assert_true(fuzzy_score("p a r k ing", "!park i") > 0); /* whole words only */
    assert_int_equal(fuzzy_score("Floor", "!"), 0);         /* not typed to its end yet */
}

static void what_stands_there_whole_and_at_the_start_comes_first(void **state)
{
    (void)state;
    assert_true(fuzzy_score("board", "bo") > fuzzy_score("number one", "bo"));
    assert_true(fuzzy_score("number bob", "bo") > fuzzy_score("number xbo", "bo"));
    assert_true(fuzzy_score("ab", "ab") > fuzzy_score("axb", "ab"));
}

static void letters_beyond_ascii_match_themselves(void **state)
{
    (void)state;
    assert_true(fuzzy_score("Montréal", "é") > 0);
    assert_int_equal(fuzzy_score("Montreal", "é"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_must_occur_in_order),
        cmocka_unit_test(every_word_must_match_in_any_order),
        cmocka_unit_test(nothing_matches_everything),
        cmocka_unit_test(a_word_behind_a_bang_must_not_occur),
        cmocka_unit_test(what_stands_there_whole_and_at_the_start_comes_first),
        cmocka_unit_test(letters_beyond_ascii_match_themselves),
    };
    return cmocka_run_group_tests_name("fuzzy", tests, NULL, NULL);
}
