#include "cli/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/listing.h"

#define NOW_MS INT64_C(1770660000000) /* 2026-02-09T18:00:00Z */

static struct event event;

static int set_up(void **state)
{
    (void)state;
    clock_fix(NOW_MS);
    event_init(&event, "vividseats", "6501519");
    event.date_ms = NOW_MS + 30 * CLOCK_DAY_MS;
    return 0;
}

struct read {
    struct opt_values values;
    struct query_filter filter;
    struct err err;
    bool ok;
};

static void read_words(struct read *read, const struct event *about, const char *const *words)
{
    size_t count = 0, used;
    const struct opt_sets sets = {{filter_options}};
    while (words[count])
        count++;
    *read = (struct read){0};
    opt_init(&read->values, &sets);
    read->ok = opt_parse(&read->values, words, count, false, &used, &read->err) &&
               filter_read(&read->values, about, &read->filter, &read->err);
}

static void without_options_it_is_everything_by_hour_at_base_prices(void **state)
{
    (void)state;
    struct read read;
    read_words(&read, &event, (const char *const[]){NULL});
    assert_true(read.ok);
    assert_int_equal(read.filter.by, QUERY_HOUR);
    assert_int_equal(read.filter.basis, MEASURES_BASE);
    assert_int_equal(read.filter.zone_count, 0);
    assert_null(read.filter.section);
    assert_int_equal(read.filter.sizes, 0);
    assert_false(read.filter.has_from || read.filter.has_to || read.filter.has_at);
    opt_release(&read.values);
}

static void every_option_arrives(void **state)
{
    (void)state;
    const char *const words[] = {"-z",  "Floor",  "-z",     "Lower", "-s",    "101",    "--from",
                                 "7d",  "--to",   "T-14d",  "--at",  "now",   "-b",     "day",
                                 "-k",  "2,4",    "--size", "1",     "-p",    "all-in", "--only",
                                 "vip", "--only", "club",   "-x",    "suite", NULL};
    struct read read;
    read_words(&read, &event, words);
    assert_true(read.ok);
    assert_int_equal(read.filter.zone_count, 2);
    assert_string_equal(read.filter.zones[1], "Lower");
    assert_string_equal(read.filter.section, "101");
    assert_int_equal(read.filter.from_ms, NOW_MS - 7 * CLOCK_DAY_MS);
    assert_int_equal(read.filter.to_ms, event.date_ms - 14 * CLOCK_DAY_MS);
    assert_int_equal(read.filter.at_ms, NOW_MS);
    assert_true(read.filter.has_from && read.filter.has_to && read.filter.has_at);
    assert_int_equal(read.filter.by, QUERY_DAY);
    assert_int_equal(read.filter.sizes, 1 | 2 | 8);
    assert_int_equal(read.filter.basis, MEASURES_ALL_IN);
    assert_int_equal(read.filter.only_tags, LISTING_VIP | LISTING_CLUB);
    assert_int_equal(read.filter.exclude_tags, LISTING_SUITE);
    opt_release(&read.values);
}

static void every_tag_can_be_named(void **state)
{
    (void)state;
#define X(name, bit, word, sentence)                                                               \
    {                                                                                              \
        struct read read;                                                                          \
        read_words(&read, &event, (const char *const[]){"--only", word, NULL});                    \
        assert_true(read.ok);                                                                      \
        assert_int_equal(read.filter.only_tags, LISTING_##name);                                   \
        opt_release(&read.values);                                                                 \
    }
#include "core/tag.def"
#undef X
}

static void what_cannot_be_used_names_the_option(void **state)
{
    (void)state;
    const struct {
        const char *words[5];
        const char *text;
    } cases[] = {
        {{"--size", "0"}, "option '--size': '0' is not a number from 1 to 8"},
        {{"--size", "9"}, "option '--size': '9' is not a number from 1 to 8"},
        {{"--size", "12"}, "option '--size': '12' is not a number from 1 to 8"},
        {{"--size", "2,"}, "option '--size': '2,' is not a number from 1 to 8"},
        {{"--from", "yesterday"}, "option '--from': 'yesterday' is not a time"},
        {{"--at", "2026-02-30"}, "option '--at': '2026-02-30' is not a time"},
        {{"--from", "1d", "--to", "2d"}, "option '--to': '2d' is before --from '1d'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct read read;
        read_words(&read, &event, cases[i].words);
        assert_false(read.ok);
        assert_int_equal(read.err.code, ERR_USAGE);
        assert_string_equal(read.err.text, cases[i].text);
        opt_release(&read.values);
    }
}

static void days_before_an_event_without_a_date_are_refused(void **state)
{
    (void)state;
    struct event dateless = event;
    struct read read;
    dateless.date_ms = EVENT_NO_DATE;
    read_words(&read, &dateless, (const char *const[]){"--from", "T-14d", NULL});
    assert_false(read.ok);
    assert_string_equal(read.err.text, "option '--from': 'T-14d': the event's date is not known");
    opt_release(&read.values);
}

static void more_zones_than_a_filter_holds_are_refused(void **state)
{
    (void)state;
    const char *words[2 * QUERY_ZONES_MAX + 3] = {0};
    struct read read;
    for (size_t i = 0; i < 2 * (QUERY_ZONES_MAX + 1); i += 2) {
        words[i] = "--zone";
        words[i + 1] = "A";
    }
    read_words(&read, &event, words);
    assert_false(read.ok);
    assert_int_equal(read.err.code, ERR_USAGE);
    opt_release(&read.values);
}

static void a_moment_ends_a_series_and_a_windows_end_dates_a_market(void **state)
{
    (void)state;
    struct query_filter series = {.has_at = true, .at_ms = 5000};
    filter_as_series(&series);
    assert_true(series.has_to);
    assert_int_equal(series.to_ms, 5001);
    struct query_filter both = {.has_at = true, .at_ms = 5000, .has_to = true, .to_ms = 7};
    filter_as_series(&both);
    assert_int_equal(both.to_ms, 7);
    filter_as_market(&both);
    assert_int_equal(both.at_ms, 5000);
    struct query_filter market = {.has_to = true, .to_ms = 7000};
    filter_as_market(&market);
    assert_true(market.has_at);
    assert_int_equal(market.at_ms, 6999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options_it_is_everything_by_hour_at_base_prices),
        cmocka_unit_test(every_option_arrives),
        cmocka_unit_test(every_tag_can_be_named),
        cmocka_unit_test(what_cannot_be_used_names_the_option),
        cmocka_unit_test(days_before_an_event_without_a_date_are_refused),
        cmocka_unit_test(more_zones_than_a_filter_holds_are_refused),
        cmocka_unit_test(a_moment_ends_a_series_and_a_windows_end_dates_a_market),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
