#include "core/backtest.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

/* ---- values of a unit as cells ---- */

static enum frame_type value_type(enum rule_unit unit)
{
    static const enum frame_type types[] = {
        [RULE_MONEY] = FRAME_MONEY, [RULE_PERCENT] = FRAME_REAL, [RULE_COUNT] = FRAME_INT,
        [RULE_SPAN] = FRAME_REAL,   [RULE_BYTES] = FRAME_INT,    [RULE_STATE] = FRAME_BOOL,
    };
    return types[unit];
}

static struct frame_cell value_cell(enum rule_unit unit, int64_t value)
{
    if (unit == RULE_PERCENT)
        return frame_real((double)value / 10000);
    if (unit == RULE_SPAN)
        return frame_real((double)value / 1000);
    return frame_number(value);
}

static void name_cells(const struct event *event, struct frame *frame, struct frame_cell *cells)
{
    char name[EVENT_NAME_MAX + 8];
    if (!event)
        return;
    cells[0] = frame_text(frame, event_name(name, event));
    cells[1] = frame_text(frame, event->name[0] ? event->name : NULL);
}

static const struct event *subject(const struct alerts_subjects *subjects, size_t i)
{
    return subjects->events ? &subjects->events[i] : NULL;
}

/* The currency of all subjects; "" when they differ: amounts are then bare. */
static void set_currency(const struct alerts_subjects *subjects, struct frame *frame)
{
    const char *currency = subjects->count && subjects->events ? subjects->events[0].currency : "";
    for (size_t i = 1; i < subjects->count; i++)
        if (strcmp(subjects->events[i].currency, currency) != 0)
            currency = "";
    frame->meta.currency = arena_strdup(&frame->arena, currency);
}

/* ---- now ---- */

static void add_reading(const struct rule *rule, const struct event *event,
                        const struct reading *reading, struct frame *frame)
{
    struct frame_cell *cells = frame_add_row(frame);
    name_cells(event, frame, cells);
    cells[2] = frame_number(reading->holds);
    if (reading->known)
        cells[3] = value_cell(rule->unit, reading->value);
    cells[4] = value_cell(rule->unit, reading->threshold);
    cells[5] = frame_text(frame, rule_unit_word(rule->unit));
    if (reading->at_ms >= 0)
        cells[6] = frame_number(reading->at_ms);
}

bool backtest_now(struct store *store, const struct conf *conf, const struct rule *rule,
                  const struct alerts_subjects *subjects, struct frame *frame, int64_t *holding,
                  struct err *err)
{
    const struct frame_column columns[] = {
        {"event", FRAME_TEXT},
        {"name", FRAME_TEXT, true},
        {"holds", FRAME_BOOL},
        {"value", value_type(rule->unit)},
        {"threshold", value_type(rule->unit)},
        {"unit", FRAME_TEXT},
        {"timestamp", FRAME_TIME},
    };
    size_t missing = 0;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    set_currency(subjects, frame);
    *holding = 0;
    for (size_t i = 0; i < subjects->count; i++) {
        struct reading reading;
        bool read =
            evidence_now(store, conf, rule, subject(subjects, i), clock_now_ms(), &reading, err);
        if (!read && (err->code != ERR_NOT_FOUND || ++missing == subjects->count))
            return false;
        if (!read || (!reading.known && subjects->count > 1))
            continue;
        add_reading(rule, subject(subjects, i), &reading, frame);
        *holding += reading.holds;
    }
    return true;
}

/* ---- over history ---- */

struct replayed {
    const struct rule *rule;
    const struct alert_policy *policy;
    const struct event *event;
    const struct evidence *evidence;
    struct alert_state state;
    struct frame *frame;
    struct backtest_summary *summary;
};

static void add_change(struct replayed *replayed, const struct alert_step *step, int64_t at_ms)
{
    static const char *const words[] = {
        [ALERT_SAME] = "told", [ALERT_FIRED] = "fired", [ALERT_CLEARED] = "cleared"};
    const struct alert_state *state = &replayed->state;
    enum rule_unit unit = replayed->rule->unit;
    struct frame_cell *cells = frame_add_row(replayed->frame);
    cells[0] = frame_number(at_ms);
    name_cells(replayed->event, replayed->frame, cells + 1);
    cells[3] = (struct frame_cell){.known = true, .text = words[step->change]};
    cells[4] = frame_number(step->tell);
    if (state->known)
        cells[5] = value_cell(unit, state->value);
    cells[6] = value_cell(unit, state->threshold);
}

static void take(struct replayed *replayed, const struct reading *reading, int64_t at_ms)
{
    const char *zone = replayed->event ? replayed->event->timezone : NULL;
    struct alert_step step =
        alert_take(&replayed->state, replayed->rule, replayed->policy, reading, zone, at_ms);
    replayed->summary->fired += step.change == ALERT_FIRED;
    replayed->summary->told += step.tell;
    if (step.change != ALERT_SAME || step.tell)
        add_change(replayed, &step, at_ms);
}

/* While a message is held back every minute is one in which it may go. */
static void pass_time(struct replayed *replayed, int64_t from_ms, int64_t to_ms)
{
    const struct reading nothing = {.at_ms = -1};
    int64_t at_ms = clock_floor(from_ms, CLOCK_MINUTE_MS) + CLOCK_MINUTE_MS;
    for (; replayed->state.owed && at_ms < to_ms; at_ms += CLOCK_MINUTE_MS)
        take(replayed, &nothing, at_ms);
}

static int compare_moments(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* When to judge: after each poll, and for the age of the last good one also when it passes the limit. */
static int64_t *list_moments(const struct rule *rule, const struct evidence *evidence,
                             size_t *count)
{
    int64_t *moments = mem_alloc(2 * evidence->count + 1, sizeof *moments);
    *count = 0;
    for (size_t i = 0; i < evidence->count; i++) {
        moments[(*count)++] = evidence->samples[i].at_ms;
        if (rule->measure == RULE_STALE)
            moments[(*count)++] = evidence->samples[i].at_ms + rule->threshold + 1;
    }
    qsort(moments, *count, sizeof *moments, compare_moments);
    return moments;
}

static void replay(struct replayed *replayed, int64_t from_ms, int64_t to_ms)
{
    size_t count;
    AUTO_FREE int64_t *moments = list_moments(replayed->rule, replayed->evidence, &count);
    int64_t fired = replayed->summary->fired;
    for (size_t i = 0; i < count; i++) {
        if (moments[i] < from_ms || moments[i] >= to_ms)
            continue;
        if (i > 0)
            pass_time(replayed, moments[i - 1], moments[i]);
        struct reading reading = evidence_read(replayed->evidence, replayed->rule, moments[i]);
        take(replayed, &reading, moments[i]);
    }
    if (count > 0)
        pass_time(replayed, moments[count - 1], to_ms);
    replayed->summary->subjects += replayed->summary->fired > fired;
    replayed->summary->holding += replayed->state.active;
}

static bool replay_subject(struct store *store, struct replayed *replayed, int64_t from_ms,
                           int64_t to_ms, struct err *err)
{
    const struct event *event = replayed->event;
    AUTO_EVIDENCE struct evidence evidence = {0};
    if (event && alerts_is_over(event, to_ms))
        to_ms = event->date_ms + (event->time_tbd ? CLOCK_DAY_MS : 0);
    if (!evidence_load(store, replayed->rule, event, from_ms, to_ms, &evidence, err))
        return false;
    alert_init(&replayed->state);
    replayed->evidence = &evidence;
    replay(replayed, from_ms, to_ms);
    return true;
}

bool backtest_run(struct store *store, const struct rule *rule, const struct alert_policy *policy,
                  const struct alerts_subjects *subjects, int64_t from_ms, int64_t to_ms,
                  struct frame *frame, struct backtest_summary *summary, struct err *err)
{
    const struct frame_column columns[] = {
        {"timestamp", FRAME_TIME},
        {"event", FRAME_TEXT},
        {"name", FRAME_TEXT, true},
        {"change", FRAME_TEXT},
        {"told", FRAME_BOOL},
        {"value", value_type(rule->unit)},
        {"threshold", value_type(rule->unit)},
    };
    size_t missing = 0;
    struct replayed replayed = {rule, policy, .frame = frame, .summary = summary};
    if (rule_about(rule) == RULE_ABOUT_STORE)
        return err_set(err, ERR_USAGE, "nothing is kept of how the store stood before");
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    set_currency(subjects, frame);
    for (size_t i = 0; i < subjects->count; i++) {
        replayed.event = subject(subjects, i);
        if (!replay_subject(store, &replayed, from_ms, to_ms, err) &&
            (err->code != ERR_NOT_FOUND || ++missing == subjects->count))
            return false;
    }
    return true;
}
