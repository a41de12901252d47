/* Which certificates io/http believes. The far end is openssl's own test server. */
#include "io/http.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ARGS_MAX = 20 };

struct server {
    pid_t pid;
    int port;
};

static char FOLDER[] = "/tmp/tws-tls-XXXXXX";

/* Starts openssl with words parted by blanks; its stdout goes to `out_fd`. */
static pid_t spawn_openssl(const char *words, int out_fd)
{
    extern char **environ;
    char name[] = "openssl", copy[400], *rest = copy, *argv[ARGS_MAX] = {name};
    posix_spawn_file_actions_t actions;
    pid_t pid;
    snprintf(copy, sizeof copy, "%s", words);
    for (int i = 1; i + 1 < ARGS_MAX && rest; i++)
        argv[i] = strsep(&rest, " ");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out_fd, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    int failed = posix_spawnp(&pid, "openssl", &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed ? -1 : pid;
}

static int run_openssl(const char *words)
{
    int status = -1;
    pid_t pid = spawn_openssl(words, 2);
    return pid > 0 && waitpid(pid, &status, 0) == pid ? status : -1;
}

/* In a folder of its own: a key, a certificate for 127.0.0.1 alone, and the same expired. */
static int make_certificates(void **state)
{
    (void)state;
    if (!mkdtemp(FOLDER) || chdir(FOLDER) != 0)
        return -1;
    if (run_openssl("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=market "
                    "-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out request.pem") != 0)
        return -1;
    if (run_openssl("x509 -req -in request.pem -signkey key.pem -copy_extensions copy -days 2 "
                    "-out good.pem") != 0)
        return -1;
    return run_openssl("x509 -req -in request.pem -signkey key.pem -copy_extensions copy -days -1 "
                       "-out expired.pem");
}

static int remove_certificates(void **state)
{
    (void)state;
    static const char *const names[] = {"key.pem", "request.pem", "good.pem", "expired.pem"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    return chdir("/") | rmdir(FOLDER);
}

static struct server start_server(const char *options)
{
    struct server server = {0};
    int fds[2];
    char words[300], line[200];
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    snprintf(words, sizeof words, "s_server -accept 127.0.0.1:0 -key key.pem -www %s", options);
    server.pid = spawn_openssl(words, fds[1]);
    assert_true(server.pid > 0);
    close(fds[1]);
    FILE *said = fdopen(fds[0], "r");
    assert_non_null(said);
    while (server.port == 0 && fgets(line, sizeof line, said))
        if (strncmp(line, "ACCEPT 127.0.0.1:", 17) == 0)
            server.port = (int)strtol(line + 17, NULL, 10);
    fclose(said);
    assert_true(server.port > 0);
    return server;
}

static void stop_server(struct server server)
{
    kill(server.pid, SIGKILL);
    waitpid(server.pid, NULL, 0);
}

static enum http_end end_of(const char *host, int port, const char *ca_file)
{
    struct err err = {0};
    struct http_response response;
    struct http *http = http_open(&(struct http_settings){.connect_ms = 4000,
                                                          .first_byte_ms = 4000,
                                                          .total_ms = 8000,
                                                          .stall_s = 4,
                                                          .ca_file = ca_file});
    char url[100];
    snprintf(url, sizeof url, "https://%s:%d/", host, port);
    assert_true(http_start(http, url, NULL, &err));
    assert_true(http_take(http, 10000, &response));
    assert_int_equal(response.status, response.end == HTTP_DONE ? 200 : 0);
    enum http_end end = response.end;
    http_response_release(&response);
    http_close(http);
    return end;
}

static void only_a_certificate_of_a_known_authority_is_believed(void **state)
{
    (void)state;
    struct server server = start_server("-cert good.pem");
    assert_int_equal(end_of("127.0.0.1", server.port, NULL), HTTP_NO_ANSWER);
    assert_int_equal(end_of("127.0.0.1", server.port, "good.pem"), HTTP_DONE);
    assert_int_equal(end_of("127.0.0.1", server.port, "/nonexistent.pem"), HTTP_NO_ANSWER);
    stop_server(server);
}

static void a_certificate_for_another_host_is_refused(void **state)
{
    (void)state;
    struct server server = start_server("-cert good.pem");
    assert_int_equal(end_of("localhost", server.port, "good.pem"), HTTP_NO_ANSWER);
    stop_server(server);
}

static void an_expired_certificate_is_refused(void **state)
{
    (void)state;
    struct server server = start_server("-cert expired.pem");
    assert_int_equal(end_of("127.0.0.1", server.port, "expired.pem"), HTTP_NO_ANSWER);
    stop_server(server);
}

static void tls_before_1_2_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *options;
        enum http_end end;
    } cases[] = {
        {"-cert good.pem -tls1_1 -cipher DEFAULT@SECLEVEL=0", HTTP_NO_ANSWER},
        {"-cert good.pem -tls1_2", HTTP_DONE},
        {"-cert good.pem -tls1_3", HTTP_DONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct server server = start_server(cases[i].options);
        assert_int_equal(end_of("127.0.0.1", server.port, "good.pem"), cases[i].end);
        stop_server(server);
    }
}

static void the_environment_names_authorities_too(void **state)
{
    (void)state;
    struct server server = start_server("-cert good.pem");
    setenv("SSL_CERT_FILE", "good.pem", 1);
    assert_int_equal(end_of("127.0.0.1", server.port, NULL), HTTP_DONE);
    setenv("CURL_CA_BUNDLE", "expired.pem", 1); /* the first of the two that is set */
    assert_int_equal(end_of("127.0.0.1", server.port, NULL), HTTP_NO_ANSWER);
    assert_int_equal(end_of("127.0.0.1", server.port, "good.pem"), HTTP_DONE);
    setenv("CURL_CA_BUNDLE", "", 1);
    assert_int_equal(end_of("127.0.0.1", server.port, NULL), HTTP_DONE);
    unsetenv("SSL_CERT_FILE");
    unsetenv("CURL_CA_BUNDLE");
    stop_server(server);
}

int main(void)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY",    "all_proxy",
                                        "ALL_PROXY",   "CURL_CA_BUNDLE", "SSL_CERT_FILE",
                                        "SSL_CERT_DIR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_certificate_of_a_known_authority_is_believed),
        cmocka_unit_test(a_certificate_for_another_host_is_refused),
        cmocka_unit_test(an_expired_certificate_is_refused),
        cmocka_unit_test(tls_before_1_2_is_refused),
        cmocka_unit_test(the_environment_names_authorities_too),
    };
    return cmocka_run_group_tests(tests, make_certificates, remove_certificates);
}
