#include "base/log.h"
#include "cli/cmd.h"
#include "core/query.h"

static const struct opt options[] = {
    {.name = "all",
     .letter = 'a',
     .kind = OPT_FLAG,
     .help = "everything stored, not only what is tracked"},
    {.name = NULL},
};

static bool run(struct cmd_call *call, struct err *err)
{
    AUTO_FRAME struct frame frame = {0};
    bool all = opt_has(call->options, "all");
    if (!query_events(call->store, all, &frame, err))
        return false;
    if (frame.row_count == 0)
        log_say(all ? "the store is empty: tws search WORDS, then tws track ID"
                    : "nothing is tracked: tws search WORDS, then tws track ID");
    emit_frame(&call->emit, &frame);
    return true;
}

const struct cmd cmd_events = {
    .name = "events",
    .group = CMD_COLLECT,
    .summary = "the events that are tracked",
    .arguments = "",
    .needs = NEEDS_STORE_READ,
    .options = {options, emit_options},
    .examples =
        {
            {"tws events", "what is tracked"},
            {"tws events --all --format json", "everything stored, for a program"},
        },
    .keys = "id, event, name, venue, city, state, date, timezone, category, active, last_scraped, "
            "url",
    .run = run,
};
