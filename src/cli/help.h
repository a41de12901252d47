/* Help for people, from the commands' forms and the tables of options, settings, tags and exit
 * codes. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "cli/cmd.h"

enum { HELP_TEXT_MAX = 1 << 20 };

/* Adds what bare `tws` prints: the commands by group, the global options. */
void help_put_overview(struct buf *out);

/* Adds usage, options, keys and examples of a command. */
void help_put_command(const struct cmd *cmd, struct buf *out);

/* A subject that is no command: "times", "settings", ... */
struct help_topic {
    const char *name, *summary;
    void (*put)(struct buf *out); /* adds plain text; lines that begin with two blanks are a list */
};

/* All topics, the last with a NULL name. */
const struct help_topic *help_topics(void);

/* A topic by its name; NULL when there is none. */
const struct help_topic *help_find(const char *name);

#endif
