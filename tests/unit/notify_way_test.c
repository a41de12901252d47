#include "core/notify_way.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/httpd.h"
#include "scratch.h"

/* What the hook answers, and was sent: alerts_test.c looks at the body, too. */
static struct {
    int status;
    char signature[100];
} hook;

static void serve(void *context, const struct httpd_request *request, struct httpd_reply *reply)
{
    (void)context;
    const char *signature = httpd_header(request, "X-Tws-Signature");
    snprintf(hook.signature, sizeof hook.signature, "%s", signature ? signature : "");
    reply->status = hook.status;
}

static const struct notify_way *way(const char *name)
{
    const struct notify_way *one = notify_ways;
    while (one->name != NULL && strcmp(one->name, name) != 0)
        one++;
    assert_non_null(one->name);
    return one;
}

/* Sends one alert by a way, with the settings of the environment. */
static bool send_by(const char *name, struct err *err)
{
    AUTO_FREE struct notify_batch *batch = mem_alloc(1, sizeof *batch);
    struct conf *conf = conf_open("/dev/null", NULL, err);
    scratch_ok(conf != NULL, err);
    batch->count = 1;
    batch->alerts[0] = (struct notify_alert){
        .name = "cheap", .text = "tickets < 5", .rule = {.unit = RULE_COUNT}, .value = 4};
    const struct notify_way *chosen = way(name);
    bool sent = chosen != NULL && chosen->send(conf, batch, err);
    conf_close(conf);
    return sent;
}

static void what_a_way_needs_is_named_when_it_is_missing(void **state)
{
    (void)state;
    static const char *const missing[][2] = {
        {"exec", "alerts.exec"}, {"webhook", "alerts.webhook"}, {"mail", "alerts.mail_from"}};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        struct err err = {0};
        assert_false(send_by(missing[i][0], &err));
        assert_non_null(strstr(err.text, missing[i][1]));
    }
}

static void a_command_gets_the_alerts_on_its_input(void **state)
{
    (void)state;
    struct err err = {0};
    char command[SCRATCH_PATH_MAX + 16], text[2000] = "";
    snprintf(command, sizeof command, "tee %s", scratch_path);
    setenv("TWS_ALERTS_EXEC", command, 1);
    scratch_ok(send_by("exec", &err), &err);
    FILE *file = fopen(scratch_path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_non_null(strstr(text, "\"rule\":\"tickets < 5\""));
    setenv("TWS_ALERTS_EXEC", "false", 1);
    assert_false(send_by("exec", &err));
    unsetenv("TWS_ALERTS_EXEC");
}

static void a_hook_counts_when_it_takes_them_and_keys_are_kept_secret(void **state)
{
    (void)state;
    struct err err = {0};
    char url[64], path[SCRATCH_PATH_MAX + 8];
    struct httpd *httpd = httpd_open(0, serve, NULL, &err);
    scratch_ok(httpd != NULL, &err);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/hook", httpd_port(httpd));
    setenv("TWS_ALERTS_WEBHOOK", url, 1);
    hook.status = 204;
    scratch_ok(send_by("webhook", &err), &err);
    assert_string_equal(hook.signature, "");
    snprintf(path, sizeof path, "%s/key", scratch_folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("a key\n", file);
    fclose(file);
    setenv("TWS_ALERTS_WEBHOOK_KEY_FILE", path, 1);
    chmod(path, 0644);
    assert_false(send_by("webhook", &err)); /* a secret that others may read */
    chmod(path, 0600);
    err = (struct err){0};
    scratch_ok(send_by("webhook", &err), &err);
    assert_int_equal(strncmp(hook.signature, "sha256=", 7), 0);
    assert_int_equal(strlen(hook.signature), 7 + 64);
    hook.status = 500;
    assert_false(send_by("webhook", &err));
    assert_non_null(strstr(err.text, "it answered 500"));
    assert_null(strstr(err.text, "a key"));
    httpd_close(httpd);
    assert_false(send_by("webhook", &err)); /* nobody is there */
    unsetenv("TWS_ALERTS_WEBHOOK");
    unsetenv("TWS_ALERTS_WEBHOOK_KEY_FILE");
}

#define T(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_a_way_needs_is_named_when_it_is_missing),
        T(a_command_gets_the_alerts_on_its_input),
        T(a_hook_counts_when_it_takes_them_and_keys_are_kept_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
