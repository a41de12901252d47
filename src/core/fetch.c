#include "core/fetch.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/int64.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "core/limiter.h"

enum {
    CONNECT_MS = 10 * 1000,
    FIRST_BYTE_MS = 20 * 1000,
    STALL_S = 10,
    PAUSE_MS =
        60 * 1000, /* the longest single wait; it ends earlier when there is something to do */
    ORIGIN_MAX = 320,
};

struct host {
    struct host *next;
    char origin[ORIGIN_MAX];
    struct limiter limiter;
    int pending, running;
    enum outcome refusal; /* the last one */
    int64_t asked;        /* requests that were sent */
};

struct request {
    struct request *next;
    struct host *host;
    char *url;
    void *context;
    bool running;
    int64_t due_ms; /* of the next attempt; 0: at once */
    int64_t by_ms;  /* granted until then; 0: it was not */
    struct fetch_result result;
};

struct fetch {
    const struct conf *conf;
    struct http_settings settings;
    struct http *http;
    struct host *hosts;
    struct request *requests; /* in the order in which they came */
    int parallel, pending, running;
    int64_t rate, retries;
    bool renew; /* the transport has old settings */
    uint64_t random;
};

/* The transport's own words for an end, as outcomes. */
static const enum outcome end_outcomes[] = {
    [HTTP_NO_ANSWER] = OUTCOME_NETWORK,   [HTTP_CUT] = OUTCOME_PARTIAL,
    [HTTP_TOO_BIG] = OUTCOME_BAD_PAYLOAD, [HTTP_CORRUPT] = OUTCOME_BAD_PAYLOAD,
    [HTTP_OTHER_HOST] = OUTCOME_NETWORK,
};

/* A number of [0, 1) by splitmix64: it only spreads retries. */
static double next_random(struct fetch *fetch)
{
    uint64_t z = fetch->random += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static bool allow_rate(int64_t rate, const char *url, struct err *err)
{
    if (rate > 0 || http_is_loopback(url))
        return true;
    err_set(err, ERR_USAGE,
            "setting 'http.rate' is 0, no limit, which only loopback hosts take: '%s'", url);
    return err_hint(err, "set http.rate (TWS_RATE) to 1 or more requests a minute");
}

static const char *origin_of(const struct conf *conf, const struct platform *platform)
{
    enum conf_key key;
    if (!conf_find(platform->url_setting, &key))
        BUG("platform '%s' names no setting: '%s'", platform->name, platform->url_setting);
    return conf_text(conf, key);
}

const char *fetch_origin(const struct fetch *fetch, const struct platform *platform)
{
    return origin_of(fetch->conf, platform);
}

static struct http_settings settings_of(const struct conf *conf)
{
    int64_t total_s = conf_count(conf, CONF_TIMEOUT);
    const char *ca_file = conf_text(conf, CONF_CA_FILE);
    return (struct http_settings){
        .connect_ms = (int)int64_min(CONNECT_MS, total_s * 1000),
        .first_byte_ms = (int)int64_min(FIRST_BYTE_MS, total_s * 1000),
        .total_ms = (int)(total_s * 1000),
        .stall_s = (int)int64_min(STALL_S, total_s),
        .user_agent = "tws/" TWS_VERSION,
        .ca_file = ca_file[0] != '\0' ? ca_file : NULL,
    };
}

/* Whether all platforms may be asked at the rate that is set. */
static bool check_rate(const struct conf *conf, struct err *err)
{
    for (const struct platform *const *platform = platform_list(); *platform != NULL; platform++)
        if (!allow_rate(conf_count(conf, CONF_RATE), origin_of(conf, *platform), err))
            return false;
    return true;
}

static void take_settings(struct fetch *fetch, const struct conf *conf)
{
    fetch->conf = conf;
    fetch->rate = conf_count(conf, CONF_RATE);
    fetch->retries = conf_count(conf, CONF_RETRIES);
    fetch->parallel = (int)conf_count(conf, CONF_PARALLEL);
    fetch->settings = settings_of(conf);
}

struct fetch *fetch_open(const struct conf *conf, struct err *err)
{
    if (!check_rate(conf, err))
        return NULL;
    struct fetch *fetch = mem_alloc(1, sizeof *fetch);
    take_settings(fetch, conf);
    if (getrandom(&fetch->random, sizeof fetch->random, 0) != sizeof fetch->random)
        fetch->random = (uint64_t)clock_monotonic_ms();
    fetch->http = http_open(&fetch->settings);
    return fetch;
}

bool fetch_adopt(struct fetch *fetch, const struct conf *conf, struct err *err)
{
    if (!check_rate(conf, err))
        return false;
    take_settings(fetch, conf);
    fetch->renew = true;
    for (struct host *host = fetch->hosts; host != NULL; host = host->next)
        limiter_set_rate(&host->limiter, fetch->rate, clock_monotonic_ms());
    return true;
}

/* A transport with the settings of now, once nothing runs in the old one. */
static void renew(struct fetch *fetch)
{
    http_close(fetch->http);
    fetch->http = http_open(&fetch->settings);
    fetch->renew = false;
}

static void request_release(struct request *request)
{
    mem_free(request->url);
    mem_free(request);
}

static void drop_requests(struct fetch *fetch)
{
    for (struct request *next, *request = fetch->requests; request != NULL; request = next) {
        next = request->next;
        request_release(request);
    }
    fetch->requests = NULL;
    fetch->pending = fetch->running = 0;
}

void fetch_close(struct fetch *fetch)
{
    if (fetch == NULL)
        return;
    http_close(fetch->http);
    drop_requests(fetch);
    for (struct host *next, *host = fetch->hosts; host != NULL; host = next) {
        next = host->next;
        mem_free(host);
    }
    mem_free(fetch);
}

void fetch_abandon(struct fetch *fetch)
{
    if (fetch->running > 0)
        renew(fetch);
    drop_requests(fetch);
    for (struct host *host = fetch->hosts; host != NULL; host = host->next) {
        host->pending = host->running = 0;
        limiter_abandon(&host->limiter);
    }
}

static struct host *find_host(struct fetch *fetch, const char *origin)
{
    for (struct host *host = fetch->hosts; host != NULL; host = host->next)
        if (strcmp(host->origin, origin) == 0)
            return host;
    struct host *host = mem_alloc(1, sizeof *host);
    text_printable(host->origin, sizeof host->origin, origin);
    limiter_init(&host->limiter, fetch->rate, clock_monotonic_ms());
    host->next = fetch->hosts;
    fetch->hosts = host;
    return host;
}

bool fetch_add(struct fetch *fetch, const char *url, void *context, struct err *err)
{
    char origin[ORIGIN_MAX];
    if (!http_origin(url, origin, sizeof origin))
        return err_set(err, ERR_USAGE, "'%s' is not a URL that can be asked", url);
    if (!allow_rate(fetch->rate, url, err))
        return false;
    struct request *request = mem_alloc(1, sizeof *request);
    request->host = find_host(fetch, origin);
    request->url = mem_strdup(url);
    request->context = context;
    struct request **last = &fetch->requests;
    while (*last != NULL)
        last = &(*last)->next;
    *last = request;
    request->host->pending++;
    fetch->pending++;
    return true;
}

void fetch_grant(struct fetch *fetch, const void *context, int64_t by_ms)
{
    for (struct request *request = fetch->requests; request != NULL; request = request->next)
        if (request->context == context)
            request->by_ms = by_ms;
}

static struct host *host_of(struct fetch *fetch, const struct platform *platform)
{
    char origin[ORIGIN_MAX];
    if (!http_origin(fetch_origin(fetch, platform), origin, sizeof origin))
        BUG("setting '%s' is no origin", platform->url_setting);
    return find_host(fetch, origin);
}

struct fetch_host fetch_host_of(struct fetch *fetch, const struct platform *platform)
{
    const struct host *host = host_of(fetch, platform);
    int64_t now_ms = clock_monotonic_ms();
    return (struct fetch_host){
        .per_minute = fetch->rate,
        .allowed = host->limiter.allowed,
        .held_ms = limiter_held_ms(&host->limiter, now_ms),
        .resting = limiter_is_resting(&host->limiter, now_ms),
        .refusal = host->refusal,
        .refusals = host->limiter.refusals,
        .asked = host->asked,
    };
}

void fetch_resume(struct fetch *fetch, const struct platform *platform,
                  const struct fetch_host *stood, int64_t idle_ms)
{
    struct limiter_rest rest = {stood->allowed, stood->held_ms, idle_ms, stood->refusals};
    struct host *host = host_of(fetch, platform);
    host->refusal = stood->refusal;
    limiter_resume(&host->limiter, &rest, clock_monotonic_ms());
}

int fetch_pending(const struct fetch *fetch)
{
    return fetch->pending;
}

int fetch_parallel(const struct fetch *fetch)
{
    return fetch->parallel;
}

/* How many of one host may be under way. While several hosts have something to do each has its
   share, so that one that hangs does not take all the room. */
static int share(const struct fetch *fetch)
{
    int busy = 0;
    for (const struct host *host = fetch->hosts; host != NULL; host = host->next)
        busy += host->pending > 0;
    return busy > 0 && fetch->parallel > busy ? fetch->parallel / busy : 1;
}

/* When a waiting request may start, for all that its host and backoff say. */
static int64_t start_ms(const struct request *request, int64_t now_ms)
{
    if (request->by_ms > 0)
        return now_ms;
    int64_t allowed_ms = now_ms + limiter_wait_ms(&request->host->limiter, now_ms);
    return int64_max(request->due_ms, allowed_ms);
}

static void start_request(struct fetch *fetch, struct request *request, int64_t now_ms)
{
    struct err err = {0};
    if (!http_start(fetch->http, request->url, request, &err))
        BUG("fetch_add() let a URL pass: %s", err.text);
    limiter_start(&request->host->limiter, now_ms);
    request->host->asked++;
    request->running = true;
    request->result.attempts++;
    request->host->running++;
    fetch->running++;
}

/* Starts what may start now. Returns how long to wait for what may start later. */
static int start_due(struct fetch *fetch, int64_t now_ms)
{
    int64_t pause_ms = PAUSE_MS;
    int most = share(fetch);
    if (fetch->renew && fetch->running > 0)
        return (int)pause_ms;
    if (fetch->renew)
        renew(fetch);
    for (struct request *request = fetch->requests; request != NULL; request = request->next) {
        if (fetch->running == fetch->parallel)
            break;
        if (request->running || request->host->running >= most)
            continue;
        int64_t wait_ms = start_ms(request, now_ms) - now_ms;
        if (wait_ms > 0)
            pause_ms = int64_min(pause_ms, wait_ms);
        else
            start_request(fetch, request, now_ms);
    }
    return (int)pause_ms;
}

/* Hands the request's result over and forgets the request. */
static void give_result(struct fetch *fetch, struct request *request, struct fetch_result *result)
{
    struct request **link = &fetch->requests;
    while (*link != request)
        link = &(*link)->next;
    *link = request->next;
    request->host->pending--;
    fetch->pending--;
    *result = request->result;
    result->context = result->response.context = request->context;
    request_release(request);
}

/* Adds to a reason when the host may be asked again, where that is not soon. */
static void explain_hold(struct fetch_result *result, int64_t held_ms)
{
    char span[CLOCK_TEXT_MAX];
    size_t length = strlen(result->reason);
    if (held_ms > FETCH_PATIENCE_MS)
        snprintf(result->reason + length, sizeof result->reason - length,
                 "%sthe host is not to be asked for another %s", length > 0 ? "; " : "",
                 clock_format_span(span, held_ms));
}

/* Ends one waiting request whose host is held back for too long to wait for it, or whose grant is over. */
static bool end_held(struct fetch *fetch, int64_t now_ms, struct fetch_result *result)
{
    for (struct request *request = fetch->requests; request != NULL; request = request->next) {
        int64_t held_ms = limiter_held_ms(&request->host->limiter, now_ms);
        bool late = request->by_ms > 0 && now_ms > request->by_ms;
        if (request->running || (held_ms <= FETCH_PATIENCE_MS && !late))
            continue;
        if (request->result.attempts == 0) {
            request->result.resting = true;
            request->result.outcome = request->host->refusal;
            request->result.response.retry_after_ms = -1;
        }
        explain_hold(&request->result, held_ms);
        give_result(fetch, request, result);
        return true;
    }
    return false;
}

/* The verdict on one attempt, into `result`. */
static void judge(const struct http_response *response, struct fetch_result *result)
{
    struct platform_answer answer = {
        .status = response->status,
        .content_type = response->content_type,
        .body = buf_text(&response->body),
        .length = response->body.length,
    };
    struct err err = {0};
    result->answered = false;
    result->reason[0] = '\0';
    /* A refusal is one by its status, whatever became of its body. */
    bool is_whole = response->end == HTTP_DONE;
    if ((is_whole || response->status >= 400) &&
        platform_refused(&answer, &result->outcome, &err)) {
        text_printable(result->reason, sizeof result->reason, err.text);
    } else if (!is_whole) {
        result->outcome = end_outcomes[response->end];
        text_printable(result->reason, sizeof result->reason, response->reason);
    } else {
        result->answered = true;
    }
}

/* Whether a further attempt may end better. A redirect to elsewhere will be the same one. */
static bool is_worth_retrying(const struct fetch *fetch, const struct request *request)
{
    const struct fetch_result *result = &request->result;
    return !result->answered && request->by_ms == 0 && result->attempts <= fetch->retries &&
           result->response.end != HTTP_OTHER_HOST &&
           (result->outcome == OUTCOME_NETWORK || result->outcome == OUTCOME_RATE_LIMITED ||
            result->outcome == OUTCOME_PARTIAL);
}

/* Takes note of an attempt's end. True when it is the request's end too. */
static bool finish_attempt(struct fetch *fetch, struct request *request,
                           const struct http_response *response, int64_t now_ms)
{
    struct host *host = request->host;
    struct fetch_result *result = &request->result;
    request->running = false;
    host->running--;
    fetch->running--;
    result->took_ms += response->took_ms;
    result->bytes += response->wire_bytes;
    result->response = *response;
    judge(response, result);
    if (!result->answered)
        buf_release(&result->response.body);
    bool refusal = !result->answered && outcome_is_refusal(result->outcome);
    int64_t retry_after_ms = refusal ? response->retry_after_ms : -1;
    limiter_finish(&host->limiter, !result->answered && outcome_is_refusal(result->outcome),
                   retry_after_ms, now_ms);
    if (refusal)
        host->refusal = result->outcome;
    if (!is_worth_retrying(fetch, request)) {
        if (refusal)
            explain_hold(result, limiter_held_ms(&host->limiter, now_ms));
        return true;
    }
    request->due_ms =
        now_ms + (retry_after_ms > 0 ? retry_after_ms
                                     : limiter_backoff_ms(result->attempts, next_random(fetch)));
    return false;
}

bool fetch_next(struct fetch *fetch, int timeout_ms, struct fetch_result *result)
{
    int64_t end_ms = timeout_ms < 0 ? INT64_MAX : clock_monotonic_ms() + timeout_ms;
    while (stop_requested() == 0) {
        int64_t now_ms = clock_monotonic_ms();
        if (end_held(fetch, now_ms, result))
            return true;
        if (fetch->pending == 0)
            return false;
        int wait_ms = (int)int64_min(start_due(fetch, now_ms), int64_max(end_ms - now_ms, 0));
        struct http_response response = {0};
        if (http_take(fetch->http, wait_ms, &response)) {
            struct request *request = response.context;
            if (!finish_attempt(fetch, request, &response, clock_monotonic_ms()))
                continue;
            give_result(fetch, request, result);
            return true;
        }
        if (clock_monotonic_ms() >= end_ms)
            return false;
    }
    return false;
}

int64_t fetch_waiting_ms(const struct fetch *fetch)
{
    int64_t now_ms = clock_monotonic_ms(), first_ms = INT64_MAX;
    for (const struct request *request = fetch->requests; request != NULL; request = request->next)
        if (!request->running)
            first_ms = int64_min(first_ms, start_ms(request, now_ms));
    return first_ms == INT64_MAX || first_ms <= now_ms ? -1 : first_ms;
}

void fetch_result_release(struct fetch_result *result)
{
    http_response_release(&result->response);
}

bool fetch_one(struct fetch *fetch, const char *url, struct fetch_result *result, struct err *err)
{
    if (fetch->pending > 0)
        BUG("fetch_one() while %d requests are pending", fetch->pending);
    if (!fetch_add(fetch, url, NULL, err))
        return false;
    if (fetch_next(fetch, -1, result))
        return true;
    fetch_abandon(fetch);
    return err_set(err, stop_error(), "stopped while asking");
}
