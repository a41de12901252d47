#include "core/chores.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/alert_db.h"
#include "core/alerts.h"
#include "core/queue.h"
#include "core/sync.h"
#include "core/team.h"
#include "io/db.h"

enum { LOOK_S = 10, NOTE_MAX = 200, SYNC_MS = 15 * CLOCK_MINUTE_MS };

struct chores {
    const char *config_flag, *db_flag;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool ended;
};

/* ---- the chores ---- */

static bool note_size(struct db *db, int64_t now_ms, struct err *err)
{
    AUTO_STMT struct stmt size = {0}, add = {0};
    if (!db_prepare(db, SQL_STORE_BYTES, &size, err) || stmt_step(&size, err) != STEP_ROW ||
        !db_prepare(db, SQL_STORE_SIZE_ADD, &add, err))
        return false;
    stmt_bind_int(&add, ":day", now_ms / CLOCK_DAY_MS);
    stmt_bind_int(&add, ":bytes", stmt_int(&size, 0));
    stmt_release(&size);
    if (!db_begin(db, err))
        return false;
    if (!stmt_run(&add, err))
        return db_rollback(db), false;
    return db_commit(db, err);
}

static bool tidy(struct db *db, struct err *err)
{
    if (!db_lock(db, err))
        return false;
    bool done = db_run_script(db, sql_text(SQL_MAINTENANCE), err);
    db_unlock(db);
    return done;
}

static bool maintain(struct store *store, const struct conf *conf, struct buf *note,
                     struct err *err)
{
    struct queue queue;
    int64_t alerts, now_ms = clock_now_ms();
    queue_init(&queue, store, conf_count(conf, CONF_WATCH_ATTEMPTS));
    if (!queue_prune(&queue, now_ms - conf_span_ms(conf, CONF_WATCH_HISTORY), err) ||
        !alert_db_prune(store, now_ms - conf_span_ms(conf, CONF_ALERTS_HISTORY), &alerts, err))
        return false;
    if (alerts > 0)
        buf_printf(note, "forgot %lld alert%s", (long long)alerts, alerts == 1 ? "" : "s");
    return tidy(store_db(store), err) && note_size(store_db(store), now_ms, err);
}

/* Only one thread runs chores. The last summary goes back in, so that a problem is said once. */
static bool judge_alerts(struct store *store, const struct conf *conf, struct buf *note,
                         struct err *err)
{
    static struct alerts_summary summary;
    (void)note;
    return alerts_run(store, conf, &summary, err);
}

/* A pass that somebody else began does the same work. */
static bool send_to_team(struct store *store, const struct conf *conf, struct buf *note,
                         struct err *err)
{
    const struct sync_options options = {0};
    struct sync_report report;
    (void)note;
    if (sync_run(store, conf, &options, &report, err))
        return true;
    if (err->code != ERR_BUSY)
        return false;
    err_reset(err);
    return true;
}

static const struct chore table[] = {
    {"alerts", CLOCK_MINUTE_MS, judge_alerts, NULL},
    {"maintenance", CLOCK_DAY_MS, maintain, NULL},
    {"sync", SYNC_MS, send_to_team, team_is_configured},
    {NULL, 0, NULL, NULL},
};

/* ---- running them ---- */

/* Whether a chore was last run so long ago, or in a future that a wrong clock made up. */
static bool is_due(struct store *store, const struct chore *chore, int64_t now_ms, bool *due,
                   struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_CHORE_AT, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":name", chore->name);
    enum step step = stmt_step(&stmt, err);
    int64_t age_ms = step == STEP_ROW ? now_ms - stmt_int(&stmt, 0) : INT64_MAX;
    *due = age_ms >= chore->every_ms || age_ms < 0;
    return step != STEP_ERROR;
}

static bool note_end(struct store *store, const struct chore *chore, int64_t run_ms,
                     int64_t took_ms, const char *note, const struct err *why, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_CHORE_SET, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":name", chore->name);
    stmt_bind_int(&stmt, ":run", run_ms);
    stmt_bind_int(&stmt, ":took", took_ms);
    stmt_bind_int(&stmt, ":good", why->code == ERR_NONE);
    stmt_bind_text(&stmt, ":reason", why->code == ERR_NONE ? note : why->text);
    if (!db_begin(store_db(store), err))
        return false;
    if (!stmt_run(&stmt, err))
        return db_rollback(store_db(store)), false;
    return db_commit(store_db(store), err);
}

static bool look_at(struct store *store, const struct conf *conf, const struct chore *chore,
                    int64_t now_ms, struct err *err)
{
    bool due;
    AUTO_BUF struct buf note;
    buf_init(&note, NOTE_MAX);
    if (chore->wanted != NULL && !chore->wanted(conf))
        return true;
    if (!is_due(store, chore, now_ms, &due, err))
        return false;
    if (!due)
        return true;
    struct err why = {0};
    int64_t started_ms = clock_monotonic_ms();
    if (!chore->run(store, conf, &note, &why))
        log_warn("%s: %s", chore->name, why.text);
    return note_end(store, chore, now_ms, clock_monotonic_ms() - started_ms, buf_text(&note), &why,
                    err);
}

void chores_look(struct store *store, const struct conf *conf, const struct chore *chores,
                 int64_t now_ms)
{
    for (; chores->name != NULL; chores++) {
        struct err err = {0};
        if (!look_at(store, conf, chores, now_ms, &err))
            log_warn("%s: %s", chores->name, err.text);
    }
}

static void look(const struct chores *chores)
{
    struct err err = {0};
    struct conf *conf = conf_open(chores->config_flag, chores->db_flag, &err);
    AUTO_STORE struct store *store = conf ? store_open(conf_text(conf, CONF_DB), &err) : NULL;
    if (store != NULL)
        chores_look(store, conf, table, clock_now_ms());
    else
        log_debug("chores wait: %s", err.text);
    conf_close(conf);
}

static void *work(void *context)
{
    struct chores *chores = context;
    pthread_mutex_lock(&chores->lock);
    while (!chores->ended) {
        pthread_mutex_unlock(&chores->lock);
        look(chores);
        pthread_mutex_lock(&chores->lock);
        struct timespec until = {.tv_sec = clock_monotonic_ms() / 1000 + LOOK_S};
        if (!chores->ended)
            pthread_cond_clockwait(&chores->wake, &chores->lock, CLOCK_MONOTONIC, &until);
    }
    pthread_mutex_unlock(&chores->lock);
    return NULL;
}

struct chores *chores_open(const char *config_flag, const char *db_flag)
{
    struct chores *made = mem_alloc(1, sizeof *made);
    made->config_flag = config_flag;
    made->db_flag = db_flag;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->wake, NULL);
    if (pthread_create(&made->thread, NULL, work, made) == 0)
        return made;
    log_warn("no thread for the chores: they are not run");
    mem_free(made);
    return NULL;
}

void chores_close(struct chores *chores)
{
    if (chores == NULL)
        return;
    pthread_mutex_lock(&chores->lock);
    chores->ended = true;
    pthread_cond_signal(&chores->wake);
    pthread_mutex_unlock(&chores->lock);
    pthread_join(chores->thread, NULL);
    pthread_cond_destroy(&chores->wake);
    pthread_mutex_destroy(&chores->lock);
    mem_free(chores);
}
