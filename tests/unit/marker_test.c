#include "tui/marker.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "base/text.h"

/* The characters for one dot each, left to right, then down. */
static void single_dots_are_where_unicode_says(void **state)
{
    (void)state;
    static const struct {
        const char *set;
        const char *glyphs;
    } cases[] = {
        {"braille", "⠁⠈⠂⠐⠄⠠⡀⢀"}, {"quadrant", "▘▝▖▗"}, {"half", "▀▄"},
        {"block", "█"},          {"ascii", "*"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct marker *marker = marker_find(cases[i].set);
        const char *glyphs = cases[i].glyphs;
        for (int dot = 0; dot < marker->dots_x * marker->dots_y; dot++)
            assert_int_equal(marker_glyph(marker, 1u << dot, 0), text_next(&glyphs));
        assert_int_equal(text_next(&glyphs), 0);
    }
}

static void halves_and_diagonals_are_put_together_rightly(void **state)
{
    (void)state;
    const struct marker *quadrant = marker_find("quadrant");
    /* bits: 1 top left, 2 top right, 4 bottom left, 8 bottom right */
    static const char *expected[16] = {" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛",
                                       "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"};
    for (unsigned dots = 0; dots < 16; dots++) {
        const char *text = expected[dots];
        assert_int_equal(marker_glyph(quadrant, dots, 0), text_next(&text));
    }
    assert_int_equal(marker_glyph(marker_find("half"), 3, 0), 0x2588);
    assert_int_equal(marker_glyph(marker_find("braille"), 0xff, 0), 0x28ff);
}

static void every_pattern_has_its_own_character_one_column_wide(void **state)
{
    (void)state;
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    for (size_t i = 0; marker_at(i); i++) {
        const struct marker *marker = marker_at(i);
        unsigned count = 1u << (marker->dots_x * marker->dots_y);
        for (unsigned a = 0; a < count; a++) {
            uint32_t glyph = marker_glyph(marker, a, 0);
            assert_int_equal(wcwidth((wchar_t)glyph), 1);
            assert_int_equal(text_char_width(glyph), 1);
            for (unsigned b = 0; b < a; b++)
                assert_int_not_equal(glyph, marker_glyph(marker, b, 0));
        }
        assert_int_equal(wcwidth((wchar_t)marker->shade), 1);
    }
}

static void sets_of_one_dot_tell_series_apart_by_character(void **state)
{
    (void)state;
    static const char *const sets[] = {"block", "ascii"};
    for (size_t i = 0; i < 2; i++)
        for (unsigned a = 0; a < 4; a++)
            for (unsigned b = 0; b < a; b++)
                assert_int_not_equal(marker_glyph(marker_find(sets[i]), 1, a),
                                     marker_glyph(marker_find(sets[i]), 1, b));
}

static void the_ascii_set_is_ascii(void **state)
{
    (void)state;
    const struct marker *ascii = marker_find("ascii");
    assert_true(ascii->ascii);
    assert_true(ascii->shade < 0x7f);
    for (unsigned series = 0; series < 300; series++)
        assert_in_range(marker_glyph(ascii, 1, series), '!', '~');
}

static void sets_are_found_by_the_names_that_are_listed(void **state)
{
    (void)state;
    size_t count = 0;
    for (; marker_at(count); count++)
        assert_ptr_equal(marker_find(marker_at(count)->name), marker_at(count));
    assert_int_equal(count, 5);
    assert_null(marker_find("sixel"));
    assert_null(marker_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_dots_are_where_unicode_says),
        cmocka_unit_test(halves_and_diagonals_are_put_together_rightly),
        cmocka_unit_test(every_pattern_has_its_own_character_one_column_wide),
        cmocka_unit_test(sets_of_one_dot_tell_series_apart_by_character),
        cmocka_unit_test(the_ascii_set_is_ascii),
        cmocka_unit_test(sets_are_found_by_the_names_that_are_listed),
    };
    return cmocka_run_group_tests_name("marker", tests, NULL, NULL);
}
