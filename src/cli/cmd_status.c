#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "core/query.h"
#include "core/sync.h"
#include "core/vitals.h"

/* What the store knows of the team; nobody is asked. Nothing where there is no team. */
static bool tell_team(const struct cmd_call *call, struct err *err)
{
    char when[CLOCK_TEXT_MAX], count[32], span[CLOCK_TEXT_MAX];
    int64_t last_ms, waiting, lag_ms;
    if (!team_is_configured(call->conf))
        return true;
    if (!sync_state(call->store, &last_ms, &waiting, err) ||
        !sync_lag(call->store, call->conf, clock_now_ms(), &lag_ms, err))
        return false;
    bool late = lag_ms >= CLOCK_MINUTE_MS;
    log_say("team: last sync %s, %s change%s waiting%s%s",
            last_ms > 0 ? clock_format(when, last_ms) : "never", text_thousands(count, waiting),
            waiting == 1 ? "" : "s", late ? ", the oldest for " : "",
            late ? clock_format_span(span, lag_ms) : "");
    return true;
}

static const struct opt options[] = {
    {.name = "service",
     .kind = OPT_FLAG,
     .help = "the whole instead of each event: success, latency, jobs, store, chores"},
    {.name = NULL},
};

static bool run(struct cmd_call *call, struct err *err)
{
    AUTO_FRAME struct frame frame = {0};
    bool service = opt_has(call->options, "service");
    if (service ? !vitals_frame(call->store, call->conf, clock_now_ms(), &frame, err)
                : !query_status(call->store, &frame, err))
        return false;
    if (frame.row_count == 0)
        log_say("the store is empty: tws search WORDS, then tws track ID");
    emit_frame(&call->emit, &frame);
    return tell_team(call, err);
}

const struct cmd cmd_status = {
    .name = "status",
    .group = CMD_READ,
    .summary = "how collecting goes: the last outcome and the snapshots of each event",
    .arguments = "",
    .about = "Where a team's database is configured, stderr tells when it was last sent to and "
             "what waits.",
    .needs = NEEDS_STORE_READ,
    .options = {options, emit_options},
    .examples =
        {
            {"tws status", "a row an event"},
            {"tws status --service --format json", "the whole, for a program"},
        },
    .run = run,
};
