#include "base/log.h"
#include "cli/cmd.h"
#include "core/query.h"
#include "core/query_service.h"

static const struct opt options[] = {
    {.name = "all",
     .letter = 'a',
     .kind = OPT_FLAG,
     .help = "everything stored, not only what is tracked"},
    {.name = "schedule",
     .kind = OPT_FLAG,
     .help = "when each event is to be polled next, and why then"},
    {.name = NULL},
};

static bool show_schedule(struct cmd_call *call, struct err *err)
{
    AUTO_FRAME struct frame frame = {0};
    struct schedule_settings settings;
    if (!schedule_settings_read(call->conf, &settings, err) ||
        !query_service_schedule(call->store, &settings, conf_count(call->conf, CONF_RATE), &frame,
                                err))
        return false;
    emit_frame(&call->emit, &frame);
    return true;
}

static bool run(struct cmd_call *call, struct err *err)
{
    AUTO_FRAME struct frame frame = {0};
    bool all = opt_has(call->options, "all");
    if (opt_has(call->options, "schedule"))
        return show_schedule(call, err);
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
            {"tws events --schedule", "what `tws watch` will do next"},
        },
    .keys = "id, event, name, venue, city, state, date, timezone, category, active, last_scraped, "
            "url",
    .run = run,
};
