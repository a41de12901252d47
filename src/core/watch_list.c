/* The events that the service follows, and when each is due. */
#include "core/watch_private.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

/* Reading the whole list again costs a millisecond for a hundred events. */
enum { LOOK_MS = 5 * 1000, LOOK_PER_EVENT_MS = 1 };

/* Waits follow the rate in steps, since each goes through the whole agenda. */
#define STRETCH_STEP 0.1

static int by_event(const void *a, const void *b)
{
    int64_t left = (*(struct watch_item *const *)a)->entry.event_id;
    int64_t right = (*(struct watch_item *const *)b)->entry.event_id;
    return (left > right) - (left < right);
}

struct watch_item *watch_list_find(const struct watch *watch, int64_t event_id)
{
    struct watch_item key = {.entry.event_id = event_id}, *wanted = &key;
    struct watch_item **found = watch->count > 0 ? bsearch(&wanted, watch->items, watch->count,
                                                           sizeof *watch->items, by_event)
                                                 : NULL;
    return found ? *found : NULL;
}

void watch_list_set_queued(struct watch *watch, struct watch_item *item, bool queued)
{
    watch->queued += queued;
    watch->queued -= item->queued;
    item->queued = queued;
    if (queued)
        agenda_remove(&watch->agenda, &item->agenda);
}

static double polls_a_minute(const struct watch_item *item)
{
    return item->interval_ms > 0 ? (double)CLOCK_MINUTE_MS / (double)item->interval_ms : 0;
}

/* Takes an event's part in the sums away, or with what was decided about it puts it back. */
static void count_out(struct watch *watch, const struct watch_item *item)
{
    watch->demand -= polls_a_minute(item);
    watch->retired -= schedule_is_retired(item->reason);
}

static void count_in(struct watch *watch, const struct watch_item *item)
{
    watch->demand += polls_a_minute(item);
    watch->retired += schedule_is_retired(item->reason);
}

/* Takes what was decided about an event. */
static void settle(struct watch *watch, struct watch_item *item,
                   const struct schedule_verdict *verdict, int64_t now_ms)
{
    double stretch = watch_stretch(watch);
    count_out(watch, item);
    item->reason = verdict->reason;
    item->stretch = stretch;
    item->interval_ms = (int64_t)((double)verdict->interval_ms / stretch);
    count_in(watch, item);
    if (schedule_is_retired(verdict->reason))
        agenda_remove(&watch->agenda, &item->agenda);
    else if (!item->queued) /* where jobs are shared it is offered at once, and due when they say */
        agenda_put(&watch->agenda, &item->agenda,
                   now_ms + (queue_share(&watch->queue) ? 0 : verdict->wait_ms));
}

static void decide(struct watch *watch, struct watch_item *item, const struct schedule_facts *facts,
                   bool polled)
{
    int64_t wall_ms = clock_now_ms(), age_ms = polled ? 0 : wall_ms - facts->polled_ms;
    struct schedule_verdict verdict = schedule_decide(
        &watch->settings, facts, wall_ms, age_ms > 0 ? age_ms : 0, watch_stretch(watch));
    item->good_ms = facts->good_ms;
    item->polled_ms = facts->polled_ms;
    settle(watch, item, &verdict, watch->world.monotonic_ms(watch->world.self));
    watch_metadata_schedule(watch, item, facts);
}

bool watch_list_schedule(struct watch *watch, struct watch_item *item, bool polled, struct err *err)
{
    struct schedule_facts facts;
    if (plan_facts(watch->store, item->entry.event_id, &facts, err)) {
        decide(watch, item, &facts, polled);
        return true;
    }
    if (err->code != ERR_NOT_FOUND)
        return false;
    err_reset(err); /* untracked meanwhile: the next look takes it off the list */
    return true;
}

bool watch_list_next(struct watch *watch, struct queue_job *job, int64_t *wait_ms, struct err *err)
{
    struct schedule_facts facts;
    double stretch = watch_stretch(watch);
    if (!plan_facts_of_any(watch->store, job->event_id, &facts, err))
        return false;
    facts.every_ms = job->every_ms; /* what whoever tracks it asks for */
    facts.priority = job->priority;
    struct schedule_verdict verdict =
        schedule_decide(&watch->settings, &facts, clock_now_ms(), 0, stretch);
    job->interval_ms =
        schedule_is_retired(verdict.reason) ? 0 : (int64_t)((double)verdict.interval_ms / stretch);
    *wait_ms = verdict.wait_ms;
    return true;
}

bool watch_list_schedule_all(struct watch *watch, struct err *err)
{
    AUTO_FREE struct schedule_facts *facts = NULL;
    size_t count;
    if (!plan_all_facts(watch->store, &facts, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct watch_item *item = watch_list_find(watch, facts[i].event_id);
        if (item != NULL)
            decide(watch, item, &facts[i], false);
    }
    watch->stretch = watch_stretch(watch);
    return true;
}

static bool is_changed(const struct plan_entry *a, const struct plan_entry *b)
{
    return a->every_ms != b->every_ms || a->priority != b->priority || a->since_ms != b->since_ms ||
           a->date_ms != b->date_ms;
}

static bool withdraw_unseen(struct watch *watch, struct err *err)
{
    for (size_t i = 0; i < watch->count; i++)
        if (!watch->items[i]->seen &&
            !queue_withdraw(&watch->queue, &watch->items[i]->entry.event_id, 1, err))
            return false;
    return true;
}

static void drop_unseen(struct watch *watch)
{
    bool shared = queue_share(&watch->queue) != NULL; /* then a job is not this list's */
    size_t kept = 0;
    for (size_t i = 0; i < watch->count; i++) {
        struct watch_item *item = watch->items[i];
        if (item->seen || (item->queued && !shared)) { /* a poll under way ends first */
            watch->items[kept++] = item;
            continue;
        }
        agenda_remove(&watch->agenda, &item->agenda);
        agenda_remove(&watch->metadata.agenda, &item->describing);
        watch_list_set_queued(watch, item, false);
        count_out(watch, item);
        mem_free(item);
    }
    watch->count = kept;
}

/* Takes over one entry; `*fresh` when it must be scheduled. */
static struct watch_item *take_entry(struct watch *watch, const struct plan_entry *entry,
                                     bool *fresh)
{
    struct watch_item *item = watch_list_find(watch, entry->event_id);
    *fresh = item == NULL || is_changed(&item->entry, entry);
    if (item == NULL)
        item = mem_alloc(1, sizeof *item);
    item->entry = *entry;
    item->seen = true;
    return item;
}

/* Merges the entries, which are in order, with the items, which are too. */
static size_t merge(struct watch *watch, const struct plan_entry *entries, size_t count)
{
    struct watch_item **merged = mem_alloc(count + watch->count + 1, sizeof(struct watch_item *));
    size_t fresh_count = 0, total = 0;
    for (size_t i = 0; i < watch->count; i++)
        watch->items[i]->seen = watch->items[i]->fresh = false;
    for (size_t i = 0; i < count; i++) {
        bool fresh;
        struct watch_item *item = take_entry(watch, &entries[i], &fresh);
        item->fresh = fresh;
        fresh_count += fresh;
        merged[total++] = item;
    }
    for (size_t i = 0; i < watch->count; i++)
        if (!watch->items[i]->seen)
            merged[total++] = watch->items[i];
    mem_free(watch->items);
    watch->items = merged;
    watch->count = total;
    qsort(watch->items, watch->count, sizeof *watch->items, by_event);
    return fresh_count;
}

static bool note_queued(struct watch *watch, struct err *err)
{
    AUTO_FREE int64_t *events = NULL;
    size_t count;
    if (!queue_live(&watch->queue, &events, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct watch_item *item = watch_list_find(watch, events[i]);
        if (item == NULL && !queue_withdraw(&watch->queue, &events[i], 1, err))
            return false;
        if (item != NULL)
            watch_list_set_queued(watch, item, true);
    }
    return true;
}

/* Where jobs are shared, what is new or asked for otherwise is offered, whether it has a job or not. */
static void offer_fresh(struct watch *watch)
{
    if (queue_share(&watch->queue) == NULL)
        return;
    for (size_t i = 0; i < watch->count; i++)
        if (watch->items[i]->fresh)
            watch_list_set_queued(watch, watch->items[i], false);
}

bool watch_list_read(struct watch *watch, struct err *err)
{
    AUTO_FREE struct plan_entry *entries = NULL;
    size_t count, before = watch->count;
    if (!store_changes(watch->store, &watch->version, err) ||
        !plan_list(watch->store, &entries, &count, err))
        return false;
    size_t fresh = merge(watch, entries, count);
    if (!withdraw_unseen(watch, err))
        return false;
    drop_unseen(watch);
    if (!note_queued(watch, err))
        return false;
    offer_fresh(watch);
    if (before == 0)
        return watch_list_schedule_all(watch, err);
    for (size_t i = 0; i < watch->count && fresh > 0; i++)
        if (watch->items[i]->fresh && !watch_list_schedule(watch, watch->items[i], false, err))
            return false;
    return true;
}

bool watch_list_look(struct watch *watch, int64_t now_ms, struct err *err)
{
    int64_t version;
    if (now_ms - watch->listed_ms < LOOK_MS + (int64_t)watch->count * LOOK_PER_EVENT_MS)
        return true;
    watch->listed_ms = now_ms;
    if (!store_changes(watch->store, &version, err))
        return false;
    return version == watch->version || watch_list_read(watch, err);
}

void watch_list_stretch(struct watch *watch, int64_t now_ms)
{
    double stretch = watch_stretch(watch), times = stretch / watch->stretch;
    if (times < 1 + STRETCH_STEP && times > 1 / (1 + STRETCH_STEP))
        return;
    watch->stretch = stretch;
    for (size_t i = 0; i < watch->count; i++) {
        struct watch_item *item = watch->items[i];
        int64_t wait_ms = item->agenda.due_ms - now_ms;
        if (item->agenda.place == 0 || wait_ms <= 0)
            continue;
        wait_ms = (int64_t)((double)wait_ms * stretch / item->stretch);
        item->stretch = stretch;
        agenda_put(&watch->agenda, &item->agenda, now_ms + wait_ms);
    }
}

void watch_list_spread(struct watch *watch, int64_t now_ms)
{
    for (size_t i = 0; i < watch->count; i++) {
        struct watch_item *item = watch->items[i];
        int64_t late_ms = now_ms - item->agenda.due_ms;
        if (item->agenda.place == 0 || late_ms <= 0)
            continue;
        int64_t span_ms = late_ms < item->interval_ms ? late_ms : item->interval_ms;
        item->reason = SCHEDULE_MISSED;
        agenda_put(&watch->agenda, &item->agenda,
                   now_ms + schedule_moment_ms(item->entry.event_id, item->polled_ms, span_ms));
    }
}

void watch_list_release(struct watch *watch)
{
    for (size_t i = 0; i < watch->count; i++)
        mem_free(watch->items[i]);
    mem_free(watch->items);
    agenda_release(&watch->agenda);
}
