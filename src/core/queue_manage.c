/* What a person does with jobs of the local store. */
#include "core/queue.h"
#include "io/db.h"

/* The state of a job as the table has it. */
enum job_state { JOB_WAITING, JOB_LEASED, JOB_DEAD };

static bool find_state(struct store *store, int64_t job_id, enum job_state *state, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_QUEUE_FIND, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":job", job_id);
    switch (stmt_step(&stmt, err)) {
    case STEP_ROW:
        *state = (enum job_state)stmt_int(&stmt, 0);
        return true;
    case STEP_DONE:
        err_set(err, ERR_NOT_FOUND, "no job %lld waits or is dead", (long long)job_id);
        return err_hint(err, "tws jobs --dead lists the dead letters");
    case STEP_ERROR:
        break;
    }
    return false;
}

static bool run_on(struct store *store, enum sql_id id, int64_t job_id, int64_t now_ms,
                   struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), id, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":job", job_id);
    if (now_ms >= 0)
        stmt_bind_int(&stmt, ":now", now_ms);
    return stmt_run(&stmt, err);
}

static bool retry(struct store *store, int64_t job_id, int64_t now_ms, struct err *err)
{
    enum job_state state;
    if (!find_state(store, job_id, &state, err))
        return false;
    if (state != JOB_DEAD)
        return err_set(err, ERR_USAGE, "job %lld is not dead", (long long)job_id);
    if (!run_on(store, SQL_QUEUE_RETRY, job_id, now_ms, err) ||
        !find_state(store, job_id, &state, err))
        return false;
    if (state == JOB_DEAD)
        return err_set(err, ERR_USAGE, "the event of job %lld has another job under way",
                       (long long)job_id);
    return run_on(store, SQL_QUEUE_RETRY_ATTEMPTS, job_id, -1, err);
}

static bool drop(struct store *store, int64_t job_id, struct err *err)
{
    enum job_state state;
    if (!find_state(store, job_id, &state, err))
        return false;
    if (state == JOB_LEASED)
        return err_set(err, ERR_BUSY, "job %lld is being worked at", (long long)job_id);
    return run_on(store, SQL_QUEUE_DROP, job_id, -1, err);
}

/* Ends the transaction as its steps went. */
static bool end(struct store *store, bool good, struct err *err)
{
    if (good)
        return db_commit(store_db(store), err);
    db_rollback(store_db(store));
    return false;
}

bool queue_retry(struct store *store, int64_t job_id, int64_t now_ms, struct err *err)
{
    return db_begin(store_db(store), err) && end(store, retry(store, job_id, now_ms, err), err);
}

bool queue_drop(struct store *store, int64_t job_id, struct err *err)
{
    return db_begin(store_db(store), err) && end(store, drop(store, job_id, err), err);
}

bool queue_count(struct store *store, struct queue_counts *counts, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_QUEUE_COUNTS, &stmt, err) ||
        stmt_step(&stmt, err) != STEP_ROW)
        return false;
    *counts = (struct queue_counts){
        .waiting = stmt_int(&stmt, 0),
        .leased = stmt_int(&stmt, 1),
        .dead = stmt_int(&stmt, 2),
        .first_ms = stmt_is_null(&stmt, 3) ? -1 : stmt_int(&stmt, 3),
    };
    return true;
}
