#include "io/httpd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "peer.h"

/* What the handler does next, and what it saw. */
struct script {
    struct httpd_reply reply;
    const char *body;
    char seen[400];
    atomic_int inside, calls;
    bool overlapped;
};

static struct script SCRIPT;

static void handle(void *context, const struct httpd_request *request, struct httpd_reply *reply)
{
    struct script *script = context;
    const char *query = httpd_query(request, "q"), *flag = httpd_query(request, "flag"),
               *header = httpd_header(request, "x-asked");
    if (atomic_fetch_add(&script->inside, 1) > 0)
        script->overlapped = true;
    snprintf(script->seen, sizeof script->seen, "%s %s q=%s flag=%s header=%s",
             httpd_method(request), httpd_path(request), query ? query : "-", flag ? flag : "-",
             header ? header : "-");
    struct buf body = reply->body;
    *reply = script->reply;
    reply->body = body;
    buf_puts(&reply->body, script->body);
    if (strcmp(httpd_path(request), "/quick") == 0) {
        reply->first_byte_ms = 0;
        reply->trickle_bytes_s = 0;
    }
    atomic_fetch_add(&script->calls, 1);
    atomic_fetch_sub(&script->inside, 1);
}

static int open_server(void **state)
{
    struct err err;
    memset(&SCRIPT, 0, sizeof SCRIPT);
    SCRIPT.reply.status = 200;
    SCRIPT.reply.content_type = "application/json";
    SCRIPT.reply.cut_after = -1;
    SCRIPT.body = "{}";
    *state = httpd_open(0, handle, &SCRIPT, &err);
    return *state ? 0 : -1;
}

static int close_server(void **state)
{
    httpd_close(*state);
    return 0;
}

static int connect_to(const struct httpd *httpd)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)httpd_port(httpd)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Reads until the server closes; false when it did so by a reset. */
static bool read_all(int fd, char *out, size_t size)
{
    size_t length = 0;
    ssize_t got;
    while ((got = recv(fd, out + length, size - 1 - length, 0)) > 0)
        length += (size_t)got;
    out[length] = '\0';
    close(fd);
    return got == 0;
}

/* The whole answer to one GET, by hand. */
static const char *get(const struct httpd *httpd, const char *target)
{
    static char answer[20000];
    char request[600];
    int fd = connect_to(httpd);
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: h\r\nX-Asked: yes\r\nConnection: close\r\n\r\n", target);
    say(fd, request);
    read_all(fd, answer, sizeof answer);
    return answer;
}

static const char *body_of(const char *answer)
{
    const char *blank = strstr(answer, "\r\n\r\n");
    assert_non_null(blank);
    return blank + 4;
}

static void an_unchanged_reply_is_200_json_with_its_length(void **state)
{
    const char *answer = get(*state, "/a");
    assert_ptr_equal(strstr(answer, "HTTP/1.1 200 OK\r\n"), answer);
    assert_non_null(strstr(answer, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(answer, "\r\nContent-Length: 2\r\n"));
    assert_string_equal(body_of(answer), "{}");
}

static void status_type_and_headers_are_the_handlers(void **state)
{
    SCRIPT.reply.status = 429;
    SCRIPT.reply.content_type = "text/html";
    snprintf(SCRIPT.reply.headers[0][0], 160, "Retry-After");
    snprintf(SCRIPT.reply.headers[0][1], 160, "7");
    snprintf(SCRIPT.reply.headers[3][0], 160, "X-Last");
    snprintf(SCRIPT.reply.headers[3][1], 160, "fourth");
    const char *answer = get(*state, "/a");
    assert_ptr_equal(strstr(answer, "HTTP/1.1 429 "), answer);
    assert_non_null(strstr(answer, "\r\nContent-Type: text/html\r\n"));
    assert_non_null(strstr(answer, "\r\nRetry-After: 7\r\n"));
    assert_null(strstr(answer, "X-Last")); /* the list ended before it */
}

static void the_request_arrives_decoded(void **state)
{
    get(*state, "/hermes/a%20b?q=x%26y+z&flag");
    assert_string_equal(SCRIPT.seen, "GET /hermes/a b q=x&y z flag= header=yes");
    get(*state, "/?q=%C3%A9&q=second");
    assert_string_equal(SCRIPT.seen, "GET / q=\xc3\xa9 flag=- header=yes");
}

static void an_upload_is_swallowed_before_the_answer(void **state)
{
    char answer[1000];
    int fd = connect_to(*state);
    say(fd, "POST /in HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 11\r\n\r\n");
    say(fd, "hello ");
    say(fd, "world");
    assert_true(read_all(fd, answer, sizeof answer));
    assert_string_equal(SCRIPT.seen, "POST /in q=- flag=- header=-");
    assert_int_equal(atomic_load(&SCRIPT.calls), 1);
    assert_string_equal(body_of(answer), "{}");
}

static void a_connection_serves_several_requests(void **state)
{
    char answer[4000];
    int fd = connect_to(*state);
    say(fd, "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
    size_t length = 0;
    while (length < 2 || memcmp(answer + length - 2, "{}", 2) != 0) {
        ssize_t got = recv(fd, answer + length, sizeof answer - length, 0);
        assert_true(got > 0);
        length += (size_t)got;
    }
    say(fd, "GET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_true(read_all(fd, answer, sizeof answer));
    assert_string_equal(SCRIPT.seen, "GET /2 q=- flag=- header=-");
    assert_string_equal(body_of(answer), "{}");
}

static void a_large_body_goes_out_whole(void **state)
{
    static char large[3000000], answer[sizeof large + 1000];
    for (size_t i = 0; i + 1 < sizeof large; i++)
        large[i] = (char)('a' + i % 23);
    SCRIPT.body = large;
    int fd = connect_to(*state);
    say(fd, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_true(read_all(fd, answer, sizeof answer));
    assert_string_equal(body_of(answer), large);
}

static void a_body_is_cut_where_it_was_asked(void **state)
{
    SCRIPT.body = "0123456789";
    const int64_t cuts[] = {0, 1, 9, 10, 11};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        SCRIPT.reply.cut_after = cuts[i];
        const char *answer = get(*state, "/");
        assert_non_null(strstr(answer, "\r\nContent-Length: 10\r\n"));
        assert_int_equal(strlen(body_of(answer)), cuts[i] < 10 ? cuts[i] : 10);
    }
}

static void the_first_byte_waits_as_asked(void **state)
{
    SCRIPT.reply.first_byte_ms = 200;
    int64_t started_ms = clock_monotonic_ms();
    assert_string_equal(body_of(get(*state, "/")), "{}");
    assert_in_range(clock_monotonic_ms() - started_ms, 195, 1500);
}

static void a_trickle_keeps_its_pace(void **state)
{
    SCRIPT.body = "0123456789012345678901234567890123456789";
    const int rates[] = {5, 40, 200};
    for (size_t i = 0; i < 3; i++) {
        SCRIPT.reply.trickle_bytes_s = rates[i];
        SCRIPT.reply.cut_after = rates[i] == 5 ? 2 : -1;
        int64_t bytes = rates[i] == 5 ? 2 : 40;
        int64_t started_ms = clock_monotonic_ms();
        assert_int_equal(strlen(body_of(get(*state, "/"))), bytes);
        int64_t due_ms = bytes * 1000 / rates[i];
        assert_in_range(clock_monotonic_ms() - started_ms, due_ms - 10, due_ms + 600);
    }
}

static void a_slow_answer_holds_up_no_other(void **state)
{
    SCRIPT.reply.first_byte_ms = 30000;
    int slow = connect_to(*state);
    say(slow, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
    while (atomic_load(&SCRIPT.calls) == 0)
        usleep(1000);
    int64_t started_ms = clock_monotonic_ms();
    for (int i = 0; i < 20; i++)
        assert_string_equal(body_of(get(*state, "/quick")), "{}");
    assert_in_range(clock_monotonic_ms() - started_ms, 0, 2000);
    close(slow);
}

static void closing_does_not_wait_for_what_is_slow(void **state)
{
    (void)state;
    static char large[100000];
    memset(large, 'x', sizeof large - 1);
    for (int kind = 0; kind < 3; kind++) {
        void *server;
        assert_int_equal(open_server(&server), 0);
        SCRIPT.body = large;
        SCRIPT.reply.trickle_bytes_s = kind == 0 ? 5 : 0;
        SCRIPT.reply.first_byte_ms = kind == 1 ? 600000 : 0;
        int fd = connect_to(server);
        if (kind < 2) { /* the third is a client that asks nothing */
            say(fd, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            while (atomic_load(&SCRIPT.calls) == 0)
                usleep(1000);
        }
        int64_t started_ms = clock_monotonic_ms();
        httpd_close(server);
        assert_in_range(clock_monotonic_ms() - started_ms, 0, 500);
        close(fd);
    }
}

static void *ask_often(void *server)
{
    for (int i = 0; i < 50; i++) {
        char answer[1000];
        int fd = connect_to(server);
        say(fd, "GET /quick HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        read_all(fd, answer, sizeof answer);
    }
    return NULL;
}

static void handlers_run_one_at_a_time(void **state)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, *state), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&SCRIPT.calls), 200);
    assert_false(SCRIPT.overlapped);
}

static void a_port_in_use_or_none_at_all_is_refused(void **state)
{
    struct err err = {0};
    int port = httpd_port(*state);
    char expected[60];
    snprintf(expected, sizeof expected, "cannot serve on 127.0.0.1:%d: ", port);
    assert_null(httpd_open(port, handle, &SCRIPT, &err));
    assert_int_equal(err.code, ERR_FAILURE);
    assert_ptr_equal(strstr(err.text, expected), err.text);
    assert_null(httpd_open(65536, handle, &SCRIPT, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_null(httpd_open(-1, handle, &SCRIPT, &err));
    assert_int_equal(err.code, ERR_USAGE);
    httpd_close(NULL);
}

static void nobody_else_than_loopback_is_served(void **state)
{
    char line[300], listening[40];
    bool found = false;
    /* the kernel's own table: 0100007F is 127.0.0.1, 0A is LISTEN */
    snprintf(listening, sizeof listening, "0100007F:%04X 00000000:0000 0A", httpd_port(*state));
    FILE *table = fopen("/proc/net/tcp", "r");
    assert_non_null(table);
    while (fgets(line, sizeof line, table))
        found = found || strstr(line, listening);
    fclose(table);
    assert_true(found);
}

#define ON_SERVER(test) cmocka_unit_test_setup_teardown(test, open_server, close_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SERVER(an_unchanged_reply_is_200_json_with_its_length),
        ON_SERVER(status_type_and_headers_are_the_handlers),
        ON_SERVER(the_request_arrives_decoded),
        ON_SERVER(an_upload_is_swallowed_before_the_answer),
        ON_SERVER(a_connection_serves_several_requests),
        ON_SERVER(a_large_body_goes_out_whole),
        ON_SERVER(a_body_is_cut_where_it_was_asked),
        ON_SERVER(the_first_byte_waits_as_asked),
        ON_SERVER(a_trickle_keeps_its_pace),
        ON_SERVER(a_slow_answer_holds_up_no_other),
        cmocka_unit_test(closing_does_not_wait_for_what_is_slow),
        ON_SERVER(handlers_run_one_at_a_time),
        ON_SERVER(a_port_in_use_or_none_at_all_is_refused),
        ON_SERVER(nobody_else_than_loopback_is_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
