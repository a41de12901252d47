#include "cli/cmd.h"
#include "core/resolve.h"

static bool untrack(struct cmd_call *call, const char *typed, struct err *err)
{
    struct event event;
    char name[EVENT_NAME_MAX + 8];
    if (!resolve_event(call->store, call->conf, typed, &event, err))
        return false;
    event_name(name, &event);
    if (event.state != EVENT_TRACKED) {
        cmd_report(call, "%s is not tracked", name);
        return true;
    }
    if (!store_set_state(call->store, event.id, EVENT_UNTRACKED, err))
        return false;
    cmd_report(call, "no longer tracking %s; what is stored of it stays", name);
    return true;
}

static bool run(struct cmd_call *call, struct err *err)
{
    for (size_t i = 0; i < call->argument_count; i++)
        if (!untrack(call, call->arguments[i], err))
            return false;
    return true;
}

const struct cmd cmd_untrack = {
    .name = "untrack",
    .group = CMD_COLLECT,
    .summary = "stop following events; what is stored stays",
    .arguments = "EVENT...",
    .needs = NEEDS_STORE,
    .complete = OPT_COMPLETE_EVENT,
    .examples = {{"tws untrack 6501519", "no more polls of it"}},
    .run = run,
};
