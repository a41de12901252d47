#include "base/log.h"
#include "cli/cmd.h"
#include "core/query.h"

static bool run(struct cmd_call *call, struct err *err)
{
    AUTO_FRAME struct frame frame = {0};
    if (!query_status(call->store, &frame, err))
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
    .options = {emit_options},
    .examples = {{"tws status", "a row an event"}},
    .run = run,
};
