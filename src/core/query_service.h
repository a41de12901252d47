/* What the collector leaves behind, as frames: its schedule, its jobs, its rules. */
#ifndef CORE_QUERY_SERVICE_H
#define CORE_QUERY_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/frame.h"
#include "core/ruleset.h"
#include "core/schedule.h"
#include "core/store.h"
#include "core/team.h"

/* When each tracked event is to be polled next, and why then, a row an event, the next one first and the retired at the
   end: event, name, due (null: retired), interval_s, why, reason (a sentence), every_s (null unless asked for), priority,
   last_poll. By the facts of the store, as the service decides; it may be late when the rate allows no more. */
bool query_service_schedule(struct store *store, const struct schedule_settings *settings,
                            int64_t rate, struct frame *frame, struct err *err);

/* Attempts at jobs, jobs that wait, and dead letters, newest first, at most `most`: job, event, name, state (ended,
   running, lost, waiting, dead), attempt, timestamp (when it began, is due, or died), took_ms, bytes, outcome, reason, holder
   (null). */
bool query_service_jobs(struct store *store, bool dead, int64_t since_ms, size_t most,
                        struct frame *frame, struct err *err);

/* How each rule stands, a row a rule: name, rule, origin ("line 12" of the config file, or "store"), holds and judged (events, or
   1 for all together), last_fired, problem (why it cannot be judged; null: it can). */
bool query_service_rules(struct store *store, const struct ruleset *rules, struct frame *frame,
                         struct err *err);

/* Adds the jobs of a team to such a frame: state also retired (not to be polled any more), and holder, the source that has
   it or had it last. */
bool query_service_add_shared(struct team *team, bool dead, int64_t since_ms, size_t most,
                              struct frame *frame, struct err *err);

#endif
