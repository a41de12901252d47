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

enum { LOOK_MS = 10 * 1000, NOTE_MAX = 200, SYNC_MS = 15 * CLOCK_MINUTE_MS };

/* A chore and its thread. */
struct worker {
    struct chores *chores;
    const struct chore *chore;
    pthread_t thread;
    void *state;
    int64_t looked_ms, due_ms;
};

struct chores {
    const char *config_flag, *db_flag;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool ended;
    struct worker *workers; /* one a row of the table */
    size_t count;           /* of those that run */
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

static bool maintain(struct store *store, const struct conf *conf, void *state, struct buf *note,
                     struct err *err)
{
    struct queue queue;
    (void)state;
    int64_t alerts, now_ms = clock_now_ms();
    queue_init(&queue, store, conf_count(conf, CONF_WATCH_ATTEMPTS));
    if (!queue_prune(&queue, now_ms - conf_span_ms(conf, CONF_WATCH_HISTORY), err) ||
        !alert_db_prune(store, now_ms - conf_span_ms(conf, CONF_ALERTS_HISTORY), &alerts, err))
        return false;
    if (alerts > 0)
        buf_printf(note, "forgot %lld alert%s", (long long)alerts, alerts == 1 ? "" : "s");
    return tidy(store_db(store), err) && note_size(store_db(store), now_ms, err);
}

/* The last summary goes back in, so that a problem is said once. */
static bool judge_alerts(struct store *store, const struct conf *conf, void *state,
                         struct buf *note, struct err *err)
{
    (void)note;
    return alerts_run(store, conf, state, err);
}

/* A pass that somebody else began does the same work. */
static bool send_to_team(struct store *store, const struct conf *conf, void *state,
                         struct buf *note, struct err *err)
{
    const struct sync_options options = {0};
    struct sync_report report;
    (void)state, (void)note;
    if (sync_run(store, conf, &options, &report, err))
        return true;
    if (err->code != ERR_BUSY)
        return false;
    err_reset(err);
    return true;
}

const struct chore *chores_table(void)
{
    static const struct chore table[] = {
        {"alerts", CLOCK_MINUTE_MS, judge_alerts, .state_bytes = sizeof(struct alerts_summary)},
        {"maintenance", CLOCK_DAY_MS, maintain},
        {"sync", SYNC_MS, send_to_team, .wanted = team_is_configured},
        {NULL},
    };
    return table;
}

/* ---- running them ---- */

/* When a chore is due again; at once when it was last run in a future that a wrong clock made up. */
static bool find_due(struct store *store, const struct chore *chore, int64_t now_ms,
                     int64_t *due_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_CHORE_AT, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":name", chore->name);
    enum step step = stmt_step(&stmt, err);
    bool known = step == STEP_ROW && stmt_int(&stmt, 0) <= now_ms;
    *due_ms = known ? stmt_int(&stmt, 0) + chore->every_ms : now_ms;
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

/* Runs it when it is due, and moves its time on. */
static bool look_at(struct store *store, const struct conf *conf, const struct chore *chore,
                    void *state, int64_t now_ms, int64_t *due_ms, struct err *err)
{
    AUTO_BUF struct buf note;
    buf_init(&note, NOTE_MAX);
    if (!find_due(store, chore, now_ms, due_ms, err))
        return false;
    if (*due_ms > now_ms)
        return true;
    struct err why = {0};
    int64_t started_ms = clock_monotonic_ms();
    if (!chore->run(store, conf, state, &note, &why))
        log_warn("%s: %s", chore->name, why.text);
    if (!note_end(store, chore, now_ms, clock_monotonic_ms() - started_ms, buf_text(&note), &why,
                  err))
        return false;
    *due_ms = now_ms + chore->every_ms;
    return true;
}

int64_t chores_look(const struct conf *conf, const struct chore *chore, void *state, int64_t now_ms)
{
    struct err err = {0};
    int64_t due_ms = now_ms;
    if (chore->wanted != NULL && !chore->wanted(conf))
        return now_ms;
    AUTO_STORE struct store *store = store_open(conf_text(conf, CONF_DB), &err);
    if (store == NULL)
        log_debug("%s: it waits: %s", chore->name, err.text);
    else if (!look_at(store, conf, chore, state, now_ms, &due_ms, &err))
        log_warn("%s: %s", chore->name, err.text);
    else
        return due_ms;
    return now_ms;
}

/* A clock that was set back makes it look again. */
static void look(struct worker *worker)
{
    struct err err = {0};
    int64_t now_ms = clock_now_ms();
    if (now_ms >= worker->looked_ms && now_ms < worker->due_ms)
        return;
    worker->looked_ms = worker->due_ms = now_ms;
    struct conf *conf = conf_open(worker->chores->config_flag, worker->chores->db_flag, &err);
    if (conf != NULL)
        worker->due_ms = chores_look(conf, worker->chore, worker->state, now_ms);
    else
        log_debug("%s: it waits: %s", worker->chore->name, err.text);
    conf_close(conf);
}

/* When it is due, but soon in any case: the settings and the clock may change. Up to the next second, so that it is due then. */
static struct timespec next_look(const struct worker *worker)
{
    int64_t wait_ms = worker->due_ms - clock_now_ms();
    if (wait_ms <= 0 || wait_ms > LOOK_MS)
        wait_ms = LOOK_MS;
    return (struct timespec){.tv_sec = (clock_monotonic_ms() + wait_ms) / 1000 + 1};
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct chores *chores = worker->chores;
    pthread_mutex_lock(&chores->lock);
    while (!chores->ended) {
        pthread_mutex_unlock(&chores->lock);
        look(worker);
        pthread_mutex_lock(&chores->lock);
        struct timespec until = next_look(worker);
        if (!chores->ended)
            pthread_cond_clockwait(&chores->wake, &chores->lock, CLOCK_MONOTONIC, &until);
    }
    pthread_mutex_unlock(&chores->lock);
    return NULL;
}

static bool start(struct worker *worker, struct chores *chores, const struct chore *chore)
{
    *worker = (struct worker){.chores = chores, .chore = chore};
    worker->state = mem_alloc(1, chore->state_bytes);
    if (pthread_create(&worker->thread, NULL, work, worker) == 0)
        return true;
    log_warn("no thread for the chore '%s': it is not run", chore->name);
    mem_free(worker->state);
    return false;
}

struct chores *chores_open(const struct chore *table, const char *config_flag, const char *db_flag)
{
    struct chores *made = mem_alloc(1, sizeof *made);
    size_t rows = 0;
    while (table[rows].name != NULL)
        rows++;
    made->config_flag = config_flag;
    made->db_flag = db_flag;
    made->workers = mem_alloc(rows, sizeof *made->workers);
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->wake, NULL);
    for (size_t i = 0; i < rows; i++)
        made->count += start(&made->workers[made->count], made, &table[i]);
    return made;
}

void chores_close(struct chores *chores)
{
    if (chores == NULL)
        return;
    pthread_mutex_lock(&chores->lock);
    chores->ended = true;
    pthread_cond_broadcast(&chores->wake);
    pthread_mutex_unlock(&chores->lock);
    for (size_t i = 0; i < chores->count; i++) {
        pthread_join(chores->workers[i].thread, NULL);
        mem_free(chores->workers[i].state);
    }
    pthread_cond_destroy(&chores->wake);
    pthread_mutex_destroy(&chores->lock);
    mem_free(chores->workers);
    mem_free(chores);
}
