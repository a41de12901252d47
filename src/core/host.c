#include "core/host.h"

#include "base/int64.h"
#include "core/platform.h"
#include "io/db.h"

/* A process that was killed may have asked until it would have written the next time, or a little later. A clock that was
   set back makes nothing of the past. */
static int64_t idle_ms(int64_t saved_ms, int64_t now_ms)
{
    return int64_max(now_ms - saved_ms - 2 * HOST_SAVE_MS, 0);
}

static bool resume_one(struct store *store, struct fetch *fetch, const struct platform *platform,
                       int64_t now_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_HOST_GET, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":origin", fetch_origin(fetch, platform));
    enum step step = stmt_step(&stmt, err);
    if (step != STEP_ROW)
        return step == STEP_DONE;
    struct fetch_host stood = {
        .allowed = stmt_int(&stmt, 1),
        .refusals = (int)stmt_int(&stmt, 2),
        .refusal = (enum outcome)stmt_int(&stmt, 3),
        .held_ms = int64_max(stmt_int(&stmt, 4) - now_ms, 0),
    };
    fetch_resume(fetch, platform, &stood, idle_ms(stmt_int(&stmt, 0), now_ms));
    return true;
}

bool host_resume(struct store *store, struct fetch *fetch, int64_t now_ms, struct err *err)
{
    for (const struct platform *const *platform = platform_list(); *platform != NULL; platform++)
        if (!resume_one(store, fetch, *platform, now_ms, err))
            return false;
    return true;
}

static bool save_one(struct db *db, struct fetch *fetch, const struct platform *platform,
                     int64_t now_ms, struct err *err)
{
    struct fetch_host host = fetch_host_of(fetch, platform);
    AUTO_STMT struct stmt stmt = {0};
    if (host.asked == 0)
        return true;
    if (!db_prepare(db, SQL_HOST_SET, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":origin", fetch_origin(fetch, platform));
    stmt_bind_int(&stmt, ":saved", now_ms);
    stmt_bind_int(&stmt, ":allowed", host.allowed);
    stmt_bind_int(&stmt, ":refusals", host.refusals);
    stmt_bind_int(&stmt, ":outcome", host.refusal);
    stmt_bind_int(&stmt, ":until", host.held_ms > 0 ? now_ms + host.held_ms : 0);
    return stmt_run(&stmt, err);
}

bool host_save(struct store *store, struct fetch *fetch, int64_t now_ms, int64_t *asked,
               struct err *err)
{
    struct db *db = store_db(store);
    int64_t sum = 0;
    for (const struct platform *const *platform = platform_list(); *platform != NULL; platform++)
        sum += fetch_host_of(fetch, *platform).asked;
    if (sum == *asked)
        return true;
    if (!db_begin(db, err))
        return false;
    for (const struct platform *const *platform = platform_list(); *platform != NULL; platform++)
        if (!save_one(db, fetch, *platform, now_ms, err))
            return db_rollback(db), false;
    *asked = sum;
    return db_commit(db, err);
}
