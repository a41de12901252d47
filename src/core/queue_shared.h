/*
 * The jobs of a team, in its PostgreSQL: sql/supabase/migrations/20260201001300_queue.sql says how they go round. What
 * this workstation tracks is offered to all, whoever has room claims what is due, and a rate limit and breaker for
 * each host are shared. What is to be said is collected and goes with the next claim in one statement: a round trip a
 * poll.
 *
 * While the database does not answer, each workstation goes on with the events that it polled last, as they are due and at its
 * share of the rate: their leases keep them from the others. Everything else waits. What was polled is stored, and said when
 * it answers again.
 */
#ifndef CORE_QUEUE_SHARED_H
#define CORE_QUEUE_SHARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/queue.h"
#include "core/store.h"
#include "core/team.h"

/* A claim's share of the rate is used within that time, or not at all. The database reckons with it. */
enum { QUEUE_SHARED_TOKEN_MS = 2000 };

struct queue_shared;

/* Whether the settings say that jobs are shared. */
bool queue_shared_is_wanted(const struct conf *conf);

/* Joins the team. The store and `conf` must outlive it. NULL with ERR_USAGE when no database is configured and with
   ERR_REMOTE when it refuses or has another schema; one that does not answer is tried again later. */
struct queue_shared *queue_shared_open(struct store *store, const struct conf *conf,
                                       struct err *err);

/* Closes. NULL is fine. */
void queue_shared_close(struct queue_shared *shared);

/* Takes other settings: requests a minute, and attempts before a job whose workers are lost is dead. */
void queue_shared_adopt(struct queue_shared *shared, int64_t rate, int64_t attempts);

/* Makes a queue of it, which it must outlive. */
void queue_shared_init(struct queue *queue, struct queue_shared *shared, int64_t most_attempts);

/* As queue_retry(), for a job of a team; its event is polled at once by whoever has room. Also ERR_USAGE when nobody
   tracks it any more. */
bool queue_shared_retry(struct team *team, int64_t job_id, struct err *err);

/* As queue_drop(), for a job of a team; of one that waits this poll is left out. */
bool queue_shared_drop(struct team *team, int64_t job_id, struct err *err);

#endif
