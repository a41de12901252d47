#include "base/log.h"
#include "cli/cmd.h"
#include "core/service.h"

static const struct opt options[] = {
    {.name = "once",
     .kind = OPT_FLAG,
     .help = "end when everything that is due now has been polled"},
    {.name = "log",
     .kind = OPT_WORD,
     .value = "STYLE",
     .help = "how lines on stderr are written (default: by where they go)",
     .words = "plain|journal|json"},
    {.name = "verbose", .letter = 'v', .kind = OPT_FLAG, .help = "a line for each poll"},
    {.name = NULL},
};

static bool run(struct cmd_call *call, struct err *err)
{
    int style = opt_word(call->options, "log");
    log_set_style(style < 0 ? log_default_style() : (enum log_style)style);
    log_set_debug(opt_has(call->options, "verbose"));
    struct service_options service = {
        .config_flag = opt_text(call->options, "config"),
        .db_flag = opt_text(call->options, "db"),
        .once = opt_has(call->options, "once"),
        .metrics_port = -1,
    };
    return service_run(call->store, call->conf, &service, err);
}

const struct cmd cmd_watch = {
    .name = "watch",
    .group = CMD_COLLECT,
    .summary = "poll what is tracked, for as long as it runs",
    .arguments = "",
    .about =
        "Runs in the foreground, one for each store; everything else may go on beside it. Ctrl-C "
        "or "
        "SIGTERM\n"
        "lets what is under way end, within ten seconds; SIGHUP reads the settings again. `tws "
        "events "
        "--schedule`\n"
        "tells when each event is due and why then, `tws jobs` what was done, `tws status` how it "
        "goes.",
    .needs = NEEDS_STORE,
    .options = {options},
    .examples =
        {
            {"tws watch", "until Ctrl-C"},
            {"tws watch --once", "from a timer: what is due, no more"},
            {"tws watch -v --log json", "a line for each poll, for a machine"},
        },
    .run = run,
};
