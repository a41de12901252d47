#include "core/queue_sqlite.h"

#include "base/mem.h"
#include "io/db.h"

static struct db *db_of(void *self)
{
    return store_db(self);
}

/* Takes a statement with what most of them want bound. */
static bool prepare(struct db *db, enum sql_id id, struct stmt *stmt, const char *name,
                    int64_t value, struct err *err)
{
    if (!db_prepare(db, id, stmt, err))
        return false;
    stmt_bind_int(stmt, name, value);
    return true;
}

/* Runs a statement with one number bound, inside the caller's transaction. */
static bool run_with(struct db *db, enum sql_id id, const char *name, int64_t value,
                     struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    return prepare(db, id, &stmt, name, value, err) && stmt_run(&stmt, err);
}

/* Ends the caller's transaction as its steps went. */
static bool end(struct db *db, bool good, struct err *err)
{
    if (good)
        return db_commit(db, err);
    db_rollback(db);
    return false;
}

static bool add_one(struct db *db, const struct queue_job *job, int64_t now_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!prepare(db, SQL_QUEUE_ADD, &stmt, ":event", job->event_id, err))
        return false;
    stmt_bind_int(&stmt, ":priority", job->priority);
    stmt_bind_int(&stmt, ":now", now_ms);
    stmt_bind_int(&stmt, ":rank", queue_rank_ms(job->priority, now_ms));
    return stmt_run(&stmt, err);
}

static bool add(void *self, const struct queue_job *jobs, size_t count, int64_t now_ms,
                struct err *err)
{
    struct db *db = db_of(self);
    bool good = true;
    if (!db_begin_lazy(db, err))
        return false;
    for (size_t i = 0; i < count && good; i++)
        good = add_one(db, &jobs[i], now_ms, err);
    return end(db, good, err);
}

/* Whether there is anything to claim: a look costs no lock. */
static bool is_ready(struct db *db, int64_t now_ms, bool *ready, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!prepare(db, SQL_QUEUE_READY, &stmt, ":now", now_ms, err))
        return false;
    stmt_bind_int(&stmt, ":step", QUEUE_PRIORITY_MS);
    if (stmt_step(&stmt, err) != STEP_ROW)
        return false;
    *ready = stmt_int(&stmt, 0) != 0;
    return true;
}

/* Puts a job among those that were claimed with it: SQLite returns them in no order. */
static void put_in_order(struct queue_job *jobs, int64_t *ranks_ms, size_t at,
                         const struct queue_job *job, int64_t rank_ms)
{
    for (; at > 0 && (ranks_ms[at - 1] > rank_ms ||
                      (ranks_ms[at - 1] == rank_ms && jobs[at - 1].id > job->id));
         at--) {
        jobs[at] = jobs[at - 1];
        ranks_ms[at] = ranks_ms[at - 1];
    }
    jobs[at] = *job;
    ranks_ms[at] = rank_ms;
}

static bool take(struct db *db, const char *worker, int64_t now_ms, struct queue_job *jobs,
                 size_t most, size_t *count, struct err *err)
{
    AUTO_FREE int64_t *ranks_ms = mem_alloc(most, sizeof *ranks_ms);
    AUTO_STMT struct stmt stmt = {0};
    enum step step;
    if (!prepare(db, SQL_QUEUE_CLAIM, &stmt, ":now", now_ms, err))
        return false;
    stmt_bind_text(&stmt, ":worker", worker);
    stmt_bind_int(&stmt, ":lease", now_ms + QUEUE_LEASE_MS);
    stmt_bind_int(&stmt, ":step", QUEUE_PRIORITY_MS);
    stmt_bind_int(&stmt, ":most", (int64_t)most);
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        struct queue_job job = {
            .id = stmt_int(&stmt, 0),
            .event_id = stmt_int(&stmt, 1),
            .attempts = stmt_int(&stmt, 2),
            .priority = (enum schedule_priority)stmt_int(&stmt, 3),
        };
        put_in_order(jobs, ranks_ms, (*count)++, &job, stmt_int(&stmt, 4));
    }
    return step == STEP_DONE;
}

static bool note_attempts(struct db *db, const char *worker, int64_t now_ms,
                          const struct queue_job *jobs, size_t count, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!prepare(db, SQL_QUEUE_ATTEMPT_ADD, &stmt, ":now", now_ms, err))
        return false;
    stmt_bind_text(&stmt, ":worker", worker);
    for (size_t i = 0; i < count; i++) {
        stmt_bind_int(&stmt, ":job", jobs[i].id);
        stmt_bind_int(&stmt, ":number", jobs[i].attempts);
        stmt_bind_int(&stmt, ":event", jobs[i].event_id);
        if (!stmt_run(&stmt, err))
            return false;
    }
    return true;
}

static bool claim(void *self, const char *worker, int64_t now_ms, struct queue_job *jobs,
                  size_t most, size_t *count, struct err *err)
{
    struct db *db = db_of(self);
    bool ready = false;
    *count = 0;
    if (most > 0 && !is_ready(db, now_ms, &ready, err))
        return false;
    if (!ready)
        return true;
    return db_begin_lazy(db, err) && end(db,
                                         take(db, worker, now_ms, jobs, most, count, err) &&
                                             note_attempts(db, worker, now_ms, jobs, *count, err),
                                         err);
}

static bool beat_steps(struct db *db, const char *worker, int64_t now_ms, struct err *err)
{
    AUTO_STMT struct stmt mine = {0}, others = {0};
    if (!prepare(db, SQL_QUEUE_BEAT, &mine, ":lease", now_ms + QUEUE_LEASE_MS, err) ||
        !prepare(db, SQL_QUEUE_EXPIRE, &others, ":now", now_ms, err))
        return false;
    stmt_bind_text(&mine, ":worker", worker);
    stmt_bind_text(&others, ":worker", worker);
    return stmt_run(&mine, err) && stmt_run(&others, err);
}

static bool beat(void *self, const char *worker, int64_t now_ms, struct err *err)
{
    struct db *db = db_of(self);
    return db_begin_lazy(db, err) && end(db, beat_steps(db, worker, now_ms, err), err);
}

/* Takes a statement about an attempt at a job. */
static bool prepare_end(struct db *db, enum sql_id id, struct stmt *stmt,
                        const struct queue_job *job, struct err *err)
{
    if (!prepare(db, id, stmt, ":job", job->id, err))
        return false;
    stmt_bind_int(stmt, ":number", job->attempts);
    return true;
}

/* Takes back an attempt that never was, or says how it ended. */
static bool end_attempt(struct db *db, const struct queue_job *job,
                        const struct queue_attempt *attempt, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    enum sql_id id = attempt ? SQL_QUEUE_ATTEMPT_END : SQL_QUEUE_ATTEMPT_UNDO;
    if (!prepare_end(db, id, &stmt, job, err))
        return false;
    if (attempt) {
        stmt_bind_int(&stmt, ":took", attempt->took_ms);
        stmt_bind_int(&stmt, ":bytes", attempt->bytes);
        stmt_bind_int(&stmt, ":outcome", attempt->outcome);
        stmt_bind_text(&stmt, ":reason", attempt->reason);
    }
    return stmt_run(&stmt, err);
}

static bool be_done(struct db *db, const struct queue_job *job, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    return prepare_end(db, SQL_QUEUE_DONE, &stmt, job, err) && stmt_run(&stmt, err);
}

static bool put_back(struct db *db, const struct queue_job *job,
                     const struct queue_attempt *attempt, int64_t due_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!prepare_end(db, SQL_QUEUE_AGAIN, &stmt, job, err))
        return false;
    stmt_bind_int(&stmt, ":attempts", attempt ? job->attempts : job->attempts - 1);
    stmt_bind_int(&stmt, ":due", due_ms);
    if (attempt) {
        stmt_bind_int(&stmt, ":rank", queue_rank_ms(job->priority, due_ms));
        stmt_bind_int(&stmt, ":outcome", attempt->outcome);
        stmt_bind_text(&stmt, ":reason", attempt->reason);
    }
    return stmt_run(&stmt, err);
}

static bool bury(struct db *db, const struct queue_job *job, const struct queue_attempt *attempt,
                 int64_t now_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!prepare_end(db, SQL_QUEUE_BURY, &stmt, job, err))
        return false;
    stmt_bind_int(&stmt, ":now", now_ms);
    stmt_bind_int(&stmt, ":outcome", attempt->outcome);
    stmt_bind_text(&stmt, ":reason", attempt->reason);
    return stmt_run(&stmt, err);
}

static bool end_job(struct db *db, const struct queue_job *job, const struct queue_attempt *attempt,
                    enum queue_end end, int64_t due_ms, int64_t now_ms, struct err *err)
{
    switch (end) {
    case QUEUE_DONE:
        return be_done(db, job, err);
    case QUEUE_AGAIN:
        return put_back(db, job, attempt, due_ms, err);
    case QUEUE_DEAD:
        return bury(db, job, attempt, now_ms, err);
    case QUEUE_RELEASED:
        return put_back(db, job, NULL, due_ms, err);
    }
    BUG("no end %d", (int)end);
}

static bool finish(void *self, const struct queue_job *job, const struct queue_attempt *attempt,
                   enum queue_end how, int64_t due_ms, int64_t now_ms, struct err *err)
{
    struct db *db = db_of(self);
    return db_begin_lazy(db, err) &&
           end(db,
               end_attempt(db, job, how == QUEUE_RELEASED ? NULL : attempt, err) &&
                   end_job(db, job, attempt, how, due_ms, now_ms, err),
               err);
}

static bool recover_steps(struct db *db, int64_t most_attempts, int64_t span_ms, int64_t now_ms,
                          struct err *err)
{
    AUTO_STMT struct stmt done = {0}, dead = {0}, rest = {0}, gone = {0};
    if (!db_prepare(db, SQL_QUEUE_RECOVER_DONE, &done, err) ||
        !prepare(db, SQL_QUEUE_RECOVER_DEAD, &dead, ":now", now_ms, err) ||
        !prepare(db, SQL_QUEUE_RECOVER, &rest, ":now", now_ms, err) ||
        !db_prepare(db, SQL_QUEUE_RECOVER_GONE, &gone, err))
        return false;
    stmt_bind_int(&dead, ":most", most_attempts);
    stmt_bind_int(&rest, ":span", span_ms);
    stmt_bind_int(&rest, ":step", QUEUE_PRIORITY_MS);
    return stmt_run(&done, err) && stmt_run(&dead, err) && stmt_run(&rest, err) &&
           stmt_run(&gone, err);
}

static bool recover(void *self, int64_t most_attempts, int64_t span_ms, int64_t now_ms,
                    struct err *err)
{
    struct db *db = db_of(self);
    return db_begin_lazy(db, err) &&
           end(db, recover_steps(db, most_attempts, span_ms, now_ms, err), err);
}

static bool live(void *self, int64_t **events, size_t *count, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    size_t capacity = 0;
    enum step step;
    *events = NULL;
    *count = 0;
    if (!db_prepare(db_of(self), SQL_QUEUE_LIVE, &stmt, err))
        return false;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        *events = mem_grow(*events, *count, &capacity, sizeof **events);
        (*events)[(*count)++] = stmt_int(&stmt, 0);
    }
    if (step == STEP_DONE)
        return true;
    mem_free(*events);
    *events = NULL;
    return false;
}

static bool shift(void *self, int64_t by_ms, struct err *err)
{
    struct db *db = db_of(self);
    return db_begin_lazy(db, err) && end(db, run_with(db, SQL_QUEUE_SHIFT, ":by", by_ms, err), err);
}

static bool prune(void *self, int64_t before_ms, struct err *err)
{
    struct db *db = db_of(self);
    return db_begin_lazy(db, err) &&
           end(db,
               run_with(db, SQL_QUEUE_PRUNE_ATTEMPTS, ":before", before_ms, err) &&
                   run_with(db, SQL_QUEUE_PRUNE_DEAD, ":before", before_ms, err),
               err);
}

const struct queue_backend *queue_sqlite_backend(void)
{
    static const struct queue_backend backend = {
        .add = add,
        .claim = claim,
        .beat = beat,
        .finish = finish,
        .recover = recover,
        .live = live,
        .shift = shift,
        .prune = prune,
    };
    return &backend;
}
