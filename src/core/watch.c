#include "core/watch.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/int64.h"
#include "base/mem.h"
#include "core/queue_shared.h"
#include "core/watch_private.h"

enum {
    CLOCK_SET_MS = 5 * 1000, /* the wall clock may drift so far from the queue's */
    ASLEEP_MS = 30 * 1000,   /* a turn that ends so much later than it should slept */
    DUE_MAX = 256,           /* jobs made in one transaction */
    SOON_MS = 1000,          /* how long a turn waits for room */
};

static const int64_t took_bounds[WATCH_TOOK_BUCKETS] = {50,   100,  250,   500,   1000,
                                                        2500, 5000, 10000, 30000, 60000};

static int64_t monotonic_ms(const struct watch *watch)
{
    return watch->world.monotonic_ms(watch->world.self);
}

/* The queue's clock: the wall's when it was last looked at, moved on by the monotonic one. */
static int64_t queue_now_ms(const struct watch *watch)
{
    return monotonic_ms(watch) + watch->anchor_ms;
}

double watch_stretch(const struct watch *watch)
{
    const struct queue_share *share = queue_share(&watch->queue);
    if (share != NULL)
        return schedule_stretch(share->demand, share->allowed);
    return schedule_stretch(watch->demand, watch->world.rate(watch->world.self));
}

/* The wall clock was set, or the machine slept: the queue's clock follows, and what waits goes on waiting. */
static bool follow_clock(struct watch *watch, struct err *err)
{
    int64_t by_ms = watch->world.wall_ms(watch->world.self) - queue_now_ms(watch);
    if (by_ms > -CLOCK_SET_MS && by_ms < CLOCK_SET_MS)
        return true;
    watch->anchor_ms += by_ms;
    return queue_shift(&watch->queue, by_ms, err);
}

/* Makes jobs of what is due. */
static bool queue_due(struct watch *watch, struct err *err)
{
    struct queue_job jobs[DUE_MAX];
    int64_t now_ms = monotonic_ms(watch);
    struct agenda_item *first;
    size_t count = 0;
    while (count < DUE_MAX && (first = agenda_first(&watch->agenda)) != NULL &&
           first->due_ms <= now_ms) {
        struct watch_item *item = (struct watch_item *)first;
        jobs[count++] = (struct queue_job){.event_id = item->entry.event_id,
                                           .priority = (enum schedule_priority)item->entry.priority,
                                           .interval_ms = item->interval_ms};
        watch_list_set_queued(watch, item, true);
    }
    return count == 0 || queue_add(&watch->queue, jobs, count, queue_now_ms(watch), err);
}

static struct watch_slot *free_slot(struct watch *watch)
{
    for (size_t i = 0; i < WATCH_SLOTS_MAX; i++)
        if (!watch->slots[i].busy)
            return &watch->slots[i];
    BUG("no slot is free of %d", WATCH_SLOTS_MAX);
}

static void count_end(struct watch *watch, const struct watch_end *end)
{
    struct watch_tally *tally = &watch->tally;
    size_t bucket = 0;
    if (end->resting) {
        tally->resting++;
        return;
    }
    while (bucket < WATCH_TOOK_BUCKETS && end->took_ms > took_bounds[bucket])
        bucket++;
    tally->took[bucket]++;
    tally->by_outcome[end->outcome]++;
    tally->took_ms += end->took_ms;
    tally->bytes += end->bytes;
    tally->listings += end->listings;
    tally->changed += end->changed;
}

/* What becomes of the job after its attempt, and when its event is due again. */
static bool end_job(struct watch *watch, struct queue_job *job, const struct watch_end *end,
                    struct err *err)
{
    struct watch_item *item = watch_list_find(watch, job->event_id);
    struct queue_attempt attempt = {.outcome = end->outcome,
                                    .took_ms = end->took_ms,
                                    .bytes = end->bytes,
                                    .retry_after_ms = end->retry_after_ms,
                                    .reason = end->reason};
    bool shared = queue_share(&watch->queue) != NULL;
    enum queue_end what = queue_verdict(&watch->queue, job, end->outcome);
    int64_t now_ms = queue_now_ms(watch), wait_ms = 0;
    if (end->resting) {
        what = QUEUE_RELEASED;
        wait_ms = watch->world.held_ms(watch->world.self);
    } else if (what == QUEUE_AGAIN) {
        wait_ms = schedule_retry_ms(job->event_id, job->attempts,
                                    item ? item->interval_ms : watch->settings.every_ms);
        watch->tally.retried++;
    } else if (shared && !watch_list_next(watch, job, &wait_ms, err)) {
        return false;
    }
    watch->tally.died += what == QUEUE_DEAD;
    if (!queue_finish(&watch->queue, job, &attempt, what, now_ms + wait_ms, now_ms, err))
        return false;
    if (item == NULL || shared || what == QUEUE_AGAIN || what == QUEUE_RELEASED)
        return true;
    watch_list_set_queued(watch, item, false);
    return watch_list_schedule(watch, item, true, err);
}

static bool end_slot(struct watch *watch, const struct watch_end *end, struct err *err)
{
    struct watch_slot *slot = (struct watch_slot *)end->poll;
    count_end(watch, end);
    if (watch->visit != NULL)
        watch->visit(watch->context, &slot->poll.event, end);
    slot->busy = false;
    watch->running--;
    return end_job(watch, &slot->job, end, err);
}

/* Ends a job for which nobody can be asked: it will not end better. */
static bool end_unaskable(struct watch *watch, struct watch_slot *slot, const struct err *why,
                          struct err *err)
{
    struct watch_end end = {.poll = &slot->poll, .outcome = OUTCOME_BAD_PAYLOAD};
    struct store_failure failure = {
        .at_ms = clock_now_ms(), .outcome = end.outcome, .reason = why->text};
    snprintf(end.reason, sizeof end.reason, "%.*s", (int)sizeof end.reason - 1, why->text);
    return store_save_failure(watch->store, slot->job.event_id, &failure, err) &&
           end_slot(watch, &end, err);
}

static bool start_job(struct watch *watch, const struct queue_job *job, struct err *err)
{
    struct watch_slot *slot = free_slot(watch);
    struct watch_item *item = watch_list_find(watch, job->event_id);
    bool shared = queue_share(&watch->queue) != NULL; /* others may track it, too */
    struct err why = {0};
    slot->job = *job;
    slot->poll.start_by_ms = job->start_by_ms;
    if ((item == NULL && !shared) ||
        !store_event_at(watch->store, job->event_id, &slot->poll.event, &why)) {
        int64_t now_ms = queue_now_ms(watch); /* not tracked any more */
        return queue_finish(&watch->queue, job, NULL, QUEUE_RELEASED, now_ms, now_ms, err) &&
               queue_drop(watch->store, job->id, err);
    }
    if (item != NULL)
        watch_list_set_queued(watch, item, true);
    slot->busy = true;
    watch->running++;
    return watch->world.start(watch->world.self, &slot->poll, &why) ||
           end_unaskable(watch, slot, &why, err);
}

/* Starts what there is room for. */
static bool start_jobs(struct watch *watch, struct err *err)
{
    struct queue_job jobs[WATCH_SLOTS_MAX];
    size_t count = 0, room = watch->world.room(watch->world.self);
    if (watch->draining)
        return true;
    if (watch->world.held_ms(watch->world.self) > 0)
        room = 0;
    if (room > WATCH_SLOTS_MAX - watch->running)
        room = WATCH_SLOTS_MAX - watch->running;
    if (!queue_claim(&watch->queue, queue_now_ms(watch), jobs, room, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!start_job(watch, &jobs[i], err))
            return false;
    return true;
}

static bool beat(struct watch *watch, int64_t now_ms, struct err *err)
{
    if (now_ms - watch->beat_ms < QUEUE_BEAT_MS)
        return true;
    watch->beat_ms = now_ms;
    return queue_beat(&watch->queue, queue_now_ms(watch), err);
}

/* How long this turn may wait: until something is due, but jobs that wait for room or a pause are looked at soon. */
static int64_t patience(const struct watch *watch, int64_t patience_ms)
{
    const struct agenda_item *first = agenda_first(&watch->agenda);
    if (watch->draining)
        return patience_ms;
    if (first != NULL && first->due_ms - watch->woken_ms < patience_ms)
        patience_ms = first->due_ms - watch->woken_ms;
    return patience_ms > 0 ? patience_ms : 0;
}

bool watch_turn(struct watch *watch, int64_t patience_ms, struct err *err)
{
    struct watch_end end = {0};
    bool ended = false;
    int64_t now_ms = monotonic_ms(watch);
    if (now_ms - watch->woken_ms > ASLEEP_MS)
        watch_list_spread(watch, now_ms);
    watch_list_stretch(watch, now_ms);
    if (!follow_clock(watch, err) || !watch_list_look(watch, now_ms, err) ||
        (!watch->draining && !queue_due(watch, err)) || !watch_metadata_ask(watch, err) ||
        !start_jobs(watch, err) || !beat(watch, now_ms, err))
        return false;
    watch->woken_ms = monotonic_ms(watch);
    int64_t wait_ms = patience(watch, int64_min(patience_ms, SOON_MS));
    if (!watch->world.wait(watch->world.self, wait_ms, &end, &ended, err))
        return false;
    if (monotonic_ms(watch) - watch->woken_ms <= wait_ms + ASLEEP_MS)
        watch->woken_ms = monotonic_ms(watch);
    if (!ended)
        return true;
    return end.question ? watch_metadata_end(watch, &end, err) : end_slot(watch, &end, err);
}

struct watch *watch_open(struct store *store, const struct watch_world *world,
                         const struct schedule_settings *settings, int64_t attempts,
                         watch_visit *visit, void *context, struct err *err)
{
    struct watch *watch = mem_alloc(1, sizeof *watch);
    watch->store = store;
    watch->world = *world;
    watch->settings = *settings;
    watch->visit = visit;
    watch->context = context;
    if (world->shared != NULL)
        queue_shared_init(&watch->queue, world->shared, attempts);
    else
        queue_init(&watch->queue, store, attempts);
    watch->woken_ms = watch->beat_ms = watch->listed_ms = monotonic_ms(watch);
    watch->anchor_ms = world->wall_ms(world->self) - watch->woken_ms;
    if (queue_recover(&watch->queue, settings->slowest_ms, queue_now_ms(watch), err) &&
        watch_list_read(watch, err))
        return watch;
    watch_close(watch);
    return NULL;
}

void watch_close(struct watch *watch)
{
    if (watch == NULL)
        return;
    struct err ignored = {0}; /* what is not given back here is when the service starts again */
    int64_t now_ms = queue_now_ms(watch);
    if (watch->running > 0 || watch->metadata.asking)
        watch->world.abandon(watch->world.self);
    for (size_t i = 0; i < WATCH_SLOTS_MAX; i++)
        if (watch->slots[i].busy)
            queue_finish(&watch->queue, &watch->slots[i].job, NULL, QUEUE_RELEASED, now_ms, now_ms,
                         &ignored);
    queue_flush(&watch->queue);
    watch_metadata_release(watch);
    watch_list_release(watch);
    mem_free(watch);
}

bool watch_adopt(struct watch *watch, const struct schedule_settings *settings, int64_t attempts,
                 struct err *err)
{
    watch->settings = *settings;
    watch->queue.most_attempts = attempts;
    return watch_list_schedule_all(watch, err);
}

void watch_drain(struct watch *watch)
{
    watch->draining = true;
}

size_t watch_running(const struct watch *watch)
{
    return watch->running;
}

const struct watch_tally *watch_tally(const struct watch *watch)
{
    return &watch->tally;
}

struct watch_state watch_state(const struct watch *watch)
{
    const struct agenda_item *first = agenda_first(&watch->agenda);
    struct watch_state state = {
        .events = watch->count,
        .scheduled = watch->agenda.count,
        .queued = watch->queued,
        .running = watch->running,
        .retired = watch->retired,
        .demand = watch->demand,
        .stretch = watch_stretch(watch),
        .asking = watch_metadata_is_busy(watch),
        .next_ms = first ? first->due_ms - monotonic_ms(watch) : -1,
    };
    const struct queue_share *share = queue_share(&watch->queue);
    if (share != NULL) {
        state.shared = true;
        state.away = share->away;
        state.due = share->due_ms == 0;
        state.demand = share->demand;
    }
    if (state.queued < state.running)
        state.queued = state.running; /* of events that others track */
    if (state.next_ms < 0 && first)
        state.next_ms = 0;
    return state;
}

int64_t watch_took_bound(size_t bucket)
{
    return took_bounds[bucket];
}
