#include "cli/opt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct opt own[] = {
    {.name = "zone", .letter = 'z', .kind = OPT_LIST, .value = "NAME", .help = "a zone"},
    {.name = "limit",
     .letter = 'n',
     .kind = OPT_COUNT,
     .value = "N",
     .help = "how many",
     .min = 1,
     .max = 100},
    {.name = "format",
     .letter = 'f',
     .kind = OPT_WORD,
     .value = "F",
     .help = "how",
     .words = "table|csv|json"},
    {.name = "only", .kind = OPT_WORDS, .value = "TAG", .help = "which", .words = "vip|club|"},
    {.name = NULL},
};

static const struct opt shared[] = {
    {.name = "quiet", .letter = 'q', .kind = OPT_FLAG, .help = "no talk"},
    {.name = "all", .letter = 'a', .kind = OPT_FLAG, .help = "everything"},
    {.name = NULL},
};

static const struct opt_sets sets = {{own, shared}};

enum { WORDS_MAX = 16 };

struct parsed {
    struct opt_values values;
    struct err err;
    size_t used;
    bool ok;
};

/* The words behind `parsed` up to a NULL. */
static void parse(struct parsed *parsed, const char *const *words, bool to_command)
{
    size_t count = 0;
    while (words[count])
        count++;
    *parsed = (struct parsed){0};
    opt_init(&parsed->values, &sets);
    parsed->ok = opt_parse(&parsed->values, words, count, to_command, &parsed->used, &parsed->err);
}

#define PARSE(parsed, ...) parse(parsed, (const char *const[]){__VA_ARGS__, NULL}, false)

static void a_value_may_stand_apart_or_hang_on_its_option(void **state)
{
    (void)state;
    const char *const forms[][3] = {
        {"--limit", "7", NULL}, {"--limit=7", NULL}, {"-n", "7", NULL}, {"-n7", NULL}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct parsed parsed;
        parse(&parsed, forms[i], false);
        assert_true(parsed.ok);
        assert_int_equal(opt_count(&parsed.values, "limit", 3), 7);
        opt_release(&parsed.values);
    }
}

static void what_was_not_typed_is_the_default(void **state)
{
    (void)state;
    struct parsed parsed;
    PARSE(&parsed, "x");
    assert_true(parsed.ok);
    assert_int_equal(opt_count(&parsed.values, "limit", 3), 3);
    assert_null(opt_text(&parsed.values, "format"));
    assert_int_equal(opt_word(&parsed.values, "format"), -1);
    assert_false(opt_has(&parsed.values, "quiet"));
    assert_null(opt_nth(&parsed.values, "zone", 0));
    opt_release(&parsed.values);
}

static void letters_of_flags_may_be_joined_and_end_with_a_value(void **state)
{
    (void)state;
    struct parsed parsed;
    PARSE(&parsed, "-qan5", "x");
    assert_true(parsed.ok);
    assert_true(opt_has(&parsed.values, "quiet"));
    assert_true(opt_has(&parsed.values, "all"));
    assert_int_equal(opt_count(&parsed.values, "limit", 0), 5);
    assert_int_equal(parsed.values.argument_count, 1);
    opt_release(&parsed.values);
}

static void a_repeated_list_keeps_all_and_anything_else_the_last(void **state)
{
    (void)state;
    struct parsed parsed;
    PARSE(&parsed, "-z", "A", "--limit", "1", "--zone=B C", "--limit", "2", "-zD");
    assert_true(parsed.ok);
    assert_string_equal(opt_nth(&parsed.values, "zone", 0), "A");
    assert_string_equal(opt_nth(&parsed.values, "zone", 1), "B C");
    assert_string_equal(opt_nth(&parsed.values, "zone", 2), "D");
    assert_null(opt_nth(&parsed.values, "zone", 3));
    assert_int_equal(opt_count(&parsed.values, "limit", 0), 2);
    opt_release(&parsed.values);
}

static void two_dashes_end_the_options_and_one_is_an_argument(void **state)
{
    (void)state;
    struct parsed parsed;
    PARSE(&parsed, "-", "--", "--limit", "-q");
    assert_true(parsed.ok);
    assert_int_equal(parsed.values.argument_count, 3);
    assert_string_equal(parsed.values.arguments[0], "-");
    assert_string_equal(parsed.values.arguments[1], "--limit");
    assert_string_equal(parsed.values.arguments[2], "-q");
    opt_release(&parsed.values);
}

static void it_stops_behind_the_command(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, (const char *const[]){"-q", "trends", "--unknown", NULL}, true);
    assert_true(parsed.ok);
    assert_int_equal(parsed.used, 2);
    assert_string_equal(parsed.values.arguments[0], "trends");
    opt_release(&parsed.values);
}

static void what_cannot_be_used_is_refused_with_its_name(void **state)
{
    (void)state;
    const struct {
        const char *words[3];
        const char *text, *hint;
    } cases[] = {
        {{"--zoen", "x"}, "unknown option '--zoen'", "did you mean '--zone'?"},
        {{"--xyzzyplugh"}, "unknown option '--xyzzyplugh'", ""},
        {{"--a-name-that-is-longer-than-any-name-of-an-option-could-ever-be-in-a-table"},
         "unknown option '--a-name-that-is-longer-than-any-name-of-an-option-could-ever-'",
         ""},
        {{"-X"}, "unknown option '-X'", ""},
        {{"--limit"}, "option '--limit' needs a value", "--limit N: how many"},
        {{"-n"}, "option '--limit' needs a value", "--limit N: how many"},
        {{"--quiet=yes"}, "option '--quiet' takes no value", ""},
        {{"--zone", ""}, "option '--zone' was given an empty value", ""},
        {{"--zone=\xff"}, "option '--zone': not UTF-8 text", ""},
        {{"--limit", "0"}, "option '--limit': '0' is not a whole number from 1 to 100", ""},
        {{"--limit", "101"}, "option '--limit': '101' is not a whole number from 1 to 100", ""},
        {{"--limit", "5x"}, "option '--limit': '5x' is not a whole number from 1 to 100", ""},
        {{"--limit", "99999999999999999999"},
         "option '--limit': '99999999999999999999' is not a whole number from 1 to 100",
         ""},
        {{"-f", "jsno"},
         "option '--format': 'jsno' is none of table, csv, json",
         "did you mean 'json'?"},
        {{"--only=nothing"}, "option '--only': 'nothing' is none of vip, club", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parsed parsed;
        parse(&parsed, cases[i].words, false);
        assert_false(parsed.ok);
        assert_int_equal(parsed.err.code, ERR_USAGE);
        assert_string_equal(parsed.err.text, cases[i].text);
        assert_string_equal(parsed.err.hint, cases[i].hint);
        opt_release(&parsed.values);
    }
}

static void words_are_counted_without_empty_ones(void **state)
{
    (void)state;
    char word[8];
    assert_true(opt_word_at("a||b|", 1, word, sizeof word));
    assert_string_equal(word, "b");
    assert_false(opt_word_at("a||b|", 2, word, sizeof word));
    assert_int_equal(opt_word_index("a||b|", "b"), 1);
    assert_int_equal(opt_word_index("a||b|", ""), -1);
    assert_int_equal(opt_word_index("ab|b", "a"), -1);
}

static void a_guess_is_near_and_the_nearest(void **state)
{
    (void)state;
    struct opt_guess guess = {.typed = "tredns"};
    opt_guess_add(&guess, "events");
    opt_guess_add(&guess, "trends");
    opt_guess_add(&guess, "track");
    assert_string_equal(guess.best, "trends");
    struct opt_guess none = {.typed = "xy"};
    opt_guess_add(&none, "sql");
    assert_null(none.best);
}

static void help_shows_every_row_with_its_words(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 4096);
    opt_put_help(&out, own);
    assert_string_equal(buf_text(&out), "  -z, --zone NAME         a zone; may be repeated\n"
                                        "  -n, --limit N           how many\n"
                                        "  -f, --format F          how\n"
                                        "                          table, csv, json\n"
                                        "      --only TAG          which; may be repeated\n"
                                        "                          vip, club\n");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_may_stand_apart_or_hang_on_its_option),
        cmocka_unit_test(what_was_not_typed_is_the_default),
        cmocka_unit_test(letters_of_flags_may_be_joined_and_end_with_a_value),
        cmocka_unit_test(a_repeated_list_keeps_all_and_anything_else_the_last),
        cmocka_unit_test(two_dashes_end_the_options_and_one_is_an_argument),
        cmocka_unit_test(it_stops_behind_the_command),
        cmocka_unit_test(what_cannot_be_used_is_refused_with_its_name),
        cmocka_unit_test(words_are_counted_without_empty_ones),
        cmocka_unit_test(a_guess_is_near_and_the_nearest),
        cmocka_unit_test(help_shows_every_row_with_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
