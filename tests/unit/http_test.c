#include "io/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "io/httpd.h"
#include "peer.h"

static const struct http_settings SETTINGS = {
    .connect_ms = 2000,
    .first_byte_ms = 2000,
    .total_ms = 8000,
    .stall_s = 5,
    .user_agent = "tws/test",
};

/* 127.0.0.1 of `port` with a path, in a static buffer. */
static const char *url_of(int port, const char *path)
{
    static char url[400];
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", port, path);
    return url;
}

/* The one response of a URL, over a transport that may be kept. */
static struct http_response fetch_over(struct http *http, const char *url)
{
    struct err err = {0};
    struct http_response response;
    int context;
    if (!http_start(http, url, &context, &err))
        fail_msg("%s", err.text);
    assert_int_equal(http_running(http), 1);
    assert_true(http_take(http, 15000, &response));
    assert_int_equal(http_running(http), 0);
    assert_ptr_equal(response.context, &context);
    return response;
}

static struct http_response fetch(const char *url)
{
    struct http *http = http_open(&SETTINGS);
    struct http_response response = fetch_over(http, url);
    http_close(http);
    return response;
}

/* The response to bytes that a peer sends, the connection then being closed. */
static struct http_response fetch_bytes(const char *head, const void *body, size_t length)
{
    struct peer peer;
    const struct peer_answer answer = {.head = head, .body = body, .length = length};
    peer_open(&peer, &answer, 1);
    struct http_response response = fetch(url_of(peer.port, "/"));
    peer_close(&peer);
    return response;
}

/* A server for redirects: /hop/N leads to /hop/N-1, /to?LOCATION elsewhere, all else is content. */
static void serve(void *context, const struct httpd_request *request, struct httpd_reply *reply)
{
    int *requests = context;
    const char *path = httpd_path(request), *to = httpd_query(request, "to");
    int hops;
    ++*requests;
    if (strncmp(path, "/hop/", 5) == 0 && (hops = (int)strtol(path + 5, NULL, 10)) > 0) {
        reply->status = 302;
        snprintf(reply->headers[0][0], sizeof reply->headers[0][0], "Location");
        snprintf(reply->headers[0][1], sizeof reply->headers[0][1], "/hop/%d", hops - 1);
    } else if (to) {
        const char *status = httpd_query(request, "status");
        reply->status = status ? (int)strtol(status, NULL, 10) : 301;
        snprintf(reply->headers[0][0], sizeof reply->headers[0][0], "Location");
        snprintf(reply->headers[0][1], sizeof reply->headers[0][1], "%s", to);
    } else if (strcmp(path, "/empty") == 0) {
        return;
    } else if (strcmp(path, "/204") == 0) {
        reply->status = 204;
        return;
    }
    buf_printf(&reply->body, "%s of %s", httpd_method(request), path);
}

struct site {
    struct httpd *httpd;
    int requests, port;
};

static struct site SITE;

static int open_site(void **state)
{
    struct err err = {0};
    SITE.requests = 0;
    SITE.httpd = httpd_open(0, serve, &SITE.requests, &err);
    SITE.port = SITE.httpd ? httpd_port(SITE.httpd) : 0;
    *state = &SITE;
    return SITE.httpd ? 0 : -1;
}

static int close_site(void **state)
{
    struct site *site = *state;
    httpd_close(site->httpd);
    return 0;
}

static void an_answer_comes_with_its_context_status_type_and_body(void **state)
{
    struct site *site = *state;
    struct http_response r = fetch(url_of(site->port, "/listings?id=1"));
    assert_int_equal(r.end, HTTP_DONE);
    assert_int_equal(r.status, 200);
    assert_string_equal(r.content_type, "application/json");
    assert_string_equal(buf_text(&r.body), "GET of /listings");
    assert_int_equal(r.wire_bytes, r.body.length);
    assert_int_equal(r.retry_after_ms, -1);
    assert_string_equal(r.reason, "");
    assert_in_range(r.took_ms, 0, 5000);
    http_response_release(&r);
}

static void the_request_says_who_asks_and_what_it_takes(void **state)
{
    (void)state;
    struct peer peer;
    const struct peer_answer answer = {.head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    peer_open(&peer, &answer, 1);
    struct http_response r = fetch(url_of(peer.port, "/a?b=c"));
    peer_close(&peer);
    assert_int_equal(r.end, HTTP_DONE);
    assert_ptr_equal(strstr(peer.request, "GET /a?b=c HTTP/1.1\r\n"), peer.request);
    assert_non_null(strstr(peer.request, "\r\nUser-Agent: tws/test\r\n"));
    assert_non_null(strstr(peer.request, "\r\nAccept: application/json\r\n"));
    assert_non_null(strstr(peer.request, "\r\nAccept-Encoding: gzip, br\r\n"));
    assert_null(strstr(peer.request, "Cookie"));
}

static void no_content_and_an_empty_200_are_whole_answers(void **state)
{
    struct site *site = *state;
    struct http_response none = fetch(url_of(site->port, "/204"));
    struct http_response empty = fetch(url_of(site->port, "/empty"));
    assert_int_equal(none.end, HTTP_DONE);
    assert_int_equal(none.status, 204);
    assert_int_equal(none.body.length, 0);
    assert_int_equal(empty.end, HTTP_DONE);
    assert_int_equal(empty.status, 200);
    assert_string_equal(buf_text(&empty.body), "");
    http_response_release(&none);
    http_response_release(&empty);
}

static void many_requests_run_at_once(void **state)
{
    struct site *site = *state;
    enum { ROUNDS = 3, AT_ONCE = 30 };
    struct http *http = http_open(&SETTINGS);
    struct err err;
    for (int round = 0; round < ROUNDS; round++) {
        bool seen[AT_ONCE] = {false};
        for (int i = 0; i < AT_ONCE; i++)
            assert_true(http_start(http, url_of(site->port, "/x"), &seen[i], &err));
        assert_int_equal(http_running(http), AT_ONCE);
        struct http_response r;
        while (http_running(http) > 0) {
            assert_true(http_take(http, 5000, &r));
            assert_int_equal(r.end, HTTP_DONE);
            assert_false(*(bool *)r.context);
            *(bool *)r.context = true;
            http_response_release(&r);
        }
    }
    assert_int_equal(site->requests, ROUNDS * AT_ONCE);
    http_close(http);
}

static void closing_ends_what_runs(void **state)
{
    struct site *site = *state;
    struct http *http = http_open(&SETTINGS);
    struct err err;
    for (int i = 0; i < 5; i++)
        assert_true(http_start(http, url_of(site->port, "/x"), NULL, &err));
    http_close(http);
    http_close(NULL);
}

static void waiting_with_nothing_to_come_takes_the_time_given(void **state)
{
    (void)state;
    struct http *http = http_open(&SETTINGS);
    struct http_response r;
    int64_t started_ms = clock_monotonic_ms();
    assert_false(http_take(http, 60, &r));
    assert_in_range(clock_monotonic_ms() - started_ms, 55, 2000);
    http_close(http);
}

static const unsigned char GZIPPED[] = {/* gzip -9n of {"tickets":[]} */
                                        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
                                        0x03, 0xab, 0x56, 0x2a, 0xc9, 0x4c, 0xce, 0x4e, 0x2d,
                                        0x29, 0x56, 0xb2, 0x8a, 0x8e, 0xad, 0x05, 0x00, 0x0d,
                                        0x13, 0xb8, 0x27, 0x0e, 0x00, 0x00, 0x00};
static const unsigned char BROTLI[] = {0x8b, 0x06, 0x80, 0x7b, 0x22, 0x74, 0x69, 0x63, 0x6b,
                                       0x65, 0x74, 0x73, 0x22, 0x3a, 0x5b, 0x5d, 0x7d, 0x03};

static void packed_bodies_come_out_plain(void **state)
{
    (void)state;
    const struct {
        const char *head;
        const void *body;
        size_t length;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", GZIPPED, sizeof GZIPPED},
        {"HTTP/1.1 200 OK\r\ncontent-encoding:  X-GZIP \r\n\r\n", GZIPPED, sizeof GZIPPED},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n", BROTLI, sizeof BROTLI},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\n", "{\"tickets\":[]}", 14},
        {"HTTP/1.1 100 Continue\r\nContent-Encoding: rot13\r\n\r\n"
         "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
         GZIPPED, sizeof GZIPPED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_response r = fetch_bytes(cases[i].head, cases[i].body, cases[i].length);
        assert_int_equal(r.end, HTTP_DONE);
        assert_string_equal(buf_text(&r.body), "{\"tickets\":[]}");
        assert_int_equal(r.wire_bytes, cases[i].length);
        http_response_release(&r);
    }
}

static void retry_after_is_read_in_both_forms(void **state)
{
    (void)state;
    const struct {
        const char *headers;
        int64_t expected_ms;
    } cases[] = {
        {"Retry-After: 120", 120000},
        {"Retry-After: 0", 0},
        {"Retry-After: 86400", CLOCK_DAY_MS},
        {"Retry-After: 86401", CLOCK_DAY_MS},
        {"Retry-After: 1000000000", CLOCK_DAY_MS},
        {"Retry-After: 99999999999999999999999", CLOCK_DAY_MS},
        {"Retry-After: -5", -1},
        {"Retry-After: 1.5", -1},
        {"Retry-After: soon", -1},
        {"Retry-After:", -1},
        {"X-Other: 1", -1},
        {"Retry-After: Mon, 09 Feb 2026 18:02:00 GMT\r\n"
         "Date: Mon, 09 Feb 2026 18:00:00 GMT",
         120000},
        {"Retry-After: Mon, 09 Feb 2026 17:00:00 GMT\r\n"
         "Date: Mon, 09 Feb 2026 18:00:00 GMT",
         0},
        {"Retry-After: Fri, 31 Dec 2199 23:59:59 GMT\r\n"
         "Date: Mon, 09 Feb 2026 18:00:00 GMT",
         CLOCK_DAY_MS},
        {"Retry-After: Mon, 39 Feb 2026 18:00:00 GMT", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char head[300];
        snprintf(head, sizeof head, "HTTP/1.1 429 Slow Down\r\n%s\r\nContent-Length: 0\r\n\r\n",
                 cases[i].headers);
        struct http_response r = fetch_bytes(head, NULL, 0);
        assert_int_equal(r.end, HTTP_DONE);
        assert_int_equal(r.status, 429);
        if (r.retry_after_ms != cases[i].expected_ms)
            fail_msg("%s: %lld", cases[i].headers, (long long)r.retry_after_ms);
    }
}

static void a_redirect_within_the_origin_is_followed(void **state)
{
    struct site *site = *state;
    char absolute[200];
    snprintf(absolute, sizeof absolute, "/?to=http://127.0.0.1:%d/there", site->port);
    const char *const paths[] = {"/hop/1", "/hop/5", "/?to=/there", "/?status=308&to=there",
                                 absolute};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct http_response r = fetch(url_of(site->port, paths[i]));
        assert_int_equal(r.end, HTTP_DONE);
        assert_int_equal(r.status, 200);
        assert_string_equal(buf_text(&r.body), i < 2 ? "GET of /hop/0" : "GET of /there");
        http_response_release(&r);
    }
}

static void a_redirect_elsewhere_or_without_end_is_not_followed(void **state)
{
    struct site *site = *state;
    struct peer other;
    const struct peer_answer trap = {.head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    peer_open(&other, &trap, 1);
    char own[5][200];
    snprintf(own[0], sizeof own[0], "/?to=http://127.0.0.1:%d/", other.port);
    snprintf(own[1], sizeof own[1], "/?to=http://localhost:%d/", site->port);
    snprintf(own[2], sizeof own[2], "/?to=https://127.0.0.1:%d/", site->port);
    snprintf(own[3], sizeof own[3], "/?to=http://127.0.0.1:%d@127.0.0.1:%d/", site->port,
             other.port);
    snprintf(own[4], sizeof own[4], "/?to=//127.0.0.1:%d/", other.port);
    const char *const paths[] = {own[0],   own[1],     own[2],
                                 own[3],   own[4],     "/?to=ftp://127.0.0.1/",
                                 "/hop/6", "/hop/900", "/?to=file:///etc/passwd"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct http_response r = fetch(url_of(site->port, paths[i]));
        assert_int_equal(r.end, HTTP_OTHER_HOST);
        assert_in_range(r.status, 301, 302);
        assert_int_equal(r.body.length, 0);
        assert_string_not_equal(r.reason, "");
        http_response_release(&r);
    }
    peer_close(&other);
    assert_int_equal(atomic_load(&other.connections), 0);
    assert_int_equal(site->requests, 7 + 2 * 6);
}

static void a_3xx_that_is_no_redirect_is_an_answer(void **state)
{
    struct site *site = *state;
    struct http_response r = fetch(url_of(site->port, "/?status=304&to=/there"));
    assert_int_equal(r.end, HTTP_DONE);
    assert_int_equal(r.status, 304);
    http_response_release(&r);
    r = fetch_bytes("HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nhi", NULL, 0);
    assert_int_equal(r.end, HTTP_DONE);
    assert_int_equal(r.status, 302);
    http_response_release(&r);
}

static void a_kept_connection_that_the_server_closed_is_retried_once(void **state)
{
    (void)state;
    struct peer peer;
    const char *const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    const struct peer_answer answers[] = {
        {.head = ok, .end = PEER_KEEP},
        {.head = "", .end = PEER_CLOSE}, /* the second request on it meets the close */
        {.head = ok, .end = PEER_KEEP},
        {.head = "", .end = PEER_CLOSE},
        {.head = "", .end = PEER_CLOSE},
    };
    struct http *http = http_open(&SETTINGS);
    peer_open(&peer, answers, sizeof answers / sizeof *answers);
    const enum http_end ends[] = {HTTP_DONE, HTTP_DONE, HTTP_NO_ANSWER};
    const int requests[] = {1, 3, 5}, connections[] = {1, 2, 3};
    for (int i = 0; i < 3; i++) {
        struct http_response r = fetch_over(http, url_of(peer.port, "/"));
        assert_int_equal(r.end, ends[i]);
        assert_int_equal(atomic_load(&peer.requests), requests[i]);
        assert_int_equal(atomic_load(&peer.connections), connections[i]);
        http_response_release(&r);
    }
    http_close(http);
    peer_close(&peer);
}

static void the_proxy_of_the_environment_is_asked(void **state)
{
    (void)state;
    struct peer proxy;
    const struct peer_answer answer = {.head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"};
    peer_open(&proxy, &answer, 1);
    setenv("http_proxy", url_of(proxy.port, ""), 1);
    struct http_response r = fetch("http://market.invalid/x");
    unsetenv("http_proxy");
    peer_close(&proxy);
    assert_int_equal(r.end, HTTP_DONE);
    assert_string_equal(buf_text(&r.body), "ok");
    assert_ptr_equal(strstr(proxy.request, "GET http://market.invalid/x HTTP/1.1\r\n"),
                     proxy.request);
    http_response_release(&r);
}

static void ctrl_c_ends_the_wait_at_once(void **state)
{
    (void)state;
    struct peer peer;
    struct err err;
    struct http_response r;
    const struct peer_answer answer = {.head = "", .end = PEER_INTERRUPT};
    struct http *http = http_open(&SETTINGS);
    peer_open(&peer, &answer, 1);
    stop_install();
    int64_t started_ms = clock_monotonic_ms();
    assert_true(http_start(http, url_of(peer.port, "/"), NULL, &err));
    assert_false(http_take(http, 10000, &r));
    assert_int_equal(stop_requested(), SIGINT);
    assert_int_equal(http_running(http), 1);
    http_close(http);
    assert_in_range(clock_monotonic_ms() - started_ms, 0, 900);
    peer_close(&peer);
    stop_reset();
}

static void only_http_and_https_urls_without_a_user_are_started(void **state)
{
    (void)state;
    const char *const bad[] = {"",
                               "market.example/x",
                               "ftp://127.0.0.1/",
                               "file:///etc/passwd",
                               "http://",
                               "http://user@127.0.0.1/",
                               "http://u:secret@127.0.0.1/",
                               "http://127.0.0.1:70000/",
                               "http://127.0.0.1/a b",
                               "http://127.0.0.1/\r\nX: y"};
    struct http *http = http_open(&SETTINGS);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = {0};
        assert_false(http_start(http, bad[i], NULL, &err));
        assert_int_equal(err.code, ERR_USAGE);
        assert_null(strstr(err.text, "secret"));
    }
    assert_int_equal(http_running(http), 0);
    http_close(http);
}

static void the_library_names_itself(void **state)
{
    (void)state;
    assert_ptr_equal(strstr(http_library_version(), "libcurl/"), http_library_version());
}

#define ON_SITE(test) cmocka_unit_test_setup_teardown(test, open_site, close_site)

int main(void)
{
    static const char *const proxies[] = {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY",
                                          "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++)
        unsetenv(proxies[i]);
    const struct CMUnitTest tests[] = {
        ON_SITE(an_answer_comes_with_its_context_status_type_and_body),
        cmocka_unit_test(the_request_says_who_asks_and_what_it_takes),
        ON_SITE(no_content_and_an_empty_200_are_whole_answers),
        ON_SITE(many_requests_run_at_once),
        ON_SITE(closing_ends_what_runs),
        cmocka_unit_test(waiting_with_nothing_to_come_takes_the_time_given),
        cmocka_unit_test(packed_bodies_come_out_plain),
        cmocka_unit_test(retry_after_is_read_in_both_forms),
        ON_SITE(a_redirect_within_the_origin_is_followed),
        ON_SITE(a_redirect_elsewhere_or_without_end_is_not_followed),
        ON_SITE(a_3xx_that_is_no_redirect_is_an_answer),
        cmocka_unit_test(a_kept_connection_that_the_server_closed_is_retried_once),
        cmocka_unit_test(the_proxy_of_the_environment_is_asked),
        cmocka_unit_test(ctrl_c_ends_the_wait_at_once),
        cmocka_unit_test(only_http_and_https_urls_without_a_user_are_started),
        cmocka_unit_test(the_library_names_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
