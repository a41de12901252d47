/*
 * The desk at which a workstation gets its jobs, for the cases of the queue: the local store's, or a team's in the
 * PostgreSQL of TWS_DATABASE_URL. The clock stands, and every case sets it: the local store is told the time, the team's
 * server and this program have that of tests/pg/clock.c. Include after cmocka.h.
 */
#ifndef TESTS_DESK_H
#define TESTS_DESK_H

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "core/conf.h"
#include "core/queue.h"
#include "core/queue_shared.h"
#include "core/team.h"
#include "sandglass.h"
#include "scratch.h"

enum { DESK_EVENTS = 20, DESK_ATTEMPTS = 3 };

/* Where a job is in its life; the local store writes it as this number. */
enum desk_state { DESK_WAITING, DESK_LEASED, DESK_DEAD };

/* A workstation. Two have one local store, and a store each where jobs are shared. */
struct desk {
    struct store *store;
    struct conf *conf;
    struct queue_shared *shared; /* NULL: its jobs are in the store */
    struct queue queue;
    char path[SCRATCH_PATH_MAX];
};

static bool desk_shared;      /* which of both this run is about */
static int64_t desk_ms;       /* what time it is */
static int64_t desk_ahead_ms; /* what workstations take it for, less that */
static PGconn *desk_team;     /* the oracle's own connection */
static struct desk desk_here, desk_there;

/* The time as workstations know it. */
static inline int64_t desk_told_ms(void)
{
    return desk_ms + desk_ahead_ms;
}

/* Sets the clock of all. */
static inline void desk_at(int64_t at_ms)
{
    desk_ms = at_ms;
    if (!desk_shared)
        return;
    const char *clock = getenv("PG_CLOCK");
    char path[SCRATCH_PATH_MAX];
    if (clock == NULL)
        fail_msg("PG_CLOCK does not say where the clock is");
    snprintf(path, sizeof path, "%.240s.new", clock);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "=%lld\n", (long long)at_ms);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(path, clock), 0);
    if (clock_now_ms() != at_ms || clock_monotonic_ms() != at_ms)
        fail_msg("this program does not go by the clock in %s: LD_PRELOAD is missing", clock);
}

/* Asks the team's database; "" for null and for no row. */
static inline const char *desk_ask(const char *sql)
{
    static char text[200];
    PGresult *result = PQexec(desk_team, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(desk_team));
    snprintf(text, sizeof text, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return text;
}

/* A number out of wherever the jobs are. */
static inline int64_t desk_number(const char *local, const char *shared)
{
    return desk_shared ? strtoll(desk_ask(shared), NULL, 10)
                       : scratch_number(desk_here.store, local);
}

/* How many jobs there are in a state, by what SQLite and PostgreSQL count. */
static inline int64_t desk_count(enum desk_state state)
{
    static const char *const words[] = {"queued", "running", "dead"};
    char local[100], shared[100];
    snprintf(local, sizeof local, "SELECT count(*) FROM job WHERE state = %d", (int)state);
    snprintf(shared, sizeof shared, "select count(*) from scraper_jobs where status = '%s'",
             words[state]);
    return desk_number(local, shared);
}

/* A team that has nothing yet, on a server that goes by the clock: no other is touched. */
static inline void desk_found_team(void)
{
    const char *url = getenv("TWS_DATABASE_URL");
    desk_team = PQconnectdb(url ? url : "");
    if (url == NULL || PQstatus(desk_team) != CONNECTION_OK)
        fail_msg("the team's database: %s",
                 url ? PQerrorMessage(desk_team) : "no TWS_DATABASE_URL");
    const char *now = desk_ask("select (extract(epoch from clock_timestamp()) * 1000)::bigint");
    if (strtoll(now, NULL, 10) != desk_ms)
        fail_msg("the team's server does not go by the clock: for it, it is %s", now);
    desk_ask("delete from tenants");
    desk_ask("insert into tenants (name) values ('Team')");
}

/* Takes part, as the service does when it starts. */
static inline void desk_join(struct desk *desk)
{
    struct err err = {0};
    if (!desk_shared) {
        queue_init(&desk->queue, desk->store, DESK_ATTEMPTS);
        return;
    }
    desk->shared = queue_shared_open(desk->store, desk->conf, &err);
    scratch_ok(desk->shared != NULL, &err);
    queue_shared_adopt(desk->shared, 0, DESK_ATTEMPTS); /* the rate is not what this is about */
    queue_shared_init(&desk->queue, desk->shared, DESK_ATTEMPTS);
    assert_false(queue_share(&desk->queue)->away);
}

/* As a process that is killed. */
static inline void desk_leave(struct desk *desk)
{
    queue_shared_close(desk->shared);
    desk->shared = NULL;
}

static inline void desk_open(struct desk *desk, const char *name)
{
    struct err err = {0};
    snprintf(desk->path, sizeof desk->path, "%.200s/%s.db", scratch_folder, name);
    desk->store = scratch_open(desk->path);
    desk->conf = conf_open(NULL, desk->path, &err);
    scratch_ok(desk->conf != NULL, &err);
    sandglass_track(desk->store, DESK_EVENTS);
    desk_join(desk);
}

static inline void desk_close(struct desk *desk)
{
    desk_leave(desk);
    conf_close(desk->conf);
    store_close(desk->store);
    *desk = (struct desk){0};
}

/* A second worker. */
static inline struct queue *desk_other(void)
{
    if (desk_shared) {
        if (desk_there.store == NULL)
            desk_open(&desk_there, "there");
        return &desk_there.queue;
    }
    desk_there.queue = desk_here.queue;
    snprintf(desk_there.queue.worker, sizeof desk_there.queue.worker, "elsewhere:1");
    return &desk_there.queue;
}

/* Shared: says now what would be said with the next claim, by the wish for a request beside the jobs. An offer, even of
   nothing, ends the pause between two claims. */
static inline void desk_tell(struct queue *queue)
{
    struct err err = {0};
    int64_t start_by_ms;
    size_t none;
    if (!desk_shared)
        return;
    scratch_ok(queue_add(queue, NULL, 0, desk_told_ms(), &err), &err);
    while (queue_may_ask(queue, &start_by_ms))
        continue;
    scratch_ok(queue_claim(queue, desk_told_ms(), NULL, 0, &none, &err), &err);
    if (queue_share(queue)->away)
        fail_msg("the team's database does not answer");
}

/* As `tws jobs retry` and `tws jobs drop`. */
static inline bool desk_change(bool retry, int64_t job_id, struct err *err)
{
    AUTO_TEAM struct team team = {0};
    *err = (struct err){0};
    if (!desk_shared)
        return retry ? queue_retry(desk_here.store, job_id, desk_told_ms(), err)
                     : queue_drop(desk_here.store, job_id, err);
    return team_open(desk_here.conf, false, &team, err) &&
           team_join(&team, desk_here.store, "", false, err) &&
           (retry ? queue_shared_retry(&team, job_id, err) : queue_shared_drop(&team, job_id, err));
}

/* cmocka setup and teardown. */
static inline int desk_begin(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    desk_ahead_ms = 0;
    desk_at(SANDGLASS_START_MS);
    if (desk_shared)
        desk_found_team();
    desk_open(&desk_here, "here");
    return 0;
}

static inline int desk_end(void **state)
{
    if (desk_there.store != NULL)
        desk_close(&desk_there);
    desk_close(&desk_here);
    PQfinish(desk_team);
    desk_team = NULL;
    return scratch_remove(state);
}

#endif
