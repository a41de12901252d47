/*
 * Asking platforms politely: many requests at once through one transport, each with its retries,
 * all under the rate limit and breaker of their host. Ends with an answer or an outcome; knows no
 * wire format and no store.
 */
#ifndef CORE_FETCH_H
#define CORE_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/outcome.h"
#include "core/platform.h"
#include "io/http.h"

struct fetch;

enum { FETCH_PATIENCE_MS = 60 * 1000 }; /* the longest Retry-After that is sat out */

/* How a request ended after its retries. */
struct fetch_result {
    void *context;
    bool answered; /* a whole answer that nobody refused: read response.body; else see outcome and
                      reason */
    struct http_response
        response;           /* released with fetch_result_release(); no body unless answered */
    enum outcome outcome;   /* when not answered: blocked, not_found, network, partial, ... */
    int attempts;           /* 0: never sent */
    bool resting;           /* never sent: the host rests; `outcome` is what made it rest */
    int64_t took_ms, bytes; /* over all attempts, without the waits between them */
    char reason[200];       /* when not answered */
};

/* Opens the transport with the settings of `conf`, which must outlive it. A rate of 0 with a host
 * that is not loopback is ERR_USAGE. */
struct fetch *fetch_open(const struct conf *conf, struct err *err);

/* Ends whatever runs and closes. NULL is fine. */
void fetch_close(struct fetch *fetch);

/* The scheme, host and port to ask a platform at. */
const char *fetch_origin(const struct fetch *fetch, const struct platform *platform);

/* How things stand with the host of a platform. */
struct fetch_host {
    int64_t per_minute,
        allowed;     /* the rate that was set, and what refusals have left of it; 0: no limit */
    int64_t held_ms; /* how long nothing may be asked; 0: something may */
    bool resting;    /* that is because of refusals */
    enum outcome refusal; /* the last one; OK when there was none */
    int refusals;         /* in a row */
    int64_t asked;        /* requests that were sent since fetch_open() */
};

/* Reads that of a platform that was perhaps never asked. */
struct fetch_host fetch_host_of(struct fetch *fetch, const struct platform *platform);

/* Goes on as things stood with the host of a platform when another process ended that asked it last `idle_ms` ago; before
   it is asked for the first time. */
void fetch_resume(struct fetch *fetch, const struct platform *platform,
                  const struct fetch_host *stood, int64_t idle_ms);

/* Goes on with other settings, which must outlive it: limits and breakers stay, what is under way ends under the old
   timeouts. ERR_USAGE as fetch_open(), then nothing has changed. */
bool fetch_adopt(struct fetch *fetch, const struct conf *conf, struct err *err);

/* Queues a GET; `context` comes back with its result. ERR_USAGE when it is no URL, or one of a host
   that may not be asked without a rate. */
bool fetch_add(struct fetch *fetch, const char *url, void *context, struct err *err);

/* The queued request of `context` has its share of a rate that others keep, too: it waits for nothing, is attempted once,
   and ends as `resting` when it was not started by `by_ms` (monotonic). */
void fetch_grant(struct fetch *fetch, const void *context, int64_t by_ms);

/* Requests queued or under way. */
int fetch_pending(const struct fetch *fetch);

/* Requests that may be queued before the first starts to wait for others: the `http.parallel`
 * setting. */
int fetch_parallel(const struct fetch *fetch);

/* Works until a request has ended and gives its result; false when none is pending, or a stop was
   requested, or `timeout_ms` has passed (negative: no limit). Retries network, 5xx, 429 and partial
   ends with backoff or as Retry-After says, never 403 and challenge pages. A host that is held back
   for longer than FETCH_PATIENCE_MS is not waited for: its requests end, those that were never sent
   as `resting`. */
bool fetch_next(struct fetch *fetch, int timeout_ms, struct fetch_result *result);

/* Ends whatever is queued or under way without results; limits and breakers stay as they are. */
void fetch_abandon(struct fetch *fetch);

/* The monotonic time at which the next attempt is due for want of rate or backoff, for progress; -1
 * when none waits. */
int64_t fetch_waiting_ms(const struct fetch *fetch);

/* Frees a result's body. */
void fetch_result_release(struct fetch_result *result);

/* Fetches one URL and waits: fetch_add() and fetch_next() together; nothing else may be pending.
   False with ERR_USAGE as fetch_add(), or ERR_INTERRUPTED or ERR_TERMINATED when a stop was
   requested. */
bool fetch_one(struct fetch *fetch, const char *url, struct fetch_result *result, struct err *err);

#endif
