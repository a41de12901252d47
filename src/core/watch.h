/*
 * The service: decides what is due, makes jobs of it, has them done, and decides again. Works in turns; what it asks of
 * platforms, and the clock that it waits by, are behind `struct watch_world`, so that tests let months pass in minutes.
 */
#ifndef CORE_WATCH_H
#define CORE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/event.h"
#include "core/outcome.h"
#include "core/platform.h"
#include "core/schedule.h"
#include "core/store.h"

struct queue_shared;

/* A poll that the world is asked for; it stays where it is until its end. */
struct watch_poll {
    struct event event;
    int64_t start_by_ms; /* monotonic: later it is not started, but ends as resting; 0: whenever */
};

/* A question about names, place and date that the world is asked; it stays where it is until its end. */
struct watch_question {
    struct event event;
    int page;            /* 0: about the event alone; from 1: a page of what its performer plays */
    int64_t start_by_ms; /* as of a poll */
    struct platform_page told; /* the answer, at its end; released by who asked */
};

/* How one of them ended; a poll is in the store already. */
struct watch_end {
    struct watch_poll *poll;         /* what start() was given; NULL: the question ended */
    struct watch_question *question; /* what ask() was given; NULL: a poll ended */
    enum outcome outcome;
    bool resting; /* not asked: its host rests, or it came too late; nothing was stored */
    int64_t took_ms, bytes, listings, changed;
    int64_t retry_after_ms; /* that the host asked for; negative: it did not */
    char reason[200];       /* "" when good */
};

/* What the service asks of the world. */
struct watch_world {
    void *self;
    struct queue_shared *shared; /* where the jobs are; NULL: in the store */
    int64_t (*monotonic_ms)(void *self);
    int64_t (*wall_ms)(void *self);
    size_t (*room)(void *self);     /* polls that may be started now */
    int64_t (*rate)(void *self);    /* requests a minute that are allowed now; 0: no limit */
    int64_t (*held_ms)(void *self); /* how long nothing may be asked; 0: something may */
    /* Begins a poll. False with `why` when there is no way to ask for this event. */
    bool (*start)(void *self, struct watch_poll *poll, struct err *why);
    /* Asks a question, one at a time. False as start(). */
    bool (*ask)(void *self, struct watch_question *question, struct err *why);
    /* Works until a poll has ended and is stored, or the question has, or `patience_ms` are over, or it is told to look
       up. `*ended` says whether `end` is filled in. False when the store fails. */
    bool (*wait)(void *self, int64_t patience_ms, struct watch_end *end, bool *ended,
                 struct err *err);
    /* Gives up whatever is under way. */
    void (*abandon)(void *self);
};

enum { WATCH_SLOTS_MAX = 64, WATCH_TOOK_BUCKETS = 10 };

/* What happened since the service began. */
struct watch_tally {
    int64_t by_outcome[OUTCOME_COUNT];
    int64_t
        took[WATCH_TOOK_BUCKETS + 1]; /* polls by watch_took_bound(); the last: longer than all */
    int64_t took_ms, bytes, listings, changed, retried, died, resting;
    int64_t questions, described; /* about names and dates; events that answers told of */
};

/* How things stand. */
struct watch_state {
    size_t events, scheduled, queued, running, retired;
    bool shared;     /* the jobs are a team's, of which ... */
    bool away;       /* ... its database does not answer */
    bool due;        /* ... or one may be claimed now */
    double demand;   /* polls a minute that are due without stretching */
    double stretch;  /* how many times longer intervals are than wanted; 1: not at all */
    int64_t next_ms; /* until the next event is due; negative: none is scheduled */
    bool asking;     /* names are being asked for, or about to be */
};

/* Called after each poll. */
typedef void watch_visit(void *context, const struct event *event, const struct watch_end *end);

struct watch;

/* Takes up the work: jobs that a lost worker held wait again, events are scheduled by what the store knows of them. The
   store, open for writing, and the world must outlive it; nobody else may be watching it. NULL when the store fails. */
struct watch *watch_open(struct store *store, const struct watch_world *world,
                         const struct schedule_settings *settings, int64_t attempts,
                         watch_visit *visit, void *context, struct err *err);

/* Frees; jobs that are held wait again when the store lets itself be written. NULL is fine. */
void watch_close(struct watch *watch);

/* Other settings; what is scheduled is scheduled again. */
bool watch_adopt(struct watch *watch, const struct schedule_settings *settings, int64_t attempts,
                 struct err *err);

/* One turn: what is due becomes jobs, jobs are started, and one end is awaited, at most `patience_ms`. False when the
   store failed: then it is closed and opened again. */
bool watch_turn(struct watch *watch, int64_t patience_ms, struct err *err);

/* From now on nothing is started: watch_turn() only waits for what is under way. */
void watch_drain(struct watch *watch);

/* Polls under way. */
size_t watch_running(const struct watch *watch);

/* Everything since watch_open(). */
const struct watch_tally *watch_tally(const struct watch *watch);

/* How things stand now. */
struct watch_state watch_state(const struct watch *watch);

/* The upper bound in milliseconds of a bucket of watch_tally.took. */
int64_t watch_took_bound(size_t bucket);

#endif
