#include "base/text.h"

#include <limits.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

static bool is_scalar(uint32_t c)
{
    return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

static bool have_utf8_locale(void)
{
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL;
}

/* How many strings of three bytes are well-formed follows from how many characters there are of
   each length: 128 of one byte, 1920 of two, 63488 less 2048 surrogates of three. */
static void exactly_the_well_formed_three_byte_strings_are_utf8(void **state)
{
    (void)state;
    long found = 0;
    for (uint32_t i = 0; i < 1u << 24; i++) {
        const char bytes[] = {(char)(i >> 16), (char)(i >> 8), (char)i};
        found += text_is_utf8(bytes, 3);
    }
    assert_int_equal(found, 128L * 128 * 128 + 2 * 128 * 1920 + (63488 - 2048));
}

/* 2^20 characters have four bytes; a quarter by a quarter of 64 tails each stands for the rest. */
static void four_byte_characters_stop_at_the_end_of_unicode(void **state)
{
    (void)state;
    static const unsigned char tails[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
    long found = 0;
    for (unsigned lead = 0xF0; lead <= 0xFF; lead++)
        for (unsigned second = 0; second <= 0xFF; second++)
            for (size_t i = 0; i < sizeof tails; i++)
                for (size_t k = 0; k < sizeof tails; k++) {
                    const char bytes[] = {(char)lead, (char)second, (char)tails[i], (char)tails[k]};
                    found += text_is_utf8(bytes, 4);
                }
    assert_int_equal(found, (1 << 20) / (64 * 64) * 2 * 2);
}

static void a_bad_byte_is_found_at_every_place_and_alignment(void **state)
{
    (void)state;
    static char room[80];
    for (size_t start = 0; start < 9; start++) {
        for (size_t length = 0; length < 40; length++) {
            memset(room, 'a', sizeof room);
            room[start + length] = '\x80'; /* just behind: must not be seen */
            assert_true(text_is_utf8(room + start, length));
            for (size_t at = 0; at < length; at++) {
                room[start + at] = '\xFF';
                assert_false(text_is_utf8(room + start, length));
                room[start + at] = '\xC3'; /* half a character: whole only if 0x80 follows */
                assert_false(text_is_utf8(room + start, length));
                room[start + at] = 'a';
            }
        }
    }
    assert_true(text_is_utf8("a\0b", 3));
}

static void every_character_is_written_as_the_c_library_does_and_read_back(void **state)
{
    (void)state;
    if (!have_utf8_locale())
        skip();
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char ours[5] = "", theirs[MB_LEN_MAX + 1] = "";
        if (!is_scalar(c))
            continue;
        int length = text_encode(c, ours);
        mbstate_t shift = {0};
        size_t expected = wcrtomb(theirs, (wchar_t)c, &shift);
        if ((size_t)length != expected || memcmp(ours, theirs, expected) != 0)
            fail_msg("U+%04X is written differently", c);
        const char *at = ours;
        if (text_next(&at) != c || at != ours + length || text_next(&at) != 0)
            fail_msg("U+%04X is read differently", c);
    }
}

static void what_is_no_character_becomes_a_replacement(void **state)
{
    (void)state;
    char out[4];
    assert_int_equal(text_encode(0xD800, out), 3);
    assert_memory_equal(out, "\xEF\xBF\xBD", 3);
    assert_int_equal(text_encode(0x110000, out), 3);
    assert_memory_equal(out, "\xEF\xBF\xBD", 3);
    const char *text = "a\xF0\x9F\x8Ez\xC0\x80";
    static const uint32_t expected[] = {'a', 0xFFFD, 0xFFFD, 0xFFFD, 'z', 0xFFFD, 0xFFFD, 0, 0};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(text_next(&text), expected[i]);
    assert_int_equal(*text, '\0');
}

static void a_cut_character_does_not_lead_past_the_end(void **state)
{
    (void)state;
    for (size_t keep = 1; keep < 4; keep++) {
        char *cut = test_malloc(keep + 1); /* ASan guards its end */
        memcpy(cut, "\xF0\x9F\x8E\x9F", keep);
        cut[keep] = '\0';
        assert_int_equal(text_width(cut), keep);
        test_free(cut);
    }
}

/* U+3248..324F are ambiguous in Unicode's table; the C library makes them wide, we count 1 as for
 * all such. */
static void widths_agree_with_the_c_library(void **state)
{
    (void)state;
    if (!have_utf8_locale())
        skip();
    int compared = 0;
    for (uint32_t c = 0x20; c <= 0x10FFFF; c++) {
        int expected = wcwidth((wchar_t)c);
        if (expected < 0 || (c >= 0x3248 && c <= 0x324F))
            continue;
        compared++;
        if (text_char_width(c) != expected)
            fail_msg("U+%04X takes %d, not %d", c, expected, text_char_width(c));
    }
    assert_true(compared > 140000);
}

/* The letter that a character is decomposed into, as a terminal without it should show it. */
static void letters_lose_their_accents_in_ascii(void **state)
{
    (void)state;
    static const char *const pairs[] = {
        "\xc3\x80"
        "A",
        "\xc3\xa7"
        "c",
        "\xc3\xa9"
        "e",
        "\xc3\xb1"
        "n",
        "\xc3\xbf"
        "y",
        "\xc3\x9f"
        "s",
        "\xc3\xb8"
        "o",
        "\xc4\x80"
        "A",
        "\xc4\x91"
        "d",
        "\xc4\xb1"
        "i",
        "\xc5\x82"
        "l",
        "\xc5\x93"
        "o",
        "\xc5\xa1"
        "s",
        "\xc5\xb8"
        "Y",
        "\xc5\xbe"
        "z",
        "\xc5\xbf"
        "s",
        "\xe2\x80\x99"
        "'",
        "\xe2\x80\x94"
        "-",
        "\xe2\x80\x9c"
        "\"",
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *at = pairs[i];
        uint32_t character = text_next(&at);
        assert_int_equal(text_char_ascii(character), *at);
    }
    for (uint32_t c = 0; c < 0x80; c++)
        assert_int_equal(text_char_ascii(c), c == 0x7f ? '?' : (char)c);
    for (uint32_t c = 0xc0; c < 0x180; c++)
        assert_int_not_equal(text_char_ascii(c), '?');
    assert_int_equal(text_char_ascii(0x180), '?');
    assert_int_equal(text_char_ascii(0x6771), '?');
    assert_int_equal(text_char_ascii(0x10ffff), '?');
}

static void strings_have_the_width_a_terminal_gives_them(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("Café"), 4);
    assert_int_equal(text_width("Cafe\u0301"), 4);
    assert_int_equal(text_width("東京"), 4);
    assert_int_equal(text_width("🎟ab"), 3);
    assert_int_equal(text_width("🏀"), 2);
    assert_int_equal(text_width("─█⣿…“”"), 6);
    assert_int_equal(text_width("한글"), 4);
    assert_int_equal(text_char_width('\t'), 0);
    assert_int_equal(text_char_width(0x9B), 0);
}

static void clipping_keeps_what_fits_and_marks_what_does_not(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int columns;
        bool ascii;
        const char *expected;
        int taken;
    } cases[] = {
        {"Balcony", 7, false, "Balcony", 7},
        {"Balcony", 6, false, "Balco…", 6},
        {"Balcony", 6, true, "Balco~", 6},
        {"Balcony", 1, false, "…", 1},
        {"Balcony", 0, false, "", 0},
        {"Balcony", -3, false, "", 0},
        {"", 0, false, "", 0},
        {"東京都", 6, false, "東京都", 6},
        {"東京都", 5, false, "東京…", 5},
        {"東京都", 4, false, "東…", 3}, /* half a character is none */
        {"東京都", 2, true, "~", 1},
        {"Cafe\u0301", 4, false, "Cafe\u0301", 4},
        {"Cafe\u0301s", 4, false, "Caf…", 4},
        {"Cafe\u0301sx", 5, false, "Cafe\u0301…", 5}, /* the accent stays with its letter */
        {"a\xFFz", 3, false, "a\uFFFDz", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[64];
        int taken = text_clip(out, sizeof out, cases[i].text, cases[i].columns, cases[i].ascii);
        assert_string_equal(out, cases[i].expected);
        assert_int_equal(taken, cases[i].taken);
        assert_int_equal(text_width(out), taken);
    }
}

static void clipping_never_leaves_its_room(void **state)
{
    (void)state;
    const char *text = "Ea\u0301東🎟 Balcony Üx";
    for (size_t size = 0; size < 40; size++) {
        for (int columns = 0; columns < 20; columns++) {
            char *out = test_malloc(size + 1);
            out[size] = '#';
            int taken = text_clip(out, size, text, columns, columns % 2);
            assert_int_equal(out[size], '#');
            if (size > 0) {
                assert_true(strlen(out) < size);
                assert_true(text_is_utf8(out, strlen(out)));
                assert_int_equal(text_width(out), taken);
            }
            assert_in_range(taken, 0, columns);
            test_free(out);
        }
    }
}

static void outside_names_lose_what_is_invisible(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
        bool lost;
    } cases[] = {
        {"Floor A", "Floor A", false},
        {"  Floor \t\r\n  A  ", "Floor A", false},
        {"Floor\u00A0A\u3000B\u2028C", "Floor A B C", false},
        {"", "", false},
        {" \t ", "", false},
        {"a\033[31mb", "a[31mb", true},
        {"a\x7F\x01z", "az", true},
        {"a\xC2\x9Bz", "az", true},
        {"a\u202Ez\u2066y\u200Ex", "azyx", true},
        {"a\u200Bz\uFEFFy\u2060x\u00ADw", "azyxw", true},
        {"a\uE000z\U000F0000y\U0010FFFDx", "azyx", true},
        {"a\U00050000z\U000E0041y", "azy", true},
        {"a\uFFFEz", "az", true},
        {"a \u200B b", "a b", true},
        {"Cafe\u0301 東京 🎟 ½ Ω", "Cafe\u0301 東京 🎟 ½ Ω", false},
        {"a\xE9z", "a\uFFFDz", true},
        {"a\uFFFDz", "a\uFFFDz", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[64];
        bool lost = text_sanitise(out, sizeof out, cases[i].text);
        assert_string_equal(out, cases[i].expected);
        assert_int_equal(lost, cases[i].lost);
    }
}

static void a_long_name_is_cut_between_characters(void **state)
{
    (void)state;
    char out[8];
    assert_false(text_sanitise(out, 8, "1234567"));
    assert_string_equal(out, "1234567");
    assert_true(text_sanitise(out, 8, "12345678"));
    assert_string_equal(out, "1234567");
    assert_true(text_sanitise(out, 8, "12345東"));
    assert_string_equal(out, "12345");
    assert_true(text_sanitise(out, 8, "123456 8"));
    assert_string_equal(out, "123456"); /* no blank at the end */
    assert_false(text_sanitise(out, 8, "1234567   "));
    assert_true(text_sanitise(out, 1, "x"));
    assert_string_equal(out, "");
}

/* Noise of bytes that matter: what comes out is clean, and cleaning it again changes nothing. */
static void sanitising_noise_gives_clean_stable_text(void **state)
{
    (void)state;
    static const char *const parts[] = {"a",      " ",      "\t",     "\xE2\x80", "\x8B",   "é",
                                        "\xFF",   "東",     "\033",   "\u202E",   "\u0301", "🎟",
                                        "\u00A0", "\uE000", "\uFEFF", "\xC2",     "\x9B",   "Z"};
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        char noise[128] = "", once[64], twice[64];
        size_t length = 0;
        for (int i = 0; i < 30; i++) {
            seed = seed * 1664525 + 1013904223;
            const char *part = parts[(seed >> 16) % (sizeof parts / sizeof *parts)];
            memcpy(noise + length, part, strlen(part) + 1);
            length += strlen(part);
        }
        text_sanitise(once, sizeof once, noise);
        assert_true(text_is_utf8(once, strlen(once)));
        assert_false(text_sanitise(twice, sizeof twice, once));
        assert_string_equal(once, twice);
        assert_null(strstr(once, "  "));
        assert_null(strpbrk(once, "\t\033"));
    }
}

static void printable_text_keeps_its_line_and_its_length(void **state)
{
    (void)state;
    char out[64];
    text_printable(out, sizeof out, "a\nb\x7F\xC2\x9B\u202E\xFF|東\u200Dz");
    assert_string_equal(out, "a?b????|東\u200Dz");
    text_printable(out, 4, "ab東");
    assert_string_equal(out, "ab");
    char itself[] = "\u202Ex\u2069y";
    text_printable(itself, sizeof itself, itself);
    assert_string_equal(itself, "?x?y");
}

static void whole_decimal_integers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } cases[] = {{"0", 0},
                 {"-0", 0},
                 {"8123", 8123},
                 {"-17", -17},
                 {"007", 7},
                 {"9223372036854775807", INT64_MAX},
                 {"-9223372036854775808", INT64_MIN}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = 42;
        assert_true(text_to_int(cases[i].text, &value));
        assert_int_equal(value, cases[i].value);
    }
}

static void anything_else_is_no_integer(void **state)
{
    (void)state;
    static const char *const cases[] = {"",
                                        "-",
                                        "+1",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "1e3",
                                        "0x1",
                                        "1,000",
                                        "--1",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "99999999999999999999",
                                        "1\n",
                                        "٣"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = 42;
        if (text_to_int(cases[i], &value))
            fail_msg("'%s' was read", cases[i]);
        assert_int_equal(value, 42);
    }
}

static void ascii_case_is_folded_and_nothing_else(void **state)
{
    (void)state;
    assert_true(text_same_folded("Floor A", "fLOOR a"));
    assert_false(text_same_folded("Floor", "Floor A"));
    assert_false(text_same_folded("Floor A", "Floor"));
    assert_false(text_same_folded("É", "é"));
    assert_false(text_same_folded("@[", "`{")); /* neighbours of the letters */
    assert_true(text_same_folded("", ""));
    assert_true(text_contains_folded("Lakers at Celtics", "CELT"));
    assert_true(text_contains_folded("aab", "ab"));
    assert_true(text_contains_folded("x", ""));
    assert_true(text_contains_folded("", ""));
    assert_false(text_contains_folded("", "x"));
    assert_false(text_contains_folded("Celtic", "celtics"));
}

static void the_distance_counts_edits(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int distance;
    } cases[] = {
        {"", "", 0},
        {"trends", "trends", 0},
        {"", "abc", 3},
        {"kitten", "sitting", 3},
        {"trneds", "trends", 1},
        {"tredns", "trends", 1},
        {"ca", "abc", 3},
        {"a", "b", 1},
        {"grups", "groups", 1},
        {"Café", "Cafe", 1},
        {"東京", "京東", 1},
        {"flaw", "lawn", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(text_distance(cases[i].a, cases[i].b), cases[i].distance);
        assert_int_equal(text_distance(cases[i].b, cases[i].a), cases[i].distance);
    }
}

static void thousands_are_marked_by_commas(void **state)
{
    (void)state;
    char out[32];
    assert_string_equal(text_thousands(out, 0), "0");
    assert_string_equal(text_thousands(out, 999), "999");
    assert_string_equal(text_thousands(out, 8123), "8,123");
    assert_string_equal(text_thousands(out, -100000), "-100,000");
    assert_string_equal(text_thousands(out, 1234567), "1,234,567");
    assert_string_equal(text_thousands(out, INT64_MAX), "9,223,372,036,854,775,807");
    assert_string_equal(text_thousands(out, INT64_MIN), "-9,223,372,036,854,775,808");
}

static void a_prefix_sorts_as_strcmp_does(void **state)
{
    (void)state;
    static const char *const texts[] = {"",         "a",        "b",         "ab",
                                        "a\xff",    "12345678", "123456789", "12345678z",
                                        "\xc3\xa9", "VB1",      "VB10",      "1234567"};
    size_t count = sizeof texts / sizeof *texts;
    for (size_t i = 0; i < count * count; i++) {
        const char *a = texts[i / count], *b = texts[i % count];
        uint64_t left = text_prefix(a), right = text_prefix(b);
        if (left != right)
            assert_int_equal(left < right, strcmp(a, b) < 0);
        else
            assert_int_equal(strncmp(a, b, 8), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_well_formed_three_byte_strings_are_utf8),
        cmocka_unit_test(four_byte_characters_stop_at_the_end_of_unicode),
        cmocka_unit_test(a_bad_byte_is_found_at_every_place_and_alignment),
        cmocka_unit_test(every_character_is_written_as_the_c_library_does_and_read_back),
        cmocka_unit_test(what_is_no_character_becomes_a_replacement),
        cmocka_unit_test(a_cut_character_does_not_lead_past_the_end),
        cmocka_unit_test(widths_agree_with_the_c_library),
        cmocka_unit_test(letters_lose_their_accents_in_ascii),
        cmocka_unit_test(strings_have_the_width_a_terminal_gives_them),
        cmocka_unit_test(clipping_keeps_what_fits_and_marks_what_does_not),
        cmocka_unit_test(clipping_never_leaves_its_room),
        cmocka_unit_test(outside_names_lose_what_is_invisible),
        cmocka_unit_test(a_long_name_is_cut_between_characters),
        cmocka_unit_test(sanitising_noise_gives_clean_stable_text),
        cmocka_unit_test(printable_text_keeps_its_line_and_its_length),
        cmocka_unit_test(whole_decimal_integers_are_read),
        cmocka_unit_test(anything_else_is_no_integer),
        cmocka_unit_test(ascii_case_is_folded_and_nothing_else),
        cmocka_unit_test(the_distance_counts_edits),
        cmocka_unit_test(thousands_are_marked_by_commas),
        cmocka_unit_test(a_prefix_sorts_as_strcmp_does),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
