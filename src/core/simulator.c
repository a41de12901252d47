#include "core/simulator.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/simlistings.h"
#include "core/simmarket.h"
#include "core/simulator_private.h"

#define API "/hermes/api/v1/"

void simulator_settings_init(struct simulator_settings *settings)
{
    *settings =
        (struct simulator_settings){.seed = 1, .events = 12, .listings = 400, .churn_permille = 70};
}

/* --- control --- */

static void serve_clock(struct simulator_visit *visit, const char *rest)
{
    char now[CLOCK_TEXT_MAX];
    int64_t at_ms = -1;
    const char *at = httpd_query(visit->request, "at");
    (void)rest;
    if (at && strcmp(at, "real") != 0 && !clock_parse(at, &at_ms)) {
        simulator_refuse(visit, 400, "at is neither an RFC 3339 time nor 'real'");
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

static void serve_faults(struct simulator_visit *visit, const char *rest)
{
    struct simulator *simulator = visit->simulator;
    struct buf *body = &visit->reply->body;
    struct err err;
    const char *add = httpd_query(visit->request, "add");
    (void)rest;
    if (httpd_query(visit->request, "clear"))
        simulator->fault_count = 0;
    if (add && !add_fault(simulator, add, &err)) {
        simulator_refuse(visit, 400, err.text);
        return;
    }
    buf_puts(body, "{\"faults\":[");
    for (size_t i = 0; i < simulator->fault_count; i++)
        buf_printf(body, "%s{\"fault\":\"%s\",\"left\":%" PRId64 "}", i > 0 ? "," : "",
                   simfault_word(simulator->faults[i].kind), simulator->faults[i].left);
    buf_puts(body, "]}");
}

static void serve_stats(struct simulator_visit *visit, const char *rest)
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
    void (*serve)(struct simulator_visit *visit, const char *rest);
} routes[] = {
    {API "listings", false, simulator_serve_listings},
    {API "productions/", true, simulator_serve_item},
    {API "productions", false, simulator_serve_productions},
    {"/simulator/clock", false, serve_clock},
    {"/simulator/faults", false, serve_faults},
    {"/simulator/stats", false, serve_stats},
};

static void serve(struct simulator_visit *visit)
{
    const char *path = httpd_path(visit->request);
    if (strcmp(httpd_method(visit->request), "GET") != 0) {
        simulator_refuse(visit, 405, "Only GET is supported");
        return;
    }
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        size_t length = strlen(routes[i].path);
        if (strncmp(path, routes[i].path, length) == 0 && (routes[i].open || !path[length])) {
            routes[i].serve(visit, path + length);
            return;
        }
    }
    simulator_refuse(visit, 404, "No such page");
}

static void handle(void *context, const struct httpd_request *request, struct httpd_reply *reply)
{
    struct simulator *simulator = context;
    pthread_mutex_lock(&simulator->lock);
    struct simulator_visit visit = {
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
    for (size_t i = 0; i < SIMULATOR_CACHE; i++)
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
