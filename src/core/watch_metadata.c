/* Names, places and dates of the events that the service follows. They are asked for seldom, and for many events of one
   performer at once; what cannot be found so is asked for by its id. */
#include "core/watch_private.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

enum {
    SHARE = 10,                    /* a tenth of the requests is left to such questions */
    EARLY_MS = 12 * CLOCK_HOUR_MS, /* what is due so soon is asked for with its kin */
    AGAIN_MS = SCHEDULE_DESCRIBE_NEAR_H * CLOCK_HOUR_MS, /* when the answer was none */
    NEVER_MS = 7 * CLOCK_DAY_MS,                         /* when there is no way to ask */
};

static int64_t monotonic_ms(const struct watch *watch)
{
    return watch->world.monotonic_ms(watch->world.self);
}

static struct watch_item *item_of(struct agenda_item *describing)
{
    return (struct watch_item *)((char *)describing - offsetof(struct watch_item, describing));
}

void watch_metadata_schedule(struct watch *watch, struct watch_item *item,
                             const struct schedule_facts *facts)
{
    struct agenda *agenda = &watch->metadata.agenda;
    int64_t wait_ms = schedule_describe_ms(facts, clock_now_ms());
    int64_t due_ms = monotonic_ms(watch) + wait_ms;
    item->pending = facts->pending;
    if (wait_ms < 0) {
        agenda_remove(agenda, &item->describing);
        return;
    }
    if (due_ms < item->unasked_ms)
        due_ms = item->unasked_ms;
    else if (item->pending)
        due_ms -= CLOCK_DAY_MS; /* what has no name comes before what may have another date */
    agenda_put(agenda, &item->describing, due_ms);
}

/* Not asked about for a while. */
static void put_off(struct watch *watch, struct watch_item *item, int64_t span_ms)
{
    item->unasked_ms = monotonic_ms(watch) + span_ms;
    agenda_put(&watch->metadata.agenda, &item->describing, item->unasked_ms);
}

/* The item that is asked about next; NULL when none is due, or questions have had their share. */
static struct watch_item *next_item(const struct watch *watch, int64_t now_ms)
{
    const struct watch_metadata *metadata = &watch->metadata;
    int64_t rate = watch->world.rate(watch->world.self);
    int64_t gap_ms = rate > 0 ? SHARE * CLOCK_MINUTE_MS / rate : 0;
    struct agenda_item *first = agenda_first(&metadata->agenda);
    if (first == NULL || first->due_ms > now_ms || now_ms < metadata->unasked_ms)
        return NULL;
    struct watch_item *item = item_of(first);
    bool early = metadata->asked_ms > 0 && now_ms - metadata->asked_ms < gap_ms;
    return early && !item->pending ? NULL : item;
}

static void forget_kin(struct watch_metadata *metadata)
{
    mem_free(metadata->kin);
    metadata->kin = NULL;
    metadata->kin_count = metadata->found = 0;
}

static bool send(struct watch *watch, struct watch_item *item)
{
    struct watch_metadata *metadata = &watch->metadata;
    struct err why = {0};
    metadata->asked_ms = monotonic_ms(watch);
    metadata->asking = watch->world.ask(watch->world.self, &metadata->question, &why);
    watch->tally.questions += metadata->asking;
    if (metadata->asking)
        return true;
    forget_kin(metadata);
    if (item != NULL)
        put_off(watch, item, NEVER_MS);
    log_debug("names and dates: %s", why.text);
    return true;
}

/* Whether an event is among those that the pages are asked for. */
static bool is_kin(const struct watch_metadata *metadata, int64_t event_id)
{
    for (size_t i = 0; i < metadata->kin_count; i++)
        if (metadata->kin[i] == event_id)
            return true;
    return false;
}

/* Makes the question about an event: alone, or with its kin when that is fewer requests. */
static bool choose(struct watch *watch, const struct watch_item *item, struct err *err)
{
    struct watch_metadata *metadata = &watch->metadata;
    struct watch_question *question = &metadata->question;
    int64_t now_ms = clock_now_ms();
    question->page = 0;
    if (!store_event_at(watch->store, item->entry.event_id, &question->event, err))
        return false;
    if (item->alone)
        return true;
    if (!plan_kin(watch->store, &question->event, now_ms, now_ms - EARLY_MS, &metadata->kin,
                  &metadata->kin_count, err))
        return false;
    if (metadata->kin_count > 1 && is_kin(metadata, item->entry.event_id))
        question->page = 1;
    else
        forget_kin(metadata);
    return true;
}

bool watch_metadata_ask(struct watch *watch, struct err *err)
{
    struct watch_metadata *metadata = &watch->metadata;
    const struct watch_world *world = &watch->world;
    int64_t now_ms = monotonic_ms(watch);
    if (metadata->asking || watch->draining || world->held_ms(world->self) > 0 ||
        world->room(world->self) == 0)
        return true;
    bool further = metadata->kin != NULL; /* a page */
    struct watch_item *item = further ? NULL : next_item(watch, now_ms);
    if ((!further && item == NULL) ||
        !queue_may_ask(&watch->queue, &metadata->question.start_by_ms))
        return true;
    if (further)
        return send(watch, NULL);
    return choose(watch, item, err) && send(watch, item);
}

/* Stores what was told; what that says of each event decides anew when it is due. */
static bool take_told(struct watch *watch, struct platform_page *told, struct err *err)
{
    struct watch_metadata *metadata = &watch->metadata;
    if (!plan_describe(watch->store, told->events, told->count, clock_now_ms(), err))
        return false;
    for (size_t i = 0; i < told->count; i++) {
        struct watch_item *item =
            told->events[i].id ? watch_list_find(watch, told->events[i].id) : NULL;
        if (item == NULL)
            continue;
        item->unasked_ms = 0;
        metadata->found += is_kin(metadata, told->events[i].id);
        watch->tally.described++;
        if (!watch_list_schedule(watch, item, false, err))
            return false;
    }
    return true;
}

/* The performer's pages have been read: who was not on them is asked about alone. */
static bool end_kin(struct watch *watch, struct err *err)
{
    struct watch_metadata *metadata = &watch->metadata;
    for (size_t i = 0; i < metadata->kin_count; i++) {
        struct schedule_facts facts;
        struct watch_item *item = watch_list_find(watch, metadata->kin[i]);
        if (item == NULL || !plan_facts(watch->store, metadata->kin[i], &facts, err)) {
            if (item != NULL && err->code != ERR_NOT_FOUND)
                return false;
            err_reset(err);
            continue;
        }
        item->alone = clock_now_ms() - facts.described_ms > EARLY_MS;
    }
    forget_kin(metadata);
    return true;
}

/* No page more is asked for than there are events to find: so many requests would ask for each alone. */
static bool is_last_page(const struct watch_metadata *metadata, const struct platform_page *told)
{
    return told->count == 0 || metadata->found >= metadata->kin_count ||
           metadata->question.page >= told->page_count ||
           (size_t)metadata->question.page >= metadata->kin_count;
}

/* The host refuses: all questions wait, longer each time. */
static void back_off(struct watch *watch)
{
    struct watch_metadata *metadata = &watch->metadata;
    metadata->refusals++;
    metadata->unasked_ms =
        monotonic_ms(watch) + schedule_retry_ms(0, metadata->refusals, CLOCK_HOUR_MS);
    forget_kin(metadata);
}

static bool take_answer(struct watch *watch, const struct watch_end *end, struct err *err)
{
    struct watch_metadata *metadata = &watch->metadata;
    struct watch_question *question = &metadata->question;
    struct watch_item *item = watch_list_find(watch, question->event.id);
    metadata->refusals = 0;
    if (!take_told(watch, &question->told, err))
        return false;
    if (question->page == 0) {
        if (item != NULL && question->told.count == 0)
            put_off(watch, item, AGAIN_MS);
        return true;
    }
    if (!outcome_is_good(end->outcome) || is_last_page(metadata, &question->told))
        return end_kin(watch, err);
    question->page++;
    return true;
}

bool watch_metadata_end(struct watch *watch, const struct watch_end *end, struct err *err)
{
    struct watch_metadata *metadata = &watch->metadata;
    metadata->asking = false;
    if (!outcome_is_good(end->outcome))
        log_debug("names and dates of '%s:%s': %s: %s", metadata->question.event.platform,
                  metadata->question.event.external_id, outcome_word(end->outcome), end->reason);
    bool refused = end->resting || outcome_is_refusal(end->outcome);
    bool good = true;
    if (refused)
        back_off(watch);
    else
        good = take_answer(watch, end, err);
    platform_page_release(&metadata->question.told);
    return good;
}

bool watch_metadata_is_busy(const struct watch *watch)
{
    const struct watch_item *item = next_item(watch, monotonic_ms(watch));
    if (watch->metadata.asking || watch->world.held_ms(watch->world.self) > 0)
        return watch->metadata.asking;
    return watch->metadata.kin != NULL || (item != NULL && item->pending);
}

void watch_metadata_release(struct watch *watch)
{
    forget_kin(&watch->metadata);
    platform_page_release(&watch->metadata.question.told);
    agenda_release(&watch->metadata.agenda);
}
