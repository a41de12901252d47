/* The engine over a store whose market moves as the test says, restarted between any two runs. */
#include "core/alerts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/clock.h"
#include "core/ingest.h"
#include "core/query.h"
#include "peer.h"
#include "scratch.h"

/* 2026-02-09T12:00:00Z */
#define NOON_MS INT64_C(1770638400000)

static int64_t now_ms;
static struct alerts_summary summary;
static char sent_path[SCRATCH_PATH_MAX + 8];

static int begin(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    now_ms = NOON_MS;
    clock_fix(now_ms);
    summary = (struct alerts_summary){0};
    snprintf(sent_path, sizeof sent_path, "%s/sent", scratch_folder);
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    scratch_event(store);
    return 0;
}

static void pass(int64_t span_ms)
{
    now_ms += span_ms;
    clock_fix(now_ms);
}

/* A poll now: two tickets on the floor at a price; 0: nothing is on sale; negative: it failed. */
static void poll_event(const char *id, int64_t price)
{
    struct err err = {0};
    struct event event;
    struct ingest_report report;
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    scratch_ok(store_find_event(store, "vividseats", id, &event, &err), &err);
    struct store_failure failure = {now_ms, OUTCOME_NETWORK, 5, -1, "no answer"};
    struct listing listing = {.id = "a",
                              .zone = "Floor",
                              .section = "101",
                              .label = "101",
                              .row = "",
                              .seats = "",
                              .splits = "2",
                              .quantity = 2,
                              .price_minor = price,
                              .all_in_minor = LISTING_NO_PRICE};
    struct market market = {
        .external_id = id, .currency = "USD", .listings = &listing, .listing_count = price > 0};
    struct ingest_poll good = {now_ms, price > 0 ? OUTCOME_OK : OUTCOME_EMPTY, NULL, 7, 100};
    scratch_ok(price < 0 ? store_save_failure(store, event.id, &failure, &err)
                         : ingest_market(store, event.id, &good, &market, &report, &err),
               &err);
}

/* A run of a process of its own: settings and store are opened anew. */
static void run(const char *settings)
{
    struct err err = {0};
    char path[SCRATCH_PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/config.ini", scratch_folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "[alerts]\n%s\n", settings);
    fclose(file);
    struct conf *conf = conf_open(path, scratch_path, &err);
    scratch_ok(conf != NULL, &err);
    clock_fix(now_ms);
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    scratch_ok(alerts_run(store, conf, &summary, &err), &err);
    conf_close(conf);
}

/* Settings that send by exec to a file, and a rule. */
static const char *to_file(const char *rules)
{
    static char text[1024];
    unlink(sent_path);
    snprintf(text, sizeof text, "to = exec\nexec = dd status=none of=%s\n%s", sent_path, rules);
    return text;
}

static void expect_summary(int64_t judged, int64_t fired, int64_t cleared, int64_t told)
{
    assert_int_equal(summary.judged, judged);
    assert_int_equal(summary.fired, fired);
    assert_int_equal(summary.cleared, cleared);
    assert_int_equal(summary.told, told);
}

/* What the command wrote, "" when it did not run. */
static const char *sent(void)
{
    static char text[4096];
    FILE *file = fopen(sent_path, "r");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = '\0';
    if (file)
        fclose(file);
    return text;
}

static int64_t stored(const char *sql)
{
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    return scratch_number(store, sql);
}

static void a_fall_is_told_once_whatever_is_restarted(void **state)
{
    (void)state;
    const char *rule = "cheap = price < 100";
    poll_event("1", 12000);
    run(to_file(rule));
    expect_summary(1, 0, 0, 0);
    assert_string_equal(sent(), "");
    pass(15 * CLOCK_MINUTE_MS);
    poll_event("1", 9950);
    run(to_file(rule));
    expect_summary(1, 1, 0, 1);
    assert_string_equal(
        sent(),
        "{\"sent\":\"2026-02-09T12:15:00Z\",\"alerts\":[{\"id\":1,\"name\":\"cheap\","
        "\"rule\":\"price < 100\",\"unit\":\"money\",\"currency\":\"USD\",\"value\":99.50,"
        "\"threshold\":100.00,\"fired\":\"2026-02-09T12:15:00Z\",\"event\":\"vividseats:1\","
        "\"event_name\":\"Leafs at Canadiens\",\"venue\":null,\"date\":null,\"url\":null,"
        "\"text\":\"cheap: $99.50 (price < 100), Leafs at Canadiens, vividseats:1\"}]}\n");
    run(to_file(rule));
    expect_summary(1, 0, 0, 0);
    assert_string_equal(sent(), "");
    pass(15 * CLOCK_MINUTE_MS);
    poll_event("1", 10100); /* within the margin */
    run(to_file(rule));
    expect_summary(1, 0, 0, 0);
    pass(15 * CLOCK_MINUTE_MS);
    poll_event("1", 10200);
    run(to_file(rule));
    expect_summary(1, 0, 1, 0);
    assert_int_equal(stored("SELECT cleared_ms FROM alert WHERE cleared_value = 10200"), now_ms);
    assert_int_equal(stored("SELECT count(*) FROM alert"), 1);
}

static void a_second_firing_waits_for_the_cooldown_and_the_morning(void **state)
{
    (void)state;
    const char *rule = "cooldown = 2h\nquiet = 13:00-15:30\ncheap = price < 100";
    static const int64_t prices[] = {9000, 12000, 9000}; /* 12:00, 12:15, 12:30 */
    setenv("TZ", "UTC", 1);
    for (int i = 0; i < 3; i++) {
        poll_event("1", prices[i]);
        run(to_file(rule));
        pass(15 * CLOCK_MINUTE_MS);
    }
    assert_int_equal(stored("SELECT count(*) FROM alert WHERE told_ms IS NULL"), 1);
    int64_t told_ms = 0;
    for (int i = 0; i < 300 && !told_ms; i++) {
        run(to_file(rule));
        told_ms = summary.told ? now_ms : 0;
        pass(CLOCK_MINUTE_MS);
    }
    assert_int_equal(told_ms, NOON_MS + 3 * CLOCK_HOUR_MS + 30 * CLOCK_MINUTE_MS);
    assert_non_null(strstr(sent(), "\"id\":2"));
}

static void events_that_fire_together_go_in_one_message(void **state)
{
    (void)state;
    {
        struct err err = {0};
        struct event event;
        AUTO_STORE struct store *store = scratch_open(scratch_path);
        event_init(&event, "vividseats", "2");
        scratch_ok(store_save_event(store, &event, &err), &err);
    }
    poll_event("1", 9000);
    poll_event("2", 8000);
    run(to_file("cheap = price < 100\npair = group 2 < 170\nnone = price < 1 in Nowhere"));
    expect_summary(6, 3, 0, 3);
    assert_int_equal(summary.arrived, 3);
    const char *text = sent();
    assert_non_null(strstr(text, "\"id\":1,\"name\":\"cheap\""));
    assert_non_null(strstr(text, "\"id\":2,\"name\":\"cheap\""));
    assert_non_null(strstr(text, "\"id\":3,\"name\":\"pair\""));
    assert_non_null(strstr(text, "\"value\":160.00"));
}

static void a_message_that_fails_is_tried_five_times_further_and_further_apart(void **state)
{
    (void)state;
    const char *settings = "to = exec\nexec = false\ncheap = price < 100";
    static const int64_t tries_min[] = {0, 1, 5, 21, 85};
    poll_event("1", 9000);
    size_t tries = 0;
    for (int64_t minute = 0; minute < 200; minute++) {
        run(settings);
        if (summary.failed) {
            assert_true(tries < 5);
            assert_int_equal(minute, tries_min[tries++]);
        }
        pass(CLOCK_MINUTE_MS);
    }
    assert_int_equal(tries, 5);
    AUTO_FRAME struct frame frame = {0};
    struct err err = {0};
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    scratch_ok(query_alerts(store, 0, INT64_MAX, 10, &frame, &err), &err);
    const struct frame_list *failed =
        &frame_at(&frame, 0, (size_t)frame_find(&frame, "failed"))->list;
    assert_int_equal(frame_at(&frame, 0, (size_t)frame_find(&frame, "arrived"))->list.count, 0);
    assert_int_equal(failed->count, 1);
    assert_string_equal(failed->texts[0], "exec: 'false' ended with 1; given up");
}

/* ---- webhook ---- */

static void write_secret(char *path, size_t size, const char *text, mode_t mode)
{
    snprintf(path, size, "%s/key", scratch_folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

/* The HMAC of a body as openssl makes it. */
static void sign_by_openssl(const char *key, const char *body, char hex[65])
{
    char path[SCRATCH_PATH_MAX + 8], command[2 * SCRATCH_PATH_MAX];
    snprintf(path, sizeof path, "%s/body", scratch_folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(body, file);
    fclose(file);
    snprintf(command, sizeof command, "openssl dgst -sha256 -hmac %s -r %s", key, path);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    assert_int_equal(fread(hex, 1, 64, out), 64);
    hex[64] = '\0';
    pclose(out);
}

static void a_webhook_that_fails_twice_gets_it_signed_at_the_third_try(void **state)
{
    (void)state;
    static const struct peer_answer answers[] = {
        {"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", NULL, 0, 0, PEER_KEEP},
        {"HTTP/1.1 302 Found\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n", NULL, 0, 0,
         PEER_KEEP},
        {"HTTP/1.1 204 Taken\r\n\r\n", NULL, 0, 0, PEER_KEEP},
    };
    struct peer peer;
    char key[SCRATCH_PATH_MAX + 8], settings[1024], hex[65], header[100];
    peer_open(&peer, answers, 3);
    write_secret(key, sizeof key, "wonderland\n", 0600);
    snprintf(settings, sizeof settings,
             "to = webhook\nwebhook = http://127.0.0.1:%d/hook/token\nwebhook_key_file = %s\n"
             "cheap = price < 100",
             peer.port, key);
    poll_event("1", 9000);
    for (int i = 0; i < 10; i++) {
        run(settings);
        assert_int_equal(summary.arrived, i == 5);
        assert_int_equal(summary.failed, i == 0 || i == 1);
        pass(CLOCK_MINUTE_MS);
    }
    assert_int_equal(atomic_load(&peer.requests), 3);
    assert_non_null(strstr(peer.request, "POST /hook/token HTTP/1.1\r\n"));
    assert_non_null(strstr(peer.request, "\r\nContent-Type: application/json\r\n"));
    const char *body = strstr(peer.request, "\r\n\r\n") + 4;
    assert_non_null(strstr(body, "\"name\":\"cheap\""));
    sign_by_openssl("wonderland", body, hex);
    snprintf(header, sizeof header, "\r\nX-Tws-Signature: sha256=%s\r\n", hex);
    assert_non_null(strstr(peer.request, header));
    assert_int_equal(stored("SELECT tries FROM alert_message WHERE arrived_ms IS NOT NULL"), 3);
    peer_close(&peer);
}

static void a_key_that_others_can_read_is_not_used(void **state)
{
    (void)state;
    char key[SCRATCH_PATH_MAX + 8], settings[1024];
    write_secret(key, sizeof key, "wonderland\n", 0644);
    snprintf(settings, sizeof settings,
             "to = webhook\nwebhook = http://127.0.0.1:1/\nwebhook_key_file = %s\n"
             "cheap = price < 100",
             key);
    poll_event("1", 9000);
    run(settings);
    assert_int_equal(summary.failed, 1);
    assert_int_equal(stored("SELECT reason LIKE '%others than its owner%' AND reason NOT LIKE "
                            "'%wonderland%' FROM alert_message"),
                     1);
}

/* ---- what is judged ---- */

static void a_rule_that_goes_or_changes_and_an_event_that_goes_end_their_alerts(void **state)
{
    (void)state;
    poll_event("1", 9000);
    run(to_file("a = price < 100\nb = price < 95"));
    expect_summary(2, 2, 0, 2);
    run(to_file("a = price < 100\nb = price < 99"));
    expect_summary(2, 1, 0, 1); /* another rule under the name: its own alert */
    assert_int_equal(stored("SELECT count(*) FROM alert WHERE cleared_ms IS NULL"), 2);
    run(to_file("a = price < 100"));
    assert_int_equal(stored("SELECT count(*) FROM alert WHERE cleared_ms IS NULL"), 1);
    {
        struct err err = {0};
        AUTO_STORE struct store *store = scratch_open(scratch_path);
        scratch_ok(store_set_state(store, 1, EVENT_UNTRACKED, &err), &err);
    }
    run(to_file("a = price < 100"));
    expect_summary(0, 0, 0, 0);
    assert_int_equal(stored("SELECT count(*) FROM alert WHERE cleared_ms IS NULL"), 0);
    assert_int_equal(stored("SELECT count(*) FROM alert_state"), 0);
}

static void an_event_that_has_begun_is_not_sold_out(void **state)
{
    (void)state;
    struct err err = {0};
    struct event event;
    {
        AUTO_STORE struct store *store = scratch_open(scratch_path);
        scratch_ok(store_find_event(store, "vividseats", "1", &event, &err), &err);
        event.date_ms = NOON_MS + CLOCK_HOUR_MS;
        scratch_ok(store_save_event(store, &event, &err), &err);
    }
    poll_event("1", 9000);
    pass(CLOCK_HOUR_MS);
    poll_event("1", 0);
    run(to_file("gone = sold-out"));
    expect_summary(0, 0, 0, 0);
    pass(-1);
    run(to_file("gone = sold-out")); /* the poll of the next millisecond is not known yet */
    expect_summary(1, 0, 0, 0);
}

static void sold_out_and_back_follow_the_market(void **state)
{
    (void)state;
    const char *rules =
        "gone = sold-out\nback = back\nfailing = failures >= 2\nold = stale > 30min";
    static const struct {
        int64_t price;
        int fired, cleared, told;
    } polls[] = {
        {9000, 0, 0, 0}, {0, 1, 0, 1},  /* gone */
        {9000, 1, 1, 1},                /* back, and no longer gone */
        {-1, 0, 0, 0},   {-1, 1, 0, 1}, /* failing */
        {-1, 1, 0, 1},                  /* old: 45 minutes since */
        {0, 1, 3, 0},                   /* gone again, so soon that it waits; all others end */
    };
    for (size_t i = 0; i < sizeof polls / sizeof *polls; i++) {
        poll_event("1", polls[i].price);
        run(to_file(rules));
        expect_summary(4, polls[i].fired, polls[i].cleared, polls[i].told);
        pass(15 * CLOCK_MINUTE_MS);
    }
    assert_int_equal(stored("SELECT group_concat(name) = 'gone,back,failing,old,gone' FROM (SELECT "
                            "name FROM alert ORDER BY id)"),
                     1);
}

static void what_cannot_be_judged_is_said_once(void **state)
{
    (void)state;
    run(to_file("a = price < 100 at 77"));
    assert_non_null(strstr(summary.problem, "rule 'a': "));
    char first[sizeof summary.problem];
    memcpy(first, summary.problem, sizeof first);
    run(to_file("a = price < 100 at 77"));
    assert_string_equal(summary.problem, first);
    run(to_file("a = price < 100"));
    assert_string_equal(summary.problem, "");
}

int main(void)
{
#define ON_A_STORE(test) cmocka_unit_test_setup_teardown(test, begin, scratch_remove)
    static const struct CMUnitTest tests[] = {
        ON_A_STORE(a_fall_is_told_once_whatever_is_restarted),
        ON_A_STORE(a_second_firing_waits_for_the_cooldown_and_the_morning),
        ON_A_STORE(events_that_fire_together_go_in_one_message),
        ON_A_STORE(a_message_that_fails_is_tried_five_times_further_and_further_apart),
        ON_A_STORE(a_webhook_that_fails_twice_gets_it_signed_at_the_third_try),
        ON_A_STORE(a_key_that_others_can_read_is_not_used),
        ON_A_STORE(a_rule_that_goes_or_changes_and_an_event_that_goes_end_their_alerts),
        ON_A_STORE(an_event_that_has_begun_is_not_sold_out),
        ON_A_STORE(sold_out_and_back_follow_the_market),
        ON_A_STORE(what_cannot_be_judged_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
