#include "core/simulator.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/simanswer.h"
#include "core/simcatalog.h"
#include "core/simfault.h"
#include "core/simlistings.h"
#include "core/simmarket.h"
#include "core/simspoil.h"
#include "core/simstats.h"
#include "io/httpd.h"
#include "io/json.h"

enum {
    CACHE_SIZE =
        16, /* answers that are kept: with a clock that stands still they are asked for again */
    PAGE_SIZE = 25, /* unless asked otherwise */
    PAGE_LAST = 1000000,
};

#define API "/hermes/api/v1/"

/* A packed listings answer. */
struct cached {
    int64_t external_id, at_ms; /* 0: nothing */
    struct buf body;
};

struct simulator {
    struct simevent_world world;
    struct httpd *httpd;
    pthread_mutex_t lock; /* of all below: requests come on the server's threads, calls on others */
    int64_t at_ms;        /* negative: clock_now_ms() */
    struct simfault *faults;
    size_t fault_count, fault_capacity;
    struct simstats stats;
    struct cached cache[CACHE_SIZE];
    size_t cache_next;
};

/* A request under way. */
struct visit {
    struct simulator *simulator;
    const struct httpd_request *request;
    struct httpd_reply *reply;
    const struct simfault *fault; /* that strikes it; NULL for none */
    int64_t at_ms;
};

void simulator_settings_init(struct simulator_settings *settings)
{
    *settings =
        (struct simulator_settings){.seed = 1, .events = 12, .listings = 400, .churn_permille = 70};
}

/* --- answers --- */

static void refuse(const struct visit *visit, int status, const char *message)
{
    visit->simulator->stats.refused++;
    simanswer_error(visit->request, status, message, visit->reply);
}

static bool accepts_gzip(const struct visit *visit)
{
    const char *accepted = httpd_header(visit->request, "Accept-Encoding");
    return accepted && text_contains_folded(accepted, "gzip");
}

static bool is_part(const struct visit *visit, enum simfault_part part)
{
    return visit->fault && simfault_part(visit->fault->kind) == part;
}

/* Sends what is in the body, as the client likes it and the fault demands. */
static void send_body(const struct visit *visit)
{
    bool maimed = is_part(visit, SIMFAULT_TRANSPORT);
    bool broken = maimed && (visit->fault->kind == SIMFAULT_BADGZIP ||
                             visit->fault->kind == SIMFAULT_TRUNCGZIP);
    bool plain = visit->fault && visit->fault->plain;
    if (maimed)
        simanswer_swell(visit->fault, visit->reply);
    if (broken || (accepts_gzip(visit) && !plain))
        simanswer_pack(visit->reply);
    if (maimed)
        simanswer_maim(visit->fault, visit->reply);
}

static struct cached *find_cached(const struct visit *visit, int64_t external_id)
{
    struct cached *cache = visit->simulator->cache;
    for (size_t i = 0; i < CACHE_SIZE; i++) {
        if (cache[i].external_id == external_id && cache[i].at_ms == visit->at_ms)
            return &cache[i];
    }
    return NULL;
}

static void keep_cached(const struct visit *visit, int64_t external_id)
{
    struct simulator *simulator = visit->simulator;
    struct cached *cached = &simulator->cache[simulator->cache_next++ % CACHE_SIZE];
    buf_release(&cached->body);
    cached->external_id = external_id;
    cached->at_ms = visit->at_ms;
    buf_init(&cached->body, visit->reply->body.cap);
    buf_add(&cached->body, visit->reply->body.data, visit->reply->body.length);
}

static void send_market(const struct visit *visit, const struct simevent *event)
{
    struct simlistings_form form = {0};
    AUTO_SIMMARKET struct simmarket market = {0};
    simmarket_draw(&visit->simulator->world, event, visit->at_ms, &market);
    if (is_part(visit, SIMFAULT_MARKET))
        simspoil_market(visit->fault->kind, &market, &form);
    simlistings_put(&market, &form, &visit->reply->body);
    send_body(visit);
}

static void send_listings(const struct visit *visit, const struct simevent *event)
{
    bool plain = visit->fault || !accepts_gzip(visit);
    const struct cached *cached = plain ? NULL : find_cached(visit, event->id);
    if (cached) {
        buf_add(&visit->reply->body, cached->body.data, cached->body.length);
        simanswer_header(visit->reply, "Content-Encoding", "gzip");
        return;
    }
    send_market(visit, event);
    if (!plain)
        keep_cached(visit, event->id);
}

/* Finds an event by the text of its id; false after answering 400 or 404. */
static bool find_event(const struct visit *visit, const char *text, struct simevent *event)
{
    int64_t id;
    if (!text || !text_to_int(text, &id)) {
        refuse(visit, 400, "Required parameter 'productionId' is not a number");
        return false;
    }
    if (!simevent_find(&visit->simulator->world, id, event) ||
        simevent_is_over(event, visit->at_ms)) {
        refuse(visit, 404, "Production not found");
        return false;
    }
    return true;
}

static bool has_query(const struct visit *visit, const char *name, const char *value)
{
    const char *given = httpd_query(visit->request, name);
    return given && strcmp(given, value) == 0;
}

static void count_listings(const struct visit *visit, int64_t external_id)
{
    static const char *const filters[] = {"quantity", "qty",  "recommended", "sf",
                                          "offset",   "page", "limit",       "pageSize"};
    struct simstats *stats = &visit->simulator->stats;
    stats->listings++;
    stats->unpinned +=
        !has_query(visit, "currency", "USD") || !has_query(visit, "localizeCurrency", "false");
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        if (httpd_query(visit->request, filters[i])) {
            stats->filtered++;
            break;
        }
    }
    int64_t nth = external_id - SIMULATOR_FIRST_ID;
    if (nth >= 0 && nth < stats->event_count)
        stats->events[nth]++;
}

/* Picks the fault that strikes; true when the answer is then made. */
static bool struck(struct visit *visit, enum simfault_on on, int64_t external_id)
{
    struct simulator *simulator = visit->simulator;
    simstats_arrive(&simulator->stats);
    simulator->stats.packed += accepts_gzip(visit);
    if (httpd_query(visit->request, "redirected"))
        return false;
    for (size_t i = 0; i < simulator->fault_count && !visit->fault; i++) {
        if (simfault_strikes(&simulator->faults[i], on, external_id))
            visit->fault = &simulator->faults[i];
    }
    if (visit->fault)
        simulator->stats.faults[visit->fault->kind]++;
    if (!is_part(visit, SIMFAULT_ANSWER))
        return false;
    simanswer_fault(visit->fault, visit->request, httpd_port(simulator->httpd), visit->reply);
    return true;
}

static void serve_listings(struct visit *visit, const char *rest)
{
    struct simevent event;
    const char *text = httpd_query(visit->request, "productionId");
    int64_t id = 0;
    (void)rest;
    if (text && !text_to_int(text, &id))
        id = 0;
    count_listings(visit, id);
    if (!struck(visit, SIMFAULT_ON_LISTINGS, id) && find_event(visit, text, &event))
        send_listings(visit, &event);
}

static void serve_item(struct visit *visit, const char *rest)
{
    struct simevent event;
    int64_t id = 0;
    if (!text_to_int(rest, &id))
        id = 0;
    visit->simulator->stats.productions++;
    if (struck(visit, SIMFAULT_ON_PRODUCTIONS, id) || !find_event(visit, rest, &event))
        return;
    simcatalog_put_item(&visit->simulator->world, &event, visit->at_ms, &visit->reply->body);
    send_body(visit);
}

/* A number among those the platform takes; more than `max` is cut to it, nonsense is refused. */
static bool read_number(const struct visit *visit, const char *name, int64_t max, int64_t *number)
{
    const char *text = httpd_query(visit->request, name);
    if (!text)
        return true;
    if (!text_to_int(text, number) || *number < 1) {
        refuse(visit, 400, "A parameter is not a number above 0");
        return false;
    }
    *number = *number < max ? *number : max;
    return true;
}

static void serve_productions(struct visit *visit, const char *rest)
{
    struct simcatalog_query query = {
        .words = httpd_query(visit->request, "query"),
        .no_parking = has_query(visit, "excludeParking", "true"),
        .page = 1,
        .page_size = PAGE_SIZE,
    };
    (void)rest;
    visit->simulator->stats.productions++;
    if (struck(visit, SIMFAULT_ON_PRODUCTIONS, 0))
        return;
    if (!read_number(visit, "page", PAGE_LAST, &query.page) ||
        !read_number(visit, "pageNumber", PAGE_LAST, &query.page) ||
        !read_number(visit, "categoryId", PAGE_LAST, &query.category) ||
        !read_number(visit, "limit", SIMCATALOG_PAGE_MAX, &query.page_size) ||
        !read_number(visit, "rows", SIMCATALOG_PAGE_MAX, &query.page_size) ||
        !read_number(visit, "pageSize", SIMCATALOG_PAGE_MAX, &query.page_size))
        return;
    simcatalog_put_page(&visit->simulator->world, &query, visit->at_ms, &visit->reply->body);
    send_body(visit);
}

/* --- control --- */

static void serve_clock(struct visit *visit, const char *rest)
{
    char now[CLOCK_TEXT_MAX];
    int64_t at_ms = -1;
    const char *at = httpd_query(visit->request, "at");
    (void)rest;
    if (at && strcmp(at, "real") != 0 && !clock_parse(at, &at_ms)) {
        refuse(visit, 400, "at is neither an RFC 3339 time nor 'real'");
        return;
    }
    if (at)
        visit->simulator->at_ms = at_ms;
    at_ms = visit->simulator->at_ms;
    buf_printf(&visit->reply->body, "{\"at\":\"%s\",\"real\":%s}",
               clock_format(now, at_ms < 0 ? clock_now_ms() : at_ms), at_ms < 0 ? "true" : "false");
}

static bool add_fault(struct simulator *simulator, const char *text, struct err *err)
{
    struct simfault fault;
    if (!simfault_parse(text, &fault, err))
        return false;
    simulator->faults = mem_grow(simulator->faults, simulator->fault_count,
                                 &simulator->fault_capacity, sizeof *simulator->faults);
    simulator->faults[simulator->fault_count++] = fault;
    return true;
}

static void serve_faults(struct visit *visit, const char *rest)
{
    struct simulator *simulator = visit->simulator;
    struct buf *body = &visit->reply->body;
    struct err err;
    const char *add = httpd_query(visit->request, "add");
    (void)rest;
    if (httpd_query(visit->request, "clear"))
        simulator->fault_count = 0;
    if (add && !add_fault(simulator, add, &err)) {
        refuse(visit, 400, err.text);
        return;
    }
    buf_puts(body, "{\"faults\":[");
    for (size_t i = 0; i < simulator->fault_count; i++)
        buf_printf(body, "%s{\"fault\":\"%s\",\"left\":%" PRId64 "}", i > 0 ? "," : "",
                   simfault_word(simulator->faults[i].kind), simulator->faults[i].left);
    buf_puts(body, "]}");
}

static void serve_stats(struct visit *visit, const char *rest)
{
    (void)rest;
    simstats_put(&visit->simulator->stats, &visit->reply->body);
    if (httpd_query(visit->request, "reset"))
        simstats_reset(&visit->simulator->stats);
}

/* --- the server --- */

/* `rest` is what follows the path. */
static const struct route {
    const char *path;
    bool open; /* something follows */
    void (*serve)(struct visit *visit, const char *rest);
} routes[] = {
    {API "listings", false, serve_listings},       {API "productions/", true, serve_item},
    {API "productions", false, serve_productions}, {"/simulator/clock", false, serve_clock},
    {"/simulator/faults", false, serve_faults},    {"/simulator/stats", false, serve_stats},
};

static void serve(struct visit *visit)
{
    const char *path = httpd_path(visit->request);
    if (strcmp(httpd_method(visit->request), "GET") != 0) {
        refuse(visit, 405, "Only GET is supported");
        return;
    }
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        size_t length = strlen(routes[i].path);
        if (strncmp(path, routes[i].path, length) == 0 && (routes[i].open || !path[length])) {
            routes[i].serve(visit, path + length);
            return;
        }
    }
    refuse(visit, 404, "No such page");
}

static void handle(void *context, const struct httpd_request *request, struct httpd_reply *reply)
{
    struct simulator *simulator = context;
    pthread_mutex_lock(&simulator->lock);
    struct visit visit = {
        .simulator = simulator,
        .request = request,
        .reply = reply,
        .at_ms = simulator->at_ms < 0 ? clock_now_ms() : simulator->at_ms,
    };
    serve(&visit);
    pthread_mutex_unlock(&simulator->lock);
}

static bool check_range(const char *name, int64_t number, int64_t min, int64_t max, struct err *err)
{
    if (number >= min && number <= max)
        return true;
    return err_set(err, ERR_USAGE,
                   "simulator: %s %" PRId64 " is not one of %" PRId64 " to %" PRId64, name, number,
                   min, max);
}

static bool check_settings(const struct simulator_settings *settings, int64_t base_ms,
                           struct err *err)
{
    return check_range("events", settings->events, 1, SIMULATOR_EVENTS_MAX, err) &&
           check_range("listings", settings->listings, 1, SIMULATOR_LISTINGS_MAX, err) &&
           check_range("churn", settings->churn_permille, 0, SIMULATOR_CHURN_MAX, err) &&
           check_range("base time", base_ms, 0, CLOCK_MAX_MS, err);
}

struct simulator *simulator_open(const struct simulator_settings *settings, int64_t base_ms,
                                 struct err *err)
{
    if (!check_settings(settings, base_ms, err))
        return NULL;
    struct simulator *simulator = mem_alloc(1, sizeof *simulator);
    simulator->world = (struct simevent_world){*settings, base_ms};
    simulator->at_ms = -1;
    pthread_mutex_init(&simulator->lock, NULL);
    simstats_init(&simulator->stats, simevent_count(&simulator->world));
    /* requests may come before this returns: they wait */
    pthread_mutex_lock(&simulator->lock);
    simulator->httpd = httpd_open(settings->port, handle, simulator, err);
    pthread_mutex_unlock(&simulator->lock);
    if (!simulator->httpd) {
        simulator_close(simulator);
        return NULL;
    }
    return simulator;
}

void simulator_close(struct simulator *simulator)
{
    if (!simulator)
        return;
    httpd_close(simulator->httpd);
    for (size_t i = 0; i < CACHE_SIZE; i++)
        buf_release(&simulator->cache[i].body);
    simstats_release(&simulator->stats);
    mem_free(simulator->faults);
    pthread_mutex_destroy(&simulator->lock);
    mem_free(simulator);
}

int simulator_port(const struct simulator *simulator)
{
    return httpd_port(simulator->httpd);
}

void simulator_set_clock(struct simulator *simulator, int64_t at_ms)
{
    pthread_mutex_lock(&simulator->lock);
    simulator->at_ms = at_ms;
    pthread_mutex_unlock(&simulator->lock);
}

bool simulator_add_fault(struct simulator *simulator, const char *text, struct err *err)
{
    pthread_mutex_lock(&simulator->lock);
    bool added = add_fault(simulator, text, err);
    pthread_mutex_unlock(&simulator->lock);
    return added;
}

void simulator_clear_faults(struct simulator *simulator)
{
    pthread_mutex_lock(&simulator->lock);
    simulator->fault_count = 0;
    pthread_mutex_unlock(&simulator->lock);
}

bool simulator_listings(const struct simulator_settings *settings, int64_t base_ms,
                        int64_t external_id, int64_t at_ms, struct buf *out)
{
    struct simevent_world world = {*settings, base_ms};
    struct simevent event;
    if (!simevent_find(&world, external_id, &event) || simevent_is_over(&event, at_ms))
        return false;
    struct simlistings_form form = {0};
    AUTO_SIMMARKET struct simmarket market = {0};
    simmarket_draw(&world, &event, at_ms, &market);
    return simlistings_put(&market, &form, out);
}
