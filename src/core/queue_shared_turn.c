#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "core/plan.h"
#include "core/queue_shared_private.h"
#include "io/json.h"

enum {
    TEXT_MAX = 1 << 22, /* a batch of offers whose every character is escaped */
    OFFER_BATCH = 256,  /* some 100 kB */
    IDLE_MS = 5 * 1000, /* what others offer is seen so soon */
    REST_MS =
        2 * 60 * 1000, /* a host that allows nothing for so long rests: it is no matter of rate */
    PAUSE_MS = 50,     /* between two claims of which the first did not get all it wanted */
};

/* The columns of team_queue_turn.sql. */
enum {
    ALLOWED,
    GRANTED,
    HELD_MS,
    DUE_MS,
    DEMAND,
    NUMBER,
    ATTEMPTS,
    PRIORITY,
    EVERY_MS,
    EXTERNAL_ID,
    NAME,
    VENUE,
    CITY,
    REGION,
    COUNTRY,
    TIMEZONE,
    CATEGORY,
    URL,
    CURRENCY,
    STARTS_MS,
    TIME_TBD,
};

struct queue_shared_end *queue_shared_add_end(struct queue_shared *shared)
{
    shared->ends =
        mem_grow(shared->ends, shared->end_count, &shared->end_capacity, sizeof *shared->ends);
    struct queue_shared_end *end = &shared->ends[shared->end_count++];
    *end = (struct queue_shared_end){0};
    return end;
}

/* ---- what is said ---- */

static void put_text(struct buf *out, const char *key, const char *text)
{
    buf_printf(out, ",\"%s\":", key);
    json_put_string(out, text);
}

/* Null when it is not known. */
static void put_int(struct buf *out, const char *key, int64_t value, bool known)
{
    if (known)
        buf_printf(out, ",\"%s\":%lld", key, (long long)value);
}

static void put_event(struct buf *out, const struct event *event)
{
    char uuid[UUID_TEXT_MAX];
    buf_printf(out, "{\"event_id\":\"%s\",\"time_tbd\":%s", event_uuid(uuid, event),
               event->time_tbd ? "true" : "false");
    put_text(out, "platform", event->platform);
    put_text(out, "external_id", event->external_id);
    put_text(out, "name", event->name);
    put_text(out, "venue", event->venue);
    put_text(out, "city", event->city);
    put_text(out, "region", event->region);
    put_text(out, "country", event->country);
    put_text(out, "timezone", event->timezone);
    put_text(out, "category", event->category);
    put_text(out, "url", event->url);
    put_text(out, "currency", event->currency[0] ? event->currency : "USD");
    put_int(out, "starts_ms", event->date_ms, event->date_ms != EVENT_NO_DATE);
    put_int(out, "seen_ms", event->last_scraped_ms > 0 ? event->last_scraped_ms : 0, true);
}

/* How long an event that nobody has a job for yet waits after what this workstation polled itself. */
static int64_t wait_of(const struct schedule_facts *facts, int64_t interval_ms)
{
    int64_t wait_ms = facts->polled_ms + interval_ms - clock_now_ms();
    if (facts->polled_ms < 0 || wait_ms < 0)
        return 0;
    return wait_ms < interval_ms ? wait_ms : interval_ms;
}

/* One that is not tracked any more is left out. */
static bool put_offer(struct queue_shared *shared, const struct queue_job *job, struct buf *out,
                      struct err *err)
{
    struct event event;
    struct schedule_facts facts;
    struct err why = {0};
    if (!plan_facts(shared->store, job->event_id, &facts, &why) ||
        !store_event_at(shared->store, job->event_id, &event, &why)) {
        if (why.code == ERR_NOT_FOUND)
            return true;
        *err = why;
        return false;
    }
    buf_puts(out, out->length > 1 ? "," : "");
    put_event(out, &event);
    put_int(out, "every_ms", facts.every_ms, facts.every_ms > 0);
    put_int(out, "priority", facts.priority, true);
    put_int(out, "interval_ms", job->interval_ms, job->interval_ms > 0);
    put_int(out, "wait_ms", wait_of(&facts, job->interval_ms), true);
    put_int(out, "since_ms", facts.since_ms > 0 ? facts.since_ms : 0, true);
    return buf_putc(out, '}');
}

static bool say_offers(struct queue_shared *shared, struct err *err)
{
    while (shared->offer_count > 0) {
        AUTO_BUF struct buf events;
        size_t count = shared->offer_count < OFFER_BATCH ? shared->offer_count : OFFER_BATCH;
        size_t from = shared->offer_count - count;
        buf_init(&events, TEXT_MAX);
        buf_putc(&events, '[');
        for (size_t i = 0; i < count; i++)
            if (!put_offer(shared, &shared->offers[from + i], &events, err))
                return false;
        buf_putc(&events, ']');
        const char *const values[] = {shared->team.tenant, shared->team.source, shared->host,
                                      shared->rate, buf_text(&events)};
        if (!pg_run(shared->team.pg, SQL_TEAM_QUEUE_OFFER, values, 5, NULL, err))
            return false;
        shared->offer_count = from;
    }
    return true;
}

static bool say_withdrawn(struct queue_shared *shared, struct err *err)
{
    AUTO_BUF struct buf events = {0};
    if (shared->withdrawn_count == 0)
        return true;
    buf_init(&events, shared->withdrawn_count * UUID_TEXT_MAX + 3);
    buf_putc(&events, '{');
    for (size_t i = 0; i < shared->withdrawn_count; i++)
        buf_printf(&events, "%s%s", i > 0 ? "," : "", shared->withdrawn[i].text);
    buf_putc(&events, '}');
    const char *const values[] = {shared->team.tenant, shared->team.source, shared->host,
                                  shared->rate, buf_text(&events)};
    if (!pg_run(shared->team.pg, SQL_TEAM_QUEUE_WITHDRAW, values, 5, NULL, err))
        return false;
    shared->withdrawn_count = 0;
    return true;
}

bool queue_shared_say(struct queue_shared *shared, struct err *err)
{
    /* what was given up and then tracked again is offered; an offer of what is not tracked any more is not made */
    return say_withdrawn(shared, err) && say_offers(shared, err);
}

static const char *word_of(const struct queue_shared_end *end)
{
    switch (end->what) {
    case QUEUE_DONE:
        return end->job.interval_ms > 0 ? "done" : "retired";
    case QUEUE_AGAIN:
        return "again";
    case QUEUE_DEAD:
        return "dead";
    case QUEUE_RELEASED:
        return "released";
    }
    BUG("no end %d", (int)end->what);
}

/* The polls without a lease, one that is under way as if it had just been. */
static void put_alone(const struct queue_shared *shared, int64_t now_ms, struct buf *out)
{
    for (size_t i = 0; i < shared->own_count; i++) {
        const struct queue_shared_own *own = &shared->own[i];
        int64_t wait_ms = own->running ? own->job.interval_ms : own->due_ms - now_ms;
        if (!own->alone && !own->running)
            continue;
        buf_printf(out, "%s{\"event_id\":\"%s\",\"what\":\"alone\",\"outcome\":\"ok\"",
                   out->length > 1 ? "," : "", own->uuid.text);
        put_int(out, "wait_ms", wait_ms > 0 ? wait_ms : 0, true);
        put_int(out, "interval_ms", own->job.interval_ms, true);
        buf_putc(out, '}');
    }
}

static void put_ends(const struct queue_shared *shared, struct buf *out)
{
    int64_t now_ms = clock_monotonic_ms();
    buf_putc(out, '[');
    for (size_t i = 0; i < shared->end_count; i++) {
        const struct queue_shared_end *end = &shared->ends[i];
        int64_t wait_ms = end->due_ms - now_ms;
        buf_printf(out, "%s{\"number\":%lld,\"refused\":%s", i > 0 ? "," : "",
                   (long long)end->job.id, outcome_is_refusal(end->outcome) ? "true" : "false");
        put_int(out, "attempts", end->job.attempts, true);
        put_int(out, "wait_ms", wait_ms > 0 ? wait_ms : 0, true);
        put_int(out, "interval_ms", end->job.interval_ms, end->job.interval_ms > 0);
        put_int(out, "retry_ms", end->retry_after_ms, end->retry_after_ms > 0);
        put_text(out, "what", word_of(end));
        if (end->what != QUEUE_RELEASED)
            put_text(out, "outcome", outcome_word(end->outcome));
        put_text(out, "error", end->reason);
        buf_putc(out, '}');
    }
    put_alone(shared, now_ms, out);
    buf_putc(out, ']');
}

static void put_held(const struct queue_shared *shared, struct buf *out)
{
    buf_putc(out, '{');
    for (size_t i = 0; i < shared->held_count; i++)
        buf_printf(out, "%s%lld", i > 0 ? "," : "", (long long)shared->held[i]);
    buf_putc(out, '}');
}

/* ---- the answer ---- */

static void copy(char *out, size_t size, const struct pg_rows *rows, int row, int column)
{
    const char *text = pg_rows_text(rows, row, column);
    snprintf(out, size, "%s", text ? text : "");
}

static void read_event(const struct pg_rows *rows, int row, struct event *event)
{
    copy(event->name, sizeof event->name, rows, row, NAME);
    copy(event->venue, sizeof event->venue, rows, row, VENUE);
    copy(event->city, sizeof event->city, rows, row, CITY);
    copy(event->region, sizeof event->region, rows, row, REGION);
    copy(event->country, sizeof event->country, rows, row, COUNTRY);
    copy(event->timezone, sizeof event->timezone, rows, row, TIMEZONE);
    copy(event->category, sizeof event->category, rows, row, CATEGORY);
    copy(event->url, sizeof event->url, rows, row, URL);
    copy(event->currency, sizeof event->currency, rows, row, CURRENCY);
    event->date_ms =
        pg_rows_text(rows, row, STARTS_MS) ? pg_rows_int(rows, row, STARTS_MS) : EVENT_NO_DATE;
    event->time_tbd = pg_rows_int(rows, row, TIME_TBD) != 0;
    event->pending = event->name[0] == '\0';
    event->state = EVENT_IMPORTED;
}

/* The event of a job by this store's number; one that was never seen here is taken up as the team knows it. */
static bool take_up(struct queue_shared *shared, const struct pg_rows *rows, int row,
                    int64_t *event_id, struct err *err)
{
    struct event event;
    struct err missing = {0};
    const char *external_id = pg_rows_text(rows, row, EXTERNAL_ID);
    if (!store_find_event(shared->store, shared->platform->name, external_id, &event, &missing)) {
        if (missing.code != ERR_NOT_FOUND) {
            *err = missing;
            return false;
        }
        event_init(&event, shared->platform->name, external_id);
        read_event(rows, row, &event);
        if (!store_save_event(shared->store, &event, err))
            return false;
    }
    *event_id = event.id;
    return true;
}

static bool take_jobs(struct queue_shared *shared, const struct pg_rows *rows, int64_t asked_ms,
                      struct queue_job *jobs, size_t *count, struct err *err)
{
    for (int row = 0; row < pg_rows_count(rows); row++) {
        if (!pg_rows_text(rows, row, NUMBER))
            continue;
        struct queue_job job = {
            .id = pg_rows_int(rows, row, NUMBER),
            .attempts = pg_rows_int(rows, row, ATTEMPTS),
            .priority = (enum schedule_priority)pg_rows_int(rows, row, PRIORITY),
            .every_ms = pg_rows_int(rows, row, EVERY_MS),
            .start_by_ms = asked_ms + QUEUE_SHARED_TOKEN_MS,
        };
        if (!take_up(shared, rows, row, &job.event_id, err))
            return false;
        queue_shared_alone_forget(shared, job.event_id);
        shared->held[shared->held_count++] = job.id;
        jobs[(*count)++] = job;
    }
    return true;
}

static void learn(struct queue_shared *shared, const struct pg_rows *rows, bool looked,
                  int64_t now_ms)
{
    bool waits = pg_rows_text(rows, 0, DUE_MS) != NULL;
    int64_t held_ms = pg_rows_int(rows, 0, HELD_MS);
    shared->share.allowed = pg_rows_int(rows, 0, ALLOWED);
    if (pg_rows_int(rows, 0, GRANTED) != 0) {
        shared->wishes = false;
        shared->granted_by_ms = now_ms + QUEUE_SHARED_TOKEN_MS;
    }
    shared->share.due_ms = waits ? pg_rows_int(rows, 0, DUE_MS) : -1;
    if (waits && held_ms > REST_MS && shared->share.due_ms < held_ms)
        shared->share.due_ms = held_ms;
    shared->pause_ms = waits && shared->share.due_ms < IDLE_MS ? shared->share.due_ms : IDLE_MS;
    if (shared->pause_ms < held_ms)
        shared->pause_ms = held_ms < IDLE_MS ? held_ms : IDLE_MS;
    if (shared->pause_ms < PAUSE_MS)
        shared->pause_ms = PAUSE_MS;
    if (!looked)
        return;
    shared->share.demand = (double)pg_rows_int(rows, 0, DEMAND) / 1000;
    shared->look_ms = now_ms;
}

bool queue_shared_ask(struct queue_shared *shared, struct queue_job *jobs, size_t want,
                      size_t *count, bool *stored, struct err *err)
{
    AUTO_BUF struct buf held, ends;
    AUTO_PG_ROWS struct pg_rows rows = {0};
    char lease[24], attempts[24], most[24];
    int64_t now_ms = clock_monotonic_ms();
    bool look = shared->look_ms == 0 || now_ms - shared->look_ms >= QUEUE_BEAT_MS;
    if (want > WATCH_SLOTS_MAX - shared->held_count)
        want = WATCH_SLOTS_MAX - shared->held_count;
    buf_init(&held, TEXT_MAX);
    buf_init(&ends, TEXT_MAX);
    put_held(shared, &held);
    put_ends(shared, &ends);
    snprintf(lease, sizeof lease, "%d", QUEUE_LEASE_MS);
    snprintf(attempts, sizeof attempts, "%lld", (long long)shared->attempts);
    snprintf(most, sizeof most, "%zu", want);
    const char *const values[] = {shared->team.tenant,
                                  shared->team.source,
                                  shared->platform->name,
                                  shared->host,
                                  shared->rate,
                                  lease,
                                  attempts,
                                  buf_text(&held),
                                  buf_text(&ends),
                                  most,
                                  look ? "true" : "false",
                                  shared->wishes ? "true" : "false"};
    if (!pg_run(shared->team.pg, SQL_TEAM_QUEUE_TURN, values, sizeof values / sizeof *values, &rows,
                err))
        return false;
    shared->end_count = 0;
    queue_shared_alone_told(shared);
    learn(shared, &rows, look, now_ms);
    *stored = take_jobs(shared, &rows, now_ms, jobs, count, err);
    return *stored;
}
