/* What io/http makes of servers that misbehave, mostly below HTTP. */
#include "io/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "io/zip.h"
#include "peer.h"

static const struct http_settings SETTINGS = {
    .connect_ms = 400,
    .first_byte_ms = 400,
    .total_ms = 2500,
    .stall_s = 1,
    .user_agent = "tws/test",
};

static struct http_response fetch_over(struct http *http, int port)
{
    struct err err = {0};
    struct http_response response;
    char url[60];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", port);
    assert_true(http_start(http, url, NULL, &err));
    assert_true(http_take(http, 15000, &response));
    return response;
}

static struct http_response fetch_port(int port)
{
    struct http *http = http_open(&SETTINGS);
    struct http_response response = fetch_over(http, port);
    http_close(http);
    return response;
}

static struct http_response fetch_answer(struct peer_answer answer)
{
    struct peer peer;
    peer_open(&peer, &answer, 1);
    struct http_response response = fetch_port(peer.port);
    peer_close(&peer);
    return response;
}

/* Whatever is not a whole answer has no body but a reason; returns how it ended. */
static void expect(struct http_response r, enum http_end end, int status)
{
    if (r.end != end || r.status != status)
        fail_msg("end %d, status %d: %s", r.end, r.status, r.reason);
    if (end != HTTP_DONE) {
        assert_int_equal(r.body.length, 0);
        assert_string_not_equal(r.reason, "");
    }
    http_response_release(&r);
}

static void a_refused_connection_is_no_answer(void **state)
{
    (void)state;
    int port;
    int fd = peer_listen(-1, &port);
    expect(fetch_port(port), HTTP_NO_ANSWER, 0);
    close(fd);
}

static void silence_ends_at_the_first_byte_limit(void **state)
{
    (void)state;
    int port;
    int fd = peer_listen(8, &port);
    struct http_response r = fetch_port(port);
    assert_in_range(r.took_ms, 390, 800);
    assert_string_equal(r.reason, "no answer began within 400 ms");
    expect(r, HTTP_NO_ANSWER, 0);
    close(fd);
}

static void silence_inside_the_headers_is_no_answer(void **state)
{
    (void)state;
    struct http_response r =
        fetch_answer((struct peer_answer){.head = "HTTP/1.1 200 OK\r\nA: b\r\n", .end = PEER_HOLD});
    assert_in_range(r.took_ms, 700, 2900);
    expect(r, HTTP_NO_ANSWER, 0);
}

static void silence_after_the_headers_is_a_cut(void **state)
{
    (void)state;
    struct http_response r = fetch_answer((struct peer_answer){
        .head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .end = PEER_HOLD});
    assert_in_range(r.took_ms, 700, 2900);
    expect(r, HTTP_CUT, 200);
}

static void a_trickle_ends_at_the_stall_limit(void **state)
{
    (void)state;
    static char slow[1000];
    memset(slow, 'x', sizeof slow);
    struct peer_answer trickle = {.head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
                                  .body = slow,
                                  .length = sizeof slow,
                                  .byte_pause_ms = 12};
    struct http *http = http_open(&(struct http_settings){
        .connect_ms = 2000, .first_byte_ms = 2000, .total_ms = 60000, .stall_s = 2});
    struct peer peer;
    peer_open(&peer, &trickle, 1);
    struct http_response r = fetch_over(http, peer.port);
    assert_in_range(r.took_ms, 1500, 3600);
    expect(r, HTTP_CUT, 200);
    http_close(http);
    peer_close(&peer);
}

static void a_trickle_inside_the_headers_is_no_answer(void **state)
{
    (void)state;
    struct http_response r = fetch_answer((struct peer_answer){
        .head = "HTTP/1.1 200 OK\r\nA-Header-That-Takes: its time\r\n\r\n", .byte_pause_ms = 200});
    assert_in_range(r.took_ms, 390, 2900);
    expect(r, HTTP_NO_ANSWER, 0);
}

static void a_steady_but_slow_body_ends_at_the_total_limit(void **state)
{
    (void)state;
    static char slow[20000];
    memset(slow, 'x', sizeof slow);
    struct http_settings patient = SETTINGS; /* a busy machine may starve the peer for a second */
    patient.stall_s = 10;
    struct peer peer;
    peer_open(&peer,
              &(struct peer_answer){.head = "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n",
                                    .body = slow,
                                    .length = sizeof slow,
                                    .byte_pause_ms = 1},
              1);
    struct http *http = http_open(&patient);
    struct http_response r = fetch_over(http, peer.port);
    http_close(http);
    peer_close(&peer);
    assert_in_range(r.took_ms, 2400, 5000);
    expect(r, HTTP_CUT, 200);
}

static void broken_transfers_are_told_apart(void **state)
{
    (void)state;
    const struct {
        const char *bytes;
        enum peer_end then;
        enum http_end end;
        int status;
    } cases[] = {
        {"", PEER_CLOSE, HTTP_NO_ANSWER, 0},
        {"", PEER_RESET, HTTP_NO_ANSWER, 0},
        {"HTTP/1.1 200 OK\r\nContent-Len", PEER_CLOSE, HTTP_NO_ANSWER, 0},
        {"HTTP/1.1 100 Continue\r\n\r\n", PEER_CLOSE, HTTP_NO_ANSWER, 0},
        {"HTTP/1.1 2000 What\r\n\r\n", PEER_CLOSE, HTTP_NO_ANSWER, 0},
        {"SSH-2.0-OpenSSH_9.2\r\n", PEER_CLOSE, HTTP_NO_ANSWER, 0},
        {"<html>no headers</html>", PEER_CLOSE, HTTP_NO_ANSWER, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nbody", PEER_CLOSE, HTTP_NO_ANSWER, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", PEER_RESET, HTTP_CUT, 200},
        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody", PEER_RESET, HTTP_CUT, 200},
        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody", PEER_CLOSE, HTTP_CUT, 200},
        {"HTTP/1.1 503 No\r\nContent-Length: 10\r\n\r\nbody", PEER_CLOSE, HTTP_CUT, 503},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbo", PEER_CLOSE, HTTP_CUT, 200},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n", PEER_CLOSE, HTTP_CUT,
         200},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbody\r\n0\r\n\r\n", PEER_CLOSE,
         HTTP_CUT, 200},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nbody",
         PEER_CLOSE, HTTP_CUT, 200},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", PEER_CLOSE, HTTP_CUT, 200},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\nbody", PEER_CLOSE, HTTP_CORRUPT, 200},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, br\r\n\r\nbody", PEER_CLOSE, HTTP_CORRUPT,
         200},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\n\r\nbody",
         PEER_CLOSE, HTTP_CORRUPT, 200},
        {"HTTP/1.1 403 No\r\nContent-Encoding: gzip\r\n\r\n<html>a plain page, not packed</html>",
         PEER_CLOSE, HTTP_CORRUPT, 403},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE,
         HTTP_DONE, 200},
        {"HTTP/1.1 204 None\r\nContent-Encoding: gzip\r\n\r\n", PEER_CLOSE, HTTP_DONE, 204},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n"
         "Content-Encoding: rot13\r\n\r\n",
         PEER_CLOSE, HTTP_DONE, 200},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_response r =
            fetch_answer((struct peer_answer){.head = cases[i].bytes, .end = cases[i].then});
        if (r.end != cases[i].end || r.status != cases[i].status)
            fail_msg("%s\n -> end %d, status %d: %s", cases[i].bytes, r.end, r.status, r.reason);
        expect(r, cases[i].end, cases[i].status);
    }
}

static void a_tls_handshake_with_plain_http_is_no_answer(void **state)
{
    (void)state;
    struct err err;
    struct http_response r;
    struct peer peer;
    const struct peer_answer answer = {.head = "HTTP/1.1 400 Bad\r\n\r\n"};
    struct http *http = http_open(&SETTINGS);
    char url[60];
    peer_open(&peer, &answer, 1);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", peer.port);
    assert_true(http_start(http, url, NULL, &err));
    assert_true(http_take(http, 15000, &r));
    assert_in_range(r.took_ms, 0, 900);
    expect(r, HTTP_NO_ANSWER, 0);
    http_close(http);
    peer_close(&peer);
}

/* Without a length the transport cannot know: a plain body ends where the connection does, and what
   lies beyond a stated length is not read. The reader of the document notices. */
static void a_wrong_end_that_http_cannot_see_is_handed_on(void **state)
{
    (void)state;
    const char *const heads[] = {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"ti",
                                 "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{\"tickets\":[]}"};
    for (size_t i = 0; i < 2; i++) {
        struct http_response r = fetch_answer((struct peer_answer){.head = heads[i]});
        assert_string_equal(buf_text(&r.body), "{\"ti");
        expect(r, HTTP_DONE, 200);
    }
}

static void a_gzip_cut_at_any_byte_is_noticed(void **state)
{
    (void)state;
    AUTO_BUF struct buf packed;
    buf_init(&packed, 1000);
    const char text[] = "{\"tickets\":[{\"price\":\"178.60\"},{\"price\":\"1046\"}]}";
    assert_true(zip_pack_gzip(text, strlen(text), 6, &packed));
    struct http *http = http_open(&SETTINGS);
    for (size_t length = 0; length <= packed.length; length++) {
        struct peer peer;
        const struct peer_answer cut = {
            .head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\n\r\n",
            .body = packed.data,
            .length = length};
        peer_open(&peer, &cut, 1);
        expect(fetch_over(http, peer.port), length < packed.length ? HTTP_CUT : HTTP_DONE, 200);
        peer_close(&peer);
    }
    http_close(http);
}

static void a_spoilt_gzip_is_corrupt(void **state)
{
    (void)state;
    AUTO_BUF struct buf packed;
    buf_init(&packed, 1000);
    assert_true(zip_pack_gzip("{\"tickets\":[]}", 14, 6, &packed));
    struct peer_answer answer = {.head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
                                 .body = packed.data,
                                 .length = packed.length};
    packed.data[packed.length - 6] ^= 1; /* in the checksum */
    expect(fetch_answer(answer), HTTP_CORRUPT, 200);
    packed.data[packed.length - 6] ^= 1;
    assert_true(buf_puts(&packed, "junk after the end"));
    answer.body = packed.data;
    answer.length = packed.length;
    expect(fetch_answer(answer), HTTP_CORRUPT, 200);
}

#if defined __SANITIZE_ADDRESS__
enum { RISE_MAX_KIB = 200 << 10 }; /* what was freed stays in quarantine */
#else
enum { RISE_MAX_KIB = (16 + 8) << 10 };
#endif

/* The process's highest resident size since the last call with `reset`, in KiB. */
static long peak_kib(bool reset)
{
    FILE *clear = fopen("/proc/self/clear_refs", "w");
    if (reset && clear)
        fputs("5", clear);
    if (clear)
        fclose(clear);
    FILE *status = fopen("/proc/self/status", "r");
    char line[200];
    long kib = 0;
    assert_non_null(status);
    while (kib == 0 && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    fclose(status);
    assert_true(kib > 0);
    return kib;
}

static void a_gzip_bomb_stays_small(void **state)
{
    (void)state;
    enum { MEMBER = 1 << 20, MEMBERS = 1000 }; /* 1 MB on the wire, 1 GB unpacked */
    AUTO_BUF struct buf member;
    AUTO_FREE char *zeros = mem_alloc(1, MEMBER);
    AUTO_BUF struct buf bomb;
    buf_init(&member, 2 * MEMBER);
    buf_init(&bomb, 16 << 20);
    assert_true(zip_pack_gzip(zeros, MEMBER, 9, &member));
    for (int i = 0; i < MEMBERS; i++)
        assert_true(buf_add(&bomb, member.data, member.length));
    assert_in_range(bomb.length, 900 << 10, 1200 << 10);
    long before = peak_kib(true);
    expect(fetch_answer(
               (struct peer_answer){.head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
                                    .body = bomb.data,
                                    .length = bomb.length}),
           HTTP_TOO_BIG, 200);
    assert_in_range(peak_kib(false) - before, 0, RISE_MAX_KIB);
}

static void a_body_above_the_cap_is_given_up_there(void **state)
{
    (void)state;
    static char block[64 << 10];
    memset(block, ' ', sizeof block);
    const char *const heads[] = {"HTTP/1.1 200 OK\r\n\r\n",
                                 "HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n"};
    for (size_t i = 0; i < 2; i++) {
        long before = peak_kib(true);
        struct http_response r = fetch_answer((struct peer_answer){
            .head = heads[i], .body = block, .length = sizeof block, .end = PEER_REPEAT});
        assert_in_range(r.wire_bytes, HTTP_BODY_MAX, HTTP_BODY_MAX + (1 << 20));
        expect(r, HTTP_TOO_BIG, 200);
        assert_in_range(peak_kib(false) - before, 0, RISE_MAX_KIB);
    }
}

static void a_body_of_just_the_cap_is_taken(void **state)
{
    (void)state;
    AUTO_FREE char *body = mem_alloc(1, HTTP_BODY_MAX);
    memset(body, ' ', HTTP_BODY_MAX);
    struct http_response r = fetch_answer((struct peer_answer){
        .head = "HTTP/1.1 200 OK\r\n\r\n", .body = body, .length = HTTP_BODY_MAX});
    assert_int_equal(r.body.length, HTTP_BODY_MAX);
    expect(r, HTTP_DONE, 200);
}

static void headers_above_the_limit_are_no_answer(void **state)
{
    (void)state;
    enum { LENGTH = 400 << 10 };
    AUTO_FREE char *line = mem_alloc(1, LENGTH + 1);
    memset(line, 'a', LENGTH);
    memcpy(line, "HTTP/1.1 200 OK\r\nX: ", 20);
    struct http_response r = fetch_answer((struct peer_answer){.head = line, .end = PEER_HOLD});
    assert_string_equal(r.reason, "the headers are above the limit");
    expect(r, HTTP_NO_ANSWER, 0);
    r = fetch_answer((struct peer_answer){.head = "HTTP/1.1 200 OK\r\n",
                                          .body = "X-Again: and again\r\n",
                                          .length = 20,
                                          .end = PEER_REPEAT});
    assert_string_equal(r.reason, "the headers are above the limit");
    expect(r, HTTP_NO_ANSWER, 0);
}

static void stuck_servers_do_not_hold_up_good_ones(void **state)
{
    (void)state;
    enum { STUCK = 60, GOOD = 60 };
    struct http *http = http_open(&SETTINGS);
    struct peer peer;
    struct err err;
    const struct peer_answer ok = {.head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"};
    int fds[STUCK], port, good = 0, ended = 0;
    char url[60];
    peer_open(&peer, &ok, 1);
    int64_t started_ms = clock_monotonic_ms();
    for (int i = 0; i < STUCK; i++) {
        fds[i] = peer_listen(8, &port);
        snprintf(url, sizeof url, "http://127.0.0.1:%d/", port);
        assert_true(http_start(http, url, &fds[i], &err));
        snprintf(url, sizeof url, "http://127.0.0.1:%d/", peer.port);
        assert_true(http_start(http, url, NULL, &err));
    }
    for (; ended < STUCK + GOOD; ended++) {
        struct http_response r;
        assert_true(http_take(http, 5000, &r));
        good += r.context == NULL;
        assert_int_equal(r.end, r.context ? HTTP_NO_ANSWER : HTTP_DONE);
        if (good == GOOD && r.context == NULL)
            assert_in_range(clock_monotonic_ms() - started_ms, 0, 380);
        http_response_release(&r);
    }
    assert_int_equal(http_running(http), 0);
    assert_in_range(clock_monotonic_ms() - started_ms, 390, 1500);
    for (int i = 0; i < STUCK; i++)
        close(fds[i]);
    http_close(http);
    peer_close(&peer);
}

static void a_transport_goes_on_after_any_fault(void **state)
{
    (void)state;
    const struct peer_answer answers[] = {
        {.head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"},
        {.head = "HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\n\r\nx"},
        {.head = "", .end = PEER_RESET},
        {.head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
    };
    const enum http_end ends[] = {HTTP_CUT, HTTP_CORRUPT, HTTP_NO_ANSWER, HTTP_DONE};
    struct http *http = http_open(&SETTINGS);
    struct peer peer;
    peer_open(&peer, answers, 4);
    for (size_t i = 0; i < 4; i++)
        expect(fetch_over(http, peer.port), ends[i], ends[i] == HTTP_NO_ANSWER ? 0 : 200);
    http_close(http);
    peer_close(&peer);
}

int main(void)
{
    unsetenv("http_proxy");
    unsetenv("https_proxy");
    unsetenv("all_proxy");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_connection_is_no_answer),
        cmocka_unit_test(silence_ends_at_the_first_byte_limit),
        cmocka_unit_test(silence_inside_the_headers_is_no_answer),
        cmocka_unit_test(silence_after_the_headers_is_a_cut),
        cmocka_unit_test(a_trickle_ends_at_the_stall_limit),
        cmocka_unit_test(a_trickle_inside_the_headers_is_no_answer),
        cmocka_unit_test(a_steady_but_slow_body_ends_at_the_total_limit),
        cmocka_unit_test(broken_transfers_are_told_apart),
        cmocka_unit_test(a_tls_handshake_with_plain_http_is_no_answer),
        cmocka_unit_test(a_wrong_end_that_http_cannot_see_is_handed_on),
        cmocka_unit_test(a_gzip_cut_at_any_byte_is_noticed),
        cmocka_unit_test(a_spoilt_gzip_is_corrupt),
        cmocka_unit_test(a_gzip_bomb_stays_small),
        cmocka_unit_test(a_body_above_the_cap_is_given_up_there),
        cmocka_unit_test(a_body_of_just_the_cap_is_taken),
        cmocka_unit_test(headers_above_the_limit_are_no_answer),
        cmocka_unit_test(stuck_servers_do_not_hold_up_good_ones),
        cmocka_unit_test(a_transport_goes_on_after_any_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
