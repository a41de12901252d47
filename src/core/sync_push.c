#include "core/sync_push.h"

#include <stdio.h>

#include "base/clock.h"
#include "io/pg.h"

static const enum sql_id push_statement[OUTBOX_TOPICS] = {
    [OUTBOX_EVENTS] = SQL_TEAM_PUSH_EVENTS,       [OUTBOX_HOURS] = SQL_TEAM_PUSH_HOURS,
    [OUTBOX_DAYS] = SQL_TEAM_PUSH_DAYS,           [OUTBOX_POLLS] = SQL_TEAM_PUSH_POLLS,
    [OUTBOX_SNAPSHOTS] = SQL_TEAM_PUSH_SNAPSHOTS,
};

/* For rows that are expected to be new, which need no look for older ones: half the work. */
static const enum sql_id add_statement[OUTBOX_TOPICS] = {
    [OUTBOX_HOURS] = SQL_TEAM_ADD_HOURS,
    [OUTBOX_DAYS] = SQL_TEAM_ADD_DAYS,
};

enum { VALUES = 8 };

/* *surprise: rows that were expected to be new were not, or it is a value that is not accepted; the other statement tells. */
static bool push_once(struct sync_push *push, const struct outbox_batch *batch,
                      const struct sync_rows *rows, bool *surprise, struct err *err)
{
    char seq[24], count[24];
    AUTO_PG_ROWS struct pg_rows answer = {0};
    struct pg *pg = push->team.pg;
    bool add = push->expect_new && !rows->replaced &&
               (batch->topic == OUTBOX_HOURS || batch->topic == OUTBOX_DAYS);
    enum sql_id id = add ? add_statement[batch->topic] : push_statement[batch->topic];
    size_t parts = batch->topic == OUTBOX_EVENTS ? SYNC_ROWS_PARTS : 1;
    snprintf(seq, sizeof seq, "%lld", (long long)batch->seq);
    snprintf(count, sizeof count, "%lld", (long long)rows->count);
    const char *const values[VALUES] = {push->team.tenant,
                                        push->team.source,
                                        batch->uuid,
                                        seq,
                                        count,
                                        rows->sha256,
                                        push->expect_new ? "true" : "false",
                                        rows->replaced ? "true" : "false"};
    bool ok = pg_copy_ask(pg, id, values, VALUES, rows->parts, parts, err);
    if (ok && push->meanwhile)
        push->meanwhile(push->context);
    if (!ok || !pg_copy_answer(pg, &answer, err)) {
        *surprise = add && pg_trouble(pg) == PG_DATA;
        return false;
    }
    push->written += pg_rows_int(&answer, 0, 1);
    return true;
}

/* Whether a batch of unknown end is there after all. */
static bool ask_for(struct team *team, const struct outbox_batch *batch, bool *known,
                    struct err *err)
{
    AUTO_PG_ROWS struct pg_rows answer = {0};
    const char *const values[] = {team->tenant, team->source, batch->uuid};
    if (!pg_run(team->pg, SQL_TEAM_BATCH_KNOWN, values, 3, &answer, err))
        return false;
    *known = pg_rows_count(&answer) > 0;
    return true;
}

static bool make_partitions(struct pg *pg, const struct sync_rows *rows, struct err *err)
{
    char from[CLOCK_TEXT_MAX], to[CLOCK_TEXT_MAX];
    const char *const values[] = {clock_format(from, rows->first_ms),
                                  clock_format(to, rows->last_ms)};
    return pg_run(pg, SQL_TEAM_PARTITIONS, values, 2, NULL, err);
}

bool sync_push_batch(struct sync_push *push, const struct outbox_batch *batch,
                     const struct sync_rows *rows, bool unsure, struct err *err)
{
    struct team *team = &push->team;
    bool known = false, partitions = false;
    for (;;) {
        bool surprise = false;
        if (unsure ? ask_for(team, batch, &known, err)
                   : push_once(push, batch, rows, &surprise, err)) {
            if (!unsure || known)
                break;
            unsure = false;
            continue;
        }
        enum pg_trouble trouble = pg_trouble(team->pg);
        if (surprise) {
            push->expect_new = false;
            err_reset(err);
            continue;
        }
        if (trouble == PG_NO_PARTITION && !partitions) {
            partitions = true;
            err_reset(err);
            if (make_partitions(team->pg, rows, err))
                continue;
        }
        if (!team_again(team, err))
            return false;
        unsure = unsure || trouble == PG_LOST;
    }
    team_done(team);
    return true;
}
