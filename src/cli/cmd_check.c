#include "cli/cmd.h"
#include "core/backtest.h"

static bool run(struct cmd_call *call, struct err *err)
{
    struct rule rule;
    AUTO_SUBJECTS struct alerts_subjects subjects = {0};
    AUTO_FRAME struct frame frame = {0};
    const char *named = call->argument_count > 1 ? call->arguments[1] : NULL;
    int64_t holding;
    if (!rule_parse(call->arguments[0], &rule, err))
        return err_wrap(err, "'%.120s'", call->arguments[0]);
    if (!alerts_subjects_load(call->store, call->conf, &rule, named, &subjects, err) ||
        !backtest_now(call->store, call->conf, &rule, &subjects, &frame, &holding, err))
        return false;
    emit_frame(&call->emit, &frame);
    if (holding == 0)
        return true;
    err->code = ERR_CONDITION; /* what was printed says it all: a class without a text */
    return false;
}

const struct cmd cmd_check = {
    .name = "check",
    .group = CMD_KEEP,
    .summary = "ask whether a rule holds now: exit 10 when it does, 0 when not",
    .arguments = "RULE [EVENT]",
    .about =
        "For cron and scripts: nothing is kept and nobody is told. Without an EVENT the rule is "
        "asked of\n"
        "all that it speaks of, and holds when it holds for one. `tws help alerts` shows rules.",
    .needs = NEEDS_STORE_READ,
    .options = {emit_options},
    .examples =
        {
            {"tws check 'price < 150 for 2' 6501519", "prints the price, and exits 10 below $150"},
            {"tws -q check 'stale > 2h' || logger 'tws stands still'", "in a crontab"},
        },
    .keys = "event, name, holds, value, threshold, unit, timestamp",
    .run = run,
};
