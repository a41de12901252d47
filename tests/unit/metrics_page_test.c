#include "core/metrics_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "io/http.h"
#include "io/httpd.h"
#include "scratch.h"

static void answer(void *context, const struct httpd_request *request, struct httpd_reply *reply)
{
    (void)context, (void)request, (void)reply;
}

/* A port that was free just now. */
static int find_port(void)
{
    struct err err = {0};
    struct httpd *httpd = httpd_open(0, answer, NULL, &err);
    scratch_ok(httpd != NULL, &err);
    int port = httpd_port(httpd);
    httpd_close(httpd);
    return port;
}

static struct http_response get(int port, const char *path)
{
    static const struct http_settings settings = {.connect_ms = 5000,
                                                  .first_byte_ms = 5000,
                                                  .total_ms = 5000,
                                                  .stall_s = 5,
                                                  .user_agent = "t"};
    struct err err = {0};
    struct http_response response = {0};
    char url[80];
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", port, path);
    struct http *http = http_open(&settings);
    scratch_ok(http_start(http, url, NULL, &err), &err);
    assert_true(http_take(http, 5000, &response));
    http_close(http);
    return response;
}

static void it_shows_what_it_was_last_filled_with(void **state)
{
    (void)state;
    struct err err = {0};
    struct gauges gauges = {.state = {.events = 5}};
    char path[SCRATCH_PATH_MAX + 16];
    struct stat about;
    int port = find_port();
    snprintf(path, sizeof path, "%s/tws.prom", scratch_folder);
    struct metrics_page *page = metrics_page_open(port, path, &err);
    scratch_ok(page != NULL, &err);
    assert_true(metrics_page_is_due(page));
    struct http_response empty = get(port, "/metrics");
    assert_int_equal(empty.status, 200);
    assert_int_equal(empty.body.length, 0);
    http_response_release(&empty);
    metrics_page_fill(page, &gauges);
    assert_false(metrics_page_is_due(page));
    struct http_response filled = get(port, "/metrics");
    assert_non_null(strstr(buf_text(&filled.body), "\ntws_events_tracked 5\n"));
    assert_non_null(strstr(buf_text(&filled.body), "\n# EOF\n"));
    assert_string_equal(filled.content_type, gauges_media_type(GAUGES_OPENMETRICS));
    http_response_release(&filled);
    assert_int_equal(stat(path, &about), 0);
    assert_true(about.st_size > 0);
    struct http_response other = get(port, "/");
    assert_int_equal(other.status, 404);
    http_response_release(&other);
    metrics_page_close(page);
    assert_int_equal(stat(path, &about), 0);
}

static void a_port_that_is_taken_is_an_error(void **state)
{
    (void)state;
    struct err err = {0};
    struct httpd *httpd = httpd_open(0, answer, NULL, &err);
    scratch_ok(httpd != NULL, &err);
    assert_null(metrics_page_open(httpd_port(httpd), NULL, &err));
    assert_int_equal(err.code, ERR_FAILURE);
    httpd_close(httpd);
}

static void a_page_that_nobody_wants_is_never_due(void **state)
{
    (void)state;
    assert_false(metrics_page_is_due(NULL));
    metrics_page_close(NULL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(it_shows_what_it_was_last_filled_with),
        T(a_port_that_is_taken_is_an_error),
        T(a_page_that_nobody_wants_is_never_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
