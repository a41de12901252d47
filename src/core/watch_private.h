/* What the parts of the service share. */
#ifndef CORE_WATCH_PRIVATE_H
#define CORE_WATCH_PRIVATE_H

#include "core/agenda.h"
#include "core/plan.h"
#include "core/queue.h"
#include "core/watch.h"

/* A tracked event. */
struct watch_item {
    struct agenda_item agenda;     /* first: the agenda gives it back */
    struct agenda_item describing; /* when its names and date are asked for again */
    struct plan_entry entry;
    enum schedule_reason reason;
    int64_t interval_ms; /* without stretching; 0: retired */
    double stretch;      /* of the wait until it is due */
    int64_t good_ms, polled_ms;
    int64_t
        unasked_ms; /* monotonic: before that not asked about again, for the last answer was none */
    bool pending;   /* its names were never told */
    bool alone;     /* not among what its performer plays: it is asked about by its id */
    bool queued;    /* it has a job */
    bool seen, fresh; /* while the list is read again */
};

/* A job under way. */
struct watch_slot {
    struct watch_poll poll; /* first: the world gives it back */
    struct queue_job job;
    bool busy;
};

/* What is being asked about names and dates. */
struct watch_metadata {
    struct agenda agenda; /* of watch_item.describing */
    struct watch_question question;
    bool asking;  /* it is under way */
    int64_t *kin; /* the events that a performer's pages are asked for; NULL: none are */
    size_t kin_count, found;
    int64_t asked_ms, unasked_ms; /* monotonic: the last question; before that there is none */
    int64_t refusals;             /* in a row */
};

struct watch {
    struct store *store;
    struct watch_world world;
    struct schedule_settings settings;
    struct queue queue;
    watch_visit *visit;
    void *context;
    struct watch_item **items;     /* by event id */
    size_t count, queued, retired; /* queued, retired: of these */
    struct agenda agenda;
    struct watch_metadata metadata;
    double demand;              /* polls a minute, of all that are not retired */
    double stretch;             /* when the waits on the agenda last followed it */
    int64_t anchor_ms;          /* what added to the monotonic clock gives the queue's */
    int64_t woken_ms;           /* monotonic, the end of the last turn */
    int64_t beat_ms, listed_ms; /* monotonic, the last time */
    int64_t version;            /* of the store when the list was read */
    size_t running;
    bool draining;
    struct watch_slot slots[WATCH_SLOTS_MAX];
    struct watch_tally tally;
};

/* The item of an event; NULL when it is not tracked. */
struct watch_item *watch_list_find(const struct watch *watch, int64_t event_id);

/* Says whether an event has a job; one that has is not on the agenda. */
void watch_list_set_queued(struct watch *watch, struct watch_item *item, bool queued);

/* Reads what is tracked, at the start or again, and schedules what is new or other. */
bool watch_list_read(struct watch *watch, struct err *err);

/* Reads it again when another process has written, now and then. */
bool watch_list_look(struct watch *watch, int64_t now_ms, struct err *err);

/* Schedules one event by its facts; `polled` now, else as long ago as the store says. */
bool watch_list_schedule(struct watch *watch, struct watch_item *item, bool polled,
                         struct err *err);

/* When the event of a shared job is due again, tracked here or not: fills in its interval, 0 when it is retired, and how
   long it waits. */
bool watch_list_next(struct watch *watch, struct queue_job *job, int64_t *wait_ms, struct err *err);

/* Schedules all events that have no job. */
bool watch_list_schedule_all(struct watch *watch, struct err *err);

/* Lets the waits on the agenda follow the rate: what was put off while a host refused comes sooner when it answers again. */
void watch_list_stretch(struct watch *watch, int64_t now_ms);

/* After a time in which nothing was done: what is overdue comes as it would have, not in a burst. */
void watch_list_spread(struct watch *watch, int64_t now_ms);

/* Schedules by the facts when an event is asked about. */
void watch_metadata_schedule(struct watch *watch, struct watch_item *item,
                             const struct schedule_facts *facts);

/* Asks about what is due, when there is room for it and nothing is asked yet. */
bool watch_metadata_ask(struct watch *watch, struct err *err);

/* Takes the end of the question. */
bool watch_metadata_end(struct watch *watch, const struct watch_end *end, struct err *err);

/* Whether an event's names are being asked for, or are due. */
bool watch_metadata_is_busy(const struct watch *watch);

/* Forgets the question, and frees. */
void watch_metadata_release(struct watch *watch);

/* Frees the list. */
void watch_list_release(struct watch *watch);

/* How many times longer intervals are than wanted. */
double watch_stretch(const struct watch *watch);

#endif
