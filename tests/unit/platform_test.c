#include "core/platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define CHALLENGE "<!DOCTYPE html><title>Challenge Validation</title><p>verify you are human"
#define PAGE "<html><body>Nothing here</body></html>"
#define JSON "{\"global\":[]}"

struct answer_case {
    int status;
    const char *body;
    int outcome; /* -1: to be read */
};

static const int READ_IT = -1;

static void check(const struct answer_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct platform_answer answer = {cases[i].status, "", cases[i].body, strlen(cases[i].body)};
        struct err err = {0};
        enum outcome outcome = OUTCOME_OK;
        int got = platform_refused(&answer, &outcome, &err) ? (int)outcome : READ_IT;
        if (got != cases[i].outcome)
            fail_msg("status %d, '%s': %d, not %d", cases[i].status, cases[i].body, got,
                     cases[i].outcome);
        assert_int_equal(got == READ_IT, err.text[0] == '\0');
    }
}

static void the_status_decides(void **state)
{
    (void)state;
    static const struct answer_case cases[] = {
        {200, JSON, -1},
        {203, JSON, -1},
        {401, JSON, OUTCOME_BLOCKED},
        {403, JSON, OUTCOME_BLOCKED},
        {403, PAGE, OUTCOME_BLOCKED},
        {403, "", OUTCOME_BLOCKED},
        {404, JSON, OUTCOME_NOT_FOUND},
        {404, PAGE, OUTCOME_NOT_FOUND},
        {410, "", OUTCOME_NOT_FOUND},
        {429, JSON, OUTCOME_RATE_LIMITED},
        {429, "<h1>Too many requests</h1>", OUTCOME_RATE_LIMITED},
        {500, PAGE, OUTCOME_NETWORK},
        {503, "", OUTCOME_NETWORK},
        {302, "", OUTCOME_NETWORK},
        {400, JSON, OUTCOME_BAD_PAYLOAD},
        {418, PAGE, OUTCOME_BAD_PAYLOAD},
        {0, JSON, OUTCOME_BAD_PAYLOAD},
        {700, JSON, OUTCOME_BAD_PAYLOAD},
    };
    check(cases, sizeof cases / sizeof cases[0]);
}

static void a_challenge_page_is_blocked_whatever_its_status(void **state)
{
    (void)state;
    static const struct answer_case cases[] = {
        {200, CHALLENGE, OUTCOME_BLOCKED},
        {202, CHALLENGE, OUTCOME_BLOCKED},
        {404, CHALLENGE, OUTCOME_BLOCKED},
        {429, CHALLENGE, OUTCOME_BLOCKED},
        {503, CHALLENGE, OUTCOME_BLOCKED},
        {200, "\n  <html>ACCESS DENIED</html>", OUTCOME_BLOCKED},
        {200, "Access Denied", OUTCOME_BLOCKED},
        {200, "<html>Too Many Requests</html>", OUTCOME_BLOCKED},
        {200, "<html><div id=\"px-captcha\"></div></html>", OUTCOME_BLOCKED},
    };
    check(cases, sizeof cases / sizeof cases[0]);
}

static void json_that_speaks_of_challenges_is_read(void **state)
{
    (void)state;
    static const struct answer_case cases[] = {
        {200, "{\"global\":[{\"productionName\":\"Challenge Cup: captcha\"}]}", -1},
        {200, " [\"access denied\"]", -1},
        {200, "null", -1},
    };
    check(cases, sizeof cases / sizeof cases[0]);
}

static void a_whole_body_that_is_no_json_is_a_bad_payload(void **state)
{
    (void)state;
    static const struct answer_case cases[] = {
        {200, "", OUTCOME_BAD_PAYLOAD},
        {204, "", OUTCOME_BAD_PAYLOAD},
        {200, " \r\n\t ", OUTCOME_BAD_PAYLOAD},
        {200, PAGE, OUTCOME_BAD_PAYLOAD},
    };
    check(cases, sizeof cases / sizeof cases[0]);
}

static void blocked_says_what_can_be_done(void **state)
{
    (void)state;
    struct platform_answer answer = {403, "text/html", CHALLENGE, strlen(CHALLENGE)};
    struct err err = {0};
    enum outcome outcome;
    assert_true(platform_refused(&answer, &outcome, &err));
    assert_int_equal(err.code, ERR_UNREACHABLE);
    assert_non_null(strstr(err.text, "403"));
    assert_non_null(strstr(err.hint, "tws import"));
}

static void platforms_are_found_by_name(void **state)
{
    (void)state;
    assert_string_equal(platform_find("vividseats")->title, "Vivid Seats");
    assert_null(platform_find("VividSeats"));
    assert_null(platform_find(""));
    assert_ptr_equal(platform_list()[0], platform_find("vividseats"));
    assert_null(platform_list()[1]);
}

static void an_empty_page_is_released(void **state)
{
    (void)state;
    struct platform_page page = {0};
    platform_page_release(&page);
    page.events = mem_alloc(2, sizeof *page.events);
    page.count = 2;
    platform_page_release(&page);
    assert_null(page.events);
    assert_int_equal(page.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_status_decides),
        cmocka_unit_test(a_challenge_page_is_blocked_whatever_its_status),
        cmocka_unit_test(json_that_speaks_of_challenges_is_read),
        cmocka_unit_test(a_whole_body_that_is_no_json_is_a_bad_payload),
        cmocka_unit_test(blocked_says_what_can_be_done),
        cmocka_unit_test(platforms_are_found_by_name),
        cmocka_unit_test(an_empty_page_is_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
