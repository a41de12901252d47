/* What goes on while the database does not answer: an event stays with the workstation that polled it last, so nobody else
   polls it meanwhile, and the rate is parted as the polls were. */
#include <string.h>

#include "base/clock.h"
#include "base/int64.h"
#include "base/mem.h"
#include "core/queue_shared_private.h"

enum { SAVED_MS = 1000 }; /* of its rate it may save up so much */

static struct queue_shared_own *find(const struct queue_shared *shared, int64_t event_id)
{
    for (size_t i = 0; i < shared->own_count; i++)
        if (shared->own[i].job.event_id == event_id)
            return &shared->own[i];
    return NULL;
}

static void forget(struct queue_shared *shared, struct queue_shared_own *own)
{
    if (own != NULL)
        *own = shared->own[--shared->own_count];
}

/* One that was due long before and not claimed is somebody else's by now. */
static bool is_ours(const struct queue_shared *shared, const struct queue_shared_own *own)
{
    return own->due_ms + QUEUE_LEASE_MS > shared->away_ms;
}

void queue_shared_alone_note(struct queue_shared *shared, const struct queue_job *job,
                             enum queue_end what, int64_t due_ms)
{
    struct queue_shared_own *own = find(shared, job->event_id);
    if (what != QUEUE_DONE || job->interval_ms <= 0) {
        forget(shared, own); /* anybody may have it */
        return;
    }
    if (own == NULL) {
        shared->own =
            mem_grow(shared->own, shared->own_count, &shared->own_capacity, sizeof *shared->own);
        own = &shared->own[shared->own_count++];
    }
    *own = (struct queue_shared_own){.job = *job, .due_ms = due_ms};
    own->job.attempts = 0;
    own->job.start_by_ms = 0;
}

void queue_shared_alone_forget(struct queue_shared *shared, int64_t event_id)
{
    struct queue_shared_own *own = find(shared, event_id);
    if (own != NULL && !own->running)
        forget(shared, own);
}

/* From one poll to the next, at this workstation's share of the rate. */
static int64_t pause_ms(const struct queue_shared *shared)
{
    double demand = 0, share = 1;
    for (size_t i = 0; i < shared->own_count; i++)
        if (is_ours(shared, &shared->own[i]))
            demand += (double)CLOCK_MINUTE_MS / (double)shared->own[i].job.interval_ms;
    if (demand < shared->share.demand)
        share = demand / shared->share.demand;
    return (int64_t)((double)CLOCK_MINUTE_MS / (double)int64_max(shared->share.allowed, 1) / share);
}

static struct queue_shared_own *first_due(const struct queue_shared *shared, int64_t now_ms)
{
    struct queue_shared_own *first = NULL;
    for (size_t i = 0; i < shared->own_count; i++) {
        struct queue_shared_own *own = &shared->own[i];
        if (!own->running && own->due_ms <= now_ms && is_ours(shared, own) &&
            (first == NULL || own->due_ms < first->due_ms))
            first = own;
    }
    return first;
}

bool queue_shared_alone_claim(struct queue_shared *shared, struct queue_job *jobs, size_t most,
                              size_t *count, struct err *err)
{
    int64_t now_ms = clock_monotonic_ms();
    struct queue_shared_own *own;
    *count = 0;
    if (shared->alone_ms < now_ms - SAVED_MS)
        shared->alone_ms = now_ms - SAVED_MS;
    while (*count < most && shared->alone_ms <= now_ms &&
           (own = first_due(shared, now_ms)) != NULL) {
        struct event event;
        if (!store_event_at(shared->store, own->job.event_id, &event, err))
            return false;
        event_uuid(own->uuid.text, &event);
        shared->alone_ms += pause_ms(shared);
        own->running = true;
        own->job.attempts++;
        jobs[(*count)++] = own->job;
    }
    return true;
}

bool queue_shared_alone_finish(struct queue_shared *shared, const struct queue_job *job,
                               enum queue_end what, int64_t due_ms)
{
    struct queue_shared_own *own = find(shared, job->event_id);
    if (own == NULL || !own->running)
        return false;
    own->running = false;
    own->due_ms = due_ms;
    switch (what) {
    case QUEUE_DONE:
        own->alone = true;
        own->job.attempts = 0;
        own->job.interval_ms = job->interval_ms;
        if (job->interval_ms <= 0)
            forget(shared, own); /* it is retired once more when the database answers */
        break;
    case QUEUE_DEAD:
        own->job.attempts = 0;
        break;
    case QUEUE_RELEASED:
        own->job.attempts--;
        break;
    case QUEUE_AGAIN:
        break;
    }
    return true;
}

void queue_shared_alone_told(struct queue_shared *shared)
{
    for (size_t i = 0; i < shared->own_count; i++)
        shared->own[i].alone = false;
}
