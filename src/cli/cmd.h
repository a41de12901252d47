/*
 * Commands are forms: one `const struct cmd` each, from which dispatch, help, the manual and the
 * completions are made. The dispatcher parses the options, opens what `.needs` says, runs, and
 * reports; a command calls one core function and emits. To add one: a file cmd_name.c with its
 * form, and a line in cmd.def.
 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cli/emit.h"
#include "cli/opt.h"
#include "core/conf.h"
#include "core/store.h"

enum cmd_group { CMD_COLLECT, CMD_READ, CMD_KEEP, CMD_SHARE, CMD_SEE, CMD_HIDDEN, CMD_GROUP_COUNT };

enum cmd_needs {
    NEEDS_CONF = 1,       /* the settings; the clock is then fixed if TWS_NOW says so */
    NEEDS_STORE = 2,      /* the store for writing, created when missing; implies NEEDS_CONF */
    NEEDS_STORE_READ = 4, /* the store for reading, which must exist; implies NEEDS_CONF */
};

/* One call of a command, with what it needs open. */
struct cmd_call {
    const struct cmd *cmd;
    const struct opt_values *options;
    const char *const *arguments;
    size_t argument_count; /* within the range that .arguments says */
    struct conf *conf;     /* NULL unless needed */
    struct store *store;   /* NULL unless needed */
    struct emit emit;      /* format, width and colour of stdout */
};

struct cmd_example {
    const char *line; /* "tws trends 6501519 --by day" */
    const char *what; /* "the price trend, a row a day" */
};

enum { CMD_EXAMPLES_MAX = 5 };

struct cmd {
    const char *name;
    enum cmd_group group;
    const char *summary;   /* a line for the list of commands, without full stop */
    const char *arguments; /* "EVENT", "[EVENT...]", "URL|ID...", "": also how many there may be */
    const char
        *about; /* further sentences for help and the manual; NULL when the summary says it all */
    unsigned needs; /* enum cmd_needs bits */
    const struct opt
        *options[OPT_SETS_MAX]; /* tables, NULL at the end; the global ones are added */
    enum opt_complete complete; /* what its arguments are */
    struct cmd_example examples[CMD_EXAMPLES_MAX];
    const char *keys; /* of a row in JSON's `data`, "timestamp, min_price, ..."; NULL when it emits
                         no frame */

    /* Does it. False with `err`, whose class is the exit code. What it prints goes through
     * cli/emit.h. */
    bool (*run)(struct cmd_call *call, struct err *err);
};

#define X(name) extern const struct cmd cmd_##name;
#include "cli/cmd.def"
#undef X

/* Runs the command that `argv` says and reports what failed on stderr. Returns the process's exit
 * code. */
int cmd_main(int argc, char **argv);

/* All commands in order, NULL at the end, hidden ones too. */
const struct cmd *const *cmd_list(void);

/* A command by its name; NULL when there is none. */
const struct cmd *cmd_find(const char *name);

/* The name of the command nearest to what was typed; NULL when none is near. */
const char *cmd_guess(const char *typed);

/* Says on stdout what was done, in a line of its own; nothing under -q. For commands that do rather
 * than show. */
void cmd_report(const struct cmd_call *call, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "collect", "read", ...; static. */
const char *cmd_group_word(enum cmd_group group);

/* The tables of a command and the global ones; `cmd` NULL: the global ones alone. */
struct opt_sets cmd_option_sets(const struct cmd *cmd);

/* The options that every command takes. */
extern const struct opt cmd_global_options[];

#endif
