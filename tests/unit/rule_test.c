#include "core/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"

/* What a text must mean; the rest of the rule is zero. */
static const struct good {
    const char *text;
    struct rule rule;
} good[] = {
    {"price < 150", {RULE_PRICE, RULE_MONEY, RULE_BELOW, 15000}},
    {"price<149.99", {RULE_PRICE, RULE_MONEY, RULE_BELOW, 14999}},
    {"  price\t<=  150.5 ", {RULE_PRICE, RULE_MONEY, RULE_AT_MOST, 15050}},
    {"price < 150 for 2 in Floor at 6501519",
     {RULE_PRICE, RULE_MONEY, RULE_BELOW, 15000, .people = 2, .reach = RULE_ONE, .zone = "Floor",
      .event = "6501519"}},
    {"price < 150 at 'lakers crypto' in \"100 Level\" for 8 all-in",
     {RULE_PRICE, RULE_MONEY, RULE_BELOW, 15000, .people = 8, .basis = MEASURES_ALL_IN,
      .reach = RULE_ONE, .zone = "100 Level", .event = "lakers crypto"}},
    {"price > 150 at each", {RULE_PRICE, RULE_MONEY, RULE_ABOVE, 15000}},
    {"group 4 < 600", {RULE_GROUP, RULE_MONEY, RULE_BELOW, 60000, .people = 4}},
    {"drop > 10% within 24h",
     {RULE_DROP, RULE_PERCENT, RULE_ABOVE, 100000, .within_ms = CLOCK_DAY_MS}},
    {"drop >= 12.25%", {RULE_DROP, RULE_PERCENT, RULE_AT_LEAST, 122500, .within_ms = CLOCK_DAY_MS}},
    {"drop > 25 within 7d for 2",
     {RULE_DROP, RULE_MONEY, RULE_ABOVE, 2500, .within_ms = 7 * CLOCK_DAY_MS, .people = 2}},
    {"new-low within 30d",
     {RULE_NEW_LOW, RULE_MONEY, RULE_BELOW, 0, .within_ms = 30 * CLOCK_DAY_MS}},
    {"new-low", {RULE_NEW_LOW, RULE_MONEY, RULE_BELOW, 0, .within_ms = CLOCK_MAX_MS}},
    {"tickets < 50 section 102", {RULE_TICKETS, RULE_COUNT, RULE_BELOW, 50, .section = "102"}},
    {"tickets < 1 section 'in'", {RULE_TICKETS, RULE_COUNT, RULE_BELOW, 1, .section = "in"}},
    {"largest-group >= 4", {RULE_LARGEST_GROUP, RULE_COUNT, RULE_AT_LEAST, 4}},
    {"sold-out", {RULE_SOLD_OUT, RULE_STATE, RULE_AT_LEAST, 1, .within_ms = 7 * CLOCK_DAY_MS}},
    {"back in Floor",
     {RULE_BACK, RULE_STATE, RULE_AT_LEAST, 1, .within_ms = CLOCK_DAY_MS, .zone = "Floor"}},
    {"failures >= 3", {RULE_FAILURES, RULE_COUNT, RULE_AT_LEAST, 3}},
    {"failures >= 3 at all", {RULE_FAILURES, RULE_COUNT, RULE_AT_LEAST, 3, .reach = RULE_ALL}},
    {"failure-rate > 20% within 6h",
     {RULE_FAILURE_RATE, RULE_PERCENT, RULE_ABOVE, 200000, .within_ms = 6 * CLOCK_HOUR_MS,
      .reach = RULE_ALL}},
    {"stale > 2h", {RULE_STALE, RULE_SPAN, RULE_ABOVE, 2 * CLOCK_HOUR_MS}},
    {"errors > 5 within 15min at each",
     {RULE_ERRORS, RULE_COUNT, RULE_ABOVE, 5, .within_ms = 15 * CLOCK_MINUTE_MS}},
    {"slow > 2s",
     {RULE_SLOW, RULE_SPAN, RULE_ABOVE, 2000, .within_ms = CLOCK_HOUR_MS, .reach = RULE_ALL}},
    {"blocked", {RULE_BLOCKED, RULE_STATE, RULE_AT_LEAST, 1, .reach = RULE_ALL}},
    {"db-size > 2GB",
     {RULE_DB_SIZE, RULE_BYTES, RULE_ABOVE, INT64_C(2000000000), .reach = RULE_STORE}},
    {"sync-lag > 2h",
     {RULE_SYNC_LAG, RULE_SPAN, RULE_ABOVE, 2 * CLOCK_HOUR_MS, .reach = RULE_STORE}},
    {"disk-free < 1.25kB", {RULE_DISK_FREE, RULE_BYTES, RULE_BELOW, 1250, .reach = RULE_STORE}},
};

/* What cannot be read: where, why, and what the hint offers. */
static const struct bad {
    const char *text, *error, *hint;
} bad[] = {
    {"", "character 1: the rule ends here", "a rule begins with price, group,"},
    {"prize < 3", "character 1: 'prize' is nothing that a rule can measure", "price"},
    {"'price' < 3", "character 1: 'price' is nothing that a rule can measure", "price"},
    {"price", "character 6: the rule ends here", "one of < <= > >="},
    {"price = 3", "character 7: '=' is no comparison", "one of < <= > >="},
    {"price <> 3", "character 7: '<>' is no comparison", "one of < <= > >="},
    {"price <", "character 8: the rule ends here", "an amount is 150 or 149.99"},
    {"price < abc", "character 9: 'abc' is no amount", "149.99"},
    {"price < -1", "character 9: '-1' is no amount", "149.99"},
    {"price < 1.005", "character 9: '1.005' is no amount", "149.99"},
    {"price < 10%", "character 9: '10%' is no amount", "149.99"},
    {"price < \"150\"", "character 9: '150' is no amount", "149.99"},
    {"price < 150 for 9", "character 17: '9' is no number of people", "1 to 8 people"},
    {"price < 150 for", "character 16: the rule ends here", "1 to 8 people"},
    {"price < 150 within 2h", "character 13: 'within' is not understood here",
     "allowed here: for K, all-in, in ZONE, section NAME, at EVENT"},
    {"price < 150 in 100 Level", "character 20: 'Level' is not understood here", "for K"},
    {"price < 150 in \"100 Level", "character 16: a quote with nothing in it, or without its end",
     "quotes"},
    {"price < 150 in", "character 15: the rule ends here", "in quotes if it has blanks"},
    {"price < 150 in a in b", "character 18: 'in' is there twice", "for K"},
    {"price < 150 at all at 1", "character 20: 'at' is there twice", "for K"},
    {"group < 600", "character 7: '<' is no number of people", "1 to 8 people"},
    {"group 4 < 600 for 2", "character 15: 'for' is not understood here", "all-in, in ZONE"},
    {"drop > ten", "character 8: 'ten' is neither an amount nor a share", "25, 24.99 or 10%"},
    {"drop > 101%", "character 8: '101%' is neither an amount nor a share", "at most 100%"},
    {"drop > 10% within soon", "character 19: 'soon' is no length of time", "15min, 36h or 30d"},
    {"drop > 10% within 0h", "character 19: '0h' is no length of time", "15min"},
    {"new-low < 3", "character 9: '<' is not understood here", "within 24h"},
    {"tickets < 1.5", "character 11: '1.5' is no count", "whole number"},
    {"failure-rate > 20", "character 16: '20' is no share", "20% or 12.5%"},
    {"failures >= 3 in Floor", "character 15: 'in' is not understood here",
     "allowed here: at EVENT"},
    {"stale > 2", "character 9: '2' is no length of time", "2s, 15min"},
    {"db-size > 2", "character 11: '2' is no size", "500MB"},
    {"db-size > 9999TB", "character 11: '9999TB' is no size", "500MB"},
    {"db-size > 2GB at 1", "character 15: 'at' is not understood here", "nothing more"},
};

static void rules_mean_what_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct rule rule;
        struct err err = {0};
        if (!rule_parse(good[i].text, &rule, &err))
            fail_msg("%s: %s", good[i].text, err.text);
        const struct rule *wanted = &good[i].rule;
        if (rule.measure != wanted->measure || rule.unit != wanted->unit ||
            rule.order != wanted->order || rule.threshold != wanted->threshold ||
            rule.within_ms != wanted->within_ms || rule.people != wanted->people ||
            rule.basis != wanted->basis || rule.reach != wanted->reach ||
            strcmp(rule.zone, wanted->zone) != 0 || strcmp(rule.section, wanted->section) != 0 ||
            strcmp(rule.event, wanted->event) != 0)
            fail_msg("'%s' is read otherwise: %lld within %lld, reach %d", good[i].text,
                     (long long)rule.threshold, (long long)rule.within_ms, (int)rule.reach);
    }
}

static void what_cannot_be_read_names_the_place_and_what_is_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rule rule;
        struct err err = {0};
        if (rule_parse(bad[i].text, &rule, &err))
            fail_msg("'%s' was read", bad[i].text);
        assert_int_equal(err.code, ERR_USAGE);
        assert_string_equal(err.text, bad[i].error);
        if (!strstr(err.hint, bad[i].hint))
            fail_msg("'%s': the hint '%s' lacks '%s'", bad[i].text, err.hint, bad[i].hint);
    }
}

static void a_rule_or_a_name_too_long_is_refused(void **state)
{
    (void)state;
    struct rule rule;
    struct err err = {0};
    char text[RULE_TEXT_MAX + 1] = "price < 1 in ";
    memset(text + 13, 'x', 201);
    assert_false(rule_parse(text, &rule, &err));
    assert_string_equal(err.text, "character 14: a word too long");
    text[13 + 200] = '\0';
    assert_true(rule_parse(text, &rule, &err));
    memset(text, ' ', RULE_TEXT_MAX);
    assert_false(rule_parse(text, &rule, &err));
    assert_string_equal(err.text, "character 1: a rule too long");
}

/* Every line of the help's examples is itself a rule, one for each measure. */
static void the_examples_of_the_help_are_rules(void **state)
{
    (void)state;
    bool seen[RULE_MEASURES] = {false};
    AUTO_BUF struct buf help;
    buf_init(&help, 1 << 16);
    rule_put_help(&help);
    char *rest = strstr(help.data, "by example:\n") + strlen("by example:\n");
    for (char *line; (line = strsep(&rest, "\n")) && *line; strsep(&rest, "\n")) {
        struct rule rule;
        struct err err = {0};
        if (!rule_parse(line, &rule, &err))
            fail_msg("%s: %s", line, err.text);
        seen[rule.measure] = true;
    }
    for (size_t i = 0; i < RULE_MEASURES; i++)
        assert_true(seen[i]);
}

static void values_are_shown_in_their_unit(void **state)
{
    (void)state;
    static const struct {
        enum rule_unit unit;
        int64_t value;
        const char *shown, *number;
    } cases[] = {
        {RULE_MONEY, 14200, "$142.00", "142.00"},
        {RULE_PERCENT, 125000, "12.50 %", "12.5000"},
        {RULE_COUNT, 3, "3", "3"},
        {RULE_SPAN, 2050, "2.050 s", "2.050"},
        {RULE_SPAN, 2 * CLOCK_HOUR_MS, "2 h", "7200.000"},
        {RULE_BYTES, 950, "0.95 kB", "950"},
        {RULE_BYTES, INT64_C(1250000000), "1.25 GB", "1250000000"},
        {RULE_STATE, 1, "yes", "1"},
        {RULE_STATE, 0, "no", "0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUF struct buf shown, number;
        buf_init(&shown, 100);
        buf_init(&number, 100);
        rule_put_value(&shown, cases[i].unit, cases[i].value, "USD");
        rule_put_number(&number, cases[i].unit, cases[i].value);
        assert_string_equal(buf_text(&shown), cases[i].shown);
        assert_string_equal(buf_text(&number), cases[i].number);
    }
}

static void names_are_plain_words(void **state)
{
    (void)state;
    struct err err = {0};
    assert_true(rule_name_check("cheap-floor_2", &err));
    static const char *const wrong[] = {
        "", "Cheap", "a b", "a=b", "é", "a\n", "a234567890123456789012345678901234567890x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(rule_name_check(wrong[i], &err));
        assert_int_equal(err.code, ERR_USAGE);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_mean_what_they_say),
        cmocka_unit_test(what_cannot_be_read_names_the_place_and_what_is_allowed),
        cmocka_unit_test(a_rule_or_a_name_too_long_is_refused),
        cmocka_unit_test(the_examples_of_the_help_are_rules),
        cmocka_unit_test(values_are_shown_in_their_unit),
        cmocka_unit_test(names_are_plain_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
