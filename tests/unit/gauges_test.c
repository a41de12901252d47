#include "core/gauges.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "scratch.h"

enum { FAMILY_BYTES = 100, FAMILIES_MAX = 60 };

static struct gauges make(void)
{
    static const struct frame_column columns[] = {
        {"event", FRAME_TEXT}, {"good", FRAME_TIME}, {"failed", FRAME_INT}};
    struct gauges gauges = {
        .started_ms = 1770660000123,
        .tally = {.by_outcome = {[OUTCOME_OK] = 7, [OUTCOME_NETWORK] = 2},
                  .took = {1, 0, 2, [WATCH_TOOK_BUCKETS] = 3},
                  .took_ms = 61500,
                  .questions = 4,
                  .described = 90},
        .state = {.events = 5, .retired = 1, .running = 2, .stretch = 1.5},
        .host = {.allowed = 30, .held_ms = 1500},
        .vitals = {.jobs = {.waiting = 3, .dead = 1},
                   .bytes = 123456789012,
                   .growth_bytes = 1000,
                   .growth_days = 3,
                   .rollup_lag_ms = 2000,
                   .sync_lag_ms = 7200000,
                   .chore_count = 1,
                   .chores = {{"maintenance", 1770660000000, 40, true, ""}}},
    };
    frame_init(&gauges.freshness, columns, 3);
    for (int i = 1; i <= 2; i++) {
        char name[EVENT_NAME_MAX];
        snprintf(name, sizeof name, "vividseats:%d", i);
        struct frame_cell *cells = frame_add_row(&gauges.freshness);
        cells[0] = frame_text(&gauges.freshness, name);
        cells[2] = frame_number(i);
        if (i == 2)
            cells[1] = frame_number(1770660000000);
    }
    return gauges;
}

static char *put(const struct gauges *gauges, enum gauges_format format)
{
    struct buf page;
    buf_init(&page, 1 << 20);
    gauges_put(gauges, format, &page);
    return page.data;
}

/* The value of a sample by its name and labels; fails when it is not there. */
static double value_of(const char *page, const char *sample)
{
    char line[200];
    snprintf(line, sizeof line, "\n%s ", sample);
    const char *at = strstr(page, line);
    if (at == NULL)
        fail_msg("no sample %s", sample);
    return strtod(at + strlen(line), NULL);
}

static void each_number_is_where_it_belongs(void **state)
{
    (void)state;
    struct gauges gauges = make();
    char *page = put(&gauges, GAUGES_OPENMETRICS);
    static const struct {
        const char *sample;
        double value;
    } wanted[] = {
        {"tws_polls_total{outcome=\"ok\"}", 7},
        {"tws_polls_total{outcome=\"network\"}", 2},
        {"tws_polls_total{outcome=\"blocked\"}", 0},
        {"tws_metadata_requests_total", 4},
        {"tws_metadata_events_total", 90},
        {"tws_start_timestamp_seconds", 1770660000.123},
        {"tws_poll_duration_seconds_bucket{le=\"0.05\"}", 1},
        {"tws_poll_duration_seconds_bucket{le=\"0.25\"}", 3},
        {"tws_poll_duration_seconds_bucket{le=\"60\"}", 3},
        {"tws_poll_duration_seconds_bucket{le=\"+Inf\"}", 6},
        {"tws_poll_duration_seconds_count", 6},
        {"tws_poll_duration_seconds_sum", 61.5},
        {"tws_jobs{state=\"waiting\"}", 3},
        {"tws_jobs{state=\"running\"}", 2},
        {"tws_jobs{state=\"dead\"}", 1},
        {"tws_interval_stretch_ratio", 1.5},
        {"tws_host_requests_per_minute_limit", 30},
        {"tws_host_rest_seconds", 1.5},
        {"tws_store_size_bytes", 123456789012},
        {"tws_store_daily_growth_bytes", 1000},
        {"tws_rollup_lag_seconds", 2},
        {"tws_sync_lag_seconds", 7200},
        {"tws_event_last_good_timestamp_seconds{event=\"vividseats:1\"}", 0},
        {"tws_event_last_good_timestamp_seconds{event=\"vividseats:2\"}", 1770660000},
        {"tws_event_failed_polls{event=\"vividseats:2\"}", 2},
        {"tws_chore_last_run_timestamp_seconds{chore=\"maintenance\"}", 1770660000},
        {"tws_chore_success{chore=\"maintenance\"}", 1},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (value_of(page, wanted[i].sample) != wanted[i].value)
            fail_msg("%s is %.15g", wanted[i].sample, value_of(page, wanted[i].sample));
    mem_free(page);
    gauges.vitals.sync_lag_ms = -1;
    gauges.vitals.growth_days = 0;
    page = put(&gauges, GAUGES_OPENMETRICS);
    assert_null(strstr(page, "tws_sync_lag"));
    assert_null(strstr(page, "growth"));
    mem_free(page);
    frame_release(&gauges.freshness);
}

/* Whether a sample's name is one that its family may have. */
static bool belongs(const char *name, const char *family, const char *type, bool openmetrics)
{
    static const struct {
        const char *type, *suffixes[4];
    } forms[] = {
        {"gauge", {""}},
        {"counter", {"_total"}},
        {"info", {"_info"}},
        {"histogram", {"_bucket", "_sum", "_count"}},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        for (size_t k = 0; strcmp(forms[i].type, type) == 0 && forms[i].suffixes[k] && k < 3; k++) {
            bool bare = !openmetrics && strcmp(type, "counter") == 0;
            char full[FAMILY_BYTES + 10];
            snprintf(full, sizeof full, "%s%s", family, bare ? "" : forms[i].suffixes[k]);
            if (strcmp(full, name) == 0)
                return true;
        }
    return false;
}

/* What both formats demand: a family is told of once, its lines stand together, and names fit its type. */
static void check_form(enum gauges_format format)
{
    char families[FAMILIES_MAX][FAMILY_BYTES], type[20] = "", name[FAMILY_BYTES],
                                               help[FAMILY_BYTES] = "";
    size_t count = 0;
    struct gauges gauges = make();
    char *page = put(&gauges, format), *rest = page;
    bool openmetrics = format == GAUGES_OPENMETRICS, ended = false;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && *line;) {
        assert_false(ended);
        if (strcmp(line, "# EOF") == 0) {
            ended = true;
        } else if (sscanf(line, "# HELP %99s", help) == 1) {
            for (size_t i = 0; i < count; i++)
                assert_string_not_equal(families[i], help);
        } else if (sscanf(line, "# TYPE %99s %19s", name, type) == 2) {
            assert_string_equal(name, help);
            assert_true(count < FAMILIES_MAX);
            snprintf(families[count++], FAMILY_BYTES, "%s", name);
        } else {
            assert_int_equal(sscanf(line, "%99[a-z_]", name), 1);
            assert_true(count > 0);
            if (!belongs(name, families[count - 1], type, openmetrics))
                fail_msg("%s is no sample of the %s %s", name, type, families[count - 1]);
        }
    }
    assert_int_equal(ended, openmetrics);
    assert_true(count > 20);
    mem_free(page);
    frame_release(&gauges.freshness);
}

static void the_page_has_the_form_of_openmetrics(void **state)
{
    (void)state;
    check_form(GAUGES_OPENMETRICS);
}

static void the_file_has_the_form_of_the_older_format(void **state)
{
    (void)state;
    check_form(GAUGES_TEXT);
}

static void a_file_is_written_whole_or_not_at_all(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_BUF struct buf page;
    struct stat about;
    char path[SCRATCH_PATH_MAX + 16];
    buf_init(&page, 1000);
    buf_puts(&page, "tws_up 1\n");
    snprintf(path, sizeof path, "%s/tws.prom", scratch_folder);
    scratch_ok(gauges_write(path, &page, &err), &err);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, page.length);
    mkdir(scratch_path, 0700); /* which no file can replace */
    assert_false(gauges_write(scratch_path, &page, &err));
    assert_int_equal(err.code, ERR_FAILURE);
    snprintf(path, sizeof path, "%s.%ld.new", scratch_path, (long)getpid());
    assert_int_not_equal(stat(path, &about), 0);
    assert_false(gauges_write("/nowhere/tws.prom", &page, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_is_where_it_belongs),
        cmocka_unit_test(the_page_has_the_form_of_openmetrics),
        cmocka_unit_test(the_file_has_the_form_of_the_older_format),
        cmocka_unit_test_setup_teardown(a_file_is_written_whole_or_not_at_all, scratch_make,
                                        scratch_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
