/* What queue_shared.c (when something is said and asked) and queue_shared_turn.c (what, and the answer) share. */
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
    struct queue_share share;
    int failures;                     /* in a row */
    int64_t ask_ms, said_ms, look_ms; /* monotonic: not before; the last time; of demand */
    bool wishes;                      /* to make a request beside the jobs */
    int64_t granted_by_ms;            /* monotonic: one may start until then */
    int64_t pause_ms; /* for which the last answer said that there will be nothing */
};

/* A new end, zeroed. */
struct queue_shared_end *queue_shared_add_end(struct queue_shared *shared);

/* Tells the database what is offered and withdrawn; what it has heard is forgotten here. */
bool queue_shared_say(struct queue_shared *shared, struct err *err);

/* Tells it what has ended and what this workstation has, and claims at most `want` jobs. `*stored` is false when the
   failure is the local store's. */
bool queue_shared_ask(struct queue_shared *shared, struct queue_job *jobs, size_t want,
                      size_t *count, bool *stored, struct err *err);

#endif
