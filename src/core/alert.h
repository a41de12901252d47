/*
 * How one rule stands for one subject, and what a reading makes of it: an alert fires when the rule holds and clears when the value
 * is past the limit by a margin. Pure: told the time, it tells whether to speak.
 */
#ifndef CORE_ALERT_H
#define CORE_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/evidence.h"
#include "core/quiet.h"
#include "core/rule.h"

struct alert_policy {
    int64_t
        margin_percent; /* of the limit, that a value must go back past it before the alert clears */
    int64_t cooldown_ms; /* between two times that a rule speaks of one subject */
    struct quiet quiet;
};

/* Zeroed with told_ms and seen_ms -1: nothing has happened yet. */
struct alert_state {
    bool active;
    bool owed;           /* it fired and nobody was told yet: quiet hours or the cooldown */
    int64_t since_ms;    /* it became what it is, active or not; 0: never anything else */
    int64_t fired_value; /* at the last firing */
    int64_t told_ms;     /* last time that somebody was told; negative: never */
    int64_t seen_ms;     /* the poll that was judged last; negative: none */
    bool known;          /* there was a value: */
    int64_t value, threshold;
};

enum alert_change { ALERT_SAME, ALERT_FIRED, ALERT_CLEARED };

/* What a step came to. */
struct alert_step {
    enum alert_change change;
    bool tell; /* now; once for each firing, or never when it clears first */
};

/* Nothing yet. */
void alert_init(struct alert_state *state);

/* Moves the state on by a reading. One without evidence, or of a poll that was judged already, changes nothing but may be the
   time to tell. A new low that is lower by the margin than the last one fires again. `venue_zone` is for the quiet hours. */
struct alert_step alert_take(struct alert_state *state, const struct rule *rule,
                             const struct alert_policy *policy, const struct reading *reading,
                             const char *venue_zone, int64_t now_ms);

#endif
