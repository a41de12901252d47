#include "tui/item.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void items_come_without_the_blanks_around_them(void **state)
{
    (void)state;
    char item[16];
    const char *at = " Lower Bowl ,  Floor,,\"a, b\" ,\"12\"\" riser\"";
    const char *const expected[] = {"Lower Bowl", "Floor", "", "a, b", "12\" riser"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_not_equal(*at, 0);
        assert_true(item_next(&at, item, sizeof item));
        assert_string_equal(item, expected[i]);
    }
    assert_int_equal(*at, 0);
}

static void an_item_that_is_too_long_is_told(void **state)
{
    (void)state;
    char item[4];
    const char *at = "abcd,abc";
    assert_false(item_next(&at, item, sizeof item));
    assert_string_equal(item, "abc");
    assert_true(item_next(&at, item, sizeof item));
    assert_string_equal(item, "abc");
}

static unsigned seed = 11;

static unsigned draw(unsigned below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static void what_was_added_is_read_again(void **state)
{
    (void)state;
    static const char letters[] = "ab ,\"";
    for (int round = 0; round < 20000; round++) {
        char items[4][8] = {{0}}, list[128] = "", read[8];
        size_t count = 1 + draw(4);
        for (size_t i = 0; i < count; i++) {
            for (unsigned k = 0, length = draw(7); k < length; k++)
                items[i][k] = letters[draw(5)];
            item_add(list, sizeof list, items[i]);
        }
        const char *at = list, *last = item_last(list);
        for (size_t i = 0; i < count; i++) {
            if (i + 1 == count)
                assert_ptr_equal(at + strspn(at, " "), last);
            assert_true(item_next(&at, read, sizeof read));
            assert_string_equal(read, items[i]);
        }
        assert_int_equal(*at, 0);
    }
}

static void what_has_no_room_is_cut(void **state)
{
    (void)state;
    char list[8] = "";
    item_add(list, sizeof list, "Floor");
    item_add(list, sizeof list, "Balcony");
    assert_string_equal(list, "Floor, ");
}

static void the_last_item_is_what_is_being_typed(void **state)
{
    (void)state;
    assert_string_equal(item_last(""), "");
    assert_string_equal(item_last("Floor"), "Floor");
    assert_string_equal(item_last("Floor, Low"), "Low");
    assert_string_equal(item_last("Floor,"), "");
    assert_string_equal(item_last("Floor, \"a, b"), "\"a, b");
    assert_string_equal(item_last("\"a, b\", c"), "c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_without_the_blanks_around_them),
        cmocka_unit_test(an_item_that_is_too_long_is_told),
        cmocka_unit_test(what_was_added_is_read_again),
        cmocka_unit_test(what_has_no_room_is_cut),
        cmocka_unit_test(the_last_item_is_what_is_being_typed),
    };
    return cmocka_run_group_tests_name("item", tests, NULL, NULL);
}
