#include "cli/man.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/filter.h"
#include "cli/help.h"
#include "core/listing.h"
#include "core/outcome.h"

enum { FILL = 72 };

/* Text as roff shows it: hyphens stay hyphens, a dot at the start of a line is no request. */
static void put_text(struct buf *out, const char *text)
{
    bool line_start = out->length == 0 || out->data[out->length - 1] == '\n';
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            buf_puts(out, "\\&");
        if (*text == '-')
            buf_puts(out, "\\-");
        else if (*text == '\\')
            buf_puts(out, "\\e");
        else if (*text == '\'')
            buf_puts(out, "\\(aq");
        else if (*text == '`')
            buf_puts(out, "\\(ga");
        else
            buf_putc(out, *text);
        line_start = *text == '\n';
    }
}

/* A request's heading: upper case. */
static void put_section(struct buf *out, const char *title)
{
    buf_puts(out, ".SH ");
    for (; *title; title++)
        buf_putc(out, *title == '-' ? ' ' : (char)toupper((unsigned char)*title));
    buf_putc(out, '\n');
}

/* Running text: lines that are not too long, a sentence begins one. A sentence gets its capital
   and full stop.
 */
static void put_filled(struct buf *out, const char *text, bool sentence)
{
    AUTO_BUF struct buf filled;
    buf_init(&filled, HELP_TEXT_MAX);
    for (size_t used = 0; *text;) {
        size_t length = strcspn(text, " \n");
        bool full = used > 0 && used + 1 + length > FILL;
        bool ended = filled.length > 0 && filled.data[filled.length - 1] == '.';
        if (filled.length > 0)
            buf_putc(&filled, full || ended ? '\n' : ' ');
        buf_add(&filled, text, length);
        used = full || ended ? length : used + 1 + length;
        text += length + strspn(text + length, " \n");
    }
    if (sentence)
        filled.data[0] = (char)toupper((unsigned char)filled.data[0]);
    put_text(out, buf_text(&filled));
    bool dot = sentence && filled.data[filled.length - 1] != '.';
    buf_puts(out, dot ? ".\n" : "\n");
}

/* "; may be repeated: vip, club" */
static void put_use(struct buf *out, const struct opt *row)
{
    char word[64];
    buf_puts(out, row->help);
    if (row->kind == OPT_LIST || row->kind == OPT_WORDS)
        buf_puts(out, "; may be repeated");
    for (size_t i = 0; row->words && opt_word_at(row->words, i, word, sizeof word); i++)
        buf_printf(out, "%s%s", i ? ", " : ": ", word);
}

static void put_option(struct buf *out, const struct opt *row)
{
    AUTO_BUF struct buf use;
    buf_init(&use, HELP_TEXT_MAX);
    put_use(&use, row);
    buf_puts(out, ".TP\n\\fB");
    if (row->letter)
        buf_printf(out, "\\-%c\\fR, \\fB", row->letter);
    buf_puts(out, "\\-\\-");
    put_text(out, row->name);
    buf_puts(out, "\\fR");
    if (row->value)
        buf_printf(out, " \\fI%s\\fR", row->value);
    buf_putc(out, '\n');
    put_filled(out, buf_text(&use), true);
}

static void put_options(struct buf *out, const struct opt *rows)
{
    for (const struct opt *row = rows; row->name; row++)
        put_option(out, row);
}

static void put_examples(struct buf *out, const struct cmd *cmd)
{
    for (size_t i = 0; i < CMD_EXAMPLES_MAX && cmd->examples[i].line; i++) {
        buf_puts(out, ".TP\n");
        put_text(out, cmd->examples[i].line);
        buf_putc(out, '\n');
        put_filled(out, cmd->examples[i].what, true);
    }
}

/* Tables that several commands share have sections of their own. */
static bool is_shared(const struct opt *rows)
{
    return rows == filter_options || rows == emit_options || rows == emit_chart_options;
}

static void put_command(struct buf *out, const struct cmd *cmd)
{
    buf_printf(out, ".SS %s\n\\fBtws %s\\fR%s", cmd->name, cmd->name, *cmd->arguments ? " " : "");
    put_text(out, cmd->arguments);
    buf_puts(out, "\n.PP\n");
    put_filled(out, cmd->summary, true);
    if (cmd->about)
        put_filled(out, cmd->about, true);
    for (size_t i = 0; i < OPT_SETS_MAX && cmd->options[i]; i++) {
        if (cmd->options[i] == filter_options)
            buf_puts(out, "It takes the filters of\n.BR FILTERS .\n");
        else if (is_shared(cmd->options[i]))
            buf_puts(out, "It prints as\n.B FORMATS\nsays.\n");
    }
    for (size_t i = 0; i < OPT_SETS_MAX && cmd->options[i]; i++)
        if (!is_shared(cmd->options[i]))
            put_options(out, cmd->options[i]);
    if (cmd->keys) {
        buf_puts(out, ".TP\nKeys of a row\n");
        put_filled(out, cmd->keys, false);
    }
    put_examples(out, cmd);
}

static void put_commands(struct buf *out)
{
    put_section(out, "commands");
    for (enum cmd_group group = 0; group < CMD_HIDDEN; group++)
        for (const struct cmd *const *cmd = cmd_list(); *cmd; cmd++)
            if ((*cmd)->group == group)
                put_command(out, *cmd);
}

static void put_words(struct buf *out)
{
    put_section(out, "tags");
#define X(name, bit, word, sentence)                                                               \
    buf_puts(out, ".TP\n.B " word "\n"), put_filled(out, sentence, true);
#include "core/tag.def"
#undef X
    put_section(out, "outcomes");
    buf_puts(out, "How a poll of an event ends. Only the first two touch what is stored of its\n"
                  "listings.\n");
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        buf_printf(out, ".TP\n.B %s\n", outcome_word(outcome));
        put_filled(out, outcome_sentence(outcome), true);
    }
}

/* Help's own text, as it stands: its lists are aligned by hand. */
static void put_topics(struct buf *out)
{
    AUTO_BUF struct buf text;
    buf_init(&text, HELP_TEXT_MAX);
    for (const struct help_topic *topic = help_topics(); topic->name; topic++) {
        buf_reset(&text);
        topic->put(&text);
        put_section(out, strcmp(topic->name, "exit-codes") == 0 ? "exit status" : topic->name);
        if (strcmp(topic->name, "formats") == 0) {
            put_options(out, emit_chart_options);
            buf_puts(out, ".PP\n");
        }
        buf_puts(out, ".nf\n");
        put_text(out, buf_text(&text));
        buf_puts(out, ".fi\n");
    }
}

static void put_files(struct buf *out)
{
    put_section(out, "files");
    buf_puts(out, ".TP\n.I $XDG_DATA_HOME/tws/tws.db\nThe store, an SQLite file; else in\n"
                  ".IR ~/.local/share .\nBeside it lie its journal and a lock.\n"
                  ".TP\n.I $XDG_CONFIG_HOME/tws/config.ini\nThe settings; else in\n"
                  ".IR ~/.config .\n"
                  ".TP\n.I $XDG_STATE_HOME/tws/tui\nWhat the workstation remembers; else in\n"
                  ".IR ~/.local/state .\n");
}

static void put_title(struct buf *out)
{
    char date[CLOCK_TEXT_MAX];
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t at_s;
    bool given = epoch && text_to_int(epoch, &at_s) && at_s >= 0 && at_s < CLOCK_MAX_MS / 1000;
    clock_format(date, given ? at_s * CLOCK_SECOND_MS : clock_now_ms());
    buf_printf(out, ".TH TWS 1 \"%.10s\" \"tws %s\" \"User Commands\"\n", date, TWS_VERSION);
}

void man_put(struct buf *out)
{
    put_title(out);
    put_section(out, "name");
    buf_puts(out, "tws \\- the ticket workstation: prices of event tickets, listing by listing\n");
    put_section(out, "synopsis");
    buf_puts(out, ".B tws\n[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]\n");
    put_section(out, "description");
    buf_puts(out,
             "tws follows events on ticket marketplaces, keeps every listing it ever saw in a\n"
             "local SQLite file, and answers with prices by zone and section, prices for\n"
             "people who sit together, and ticket counts, as tables, for programs, or drawn.\n"
             "Results go to stdout, talk to stderr.\n");
    put_section(out, "options");
    buf_puts(out, "Before or behind the command:\n");
    put_options(out, cmd_global_options);
    put_commands(out);
    put_section(out, "filters");
    put_options(out, filter_options);
    put_words(out);
    put_topics(out);
    put_files(out);
}
