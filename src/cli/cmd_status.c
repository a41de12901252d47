#include "base/clock.h"
#include "base/log.h"
#include "cli/cmd.h"
#include "core/query.h"
#include "core/vitals.h"

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
    if (service ? !vitals_frame(call->store, clock_now_ms(), &frame, err)
                : !query_status(call->store, &frame, err))
        return false;
    if (frame.row_count == 0)
        log_say("the store is empty: tws search WORDS, then tws track ID");
    emit_frame(&call->emit, &frame);
    return true;
}

const struct cmd cmd_status = {
    .name = "status",
    .group = CMD_READ,
    .summary = "how collecting goes: the last outcome and the snapshots of each event",
    .arguments = "",
    .needs = NEEDS_STORE_READ,
    .options = {options, emit_options},
    .examples =
        {
            {"tws status", "a row an event"},
            {"tws status --service --format json", "the whole, for a program"},
        },
    .run = run,
};
