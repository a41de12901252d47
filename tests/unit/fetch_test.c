#include "core/fetch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/stop.h"
#include "core/limiter.h"
#include "io/httpd.h"
#include "peer.h"

enum { REQUESTS_MAX = 512, STUCK_MS = 60000 };

/* A server that does what the path of a request says, and remembers when it was asked. */
struct server {
    struct httpd *httpd;
    char origin[64];
    int requests, failing; /* so many more requests get `status` */
    int64_t at_ms[REQUESTS_MAX];
    char retry_after[64], agent[64];
};

static void put_header(struct httpd_reply *reply, int slot, const char *name, const char *value)
{
    snprintf(reply->headers[slot][0], sizeof reply->headers[slot][0], "%s", name);
    snprintf(reply->headers[slot][1], sizeof reply->headers[slot][1], "%s", value);
}

static void serve(void *context, const struct httpd_request *request, struct httpd_reply *reply)
{
    struct server *server = context;
    const char *path = httpd_path(request), *status = httpd_query(request, "status");
    const char *agent = httpd_header(request, "User-Agent");
    server->at_ms[server->requests++ % REQUESTS_MAX] = clock_monotonic_ms();
    snprintf(server->agent, sizeof server->agent, "%s", agent ? agent : "");
    buf_puts(&reply->body, "{\"answer\":42}");
    if (strcmp(path, "/stuck") == 0)
        reply->first_byte_ms = STUCK_MS;
    if (strcmp(path, "/slow") == 0)
        reply->first_byte_ms = 150;
    if (strcmp(path, "/html") == 0) {
        buf_reset(&reply->body);
        buf_puts(&reply->body, "<html><title>Just a moment...</title></html>");
        reply->content_type = "text/html";
    }
    if (strcmp(path, "/giant") == 0)
        while (reply->body.length <= HTTP_BODY_MAX)
            buf_printf(&reply->body, "%65536s", "");
    if (strcmp(path, "/elsewhere") == 0) {
        reply->status = 302;
        put_header(reply, 0, "Location", "http://127.0.0.1:1/");
    }
    if (strcmp(path, "/corrupt") == 0)
        put_header(reply, 0, "Content-Encoding", "gzip");
    bool fails = server->failing != 0 && strcmp(path, "/") == 0;
    if (fails)
        server->failing--;
    if (fails && status == NULL)
        reply->cut_after = 5;
    if (status != NULL && (fails || strcmp(path, "/always") == 0))
        reply->status = (int)strtol(status, NULL, 10);
    if (reply->status != 200 && server->retry_after[0] != '\0')
        put_header(reply, 0, "Retry-After", server->retry_after);
}

static void server_open(struct server *server)
{
    struct err err = {0};
    *server = (struct server){0};
    server->httpd = httpd_open(0, serve, server, &err);
    if (server->httpd == NULL)
        fail_msg("%s", err.text);
    snprintf(server->origin, sizeof server->origin, "http://127.0.0.1:%d",
             httpd_port(server->httpd));
}

static void retry_after(struct server *server, const char *value)
{
    snprintf(server->retry_after, sizeof server->retry_after, "%s", value);
}

/* A server with the configuration and the transport that ask it. */
struct bench {
    struct server server;
    struct conf *conf;
    struct fetch *fetch;
};

static struct conf *settings(const char *rate, const char *retries, const char *parallel)
{
    struct err err = {0};
    setenv("TWS_RATE", rate, 1);
    setenv("TWS_RETRIES", retries, 1);
    setenv("TWS_PARALLEL", parallel, 1);
    struct conf *conf = conf_open("/dev/null", NULL, &err);
    if (conf == NULL)
        fail_msg("%s", err.text);
    return conf;
}

static void bench_open(struct bench *bench, const char *rate, const char *retries,
                       const char *parallel)
{
    struct err err = {0};
    server_open(&bench->server);
    setenv("TWS_VIVIDSEATS_URL", bench->server.origin, 1);
    bench->conf = settings(rate, retries, parallel);
    bench->fetch = fetch_open(bench->conf, &err);
    if (bench->fetch == NULL)
        fail_msg("%s", err.text);
}

static void bench_close(struct bench *bench)
{
    fetch_close(bench->fetch);
    conf_close(bench->conf);
    httpd_close(bench->server.httpd);
}

static void add(struct fetch *fetch, const struct server *server, const char *path, void *context)
{
    char url[200];
    struct err err = {0};
    snprintf(url, sizeof url, "%s%s", server->origin, path);
    if (!fetch_add(fetch, url, context, &err))
        fail_msg("%s", err.text);
}

static struct fetch_result next(struct fetch *fetch)
{
    struct fetch_result result;
    assert_true(fetch_next(fetch, 20000, &result));
    return result;
}

static struct fetch_result ask(struct bench *bench, const char *path)
{
    add(bench->fetch, &bench->server, path, NULL);
    return next(bench->fetch);
}

static void a_whole_answer_comes_back_with_its_context(void **state)
{
    (void)state;
    struct bench bench;
    int context;
    bench_open(&bench, "0", "3", "4");
    add(bench.fetch, &bench.server, "/", &context);
    assert_int_equal(fetch_pending(bench.fetch), 1);
    struct fetch_result result = next(bench.fetch);
    assert_true(result.answered);
    assert_ptr_equal(result.context, &context);
    assert_string_equal(buf_text(&result.response.body), "{\"answer\":42}");
    assert_int_equal(result.attempts, 1);
    assert_int_equal(result.bytes, 13);
    assert_string_equal(result.reason, "");
    assert_string_equal(bench.server.agent, "tws/" TWS_VERSION);
    fetch_result_release(&result);
    assert_int_equal(fetch_pending(bench.fetch), 0);
    assert_false(fetch_next(bench.fetch, -1, &result));
    bench_close(&bench);
}

static void every_end_has_its_outcome_and_its_attempts(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int failing;
        enum outcome outcome;
        int attempts;
    } cases[] = {
        {"/?status=500", 99, OUTCOME_NETWORK, 2},
        {"/?status=503", 99, OUTCOME_NETWORK, 2},
        {"/?status=429", 99, OUTCOME_RATE_LIMITED, 2},
        {"/", 99, OUTCOME_PARTIAL, 2},
        {"/?status=404", 99, OUTCOME_NOT_FOUND, 1},
        {"/?status=410", 99, OUTCOME_NOT_FOUND, 1},
        {"/?status=401", 99, OUTCOME_BLOCKED, 1},
        {"/?status=403", 99, OUTCOME_BLOCKED, 1},
        {"/html", 0, OUTCOME_BLOCKED, 1},
        {"/html?status=503", 0, OUTCOME_BLOCKED, 1},
        {"/giant", 0, OUTCOME_BAD_PAYLOAD, 1},
        {"/corrupt", 0, OUTCOME_BAD_PAYLOAD, 1},
        {"/elsewhere", 0, OUTCOME_NETWORK, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench;
        bench_open(&bench, "0", "1", "4");
        bench.server.failing = cases[i].failing;
        struct fetch_result result = ask(&bench, cases[i].path);
        assert_false(result.answered);
        assert_false(result.resting);
        assert_string_equal(outcome_word(result.outcome), outcome_word(cases[i].outcome));
        assert_int_equal(result.attempts, cases[i].attempts);
        assert_int_equal(bench.server.requests, cases[i].attempts);
        assert_true(result.reason[0] != '\0');
        assert_int_equal(result.response.body.length, 0);
        fetch_result_release(&result);
        bench_close(&bench);
    }
}

static void a_refused_connection_is_network(void **state)
{
    (void)state;
    struct bench bench;
    struct err err = {0};
    char url[64];
    int port, fd = peer_listen(-1, &port);
    bench_open(&bench, "0", "1", "4");
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", port);
    assert_true(fetch_add(bench.fetch, url, NULL, &err));
    struct fetch_result result = next(bench.fetch);
    assert_false(result.answered);
    assert_int_equal(result.outcome, OUTCOME_NETWORK);
    assert_int_equal(result.attempts, 2);
    fetch_result_release(&result);
    close(fd);
    bench_close(&bench);
}

static void a_refusal_with_a_cut_body_is_still_a_refusal(void **state)
{
    (void)state;
    static const struct peer_answer answer = {
        .head = "HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nshort"};
    struct bench bench;
    struct peer peer;
    struct err err = {0};
    char url[64];
    peer_open(&peer, &answer, 1);
    bench_open(&bench, "0", "3", "4");
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", peer.port);
    assert_true(fetch_add(bench.fetch, url, NULL, &err));
    struct fetch_result result = next(bench.fetch);
    assert_int_equal(result.outcome, OUTCOME_BLOCKED);
    assert_int_equal(result.attempts, 1);
    fetch_result_release(&result);
    bench_close(&bench);
    peer_close(&peer);
}

static void a_retry_that_succeeds_is_an_answer(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "0", "3", "4");
    bench.server.failing = 2;
    struct fetch_result result = ask(&bench, "/?status=500");
    assert_true(result.answered);
    assert_int_equal(result.attempts, 3);
    assert_int_equal(result.bytes, 3 * 13);
    assert_string_equal(result.reason, "");
    fetch_result_release(&result);
    bench_close(&bench);
}

static void no_more_are_under_way_than_allowed(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "0", "0", "3");
    for (int i = 0; i < 12; i++)
        add(bench.fetch, &bench.server, "/slow", NULL);
    for (int i = 0; i < 12; i++) {
        struct fetch_result result = next(bench.fetch);
        assert_true(result.answered);
        fetch_result_release(&result);
    }
    /* each is under way for 150 ms at least, so the third before it must have begun that much
     * earlier */
    for (int i = 3; i < 12; i++)
        assert_true(bench.server.at_ms[i] - bench.server.at_ms[i - 3] >= 140);
    bench_close(&bench);
}

static void all_hosts_together_keep_to_what_is_allowed(void **state)
{
    (void)state;
    enum { HOSTS = 5 };
    struct bench bench;
    struct server servers[HOSTS];
    bench_open(&bench, "0", "0", "2");
    int64_t begun_ms = clock_monotonic_ms();
    for (int i = 0; i < HOSTS; i++) {
        server_open(&servers[i]);
        add(bench.fetch, &servers[i], "/slow", NULL);
    }
    for (int i = 0; i < HOSTS; i++) {
        struct fetch_result result = next(bench.fetch);
        assert_true(result.answered);
        fetch_result_release(&result);
    }
    assert_true(clock_monotonic_ms() - begun_ms >= 3 * 150); /* two, two and one */
    for (int i = 0; i < HOSTS; i++)
        httpd_close(servers[i].httpd);
    bench_close(&bench);
}

static void the_rate_of_a_host_is_kept(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "60", "0", "8");
    for (int i = 0; i < 8; i++)
        add(bench.fetch, &bench.server, "/", NULL);
    for (int i = 0; i < 8; i++) {
        struct fetch_result result = next(bench.fetch);
        assert_true(result.answered);
        fetch_result_release(&result);
        assert_true(fetch_waiting_ms(bench.fetch) <= clock_monotonic_ms() + 2300);
    }
    assert_true(bench.server.at_ms[5] - bench.server.at_ms[0] < 900);
    assert_true(bench.server.at_ms[6] - bench.server.at_ms[0] >= 1000);
    assert_true(bench.server.at_ms[7] - bench.server.at_ms[6] >= 1000);
    bench_close(&bench);
}

static void what_is_granted_waits_for_no_rate_and_is_not_started_late(void **state)
{
    (void)state;
    struct bench bench;
    struct err err = {0};
    struct fetch_result result;
    char url[128];
    int asked[3];
    bench_open(&bench, "1", "3", "8"); /* of its own accord it would ask once a minute */
    bench.server.failing = 1;
    for (int i = 0; i < 3; i++) {
        snprintf(url, sizeof url, "%s/?status=503", bench.server.origin);
        assert_true(fetch_add(bench.fetch, url, &asked[i], &err));
        fetch_grant(bench.fetch, &asked[i], clock_monotonic_ms() + (i < 2 ? 1000 : -1));
    }
    assert_true(fetch_next(bench.fetch, 5000, &result));
    assert_ptr_equal(result.context, &asked[2]);
    assert_true(result.resting);
    assert_int_equal(result.attempts, 0);
    fetch_result_release(&result);
    int good = 0;
    for (int i = 0; i < 2; i++) {
        assert_true(fetch_next(bench.fetch, 5000, &result));
        assert_false(result.resting);
        assert_int_equal(result.attempts, 1); /* the one that failed has no grant for another */
        good += result.answered;
        fetch_result_release(&result);
    }
    assert_int_equal(good, 1);
    assert_int_equal(bench.server.requests, 2);
    bench_close(&bench);
}

static void a_fixed_clock_fixes_no_wait(void **state)
{
    (void)state;
    struct bench bench;
    clock_fix(INT64_C(1770660000000));
    bench_open(&bench, "0", "1", "8");
    bench.server.failing = 1;
    retry_after(&bench.server, "1");
    struct fetch_result result = ask(&bench, "/?status=503");
    assert_true(result.answered);
    assert_true(bench.server.at_ms[1] - bench.server.at_ms[0] >= 990);
    fetch_result_release(&result);
    bench_close(&bench);
}

static void retry_after_in_seconds_holds_the_whole_host_back(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "0", "3", "1");
    bench.server.failing = 1;
    retry_after(&bench.server, "1");
    add(bench.fetch, &bench.server, "/?status=429", NULL);
    add(bench.fetch, &bench.server, "/ok", NULL);
    for (int i = 0; i < 2; i++) {
        struct fetch_result result = next(bench.fetch);
        assert_true(result.answered);
        fetch_result_release(&result);
    }
    assert_int_equal(bench.server.requests, 3);
    assert_true(bench.server.at_ms[1] - bench.server.at_ms[0] >= 990);
    bench_close(&bench);
}

/* "Mon, 09 Feb 2026 18:00:00 GMT" */
static void format_http_date(char *out, size_t size, int64_t at_ms)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil civil = clock_civil_utc(at_ms);
    snprintf(out, size, "%s, %02d %s %d %02d:%02d:%02d GMT", days[civil.weekday], civil.day,
             months[civil.month - 1], civil.year, civil.hour, civil.minute, civil.second);
}

static void retry_after_as_a_date_is_obeyed(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "0", "3", "1");
    bench.server.failing = 1;
    format_http_date(bench.server.retry_after, sizeof bench.server.retry_after,
                     clock_now_ms() + 3000);
    struct fetch_result result = ask(&bench, "/?status=503");
    assert_true(result.answered);
    assert_true(bench.server.at_ms[1] - bench.server.at_ms[0] >= 1500);
    assert_true(bench.server.at_ms[1] - bench.server.at_ms[0] <= 4500);
    fetch_result_release(&result);
    bench_close(&bench);
}

static void a_long_retry_after_is_not_sat_out(void **state)
{
    (void)state;
    static const char *const retries[] = {"0", "3"};
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        bench_open(&bench, "0", retries[i], "1");
        bench.server.failing = 99;
        retry_after(&bench.server, "7500");
        for (int j = 0; j < 5; j++)
            add(bench.fetch, &bench.server, "/?status=429", NULL);
        for (int j = 0; j < 5; j++) {
            struct fetch_result result = next(bench.fetch);
            assert_false(result.answered);
            assert_int_equal(result.outcome, OUTCOME_RATE_LIMITED);
            assert_int_equal(result.resting, j > 0);
            assert_int_equal(result.attempts, j > 0 ? 0 : 1);
            assert_non_null(strstr(result.reason, "for another 2"));
            fetch_result_release(&result);
        }
        assert_int_equal(bench.server.requests, 1);
        bench_close(&bench);
    }
}

static void the_breaker_stops_a_host_and_no_other(void **state)
{
    (void)state;
    struct bench bench;
    struct server other;
    int bad = 0, good = 0, resting = 0;
    bench_open(&bench, "0", "3", "2");
    server_open(&other);
    for (int i = 0; i < 20; i++) {
        add(bench.fetch, &bench.server, "/always?status=403", &bad);
        add(bench.fetch, &other, "/", &good);
    }
    for (int i = 0; i < 40; i++) {
        struct fetch_result result = next(bench.fetch);
        assert_int_equal(result.answered, result.context == &good);
        ++*(int *)result.context;
        resting += result.resting;
        if (result.context == &bad)
            assert_int_equal(result.outcome, OUTCOME_BLOCKED);
        fetch_result_release(&result);
    }
    assert_int_equal(good, 20);
    assert_int_equal(bad, 20);
    assert_int_equal(bench.server.requests, 20 - resting);
    assert_in_range(bench.server.requests, LIMITER_REFUSALS, LIMITER_REFUSALS + 1);
    httpd_close(other.httpd);
    bench_close(&bench);
}

static void retries_end_when_the_breaker_opens(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "0", "10", "5");
    for (int i = 0; i < LIMITER_REFUSALS; i++)
        add(bench.fetch, &bench.server, "/always?status=429", NULL);
    for (int i = 0; i < LIMITER_REFUSALS; i++) {
        struct fetch_result result = next(bench.fetch);
        assert_int_equal(result.outcome, OUTCOME_RATE_LIMITED);
        assert_false(result.resting);
        assert_true(result.attempts > 0);
        assert_non_null(strstr(result.reason, "15 min"));
        fetch_result_release(&result);
    }
    assert_int_equal(bench.server.requests, LIMITER_REFUSALS);
    bench_close(&bench);
}

static void a_stuck_request_delays_no_other_of_its_host(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "0", "0", "2");
    int64_t begun_ms = clock_monotonic_ms();
    add(bench.fetch, &bench.server, "/stuck", NULL);
    for (int i = 0; i < 20; i++)
        add(bench.fetch, &bench.server, "/", NULL);
    for (int i = 0; i < 20; i++) {
        struct fetch_result result = next(bench.fetch);
        assert_true(result.answered);
        fetch_result_release(&result);
    }
    assert_true(clock_monotonic_ms() - begun_ms < 3000);
    assert_int_equal(fetch_pending(bench.fetch), 1);
    bench_close(&bench);
}

static void a_stuck_host_delays_no_other_host(void **state)
{
    (void)state;
    struct bench bench;
    struct server stuck;
    server_open(&stuck);
    bench_open(&bench, "0", "0", "4");
    int64_t begun_ms = clock_monotonic_ms();
    for (int i = 0; i < 20; i++)
        add(bench.fetch, &stuck, "/stuck", NULL);
    for (int i = 0; i < 20; i++)
        add(bench.fetch, &bench.server, "/", NULL);
    for (int i = 0; i < 20; i++) {
        struct fetch_result result = next(bench.fetch);
        assert_true(result.answered);
        fetch_result_release(&result);
    }
    assert_true(clock_monotonic_ms() - begun_ms < 3000);
    bench_close(&bench);
    httpd_close(stuck.httpd);
}

static void a_waiting_retry_delays_no_other_request(void **state)
{
    (void)state;
    struct bench bench;
    int failing;
    bench_open(&bench, "0", "10", "1");
    bench.server.failing = 8;
    add(bench.fetch, &bench.server, "/?status=500", &failing);
    for (int i = 0; i < 10; i++)
        add(bench.fetch, &bench.server, "/ok", NULL);
    int64_t begun_ms = clock_monotonic_ms();
    for (int i = 0; i < 10; i++) {
        struct fetch_result result = next(bench.fetch);
        assert_true(result.answered);
        assert_null(result.context);
        fetch_result_release(&result);
    }
    assert_true(clock_monotonic_ms() - begun_ms < 3000);
    assert_int_equal(fetch_pending(bench.fetch), 1);
    bench_close(&bench);
}

/* A SIGINT in 100 ms. */
static void interrupt_soon(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGINT};
    struct itimerspec at = {.it_value = {.tv_nsec = 100 * 1000 * 1000}};
    timer_t timer;
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    assert_int_equal(timer_settime(timer, 0, &at, NULL), 0);
}

static void a_stop_ends_every_wait(void **state)
{
    (void)state;
    static const char *const paths[] = {"/stuck", "/?status=503", "/ok"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct bench bench;
        struct fetch_result result;
        struct err err = {0};
        char url[100];
        stop_install();
        bench_open(&bench, i == 2 ? "1" : "0", "3", "4");
        bench.server.failing = 99;
        retry_after(&bench.server, "30");
        if (i == 2) {
            result = ask(&bench, "/ok"); /* the next one would have to wait a minute */
            fetch_result_release(&result);
        }
        snprintf(url, sizeof url, "%s%s", bench.server.origin, paths[i]);
        int64_t begun_ms = clock_monotonic_ms();
        interrupt_soon();
        assert_false(fetch_one(bench.fetch, url, &result, &err));
        assert_int_equal(err.code, ERR_INTERRUPTED);
        assert_true(clock_monotonic_ms() - begun_ms < 600);
        assert_int_equal(fetch_pending(bench.fetch), 0);
        stop_reset();
        bench_close(&bench);
    }
}

static void a_timeout_gives_nothing_and_loses_nothing(void **state)
{
    (void)state;
    struct bench bench;
    struct fetch_result result;
    bench_open(&bench, "0", "0", "4");
    add(bench.fetch, &bench.server, "/slow", NULL);
    assert_false(fetch_next(bench.fetch, 0, &result));
    assert_false(fetch_next(bench.fetch, 20, &result));
    assert_int_equal(fetch_pending(bench.fetch), 1);
    result = next(bench.fetch);
    assert_true(result.answered);
    fetch_result_release(&result);
    assert_int_equal(bench.server.requests, 1);
    bench_close(&bench);
}

static void what_is_abandoned_never_comes_back(void **state)
{
    (void)state;
    struct bench bench;
    struct fetch_result result;
    int context;
    bench_open(&bench, "0", "0", "2");
    for (int i = 0; i < 5; i++)
        add(bench.fetch, &bench.server, "/slow", NULL);
    assert_false(fetch_next(bench.fetch, 20, &result));
    fetch_abandon(bench.fetch);
    assert_int_equal(fetch_pending(bench.fetch), 0);
    add(bench.fetch, &bench.server, "/", &context);
    result = next(bench.fetch);
    assert_ptr_equal(result.context, &context);
    fetch_result_release(&result);
    assert_false(fetch_next(bench.fetch, -1, &result));
    bench_close(&bench);
}

static void no_limit_is_for_loopback_only(void **state)
{
    (void)state;
    struct err err = {0};
    setenv("TWS_VIVIDSEATS_URL", "https://www.vividseats.com", 1);
    struct conf *conf = settings("0", "0", "4");
    assert_null(fetch_open(conf, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_non_null(strstr(err.text, "http.rate"));
    conf_close(conf);

    struct bench bench;
    bench_open(&bench, "0", "0", "4");
    assert_false(fetch_add(bench.fetch, "https://www.vividseats.com/", NULL, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_false(fetch_add(bench.fetch, "ftp://127.0.0.1/", NULL, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_int_equal(fetch_pending(bench.fetch), 0);
    assert_string_equal(fetch_origin(bench.fetch, platform_list()[0]), bench.server.origin);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_answer_comes_back_with_its_context),
        cmocka_unit_test(every_end_has_its_outcome_and_its_attempts),
        cmocka_unit_test(a_refused_connection_is_network),
        cmocka_unit_test(a_refusal_with_a_cut_body_is_still_a_refusal),
        cmocka_unit_test(a_retry_that_succeeds_is_an_answer),
        cmocka_unit_test(no_more_are_under_way_than_allowed),
        cmocka_unit_test(all_hosts_together_keep_to_what_is_allowed),
        cmocka_unit_test(the_rate_of_a_host_is_kept),
        cmocka_unit_test(what_is_granted_waits_for_no_rate_and_is_not_started_late),
        cmocka_unit_test(retry_after_in_seconds_holds_the_whole_host_back),
        cmocka_unit_test(retry_after_as_a_date_is_obeyed),
        cmocka_unit_test(a_long_retry_after_is_not_sat_out),
        cmocka_unit_test(the_breaker_stops_a_host_and_no_other),
        cmocka_unit_test(retries_end_when_the_breaker_opens),
        cmocka_unit_test(a_stuck_request_delays_no_other_of_its_host),
        cmocka_unit_test(a_stuck_host_delays_no_other_host),
        cmocka_unit_test(a_waiting_retry_delays_no_other_request),
        cmocka_unit_test(a_stop_ends_every_wait),
        cmocka_unit_test(a_timeout_gives_nothing_and_loses_nothing),
        cmocka_unit_test(what_is_abandoned_never_comes_back),
        cmocka_unit_test(no_limit_is_for_loopback_only),
        cmocka_unit_test(a_fixed_clock_fixes_no_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
