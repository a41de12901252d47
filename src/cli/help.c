#include "cli/help.h"

#include <string.h>

#include "base/err.h"
#include "cli/filter.h"
#include "core/conf.h"
#include "core/rule.h"
#include "tui/keymap.h"

enum { NAME_COLUMN = 24, WIDTH = 80 };

static void put_pair(struct buf *out, const char *name, const char *sentence)
{
    int width = (int)strlen(name);
    if (width >= NAME_COLUMN)
        buf_printf(out, "  %s\n  %*s%s\n", name, NAME_COLUMN, "", sentence);
    else
        buf_printf(out, "  %s%*s%s\n", name, NAME_COLUMN - width, "", sentence);
}

static void put_group(struct buf *out, enum cmd_group group)
{
    bool first = true;
    for (const struct cmd *const *at = cmd_list(); *at; at++) {
        const struct cmd *cmd = *at;
        if (cmd->group != group)
            continue;
        if (first)
            buf_printf(out, "\n%s\n", cmd_group_word(group));
        first = false;
        AUTO_BUF struct buf form;
        buf_init(&form, HELP_TEXT_MAX);
        buf_printf(&form, "%s %s", cmd->name, cmd->arguments);
        put_pair(out, buf_text(&form), cmd->summary);
    }
}

void help_put_overview(struct buf *out)
{
    buf_puts(out, "tws follows ticket prices: every listing of an event, kept in a local store.\n\n"
                  "usage: tws [options] command [arguments]\n");
    for (enum cmd_group group = 0; group < CMD_HIDDEN; group++)
        put_group(out, group);
    buf_puts(out, "\noptions, before or behind the command\n");
    opt_put_help(out, cmd_global_options);
    buf_puts(out, "\nhelp on\n");
    for (const struct help_topic *topic = help_topics(); topic->name; topic++)
        put_pair(out, topic->name, topic->summary);
    buf_puts(out, "\n`tws help COMMAND` says more, `tws man` everything. To begin: tws demo\n");
}

/* Fills lines of at most 80 columns. */
static void put_wrapped(struct buf *out, const char *text)
{
    size_t used = WIDTH;
    while (*text) {
        size_t length = strcspn(text, " \n");
        bool fits = used + 1 + length <= WIDTH;
        buf_putc(out, fits ? ' ' : '\n');
        buf_printf(out, "%.*s", (int)length, text);
        used = fits ? used + 1 + length : length;
        text += length + strspn(text + length, " \n");
    }
    buf_putc(out, '\n');
}

static void put_examples(const struct cmd *cmd, struct buf *out)
{
    if (cmd->examples[0].line)
        buf_puts(out, "\nexamples\n");
    for (size_t i = 0; i < CMD_EXAMPLES_MAX && cmd->examples[i].line; i++)
        buf_printf(out, "  %s\n      %s\n", cmd->examples[i].line, cmd->examples[i].what);
}

void help_put_command(const struct cmd *cmd, struct buf *out)
{
    buf_printf(out, "tws %s: %s\n\nusage: tws %s%s%s%s\n", cmd->name, cmd->summary, cmd->name,
               cmd->options[0] ? " [options]" : "", *cmd->arguments ? " " : "", cmd->arguments);
    if (cmd->about)
        put_wrapped(out, cmd->about);
    for (size_t i = 0; i < OPT_SETS_MAX && cmd->options[i]; i++) {
        buf_puts(out, cmd->options[i] == filter_options ? "\nfilters\n" : "\noptions\n");
        opt_put_help(out, cmd->options[i]);
    }
    buf_puts(out, "\n`tws help` lists the options that every command takes.\n");
    if (cmd->keys)
        buf_printf(out, "\nkeys of a row in JSON\n  %s\n", cmd->keys);
    put_examples(cmd, out);
}

static void put_events(struct buf *out)
{
    buf_puts(out,
             "An EVENT is one of\n"
             "  vividseats:6501519      platform and id\n"
             "  6501519                 a bare id\n"
             "  https://...             the address of the event's page\n"
             "  lakers 'crypto arena'   words that occur in its name, venue or city; they must\n"
             "                          match one tracked event only, and need quotes\n");
}

static void put_times(struct buf *out)
{
    buf_puts(out,
             "A TIME is one of\n"
             "  2026-02-09T18:00:00Z    RFC 3339, with any offset\n"
             "  2026-02-09              a date: its midnight, UTC\n"
             "  now                     this moment\n"
             "  36h, 7d, 2w             so long ago; units are s, min, h, d, w\n"
             "  T-14d, T-36h, T         before the event, or its start\n"
             "A window runs from --from up to, not including, --to; --at includes its moment.\n"
             "Hours and days are those of UTC and are named by their start.\n");
}

static void put_formats(struct buf *out)
{
    put_pair(out, "table", "for people: aligned, thousands marked (the default)");
    put_pair(out, "csv", "RFC 4180; unknown is empty, lists are separated by ';'");
    put_pair(out, "json", "{\"data\":[...],\"meta\":{...}}; money with two decimals");
    put_pair(out, "ndjson", "the rows of data, one object a line");
    put_pair(out, "markdown", "a table to paste into a document");
    put_pair(out, "chart", "lines over time, drawn with characters");
    buf_puts(out,
             "The format depends on --format alone, never on where stdout goes; colour and width\n"
             "do. With --format json an error is also an object on stderr:\n"
             "  {\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"...\",\"details\":{...}}}\n");
}

static void put_settings(struct buf *out)
{
    buf_puts(out,
             "A flag outweighs the environment, which outweighs the config file\n"
             "($XDG_CONFIG_HOME/tws/config.ini), which outweighs the default. In the file\n"
             "http.rate is `rate = 30` below `[http]`. `tws doctor` shows what holds and why.\n");
    for (enum conf_key key = 0; key < CONF_COUNT; key++) {
        const struct conf_info *info = conf_info(key);
        buf_printf(out, "  %s, %s%s%s%s\n      %s\n", info->key, info->environment,
                   *info->fallback ? " (default " : "", info->fallback, *info->fallback ? ")" : "",
                   info->sentence);
    }
}

static void put_environment(struct buf *out)
{
    put_pair(out, "TWS_CONFIG", "the config file");
    for (enum conf_key key = 0; key < CONF_COUNT; key++)
        put_pair(out, conf_info(key)->environment, conf_info(key)->sentence);
    put_pair(out, "NO_COLOR", "when not empty: no colour (no-color.org)");
    put_pair(out, "CLICOLOR_FORCE", "when not 0: colour even where there is no terminal");
    put_pair(out, "COLUMNS", "the width of tables and charts");
    put_pair(out, "XDG_CONFIG_HOME", "where tws/config.ini is, else ~/.config");
    put_pair(out, "XDG_DATA_HOME", "where tws/tws.db is, else ~/.local/share");
}

static void put_exit_codes(struct buf *out)
{
    for (enum err_code code = 0; code < ERR_CODE_COUNT; code++)
        buf_printf(out, "  %-6d%-24s%s\n", err_exit_code(code), err_machine_code(code),
                   err_sentence(code));
}

static void put_keys(struct buf *out)
{
    char keys[KEYMAP_TEXT_MAX];
    struct keymap keymap;
    keymap_init(&keymap);
    buf_puts(out,
             "What keys do in the workstation, by the word that can be typed behind `:`. Below\n"
             "[keys] in the config file a line such as `quit = Q C-q` gives an action other\n"
             "keys, `none` takes them away; C- is Ctrl, M- is Alt, S- is Shift.\n");
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        const struct action_info *info = action_info(action);
        buf_printf(out, "  %s%s%s%s%s\n      %s\n", info->word, *info->argument ? " " : "",
                   info->argument, *info->keys ? ": " : "", keymap_all(keys, &keymap, action),
                   info->sentence);
    }
}

static void put_alerts(struct buf *out)
{
    rule_put_help(out);
    buf_puts(
        out,
        "An alert fires when its rule begins to hold, and clears when the value is back past the\n"
        "limit by alerts.margin (2 %). It is told once, in no quiet hours and not within\n"
        "alerts.cooldown (6h) of the last time; a new low that is lower still is told again.\n"
        "alerts.to names the ways out:\n"
        "  stderr                  a line, which a service's journal keeps\n"
        "  exec                    alerts.exec, with JSON on its stdin and 10 seconds\n"
        "  webhook                 a POST of that JSON to alerts.webhook; with a key file its\n"
        "                          header X-Tws-Signature is sha256=HMAC-SHA256 of the body\n"
        "  mail                    to alerts.mail_to by alerts.mail_server\n"
        "A key or password stands in a file that nobody else can read.\n");
}

const struct help_topic *help_topics(void)
{
    static const struct help_topic topics[] = {
        {"events", "how an EVENT is named", put_events},
        {"times", "how a TIME is written", put_times},
        {"formats", "table, csv, json, ndjson, markdown, chart", put_formats},
        {"alerts", "how a rule is written, and who is told", put_alerts},
        {"keys", "the keys of the workstation", put_keys},
        {"settings", "the config file and its keys", put_settings},
        {"environment", "variables that are looked at", put_environment},
        {"exit-codes", "what the exit codes mean", put_exit_codes},
        {NULL, NULL, NULL},
    };
    return topics;
}

const struct help_topic *help_find(const char *name)
{
    for (const struct help_topic *topic = help_topics(); topic->name; topic++)
        if (strcmp(topic->name, name) == 0)
            return topic;
    return NULL;
}
