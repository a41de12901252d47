/* What queue_shared.c (when something is said and asked), queue_shared_turn.c (what, and the answer) and
   queue_shared_alone.c (what goes on without an answer) share. */
#ifndef CORE_QUEUE_SHARED_PRIVATE_H
#define CORE_QUEUE_SHARED_PRIVATE_H

#include "core/platform.h"
#include "core/queue_shared.h"
#include "core/team.h"
#include "core/watch.h"

/* An end that the database has not heard of. */
struct queue_shared_end {
    struct queue_job job;
    enum queue_end what;
    enum outcome outcome;
    int64_t due_ms; /* monotonic */
    int64_t retry_after_ms;
    char reason[200];
};

struct queue_shared_uuid {
    char text[UUID_TEXT_MAX];
};

/* An event that this workstation polled last. */
struct queue_shared_own {
    struct queue_job job;
    struct queue_shared_uuid uuid; /* set when it is polled alone */
    int64_t due_ms;                /* monotonic */
    bool running;                  /* a poll without a lease is under way */
    bool alone;                    /* there was a good one, of which the database has not heard */
};

struct queue_shared {
    struct store *store;
    const struct conf *conf;
    struct team team;
    bool joined;
    char worker[QUEUE_WORKER_MAX];
    const struct platform *platform;
    char host[320], rate[24];
    int64_t attempts;
    struct queue_job *offers; /* not said yet, like the next two */
    size_t offer_count, offer_capacity;
    struct queue_shared_uuid *withdrawn;
    size_t withdrawn_count, withdrawn_capacity;
    struct queue_shared_end *ends;
    size_t end_count, end_capacity;
    int64_t held[WATCH_SLOTS_MAX]; /* the numbers of the jobs that it has */
    size_t held_count;
    struct queue_shared_own *own;
    size_t own_count, own_capacity;
    int64_t away_ms,
        alone_ms; /* monotonic: when it went away; before that no poll without a lease */
    struct queue_share share;
    int failures;                     /* in a row */
    int64_t ask_ms, said_ms, look_ms; /* monotonic: not before; the last time; of demand */
    bool wishes;                      /* to make a request beside the jobs */
    int64_t granted_by_ms;            /* monotonic: one may start until then */
    int64_t pause_ms; /* for which the last answer said that there will be nothing */
};

/* A new end, zeroed. */
struct queue_shared_end *queue_shared_add_end(struct queue_shared *shared);

/* Remembers, or forgets, whose an event is after a poll under a lease; `due_ms` is monotonic, here and below. */
void queue_shared_alone_note(struct queue_shared *shared, const struct queue_job *job,
                             enum queue_end what, int64_t due_ms);

/* Forgets an event: it has a lease now, or is not tracked any more. */
void queue_shared_alone_forget(struct queue_shared *shared, int64_t event_id);

/* The jobs without a lease that come first while the database is away, as the rate allows. */
bool queue_shared_alone_claim(struct queue_shared *shared, struct queue_job *jobs, size_t most,
                              size_t *count, struct err *err);

/* Ends one of those. False when it is none. */
bool queue_shared_alone_finish(struct queue_shared *shared, const struct queue_job *job,
                               enum queue_end what, int64_t due_ms);

/* The database has heard of the polls without a lease. */
void queue_shared_alone_told(struct queue_shared *shared);

/* Tells the database what is offered and withdrawn; what it has heard is forgotten here. */
bool queue_shared_say(struct queue_shared *shared, struct err *err);

/* Tells it what has ended and what this workstation has, and claims at most `want` jobs. `*stored` is false when the
   failure is the local store's. */
bool queue_shared_ask(struct queue_shared *shared, struct queue_job *jobs, size_t want,
                      size_t *count, bool *stored, struct err *err);

#endif
