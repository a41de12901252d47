/* How each event is to be polled, as the store has it: what was asked for by hand, and the facts that the schedule
   decides by, which are read from the polls themselves. */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/schedule.h"
#include "core/store.h"

/* What is asked for by hand; a negative member stays as it is. */
struct plan_wish {
    int64_t every_ms; /* 0: as the settings say again */
    int64_t priority; /* enum schedule_priority */
    bool again;       /* what happened so far does not retire the event any more */
};

/* One tracked event as plan_list() gives it: enough to see that something about it was changed. */
struct plan_entry {
    int64_t event_id, every_ms, priority, since_ms, date_ms;
};

/* Stores a wish about an event, at the time `now_ms`. */
bool plan_set(struct store *store, int64_t event_id, const struct plan_wish *wish, int64_t now_ms,
              struct err *err);

/* The tracked events by id; *entries is mem_alloc()ed. */
bool plan_list(struct store *store, struct plan_entry **entries, size_t *count, struct err *err);

/* The facts about one tracked event. False with ERR_NOT_FOUND when it is not tracked. */
bool plan_facts(struct store *store, int64_t event_id, struct schedule_facts *facts,
                struct err *err);

/* The same, tracked or not. */
bool plan_facts_of_any(struct store *store, int64_t event_id, struct schedule_facts *facts,
                       struct err *err);

/* The facts about all tracked events, by id; *facts is mem_alloc()ed. */
bool plan_all_facts(struct store *store, struct schedule_facts **facts, size_t *count,
                    struct err *err);

/* Stores what a platform told, at the time `now_ms`, of events: names, place and date of those that are tracked, whose
   `id` it sets; the others are passed over, their `id` is 0. */
bool plan_describe(struct store *store, struct event *told, size_t count, int64_t now_ms,
                   struct err *err);

/* The tracked events that can be asked about together with one, by id: those of its performer that are not over, of
   which nothing was told since `before_ms`; none when it has no performer. *ids is mem_alloc()ed. */
bool plan_kin(struct store *store, const struct event *event, int64_t now_ms, int64_t before_ms,
              int64_t **ids, size_t *count, struct err *err);

#endif
