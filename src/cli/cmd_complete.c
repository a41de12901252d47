#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/help.h"
#include "core/query.h"
#include "core/resolve.h"

/* What was typed so far, and the word under the cursor. Whatever is missing or broken gives no
   candidates and no message: the line is not finished yet. */
struct line {
    const struct cmd *cmd; /* NULL until its name was typed */
    struct opt_sets sets;
    const char *current;   /* to be completed */
    const struct opt *row; /* whose value it is; NULL: an option's name or an argument */
    const char *before;    /* "--zone=" where the value hangs on its option */
    size_t before_length;
    const char *event; /* the command's first argument */
    const char *db, *config;
    bool only_arguments; /* behind `--` */
    struct conf *conf;   /* NULL when the settings cannot be read */
};

static void offer(const struct line *line, const char *value, const char *description)
{
    if (strncasecmp(value, line->current, strlen(line->current)) != 0)
        return;
    emit_text("%.*s%s\t%s\n", (int)line->before_length, line->before, value, description);
}

static void take_argument(struct line *line, const char *word)
{
    if (line->cmd) {
        if (!line->event)
            line->event = word;
        return;
    }
    line->cmd = cmd_find(word);
    line->sets = cmd_option_sets(line->cmd);
}

static void take_value(struct line *line, const struct opt *row, const char *value)
{
    if (strcmp(row->name, "db") == 0)
        line->db = value;
    else if (strcmp(row->name, "config") == 0)
        line->config = value;
}

/* The row of a word that is an option, NULL when it is none or unknown; `value` is what hangs on
 * it. */
static const struct opt *option_of(const struct line *line, const char *word, const char **value)
{
    char name[64] = "";
    *value = NULL;
    if (word[0] != '-' || word[1] == '\0')
        return NULL;
    if (word[1] != '-') {
        *value = word[2] ? word + 2 : NULL;
        return opt_find_letter(&line->sets, word[1]);
    }
    size_t length = strcspn(word, "=");
    if (length < 2 || length - 2 >= sizeof name)
        return NULL;
    memcpy(name, word + 2, length - 2);
    *value = word[length] == '=' ? word + length + 1 : NULL;
    return opt_find(&line->sets, name);
}

static void read_line(struct line *line, const char *const *words, size_t count)
{
    const char *value;
    for (size_t i = 0; i + 1 < count; i++) {
        if (line->only_arguments || words[i][0] != '-' || words[i][1] == '\0') {
            take_argument(line, words[i]);
            continue;
        }
        line->only_arguments = strcmp(words[i], "--") == 0;
        const struct opt *row = option_of(line, words[i], &value);
        if (!row || row->kind == OPT_FLAG)
            continue;
        if (!value && i + 2 == count)
            line->row = row;
        else
            take_value(line, row, value ? value : words[++i]);
    }
    line->current = count > 0 ? words[count - 1] : "";
    if (line->row || line->only_arguments)
        return;
    const struct opt *row = option_of(line, line->current, &value);
    if (!row || row->kind == OPT_FLAG || !value)
        return;
    line->row = row;
    line->before = line->current;
    line->before_length = (size_t)(value - line->current);
    line->current = value;
}

static void offer_commands(const struct line *line, bool topics)
{
    for (const struct cmd *const *cmd = cmd_list(); *cmd; cmd++)
        if ((*cmd)->group != CMD_HIDDEN)
            offer(line, (*cmd)->name, (*cmd)->summary);
    for (const struct help_topic *topic = help_topics(); topics && topic->name; topic++)
        if (!cmd_find(topic->name))
            offer(line, topic->name, topic->summary);
}

static void offer_options(const struct line *line)
{
    char form[64];
    for (const struct opt *const *set = line->sets.set; *set; set++)
        for (const struct opt *row = *set; row->name; row++) {
            snprintf(form, sizeof form, "--%s", row->name);
            offer(line, form, row->help);
        }
}

static void offer_words(const struct line *line, const char *words)
{
    char word[64];
    for (size_t i = 0; opt_word_at(words, i, word, sizeof word); i++)
        offer(line, word, "");
}

static void offer_times(const struct line *line)
{
    static const struct {
        const char *text, *description;
    } times[] = {
        {"now", "this moment"},
        {"24h", "a day ago"},
        {"7d", "a week ago"},
        {"30d", "thirty days ago"},
        {"T-1d", "a day before the event"},
        {"T-7d", "a week before the event"},
        {"T-14d", "a fortnight before the event"},
        {"T", "when the event starts"},
    };
    char today[CLOCK_TEXT_MAX];
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        offer(line, times[i].text, times[i].description);
    clock_format(today, clock_floor(clock_now_ms(), CLOCK_DAY_MS));
    today[10] = '\0';
    offer(line, today, "today");
}

static void offer_events(const struct line *line, struct store *store)
{
    AUTO_FREE struct event *events = NULL;
    struct err err;
    size_t count = 0;
    /* who begins with a digit types the bare id */
    bool bare = line->current[0] >= '0' && line->current[0] <= '9';
    if (!store_events(store, true, &events, &count, &err))
        return;
    for (size_t i = 0; i < count; i++) {
        const struct event *event = &events[i];
        char name[EVENT_NAME_MAX + 8], date[CLOCK_TEXT_MAX] = "", what[2 * EVENT_TEXT_MAX + 32];
        if (event->date_ms != EVENT_NO_DATE)
            clock_format(date, event->date_ms);
        snprintf(what, sizeof what, "%s%s%s%s%.10s", event->name, *event->venue ? ", " : "",
                 event->venue, *date ? ", " : "", date);
        offer(line, bare ? event->external_id : event_name(name, event), what);
    }
}

static void offer_names(const struct line *line, struct store *store, bool sections)
{
    AUTO_FRAME struct frame frame = {0};
    struct event event;
    struct err err;
    if (!line->event || !resolve_event(store, line->conf, line->event, &event, &err) ||
        !query_names(store, &event, sections, &frame, &err))
        return;
    for (size_t row = 0; row < frame.row_count; row++)
        offer(line, frame_at(&frame, row, 0)->text, event.name);
}

static void offer_stored(const struct line *line, enum opt_complete what)
{
    struct err err;
    if (!line->conf)
        return;
    AUTO_STORE struct store *store = store_open_readonly(conf_text(line->conf, CONF_DB), &err);
    if (store && what == OPT_COMPLETE_EVENT)
        offer_events(line, store);
    else if (store)
        offer_names(line, store, what == OPT_COMPLETE_SECTION);
}

static void offer_kind(const struct line *line, enum opt_complete what)
{
    switch (what) {
    case OPT_COMPLETE_NOTHING:
        break;
    case OPT_COMPLETE_EVENT:
    case OPT_COMPLETE_ZONE:
    case OPT_COMPLETE_SECTION:
        offer_stored(line, what);
        break;
    case OPT_COMPLETE_TIME:
        offer_times(line);
        break;
    case OPT_COMPLETE_FILE:
        emit_text(":files\n");
        break;
    case OPT_COMPLETE_COMMAND:
        offer_commands(line, true);
        break;
    case OPT_COMPLETE_SHELL:
        offer_words(line, "bash|zsh|fish");
        break;
    case OPT_COMPLETE_ALERTS:
        if (!line->event) /* the first argument */
            offer_words(line, "list|add|remove|test|history|run");
        break;
    }
}

static void offer_candidates(const struct line *line)
{
    if (line->row && line->row->words)
        offer_words(line, line->row->words);
    else if (line->row)
        offer_kind(line, line->row->complete);
    else if (line->current[0] == '-' && !line->only_arguments)
        offer_options(line);
    else if (!line->cmd)
        offer_commands(line, false);
    else
        offer_kind(line, line->cmd->complete);
}

static bool run(struct cmd_call *call, struct err *err)
{
    struct line line = {.sets = cmd_option_sets(NULL), .before = ""};
    read_line(&line, call->arguments, call->argument_count);
    line.conf = conf_open(line.config, line.db, err);
    offer_candidates(&line);
    conf_close(line.conf);
    return true;
}

const struct cmd cmd_complete = {
    .name = "__complete",
    .group = CMD_HIDDEN,
    .summary = "candidates for the last of the words typed, as value<TAB>description",
    .arguments = "[WORD...]",
    .run = run,
};
