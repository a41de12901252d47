#include "core/simulator_private.h"

#include <string.h>

#include "base/text.h"
#include "core/simanswer.h"
#include "core/simcatalog.h"
#include "core/simlistings.h"
#include "core/simmarket.h"
#include "core/simspoil.h"

enum {
    PAGE_SIZE = 25, /* unless asked otherwise */
    PAGE_LAST = 1000000,
};

void simulator_refuse(const struct simulator_visit *visit, int status, const char *message)
{
    visit->simulator->stats.refused++;
    simanswer_error(visit->request, status, message, visit->reply);
}

static bool accepts_gzip(const struct simulator_visit *visit)
{
    const char *accepted = httpd_header(visit->request, "Accept-Encoding");
    return accepted && text_contains_folded(accepted, "gzip");
}

static bool is_part(const struct simulator_visit *visit, enum simfault_part part)
{
    return visit->fault && simfault_part(visit->fault->kind) == part;
}

/* Sends what is in the body, as the client likes it and the fault demands. */
static void send_body(const struct simulator_visit *visit)
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

static struct simulator_cached *find_cached(const struct simulator_visit *visit,
                                            int64_t external_id)
{
    struct simulator_cached *cache = visit->simulator->cache;
    for (size_t i = 0; i < SIMULATOR_CACHE; i++) {
        if (cache[i].external_id == external_id && cache[i].at_ms == visit->at_ms)
            return &cache[i];
    }
    return NULL;
}

static void keep_cached(const struct simulator_visit *visit, int64_t external_id)
{
    struct simulator *simulator = visit->simulator;
    struct simulator_cached *cached = &simulator->cache[simulator->cache_next++ % SIMULATOR_CACHE];
    buf_release(&cached->body);
    cached->external_id = external_id;
    cached->at_ms = visit->at_ms;
    buf_init(&cached->body, visit->reply->body.cap);
    buf_add(&cached->body, visit->reply->body.data, visit->reply->body.length);
}

static void send_market(const struct simulator_visit *visit, const struct simevent *event)
{
    struct simlistings_form form = {0};
    AUTO_SIMMARKET struct simmarket market = {0};
    simmarket_draw(&visit->simulator->world, event, visit->at_ms, &market);
    if (is_part(visit, SIMFAULT_MARKET))
        simspoil_market(visit->fault->kind, &market, &form);
    simlistings_put(&market, &form, &visit->reply->body);
    send_body(visit);
}

static void send_listings(const struct simulator_visit *visit, const struct simevent *event)
{
    bool plain = visit->fault || !accepts_gzip(visit);
    const struct simulator_cached *cached = plain ? NULL : find_cached(visit, event->id);
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
static bool find_event(const struct simulator_visit *visit, const char *text,
                       struct simevent *event)
{
    int64_t id;
    if (!text || !text_to_int(text, &id)) {
        simulator_refuse(visit, 400, "Required parameter 'productionId' is not a number");
        return false;
    }
    if (!simevent_find(&visit->simulator->world, id, event) ||
        simevent_is_over(event, visit->at_ms)) {
        simulator_refuse(visit, 404, "Production not found");
        return false;
    }
    return true;
}

static bool has_query(const struct simulator_visit *visit, const char *name, const char *value)
{
    const char *given = httpd_query(visit->request, name);
    return given && strcmp(given, value) == 0;
}

static void count_listings(const struct simulator_visit *visit, int64_t external_id)
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
static bool struck(struct simulator_visit *visit, enum simfault_on on, int64_t external_id)
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

void simulator_serve_listings(struct simulator_visit *visit, const char *rest)
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

void simulator_serve_item(struct simulator_visit *visit, const char *rest)
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
static bool read_number(const struct simulator_visit *visit, const char *name, int64_t max,
                        int64_t *number)
{
    const char *text = httpd_query(visit->request, name);
    if (!text)
        return true;
    if (!text_to_int(text, number) || *number < 1) {
        simulator_refuse(visit, 400, "A parameter is not a number above 0");
        return false;
    }
    *number = *number < max ? *number : max;
    return true;
}

void simulator_serve_productions(struct simulator_visit *visit, const char *rest)
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
        !read_number(visit, "performerId", INT64_MAX, &query.performer) ||
        !read_number(visit, "limit", SIMCATALOG_PAGE_MAX, &query.page_size) ||
        !read_number(visit, "rows", SIMCATALOG_PAGE_MAX, &query.page_size) ||
        !read_number(visit, "pageSize", SIMCATALOG_PAGE_MAX, &query.page_size))
        return;
    simcatalog_put_page(&visit->simulator->world, &query, visit->at_ms, &visit->reply->body);
    send_body(visit);
}
