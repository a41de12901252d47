#include "core/collector.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/stop.h"
#include "core/limiter.h"
#include "io/db.h"
#include "io/httpd.h"

/* 2026-02-09T18:00:00Z */
static const int64_t START_MS = INT64_C(1770660000000);

enum { FIRST_ID = 7000001, EVENTS_MAX = 300, PRODUCTIONS = 7, PAGE_LENGTH = 3 };

/* What goes wrong with a listings answer. */
enum fault {
    FAULT_NONE,
    FAULT_EMPTY, /* nothing on sale, and it says so */
    FAULT_BLOCKED,
    FAULT_CHALLENGE,
    FAULT_MISSING,
    FAULT_SLOW_DOWN,
    FAULT_BROKEN,
    FAULT_CUT,
    FAULT_GZIP,
    FAULT_HTML,
    FAULT_NULL,
    FAULT_OTHER_EVENT,
    FAULT_NO_TICKETS, /* none, although it counts some */
    FAULT_UNREADABLE, /* listings that cannot be believed */
    FAULT_INTERRUPT,  /* SIGINT to this process, then silence */
};

/* A marketplace of one section. */
struct market_server {
    struct httpd *httpd;
    int price, polls, lookups, pages;
    enum fault fault;
    int faulty_id; /* 0: all */
    enum fault lookup_fault;
    bool endless_pages;
};

static void put_ticket(struct buf *out, int number, const char *price)
{
    buf_printf(out,
               "%s{\"i\":\"VB%d\",\"p\":\"%s\",\"q\":\"2\",\"m\":\"1,2\",\"c\":\"0\","
               "\"d\":\"0\",\"l\":\"101\",\"r\":\"%d\"}",
               number > 1 ? "," : "", number, price, number);
}

static void put_listings(struct buf *out, int id, int tickets, int counted, int price)
{
    char text[32];
    buf_printf(out,
               "{\"global\":[{\"productionId\":\"%d\",\"listingCount\":\"%d\","
               "\"ticketCount\":\"%d\"}],\"groups\":[],\"sections\":[],\"tickets\":[",
               id, counted, counted * 2);
    for (int i = 1; i <= tickets; i++) {
        snprintf(text, sizeof text, "%d.50", price + i);
        put_ticket(out, i, price < 0 ? "abc" : text);
    }
    buf_puts(out, "]}");
}

static void refuse(struct httpd_reply *reply, int status, const char *type, const char *body)
{
    reply->status = status;
    reply->content_type = type;
    buf_puts(&reply->body, body);
}

static void spoil(struct httpd_reply *reply, int id, enum fault fault)
{
    switch (fault) {
    case FAULT_NONE:
        break;
    case FAULT_EMPTY:
        put_listings(&reply->body, id, 0, 0, 100);
        break;
    case FAULT_BLOCKED:
        refuse(reply, 403, "application/json", "{}");
        break;
    case FAULT_CHALLENGE:
        refuse(reply, 200, "text/html", "<html>Please verify you are human</html>");
        break;
    case FAULT_MISSING:
        refuse(reply, 404, "application/json", "{}");
        break;
    case FAULT_SLOW_DOWN:
        refuse(reply, 429, "application/json", "{}");
        break;
    case FAULT_BROKEN:
        refuse(reply, 500, "text/plain", "oops");
        break;
    case FAULT_CUT:
        put_listings(&reply->body, id, 3, 3, 100);
        reply->cut_after = 60;
        break;
    case FAULT_GZIP:
        put_listings(&reply->body, id, 3, 3, 100);
        snprintf(reply->headers[0][0], sizeof reply->headers[0][0], "Content-Encoding");
        snprintf(reply->headers[0][1], sizeof reply->headers[0][1], "gzip");
        break;
    case FAULT_HTML:
        refuse(reply, 200, "text/html", "<html>Welcome</html>");
        break;
    case FAULT_NULL:
        buf_puts(&reply->body, "null");
        break;
    case FAULT_OTHER_EVENT:
        put_listings(&reply->body, id + 1000, 3, 3, 100);
        break;
    case FAULT_NO_TICKETS:
        put_listings(&reply->body, id, 0, 3, 100);
        break;
    case FAULT_UNREADABLE:
        put_listings(&reply->body, id, 3, 3, -1);
        break;
    case FAULT_INTERRUPT:
        kill(getpid(), SIGINT);
        reply->first_byte_ms = 60000;
        break;
    }
}

static void put_production(struct buf *out, int id)
{
    buf_printf(out,
               "{\"id\":%d,\"name\":\"Production %d\",\"localDate\":\"2026-03-01T20:00:00-05:00"
               "[America/New_York]\",\"utcDate\":\"2026-03-02T01:00:00Z\",\"venue\":{\"name\":"
               "\"Arena\",\"city\":\"Boston\",\"state\":\"MA\",\"countryCode\":\"US\","
               "\"timezone\":\"America/New_York\"}}",
               id, id);
}

static void serve_page(struct market_server *server, const struct httpd_request *request,
                       struct buf *out)
{
    const char *text = httpd_query(request, "page");
    int page = text != NULL ? (int)strtol(text, NULL, 10) : 1;
    int first = (page - 1) * PAGE_LENGTH;
    server->pages++;
    buf_printf(out, "{\"page\":%d,\"numberOfPages\":%d,\"items\":[", page,
               server->endless_pages ? 1000 : (PRODUCTIONS + PAGE_LENGTH - 1) / PAGE_LENGTH);
    for (int i = first; i < first + PAGE_LENGTH && i < PRODUCTIONS; i++) {
        buf_puts(out, i > first ? "," : "");
        put_production(out, FIRST_ID + i);
    }
    buf_puts(out, "]}");
}

static void serve(void *context, const struct httpd_request *request, struct httpd_reply *reply)
{
    struct market_server *server = context;
    const char *path = httpd_path(request), *asked = httpd_query(request, "productionId");
    const char *production = strstr(path, "/productions/");
    if (asked != NULL) {
        int id = (int)strtol(asked, NULL, 10);
        bool faulty = server->faulty_id == 0 || server->faulty_id == id;
        server->polls++;
        spoil(reply, id, faulty ? server->fault : FAULT_NONE);
        if (!faulty || server->fault == FAULT_NONE)
            put_listings(&reply->body, id, 3, 3, server->price);
    } else if (production != NULL) {
        int id = (int)strtol(strrchr(path, '/') + 1, NULL, 10);
        server->lookups++;
        spoil(reply, id, server->lookup_fault);
        if (server->lookup_fault == FAULT_NONE)
            put_production(&reply->body, id);
    } else {
        serve_page(server, request, &reply->body);
    }
}

/* A marketplace, a store with events of it, and what asks the one for the other. */
struct bench {
    struct market_server server;
    struct conf *conf;
    struct fetch *fetch;
    struct store *store;
    struct event events[EVENTS_MAX];
    size_t count;
    struct collector_summary summary;
    char folder[64];

    /* What the visitor saw and does. */
    int visits, most_pending, end_after;
    enum outcome last;
    bool last_repeated, last_duplicate;
    char reason[300];
};

static void must(bool done, const struct err *err)
{
    if (!done)
        fail_msg("%s", err->text);
}

static void bench_open(struct bench *bench, size_t count, const char *retries, const char *parallel)
{
    struct err err = {0};
    char text[128];
    memset(bench, 0, sizeof *bench);
    bench->server.price = 100;
    bench->server.httpd = httpd_open(0, serve, &bench->server, &err);
    must(bench->server.httpd != NULL, &err);
    snprintf(text, sizeof text, "http://127.0.0.1:%d", httpd_port(bench->server.httpd));
    setenv("TWS_VIVIDSEATS_URL", text, 1);
    setenv("TWS_RATE", "0", 1);
    setenv("TWS_RETRIES", retries, 1);
    setenv("TWS_PARALLEL", parallel, 1);
    must((bench->conf = conf_open("/dev/null", NULL, &err)) != NULL, &err);
    must((bench->fetch = fetch_open(bench->conf, &err)) != NULL, &err);
    snprintf(bench->folder, sizeof bench->folder, "/tmp/collector_test.XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    snprintf(text, sizeof text, "%s/tws.db", bench->folder);
    must((bench->store = store_open(text, &err)) != NULL, &err);
    for (bench->count = 0; bench->count < count; bench->count++) {
        struct event *event = &bench->events[bench->count];
        snprintf(text, sizeof text, "%d", FIRST_ID + (int)bench->count);
        event_init(event, "vividseats", text);
        must(store_save_event(bench->store, event, &err), &err);
    }
    clock_fix(START_MS);
}

static void bench_close(struct bench *bench)
{
    static const char *const files[] = {"tws.db", "tws.db-wal", "tws.db-shm", "tws.db.lock"};
    char path[128];
    store_close(bench->store);
    fetch_close(bench->fetch);
    conf_close(bench->conf);
    httpd_close(bench->server.httpd);
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
    int pending = fetch_pending(bench->fetch);
    assert_int_equal(so_far->done, ++bench->visits);
    assert_int_equal(so_far->events, bench->count);
    bench->most_pending = pending > bench->most_pending ? pending : bench->most_pending;
    bench->last = poll->outcome;
    bench->last_repeated = poll->repeated;
    bench->last_duplicate = poll->report.duplicate;
    snprintf(bench->reason, sizeof bench->reason, "%s", poll->reason);
    return bench->visits != bench->end_after;
}

/* Polls all events at `minute` minutes after the start. */
static void run_round(struct bench *bench, int minute)
{
    struct err err = {0};
    clock_fix(START_MS + minute * CLOCK_MINUTE_MS);
    bench->visits = 0;
    must(collector_round(bench->store, bench->fetch, bench->events, bench->count, visit, bench,
                         &bench->summary, &err),
         &err);
    assert_int_equal(fetch_pending(bench->fetch), 0);
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

static int64_t snapshots(struct bench *bench)
{
    return number(bench, "select count(*) from snapshot");
}

/* A sum that any change of what is known of listings would change. */
static int64_t fingerprint(struct bench *bench)
{
    return number(bench, "select 1000000 * count(*) + coalesce(sum(price_minor), 0)"
                         " + count(lasted_ms) from version") +
           number(bench, "select count(*) from offer") * 7 +
           number(bench, "select count(*) + coalesce(sum(sum), 0) from metric") * 13;
}

static void a_round_stores_every_event(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 5, "0", "2");
    run_round(&bench, 0);
    assert_int_equal(bench.summary.events, 5);
    assert_int_equal(bench.summary.done, 5);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_OK], 5);
    assert_int_equal(bench.summary.listings, 15);
    assert_int_equal(bench.summary.changed, 15);
    assert_int_equal(bench.summary.repeated, 0);
    assert_true(bench.summary.bytes > 5 * 100);
    assert_int_equal(bench.server.polls, 5);
    assert_int_equal(snapshots(&bench), 5);
    assert_int_equal(number(&bench, "select count(distinct event_id) from version"), 5);
    assert_int_equal(number(&bench, "select min(at_ms) from snapshot"), START_MS);
    assert_int_equal(number(&bench, "select count(*) from snapshot where bytes > 100"), 5);
    assert_int_equal(collector_verdict(&bench.summary), ERR_NONE);
    bench_close(&bench);
}

static void the_same_body_again_is_a_repeat(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 1, "0", "2");
    run_round(&bench, 0);
    int64_t before = fingerprint(&bench);
    run_round(&bench, 15);
    assert_true(bench.last_repeated);
    assert_int_equal(bench.summary.repeated, 1);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_OK], 1);
    assert_int_equal(bench.summary.listings, 3);
    assert_int_equal(bench.summary.changed, 0);
    assert_int_equal(snapshots(&bench), 2);
    assert_int_equal(fingerprint(&bench), before);
    bench.server.price = 120;
    run_round(&bench, 30);
    assert_false(bench.last_repeated);
    assert_int_equal(bench.summary.changed, 3);
    assert_int_not_equal(fingerprint(&bench), before);
    bench_close(&bench);
}

static void an_empty_market_is_believed_and_stays_empty(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 1, "0", "2");
    run_round(&bench, 0);
    bench.server.fault = FAULT_EMPTY;
    for (int minute = 15; minute <= 30; minute += 15) {
        run_round(&bench, minute);
        assert_int_equal(bench.last, OUTCOME_EMPTY);
        assert_int_equal(bench.summary.by_outcome[OUTCOME_EMPTY], 1);
        assert_int_equal(collector_verdict(&bench.summary), ERR_NONE);
    }
    assert_true(bench.last_repeated);
    assert_int_equal(number(&bench, "select count(*) from snapshot where outcome = 1"), 2);
    assert_int_equal(number(&bench, "select count(*) from version where lasted_ms is null"), 0);
    bench_close(&bench);
}

static void a_failure_is_recorded_and_touches_no_listing(void **state)
{
    (void)state;
    static const struct {
        enum fault fault;
        enum outcome outcome;
        enum err_code verdict;
    } cases[] = {
        {FAULT_BLOCKED, OUTCOME_BLOCKED, ERR_UNREACHABLE},
        {FAULT_CHALLENGE, OUTCOME_BLOCKED, ERR_UNREACHABLE},
        {FAULT_MISSING, OUTCOME_NOT_FOUND, ERR_EVENT},
        {FAULT_SLOW_DOWN, OUTCOME_RATE_LIMITED, ERR_UNREACHABLE},
        {FAULT_BROKEN, OUTCOME_NETWORK, ERR_UNREACHABLE},
        {FAULT_CUT, OUTCOME_PARTIAL, ERR_EVENT},
        {FAULT_GZIP, OUTCOME_BAD_PAYLOAD, ERR_EVENT},
        {FAULT_HTML, OUTCOME_BAD_PAYLOAD, ERR_EVENT},
        {FAULT_NULL, OUTCOME_BAD_PAYLOAD, ERR_EVENT},
        {FAULT_OTHER_EVENT, OUTCOME_WRONG_EVENT, ERR_EVENT},
        {FAULT_NO_TICKETS, OUTCOME_BAD_PAYLOAD, ERR_EVENT},
        {FAULT_UNREADABLE, OUTCOME_BAD_PAYLOAD, ERR_EVENT},
    };
    struct bench bench;
    bench_open(&bench, 1, "0", "2");
    run_round(&bench, 0);
    int64_t before = fingerprint(&bench);
    for (int i = 0; i < (int)(sizeof cases / sizeof *cases); i++) {
        bench.server.fault = cases[i].fault;
        run_round(&bench, 15 * (2 * i + 1));
        assert_string_equal(outcome_word(bench.last), outcome_word(cases[i].outcome));
        assert_true(bench.reason[0] != '\0');
        assert_int_equal(bench.summary.by_outcome[cases[i].outcome], 1);
        assert_int_equal(collector_verdict(&bench.summary), cases[i].verdict);
        assert_int_equal(number(&bench, "select outcome from snapshot order by at_ms desc limit 1"),
                         cases[i].outcome);
        assert_int_equal(fingerprint(&bench), before);
        bench.server.fault = FAULT_NONE;
        run_round(&bench, 15 * (2 * i + 2));
        assert_int_equal(bench.last, OUTCOME_OK);
        assert_true(bench.last_repeated);
        assert_int_equal(fingerprint(&bench), before);
    }
    bench_close(&bench);
}

static void one_failing_event_spoils_no_other(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 12, "0", "4");
    bench.server.fault = FAULT_BLOCKED;
    bench.server.faulty_id = FIRST_ID + 1;
    run_round(&bench, 0);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_OK], 11);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_BLOCKED], 1);
    assert_int_equal(collector_verdict(&bench.summary), ERR_EVENT);
    assert_int_equal(snapshots(&bench), 12);
    bench_close(&bench);
}

static void a_resting_host_is_not_asked_and_leaves_no_snapshot(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 40, "3", "2");
    bench.server.fault = FAULT_BLOCKED;
    run_round(&bench, 0);
    assert_int_equal(bench.summary.done, 40);
    assert_in_range(bench.server.polls, LIMITER_REFUSALS, LIMITER_REFUSALS + 1);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_BLOCKED], bench.server.polls);
    assert_int_equal(bench.summary.resting, 40 - bench.server.polls);
    assert_int_equal(snapshots(&bench), bench.server.polls);
    assert_int_equal(collector_verdict(&bench.summary), ERR_UNREACHABLE);
    bench_close(&bench);
}

static void few_requests_are_queued_however_many_events(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, EVENTS_MAX, "0", "3");
    run_round(&bench, 0);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_OK], EVENTS_MAX);
    assert_in_range(bench.most_pending, 1, 6);
    bench_close(&bench);
}

static void a_visitor_ends_a_round(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 20, "0", "2");
    bench.end_after = 3;
    run_round(&bench, 0);
    assert_int_equal(bench.summary.done, 3);
    assert_int_equal(snapshots(&bench), 3);
    bench.end_after = 0;
    run_round(&bench, 15);
    assert_int_equal(bench.summary.done, 20);
    bench_close(&bench);
}

static void a_stop_ends_a_round_with_what_was_stored(void **state)
{
    (void)state;
    struct bench bench;
    stop_install();
    bench_open(&bench, 20, "0", "1");
    bench.server.fault = FAULT_INTERRUPT;
    bench.server.faulty_id = FIRST_ID + 4;
    int64_t begun_ms = clock_monotonic_ms();
    run_round(&bench, 0);
    assert_true(clock_monotonic_ms() - begun_ms < 2000);
    assert_int_equal(bench.summary.done, 4);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_OK], 4);
    assert_int_equal(snapshots(&bench), 4);
    stop_reset();
    bench_close(&bench);
}

static void the_same_time_twice_is_a_duplicate(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 1, "0", "1");
    run_round(&bench, 0);
    int64_t before = fingerprint(&bench);
    run_round(&bench, 0);
    assert_true(bench.last_duplicate);
    assert_int_equal(bench.last, OUTCOME_OK);
    assert_int_equal(collector_verdict(&bench.summary), ERR_NONE);
    bench.server.price = 130;
    run_round(&bench, 0);
    assert_int_equal(bench.last, OUTCOME_BAD_PAYLOAD);
    assert_int_equal(collector_verdict(&bench.summary), ERR_EVENT);
    assert_true(bench.reason[0] != '\0');
    assert_int_equal(snapshots(&bench), 1);
    assert_int_equal(fingerprint(&bench), before);
    bench_close(&bench);
}

static void a_failing_store_ends_the_round(void **state)
{
    (void)state;
    struct bench bench;
    struct err err = {0};
    bench_open(&bench, 20, "0", "2");
    must(db_run_script(store_db(bench.store), "drop table version;", &err), &err);
    assert_false(collector_round(bench.store, bench.fetch, bench.events, bench.count, visit, &bench,
                                 &bench.summary, &err));
    assert_int_equal(err.code, ERR_STORE);
    assert_int_equal(bench.visits, 0);
    assert_int_equal(fetch_pending(bench.fetch), 0);
    assert_int_equal(snapshots(&bench), 0);
    bench_close(&bench);
}

static void pending_events_are_looked_up_after_their_poll(void **state)
{
    (void)state;
    struct bench bench;
    struct event event;
    struct err err = {0};
    bench_open(&bench, 3, "0", "2");
    bench.events[1].pending = true;
    must(store_save_event(bench.store, &bench.events[1], &err), &err);
    bench.server.fault = FAULT_BROKEN;
    run_round(&bench, 0);
    assert_int_equal(bench.server.lookups, 0); /* the host answers nothing just now */
    bench.server.fault = FAULT_NONE;
    run_round(&bench, 15);
    assert_int_equal(bench.server.lookups, 1);
    must(store_find_event(bench.store, "vividseats", "7000002", &event, &err), &err);
    assert_false(event.pending);
    assert_string_equal(event.name, "Production 7000002");
    assert_string_equal(event.city, "Boston");
    assert_int_equal(event.id, bench.events[1].id);
    assert_int_equal(event.state, EVENT_TRACKED);
    bench_close(&bench);
}

static void a_lookup_that_fails_says_how(void **state)
{
    (void)state;
    static const struct {
        enum fault fault;
        enum outcome outcome;
        enum err_code code;
    } cases[] = {
        {FAULT_MISSING, OUTCOME_NOT_FOUND, ERR_NOT_FOUND},
        {FAULT_BLOCKED, OUTCOME_BLOCKED, ERR_UNREACHABLE},
        {FAULT_BROKEN, OUTCOME_NETWORK, ERR_UNREACHABLE},
        {FAULT_NULL, OUTCOME_BAD_PAYLOAD, ERR_EVENT},
        {FAULT_CUT, OUTCOME_PARTIAL, ERR_EVENT},
    };
    struct bench bench;
    bench_open(&bench, 1, "0", "1");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        enum outcome outcome;
        struct event event = bench.events[0];
        bench.server.lookup_fault = cases[i].fault;
        assert_false(collector_lookup(bench.fetch, &event, &outcome, &err));
        assert_int_equal(outcome, cases[i].outcome);
        assert_int_equal(err.code, cases[i].code);
        assert_non_null(strstr(err.text, "'vividseats:7000001'"));
        assert_memory_equal(&event, &bench.events[0], sizeof event);
    }
    struct err err = {0};
    enum outcome outcome;
    struct event event = {.platform = "nowhere", .external_id = "1"};
    assert_false(collector_lookup(bench.fetch, &event, &outcome, &err));
    assert_int_equal(err.code, ERR_EVENT);
    bench_close(&bench);
}

static void an_event_of_an_unknown_marketplace_fails_alone(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 3, "0", "2");
    snprintf(bench.events[1].platform, sizeof bench.events[1].platform, "nowhere");
    run_round(&bench, 0);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_OK], 2);
    assert_int_equal(bench.summary.by_outcome[OUTCOME_BAD_PAYLOAD], 1);
    assert_int_equal(collector_verdict(&bench.summary), ERR_EVENT);
    bench_close(&bench);
}

/* What a search brought: how many events in how many pages, and when it is enough. */
struct found {
    size_t events, pages, enough;
};

static bool take_page(void *context, const struct platform_page *page)
{
    struct found *found = context;
    found->events += page->count;
    return ++found->pages != found->enough;
}

static void a_search_goes_to_the_last_page(void **state)
{
    (void)state;
    static const struct {
        size_t limit, enough;
        bool endless;
        size_t events, pages;
        int asked;
    } cases[] = {
        {100, 0, false, 7, 3, 3}, /* all */
        {100, 0, true, 7, 3, 4},  /* an empty page is the end, whatever the count says */
        {5, 0, false, 5, 2, 2},   /* a limit in the middle of a page */
        {3, 0, false, 3, 1, 1},   /* one at its end */
        {100, 2, false, 6, 2, 2}, /* the visitor has had enough */
        {0, 0, false, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench;
        struct err err = {0};
        struct found found = {.enough = cases[i].enough};
        bench_open(&bench, 0, "0", "2");
        bench.server.endless_pages = cases[i].endless;
        must(collector_search(bench.fetch, platform_list()[0], "knicks & co", cases[i].limit,
                              take_page, &found, &err),
             &err);
        assert_int_equal(found.events, cases[i].events);
        assert_int_equal(found.pages, cases[i].pages);
        assert_int_equal(bench.server.pages, cases[i].asked);
        bench_close(&bench);
    }
}

static void a_search_that_is_refused_says_so(void **state)
{
    (void)state;
    struct bench bench;
    struct err err = {0};
    struct found found = {0};
    bench_open(&bench, 0, "0", "2");
    httpd_close(bench.server.httpd);
    bench.server.httpd = NULL;
    assert_false(
        collector_search(bench.fetch, platform_list()[0], "knicks", 10, take_page, &found, &err));
    assert_int_equal(err.code, ERR_UNREACHABLE);
    assert_non_null(strstr(err.text, "knicks"));
    bench_close(&bench);
}

static void the_verdict_follows_the_contract(void **state)
{
    (void)state;
    static const struct {
        struct collector_summary summary;
        enum err_code verdict;
    } cases[] = {
        {{0}, ERR_NONE},
        {{.events = 2, .done = 2, .by_outcome = {[OUTCOME_OK] = 1, [OUTCOME_EMPTY] = 1}}, ERR_NONE},
        {{.events = 5, .done = 1, .by_outcome = {[OUTCOME_OK] = 1}}, ERR_NONE},
        {{.events = 2, .done = 2, .by_outcome = {[OUTCOME_OK] = 1, [OUTCOME_BLOCKED] = 1}},
         ERR_EVENT},
        {{.events = 1, .done = 1, .by_outcome = {[OUTCOME_NOT_FOUND] = 1}}, ERR_EVENT},
        {{.events = 3,
          .done = 3,
          .by_outcome = {[OUTCOME_BLOCKED] = 1, [OUTCOME_RATE_LIMITED] = 1, [OUTCOME_NETWORK] = 1}},
         ERR_UNREACHABLE},
        {{.events = 3, .done = 3, .resting = 2, .by_outcome = {[OUTCOME_RATE_LIMITED] = 1}},
         ERR_UNREACHABLE},
        {{.events = 2, .done = 2, .by_outcome = {[OUTCOME_NETWORK] = 1, [OUTCOME_PARTIAL] = 1}},
         ERR_EVENT},
        {{.events = 2, .done = 2, .resting = 1, .by_outcome = {[OUTCOME_OK] = 1}}, ERR_EVENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(collector_verdict(&cases[i].summary), cases[i].verdict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_round_stores_every_event),
        cmocka_unit_test(the_same_body_again_is_a_repeat),
        cmocka_unit_test(an_empty_market_is_believed_and_stays_empty),
        cmocka_unit_test(a_failure_is_recorded_and_touches_no_listing),
        cmocka_unit_test(one_failing_event_spoils_no_other),
        cmocka_unit_test(a_resting_host_is_not_asked_and_leaves_no_snapshot),
        cmocka_unit_test(few_requests_are_queued_however_many_events),
        cmocka_unit_test(a_visitor_ends_a_round),
        cmocka_unit_test(a_stop_ends_a_round_with_what_was_stored),
        cmocka_unit_test(the_same_time_twice_is_a_duplicate),
        cmocka_unit_test(a_failing_store_ends_the_round),
        cmocka_unit_test(pending_events_are_looked_up_after_their_poll),
        cmocka_unit_test(a_lookup_that_fails_says_how),
        cmocka_unit_test(an_event_of_an_unknown_marketplace_fails_alone),
        cmocka_unit_test(a_search_goes_to_the_last_page),
        cmocka_unit_test(a_search_that_is_refused_says_so),
        cmocka_unit_test(the_verdict_follows_the_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
