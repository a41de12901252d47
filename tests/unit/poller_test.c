/* The world as it is, against a marketplace on loopback. */
#include "core/poller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/simulator.h"
#include "scratch.h"

#define BASE INT64_C(1770595200000) /* 2026-02-09 */

struct scene {
    struct simulator *simulator;
    struct conf *conf;
    struct store *store;
    struct fetch *fetch;
    struct poller poller;
    struct watch_world world;
};

static int begin(void **state)
{
    static struct scene scene;
    struct simulator_settings settings;
    struct err err = {0};
    char origin[64];
    if (scratch_make(state) != 0)
        return -1;
    clock_fix(BASE);
    simulator_settings_init(&settings);
    settings.listings = 20;
    settings.events = 36;
    scene.simulator = simulator_open(&settings, BASE, &err);
    scratch_ok(scene.simulator != NULL, &err);
    snprintf(origin, sizeof origin, "http://127.0.0.1:%d", simulator_port(scene.simulator));
    setenv("TWS_VIVIDSEATS_URL", origin, 1);
    setenv("TWS_RATE", "0", 1);
    setenv("TWS_RETRIES", "0", 1);
    scene.conf = conf_open("/dev/null", NULL, &err);
    scratch_ok(scene.conf != NULL, &err);
    scene.store = scratch_open(scratch_path);
    scene.fetch = fetch_open(scene.conf, &err);
    scratch_ok(scene.fetch != NULL, &err);
    poller_init(&scene.poller, scene.store, scene.fetch, &scene.world);
    *state = &scene;
    return 0;
}

static int end(void **state)
{
    struct scene *scene = *state;
    fetch_close(scene->fetch);
    store_close(scene->store);
    conf_close(scene->conf);
    simulator_close(scene->simulator);
    return scratch_remove(state);
}

static void fault(const struct scene *scene, const char *text)
{
    struct err err = {0};
    scratch_ok(simulator_add_fault(scene->simulator, text, &err), &err);
}

static struct watch_end wait_for_end(const struct scene *scene)
{
    struct err err = {0};
    struct watch_end end;
    bool ended = false;
    while (!ended)
        scratch_ok(scene->world.wait(scene->world.self, 5000, &end, &ended, &err), &err);
    return end;
}

static struct watch_end ask(const struct scene *scene, struct watch_question *question)
{
    struct err err = {0};
    scratch_ok(scene->world.ask(scene->world.self, question, &err), &err);
    struct watch_end end = wait_for_end(scene);
    assert_ptr_equal(end.question, question);
    assert_null(end.poll);
    return end;
}

static struct watch_question about(const char *id, const char *performer_id, int page)
{
    struct watch_question question = {.page = page};
    event_init(&question.event, "vividseats", id);
    snprintf(question.event.performer_id, sizeof question.event.performer_id, "%s", performer_id);
    return question;
}

static void one_event_is_told_of_by_its_id(void **state)
{
    struct scene *scene = *state;
    struct watch_question question = about("7000001", "", 0);
    struct watch_end end = ask(scene, &question);
    assert_int_equal(end.outcome, OUTCOME_OK);
    assert_int_equal(question.told.count, 1);
    assert_string_equal(question.told.events[0].name, "Ruby Hollow");
    assert_string_equal(question.told.events[0].performer_id, "24388");
    assert_true(question.told.events[0].date_ms > BASE);
    platform_page_release(&question.told);
}

static void all_events_of_a_performer_are_told_of_at_once(void **state)
{
    struct scene *scene = *state;
    struct watch_question question = about("7000001", "24388", 1);
    struct watch_end end = ask(scene, &question);
    assert_int_equal(end.outcome, OUTCOME_OK);
    assert_true(question.told.count >= 3);
    for (size_t i = 0; i < question.told.count; i++)
        assert_string_equal(question.told.events[i].performer_id, "24388");
    platform_page_release(&question.told);
    question = about("7000001", "24388", 2); /* behind the last */
    end = ask(scene, &question);
    assert_int_equal(end.outcome, OUTCOME_EMPTY);
    platform_page_release(&question.told);
}

/* Whatever goes wrong: an outcome, a reason, and nothing told. */
static void what_is_not_answered_tells_nothing(void **state)
{
    struct scene *scene = *state;
    static const struct {
        const char *fault;
        enum outcome outcome;
    } faults[] = {
        {"404:1:on=productions", OUTCOME_NOT_FOUND},
        {"500:1:on=productions", OUTCOME_NETWORK},
        {"429:1:on=productions", OUTCOME_RATE_LIMITED},
        {"blocked:1:on=productions", OUTCOME_BLOCKED},
        {"null:1:on=productions", OUTCOME_BAD_PAYLOAD},
        {"cut:1:on=productions", OUTCOME_PARTIAL},
        {"emptybody:1:on=productions", OUTCOME_BAD_PAYLOAD},
    };
    for (int page = 0; page < 2; page++)
        for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
            struct watch_question question = about("7000001", "24388", page);
            fault(scene, faults[i].fault);
            struct watch_end end = ask(scene, &question);
            assert_int_equal(end.outcome, faults[i].outcome);
            assert_int_equal(question.told.count, 0);
            assert_true(end.reason[0] != '\0');
            simulator_clear_faults(scene->simulator);
        }
}

/* A question beside polls ends as a question, and polls as polls, in whatever order. */
static void a_question_is_not_mistaken_for_a_poll(void **state)
{
    struct scene *scene = *state;
    struct err err = {0};
    struct watch_question question = about("7000002", "", 0);
    struct watch_poll polls[3];
    int ended = 0, answered = 0;
    for (int i = 0; i < 3; i++) {
        char id[EVENT_ID_MAX];
        snprintf(id, sizeof id, "700000%d", i + 1);
        event_init(&polls[i].event, "vividseats", id);
        scratch_ok(store_save_event(scene->store, &polls[i].event, &err), &err);
        scratch_ok(scene->world.start(scene->world.self, &polls[i], &err), &err);
    }
    size_t room = scene->world.room(scene->world.self);
    scratch_ok(scene->world.ask(scene->world.self, &question, &err), &err);
    assert_int_equal(scene->world.room(scene->world.self), room - 1);
    for (int i = 0; i < 4; i++) {
        struct watch_end end = wait_for_end(scene);
        assert_true((end.poll != NULL) != (end.question != NULL));
        ended += end.poll != NULL;
        answered += end.question == &question;
    }
    assert_int_equal(ended, 3);
    assert_int_equal(answered, 1);
    assert_int_equal(scratch_number(scene->store, "SELECT count(*) FROM snapshot"), 3);
    platform_page_release(&question.told);
}

static void who_cannot_be_asked_is_said(void **state)
{
    struct scene *scene = *state;
    struct err err = {0};
    struct watch_question question = about("1", "", 0);
    snprintf(question.event.platform, sizeof question.event.platform, "elsewhere");
    assert_false(scene->world.ask(scene->world.self, &question, &err));
    assert_non_null(strstr(err.text, "elsewhere"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(one_event_is_told_of_by_its_id),     T(all_events_of_a_performer_are_told_of_at_once),
        T(what_is_not_answered_tells_nothing), T(a_question_is_not_mistaken_for_a_poll),
        T(who_cannot_be_asked_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
