#include "core/host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/limiter.h"
#include "io/httpd.h"
#include "scratch.h"

#define T0 INT64_C(1770660000000)

static int status;

static void serve(void *context, const struct httpd_request *request, struct httpd_reply *reply)
{
    (void)context, (void)request;
    reply->status = status;
    buf_puts(&reply->body, "{}");
}

struct scene {
    struct httpd *httpd;
    struct store *store;
    struct conf *conf;
};

static int begin(void **state)
{
    static struct scene scene;
    char origin[64];
    struct err err = {0};
    if (scratch_make(state) != 0)
        return -1;
    scene.httpd = httpd_open(0, serve, NULL, &err);
    scratch_ok(scene.httpd != NULL, &err);
    snprintf(origin, sizeof origin, "http://127.0.0.1:%d", httpd_port(scene.httpd));
    setenv("TWS_VIVIDSEATS_URL", origin, 1);
    setenv("TWS_RATE", "60", 1);
    setenv("TWS_RETRIES", "0", 1);
    scene.conf = conf_open("/dev/null", NULL, &err);
    scratch_ok(scene.conf != NULL, &err);
    scene.store = scratch_open(scratch_path);
    *state = &scene;
    return 0;
}

static int end(void **state)
{
    struct scene *scene = *state;
    httpd_close(scene->httpd);
    conf_close(scene->conf);
    store_close(scene->store);
    return scratch_remove(state);
}

/* Another process, at a time. */
static struct fetch *start(const struct scene *scene, int64_t now_ms)
{
    struct err err = {0};
    struct fetch *fetch = fetch_open(scene->conf, &err);
    scratch_ok(fetch != NULL, &err);
    scratch_ok(host_resume(scene->store, fetch, now_ms, &err), &err);
    return fetch;
}

static void ask(struct fetch *fetch, int times)
{
    for (int i = 0; i < times; i++) {
        struct err err = {0};
        struct fetch_result result;
        scratch_ok(fetch_one(fetch, fetch_origin(fetch, platform_list()[0]), &result, &err), &err);
        fetch_result_release(&result);
    }
}

static void save(const struct scene *scene, struct fetch *fetch, int64_t now_ms, int64_t *asked)
{
    struct err err = {0};
    scratch_ok(host_save(scene->store, fetch, now_ms, asked, &err), &err);
}

static struct fetch_host look(struct fetch *fetch)
{
    return fetch_host_of(fetch, platform_list()[0]);
}

static void a_host_that_refused_is_still_left_alone_by_the_next_process(void **state)
{
    const struct scene *scene = *state;
    int64_t asked = 0;
    status = 403;
    struct fetch *fetch = start(scene, T0);
    ask(fetch, LIMITER_REFUSALS);
    save(scene, fetch, T0, &asked);
    fetch_close(fetch);
    fetch = start(scene, T0 + 5 * CLOCK_MINUTE_MS);
    struct fetch_host host = look(fetch);
    assert_int_equal(host.allowed, 30);
    assert_true(host.resting);
    assert_int_equal(host.refusal, OUTCOME_BLOCKED);
    assert_in_range(host.held_ms, 9 * CLOCK_MINUTE_MS, 10 * CLOCK_MINUTE_MS);
    fetch_close(fetch);
    fetch = start(scene, T0 + LIMITER_REST_MS);
    assert_int_equal(look(fetch).held_ms, 0);
    fetch_close(fetch);
}

/* Whether a request would have to wait now. */
static bool has_to_wait(struct fetch *fetch)
{
    struct err err = {0};
    scratch_ok(fetch_add(fetch, fetch_origin(fetch, platform_list()[0]), NULL, &err), &err);
    bool waits = fetch_waiting_ms(fetch) > 0;
    fetch_abandon(fetch);
    return waits;
}

/* A bucket of a tenth of the rate stands for those that were sent by the process before. */
static void a_process_that_is_started_again_makes_no_burst(void **state)
{
    const struct scene *scene = *state;
    int64_t asked = 0;
    status = 200;
    struct fetch *fetch = start(scene, T0);
    assert_false(has_to_wait(fetch));
    ask(fetch, 1);
    save(scene, fetch, T0, &asked);
    fetch_close(fetch);
    fetch = start(scene, T0 + 2 * HOST_SAVE_MS);
    assert_true(has_to_wait(fetch));
    fetch_close(fetch);
    fetch = start(scene, T0 - CLOCK_HOUR_MS); /* the clock was set back */
    assert_true(has_to_wait(fetch));
    fetch_close(fetch);
    fetch = start(scene, T0 + CLOCK_HOUR_MS);
    assert_false(has_to_wait(fetch));
    fetch_close(fetch);
}

static void nothing_is_written_when_nothing_was_asked(void **state)
{
    const struct scene *scene = *state;
    int64_t asked = 0;
    status = 200;
    struct fetch *fetch = start(scene, T0);
    save(scene, fetch, T0, &asked);
    assert_int_equal(scratch_number(scene->store, "SELECT count(*) FROM host"), 0);
    ask(fetch, 2);
    save(scene, fetch, T0, &asked);
    assert_int_equal(asked, 2);
    save(scene, fetch, T0 + 1, &asked);
    assert_true(scratch_number(scene->store, "SELECT saved_ms FROM host") == T0);
    fetch_close(fetch);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_host_that_refused_is_still_left_alone_by_the_next_process),
        T(a_process_that_is_started_again_makes_no_burst),
        T(nothing_is_written_when_nothing_was_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
