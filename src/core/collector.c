#include "core/collector.h"

#include <signal.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "core/listing.h"
#include "core/plan.h"
#include "io/hash.h"

enum { URL_MAX = 2048 };

/* Rounds of `http.parallel` that are queued: memory stays flat however many events there are. */
enum { AHEAD = 2 };

enum question { LISTINGS, PRODUCTION, PERFORMER };

struct round {
    struct store *store;
    struct fetch *fetch;
    const struct event *events;
    size_t count, next; /* next to be queued */
    bool *answered;     /* by event: the platform let itself be asked */
    collector_visit *visit;
    void *context;
    struct collector_summary *summary;
    bool ended; /* the visitor has had enough */
};

static struct platform_answer answer_of(const struct http_response *response)
{
    return (struct platform_answer){
        .status = response->status,
        .content_type = response->content_type,
        .body = buf_text(&response->body),
        .length = response->body.length,
    };
}

static bool write_url(const struct platform *platform, const char *origin,
                      const struct event *event, enum question question, int page, struct buf *url)
{
    switch (question) {
    case LISTINGS:
        return platform->listings_url(origin, event->external_id, url);
    case PRODUCTION:
        return platform->production_url(origin, event->external_id, url);
    case PERFORMER:
        break;
    }
    return platform->performer_url(origin, event->performer_id, page, url);
}

/* The platform of an event, and the URL to ask it at. NULL when there is none. */
static const struct platform *where_to_ask(const struct fetch *fetch, const struct event *event,
                                           enum question question, int page, struct buf *url,
                                           struct err *err)
{
    const struct platform *platform = platform_find(event->platform);
    if (platform == NULL) {
        err_set(err, ERR_EVENT, "no marketplace '%s' is known here", event->platform);
        return NULL;
    }
    if (write_url(platform, fetch_origin(fetch, platform), event, question, page, url))
        return platform;
    err_set(err, ERR_EVENT, "no URL can be made of id '%s'", event->external_id);
    return NULL;
}

static void add_report(struct collector_summary *summary, const struct collector_poll *poll)
{
    const struct ingest_report *report = &poll->report;
    summary->repeated += poll->repeated;
    summary->listings += report->listings;
    summary->changed += report->added + report->removed + report->changed;
    summary->rejected += report->rejected;
}

/* Counts a poll and shows it. */
static void end_poll(struct round *round, const struct collector_poll *poll)
{
    struct collector_summary *summary = round->summary;
    summary->done++;
    if (poll->resting)
        summary->resting++;
    else
        summary->by_outcome[poll->outcome]++;
    add_report(summary, poll);
    round->answered[poll->event - round->events] =
        !poll->resting && !outcome_is_refusal(poll->outcome);
    if (!round->visit(round->context, poll, summary))
        round->ended = true;
}

static bool store_failure(struct store *store, const struct collector_poll *poll,
                          const struct ingest_poll *facts, struct err *err)
{
    struct store_failure failure = {
        .at_ms = facts->at_ms,
        .outcome = poll->outcome,
        .took_ms = facts->took_ms,
        .bytes = facts->bytes,
        .reason = poll->reason,
    };
    return store_save_failure(store, poll->event->id, &failure, err);
}

/* Stores a market. One that contradicts what the store has for that time is the event's failure,
 * not the store's. */
static bool store_market(struct store *store, struct collector_poll *poll,
                         const struct ingest_poll *facts, const struct market *market,
                         struct err *why, struct err *err)
{
    if (ingest_market(store, poll->event->id, facts, market, &poll->report, why))
        return true;
    poll->report = (struct ingest_report){0};
    if (why->code != ERR_EVENT) {
        *err = *why;
        return false;
    }
    poll->outcome = OUTCOME_BAD_PAYLOAD;
    poll->reason = why->text;
    return true;
}

/* Stores a whole answer. */
static bool store_answer(struct store *store, struct collector_poll *poll, struct ingest_poll facts,
                         const struct platform_answer *answer, struct err *why, struct err *err)
{
    int64_t id = poll->event->id;
    unsigned char hash[HASH_SIZE];
    hash_bytes(hash, answer->body, answer->length);
    facts.body_hash = hash;
    if (!ingest_is_repeat(store, id, facts.at_ms, hash, &poll->repeated, err))
        return false;
    /* When the repeat cannot be stored because another process came between, the body is read after
     * all. */
    poll->repeated = poll->repeated && ingest_repeat(store, id, &facts, &poll->report, why);
    if (poll->repeated) {
        poll->outcome = poll->report.listings > 0 ? OUTCOME_OK : OUTCOME_EMPTY;
        return true;
    }
    err_reset(why);
    AUTO_MARKET struct market market = {0};
    market_init(&market);
    const struct platform *platform = platform_find(poll->event->platform);
    poll->outcome = platform->read_listings(answer, poll->event->external_id, &market, why);
    facts.outcome = poll->outcome;
    poll->reason = why->text;
    return outcome_is_good(poll->outcome) ? store_market(store, poll, &facts, &market, why, err)
                                          : store_failure(store, poll, &facts, err);
}

bool collector_keep(struct store *store, const struct event *event,
                    const struct fetch_result *result, struct collector_poll *poll, struct err *why,
                    struct err *err)
{
    *poll = (struct collector_poll){
        .event = event,
        .outcome = result->outcome,
        .resting = result->resting,
        .reason = result->reason,
    };
    struct ingest_poll facts = {
        .at_ms = clock_now_ms(),
        .outcome = result->outcome,
        .took_ms = result->took_ms,
        .bytes = result->bytes,
    };
    if (result->answered) {
        struct platform_answer answer = answer_of(&result->response);
        return store_answer(store, poll, facts, &answer, why, err);
    }
    return result->resting || store_failure(store, poll, &facts, err);
}

/* Stores how a request ended and shows it. */
static bool store_result(struct round *round, const struct fetch_result *result, struct err *err)
{
    struct collector_poll poll;
    struct err why = {0};
    round->summary->bytes += result->bytes;
    if (!collector_keep(round->store, result->context, result, &poll, &why, err))
        return false;
    end_poll(round, &poll);
    return true;
}

bool collector_ask(struct fetch *fetch, const struct event *event, void *context, struct err *err)
{
    AUTO_BUF struct buf url = {0};
    buf_init(&url, URL_MAX);
    return where_to_ask(fetch, event, LISTINGS, 0, &url, err) != NULL &&
           fetch_add(fetch, buf_text(&url), context, err);
}

bool collector_ask_about(struct fetch *fetch, const struct event *event, int page, void *context,
                         struct err *err)
{
    AUTO_BUF struct buf url = {0};
    buf_init(&url, URL_MAX);
    return where_to_ask(fetch, event, page > 0 ? PERFORMER : PRODUCTION, page, &url, err) != NULL &&
           fetch_add(fetch, buf_text(&url), context, err);
}

enum outcome collector_told(const struct event *event, int page, const struct fetch_result *result,
                            struct platform_page *told, struct err *why)
{
    *told = (struct platform_page){0};
    if (!result->answered) {
        err_set(why, ERR_EVENT, "%s", result->reason);
        return result->outcome;
    }
    const struct platform *platform = platform_find(event->platform);
    struct platform_answer answer = answer_of(&result->response);
    if (page > 0)
        return platform->read_page(&answer, told, why);
    struct event one = *event;
    enum outcome outcome = platform->read_production(&answer, event->external_id, &one, why);
    if (outcome_is_good(outcome)) {
        *told = (struct platform_page){mem_alloc(1, sizeof one), 1, 1, 1};
        *told->events = one;
    }
    return outcome;
}

/* Queues a few more events; those that cannot even be asked for end here. */
static void feed(struct round *round)
{
    int most = fetch_parallel(round->fetch) * AHEAD;
    while (!round->ended && round->next < round->count && fetch_pending(round->fetch) < most) {
        const struct event *event = &round->events[round->next++];
        struct err why = {0};
        if (collector_ask(round->fetch, event, (void *)event, &why))
            continue;
        struct collector_poll poll = {
            .event = event, .outcome = OUTCOME_BAD_PAYLOAD, .reason = why.text};
        end_poll(round, &poll);
    }
}

static bool poll_all(struct round *round, struct err *err)
{
    bool stored = true;
    while (stored && !round->ended) {
        feed(round);
        struct fetch_result result;
        if (round->ended || !fetch_next(round->fetch, -1, &result))
            break;
        stored = store_result(round, &result, err);
        fetch_result_release(&result);
    }
    fetch_abandon(round->fetch);
    return stored;
}

/* Asks again for the names of events that were tracked while the platform could not be asked. One
   that still cannot be had stays pending for the next round. */
static bool complete_pending(struct round *round, struct err *err)
{
    for (size_t i = 0; i < round->count && stop_requested() == 0; i++) {
        if (!round->events[i].pending || !round->answered[i])
            continue;
        struct event event = round->events[i];
        enum outcome outcome;
        struct err why = {0};
        if (!collector_lookup(round->fetch, &event, &outcome, &why)) {
            if (outcome_is_refusal(outcome))
                break;
            continue;
        }
        if (!plan_describe(round->store, &event, 1, clock_now_ms(), err))
            return false;
    }
    return true;
}

bool collector_round(struct store *store, struct fetch *fetch, const struct event *events,
                     size_t count, collector_visit *visit, void *context,
                     struct collector_summary *summary, struct err *err)
{
    int64_t started_ms = clock_monotonic_ms();
    *summary = (struct collector_summary){.events = (int64_t)count};
    AUTO_FREE bool *answered = mem_alloc(count + 1, sizeof *answered);
    struct round round = {
        .store = store,
        .fetch = fetch,
        .events = events,
        .count = count,
        .answered = answered,
        .visit = visit,
        .context = context,
        .summary = summary,
    };
    bool stored = poll_all(&round, err) && (round.ended || complete_pending(&round, err));
    summary->took_ms = clock_monotonic_ms() - started_ms;
    return stored;
}

/* The class of an error that ended a question to a platform. */
static enum err_code outcome_error(enum outcome outcome)
{
    if (outcome == OUTCOME_NOT_FOUND)
        return ERR_NOT_FOUND;
    return outcome_is_refusal(outcome) ? ERR_UNREACHABLE : ERR_EVENT;
}

/* Fetches one URL. True with an answer to be read; else err says why there is none. */
static bool ask(struct fetch *fetch, const char *url, struct fetch_result *result,
                enum outcome *outcome, struct err *err)
{
    *outcome = OUTCOME_NETWORK;
    if (!fetch_one(fetch, url, result, err))
        return false;
    *outcome = result->outcome;
    if (result->answered)
        return true;
    err_set(err, outcome_error(result->outcome), "%s: %s", outcome_word(result->outcome),
            result->reason);
    fetch_result_release(result);
    return false;
}

static bool look_up(struct fetch *fetch, struct event *event, enum outcome *outcome,
                    struct err *err)
{
    AUTO_BUF struct buf url = {0};
    buf_init(&url, URL_MAX);
    *outcome = OUTCOME_BAD_PAYLOAD;
    const struct platform *platform = where_to_ask(fetch, event, PRODUCTION, 0, &url, err);
    if (platform == NULL)
        return false;
    struct fetch_result result;
    if (!ask(fetch, buf_text(&url), &result, outcome, err))
        return false;
    struct platform_answer answer = answer_of(&result.response);
    struct event read = *event;
    *outcome = platform->read_production(&answer, event->external_id, &read, err);
    fetch_result_release(&result);
    if (!outcome_is_good(*outcome)) {
        err->code = outcome_error(*outcome);
        return false;
    }
    *event = read;
    event->pending = false;
    return true;
}

bool collector_lookup(struct fetch *fetch, struct event *event, enum outcome *outcome,
                      struct err *err)
{
    if (look_up(fetch, event, outcome, err))
        return true;
    return err_wrap(err, "event '%s:%s'", event->platform, event->external_id);
}

/* Asks for one page of a search. */
static bool read_page(struct fetch *fetch, const struct platform *platform, const char *words,
                      int number, struct platform_page *page, struct err *err)
{
    AUTO_BUF struct buf url = {0};
    buf_init(&url, URL_MAX);
    struct fetch_result result;
    enum outcome outcome;
    if (!platform->search_url(fetch_origin(fetch, platform), words, number, &url))
        return err_set(err, ERR_USAGE, "the words are too long");
    if (!ask(fetch, buf_text(&url), &result, &outcome, err))
        return false;
    struct platform_answer answer = answer_of(&result.response);
    outcome = platform->read_page(&answer, page, err);
    fetch_result_release(&result);
    if (outcome_is_good(outcome))
        return true;
    err->code = outcome_error(outcome);
    return false;
}

bool collector_search(struct fetch *fetch, const struct platform *platform, const char *words,
                      size_t limit, bool (*visit)(void *context, const struct platform_page *page),
                      void *context, struct err *err)
{
    bool more = limit > 0;
    for (int number = 1; more; number++) {
        struct platform_page page = {0};
        if (!read_page(fetch, platform, words, number, &page, err))
            return err_wrap(err, "search '%s'", words);
        page.count = page.count < limit ? page.count : limit;
        limit -= page.count;
        more = page.count > 0 && visit(context, &page) && limit > 0 && number < page.page_count;
        platform_page_release(&page);
    }
    return true;
}

enum err_code collector_verdict(const struct collector_summary *summary)
{
    int64_t good = 0, refused = summary->resting;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        if (outcome_is_good((enum outcome)i))
            good += summary->by_outcome[i];
        else if (outcome_is_refusal((enum outcome)i))
            refused += summary->by_outcome[i];
    }
    if (good == summary->done)
        return ERR_NONE;
    return refused == summary->events ? ERR_UNREACHABLE : ERR_EVENT;
}
