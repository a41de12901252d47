/*
 * The engine of alerts: judges every rule for everything that it speaks of, keeps how each stands, and sends what is to be told. For
 * a collector to call after its polls, and once a minute for what time alone brings about.
 */
#ifndef CORE_ALERTS_H
#define CORE_ALERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/alert.h"
#include "core/conf.h"
#include "core/event.h"
#include "core/ruleset.h"
#include "core/store.h"

/* What a run came to. Zeroed before the first; who runs again hands in the last one, so that a problem is said once. */
struct alerts_summary {
    int64_t judged, fired, cleared; /* rules x events */
    int64_t told;                   /* of the fired ones, now or from before */
    int64_t arrived, failed;        /* messages: an alert and a way out */
    char problem[ERR_TEXT_MAX];     /* the first rule that could not be judged, and why; "" */
};

/* Judges all rules by what is stored, writes what changed, and then sends what is due, each message once; those that failed are
   tried again by later runs after 1, 4, 16 and 64 minutes. A rule that cannot be judged is warned about. Sending takes seconds at
   worst and ends early when a stop is requested. False only when the store fails. Outside of any transaction. */
bool alerts_run(struct store *store, const struct conf *conf, struct alerts_summary *summary,
                struct err *err);

/* Margin, cooldown and quiet hours of the settings. */
struct alert_policy alerts_policy(const struct conf *conf);

/* Whether the event has begun: nothing is judged about its market any more. */
bool alerts_is_over(const struct event *event, int64_t now_ms);

/* What a rule speaks of: events, or one that is NULL for all together or the store. `named` NULL: as the rule says. */
struct alerts_subjects {
    struct event *events; /* mem_alloc()ed; NULL: no single events */
    size_t count;         /* of subjects: 1 when there are no single events */
};

/* Finds them. ERR_NOT_FOUND when the rule names an event that is not there; ERR_USAGE when it is about the store and one is
   named. */
bool alerts_subjects_load(struct store *store, const struct conf *conf, const struct rule *rule,
                          const char *named, struct alerts_subjects *subjects, struct err *err);

/* Frees. Safe on a zeroed one. */
void alerts_subjects_release(struct alerts_subjects *subjects);
#define AUTO_SUBJECTS __attribute__((cleanup(alerts_subjects_release)))

#endif
