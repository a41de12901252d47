/* Rounds at the simulated marketplace: every fault it knows ends as it should and spoils nothing.
 */
#include "core/collector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/simfault.h"
#include "core/simulator.h"
#include "io/db.h"

/* 2026-02-09T18:00:00Z */
static const int64_t START_MS = INT64_C(1770660000000);

enum { EVENTS = 12 };

struct bench {
    struct simulator *simulator;
    struct conf *conf;
    struct fetch *fetch;
    struct store *store;
    struct event events[EVENTS];
    char folder[64], origin[64];

    /* Of the last round. */
    struct collector_summary summary;
    struct collector_poll last;
    char reason[300];
    int end_after; /* polls; 0: all */
};

static void must(bool done, const struct err *err)
{
    if (!done)
        fail_msg("%s", err->text);
}

static void open_simulator(struct bench *bench)
{
    struct err err = {0};
    struct simulator_settings settings;
    simulator_settings_init(&settings);
    settings.events = EVENTS;
    bench->simulator = simulator_open(&settings, START_MS, &err);
    must(bench->simulator != NULL, &err);
    simulator_set_clock(bench->simulator, START_MS); /* the markets stand still */
    snprintf(bench->origin, sizeof bench->origin, "http://127.0.0.1:%d",
             simulator_port(bench->simulator));
}

static void bench_open(struct bench *bench, const char *retries)
{
    struct err err = {0};
    char text[128];
    memset(bench, 0, sizeof *bench);
    clock_fix(START_MS);
    open_simulator(bench);
    setenv("TWS_VIVIDSEATS_URL", bench->origin, 1);
    setenv("TWS_RATE", "0", 1);
    setenv("TWS_RETRIES", retries, 1);
    setenv("TWS_PARALLEL", "4", 1);
    must((bench->conf = conf_open("/dev/null", NULL, &err)) != NULL, &err);
    must((bench->fetch = fetch_open(bench->conf, &err)) != NULL, &err);
    snprintf(bench->folder, sizeof bench->folder, "/tmp/collector_fault_test.XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    snprintf(text, sizeof text, "%s/tws.db", bench->folder);
    must((bench->store = store_open(text, &err)) != NULL, &err);
    for (int i = 0; i < EVENTS; i++) {
        snprintf(text, sizeof text, "%d", SIMULATOR_FIRST_ID + i);
        event_init(&bench->events[i], "vividseats", text);
        must(store_save_event(bench->store, &bench->events[i], &err), &err);
    }
}

static void bench_close(struct bench *bench)
{
    static const char *const files[] = {"tws.db", "tws.db-wal", "tws.db-shm", "tws.db.lock"};
    char path[128];
    store_close(bench->store);
    fetch_close(bench->fetch);
    conf_close(bench->conf);
    simulator_close(bench->simulator);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", bench->folder, files[i]);
        unlink(path);
    }
    rmdir(bench->folder);
}

static bool visit(void *context, const struct collector_poll *poll,
                  const struct collector_summary *so_far)
{
    struct bench *bench = context;
    bench->last = *poll;
    snprintf(bench->reason, sizeof bench->reason, "%s", poll->reason);
    return so_far->done != bench->end_after;
}

/* Polls the first `count` events at `minute` minutes after the start. */
static void run_round(struct bench *bench, size_t count, int minute)
{
    struct err err = {0};
    clock_fix(START_MS + minute * CLOCK_MINUTE_MS);
    must(collector_round(bench->store, bench->fetch, bench->events, count, visit, bench,
                         &bench->summary, &err),
         &err);
}

static void add_fault(struct bench *bench, const char *text)
{
    struct err err = {0};
    must(simulator_add_fault(bench->simulator, text, &err), &err);
}

/* The one number that a question to the store gives. */
static int64_t number(struct bench *bench, const char *question)
{
    struct err err = {0};
    AUTO_STMT struct stmt stmt = {0};
    must(db_prepare_user(store_db(bench->store), question, &stmt, &err), &err);
    if (stmt_step(&stmt, &err) != STEP_ROW)
        fail_msg("%s: %s", question, err.text);
    return stmt_int(&stmt, 0);
}

/* A sum that any change of what is known of listings would change. */
static int64_t fingerprint(struct bench *bench)
{
    return number(bench, "select 1000000 * count(*) + coalesce(sum(price_minor), 0)"
                         " + count(lasted_ms) from version") +
           number(bench, "select count(*) from offer") * 7 +
           number(bench, "select count(*) + coalesce(sum(sum), 0) from metric") * 13;
}

/* A counter of the simulator. */
static int64_t counter(struct bench *bench, const char *name)
{
    char url[100], key[40];
    struct err err = {0};
    struct fetch_result result;
    snprintf(url, sizeof url, "%s/simulator/stats", bench->origin);
    snprintf(key, sizeof key, "\"%s\":", name);
    must(fetch_one(bench->fetch, url, &result, &err), &err);
    const char *found = strstr(buf_text(&result.response.body), key);
    assert_non_null(found);
    int64_t value = strtol(found + strlen(key), NULL, 10);
    fetch_result_release(&result);
    return value;
}

/* What each fault comes to. */
static const struct {
    const char *fault;
    enum outcome outcome;
} cases[] = {
    {"blocked", OUTCOME_BLOCKED},
    {"challenge200", OUTCOME_BLOCKED},
    {"401", OUTCOME_BLOCKED},
    {"404", OUTCOME_NOT_FOUND},
    {"429", OUTCOME_RATE_LIMITED},
    {"500", OUTCOME_NETWORK},
    {"503", OUTCOME_NETWORK},
    {"slow:ms=200", OUTCOME_OK},
    {"trickle:bytes=100000", OUTCOME_OK},
    {"cut", OUTCOME_PARTIAL},
    {"cut:after=0", OUTCOME_PARTIAL},
    {"cut:after=1", OUTCOME_PARTIAL},
    {"badgzip", OUTCOME_BAD_PAYLOAD},
    {"truncgzip", OUTCOME_PARTIAL},
    {"giant", OUTCOME_BAD_PAYLOAD},
    {"bomb", OUTCOME_BAD_PAYLOAD},
    {"html", OUTCOME_BAD_PAYLOAD},
    {"emptybody", OUTCOME_BAD_PAYLOAD},
    {"null", OUTCOME_BAD_PAYLOAD},
    {"deep", OUTCOME_BAD_PAYLOAD},
    {"redirect", OUTCOME_OK},
    {"redirect-other", OUTCOME_NETWORK},
    {"redirect-loop", OUTCOME_NETWORK},
    {"emptytickets", OUTCOME_EMPTY},
    {"emptylie", OUTCOME_BAD_PAYLOAD},
    {"notickets", OUTCOME_BAD_PAYLOAD},
    {"noglobal", OUTCOME_BAD_PAYLOAD},
    {"wrongevent", OUTCOME_WRONG_EVENT},
    {"duplicates", OUTCOME_OK},
    {"reordered", OUTCOME_OK},
    {"nan", OUTCOME_OK},
    {"negative", OUTCOME_OK},
    {"somebad", OUTCOME_OK},
    {"manybad", OUTCOME_BAD_PAYLOAD},
    {"badutf8", OUTCOME_BAD_PAYLOAD},
    {"escapes", OUTCOME_OK},
};

enum { CASES = sizeof cases / sizeof *cases };

static void no_fault_is_forgotten(void **state)
{
    (void)state;
    for (int kind = 0; kind < SIMFAULT_COUNT; kind++) {
        const char *word = simfault_word((enum simfault_kind)kind);
        size_t length = strlen(word);
        bool found = false;
        for (int i = 0; i < CASES && !found; i++)
            found = strncmp(cases[i].fault, word, length) == 0 &&
                    (cases[i].fault[length] == '\0' || cases[i].fault[length] == ':');
        if (!found)
            fail_msg("fault '%s' is in no case", word);
    }
}

/* One good poll, one with the fault, one good poll again. */
static void check_case(int number_of_case)
{
    struct bench bench;
    enum outcome outcome = cases[number_of_case].outcome;
    bench_open(&bench, "0");
    run_round(&bench, 1, 0);
    assert_int_equal(bench.last.outcome, OUTCOME_OK);
    int64_t before = fingerprint(&bench), listings = bench.summary.listings;
    assert_true(listings > 50);

    add_fault(&bench, cases[number_of_case].fault);
    run_round(&bench, 1, 15);
    if (bench.last.outcome != outcome)
        fail_msg("fault '%s' ended as %s, not %s: %s", cases[number_of_case].fault,
                 outcome_word(bench.last.outcome), outcome_word(outcome), bench.reason);
    assert_int_equal(bench.summary.by_outcome[outcome], 1);
    assert_int_equal(number(&bench, "select outcome from snapshot order by at_ms desc limit 1"),
                     outcome);
    if (!outcome_is_good(outcome)) {
        assert_true(bench.reason[0] != '\0');
        assert_int_equal(fingerprint(&bench), before);
    }

    simulator_clear_faults(bench.simulator);
    run_round(&bench, 1, 30);
    assert_int_equal(bench.last.outcome, OUTCOME_OK);
    assert_int_equal(bench.summary.listings, listings);
    if (!outcome_is_good(outcome)) {
        assert_true(bench.last.repeated);
        assert_int_equal(fingerprint(&bench), before);
    }
    bench_close(&bench);
}

static void every_fault_ends_as_it_should_and_spoils_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++)
        check_case(i);
}

static void the_order_of_listings_is_no_change(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "0");
    run_round(&bench, 1, 0);
    int64_t before = fingerprint(&bench);
    add_fault(&bench, "reordered");
    run_round(&bench, 1, 15);
    assert_false(bench.last.repeated);
    assert_int_equal(bench.summary.changed, 0);
    assert_int_equal(fingerprint(&bench), before);
    bench_close(&bench);
}

static void unreadable_listings_are_counted_and_stay_as_they_were(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "0");
    run_round(&bench, 1, 0);
    int64_t before = fingerprint(&bench);
    add_fault(&bench, "negative");
    run_round(&bench, 1, 15);
    assert_int_equal(bench.last.outcome, OUTCOME_OK);
    assert_true(bench.summary.rejected > 0);
    assert_int_equal(bench.summary.changed, 0);
    assert_int_equal(number(&bench, "select count(*) from reject"), bench.summary.rejected);
    assert_int_equal(fingerprint(&bench), before);
    bench_close(&bench);
}

static void requests_are_what_the_platform_expects_and_no_more(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "3");
    run_round(&bench, EVENTS, 0);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_OK], EVENTS);
    assert_int_equal(counter(&bench, "listings"), EVENTS);
    assert_int_equal(counter(&bench, "requests"), EVENTS);
    assert_int_equal(counter(&bench, "packed"), EVENTS);
    assert_int_equal(counter(&bench, "unpinned"), 0);
    assert_int_equal(counter(&bench, "filtered"), 0);
    bench_close(&bench);
}

static void a_host_that_asks_for_a_pause_gets_it_from_all_events(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "3");
    add_fault(&bench, "429:3:retry-after=1");
    run_round(&bench, EVENTS, 0);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_OK], EVENTS);
    assert_int_equal(counter(&bench, "listings"), EVENTS + 3);
    assert_true(bench.summary.took_ms >= 990);
    bench_close(&bench);
}

static void a_long_pause_ends_the_round_at_once(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "3");
    add_fault(&bench, "429:retry-after=7200");
    run_round(&bench, EVENTS, 0);
    int64_t refused = bench.summary.by_outcome[OUTCOME_RATE_LIMITED];
    assert_in_range(refused, 1, 4); /* those that were under way together */
    assert_int_equal(bench.summary.resting, EVENTS - refused);
    assert_int_equal(number(&bench, "select count(*) from snapshot"), refused);
    assert_true(bench.summary.took_ms < 3000);
    assert_int_equal(collector_verdict(&bench.summary), ERR_UNREACHABLE);
    bench_close(&bench);
}

static void a_stuck_event_delays_no_other(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "0");
    add_fault(&bench, "slow@7000001:ms=60000");
    bench.end_after = EVENTS - 1;
    run_round(&bench, EVENTS, 0);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_OK], EVENTS - 1);
    assert_true(bench.summary.took_ms < 5000);
    bench_close(&bench);
}

static void faults_of_one_event_are_its_own(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "0");
    add_fault(&bench, "blocked@7000002");
    add_fault(&bench, "cut@7000004");
    add_fault(&bench, "emptytickets@7000006");
    run_round(&bench, EVENTS, 0);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_OK], EVENTS - 3);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_BLOCKED], 1);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_PARTIAL], 1);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_EMPTY], 1);
    assert_int_equal(collector_verdict(&bench.summary), ERR_EVENT);
    bench_close(&bench);
}

static bool count_page(void *context, const struct platform_page *page)
{
    *(size_t *)context += page->count;
    return true;
}

static void what_a_search_finds_can_be_looked_up(void **state)
{
    (void)state;
    struct bench bench;
    struct err err = {0};
    enum outcome outcome;
    size_t found = 0;
    bench_open(&bench, "0");
    must(collector_search(bench.fetch, platform_list()[0], "", 1000, count_page, &found, &err),
         &err);
    assert_true(found >= EVENTS);
    for (int i = 0; i < EVENTS; i++) {
        must(collector_lookup(bench.fetch, &bench.events[i], &outcome, &err), &err);
        assert_true(bench.events[i].name[0] != '\0');
        assert_true(bench.events[i].venue[0] != '\0');
        assert_false(bench.events[i].pending);
    }
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_fault_is_forgotten),
        cmocka_unit_test(every_fault_ends_as_it_should_and_spoils_nothing),
        cmocka_unit_test(the_order_of_listings_is_no_change),
        cmocka_unit_test(unreadable_listings_are_counted_and_stay_as_they_were),
        cmocka_unit_test(requests_are_what_the_platform_expects_and_no_more),
        cmocka_unit_test(a_host_that_asks_for_a_pause_gets_it_from_all_events),
        cmocka_unit_test(a_long_pause_ends_the_round_at_once),
        cmocka_unit_test(a_stuck_event_delays_no_other),
        cmocka_unit_test(faults_of_one_event_are_its_own),
        cmocka_unit_test(what_a_search_finds_can_be_looked_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
