#include "cli/cmd.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/emit_error.h"
#include "cli/help.h"

static const struct cmd *const commands[] = {
#define X(name) &cmd_##name,
#include "cli/cmd.def"
#undef X
    NULL,
};

enum { ERROR_MAX = 8192, REPORT_MAX = 1024 };

const struct opt cmd_global_options[] = {
    {.name = "db",
     .kind = OPT_TEXT,
     .value = "FILE",
     .help = "the store to use instead of TWS_DB and the config file's",
     .complete = OPT_COMPLETE_FILE},
    {.name = "config",
     .kind = OPT_TEXT,
     .value = "FILE",
     .help = "the config file to use",
     .complete = OPT_COMPLETE_FILE},
    {.name = "color",
     .kind = OPT_WORD,
     .value = "WHEN",
     .help = "whether to colour what is printed (default auto)",
     .words = "auto|always|never"},
    {.name = "quiet", .letter = 'q', .kind = OPT_FLAG, .help = "no talk, only errors"},
    {.name = "help", .letter = 'h', .kind = OPT_FLAG, .help = "help on tws or on a command"},
    {.name = "version", .letter = 'V', .kind = OPT_FLAG, .help = "the version of tws"},
    {.name = NULL},
};

const struct cmd *const *cmd_list(void)
{
    return commands;
}

const struct cmd *cmd_find(const char *name)
{
    for (const struct cmd *const *cmd = commands; *cmd; cmd++)
        if (strcmp((*cmd)->name, name) == 0)
            return *cmd;
    return NULL;
}

const char *cmd_guess(const char *typed)
{
    struct opt_guess guess = {.typed = typed};
    for (const struct cmd *const *cmd = commands; *cmd; cmd++)
        if ((*cmd)->group != CMD_HIDDEN)
            opt_guess_add(&guess, (*cmd)->name);
    return guess.best;
}

const char *cmd_group_word(enum cmd_group group)
{
    static const char *const words[CMD_GROUP_COUNT] = {
        [CMD_COLLECT] = "collect", [CMD_READ] = "read", [CMD_KEEP] = "keep",
        [CMD_SHARE] = "share",     [CMD_SEE] = "see",   [CMD_HIDDEN] = "hidden",
    };
    return words[group];
}

/* How many arguments a form's `.arguments` allows: words in [] may be left out, "..." is any number. */
static void argument_range(const struct cmd *cmd, size_t *least, size_t *most)
{
    *least = *most = 0;
    for (const char *at = cmd->arguments; *at;) {
        size_t length = strcspn(at, " ");
        *least += *at != '[';
        if (memmem(at, length, "...", 3))
            *most = SIZE_MAX;
        else if (*most < SIZE_MAX)
            ++*most;
        at += length + strspn(at + length, " ");
    }
}

struct opt_sets cmd_option_sets(const struct cmd *cmd)
{
    struct opt_sets sets = {{NULL}};
    size_t count = 0;
    for (; cmd && count + 1 < OPT_SETS_MAX && cmd->options[count]; count++)
        sets.set[count] = cmd->options[count];
    sets.set[count] = cmd_global_options;
    return sets;
}

void cmd_report(const struct cmd_call *call, const char *fmt, ...)
{
    char line[REPORT_MAX];
    if (opt_has(call->options, "quiet"))
        return;
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    text_printable(line, sizeof line, line);
    emit_text("%s\n", line);
}

static bool check_arguments(const struct cmd *cmd, size_t count, struct err *err)
{
    size_t least, most;
    argument_range(cmd, &least, &most);
    if (count >= least && count <= most)
        return true;
    if (count < least)
        err_set(err, ERR_USAGE, "%s: too few arguments", cmd->name);
    else
        err_set(err, ERR_USAGE, "%s: too many arguments", cmd->name);
    return err_hint(err, "usage: tws %s %s%s", cmd->name, cmd->arguments,
                    count > most && most > 0 ? "; words with blanks between them need quotes" : "");
}

static bool open_needs(struct cmd_call *call, struct err *err)
{
    unsigned needs = call->cmd->needs;
    if (needs == 0)
        return true;
    call->conf = conf_open(opt_text(call->options, "config"), opt_text(call->options, "db"), err);
    if (!call->conf)
        return false;
    const char *path = conf_text(call->conf, CONF_DB);
    if (needs & NEEDS_STORE)
        return (call->store = store_open(path, err));
    if (needs & NEEDS_STORE_READ)
        return (call->store = store_open_readonly(path, err));
    return true;
}

static bool run(const struct cmd *cmd, const struct opt_values *options, struct err *err)
{
    if (!check_arguments(cmd, options->argument_count, err))
        return false;
    struct cmd_call call = {
        .cmd = cmd,
        .options = options,
        .arguments = options->arguments,
        .argument_count = options->argument_count,
        .emit = emit_init(options),
    };
    bool ok = open_needs(&call, err) && cmd->run(&call, err);
    store_close(call.store);
    conf_close(call.conf);
    return ok;
}

static bool refuse_command(const char *typed, struct err *err)
{
    const char *guess = cmd_guess(typed);
    err_set(err, ERR_USAGE, "unknown command '%.60s'", typed);
    return guess ? err_hint(err, "did you mean '%s'?", guess)
                 : err_hint(err, "`tws help` lists the commands");
}

/* What stands before and behind the command's name, as one set of values with the command's tables.
 */
static bool parse(struct opt_values *options, const char *const *words, size_t count,
                  const struct cmd **cmd, struct err *err)
{
    size_t used = 0;
    *cmd = NULL;
    if (!opt_parse(options, words, count, true, &used, err))
        return false;
    if (options->argument_count == 0)
        return true;
    *cmd = cmd_find(options->arguments[0]);
    if (!*cmd)
        return refuse_command(options->arguments[0], err);
    options->argument_count = 0;
    options->sets = cmd_option_sets(*cmd);
    if (opt_parse(options, words + used, count - used, false, &used, err))
        return true;
    err_wrap(err, "%s", (*cmd)->name);
    return err->hint[0] ? false : err_hint(err, "`tws help %s` lists its options", (*cmd)->name);
}

static void print_help(const struct cmd *cmd)
{
    AUTO_BUF struct buf out;
    buf_init(&out, HELP_TEXT_MAX);
    if (cmd)
        help_put_command(cmd, &out);
    else
        help_put_overview(&out);
    emit_bytes(buf_text(&out), out.length);
}

static bool dispatch(struct opt_values *options, const struct cmd *cmd, struct err *err)
{
    log_set_quiet(opt_has(options, "quiet"));
    if (opt_has(options, "help")) {
        print_help(cmd);
        return true;
    }
    if (opt_has(options, "version")) {
        emit_text("tws %s\n", TWS_VERSION);
        return true;
    }
    if (!cmd && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
        cmd = &cmd_tui;
        options->sets = cmd_option_sets(cmd);
    }
    if (cmd)
        return run(cmd, options, err);
    print_help(NULL);
    err->code = ERR_USAGE; /* the help says it all: a class without a text */
    return false;
}

/* Also where the words could not be parsed: a script that asked for JSON reads its errors as JSON.
 */
static bool wants_json(const char *const *words, size_t count)
{
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++) {
        bool split = strcmp(words[i], "--format") == 0 || strcmp(words[i], "-f") == 0;
        const char *next = split && i + 1 < count ? words[i + 1] : "";
        if (strcmp(words[i], "--format=json") == 0 || strcmp(words[i], "-fjson") == 0 ||
            strcmp(next, "json") == 0)
            return true;
    }
    return false;
}

static void report(const struct err *err, bool json)
{
    if (!err->text[0])
        return;
    log_progress("%s", "");
    log_error("%s", err->text);
    if (err->hint[0])
        fprintf(stderr, "hint: %s\n", err->hint);
    if (!json)
        return;
    AUTO_BUF struct buf out;
    buf_init(&out, ERROR_MAX);
    emit_error_put(err, &out);
    fputs(buf_text(&out), stderr);
}

int cmd_main(int argc, char **argv)
{
    struct err err = {0}, lost = {0};
    struct opt_sets sets = cmd_option_sets(NULL);
    struct opt_values options;
    const struct cmd *cmd = NULL;
    const char *const *words = (const char *const *)argv + (argc > 0);
    size_t count = argc > 0 ? (size_t)argc - 1 : 0;

    opt_init(&options, &sets);
    bool ok = parse(&options, words, count, &cmd, &err) && dispatch(&options, cmd, &err);
    opt_release(&options);
    if (!emit_finish(&lost) && ok) {
        err = lost;
        ok = false;
    }
    if (ok)
        return 0;
    report(&err, wants_json(words, count));
    return err_exit_code(err.code);
}
