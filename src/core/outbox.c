#include "core/outbox.h"

#include <stdio.h>

#include "base/mem.h"
#include "io/db.h"

const char *outbox_word(enum outbox_topic topic)
{
    static const char *const words[OUTBOX_TOPICS] = {
        [OUTBOX_EVENTS] = "events", [OUTBOX_HOURS] = "hours",         [OUTBOX_DAYS] = "days",
        [OUTBOX_POLLS] = "polls",   [OUTBOX_SNAPSHOTS] = "snapshots",
    };
    return words[topic];
}

bool outbox_pending(struct store *store, struct outbox_batch *batch, bool *any, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_BATCH_GET, &stmt, err))
        return false;
    enum step step = stmt_step(&stmt, err);
    *any = step == STEP_ROW;
    if (!*any)
        return step == STEP_DONE;
    int64_t topic = stmt_int(&stmt, 3);
    if (topic < 0 || topic >= OUTBOX_TOPICS)
        return err_set(err, ERR_STORE, "the store is damaged: a batch of topic %lld",
                       (long long)topic);
    batch->seq = stmt_int(&stmt, 0);
    snprintf(batch->uuid, sizeof batch->uuid, "%s", stmt_string(&stmt, 1));
    snprintf(batch->tenant, sizeof batch->tenant, "%s", stmt_string(&stmt, 2));
    batch->topic = (enum outbox_topic)topic;
    return true;
}

static bool in_transaction(struct store *store, bool (*work)(struct store *, void *, struct err *),
                           void *context, struct err *err)
{
    if (!db_begin(store_db(store), err))
        return false;
    if (work(store, context, err))
        return db_commit(store_db(store), err);
    db_rollback(store_db(store));
    return false;
}

/* Runs a statement with :batch, and :topic where it has one. */
static bool run_for(struct store *store, enum sql_id id, const struct outbox_batch *batch,
                    bool by_topic, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), id, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":batch", batch->seq);
    if (by_topic)
        stmt_bind_int(&stmt, ":topic", batch->topic);
    return stmt_run(&stmt, err);
}

/* ---- claiming ---- */

struct claim {
    const struct outbox_want *want;
    struct outbox_batch *batch;
    int64_t count;
    struct outbox_key last;
};

static bool weigh(struct store *store, struct claim *claim, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_WEIGH, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":topic", claim->want->topic);
    stmt_bind_int(&stmt, ":event", claim->want->after.event_id);
    stmt_bind_int(&stmt, ":bucket", claim->want->after.bucket);
    int64_t rows = 0;
    enum step step = STEP_DONE;
    while (rows < claim->want->most_rows && (step = stmt_step(&stmt, err)) == STEP_ROW) {
        claim->count++;
        claim->last = (struct outbox_key){stmt_int(&stmt, 0), stmt_int(&stmt, 1)};
        rows += stmt_int(&stmt, 2);
    }
    return step != STEP_ERROR;
}

static bool add_batch(struct store *store, struct outbox_batch *batch, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_BATCH_ADD, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":uuid", uuid_random(batch->uuid));
    stmt_bind_text(&stmt, ":tenant", batch->tenant);
    stmt_bind_int(&stmt, ":topic", batch->topic);
    if (!stmt_run(&stmt, err))
        return false;
    batch->seq = db_last_id(store_db(store));
    return true;
}

static bool claim_marks(struct store *store, void *context, struct err *err)
{
    struct claim *claim = context;
    if (!weigh(store, claim, err))
        return false;
    if (claim->count == 0)
        return true;
    AUTO_STMT struct stmt stmt = {0};
    if (!add_batch(store, claim->batch, err) ||
        !db_prepare(store_db(store), SQL_OUTBOX_CLAIM, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":batch", claim->batch->seq);
    stmt_bind_int(&stmt, ":topic", claim->batch->topic);
    stmt_bind_int(&stmt, ":after_event", claim->want->after.event_id);
    stmt_bind_int(&stmt, ":after_bucket", claim->want->after.bucket);
    stmt_bind_int(&stmt, ":event", claim->last.event_id);
    stmt_bind_int(&stmt, ":bucket", claim->last.bucket);
    return stmt_run(&stmt, err);
}

bool outbox_claim(struct store *store, const struct outbox_want *want, struct outbox_batch *batch,
                  int64_t *count, struct outbox_key *last, struct err *err)
{
    struct claim claim = {.want = want, .batch = batch};
    *batch = (struct outbox_batch){.topic = want->topic};
    snprintf(batch->tenant, sizeof batch->tenant, "%s", want->tenant);
    if (!in_transaction(store, claim_marks, &claim, err))
        return false;
    *count = claim.count;
    *last = claim.last;
    return true;
}

/* ---- the end of a batch ---- */

struct settling {
    const struct outbox_batch *batch;
    bool want_snapshots;
};

static bool settle(struct store *store, void *context, struct err *err)
{
    const struct settling *settling = context;
    const struct outbox_batch *batch = settling->batch;
    bool promote = settling->want_snapshots && batch->topic == OUTBOX_POLLS;
    return (!promote || run_for(store, SQL_OUTBOX_PROMOTE, batch, false, err)) &&
           run_for(store, SQL_OUTBOX_DONE, batch, true, err) &&
           run_for(store, SQL_OUTBOX_BATCH_REMOVE, batch, false, err);
}

bool outbox_settle(struct store *store, const struct outbox_batch *batch, bool want_snapshots,
                   struct err *err)
{
    return in_transaction(store, settle, &(struct settling){batch, want_snapshots}, err);
}

static bool release(struct store *store, void *context, struct err *err)
{
    const struct outbox_batch *batch = context;
    return run_for(store, SQL_OUTBOX_RELEASE, batch, false, err) &&
           run_for(store, SQL_OUTBOX_BATCH_REMOVE, batch, false, err);
}

bool outbox_release(struct store *store, const struct outbox_batch *batch, struct err *err)
{
    struct outbox_batch copy = *batch;
    return in_transaction(store, release, &copy, err);
}

/* ---- again ---- */

struct again {
    enum outbox_scope scope;
    int64_t from_ms;
    const struct outbox_day *days;
    size_t count;
};

bool outbox_mark_here(struct store *store, enum outbox_scope scope, int64_t from_ms,
                      struct err *err)
{
    AUTO_STMT struct stmt events = {0}, rollups = {0}, polls = {0};
    struct db *db = store_db(store);
    if (!db_prepare(db, SQL_OUTBOX_MARK_EVENTS, &events, err) ||
        !db_prepare(db, SQL_OUTBOX_MARK_ROLLUPS, &rollups, err) ||
        !db_prepare(db, SQL_OUTBOX_MARK_POLLS, &polls, err))
        return false;
    stmt_bind_int(&rollups, ":from", from_ms);
    stmt_bind_int(&polls, ":from", from_ms);
    return stmt_run(&events, err) && stmt_run(&polls, err) &&
           (scope == OUTBOX_MARK_OTHERS || stmt_run(&rollups, err));
}

static bool mark(struct store *store, void *context, struct err *err)
{
    const struct again *again = context;
    return outbox_mark_here(store, again->scope, again->from_ms, err);
}

bool outbox_mark(struct store *store, enum outbox_scope scope, int64_t from_ms, struct err *err)
{
    return in_transaction(store, mark, &(struct again){.scope = scope, .from_ms = from_ms}, err);
}

static bool mark_days(struct store *store, void *context, struct err *err)
{
    const struct again *again = context;
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_MARK_DAY, &stmt, err))
        return false;
    for (size_t i = 0; i < again->count; i++) {
        stmt_bind_int(&stmt, ":event", again->days[i].event_id);
        stmt_bind_int(&stmt, ":grain", again->days[i].grain);
        stmt_bind_int(&stmt, ":day", again->days[i].day);
        if (!stmt_run(&stmt, err))
            return false;
    }
    return true;
}

bool outbox_mark_days(struct store *store, const struct outbox_day *days, size_t count,
                      struct err *err)
{
    return in_transaction(store, mark_days, &(struct again){.days = days, .count = count}, err);
}

bool outbox_waiting(struct store *store, int64_t counts[OUTBOX_TOPICS], struct err *err)
{
    for (int topic = 0; topic < OUTBOX_TOPICS; topic++)
        counts[topic] = 0;
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_WAITING, &stmt, err))
        return false;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        int64_t topic = stmt_int(&stmt, 0);
        if (topic >= 0 && topic < OUTBOX_TOPICS)
            counts[topic] = stmt_int(&stmt, 1);
    }
    return step == STEP_DONE;
}

bool outbox_oldest(struct store *store, enum outbox_topic last, int64_t *since_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OUTBOX_OLDEST, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":topic", last);
    if (stmt_step(&stmt, err) != STEP_ROW)
        return false;
    *since_ms = stmt_is_null(&stmt, 0) ? -1 : stmt_int(&stmt, 0);
    return true;
}
