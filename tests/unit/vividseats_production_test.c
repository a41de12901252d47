#include "core/vividseats_production.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "samples.h"

static enum outcome read_text(const char *body, const char *asked, struct event *event,
                              struct err *err)
{
    struct platform_answer answer = {200, "application/json", body, strlen(body)};
    event_init(event, "vividseats", asked);
    *err = (struct err){0};
    return vividseats_production_read(&answer, asked, event, err);
}

/* Production 77 with further fields, which must be good. */
static struct event read_good(const char *fields)
{
    char body[2000];
    struct event event;
    struct err err;
    snprintf(body, sizeof body, "{\"id\":77,\"name\":\"Test Band\",%s}", fields);
    if (read_text(body, "77", &event, &err) != OUTCOME_OK)
        fail_msg("%s: %s", body, err.text);
    return event;
}

static int64_t at(const char *text)
{
    int64_t at_ms = -1;
    assert_true(clock_parse(text, &at_ms));
    return at_ms;
}

static void the_real_item_is_read_whole(void **state)
{
    (void)state;
    AUTO_BUF struct buf body;
    if (!sample_read("vividseats/production-4833304.json", &body))
        skip();
    /* it was published inside an array */
    char *start = strchr(body.data, '{'), *end = strrchr(body.data, '}');
    end[1] = '\0';
    struct event event;
    struct err err;
    assert_int_equal(read_text(start, "4833304", &event, &err), OUTCOME_OK);
    assert_string_equal(event.name,
                        "Boston Celtics at Indiana Pacers (Game 3, Indiana Home Game 1)");
    assert_string_equal(event.venue, "Gainbridge Fieldhouse");
    assert_string_equal(event.city, "Indianapolis");
    assert_string_equal(event.region, "IN");
    assert_string_equal(event.country, "US");
    assert_string_equal(event.timezone, "America/Indiana/Indianapolis");
    assert_string_equal(event.category, "Sports");
    assert_string_equal(event.url,
                        "https://www.vividseats.com/indiana-pacers-tickets-gainbridge-fieldhouse-"
                        "5-15-2024--sports-nba-basketball/production/4833304");
    assert_int_equal(event.date_ms, at("2024-05-26T00:30:00Z"));
    assert_false(event.time_tbd);
    assert_false(event.pending);
}

static void utc_counts_before_local_time(void **state)
{
    (void)state;
    struct event event = read_good("\"utcDate\":\"2026-04-11T02:00:00Z\",\"localDate\":"
                                   "\"2026-04-10T20:00:00-07:00[America/Los_Angeles]\"");
    assert_int_equal(event.date_ms, at("2026-04-11T02:00:00Z"));
    event = read_good("\"utcDate\":\"soon\",\"localDate\":"
                      "\"2026-04-10T20:00:00-07:00[America/Los_Angeles]\"");
    assert_int_equal(event.date_ms, at("2026-04-11T03:00:00Z"));
    event = read_good("\"utcDate\":null,\"localDate\":7");
    assert_true(event.date_ms == EVENT_NO_DATE);
    assert_false(event.time_tbd);
}

static void a_date_to_be_announced_is_none(void **state)
{
    (void)state;
    struct event event = read_good("\"utcDate\":\"2026-04-11T02:00:00Z\",\"dateTbd\":true");
    assert_true(event.date_ms == EVENT_NO_DATE);
    assert_false(event.time_tbd);
}

/* The second case is the day on which summer time begins at two. */
static void an_hour_to_be_announced_leaves_the_local_day(void **state)
{
    (void)state;
    struct event event = read_good("\"utcDate\":\"2026-04-11T10:30:00Z\",\"timeTbd\":true,"
                                   "\"venue\":{\"timezone\":\"US/Pacific\"}");
    assert_true(event.time_tbd);
    assert_int_equal(event.date_ms, at("2026-04-11T00:00:00-07:00"));
    event = read_good("\"localDate\":\"2026-03-08T03:30:00-04:00[America/New_York]\","
                      "\"timeTbd\":true,\"venue\":{\"timezone\":\"America/New_York\"}");
    assert_int_equal(event.date_ms, at("2026-03-08T00:00:00-05:00"));
    event = read_good("\"localDate\":\"2026-03-08T23:30:00-04:00[Mars/Olympus]\","
                      "\"timeTbd\":true,\"venue\":{\"timezone\":\"Mars/Olympus\"}");
    assert_int_equal(event.date_ms, at("2026-03-08"));
}

static void only_a_safe_path_becomes_the_url(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"/a-b/production/77", "https://www.vividseats.com/a-b/production/77"},
        {"//evil.example/x", "https://www.vividseats.com/production/77"},
        {"https://evil.example/x", "https://www.vividseats.com/production/77"},
        {"/a b", "https://www.vividseats.com/production/77"},
        {"/\\u001b[2J", "https://www.vividseats.com/production/77"},
        {"", "https://www.vividseats.com/production/77"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char field[200];
        snprintf(field, sizeof field, "\"webPath\":\"%s\"", cases[i][0]);
        assert_string_equal(read_good(field).url, cases[i][1]);
    }
}

static void an_event_is_named_for_the_master_or_who_comes_first(void **state)
{
    (void)state;
    assert_string_equal(
        read_good(
            "\"performers\":[{\"id\":5},{\"id\":6,\"master\":true},{\"id\":7,\"master\":true}]")
            .performer_id,
        "6");
    assert_string_equal(
        read_good("\"performers\":[{\"id\":5,\"master\":false},{\"id\":6}]").performer_id, "5");
    assert_string_equal(read_good("\"performers\":[{\"id\":\"5\"}]").performer_id, "5");
    assert_string_equal(read_good("\"performers\":[{\"id\":\"5&page=2\"}]").performer_id, "");
    assert_string_equal(read_good("\"performers\":[]").performer_id, "");
    assert_string_equal(read_good("\"performers\":null").performer_id, "");
}

static void the_category_comes_from_the_performers_or_the_number(void **state)
{
    (void)state;
    assert_string_equal(read_good("\"performers\":[{\"category\":{\"name\":\"Opera\"}}],"
                                  "\"categoryId\":2")
                            .category,
                        "Opera");
    assert_string_equal(read_good("\"performers\":[],\"categoryId\":2").category, "Concerts");
    assert_string_equal(read_good("\"categoryId\":4").category, "Theater");
    assert_string_equal(read_good("\"categoryId\":99").category, "");
}

static void names_are_safe_to_print(void **state)
{
    (void)state;
    struct event event = read_good("\"venue\":{\"name\":\"The\\u001b[1m \\u202eHall\",\"city\":5}");
    assert_string_equal(event.venue, "The[1m Hall");
    assert_string_equal(event.city, "");
}

static void another_production_is_the_wrong_event(void **state)
{
    (void)state;
    struct event event;
    struct err err;
    assert_int_equal(read_text("{\"id\":78,\"name\":\"X\"}", "77", &event, &err),
                     OUTCOME_WRONG_EVENT);
    assert_string_equal(event.name, "");
    assert_string_equal(err.text, "the answer is about production '78', not '77'");
}

static void what_is_no_production_is_a_bad_payload(void **state)
{
    (void)state;
    static const char *const cases[] = {"null",
                                        "[]",
                                        "{}",
                                        "{\"id\":77}",
                                        "{\"id\":\"x\"}",
                                        "{\"id\":77.5,\"name\":\"X\"}",
                                        "{\"id\":77,\"name\":\"",
                                        "{\"id\":77,\"name\":\"\"}",
                                        "{\"id\":-77,\"name\":\"X\"}"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct event event;
        struct err err;
        if (read_text(cases[i], "77", &event, &err) != OUTCOME_BAD_PAYLOAD)
            fail_msg("'%s'", cases[i]);
        assert_int_equal(err.code, ERR_EVENT);
    }
}

static enum outcome read_page(const char *body, struct platform_page *page)
{
    struct platform_answer answer = {200, "application/json", body, strlen(body)};
    struct err err = {0};
    return vividseats_production_read_page(&answer, page, &err);
}

static void a_page_of_a_search_is_read(void **state)
{
    (void)state;
    struct platform_page page;
    assert_int_equal(read_page("{\"page\":2,\"total\":101,\"numberOfPages\":3,\"items\":["
                               "{\"id\":77,\"name\":\"A\",\"categoryId\":2},{\"name\":\"no id\"},"
                               "null,{\"id\":78},{\"id\":\"79\",\"name\":\"B\"}]}",
                               &page),
                     OUTCOME_OK);
    assert_int_equal(page.page, 2);
    assert_int_equal(page.page_count, 3);
    assert_int_equal(page.count, 2);
    assert_string_equal(page.events[0].platform, "vividseats");
    assert_string_equal(page.events[0].external_id, "77");
    assert_string_equal(page.events[1].external_id, "79");
    assert_string_equal(page.events[1].name, "B");
    platform_page_release(&page);
}

static void a_page_without_items_is_empty(void **state)
{
    (void)state;
    struct platform_page page;
    assert_int_equal(read_page("{\"page\":1,\"numberOfPages\":0,\"items\":[]}", &page),
                     OUTCOME_EMPTY);
    assert_int_equal(page.count, 0);
    assert_int_equal(page.page_count, 1);
    platform_page_release(&page);
}

static void absurd_page_numbers_are_bounded(void **state)
{
    (void)state;
    struct platform_page page;
    assert_int_equal(read_page("{\"page\":-4,\"numberOfPages\":1e15,\"items\":[]}", &page),
                     OUTCOME_EMPTY);
    assert_int_equal(page.page, 1);
    assert_int_equal(page.page_count, 10000);
    platform_page_release(&page);
}

static void what_is_no_page_is_a_bad_payload(void **state)
{
    (void)state;
    static const char *const cases[] = {"null", "{}", "{\"items\":null}", "{\"items\":{}}", "[1"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct platform_page page;
        assert_int_equal(read_page(cases[i], &page), OUTCOME_BAD_PAYLOAD);
        platform_page_release(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_real_item_is_read_whole),
        cmocka_unit_test(utc_counts_before_local_time),
        cmocka_unit_test(a_date_to_be_announced_is_none),
        cmocka_unit_test(an_hour_to_be_announced_leaves_the_local_day),
        cmocka_unit_test(only_a_safe_path_becomes_the_url),
        cmocka_unit_test(an_event_is_named_for_the_master_or_who_comes_first),
        cmocka_unit_test(the_category_comes_from_the_performers_or_the_number),
        cmocka_unit_test(names_are_safe_to_print),
        cmocka_unit_test(another_production_is_the_wrong_event),
        cmocka_unit_test(what_is_no_production_is_a_bad_payload),
        cmocka_unit_test(a_page_of_a_search_is_read),
        cmocka_unit_test(a_page_without_items_is_empty),
        cmocka_unit_test(absurd_page_numbers_are_bounded),
        cmocka_unit_test(what_is_no_page_is_a_bad_payload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
