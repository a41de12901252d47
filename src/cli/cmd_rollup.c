#include "base/log.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "core/resolve.h"
#include "core/rollup_verify.h"

static const struct opt options[] = {
    {.name = "verify",
     .kind = OPT_FLAG,
     .help = "compute everything again from the listings and compare"},
    {.name = "rebuild", .kind = OPT_FLAG, .help = "the same, and replace what differs"},
    {.name = NULL},
};

static void progress(int64_t done, int64_t total)
{
    log_progress("%lld of %lld events", (long long)done, (long long)total);
}

static bool report(const struct cmd_call *call, const struct rollup_verify_report *found,
                   bool rebuild, struct err *err)
{
    char events[32], snapshots[32], buckets[32], differences[32];
    text_thousands(differences, found->differences);
    cmd_report(call, "%s event%s, %s snapshots, %s buckets: %s difference%s%s",
               text_thousands(events, found->events), found->events == 1 ? "" : "s",
               text_thousands(snapshots, found->snapshots), text_thousands(buckets, found->buckets),
               found->differences ? differences : "no", found->differences > 1 ? "s" : "",
               rebuild && found->differences ? ", replaced" : "");
    if (rebuild || found->differences == 0)
        return true;
    err_set(err, ERR_FAILURE, "%s difference%s, the first: %s", differences,
            found->differences > 1 ? "s" : "", found->first);
    return err_hint(err, "tws rollup --rebuild replaces them by what the listings say");
}

static bool run(struct cmd_call *call, struct err *err)
{
    bool verify = opt_has(call->options, "verify"), rebuild = opt_has(call->options, "rebuild");
    struct rollup_verify_report found = {0};
    struct event event = {0};
    const char *path = conf_text(call->conf, CONF_DB);
    if (verify == rebuild)
        return err_set(err, ERR_USAGE, "rollup: give --verify or --rebuild");
    AUTO_STORE struct store *store =
        rebuild ? store_open(path, err) : store_open_readonly(path, err);
    if (!store)
        return false;
    if (call->argument_count > 0 &&
        !resolve_event(store, call->conf, call->arguments[0], &event, err))
        return false;
    bool ok = rollup_verify(store, event.id, rebuild, progress, &found, err);
    log_progress("%s", "");
    return ok && report(call, &found, rebuild, err);
}

const struct cmd cmd_rollup = {
    .name = "rollup",
    .group = CMD_KEEP,
    .summary = "check or rebuild the hourly and daily figures",
    .arguments = "[EVENT]",
    .needs = NEEDS_CONF,
    .options = {options},
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws rollup --verify", "exit 1 and the first difference, if there is one"},
            {"tws rollup --rebuild 6501519", "one event"},
        },
    .run = run,
};
