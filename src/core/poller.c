#include "core/poller.h"

#include <poll.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/stop.h"
#include "core/collector.h"
#include "core/platform.h"

static int64_t monotonic_ms(void *self)
{
    (void)self;
    return clock_monotonic_ms();
}

/* A fixed clock is for reading; what waits must not stand still with it. */
static int64_t wall_ms(void *self)
{
    const struct poller *poller = self;
    int64_t passed_ms = clock_monotonic_ms() - poller->started_ms;
    return clock_now_ms() + (clock_is_fixed() ? passed_ms : 0);
}

static size_t room(void *self)
{
    const struct poller *poller = self;
    int pending = fetch_pending(poller->fetch), parallel = fetch_parallel(poller->fetch);
    return pending < parallel ? (size_t)(parallel - pending) : 0;
}

static int64_t rate(void *self)
{
    const struct poller *poller = self;
    return fetch_host_of(poller->fetch, platform_list()[0]).allowed;
}

static int64_t held_ms(void *self)
{
    const struct poller *poller = self;
    return fetch_host_of(poller->fetch, platform_list()[0]).held_ms;
}

static bool start(void *self, struct watch_poll *poll, struct err *why)
{
    struct poller *poller = self;
    if (!collector_ask(poller->fetch, &poll->event, poll, why))
        return false;
    if (poll->start_by_ms > 0)
        fetch_grant(poller->fetch, poll, poll->start_by_ms);
    return true;
}

static bool ask(void *self, struct watch_question *question, struct err *why)
{
    struct poller *poller = self;
    if (!collector_ask_about(poller->fetch, &question->event, question->page, question, why))
        return false;
    poller->question = question;
    if (question->start_by_ms > 0)
        fetch_grant(poller->fetch, question, question->start_by_ms);
    return true;
}

static void take_told(struct poller *poller, const struct fetch_result *result,
                      struct watch_end *end)
{
    struct watch_question *question = poller->question;
    struct err why = {0};
    poller->question = NULL;
    *end = (struct watch_end){
        .question = question,
        .outcome = collector_told(&question->event, question->page, result, &question->told, &why),
        .resting = result->resting,
        .took_ms = result->took_ms,
        .bytes = result->bytes,
    };
    snprintf(end->reason, sizeof end->reason, "%.*s", (int)sizeof end->reason - 1, why.text);
}

static bool keep(struct poller *poller, const struct fetch_result *result, struct watch_end *end,
                 struct err *err)
{
    struct watch_poll *asked = result->context;
    struct collector_poll poll;
    struct err why = {0};
    if (!collector_keep(poller->store, &asked->event, result, &poll, &why, err))
        return false;
    *end = (struct watch_end){
        .poll = asked,
        .outcome = poll.outcome,
        .resting = poll.resting,
        .took_ms = result->took_ms,
        .bytes = result->bytes,
        .retry_after_ms = outcome_is_refusal(poll.outcome) ? result->response.retry_after_ms : -1,
        .listings = poll.report.listings,
        .changed = poll.report.added + poll.report.removed + poll.report.changed,
    };
    snprintf(end->reason, sizeof end->reason, "%.*s", (int)sizeof end->reason - 1, poll.reason);
    return true;
}

static bool wait(void *self, int64_t patience_ms, struct watch_end *end, bool *ended,
                 struct err *err)
{
    struct poller *poller = self;
    struct fetch_result result;
    *ended = false;
    if (fetch_pending(poller->fetch) == 0) {
        struct pollfd wake = {.fd = stop_fd(), .events = POLLIN};
        poll(&wake, 1, (int)patience_ms);
        return true;
    }
    if (!fetch_next(poller->fetch, (int)patience_ms, &result))
        return true;
    *ended = true;
    if (result.context == poller->question)
        take_told(poller, &result, end);
    else
        *ended = keep(poller, &result, end, err);
    fetch_result_release(&result);
    return *ended;
}

static void abandon(void *self)
{
    struct poller *poller = self;
    fetch_abandon(poller->fetch);
    poller->question = NULL;
}

void poller_init(struct poller *poller, struct store *store, struct fetch *fetch,
                 struct watch_world *world)
{
    *poller = (struct poller){store, fetch, clock_monotonic_ms(), NULL};
    *world = (struct watch_world){
        .self = poller,
        .monotonic_ms = monotonic_ms,
        .wall_ms = wall_ms,
        .room = room,
        .rate = rate,
        .held_ms = held_ms,
        .start = start,
        .ask = ask,
        .wait = wait,
        .abandon = abandon,
    };
}
