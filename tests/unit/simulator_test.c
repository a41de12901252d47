#include "core/simulator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "core/conf.h"
#include "core/fetch.h"
#include "core/platform.h"
#include "core/simfault.h"
#include "io/http.h"
#include "io/json.h"

#define BASE_MS INT64_C(1770000000000) /* 2026-02-02T02:40:00Z */
#define LISTINGS "/hermes/api/v1/listings?productionId="
#define PRODUCTIONS "/hermes/api/v1/productions"

enum { EVENTS = 12, WAIT_MS = 20000 };

/* A marketplace whose clock stands still, and a client. */
struct scene {
    struct simulator *simulator;
    struct http *http;
    struct http_response response; /* the last one */
};

static int open_scene(void **state)
{
    static struct scene scene;
    struct simulator_settings settings;
    struct err err = {0};
    simulator_settings_init(&settings);
    settings.listings = 200;
    scene = (struct scene){.simulator = simulator_open(&settings, BASE_MS, &err)};
    if (!scene.simulator)
        fail_msg("%s", err.text);
    simulator_set_clock(scene.simulator, BASE_MS);
    struct http_settings http = {.connect_ms = 2000,
                                 .first_byte_ms = WAIT_MS,
                                 .total_ms = WAIT_MS,
                                 .stall_s = 20,
                                 .user_agent = "tws/test"};
    scene.http = http_open(&http);
    *state = &scene;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;
    http_response_release(&scene->response);
    http_close(scene->http);
    simulator_close(scene->simulator);
    return 0;
}

/* Asks for a path and waits for the end of it. */
static const struct http_response *get(struct scene *scene, const char *path)
{
    char url[512];
    struct err err = {0};
    http_response_release(&scene->response);
    scene->response = (struct http_response){0};
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", simulator_port(scene->simulator), path);
    if (!http_start(scene->http, url, NULL, &err))
        fail_msg("%s", err.text);
    while (!http_take(scene->http, 100, &scene->response))
        ;
    return &scene->response;
}

static const struct http_response *get_event(struct scene *scene, int nth)
{
    char path[128];
    snprintf(path, sizeof path, LISTINGS "%d&currency=USD&localizeCurrency=false",
             SIMULATOR_FIRST_ID + nth);
    return get(scene, path);
}

static void parse(const struct http_response *response, struct json_doc *doc)
{
    struct err err = {0};
    assert_int_equal(response->end, HTTP_DONE);
    if (!json_parse(doc, buf_text(&response->body), response->body.length, &err))
        fail_msg("%s", err.text);
}

static int64_t number_at(const struct json *object, const char *key)
{
    int64_t number = -1;
    if (!json_int(json_get(object, key), &number))
        fail_msg("no number under '%s'", key);
    return number;
}

/* --- what it serves --- */

static void the_served_document_is_the_one_of_the_model(void **state)
{
    struct scene *scene = *state;
    struct simulator_settings settings;
    simulator_settings_init(&settings);
    settings.listings = 200;
    AUTO_BUF struct buf model;
    buf_init(&model, 8 << 20);
    assert_true(simulator_listings(&settings, BASE_MS, SIMULATOR_FIRST_ID + 3, BASE_MS, &model));
    for (int again = 0; again < 2; again++) { /* the second comes from the cache */
        const struct http_response *response = get_event(scene, 3);
        assert_int_equal(response->status, 200);
        assert_string_equal(response->content_type, "application/json");
        assert_int_equal(response->body.length, model.length);
        assert_memory_equal(response->body.data, model.data, model.length);
        assert_true(response->wire_bytes < (int64_t)model.length / 4);
    }
}

static void the_cache_forgets_old_answers(void **state)
{
    struct scene *scene = *state;
    for (int round = 0; round < 3; round++) {
        for (int nth = 0; nth < EVENTS; nth++) {
            simulator_set_clock(scene->simulator, BASE_MS + round % 2);
            AUTO_JSON struct json_doc doc = {0};
            parse(get_event(scene, nth), &doc);
            char id[32];
            snprintf(id, sizeof id, "%d", SIMULATOR_FIRST_ID + nth);
            assert_string_equal(
                json_string(json_get(json_first(json_get(doc.root, "global")), "productionId")),
                id);
        }
    }
}

static void what_is_not_on_sale_is_a_404_in_json(void **state)
{
    struct scene *scene = *state;
    static const struct {
        const char *path;
        int status;
    } cases[] = {
        {LISTINGS "1", 404},
        {LISTINGS "abc", 400},
        {"/hermes/api/v1/listings", 400},
        {PRODUCTIONS "/1", 404},
        {PRODUCTIONS "/", 400},
        {PRODUCTIONS "?page=0", 400},
        {PRODUCTIONS "?pageSize=x", 400},
        {"/", 404},
        {"/hermes/api/v1/listingsx", 404},
        {"/simulator/clock?at=yesterday", 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_JSON struct json_doc doc = {0};
        const struct http_response *response = get(scene, cases[i].path);
        assert_int_equal(response->status, cases[i].status);
        parse(response, &doc);
        assert_int_equal(number_at(doc.root, "status"), cases[i].status);
    }
}

static void pages_of_a_search_hold_every_production_once(void **state)
{
    struct scene *scene = *state;
    bool seen[EVENTS] = {false};
    int64_t pages = 1, total = 0;
    for (int64_t page = 1; page <= pages; page++) {
        char path[128];
        AUTO_JSON struct json_doc doc = {0};
        snprintf(path, sizeof path, PRODUCTIONS "?pageSize=5&excludeParking=true&page=%d",
                 (int)page);
        parse(get(scene, path), &doc);
        assert_int_equal(number_at(doc.root, "page"), page);
        pages = number_at(doc.root, "numberOfPages");
        total = number_at(doc.root, "total");
        for (const struct json *item = json_first(json_get(doc.root, "items")); item;
             item = json_next(item)) {
            int64_t nth = number_at(item, "id") - SIMULATOR_FIRST_ID;
            assert_in_range(nth, 0, EVENTS - 1);
            assert_false(seen[nth]);
            seen[nth] = true;
        }
    }
    assert_int_equal(pages, 3);
    assert_int_equal(total, EVENTS);
    for (int i = 0; i < EVENTS; i++)
        assert_true(seen[i]);
}

static int64_t found(struct scene *scene, const char *query)
{
    char path[256];
    AUTO_JSON struct json_doc doc = {0};
    snprintf(path, sizeof path, PRODUCTIONS "?pageSize=500&%s", query);
    parse(get(scene, path), &doc);
    assert_int_equal(json_count(json_get(doc.root, "items")), number_at(doc.root, "total"));
    return number_at(doc.root, "total");
}

static void a_search_matches_words_in_name_place_and_performers(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(found(scene, ""), EVENTS + 4);
    assert_int_equal(found(scene, "excludeParking=true"), EVENTS);
    assert_int_equal(found(scene, "query=ruby&excludeParking=true"), 1);
    assert_int_equal(found(scene, "query=ruby"), 2);
    assert_int_equal(found(scene, "query=RUBY%20las%20vegas&excludeParking=true"), 1);
    assert_int_equal(found(scene, "query=ruby%20montr"), 0);
    assert_int_equal(found(scene, "query=Montr%C3%A9al&excludeParking=true"), 1);
    assert_int_equal(found(scene, "query=orpheum&excludeParking=true"), 2);
    assert_int_equal(found(scene, "query=squid&excludeParking=true"), 1);
    assert_int_equal(found(scene, "performerId=24388&excludeParking=true"), 1);
    assert_int_equal(found(scene, "performerId=105"), 1); /* the guests */
    assert_int_equal(found(scene, "performerId=1"), 0);
    assert_int_equal(found(scene, "categoryId=3&excludeParking=true"), 4);
}

static void a_page_behind_the_last_is_empty(void **state)
{
    struct scene *scene = *state;
    AUTO_JSON struct json_doc doc = {0};
    parse(get(scene, PRODUCTIONS "?page=99"), &doc);
    assert_int_equal(json_count(json_get(doc.root, "items")), 0);
    assert_int_equal(number_at(doc.root, "total"), EVENTS + 4);
}

static void a_production_tells_the_same_totals_as_its_listings(void **state)
{
    struct scene *scene = *state;
    for (int nth = 0; nth < EVENTS; nth++) {
        char path[128];
        double lowest;
        AUTO_JSON struct json_doc item = {0}, market = {0};
        snprintf(path, sizeof path, PRODUCTIONS "/%d", SIMULATOR_FIRST_ID + nth);
        parse(get(scene, path), &item);
        parse(get_event(scene, nth), &market);
        const struct json *global = json_first(json_get(market.root, "global"));
        assert_true(json_real(json_get(item.root, "minPrice"), &lowest));
        assert_float_equal(lowest, strtod(json_string(json_get(global, "lp")), NULL), 0.001);
        assert_int_equal(number_at(item.root, "listingCount"),
                         strtol(json_string(json_get(global, "listingCount")), NULL, 10));
        assert_string_equal(json_string(json_get(item.root, "name")),
                            json_string(json_get(global, "productionName")));
        assert_string_equal(json_string(json_get(json_get(item.root, "venue"), "name")),
                            json_string(json_get(global, "mapTitle")));
    }
}

static void dates_are_one_instant_written_twice(void **state)
{
    struct scene *scene = *state;
    int unknown_hours = 0;
    AUTO_JSON struct json_doc doc = {0};
    parse(get(scene, PRODUCTIONS "?pageSize=50&excludeParking=true"), &doc);
    for (const struct json *item = json_first(json_get(doc.root, "items")); item;
         item = json_next(item)) {
        int64_t local, utc;
        const char *text = json_string(json_get(item, "localDate"));
        assert_true(clock_parse(text, &local));
        assert_true(clock_parse(json_string(json_get(item, "utcDate")), &utc));
        assert_int_equal(local, utc);
        assert_non_null(strstr(text, json_string(json_get(json_get(item, "venue"), "timezone"))));
        if (json_bool(json_get(item, "timeTbd"), false)) {
            assert_non_null(strstr(text, "T00:00:00"));
            unknown_hours++;
        }
    }
    assert_true(unknown_hours > 0);
}

/* --- control --- */

static void the_clock_moves_all_markets(void **state)
{
    struct scene *scene = *state;
    size_t early = get_event(scene, 0)->body.length;
    assert_string_equal(buf_text(&get(scene, "/simulator/clock?at=2026-02-15T12:00:00Z")->body),
                        "{\"at\":\"2026-02-15T12:00:00Z\",\"real\":false}");
    assert_true(get_event(scene, 0)->body.length < early * 9 / 10);
    get(scene, "/simulator/clock?at=2026-03-01T00:00:00Z");
    assert_int_equal(get_event(scene, 0)->status, 404);
    assert_int_equal(found(scene, "excludeParking=true"), EVENTS - 3); /* days 14, 19, 24 */
    assert_non_null(
        strstr(buf_text(&get(scene, "/simulator/clock?at=real")->body), "\"real\":true"));
}

static void the_stats_tell_what_was_asked(void **state)
{
    struct scene *scene = *state;
    struct err err = {0};
    get_event(scene, 4);
    get_event(scene, 4);
    get(scene, LISTINGS "7000002&quantity=2");
    get(scene, PRODUCTIONS "/7000001");
    get(scene, PRODUCTIONS "/1");
    assert_true(simulator_add_fault(scene->simulator, "500:1", &err));
    get_event(scene, 5);
    for (int reset = 0; reset < 2; reset++) {
        AUTO_JSON struct json_doc doc = {0};
        parse(get(scene, "/simulator/stats?reset=1"), &doc);
        assert_int_equal(number_at(doc.root, "requests"), reset ? 0 : 6);
        assert_int_equal(number_at(doc.root, "listings"), reset ? 0 : 4);
        assert_int_equal(number_at(doc.root, "productions"), reset ? 0 : 2);
        assert_int_equal(number_at(doc.root, "packed"), reset ? 0 : 6);
        assert_int_equal(number_at(doc.root, "unpinned"), reset ? 0 : 1);
        assert_int_equal(number_at(doc.root, "filtered"), reset ? 0 : 1);
        assert_int_equal(number_at(doc.root, "refused"), reset ? 0 : 1);
        assert_int_equal(json_count(json_get(doc.root, "arrivals_ms")), reset ? 0 : 6);
        assert_int_equal(json_count(json_get(doc.root, "events")), reset ? 0 : 3);
        if (reset)
            continue;
        assert_int_equal(number_at(json_get(doc.root, "events"), "7000005"), 2);
        assert_int_equal(number_at(json_get(doc.root, "faults"), "500"), 1);
    }
}

/* --- faults --- */

static void a_fault_strikes_as_often_as_it_says(void **state)
{
    struct scene *scene = *state;
    get(scene, "/simulator/faults?add=500:2");
    assert_int_equal(get_event(scene, 0)->status, 500);
    assert_int_equal(get_event(scene, 1)->status, 500);
    assert_int_equal(get_event(scene, 0)->status, 200);
    get(scene, "/simulator/faults?add=503:every=3");
    static const int expected[] = {200, 200, 503, 200, 200, 503, 200};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(get_event(scene, 0)->status, expected[i]);
    get(scene, "/simulator/faults?clear=1");
    for (int i = 0; i < 4; i++)
        assert_int_equal(get_event(scene, 0)->status, 200);
}

static void a_fault_strikes_only_whom_it_names(void **state)
{
    struct scene *scene = *state;
    get(scene, "/simulator/faults?add=blocked@7000002");
    assert_int_equal(get_event(scene, 0)->status, 200);
    assert_int_equal(get_event(scene, 1)->status, 403);
    assert_int_equal(get_event(scene, 1)->status, 403);
    assert_int_equal(get(scene, PRODUCTIONS "/7000002")->status, 200);
    get(scene, "/simulator/faults?clear=1&add=429:on=productions");
    assert_int_equal(get_event(scene, 1)->status, 200);
    assert_int_equal(get(scene, PRODUCTIONS "/7000002")->status, 429);
    assert_int_equal(get(scene, PRODUCTIONS "?query=ruby")->status, 429);
}

static void retry_after_is_a_number_or_a_date(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(get_event(scene, 0)->retry_after_ms, -1);
    get(scene, "/simulator/faults?add=429:1:retry-after=7");
    assert_int_equal(get_event(scene, 0)->retry_after_ms, 7000);
    get(scene, "/simulator/faults?add=429:1:retry-date=50");
    assert_in_range(get_event(scene, 0)->retry_after_ms, 40000, 51000);
    get(scene, "/simulator/faults?add=503:1:retry-after=soon");
    assert_int_equal(get_event(scene, 0)->retry_after_ms, -1);
}

static void what_cannot_be_read_as_a_fault_is_refused(void **state)
{
    struct scene *scene = *state;
    static const char *const cases[] = {
        "",      "nonsense",  "429:0",      "429:x",          "429:-1",    "429:every=0",
        "429@",  "429@x",     "429:ms=abc", "429:colour=red", "429:on=it", "nan:on=productions",
        "429::", "blocked@-3"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        if (simulator_add_fault(scene->simulator, cases[i], &err))
            fail_msg("'%s' was taken", cases[i]);
        assert_int_equal(err.code, ERR_USAGE);
    }
    struct err err = {0};
    assert_false(simulator_add_fault(scene->simulator, "nonsense", &err));
    for (int i = 0; i < SIMFAULT_COUNT; i++)
        if (!strstr(err.text, simfault_word((enum simfault_kind)i)))
            fail_msg("'%s' is not listed in '%s'", simfault_word((enum simfault_kind)i), err.text);
    assert_int_equal(get(scene, "/simulator/faults?add=nonsense")->status, 400);
    assert_int_equal(get_event(scene, 0)->status, 200);
}

static void a_slow_answer_comes_late_and_a_trickle_slowly(void **state)
{
    struct scene *scene = *state;
    get(scene, "/simulator/faults?add=slow:1:ms=300");
    assert_true(get_event(scene, 0)->took_ms >= 300);
    get_event(scene, 0);
    int64_t whole = scene->response.wire_bytes;
    char path[128];
    snprintf(path, sizeof path, "/simulator/faults?add=trickle:1:bytes=%d", (int)whole * 2);
    get(scene, path);
    assert_true(get_event(scene, 0)->took_ms >= 300);
    assert_int_equal(scene->response.wire_bytes, whole);
}

/* What each fault must come to for whoever polls. */
static const struct {
    const char *fault;
    enum outcome outcome;
    size_t rejects_from, rejects_to; /* per mille of the listings */
} verdicts[SIMFAULT_COUNT] = {
    [SIMFAULT_BLOCKED] = {"blocked", OUTCOME_BLOCKED, 0, 0},
    [SIMFAULT_CHALLENGE200] = {"challenge200", OUTCOME_BLOCKED, 0, 0},
    [SIMFAULT_UNAUTHORIZED] = {"401", OUTCOME_BLOCKED, 0, 0},
    [SIMFAULT_NOT_FOUND] = {"404", OUTCOME_NOT_FOUND, 0, 0},
    [SIMFAULT_LIMITED] = {"429", OUTCOME_RATE_LIMITED, 0, 0},
    [SIMFAULT_BROKEN] = {"500", OUTCOME_NETWORK, 0, 0},
    [SIMFAULT_UNAVAILABLE] = {"503", OUTCOME_NETWORK, 0, 0},
    [SIMFAULT_SLOW] = {"slow:ms=50", OUTCOME_OK, 0, 0},
    [SIMFAULT_TRICKLE] = {"trickle:bytes=1000000", OUTCOME_OK, 0, 0},
    [SIMFAULT_CUT] = {"cut", OUTCOME_PARTIAL, 0, 0},
    [SIMFAULT_BADGZIP] = {"badgzip", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_TRUNCGZIP] = {"truncgzip", OUTCOME_PARTIAL, 0, 0},
    [SIMFAULT_GIANT] = {"giant", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_BOMB] = {"bomb", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_HTML] = {"html", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_EMPTYBODY] = {"emptybody", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_NULL_BODY] = {"null", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_DEEP] = {"deep", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_REDIRECT] = {"redirect", OUTCOME_OK, 0, 0},
    [SIMFAULT_REDIRECT_OTHER] = {"redirect-other", OUTCOME_NETWORK, 0, 0},
    [SIMFAULT_REDIRECT_LOOP] = {"redirect-loop", OUTCOME_NETWORK, 0, 0},
    [SIMFAULT_EMPTYTICKETS] = {"emptytickets", OUTCOME_EMPTY, 0, 0},
    [SIMFAULT_EMPTYLIE] = {"emptylie", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_NOTICKETS] = {"notickets", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_NOGLOBAL] = {"noglobal", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_WRONGEVENT] = {"wrongevent", OUTCOME_WRONG_EVENT, 0, 0},
    [SIMFAULT_DUPLICATES] = {"duplicates", OUTCOME_OK, 30, 60},
    [SIMFAULT_REORDERED] = {"reordered", OUTCOME_OK, 0, 0},
    [SIMFAULT_NAN] = {"nan", OUTCOME_OK, 40, 60},
    [SIMFAULT_NEGATIVE] = {"negative", OUTCOME_OK, 40, 60},
    [SIMFAULT_SOMEBAD] = {"somebad", OUTCOME_OK, 90, 110},
    [SIMFAULT_MANYBAD] = {"manybad", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_BADUTF8] = {"badutf8", OUTCOME_BAD_PAYLOAD, 0, 0},
    [SIMFAULT_ESCAPES] = {"escapes", OUTCOME_OK, 0, 0},
};

static struct conf *conf_for(const struct scene *scene)
{
    char origin[64];
    struct err err = {0};
    snprintf(origin, sizeof origin, "http://127.0.0.1:%d", simulator_port(scene->simulator));
    setenv("TWS_VIVIDSEATS_URL", origin, 1);
    setenv("TWS_RATE", "0", 1);
    setenv("TWS_RETRIES", "0", 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    setenv("XDG_DATA_HOME", "/nonexistent", 1);
    struct conf *conf = conf_open(NULL, NULL, &err);
    if (!conf)
        fail_msg("%s", err.text);
    return conf;
}

/* Polls the first event as the collector does. */
static enum outcome poll_once(struct fetch *fetch, struct market *market)
{
    struct err err = {0};
    struct fetch_result result = {0};
    const struct platform *platform = platform_find("vividseats");
    AUTO_BUF struct buf url;
    buf_init(&url, 1000);
    assert_true(platform->listings_url(fetch_origin(fetch, platform), "7000001", &url));
    if (!fetch_one(fetch, buf_text(&url), &result, &err))
        fail_msg("%s", err.text);
    enum outcome outcome = result.outcome;
    if (result.answered) {
        struct platform_answer answer = {result.response.status, result.response.content_type,
                                         buf_text(&result.response.body),
                                         result.response.body.length};
        outcome = platform->read_listings(&answer, "7000001", market, &err);
    }
    fetch_result_release(&result);
    return outcome;
}

static enum outcome poll_under(struct scene *scene, const char *fault, struct market *market)
{
    struct err err = {0};
    struct conf *conf = conf_for(scene);
    struct fetch *fetch = fetch_open(conf, &err);
    if (!fetch)
        fail_msg("%s", err.text);
    simulator_clear_faults(scene->simulator);
    if (fault && !simulator_add_fault(scene->simulator, fault, &err))
        fail_msg("%s", err.text);
    market_init(market);
    enum outcome outcome = poll_once(fetch, market);
    fetch_close(fetch);
    conf_close(conf);
    return outcome;
}

static void every_fault_comes_to_its_outcome(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < SIMFAULT_COUNT; i++) {
        AUTO_MARKET struct market market = {0};
        enum outcome outcome = poll_under(scene, verdicts[i].fault, &market);
        if (outcome != verdicts[i].outcome)
            fail_msg("fault '%s': %s, not %s", verdicts[i].fault, outcome_word(outcome),
                     outcome_word(verdicts[i].outcome));
        size_t all = market.listing_count + market.reject_count;
        size_t rejects = all ? market.reject_count * 1000 / all : 0;
        if (outcome == OUTCOME_OK &&
            (rejects < verdicts[i].rejects_from || rejects > verdicts[i].rejects_to))
            fail_msg("fault '%s': %zu of %zu listings rejected", verdicts[i].fault,
                     market.reject_count, all);
    }
}

static void check_same(const struct listing *a, const struct listing *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->section, b->section);
    assert_string_equal(a->splits, b->splits);
    assert_int_equal(a->price_minor, b->price_minor);
    assert_int_equal(a->quantity, b->quantity);
    assert_int_equal(a->tags, b->tags);
}

static void repeats_and_another_order_leave_the_market_as_it_was(void **state)
{
    struct scene *scene = *state;
    AUTO_MARKET struct market sound = {0};
    assert_int_equal(poll_under(scene, NULL, &sound), OUTCOME_OK);
    static const char *const faults[] = {"duplicates", "reordered", "redirect", "slow:ms=1"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        AUTO_MARKET struct market market = {0};
        assert_int_equal(poll_under(scene, faults[i], &market), OUTCOME_OK);
        assert_int_equal(market.listing_count, sound.listing_count);
        for (size_t k = 0; k < sound.listing_count; k++)
            check_same(&market.listings[k], &sound.listings[k]);
    }
}

static void no_name_brings_an_escape_to_the_terminal(void **state)
{
    struct scene *scene = *state;
    AUTO_MARKET struct market market = {0};
    assert_int_equal(poll_under(scene, "escapes", &market), OUTCOME_OK);
    for (size_t i = 0; i < market.listing_count; i++) {
        const char *const texts[] = {market.listings[i].zone, market.listings[i].section,
                                     market.listings[i].label, market.name};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            assert_null(strpbrk(texts[k], "\x1b\x07"));
            assert_null(strstr(texts[k], "\u202e"));
            assert_null(strstr(texts[k], "\xc2\x9b"));
        }
    }
}

/* --- opening --- */

static void a_port_in_use_and_absurd_settings_are_refused(void **state)
{
    struct scene *scene = *state;
    struct simulator_settings settings;
    struct err err = {0};
    simulator_settings_init(&settings);
    settings.port = simulator_port(scene->simulator);
    assert_null(simulator_open(&settings, BASE_MS, &err));
    assert_int_equal(err.code, ERR_FAILURE);
    settings.port = 0;
    settings.events = 0;
    assert_null(simulator_open(&settings, BASE_MS, &err));
    assert_int_equal(err.code, ERR_USAGE);
    settings.events = 1;
    settings.churn_permille = 1001;
    assert_null(simulator_open(&settings, BASE_MS, &err));
    settings.churn_permille = 0;
    settings.listings = SIMULATOR_LISTINGS_MAX + 1;
    assert_null(simulator_open(&settings, BASE_MS, &err));
    simulator_close(NULL);
}

int main(void)
{
#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)
    const struct CMUnitTest tests[] = {
        WITH_SCENE(the_served_document_is_the_one_of_the_model),
        WITH_SCENE(the_cache_forgets_old_answers),
        WITH_SCENE(what_is_not_on_sale_is_a_404_in_json),
        WITH_SCENE(pages_of_a_search_hold_every_production_once),
        WITH_SCENE(a_search_matches_words_in_name_place_and_performers),
        WITH_SCENE(a_page_behind_the_last_is_empty),
        WITH_SCENE(a_production_tells_the_same_totals_as_its_listings),
        WITH_SCENE(dates_are_one_instant_written_twice),
        WITH_SCENE(the_clock_moves_all_markets),
        WITH_SCENE(the_stats_tell_what_was_asked),
        WITH_SCENE(a_fault_strikes_as_often_as_it_says),
        WITH_SCENE(a_fault_strikes_only_whom_it_names),
        WITH_SCENE(retry_after_is_a_number_or_a_date),
        WITH_SCENE(what_cannot_be_read_as_a_fault_is_refused),
        WITH_SCENE(a_slow_answer_comes_late_and_a_trickle_slowly),
        WITH_SCENE(every_fault_comes_to_its_outcome),
        WITH_SCENE(repeats_and_another_order_leave_the_market_as_it_was),
        WITH_SCENE(no_name_brings_an_escape_to_the_terminal),
        WITH_SCENE(a_port_in_use_and_absurd_settings_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
