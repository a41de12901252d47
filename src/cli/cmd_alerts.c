#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/when.h"
#include "cli/cmd.h"
#include "core/backtest.h"
#include "core/query.h"
#include "core/query_service.h"

enum { HISTORY_MAX = 10000 };

static const struct opt options[] = {
    {.name = "from",
     .kind = OPT_TEXT,
     .value = "TIME",
     .help = "for test and history: from this time on (default 30d)",
     .complete = OPT_COMPLETE_TIME},
    {.name = NULL},
};

static bool read_from(const struct cmd_call *call, int64_t *from_ms, struct err *err)
{
    struct when_anchor anchor = {.now_ms = clock_now_ms(), .event_ms = -1};
    const char *typed = opt_text(call->options, "from");
    return when_parse(typed ? typed : "30d", &anchor, from_ms, err) ||
           err_wrap(err, "option '--from'");
}

/* The words from the `nth` on as one: a rule may be typed with or without quotes. */
static void join_words(const struct cmd_call *call, size_t nth, struct buf *out)
{
    buf_init(out, RULE_TEXT_MAX);
    for (size_t i = nth; i < call->argument_count; i++)
        buf_printf(out, "%s%s", i > nth ? " " : "", call->arguments[i]);
}

static bool run_list(struct cmd_call *call, struct err *err)
{
    AUTO_RULES struct ruleset rules = {0};
    AUTO_FRAME struct frame frame = {0};
    if (!ruleset_load(call->conf, call->store, &rules, err) ||
        !query_service_rules(call->store, &rules, &frame, err))
        return false;
    if (rules.count == 0)
        log_say("there are no rules: tws alerts add NAME RULE; tws help alerts shows some");
    emit_frame(&call->emit, &frame);
    return true;
}

/* A rule about an event that nobody knows would never fire. */
static bool check_subject(struct cmd_call *call, const char *text, struct err *err)
{
    struct rule rule;
    AUTO_SUBJECTS struct alerts_subjects subjects = {0};
    return rule_parse(text, &rule, err) &&
           alerts_subjects_load(call->store, call->conf, &rule, NULL, &subjects, err);
}

static bool run_add(struct cmd_call *call, struct err *err)
{
    AUTO_BUF struct buf text;
    const char *name = call->arguments[1];
    join_words(call, 2, &text);
    if (!check_subject(call, buf_text(&text), err))
        return err_wrap(err, "rule '%.60s'", name);
    if (!ruleset_add(call->conf, call->store, name, buf_text(&text), err))
        return false;
    cmd_report(call, "added %s: %s", name, buf_text(&text));
    return true;
}

static bool run_remove(struct cmd_call *call, struct err *err)
{
    if (!ruleset_remove(call->conf, call->store, call->arguments[1], err))
        return false;
    cmd_report(call, "removed %s", call->arguments[1]);
    return true;
}

/* A rule by its name, or as it was typed. */
static bool find_rule(struct cmd_call *call, struct rule *rule, struct err *err)
{
    AUTO_RULES struct ruleset rules = {0};
    AUTO_BUF struct buf text;
    join_words(call, 1, &text);
    if (!ruleset_load(call->conf, call->store, &rules, err))
        return false;
    const struct ruleset_entry *entry = ruleset_find(&rules, buf_text(&text));
    return rule_parse(entry ? entry->text : buf_text(&text), rule, err) ||
           err_wrap(err, "'%.120s'", buf_text(&text));
}

static void say_summary(const struct backtest_summary *summary, size_t subjects)
{
    log_say("fired %lld time%s, told %lld; on %lld of %zu; holds at the end on %lld",
            (long long)summary->fired, summary->fired == 1 ? "" : "s", (long long)summary->told,
            (long long)summary->subjects, subjects, (long long)summary->holding);
}

static bool run_test(struct cmd_call *call, struct err *err)
{
    struct rule rule;
    int64_t from_ms;
    struct backtest_summary summary = {0};
    struct alert_policy policy = alerts_policy(call->conf);
    AUTO_SUBJECTS struct alerts_subjects subjects = {0};
    AUTO_FRAME struct frame frame = {0};
    if (!read_from(call, &from_ms, err) || !find_rule(call, &rule, err) ||
        !alerts_subjects_load(call->store, call->conf, &rule, NULL, &subjects, err) ||
        !backtest_run(call->store, &rule, &policy, &subjects, from_ms, clock_now_ms() + 1, &frame,
                      &summary, err))
        return false;
    emit_frame(&call->emit, &frame);
    say_summary(&summary, subjects.count);
    return true;
}

static bool run_history(struct cmd_call *call, struct err *err)
{
    int64_t from_ms;
    AUTO_FRAME struct frame frame = {0};
    if (!read_from(call, &from_ms, err) ||
        !query_alerts(call->store, from_ms, INT64_MAX, HISTORY_MAX, &frame, err))
        return false;
    emit_frame(&call->emit, &frame);
    return true;
}

static bool run_run(struct cmd_call *call, struct err *err)
{
    struct alerts_summary summary = {0};
    if (!alerts_run(call->store, call->conf, &summary, err))
        return false;
    cmd_report(call, "%lld judged: %lld fired, %lld cleared, %lld told; %lld sent, %lld not",
               (long long)summary.judged, (long long)summary.fired, (long long)summary.cleared,
               (long long)summary.told, (long long)summary.arrived, (long long)summary.failed);
    return summary.failed == 0 ||
           err_set(err, ERR_REMOTE,
                   "%lld message%s did not arrive; it is tried again by the next run",
                   (long long)summary.failed, summary.failed == 1 ? "" : "s");
}

static const struct action {
    const char *word, *usage;
    size_t least, most; /* arguments behind the word */
    bool writes;
    bool (*run)(struct cmd_call *call, struct err *err);
} actions[] = {
    {"list", "", 0, 0, false, run_list},        {"add", "NAME RULE", 2, SIZE_MAX, true, run_add},
    {"remove", "NAME", 1, 1, true, run_remove}, {"test", "NAME|RULE", 1, SIZE_MAX, false, run_test},
    {"history", "", 0, 0, false, run_history},  {"run", "", 0, 0, true, run_run},
};

static const struct action *find_action(const struct cmd_call *call, struct err *err)
{
    struct opt_guess guess = {.typed = call->argument_count ? call->arguments[0] : "list"};
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].word, guess.typed) == 0)
            return &actions[i];
        opt_guess_add(&guess, actions[i].word);
    }
    err_set(err, ERR_USAGE, "alerts: '%.60s' is none of list, add, remove, test, history, run",
            guess.typed);
    if (guess.best)
        err_hint(err, "did you mean '%s'?", guess.best);
    return NULL;
}

static bool run(struct cmd_call *call, struct err *err)
{
    const struct action *action = find_action(call, err);
    size_t count = call->argument_count > 0 ? call->argument_count - 1 : 0;
    if (!action)
        return false;
    if (count < action->least || count > action->most)
        return err_set(err, ERR_USAGE, "usage: tws alerts %s %s", action->word, action->usage);
    const char *path = conf_text(call->conf, CONF_DB);
    call->store = action->writes ? store_open(path, err) : store_open_readonly(path, err);
    return call->store && action->run(call, err);
}

const struct cmd cmd_alerts = {
    .name = "alerts",
    .group = CMD_KEEP,
    .summary = "rules that tell when prices move or collecting fails",
    .arguments = "[list|add|remove|test|history|run] [NAME|RULE...]",
    .about = "A rule stands in the config file below [alerts] as `name = rule`, or is added with "
             "`add`; `remove` takes\n"
             "away those alone. `test` replays one over what is stored and shows when it would "
             "have fired, been told\n"
             "(past quiet hours and the cooldown) and cleared. `history` shows what fired and "
             "where it was sent.\n"
             "`run` judges all rules now and sends what is due, as a collector does after its "
             "polls; messages that\n"
             "did not arrive are tried again by later runs, five times in all.",
    .needs = NEEDS_CONF,
    .options = {options, emit_options},
    .complete = OPT_COMPLETE_ALERTS,
    .examples =
        {
            {"tws alerts add cheap 'price < 150 for 2 at 6501519'", "a rule about one event"},
            {"tws alerts test 'drop > 10% within 24h' --from 60d", "how often it would have fired"},
            {"tws alerts run", "behind `tws scrape` in a crontab"},
            {"tws alerts history --from 7d --format json", "what fired, for a program"},
        },
    .keys =
        "list: name, rule, origin, holds, judged, last_fired, problem; test: timestamp, event, "
        "name, "
        "change, told, value, threshold; history: timestamp, name, rule, event, event_name, value, "
        "threshold, told, cleared, arrived, failed",
    .run = run,
};
