#include "core/alert.h"

void alert_init(struct alert_state *state)
{
    *state = (struct alert_state){.told_ms = -1, .seen_ms = -1};
}

/* How far back a value must go. */
static int64_t margin_of(const struct alert_policy *policy, int64_t threshold)
{
    /* in two parts, since a hundred times a petabyte is near the end of the range */
    return threshold / 100 * policy->margin_percent +
           threshold % 100 * policy->margin_percent / 100;
}

static bool is_ceiling(const struct rule *rule)
{
    return rule->order == RULE_BELOW || rule->order == RULE_AT_MOST;
}

/* Whether a value has gone so far back that a further crossing is a new cause. No such offer any more is as far as it goes. */
static bool is_past_margin(const struct rule *rule, const struct alert_policy *policy,
                           const struct reading *reading)
{
    if (!reading->known)
        return true;
    if (reading->holds)
        return false;
    if (rule->unit == RULE_STATE)
        return true;
    int64_t margin = margin_of(policy, reading->threshold);
    return is_ceiling(rule) ? reading->value >= reading->threshold + margin
                            : reading->value <= reading->threshold - margin;
}

/* A low that is clearly lower than the last one is news. */
static bool is_news(const struct alert_state *state, const struct rule *rule,
                    const struct alert_policy *policy, const struct reading *reading)
{
    return rule->measure == RULE_NEW_LOW && reading->holds &&
           reading->value < state->fired_value - margin_of(policy, state->fired_value);
}

static enum alert_change judge(struct alert_state *state, const struct rule *rule,
                               const struct alert_policy *policy, const struct reading *reading,
                               int64_t now_ms)
{
    if (state->active && is_past_margin(rule, policy, reading)) {
        state->active = state->owed = false;
        state->since_ms = now_ms;
        return ALERT_CLEARED;
    }
    if (state->active ? !is_news(state, rule, policy, reading) : !reading->holds)
        return ALERT_SAME;
    if (!state->active)
        state->since_ms = now_ms;
    state->active = state->owed = true;
    state->fired_value = reading->value;
    return ALERT_FIRED;
}

/* Whether a reading says anything that was not judged before. Time alone makes a market no other, but polls older. */
static bool is_new(const struct alert_state *state, const struct rule *rule,
                   const struct reading *reading)
{
    return reading->at_ms >= 0 &&
           (reading->at_ms > state->seen_ms || rule_about(rule) != RULE_ABOUT_MARKET);
}

struct alert_step alert_take(struct alert_state *state, const struct rule *rule,
                             const struct alert_policy *policy, const struct reading *reading,
                             const char *venue_zone, int64_t now_ms)
{
    struct alert_step step = {ALERT_SAME, false};
    if (is_new(state, rule, reading)) {
        step.change = judge(state, rule, policy, reading, now_ms);
        state->seen_ms = reading->at_ms;
        state->known = reading->known;
        state->value = reading->value;
        state->threshold = reading->threshold;
    }
    bool cooled = state->told_ms < 0 || now_ms - state->told_ms >= policy->cooldown_ms;
    step.tell = state->owed && cooled && !quiet_holds(&policy->quiet, venue_zone, now_ms);
    if (step.tell) {
        state->owed = false;
        state->told_ms = now_ms;
    }
    return step;
}
