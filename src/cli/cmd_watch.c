#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "core/service.h"

static const struct opt options[] = {
    {.name = "once",
     .kind = OPT_FLAG,
     .help = "end when everything that is due now has been polled"},
    {.name = "metrics",
     .kind = OPT_TEXT,
     .value = "127.0.0.1:PORT",
     .help = "serve /metrics for Prometheus there (OpenMetrics), on loopback only"},
    {.name = "metrics-file",
     .kind = OPT_TEXT,
     .value = "FILE",
     .help = "keep the same in a file for the node exporter's textfile collector",
     .complete = OPT_COMPLETE_FILE},
    {.name = "log",
     .kind = OPT_WORD,
     .value = "STYLE",
     .help = "how lines on stderr are written (default: by where they go)",
     .words = "plain|journal|json"},
    {.name = "verbose", .letter = 'v', .kind = OPT_FLAG, .help = "a line for each poll"},
    {.name = NULL},
};

/* The server is on loopback whatever is typed, so nothing else is let pass. */
static bool read_port(const char *typed, int *port, struct err *err)
{
    int64_t number;
    const char *digits = typed && strncmp(typed, "127.0.0.1:", 10) == 0   ? typed + 10
                         : typed && strncmp(typed, "localhost:", 10) == 0 ? typed + 10
                                                                          : typed;
    *port = -1;
    if (typed == NULL)
        return true;
    if (!text_to_int(digits, &number) || number < 0 || number > 65535)
        return err_set(err, ERR_USAGE,
                       "option '--metrics': '%.60s' is not 127.0.0.1 and a port such as "
                       "127.0.0.1:9464",
                       typed);
    *port = (int)number;
    return true;
}

static bool run(struct cmd_call *call, struct err *err)
{
    int style = opt_word(call->options, "log");
    log_set_style(style < 0 ? log_default_style() : (enum log_style)style);
    log_set_debug(opt_has(call->options, "verbose"));
    struct service_options service = {
        .config_flag = opt_text(call->options, "config"),
        .db_flag = opt_text(call->options, "db"),
        .once = opt_has(call->options, "once"),
        .metrics_file = opt_text(call->options, "metrics-file"),
    };
    if (!read_port(opt_text(call->options, "metrics"), &service.metrics_port, err))
        return false;
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
        "goes.\n"
        "\n"
        "With watch.queue = supabase workstations of a team poll what any of them tracks, each "
        "event once,\n"
        "under one rate limit, through the database of `tws sync` (`tws migrate` makes it). An "
        "event stays\n"
        "with who polled it last as long as that one keeps up; two minutes late, another takes it. "
        "While the\n"
        "database does not answer, each goes on with what it polled last, at its share of the "
        "rate.",
    .needs = NEEDS_STORE,
    .options = {options},
    .examples =
        {
            {"tws watch", "until Ctrl-C"},
            {"tws watch --metrics 127.0.0.1:9464", "with a page for Prometheus"},
            {"tws watch --once", "from a timer: what is due, no more"},
            {"tws watch -v --log json", "a line for each poll, for a machine"},
        },
    .run = run,
};
