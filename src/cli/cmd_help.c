#include "cli/cmd.h"
#include "cli/help.h"

static bool refuse(const char *typed, struct err *err)
{
    struct opt_guess guess = {.typed = typed, .best = cmd_guess(typed)};
    for (const struct help_topic *topic = help_topics(); !guess.best && topic->name; topic++)
        opt_guess_add(&guess, topic->name);
    err_set(err, ERR_NOT_FOUND, "no help on '%.60s'", typed);
    return guess.best ? err_hint(err, "did you mean '%s'?", guess.best)
                      : err_hint(err, "`tws help` lists commands and topics");
}

static bool run(struct cmd_call *call, struct err *err)
{
    AUTO_BUF struct buf out;
    buf_init(&out, HELP_TEXT_MAX);
    const char *name = call->argument_count > 0 ? call->arguments[0] : NULL;
    const struct cmd *cmd = name ? cmd_find(name) : NULL;
    /* `events` is both: the command's help ends with how an event is named */
    const struct help_topic *topic = name ? help_find(name) : NULL;
    if (!name)
        help_put_overview(&out);
    if (cmd && cmd->group != CMD_HIDDEN)
        help_put_command(cmd, &out);
    else if (name && !topic)
        return refuse(name, err);
    if (topic) {
        buf_puts(&out, out.length ? "\n" : "");
        topic->put(&out);
    }
    emit_bytes(buf_text(&out), out.length);
    return true;
}

const struct cmd cmd_help = {
    .name = "help",
    .group = CMD_SEE,
    .summary = "help on a command or a topic",
    .arguments = "[COMMAND|TOPIC]",
    .complete = OPT_COMPLETE_COMMAND,
    .examples = {{"tws help trends", "a command"}, {"tws help times", "a topic"}},
    .run = run,
};
