/* Collecting: events are asked for at their platform and what comes back goes into the store, one
 * event at a time. */
#ifndef CORE_COLLECTOR_H
#define CORE_COLLECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/event.h"
#include "core/fetch.h"
#include "core/ingest.h"
#include "core/platform.h"
#include "core/store.h"

/* How one poll of one event ended. */
struct collector_poll {
    const struct event *event;
    enum outcome outcome;
    bool repeated;               /* the body was the last one again */
    bool resting;                /* not asked: the host rests; nothing was stored */
    struct ingest_report report; /* of good ones */
    const char *reason;          /* of the others, "" otherwise; valid during the call */
};

/* What a round came to. */
struct collector_summary {
    int64_t events, done; /* asked for; ended, the resting ones too */
    int64_t by_outcome[OUTCOME_COUNT];
    int64_t resting; /* not asked because the host rests */
    int64_t listings, changed, rejected, repeated, bytes, took_ms;
};

/* Called after each poll; false ends the round. */
typedef bool collector_visit(void *context, const struct collector_poll *poll,
                             const struct collector_summary *so_far);

/* Polls each event once, as many at a time as the settings allow, and stores every outcome with the
   time of its answer (one whose time has a snapshot with another market already, as a fixed clock
   may do, ends as bad_payload and is not stored). A stop request ends it early with what was
   stored. False only when the store fails. Afterwards metadata that is pending is asked for again,
   of events whose platform answered. */
bool collector_round(struct store *store, struct fetch *fetch, const struct event *events,
                     size_t count, collector_visit *visit, void *context,
                     struct collector_summary *summary, struct err *err);

/* Queues the question for an event's listings; `context` comes back with the result. ERR_EVENT when there is no way to
   ask. */
bool collector_ask(struct fetch *fetch, const struct event *event, void *context, struct err *err);

/* Stores how that ended, with the time of now: whatever it was, a snapshot with its outcome; nothing when the host
   rests. `poll` tells about it, its reason is in `why`. False only when the store fails. */
bool collector_keep(struct store *store, const struct event *event,
                    const struct fetch_result *result, struct collector_poll *poll, struct err *why,
                    struct err *err);

/* Queues a question about names, place and date: of one event by its id (`page` 0), or one page, from 1, of all that its
   performer plays. Otherwise as collector_ask(). */
bool collector_ask_about(struct fetch *fetch, const struct event *event, int page, void *context,
                         struct err *err);

/* Reads how such a question ended: its outcome, and what the platform told, which is to be released. `why` says why it
   is not good. */
enum outcome collector_told(const struct event *event, int page, const struct fetch_result *result,
                            struct platform_page *told, struct err *why);

/* Asks the platform for an event's names, place and date; when they came the event is no longer
   pending. False with err when it could not be had (NOT_FOUND, UNREACHABLE, EVENT, or INTERRUPTED
   and TERMINATED by a stop); `outcome` says how it ended. Nothing is stored. */
bool collector_lookup(struct fetch *fetch, struct event *event, enum outcome *outcome,
                      struct err *err);

/* Searches a platform, page after page to the last (or until `limit` events); calls `visit` with
   each page, false ends. Errors as collector_lookup(). */
bool collector_search(struct fetch *fetch, const struct platform *platform, const char *words,
                      size_t limit, bool (*visit)(void *context, const struct platform_page *page),
                      void *context, struct err *err);

/* The exit class of a round by the contract: NONE when all were good, EVENT, or UNREACHABLE when
   every event ended blocked, rate_limited or network. */
enum err_code collector_verdict(const struct collector_summary *summary);

#endif
