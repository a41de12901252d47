/* A rule tried on what is stored: what it says now, and what it would have said. */
#ifndef CORE_BACKTEST_H
#define CORE_BACKTEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/alerts.h"
#include "core/frame.h"

/* What a rule reads now, a row for each subject that has a value or is the only one: event, name, holds, value, threshold, unit,
   timestamp (of the poll that says so). Values are of the type of the rule's unit: money, percent, counts, seconds, bytes, a
   bool. `*holding` counts the rows where it holds. ERR_NOT_FOUND when none has the zone or section. */
bool backtest_now(struct store *store, const struct conf *conf, const struct rule *rule,
                  const struct alerts_subjects *subjects, struct frame *frame, int64_t *holding,
                  struct err *err);

/* What came of a replay. */
struct backtest_summary {
    int64_t fired, told, subjects; /* subjects: those for which it ever fired */
    int64_t holding;               /* at the end */
};

/* Replays a rule over [from_ms, to_ms), as a collector would have judged it after each poll, every minute while a message is held
   back. Rows: timestamp, event, name, change (fired, told, cleared), told, value, threshold. ERR_USAGE for rules about the store,
   which keeps no history of itself. */
bool backtest_run(struct store *store, const struct rule *rule, const struct alert_policy *policy,
                  const struct alerts_subjects *subjects, int64_t from_ms, int64_t to_ms,
                  struct frame *frame, struct backtest_summary *summary, struct err *err);

#endif
