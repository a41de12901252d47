/*
 * The jobs of the collector: one for each poll that is due, at most one an event at a time, claimed under a
 * lease, tried again with a growing pause, and after the last attempt a dead letter. Where they are kept is a back
 * end's affair: the local store, or the team's database (core/queue_shared.h), which keeps a job for as long as its
 * event is tracked and the time at which it is due again. `now_ms` is a clock that the caller trusts not to jump;
 * queue_shift() tells when it did. A back end with a clock of its own only takes from it how long something is to wait.
 */
#ifndef CORE_QUEUE_H
#define CORE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/outcome.h"
#include "core/schedule.h"
#include "core/store.h"

enum {
    QUEUE_WORKER_MAX = 96,
    QUEUE_LEASE_MS = 2 * 60 * 1000,
    QUEUE_BEAT_MS = 30 * 1000,
    QUEUE_PRIORITY_MS = 10 * 60 * 1000, /* a step of priority is worth so much waiting */
};

struct queue_job {
    int64_t id, event_id;
    int64_t attempts; /* this one included */
    enum schedule_priority priority;
    int64_t interval_ms; /* to the next poll, told to queue_add() and queue_finish(); 0: none */
    /* Of a shared job alone, else 0. */
    int64_t every_ms;    /* asked for by hand, anywhere */
    int64_t start_by_ms; /* monotonic: later its lease and share of the rate may be gone */
};

/* How an attempt at a job ended. */
struct queue_attempt {
    enum outcome outcome;
    int64_t took_ms, bytes;
    const char *reason;     /* "" when good */
    int64_t retry_after_ms; /* that the host asked for; negative: it did not */
};

/* What becomes of a job. */
enum queue_end {
    QUEUE_DONE,     /* it ended well, or will not end better */
    QUEUE_AGAIN,    /* another attempt when it is due again */
    QUEUE_DEAD,     /* too many attempts */
    QUEUE_RELEASED, /* it was not attempted: it waits as if it had not been claimed */
};

/* How things stand with those who share the jobs. */
struct queue_share {
    bool
        away; /* their database does not answer: what was polled here last goes on, ends are kept until it does */
    int64_t allowed; /* requests a minute for all together */
    int64_t due_ms;  /* until there will be something to claim; 0: there is; negative: not known */
    double demand;   /* polls a minute that all their jobs come to */
};

/* One place where jobs are kept. All members give false with an error when the local store fails; a database that does
   not answer is no failure, see queue_share. The last three are NULL where nothing is shared, prune
   where the database forgets by itself. */
struct queue_backend {
    bool (*add)(void *self, const struct queue_job *jobs, size_t count, int64_t now_ms,
                struct err *err);
    bool (*claim)(void *self, const char *worker, int64_t now_ms, struct queue_job *jobs,
                  size_t most, size_t *count, struct err *err);
    bool (*beat)(void *self, const char *worker, int64_t now_ms, struct err *err);
    bool (*finish)(void *self, const struct queue_job *job, const struct queue_attempt *attempt,
                   enum queue_end end, int64_t due_ms, int64_t now_ms, struct err *err);
    bool (*recover)(void *self, int64_t most_attempts, int64_t span_ms, int64_t now_ms,
                    struct err *err);
    bool (*live)(void *self, int64_t **events, size_t *count, struct err *err);
    bool (*shift)(void *self, int64_t by_ms, struct err *err);
    bool (*prune)(void *self, int64_t before_ms, struct err *err);
    bool (*withdraw)(void *self, const int64_t *events, size_t count, struct err *err);
    bool (*may_ask)(void *self, int64_t *start_by_ms); /* or NULL */
    void (*flush)(void *self);
    const struct queue_share *(*share)(const void *self);
};

/* Plain data; `worker` names this process among those that share the jobs. */
struct queue {
    const struct queue_backend *backend;
    void *self;
    char worker[QUEUE_WORKER_MAX];
    int64_t most_attempts;
};

/* A queue in the local store, which must outlive it. */
void queue_init(struct queue *queue, struct store *store, int64_t most_attempts);

/* Adds a job for each event that has none under way: all or none. Those with a higher priority come first, but a
   job that has waited longer by QUEUE_PRIORITY_MS a step comes before them: none starves. Shared: offers the events to
   all; one that has a job already is due when that says, unless it is asked for otherwise than before. */
bool queue_add(struct queue *queue, const struct queue_job *jobs, size_t count, int64_t now_ms,
               struct err *err);

/* Claims the jobs that come first, at most `most`, in their order, for QUEUE_LEASE_MS. Shared: tells what has ended,
   also when `most` is 0. */
bool queue_claim(struct queue *queue, int64_t now_ms, struct queue_job *jobs, size_t most,
                 size_t *count, struct err *err);

/* Says that this worker is alive, every QUEUE_BEAT_MS; jobs whose worker has not said so in time wait again. */
bool queue_beat(struct queue *queue, int64_t now_ms, struct err *err);

/* What a job is ordered by: the lowest first. */
int64_t queue_rank_ms(enum schedule_priority priority, int64_t due_ms);

/* What becomes of a job after an attempt: DONE for good polls and those whose event is not there, else
   AGAIN or DEAD. */
enum queue_end queue_verdict(const struct queue *queue, const struct queue_job *job,
                             enum outcome outcome);

/* Ends an attempt, which counts once and unless another worker took the job over; `due_ms` is when the next may be
   claimed, for AGAIN and RELEASED, shared also for DONE and DEAD. `attempt` may be NULL for RELEASED. */
bool queue_finish(struct queue *queue, const struct queue_job *job,
                  const struct queue_attempt *attempt, enum queue_end end, int64_t due_ms,
                  int64_t now_ms, struct err *err);

/* For the start of the only worker: jobs that a worker held which was lost wait again, those whose poll is
   stored are done, those lost too often are dead, and none waits longer than `span_ms`. */
bool queue_recover(struct queue *queue, int64_t span_ms, int64_t now_ms, struct err *err);

/* The events that have a job under way, by id; *events is mem_alloc()ed. */
bool queue_live(struct queue *queue, int64_t **events, size_t *count, struct err *err);

/* The clock behind `now_ms` was set by so much: what waits goes on waiting as long as before. */
bool queue_shift(struct queue *queue, int64_t by_ms, struct err *err);

/* What others share with this worker; NULL when nothing is shared: then the caller adds a job whenever one is due. */
const struct queue_share *queue_share(const struct queue *queue);

/* Events that are not tracked here any more: shared, their jobs go when nobody else tracks them. */
bool queue_withdraw(struct queue *queue, const int64_t *events, size_t count, struct err *err);

/* Whether a request that is no job may start, and until when (monotonic; 0: whenever its host allows). Shared: it takes its part
   of the rate; false until the others have left one. */
bool queue_may_ask(struct queue *queue, int64_t *start_by_ms);

/* At the end: tries once to say what was not said yet. */
void queue_flush(struct queue *queue);

/* Forgets attempts and dead letters from before a time. */
bool queue_prune(struct queue *queue, int64_t before_ms, struct err *err);

/* Puts a dead letter back to the front, with all its attempts; ERR_NOT_FOUND, or ERR_USAGE when it is not dead or
   its event has another job under way. */
bool queue_retry(struct store *store, int64_t job_id, int64_t now_ms, struct err *err);

/* Gives up a job that is dead or waits; ERR_NOT_FOUND, or ERR_BUSY while it is worked at. */
bool queue_drop(struct store *store, int64_t job_id, struct err *err);

struct queue_counts {
    int64_t waiting, leased, dead;
    int64_t first_ms; /* when the one that waits longest became due; negative: none waits */
};

/* Counts the jobs of the local store. */
bool queue_count(struct store *store, struct queue_counts *counts, struct err *err);

#endif
