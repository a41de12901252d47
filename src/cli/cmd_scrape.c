#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "core/collector.h"
#include "core/resolve.h"

enum { LINE_MAX_BYTES = 512 };

static bool choose_tracked(struct cmd_call *call, struct event **events, size_t *count,
                           struct err *err)
{
    if (!store_events(call->store, false, events, count, err))
        return false;
    if (*count > 0)
        return true;
    err_set(err, ERR_USAGE, "nothing is tracked");
    return err_hint(err, "tws search WORDS finds events, tws track ID follows them");
}

static bool contains(const struct event *events, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (events[i].id == id)
            return true;
    return false;
}

static bool choose_named(struct cmd_call *call, struct event **events, size_t *count,
                         struct err *err)
{
    struct event event;
    *events = mem_alloc(call->argument_count, sizeof **events);
    for (size_t i = 0; i < call->argument_count; i++) {
        if (!resolve_event(call->store, call->conf, call->arguments[i], &event, err))
            return false;
        if (!contains(*events, *count, event.id))
            (*events)[(*count)++] = event;
    }
    return true;
}

static bool visit(void *context, const struct collector_poll *poll,
                  const struct collector_summary *so_far)
{
    (void)context;
    char name[EVENT_NAME_MAX + 8];
    if (poll->resting)
        log_warn("event '%s': not asked: %s", event_name(name, poll->event),
                 *poll->reason ? poll->reason : "its host rests");
    else if (!outcome_is_good(poll->outcome))
        log_warn("event '%s': %s: %s", event_name(name, poll->event), outcome_word(poll->outcome),
                 *poll->reason ? poll->reason : outcome_sentence(poll->outcome));
    log_progress("%lld of %lld events, %lld listings", (long long)so_far->done,
                 (long long)so_far->events, (long long)so_far->listings);
    return true;
}

static void put_count(struct buf *line, int64_t count, const char *what)
{
    char text[32];
    buf_printf(line, "%s%s %s", line->length ? ", " : "", text_thousands(text, count), what);
}

/* "3.2 s" of a round that was quick, "12 min" of one that was not. */
static void put_span(struct buf *line, int64_t span_ms)
{
    char span[CLOCK_TEXT_MAX];
    int64_t tenths = (span_ms + 50) / 100;
    if (span_ms < CLOCK_MINUTE_MS)
        buf_printf(line, "%lld.%lld s", (long long)(tenths / 10), (long long)(tenths % 10));
    else
        buf_puts(line, clock_format_span(span, span_ms));
}

/* "5 events: 4 ok, 1 blocked; 8,123 listings, 412 changed, 0 rejected; 3.2 s" */
static void report(const struct cmd_call *call, const struct collector_summary *summary)
{
    char number[32];
    AUTO_BUF struct buf ends, counts;
    buf_init(&ends, LINE_MAX_BYTES);
    buf_init(&counts, LINE_MAX_BYTES);
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (summary->by_outcome[outcome] > 0)
            put_count(&ends, summary->by_outcome[outcome], outcome_word(outcome));
    if (summary->resting > 0)
        put_count(&ends, summary->resting, "not asked");
    if (summary->done < summary->events)
        put_count(&ends, summary->events - summary->done, "not finished");
    put_count(&counts, summary->listings, "listings");
    put_count(&counts, summary->changed, "changed");
    put_count(&counts, summary->rejected, "rejected");
    buf_puts(&counts, "; ");
    put_span(&counts, summary->took_ms);
    cmd_report(call, "%s event%s: %s; %s", text_thousands(number, summary->events),
               summary->events == 1 ? "" : "s", buf_text(&ends), buf_text(&counts));
}

static bool verdict(const struct collector_summary *summary, struct err *err)
{
    int64_t good = summary->by_outcome[OUTCOME_OK] + summary->by_outcome[OUTCOME_EMPTY];
    enum err_code code = collector_verdict(summary);
    if (stop_requested())
        return err_set(err, stop_error(),
                       "stopped after %lld of %lld events; what was read is stored",
                       (long long)summary->done, (long long)summary->events);
    if (code == ERR_NONE)
        return true;
    err_set(err, code, "%lld of %lld events failed", (long long)(summary->events - good),
            (long long)summary->events);
    if (code == ERR_UNREACHABLE && summary->by_outcome[OUTCOME_BLOCKED] > 0)
        err_hint(err, "save the page's traffic in a browser as HAR and: tws import FILE");
    return false;
}

static bool run(struct cmd_call *call, struct err *err)
{
    AUTO_FREE struct event *events = NULL;
    struct collector_summary summary = {0};
    size_t count = 0;
    bool chosen = call->argument_count > 0 ? choose_named(call, &events, &count, err)
                                           : choose_tracked(call, &events, &count, err);
    struct fetch *fetch = chosen ? fetch_open(call->conf, err) : NULL;
    if (!fetch)
        return false;
    bool stored = collector_round(call->store, fetch, events, count, visit, NULL, &summary, err);
    fetch_close(fetch);
    log_progress("%s", "");
    if (!stored)
        return false;
    report(call, &summary);
    return verdict(&summary, err);
}

const struct cmd cmd_scrape = {
    .name = "scrape",
    .group = CMD_COLLECT,
    .summary = "take a snapshot of each tracked event, or of some",
    .arguments = "[EVENT...]",
    .about =
        "Ends with a line of counts. An event that did not end well is named on stderr with its "
        "outcome;\n"
        "its stored listings stay as they are. Ctrl-C ends it and loses nothing that was stored.",
    .needs = NEEDS_STORE,
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws scrape", "everything tracked, once"},
            {"tws -q scrape 6501519", "one event, saying only what went wrong"},
        },
    .run = run,
};
