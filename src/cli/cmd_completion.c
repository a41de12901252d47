#include <string.h>

#include "cli/cmd.h"
#include "completions.h"

static bool run(struct cmd_call *call, struct err *err)
{
    static const struct {
        const char *shell, *text;
    } scripts[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};
    const char *shell = call->arguments[0];
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        if (strcmp(scripts[i].shell, shell) == 0)
            return emit_bytes(scripts[i].text, strlen(scripts[i].text)) || !emit_finish(err);
    err_set(err, ERR_USAGE, "no completion for '%.60s'", shell);
    return err_hint(err, "there is one for bash, zsh and fish");
}

const struct cmd cmd_completion = {
    .name = "completion",
    .group = CMD_SEE,
    .summary = "a script that completes tws's words: bash, zsh or fish",
    .arguments = "SHELL",
    .about =
        "`make install` puts them where the shells look; this is for trying and for other places.",
    .complete = OPT_COMPLETE_SHELL,
    .examples =
        {
            {"source <(tws completion bash)", "in ~/.bashrc; zsh likewise"},
            {"tws completion fish | source", "in config.fish"},
        },
    .run = run,
};
