#include "base/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

static const struct when_anchor anchor = {
    .now_ms = INT64_C(1770660000123), /* 2026-02-09T18:00:00.123Z */
    .event_ms = INT64_C(1780000000000),
};
static const struct when_anchor dateless = {.now_ms = INT64_C(1770660000123), .event_ms = -1};

static void every_form_is_read(void **state)
{
    (void)state;
    const struct {
        const char *text;
        int64_t at_ms;
    } cases[] = {
        {"now", anchor.now_ms},
        {"0s", anchor.now_ms},
        {"90s", anchor.now_ms - 90 * INT64_C(1000)},
        {"15min", anchor.now_ms - 15 * INT64_C(60000)},
        {"15m", anchor.now_ms - 15 * INT64_C(60000)},
        {"36h", anchor.now_ms - 36 * INT64_C(3600000)},
        {"7d", anchor.now_ms - 7 * INT64_C(86400000)},
        {"2w", anchor.now_ms - 14 * INT64_C(86400000)},
        {"T", anchor.event_ms},
        {"T-14d", anchor.event_ms - 14 * INT64_C(86400000)},
        {"T-36h", anchor.event_ms - 36 * INT64_C(3600000)},
        {"T+3h", anchor.event_ms + 3 * INT64_C(3600000)},
        {"2026-02-09", INT64_C(1770595200000)},
        {"2026-02-09T18:00:00Z", INT64_C(1770660000000)},
        {"2026-02-09T13:00:00.5-05:00", INT64_C(1770660000500)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        int64_t at_ms = -1;
        assert_true(when_parse(cases[i].text, &anchor, &at_ms, &err));
        assert_int_equal(at_ms, cases[i].at_ms);
    }
}

static void anything_else_is_refused_with_what_was_typed_and_the_forms(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "yesterday",
        "7",
        "d",
        "7 d",
        "-7d",
        "+7d",
        "7.5h",
        "7D",
        "Now",
        "T14d",
        "T-",
        "T-14",
        "t-1d",
        "2026-02-30",
        "7d ",
        "T+-1d",
        " now",
        "1d12h",
        "T-1d2h",
        "2026-02-09T18:00",
        "7mins",
        "99999999999999999999d",
        "9223372036854775807w",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        int64_t at_ms = 42;
        if (when_parse(cases[i], &anchor, &at_ms, &err))
            fail_msg("'%s' was read", cases[i]);
        assert_int_equal(at_ms, 42);
        assert_int_equal(err.code, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i]));
        assert_non_null(strstr(err.hint, "T-14d"));
        assert_non_null(strstr(err.hint, "now"));
    }
}

static void relative_to_an_event_without_a_date_says_so(void **state)
{
    (void)state;
    struct err err;
    int64_t at_ms;
    assert_false(when_parse("T-14d", &dateless, &at_ms, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.text, "'T-14d': the event's date is not known");
    assert_true(when_parse("7d", &dateless, &at_ms, &err));
}

static void times_that_are_not_believed_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"40000d", "T+80000d", "T-30000d"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        int64_t at_ms;
        assert_false(when_parse(cases[i], &anchor, &at_ms, &err));
        assert_int_equal(err.code, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i]));
    }
}

static void spans_are_read(void **state)
{
    (void)state;
    struct err err;
    int64_t span_ms;
    assert_true(when_parse_span("15min", &span_ms, &err));
    assert_int_equal(span_ms, 15 * CLOCK_MINUTE_MS);
    assert_true(when_parse_span("36h", &span_ms, &err));
    assert_int_equal(span_ms, 36 * CLOCK_HOUR_MS);
    assert_true(when_parse_span("7d", &span_ms, &err));
    assert_int_equal(span_ms, 7 * CLOCK_DAY_MS);
    assert_true(when_parse_span("0s", &span_ms, &err));
    assert_int_equal(span_ms, 0);
}

static void other_spans_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"",     "15",  "min", "-1h",
                                        "1.5h", "1h ", "now", "99999999999w"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err;
        int64_t span_ms;
        assert_false(when_parse_span(cases[i], &span_ms, &err));
        assert_int_equal(err.code, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i]));
        assert_non_null(strstr(err.hint, "15min"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(anything_else_is_refused_with_what_was_typed_and_the_forms),
        cmocka_unit_test(relative_to_an_event_without_a_date_says_so),
        cmocka_unit_test(times_that_are_not_believed_are_refused),
        cmocka_unit_test(spans_are_read),
        cmocka_unit_test(other_spans_are_refused),
    };
    return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
