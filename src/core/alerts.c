#include "core/alerts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/alert_db.h"
#include "core/notify.h"
#include "core/resolve.h"
#include "io/db.h"

struct alert_policy alerts_policy(const struct conf *conf)
{
    struct err err;
    struct alert_policy policy = {
        .margin_percent = conf_count(conf, CONF_ALERTS_MARGIN),
        .cooldown_ms = conf_span_ms(conf, CONF_ALERTS_COOLDOWN),
    };
    if (!quiet_parse(conf_text(conf, CONF_ALERTS_QUIET), &policy.quiet, &err))
        BUG("quiet hours that conf accepted: %s", err.text);
    return policy;
}

bool alerts_is_over(const struct event *event, int64_t now_ms)
{
    int64_t play_ms = event->time_tbd ? CLOCK_DAY_MS : 0;
    return event->date_ms != EVENT_NO_DATE && now_ms >= event->date_ms + play_ms;
}

void alerts_subjects_release(struct alerts_subjects *subjects)
{
    mem_free(subjects->events);
    *subjects = (struct alerts_subjects){0};
}

bool alerts_subjects_load(struct store *store, const struct conf *conf, const struct rule *rule,
                          const char *named, struct alerts_subjects *subjects, struct err *err)
{
    const char *one = named ? named : rule->reach == RULE_ONE ? rule->event : NULL;
    *subjects = (struct alerts_subjects){.count = 1};
    if (rule->reach == RULE_STORE)
        return !named || err_set(err, ERR_USAGE, "the rule is about the store, not about an event");
    if (!one && rule->reach == RULE_EACH)
        return store_events(store, false, &subjects->events, &subjects->count, err);
    if (!one)
        return true;
    subjects->events = mem_alloc(1, sizeof *subjects->events);
    return resolve_event(store, conf, one, subjects->events, err);
}

/* What is to be written about a row. */
struct turn {
    size_t row;
    struct alert_step step;
    bool known;
};

struct round {
    struct store *store;
    const struct conf *conf;
    struct alert_policy policy;
    int64_t now_ms;
    struct alert_db_rows rows;
    size_t loaded; /* of the rows: in order of name and event */
    struct turn *turns;
    size_t turn_count, turn_capacity;
    struct alerts_summary *summary;
    char problem[ERR_TEXT_MAX]; /* the first of this run */
};

static void note_problem(struct round *round, const char *name, const char *why)
{
    if (!round->problem[0])
        snprintf(round->problem, sizeof round->problem, "rule '%s': %.400s", name, why);
}

static int compare_rows(const void *a, const void *b)
{
    const struct alert_db_row *left = a, *right = b;
    int names = strcmp(left->name, right->name);
    return names ? names : (left->event_id > right->event_id) - (left->event_id < right->event_id);
}

/* The row of a rule and an event, made when there is none. One of another text under the same name is left alone, so that it ends. */
static size_t find_row(struct round *round, const struct ruleset_entry *entry, int64_t event_id)
{
    struct alert_db_row wanted = {.name = entry->name, .event_id = event_id};
    const struct alert_db_row *found =
        round->loaded == 0
            ? NULL
            : bsearch(&wanted, round->rows.rows, round->loaded, sizeof wanted, compare_rows);
    if (!found || strcmp(found->rule, entry->text) != 0)
        found = alert_db_rows_add(&round->rows, entry->name, entry->text, event_id);
    return (size_t)(found - round->rows.rows);
}

/* A market that was judged already is not read again. */
static bool read_now(struct round *round, const struct ruleset_entry *entry,
                     const struct event *event, int64_t seen_ms, struct reading *reading,
                     struct err *err)
{
    *reading = (struct reading){.at_ms = -1};
    if (rule_about(&entry->rule) == RULE_ABOUT_MARKET && event->last_scraped_ms <= seen_ms)
        return true;
    if (evidence_now(round->store, round->conf, &entry->rule, event, round->now_ms, reading, err))
        return true;
    if (err->code != ERR_NOT_FOUND)
        return false;
    if (entry->rule.reach == RULE_ONE) /* of all events some may have no such zone */
        note_problem(round, entry->name, err->text);
    return true;
}

static bool judge(struct round *round, const struct ruleset_entry *entry, const struct event *event,
                  struct err *err)
{
    size_t at = find_row(round, entry, event ? event->id : 0);
    struct alert_db_row *row = &round->rows.rows[at];
    struct reading reading;
    int64_t seen_ms = row->state.seen_ms;
    row->met = true;
    round->summary->judged++;
    if (!read_now(round, entry, event, seen_ms, &reading, err))
        return false;
    struct turn turn = {.row = at, .known = reading.known};
    turn.step = alert_take(&row->state, &entry->rule, &round->policy, &reading,
                           event ? event->timezone : NULL, round->now_ms);
    if (turn.step.change == ALERT_SAME && !turn.step.tell && row->state.seen_ms == seen_ms)
        return true;
    round->turns =
        mem_grow(round->turns, round->turn_count, &round->turn_capacity, sizeof *round->turns);
    round->turns[round->turn_count++] = turn;
    return true;
}

static bool judge_rule(struct round *round, const struct ruleset_entry *entry, struct err *err)
{
    AUTO_SUBJECTS struct alerts_subjects subjects = {0};
    if (entry->broken) {
        note_problem(round, entry->name, entry->err.text);
        return true;
    }
    if (!alerts_subjects_load(round->store, round->conf, &entry->rule, NULL, &subjects, err)) {
        note_problem(round, entry->name, err->text);
        return err->code == ERR_NOT_FOUND || err->code == ERR_USAGE;
    }
    for (size_t i = 0; i < subjects.count; i++) {
        const struct event *event = subjects.events ? &subjects.events[i] : NULL;
        if (event && alerts_is_over(event, round->now_ms))
            continue;
        if (!judge(round, entry, event, err))
            return false;
    }
    return true;
}

static bool write_turn(struct round *round, const struct turn *turn, struct err *err)
{
    struct alert_db_row *row = &round->rows.rows[turn->row];
    struct alerts_summary *summary = round->summary;
    summary->fired += turn->step.change == ALERT_FIRED;
    summary->cleared += turn->step.change == ALERT_CLEARED;
    summary->told += turn->step.tell;
    /* a firing ends the one before, too */
    if (turn->step.change != ALERT_SAME &&
        !alert_db_clear(round->store, row, turn->known, round->now_ms, err))
        return false;
    if (turn->step.change == ALERT_FIRED && !alert_db_fire(round->store, row, round->now_ms, err))
        return false;
    if (turn->step.tell &&
        !alert_db_tell(round->store, row->alert_id, conf_text(round->conf, CONF_ALERTS_TO),
                       round->now_ms, err))
        return false;
    return alert_db_save(round->store, row, err);
}

/* Rules that are gone or another, events that are no longer tracked or have begun. */
static bool write_ends(struct round *round, struct err *err)
{
    for (size_t i = 0; i < round->loaded; i++) {
        struct alert_db_row *row = &round->rows.rows[i];
        if (!row->met && (!alert_db_clear(round->store, row, false, round->now_ms, err) ||
                          !alert_db_forget(round->store, row, err)))
            return false;
    }
    return true;
}

static bool write_all(struct round *round, struct err *err)
{
    bool ended = false;
    for (size_t i = 0; i < round->loaded; i++)
        ended = ended || !round->rows.rows[i].met;
    if (round->turn_count == 0 && !ended)
        return true;
    if (!db_begin(store_db(round->store), err))
        return false;
    bool ok = write_ends(round, err);
    for (size_t i = 0; ok && i < round->turn_count; i++)
        ok = write_turn(round, &round->turns[i], err);
    if (ok)
        return db_commit(store_db(round->store), err);
    db_rollback(store_db(round->store));
    return false;
}

static bool run_round(struct round *round, struct err *err)
{
    AUTO_RULES struct ruleset rules = {0};
    if (!ruleset_load(round->conf, round->store, &rules, err) ||
        !alert_db_load(round->store, &round->rows, err))
        return false;
    round->loaded = round->rows.count;
    for (size_t i = 0; i < rules.count; i++)
        if (!judge_rule(round, &rules.entries[i], err))
            return false;
    return write_all(round, err);
}

bool alerts_run(struct store *store, const struct conf *conf, struct alerts_summary *summary,
                struct err *err)
{
    struct round round = {
        .store = store,
        .conf = conf,
        .policy = alerts_policy(conf),
        .now_ms = clock_now_ms(),
        .summary = summary,
    };
    struct alerts_summary before = *summary;
    *summary = (struct alerts_summary){0};
    bool ok = run_round(&round, err);
    alert_db_rows_release(&round.rows);
    mem_free(round.turns);
    if (round.problem[0] && strcmp(round.problem, before.problem) != 0)
        log_warn("%s", round.problem);
    memcpy(summary->problem, round.problem, sizeof summary->problem);
    return ok && notify_due(store, conf, round.now_ms, &summary->arrived, &summary->failed, err);
}
