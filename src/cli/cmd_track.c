#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/when.h"
#include "cli/cmd.h"
#include "cli/follow.h"
#include "core/collector.h"
#include "core/plan.h"
#include "core/resolve.h"

static const struct opt options[] = {
    {.name = "every",
     .kind = OPT_TEXT,
     .value = "SPAN",
     .help = "poll it so often, whatever its market does (1min to 7d; auto: as the settings say)"},
    {.name = "priority",
     .kind = OPT_WORD,
     .value = "WORD",
     .help = "what comes first when the rate does not allow all (default normal)",
     .words = "low|normal|high"},
    {.name = NULL},
};

static bool read_wish(const struct opt_values *typed, struct plan_wish *wish, struct err *err)
{
    const char *every = opt_text(typed, "every");
    *wish = (struct plan_wish){
        .every_ms = every && strcmp(every, "auto") == 0 ? 0 : -1,
        .priority = opt_word(typed, "priority"),
        .again = true,
    };
    if (every == NULL || wish->every_ms == 0)
        return true;
    if (!when_parse_span(every, &wish->every_ms, err))
        return err_wrap(err, "option '--every'");
    if (wish->every_ms >= SCHEDULE_EVERY_MIN_S * CLOCK_SECOND_MS &&
        wish->every_ms <= SCHEDULE_EVERY_MAX_D * CLOCK_DAY_MS)
        return true;
    return err_set(err, ERR_USAGE, "option '--every': '%.60s' is not from 1min to 7d", every);
}

/* What is stored of the event counts until the platform says otherwise. False: it is tracked
 * already. */
static bool is_new(struct store *store, struct event *event, bool *fresh, struct err *err)
{
    struct event stored;
    struct err missing = {0};
    *fresh = true;
    if (store_find_event(store, event->platform, event->external_id, &stored, &missing)) {
        *event = stored;
        *fresh = stored.state != EVENT_TRACKED;
        return true;
    }
    if (missing.code == ERR_NOT_FOUND)
        return true;
    *err = missing;
    return false;
}

/* A platform that cannot be asked just now does not keep an event from being tracked; one that says
   there is no such event does. */
static bool look_up(struct fetch *fetch, struct event *event, struct err *err)
{
    char name[EVENT_NAME_MAX + 8];
    enum outcome outcome = OUTCOME_OK;
    struct err why = {0};
    if (collector_lookup(fetch, event, &outcome, &why)) {
        event->pending = false;
        return true;
    }
    if (stop_requested()) {
        *err = why;
        return false;
    }
    if (outcome == OUTCOME_NOT_FOUND)
        return err_set(err, ERR_EVENT, "event '%s': not_found: %s", event_name(name, event),
                       outcome_sentence(outcome));
    event->pending = true;
    log_warn("%s; tracked all the same, its name and date will be asked for again", why.text);
    return true;
}

static bool track(struct cmd_call *call, struct fetch *fetch, struct event *event,
                  const struct plan_wish *wish, struct err *err)
{
    bool fresh;
    char name[EVENT_NAME_MAX + 8];
    if (!is_new(call->store, event, &fresh, err))
        return false;
    if (!fresh)
        cmd_report(call, "%s is tracked already", event_name(name, event));
    else if (!look_up(fetch, event, err) || !follow_event(call, call->store, event, err))
        return false;
    else if (!event->pending && !plan_describe(call->store, event, 1, clock_now_ms(), err))
        return false;
    return plan_set(call->store, event->id, wish, clock_now_ms(), err);
}

static bool run(struct cmd_call *call, struct err *err)
{
    size_t failed = 0, count = call->argument_count;
    AUTO_FREE struct event *events = mem_alloc(count, sizeof *events);
    struct err first = {0};
    struct plan_wish wish;
    if (!read_wish(call->options, &wish, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!resolve_id(call->conf, call->arguments[i], &events[i], err))
            return false;
    struct fetch *fetch = fetch_open(call->conf, err);
    if (!fetch)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (track(call, fetch, &events[i], &wish, err))
            continue;
        if (failed++ == 0)
            first = *err;
        else
            log_warn("%s", err->text);
        if (err->code == ERR_STORE || stop_requested())
            break;
    }
    fetch_close(fetch);
    *err = first;
    return failed == 0;
}

const struct cmd cmd_track = {
    .name = "track",
    .group = CMD_COLLECT,
    .summary = "follow events from now on",
    .arguments = "URL|ID...",
    .about = "The platform is asked for name, place and date; when it cannot be asked just now the "
             "event is kept\n"
             "and asked about again. No snapshot is taken: that is `tws scrape` or `tws watch`. "
             "Given again it "
             "changes\n"
             "how an event is polled, and one that the collector has retired is polled again.",
    .needs = NEEDS_STORE,
    .options = {options},
    .examples =
        {
            {"tws track 6501519", "by its number"},
            {"tws track 6501519 --every 5min --priority high", "often, and before others"},
            {"tws track https://www.vividseats.com/x/production/6501519", "by its address"},
        },
    .run = run,
};
