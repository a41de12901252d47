#include "core/quiet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

static int64_t at(const char *text)
{
    int64_t at_ms;
    assert_true(clock_parse(text, &at_ms));
    return at_ms;
}

static struct quiet read(const char *text)
{
    struct quiet quiet;
    struct err err = {0};
    if (!quiet_parse(text, &quiet, &err))
        fail_msg("%s", err.text);
    return quiet;
}

static void hours_are_read_or_refused_with_the_form(void **state)
{
    (void)state;
    struct quiet quiet = read("22:00-07:30");
    assert_int_equal(quiet.from_min, 22 * 60);
    assert_int_equal(quiet.to_min, 7 * 60 + 30);
    assert_false(quiet.venue);
    assert_false(read("09:00-17:00 local").venue);
    assert_true(read("09:00-17:00 venue").venue);
    static const char *const wrong[] = {"22-7",         "22:00",           "24:00-07:00",
                                        "22:60-07:00",  "22:00-07:00 UTC", "22:00-07:00 ",
                                        "22:00-22:00",  "22:00 - 07:00",   "2:00-07:00",
                                        "22:00-07:000", "22:00-07",        "-"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err err = {0};
        if (quiet_parse(wrong[i], &quiet, &err))
            fail_msg("'%s' was read", wrong[i]);
        assert_int_equal(err.code, ERR_USAGE);
        assert_non_null(strstr(err.hint, "22:00-07:00"));
    }
}

static void an_empty_text_is_never_quiet(void **state)
{
    (void)state;
    struct quiet quiet = read("");
    for (int hour = 0; hour < 24; hour++)
        assert_false(quiet_holds(&quiet, "America/New_York", hour * CLOCK_HOUR_MS));
}

static void they_begin_and_end_to_the_minute_and_go_around_midnight(void **state)
{
    (void)state;
    struct quiet night = read("22:00-07:00 venue"), day = read("09:00-17:00 venue");
    const char *utc = "Etc/UTC";
    assert_false(quiet_holds(&night, utc, at("2026-02-09T21:59:59Z")));
    assert_true(quiet_holds(&night, utc, at("2026-02-09T22:00:00Z")));
    assert_true(quiet_holds(&night, utc, at("2026-02-09T00:00:00Z")));
    assert_true(quiet_holds(&night, utc, at("2026-02-09T06:59:59Z")));
    assert_false(quiet_holds(&night, utc, at("2026-02-09T07:00:00Z")));
    assert_false(quiet_holds(&day, utc, at("2026-02-09T08:59:59Z")));
    assert_true(quiet_holds(&day, utc, at("2026-02-09T09:00:00Z")));
    assert_false(quiet_holds(&day, utc, at("2026-02-09T17:00:00Z")));
}

/* New York sets its clocks forward at 07:00Z on 8 March 2026, and back at 06:00Z on 1 November. */
static void the_clock_on_the_wall_counts_when_it_is_set(void **state)
{
    (void)state;
    const char *zone = "America/New_York";
    struct quiet night = read("22:00-07:00 venue");
    assert_true(quiet_holds(&night, zone, at("2026-03-07T11:59:00Z")));  /* 06:59 EST */
    assert_false(quiet_holds(&night, zone, at("2026-03-07T12:00:00Z"))); /* 07:00 EST */
    assert_true(quiet_holds(&night, zone, at("2026-03-08T10:59:00Z")));  /* 06:59 EDT */
    assert_false(quiet_holds(&night, zone, at("2026-03-08T11:00:00Z"))); /* 07:00 EDT */
    assert_false(quiet_holds(&night, zone, at("2026-11-01T01:59:00Z"))); /* 21:59 EDT */
    assert_true(quiet_holds(&night, zone, at("2026-11-01T11:59:00Z")));  /* 06:59 EST */
    assert_false(quiet_holds(&night, zone, at("2026-11-01T12:00:00Z"))); /* 07:00 EST */

    /* an hour that the wall shows twice is quiet twice, one that it leaves out never */
    struct quiet one = read("01:00-02:00 venue"), two = read("02:00-03:00 venue");
    int64_t quiet_min = 0, never_min = 0;
    for (int minute = 0; minute < 24 * 60; minute++) {
        quiet_min += quiet_holds(&one, zone, at("2026-11-01T04:00:00Z") + minute * CLOCK_MINUTE_MS);
        never_min += quiet_holds(&two, zone, at("2026-03-08T05:00:00Z") + minute * CLOCK_MINUTE_MS);
    }
    assert_int_equal(quiet_min, 120);
    assert_int_equal(never_min, 0);
}

static void without_a_venue_the_local_clock_counts(void **state)
{
    (void)state;
    struct quiet night = read("22:00-07:00 venue"), local = read("22:00-07:00");
    int64_t moment_ms = at("2026-07-01T22:30:00Z"); /* 18:30 in New York, 23:30 in London */
    assert_false(quiet_holds(&night, "America/New_York", moment_ms));
    /* main() set TZ */
    assert_true(quiet_holds(&night, "", moment_ms));
    assert_true(quiet_holds(&night, NULL, moment_ms));
    assert_true(quiet_holds(&local, "America/New_York", moment_ms));
    assert_false(quiet_holds(&local, NULL, at("2026-07-01T06:30:00Z"))); /* 07:30 */
    assert_true(quiet_holds(&local, NULL, at("2026-01-01T06:30:00Z")));  /* 06:30 */
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_are_read_or_refused_with_the_form),
        cmocka_unit_test(an_empty_text_is_never_quiet),
        cmocka_unit_test(they_begin_and_end_to_the_minute_and_go_around_midnight),
        cmocka_unit_test(the_clock_on_the_wall_counts_when_it_is_set),
        cmocka_unit_test(without_a_venue_the_local_clock_counts),
    };
    setenv("TZ", "Europe/London", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
