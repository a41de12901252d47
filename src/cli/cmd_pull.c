#include "base/log.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "core/pull.h"

static const struct opt options[] = {
    {.name = "tenant",
     .kind = OPT_TEXT,
     .value = "NAME",
     .help = "the tenant's id or name, instead of the setting sync.tenant"},
    {.name = NULL},
};

static void progress(const struct pull_report *so_far)
{
    char events[32], rows[32];
    log_progress("%s events, %s hours and days", text_thousands(events, so_far->events),
                 text_thousands(rows, so_far->rows));
}

static bool run(struct cmd_call *call, struct err *err)
{
    char events[32], fresh[32], rows[32];
    struct pull_report report;
    struct pull_options wanted = {
        .tenant = opt_text(call->options, "tenant"),
        .events = call->arguments,
        .event_count = call->argument_count,
        .progress = progress,
    };
    bool ok = pull_run(call->store, call->conf, &wanted, &report, err);
    log_progress("%s", "");
    if (!ok)
        return false;
    cmd_report(call, "%s: %s event%s, %s new; %s hours and days new or other", report.tenant_name,
               text_thousands(events, report.events), report.events == 1 ? "" : "s",
               text_thousands(fresh, report.new_events), text_thousands(rows, report.rows));
    return true;
}

const struct cmd cmd_pull = {
    .name = "pull",
    .group = CMD_SHARE,
    .summary = "bring what others of the team collected into the store",
    .arguments = "[EVENT...]",
    .about = "Events, zones, hours and days of other workstations, kept apart from what this one "
             "collected and\n"
             "merged with it where trends, groups and counts are read. Days that are here already "
             "are not sent\n"
             "again. Nothing that was pulled is ever sent back.",
    .needs = NEEDS_STORE,
    .options = {options},
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws pull", "everything the team has"},
            {"tws pull vividseats:6501519", "one event"},
        },
    .run = run,
};
