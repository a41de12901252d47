/* A world for the service (core/watch.h) whose time passes as fast as it is asked to: a host with a rate, a breaker and
   faults at set hours, markets of two listings, and a record of all that was asked of it. Include after cmocka.h. */
#ifndef TESTS_SANDGLASS_H
#define TESTS_SANDGLASS_H

#include <string.h>

#include "base/clock.h"
#include "core/fetch.h"
#include "core/limiter.h"
#include "core/watch.h"
#include "stall.h"

/* 2026-02-09T18:00:00Z */
#define SANDGLASS_START_MS INT64_C(1770660000000)

enum { SANDGLASS_EVENTS_MAX = 256, SANDGLASS_PARALLEL = 8, SANDGLASS_PAGE = 50 };

/* What the host does from one time to another, in milliseconds since the start. */
struct sandglass_fault {
    int64_t from_ms, to_ms;
    enum outcome outcome; /* OK: it only takes so long */
    int64_t took_ms;      /* 0: as usual */
    int64_t event_id;     /* 0: all */
};

/* A request that was made. */
struct sandglass_start {
    int64_t at_ms;    /* since the start, on the monotonic clock */
    int64_t event_id; /* 0: a question about names and dates */
    enum outcome outcome;
};

struct sandglass {
    struct store *store;
    int64_t passed_ms; /* since the start: the monotonic clock */
    int64_t wall_ms;   /* what the wall clock is off by */
    struct limiter limiter;
    const struct sandglass_fault *faults;
    size_t fault_count;
    struct watch_poll *polls[SANDGLASS_PARALLEL]; /* in the order in which they came */
    int64_t ends_ms[SANDGLASS_PARALLEL];          /* 0: not sent yet */
    enum outcome outcomes[SANDGLASS_PARALLEL];
    size_t pending;
    struct sandglass_start *starts;
    size_t start_count, start_capacity;
    struct watch_question *question; /* under way; NULL: none */
    int64_t question_ends_ms;        /* 0: not sent yet */
    enum outcome question_outcome;
    size_t questions; /* that were sent */
    const struct event
        *catalog; /* what questions are answered from; NULL: each event has a name of its own */
    size_t catalog_count;
    int64_t overlaps; /* polls of an event that was being polled */
};

static inline int64_t sandglass_monotonic(void *self)
{
    return ((struct sandglass *)self)->passed_ms + CLOCK_DAY_MS;
}

static inline int64_t sandglass_wall(void *self)
{
    const struct sandglass *glass = self;
    return SANDGLASS_START_MS + glass->passed_ms + glass->wall_ms;
}

/* Lets time pass: everything that asks for it gets it. */
static inline void sandglass_pass(struct sandglass *glass, int64_t span_ms)
{
    glass->passed_ms += span_ms;
    clock_fix(sandglass_wall(glass));
}

static inline size_t sandglass_room(void *self)
{
    const struct sandglass *glass = self;
    size_t taken = glass->pending + (glass->question != NULL);
    return taken < SANDGLASS_PARALLEL ? SANDGLASS_PARALLEL - taken : 0;
}

static inline int64_t sandglass_rate(void *self)
{
    return ((struct sandglass *)self)->limiter.allowed;
}

static inline int64_t sandglass_held(void *self)
{
    struct sandglass *glass = self;
    return limiter_held_ms(&glass->limiter, sandglass_monotonic(glass));
}

static inline bool sandglass_start(void *self, struct watch_poll *poll, struct err *why)
{
    struct sandglass *glass = self;
    (void)why;
    for (size_t i = 0; i < glass->pending; i++)
        glass->overlaps += glass->polls[i]->event.id == poll->event.id;
    glass->polls[glass->pending] = poll;
    glass->ends_ms[glass->pending++] = 0;
    return true;
}

static inline const struct sandglass_fault *sandglass_fault(const struct sandglass *glass,
                                                            int64_t event_id)
{
    for (size_t i = 0; i < glass->fault_count; i++) {
        const struct sandglass_fault *fault = &glass->faults[i];
        if (glass->passed_ms >= fault->from_ms && glass->passed_ms < fault->to_ms &&
            (fault->event_id == 0 || fault->event_id == event_id))
            return fault;
    }
    return NULL;
}

static inline void sandglass_note(struct sandglass *glass, int64_t event_id, enum outcome outcome)
{
    limiter_start(&glass->limiter, sandglass_monotonic(glass));
    glass->starts =
        mem_grow(glass->starts, glass->start_count, &glass->start_capacity, sizeof *glass->starts);
    glass->starts[glass->start_count++] =
        (struct sandglass_start){glass->passed_ms, event_id, outcome};
}

/* Sends a request: what it will end with is known from then on. */
static inline void sandglass_send(struct sandglass *glass, size_t i)
{
    const struct sandglass_fault *fault = sandglass_fault(glass, glass->polls[i]->event.id);
    int64_t took_ms = fault && fault->took_ms ? fault->took_ms : 120;
    enum outcome outcome = fault ? fault->outcome : OUTCOME_OK;
    sandglass_note(glass, glass->polls[i]->event.id, outcome);
    glass->outcomes[i] = outcome;
    glass->ends_ms[i] = glass->passed_ms + took_ms;
}

/* A market that moves every hour, by a little or for some events by much. */
static inline void sandglass_store(struct sandglass *glass, const struct event *event,
                                   enum outcome outcome)
{
    struct err err = {0};
    int64_t now_ms = clock_now_ms(), hour = now_ms / CLOCK_HOUR_MS;
    int64_t step = event->id % 5 == 0 ? 2000 : 10;
    if (event->id % 7 == 0)
        hour = 0; /* nothing ever changes */
    if (!outcome_is_good(outcome)) {
        struct store_failure failure = {now_ms, outcome, 100, 50, "as arranged"};
        scratch_ok(store_save_failure(glass->store, event->id, &failure, &err), &err);
        return;
    }
    struct stall_item items[] = {{"A", "Lower", "101", 2, 10000 + hour % 5 * step},
                                 {"B", "Upper", "201", 4, 8000},
                                 STALL_NO_LISTING};
    if (outcome == OUTCOME_EMPTY)
        items[0] = STALL_NO_LISTING;
    stall_poll(glass->store, event->id, now_ms, items);
}

static inline void sandglass_end(struct sandglass *glass, size_t i, struct watch_end *end,
                                 bool resting)
{
    enum outcome outcome = glass->outcomes[i];
    *end = (struct watch_end){.poll = glass->polls[i], .outcome = outcome, .resting = resting};
    if (!resting) {
        bool refused = outcome == OUTCOME_BLOCKED || outcome == OUTCOME_RATE_LIMITED;
        limiter_finish(&glass->limiter, refused, -1, sandglass_monotonic(glass));
        sandglass_store(glass, &glass->polls[i]->event, outcome);
        end->took_ms = 120;
        end->bytes = 1000;
    }
    if (!outcome_is_good(outcome))
        snprintf(end->reason, sizeof end->reason, "as arranged");
    glass->pending--;
    for (; i < glass->pending; i++) {
        glass->polls[i] = glass->polls[i + 1];
        glass->ends_ms[i] = glass->ends_ms[i + 1];
        glass->outcomes[i] = glass->outcomes[i + 1];
    }
}

/* ---- questions about names and dates ---- */

static inline bool sandglass_ask(void *self, struct watch_question *question, struct err *why)
{
    struct sandglass *glass = self;
    (void)why;
    glass->question = question;
    glass->question_ends_ms = 0;
    return true;
}

/* The events of the catalog that are asked for; one that it does not have is not found. */
static inline void sandglass_tell(const struct sandglass *glass, struct watch_end *end)
{
    struct watch_question *question = end->question;
    const struct event *asked = &question->event;
    struct platform_page *told = &question->told;
    size_t first = question->page > 0 ? (size_t)(question->page - 1) * SANDGLASS_PAGE : 0, seen = 0;
    *told = (struct platform_page){mem_alloc(SANDGLASS_PAGE, sizeof *told->events), 0,
                                   question->page, 1};
    if (glass->catalog == NULL) {
        told->events[told->count++] = *asked;
        snprintf(told->events->name, sizeof told->events->name, "Event %s", asked->external_id);
        told->events->pending = false;
        return;
    }
    for (size_t i = 0; i < glass->catalog_count; i++) {
        const struct event *event = &glass->catalog[i];
        bool wanted = question->page > 0 ? strcmp(event->performer_id, asked->performer_id) == 0
                                         : strcmp(event->external_id, asked->external_id) == 0;
        if (wanted && seen >= first && told->count < SANDGLASS_PAGE)
            told->events[told->count++] = *event;
        seen += wanted;
    }
    told->page_count = (int)((seen + SANDGLASS_PAGE - 1) / SANDGLASS_PAGE);
    if (told->count == 0 && question->page == 0)
        end->outcome = OUTCOME_NOT_FOUND;
}

static inline void sandglass_send_question(struct sandglass *glass)
{
    const struct sandglass_fault *fault = sandglass_fault(glass, 0);
    glass->question_outcome = fault && fault->event_id == 0 ? fault->outcome : OUTCOME_OK;
    sandglass_note(glass, 0, glass->question_outcome);
    glass->questions++;
    glass->question_ends_ms = glass->passed_ms + 120;
}

static inline void sandglass_end_question(struct sandglass *glass, struct watch_end *end,
                                          bool resting)
{
    enum outcome outcome = resting ? OUTCOME_BLOCKED : glass->question_outcome;
    *end = (struct watch_end){.question = glass->question, .outcome = outcome, .resting = resting};
    glass->question = NULL;
    if (!resting)
        limiter_finish(&glass->limiter,
                       outcome == OUTCOME_BLOCKED || outcome == OUTCOME_RATE_LIMITED, -1,
                       sandglass_monotonic(glass));
    if (outcome_is_good(outcome))
        sandglass_tell(glass, end);
}

/* Sends or ends the question if it is time; `*next_ms` is when it will be. */
static inline bool sandglass_question(struct sandglass *glass, int64_t *next_ms,
                                      struct watch_end *end)
{
    int64_t now_ms = sandglass_monotonic(glass);
    bool sent = glass->question_ends_ms != 0;
    if (glass->question == NULL)
        return false;
    if (!sent && limiter_held_ms(&glass->limiter, now_ms) > FETCH_PATIENCE_MS) {
        sandglass_end_question(glass, end, true);
        return true;
    }
    if (!sent && limiter_wait_ms(&glass->limiter, now_ms) == 0)
        sandglass_send_question(glass);
    int64_t at_ms = glass->question_ends_ms
                        ? glass->question_ends_ms
                        : glass->passed_ms + limiter_wait_ms(&glass->limiter, now_ms);
    if (glass->question_ends_ms != 0 && at_ms <= glass->passed_ms) {
        sandglass_end_question(glass, end, false);
        return true;
    }
    *next_ms = at_ms < *next_ms ? at_ms : *next_ms;
    return false;
}

/* The next thing that happens by `limit_ms`: true when a poll or the question ended. */
static inline bool sandglass_happen(struct sandglass *glass, int64_t limit_ms,
                                    struct watch_end *end)
{
    int64_t next_ms = limit_ms;
    if (sandglass_question(glass, &next_ms, end))
        return true;
    for (size_t i = 0; i < glass->pending; i++) {
        int64_t now_ms = sandglass_monotonic(glass);
        int64_t held_ms = limiter_held_ms(&glass->limiter, now_ms);
        if (glass->ends_ms[i] == 0 && held_ms > FETCH_PATIENCE_MS) {
            glass->outcomes[i] = OUTCOME_BLOCKED;
            sandglass_end(glass, i, end, true);
            return true;
        }
        if (glass->ends_ms[i] == 0 && limiter_wait_ms(&glass->limiter, now_ms) == 0)
            sandglass_send(glass, i);
        int64_t at_ms = glass->ends_ms[i]
                            ? glass->ends_ms[i]
                            : glass->passed_ms + limiter_wait_ms(&glass->limiter, now_ms);
        if (glass->ends_ms[i] != 0 && at_ms <= glass->passed_ms) {
            sandglass_end(glass, i, end, false);
            return true;
        }
        next_ms = at_ms < next_ms ? at_ms : next_ms;
    }
    sandglass_pass(glass, next_ms - glass->passed_ms);
    return false;
}

static inline bool sandglass_wait(void *self, int64_t patience_ms, struct watch_end *end,
                                  bool *ended, struct err *err)
{
    struct sandglass *glass = self;
    int64_t limit_ms = glass->passed_ms + patience_ms;
    (void)err;
    while (!(*ended = sandglass_happen(glass, limit_ms, end)) && glass->passed_ms < limit_ms)
        continue;
    return true;
}

static inline void sandglass_abandon(void *self)
{
    struct sandglass *glass = self;
    glass->pending = 0;
    glass->question = NULL;
}

static inline void sandglass_open(struct sandglass *glass, struct store *store, int64_t rate)
{
    *glass = (struct sandglass){.store = store};
    limiter_init(&glass->limiter, rate, sandglass_monotonic(glass));
    sandglass_pass(glass, 0);
}

static inline void sandglass_close(struct sandglass *glass)
{
    mem_free(glass->starts);
    *glass = (struct sandglass){0};
}

static inline struct watch_world sandglass_world(struct sandglass *glass)
{
    return (struct watch_world){
        .self = glass,
        .monotonic_ms = sandglass_monotonic,
        .wall_ms = sandglass_wall,
        .room = sandglass_room,
        .rate = sandglass_rate,
        .held_ms = sandglass_held,
        .start = sandglass_start,
        .ask = sandglass_ask,
        .wait = sandglass_wait,
        .abandon = sandglass_abandon,
    };
}

/* Events from id 1 on, tracked, without a date. */
static inline void sandglass_track(struct store *store, int count)
{
    for (int i = 1; i <= count; i++) {
        struct err err = {0};
        struct event event;
        char id[12];
        snprintf(id, sizeof id, "%d", i);
        event_init(&event, "vividseats", id);
        scratch_ok(store_save_event(store, &event, &err), &err);
    }
}

#endif
