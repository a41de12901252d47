#include "cli/cmd.h"
#include "cli/help.h"
#include "cli/man.h"

static bool run(struct cmd_call *call, struct err *err)
{
    (void)call;
    AUTO_BUF struct buf out;
    buf_init(&out, HELP_TEXT_MAX);
    man_put(&out);
    if (out.overflow)
        return err_set(err, ERR_FAILURE, "the manual is longer than %d bytes", HELP_TEXT_MAX);
    emit_bytes(buf_text(&out), out.length);
    return true;
}

const struct cmd cmd_man = {
    .name = "man",
    .group = CMD_SEE,
    .summary = "the whole manual page, as roff",
    .arguments = "",
    .examples = {{"tws man | man -l -", "read it"}},
    .run = run,
};
