#include "core/queue_shared.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "core/limiter.h"
#include "core/platform.h"
#include "core/queue_shared_private.h"
#include "io/db.h"
#include "io/http.h"

/* The service does nothing else while it waits for the database. */
enum { CONNECT_MS = 3 * 1000, ANSWER_MS = 10 * 1000 };

enum {
    SAY_MS = 1000,          /* an end waits no longer than that to go with a claim */
    AWAY_MS = 500,          /* before a database that did not answer is tried again, and jitter */
    NO_LIMIT = 1000 * 1000, /* requests a minute, for a rate of 0 */
};

bool queue_shared_is_wanted(const struct conf *conf)
{
    return strcmp(conf_text(conf, CONF_WATCH_QUEUE), "supabase") == 0;
}

/* ---- coming and going ---- */

/* Whether a poll since a time is stored that asks for no other attempt, and how it ended. */
static bool find_settled(struct queue_shared *shared, int64_t event_id, int64_t since_ms,
                         bool *found, enum outcome *outcome, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(shared->store), SQL_POLL_SETTLED, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":since", since_ms);
    enum step step = stmt_step(&stmt, err);
    *found = step == STEP_ROW;
    *outcome = *found ? (enum outcome)stmt_int(&stmt, 0) : OUTCOME_OK;
    return step != STEP_ERROR;
}

/* A poll of a lost life of this process may be stored, and only its end was not said. */
static bool recover_ends(struct queue_shared *shared, struct err *err)
{
    AUTO_PG_ROWS struct pg_rows rows = {0};
    const char *const values[] = {shared->team.tenant, shared->team.source};
    if (!pg_run(shared->team.pg, SQL_TEAM_QUEUE_MINE, values, 2, &rows, err))
        return false;
    for (int i = 0; i < pg_rows_count(&rows); i++) {
        struct event event;
        struct err missing = {0};
        enum outcome outcome;
        bool settled;
        int64_t begun_ms = clock_now_ms() - pg_rows_int(&rows, i, 4);
        if (!store_find_event(shared->store, pg_rows_text(&rows, i, 2), pg_rows_text(&rows, i, 3),
                              &event, &missing))
            continue;
        if (!find_settled(shared, event.id, begun_ms, &settled, &outcome, err))
            return false;
        if (!settled)
            continue;
        int64_t interval_ms = pg_rows_int(&rows, i, 5);
        *queue_shared_add_end(shared) = (struct queue_shared_end){
            .job = {.id = pg_rows_int(&rows, i, 0),
                    .attempts = pg_rows_int(&rows, i, 1),
                    .interval_ms = interval_ms},
            .what = QUEUE_DONE,
            .outcome = outcome,
            .due_ms = clock_monotonic_ms() + interval_ms,
            .retry_after_ms = -1,
        };
    }
    return true;
}

static bool join(struct queue_shared *shared, struct err *err)
{
    if (shared->joined)
        return true;
    shared->joined = team_join(&shared->team, shared->store,
                               conf_text(shared->conf, CONF_SYNC_TENANT), true, err) &&
                     recover_ends(shared, err);
    return shared->joined;
}

static void leave(struct queue_shared *shared, const struct err *why)
{
    int64_t now_ms = clock_monotonic_ms();
    double random = (double)(now_ms % 1000) / 1000; /* it only keeps workstations apart */
    shared->ask_ms = now_ms + AWAY_MS + limiter_backoff_ms(++shared->failures, random);
    if (stop_requested() != 0)
        return;
    if (!shared->share.away)
        log_warn(
            "the shared queue: %s; until it answers, the events that were polled here last go on",
            why->text);
    else
        log_debug("the shared queue: %s", why->text);
    if (!shared->share.away)
        shared->away_ms = now_ms;
    shared->share.away = true;
}

static void come_back(struct queue_shared *shared)
{
    if (shared->share.away)
        log_say("the shared queue answers again");
    shared->share.away = false;
    shared->failures = 0;
}

static bool set_host(struct queue_shared *shared, const struct conf *conf)
{
    enum conf_key key;
    shared->platform = platform_list()[0];
    return conf_find(shared->platform->url_setting, &key) &&
           http_origin(conf_text(conf, key), shared->host, sizeof shared->host);
}

void queue_shared_adopt(struct queue_shared *shared, int64_t rate, int64_t attempts)
{
    snprintf(shared->rate, sizeof shared->rate, "%lld", (long long)(rate > 0 ? rate : NO_LIMIT));
    shared->attempts = attempts;
}

/* Whether a database that cannot be had now may be had later. */
static bool is_passing(enum pg_trouble trouble)
{
    return trouble == PG_LOST || trouble == PG_TRANSIENT || trouble == PG_PARKED;
}

struct queue_shared *queue_shared_open(struct store *store, const struct conf *conf,
                                       struct err *err)
{
    struct queue_shared *shared = mem_alloc(1, sizeof *shared);
    shared->store = store;
    shared->conf = conf;
    shared->share = (struct queue_share){.allowed = conf_count(conf, CONF_RATE), .due_ms = -1};
    if (!set_host(shared, conf))
        BUG("the first platform has no origin");
    queue_shared_adopt(shared, conf_count(conf, CONF_RATE), conf_count(conf, CONF_WATCH_ATTEMPTS));
    if (!team_open(conf, false, &shared->team, err)) {
        queue_shared_close(shared);
        err_wrap(err, "setting 'watch.queue' is supabase");
        return NULL;
    }
    shared->team.retries = 0;
    pg_hurry(shared->team.pg, CONNECT_MS, ANSWER_MS);
    if (join(shared, err))
        return shared;
    if (is_passing(pg_trouble(shared->team.pg))) {
        leave(shared, err);
        err_reset(err);
        return shared;
    }
    queue_shared_close(shared);
    return NULL;
}

void queue_shared_close(struct queue_shared *shared)
{
    if (shared == NULL)
        return;
    team_release(&shared->team);
    mem_free(shared->offers);
    mem_free(shared->withdrawn);
    mem_free(shared->ends);
    mem_free(shared->own);
    mem_free(shared);
}

/* ---- the back end ---- */

/* Says and asks everything in one go. A database that does not answer is no failure, and nothing is forgotten. */
static bool turn(struct queue_shared *shared, struct queue_job *jobs, size_t want, size_t *count,
                 struct err *err)
{
    struct err why = {0};
    bool stored = true;
    int64_t asked_ms = clock_monotonic_ms();
    *count = 0;
    if (join(shared, &why) && queue_shared_say(shared, &why) &&
        queue_shared_ask(shared, jobs, want, count, &stored, &why)) {
        come_back(shared);
        int64_t now_ms = clock_monotonic_ms();
        shared->said_ms = asked_ms;
        shared->ask_ms = *count == want && want > 0 ? now_ms : now_ms + shared->pause_ms;
        return true;
    }
    if (!stored)
        *err = why;
    else
        leave(shared, &why);
    return stored;
}

static bool add(void *self, const struct queue_job *jobs, size_t count, int64_t now_ms,
                struct err *err)
{
    struct queue_shared *shared = self;
    (void)now_ms;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        shared->offers = mem_grow(shared->offers, shared->offer_count, &shared->offer_capacity,
                                  sizeof *shared->offers);
        shared->offers[shared->offer_count++] = jobs[i];
    }
    shared->share.due_ms = 0;
    if (!shared->share.away)
        shared->ask_ms = 0;
    return true;
}

static bool claim(void *self, const char *worker, int64_t now_ms, struct queue_job *jobs,
                  size_t most, size_t *count, struct err *err)
{
    struct queue_shared *shared = self;
    (void)worker;
    (void)now_ms;
    *count = 0;
    bool patient = clock_monotonic_ms() < shared->ask_ms;
    if (patient && shared->share.away)
        return queue_shared_alone_claim(shared, jobs, most, count, err);
    if (patient || (most == 0 && shared->end_count == 0 && !shared->wishes))
        return true;
    return turn(shared, jobs, most, count, err);
}

static bool beat(void *self, const char *worker, int64_t now_ms, struct err *err)
{
    struct queue_shared *shared = self;
    size_t none;
    (void)worker;
    (void)now_ms;
    if (clock_monotonic_ms() - shared->said_ms < QUEUE_BEAT_MS / 2 ||
        (shared->share.away && clock_monotonic_ms() < shared->ask_ms))
        return true;
    return turn(shared, NULL, 0, &none, err);
}

static void let_go(struct queue_shared *shared, int64_t number)
{
    for (size_t i = 0; i < shared->held_count; i++)
        if (shared->held[i] == number)
            shared->held[i--] = shared->held[--shared->held_count];
}

/* In the store's own history of attempts, by which `tws status` tells how polls fare. */
static bool note_attempt(struct queue_shared *shared, const struct queue_job *job,
                         const struct queue_attempt *attempt, struct err *err)
{
    struct db *db = store_db(shared->store);
    AUTO_STMT struct stmt stmt = {0};
    if (!db_begin(db, err))
        return false;
    if (!db_prepare(db, SQL_QUEUE_ATTEMPT_NOTE, &stmt, err))
        return db_rollback(db), false;
    stmt_bind_int(&stmt, ":job", job->id);
    stmt_bind_int(&stmt, ":number", job->attempts);
    stmt_bind_int(&stmt, ":event", job->event_id);
    stmt_bind_text(&stmt, ":worker", shared->worker);
    stmt_bind_int(&stmt, ":started", clock_now_ms() - attempt->took_ms);
    stmt_bind_int(&stmt, ":took", attempt->took_ms);
    stmt_bind_int(&stmt, ":bytes", attempt->bytes);
    stmt_bind_int(&stmt, ":outcome", attempt->outcome);
    stmt_bind_text(&stmt, ":reason", attempt->reason);
    if (!stmt_run(&stmt, err))
        return db_rollback(db), false;
    return db_commit(db, err);
}

static bool finish(void *self, const struct queue_job *job, const struct queue_attempt *attempt,
                   enum queue_end what, int64_t due_ms, int64_t now_ms, struct err *err)
{
    struct queue_shared *shared = self;
    int64_t again_ms = clock_monotonic_ms() + due_ms - now_ms;
    if (queue_shared_alone_finish(shared, job, what, again_ms))
        return what == QUEUE_RELEASED || note_attempt(shared, job, attempt, err);
    queue_shared_alone_note(shared, job, what, again_ms);
    struct queue_shared_end *end = queue_shared_add_end(shared);
    *end = (struct queue_shared_end){
        .job = *job, .what = what, .due_ms = again_ms, .retry_after_ms = -1};
    let_go(shared, job->id);
    shared->share.due_ms = 0;
    if (!shared->share.away && shared->ask_ms > clock_monotonic_ms() + SAY_MS)
        shared->ask_ms = clock_monotonic_ms() + SAY_MS;
    if (what == QUEUE_RELEASED)
        return true;
    end->outcome = attempt->outcome;
    end->retry_after_ms = attempt->retry_after_ms;
    snprintf(end->reason, sizeof end->reason, "%s", attempt->reason);
    return note_attempt(shared, job, attempt, err);
}

/* What it held is seen to when it joins. */
static bool recover(void *self, int64_t most_attempts, int64_t span_ms, int64_t now_ms,
                    struct err *err)
{
    (void)self;
    (void)most_attempts;
    (void)span_ms;
    (void)now_ms;
    (void)err;
    return true;
}

static bool read_live(struct queue_shared *shared, const struct pg_rows *rows, int64_t **events,
                      size_t *count, struct err *err)
{
    size_t capacity = 0;
    for (int i = 0; i < pg_rows_count(rows); i++) {
        struct event event;
        struct err missing = {0};
        if (store_find_event(shared->store, pg_rows_text(rows, i, 0), pg_rows_text(rows, i, 1),
                             &event, &missing)) {
            *events = mem_grow(*events, *count, &capacity, sizeof **events);
            (*events)[(*count)++] = event.id;
        } else if (missing.code != ERR_NOT_FOUND) {
            mem_free(*events);
            *events = NULL;
            *err = missing;
            return false;
        }
    }
    return true;
}

static bool live(void *self, int64_t **events, size_t *count, struct err *err)
{
    struct queue_shared *shared = self;
    AUTO_PG_ROWS struct pg_rows rows = {0};
    struct err why = {0};
    *events = NULL;
    *count = 0;
    if (shared->share.away || !join(shared, &why))
        return true;
    const char *const values[] = {shared->team.tenant, shared->team.source};
    if (!pg_run(shared->team.pg, SQL_TEAM_QUEUE_LIVE, values, 2, &rows, &why)) {
        leave(shared, &why);
        return true;
    }
    return read_live(shared, &rows, events, count, err);
}

/* The database has a clock of its own. */
static bool shift(void *self, int64_t by_ms, struct err *err)
{
    (void)self;
    (void)by_ms;
    (void)err;
    return true;
}

static bool withdraw(void *self, const int64_t *events, size_t count, struct err *err)
{
    struct queue_shared *shared = self;
    for (size_t i = 0; i < count; i++) {
        struct event event;
        if (!store_event_at(shared->store, events[i], &event, err))
            return false;
        shared->withdrawn = mem_grow(shared->withdrawn, shared->withdrawn_count,
                                     &shared->withdrawn_capacity, sizeof *shared->withdrawn);
        event_uuid(shared->withdrawn[shared->withdrawn_count++].text, &event);
        queue_shared_alone_forget(shared, events[i]);
    }
    if (!shared->share.away)
        shared->ask_ms = 0;
    return true;
}

static bool may_ask(void *self, int64_t *start_by_ms)
{
    struct queue_shared *shared = self;
    *start_by_ms = shared->granted_by_ms;
    shared->granted_by_ms = 0;
    shared->wishes = *start_by_ms <= clock_monotonic_ms();
    return !shared->wishes;
}

static void flush(void *self)
{
    struct queue_shared *shared = self;
    struct err err = {0};
    size_t none;
    if (shared->end_count + shared->withdrawn_count > 0 && !turn(shared, NULL, 0, &none, &err))
        log_warn("%s", err.text);
}

static const struct queue_share *share(const void *self)
{
    return &((const struct queue_shared *)self)->share;
}

void queue_shared_init(struct queue *queue, struct queue_shared *shared, int64_t most_attempts)
{
    static const struct queue_backend backend = {
        .add = add,
        .claim = claim,
        .beat = beat,
        .finish = finish,
        .recover = recover,
        .live = live,
        .shift = shift,
        .withdraw = withdraw,
        .may_ask = may_ask,
        .flush = flush,
        .share = share,
    };
    queue_init(queue, shared->store, most_attempts);
    queue->backend = &backend;
    queue->self = shared;
    snprintf(shared->worker, sizeof shared->worker, "%s", queue->worker);
}
