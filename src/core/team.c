#include "core/team.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/stop.h"
#include "core/limiter.h"
#include "io/db.h"

enum {
    CONNECT_MS = 10 * 1000,
    ANSWER_MS =
        150 * 1000, /* the server ends a statement after 120 s, see sql/query/team_push_hours.sql */
};

bool team_is_configured(const struct conf *conf)
{
    return *conf_text(conf, CONF_DATABASE_URL) != '\0';
}

bool team_open(const struct conf *conf, bool read_only, struct team *team, struct err *err)
{
    *team = (struct team){0};
    if (!team_is_configured(conf)) {
        err_set(err, ERR_USAGE, "no team database is configured");
        return err_hint(err, "set TWS_DATABASE_URL, or database.url in a config file that only you "
                             "can read");
    }
    struct pg_target target = {
        .url = conf_text(conf, CONF_DATABASE_URL),
        .ca_file = conf_text(conf, CONF_DATABASE_CA),
        .connect_ms = CONNECT_MS,
        .answer_ms = ANSWER_MS,
        .read_only = read_only,
    };
    team->pg = pg_open(&target);
    team->retries = conf_count(conf, CONF_RETRIES);
    if (getrandom(&team->random, sizeof team->random, 0) != sizeof team->random)
        team->random = (uint64_t)clock_monotonic_ms();
    return true;
}

void team_release(struct team *team)
{
    pg_close(team->pg);
    team->pg = NULL;
}

/* ---- trying again ---- */

/* In [0, 1), by xorshift. */
static double next_random(struct team *team)
{
    team->random ^= team->random << 13;
    team->random ^= team->random >> 7;
    team->random ^= team->random << 17;
    return (double)(team->random >> 11) / 9007199254740992.0;
}

static bool rest(int64_t wait_ms)
{
    int64_t end_ms = clock_monotonic_ms() + wait_ms;
    struct pollfd fd = {.fd = stop_fd(), .events = POLLIN};
    for (int64_t left_ms; (left_ms = end_ms - clock_monotonic_ms()) > 0 && !stop_requested();)
        poll(&fd, 1, (int)left_ms);
    return !stop_requested();
}

bool team_again(struct team *team, struct err *err)
{
    enum pg_trouble trouble = pg_trouble(team->pg);
    if (trouble != PG_TRANSIENT && trouble != PG_LOST)
        return false;
    if (++team->attempt > team->retries)
        return false;
    int64_t wait_ms = limiter_backoff_ms(team->attempt, next_random(team));
    log_progress("%s; trying again", err->text);
    if (!rest(wait_ms))
        return err_set(err, stop_error(), "stopped while waiting for the team's database");
    err_reset(err);
    return true;
}

void team_done(struct team *team)
{
    team->attempt = 0;
}

/* ---- joining ---- */

static bool read_source(struct team *team, struct store *store, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_SOURCE_OWN, &stmt, err))
        return false;
    enum step step = stmt_step(&stmt, err);
    if (step == STEP_DONE)
        return err_set(err, ERR_STORE, "the store is damaged: it does not know its own name");
    snprintf(team->source, sizeof team->source, "%s",
             step == STEP_ROW ? stmt_string(&stmt, 0) : "");
    return step == STEP_ROW;
}

static const char *newest_version(void)
{
    int count;
    const struct sql_team_migration *migrations = sql_team_migrations(&count);
    return migrations[count - 1].version;
}

static bool check_schema(const struct pg_rows *rows, struct err *err)
{
    const char *newest = pg_rows_text(rows, 0, 0);
    if (newest && strcmp(newest, newest_version()) > 0) {
        err_set(err, ERR_REMOTE, "the team's database has schema %s, this tws knows %s", newest,
                newest_version());
        return err_hint(err, "it is shared by a newer tws; use that one");
    }
    if (pg_rows_int(rows, 0, 1) > 0)
        return true;
    err_set(err, ERR_REMOTE, "the team's database has schema %s, this tws needs %s",
            newest ? newest : "none", newest_version());
    return err_hint(err, "`tws migrate` brings it forward");
}

static bool choose_tenant(struct team *team, const struct pg_rows *rows, const char *wanted,
                          struct err *err)
{
    const char *id = pg_rows_text(rows, 0, 2);
    if (!id && *wanted) {
        err_set(err, ERR_REMOTE, "the team's database has no tenant '%s'", wanted);
        return err_hint(err, "see the setting sync.tenant; `tws migrate --tenant NAME` makes one");
    }
    if (!id) {
        err_set(err, ERR_REMOTE, "the team's database has no tenant yet");
        return err_hint(err, "`tws migrate --tenant NAME` makes one");
    }
    if (pg_rows_count(rows) > 1) {
        err_set(err, ERR_REMOTE,
                *wanted ? "the team's database has several tenants '%s'"
                        : "the team's database has several tenants%s",
                wanted);
        return err_hint(err, "say which one by its id: --tenant, TWS_TENANT or sync.tenant");
    }
    snprintf(team->tenant, sizeof team->tenant, "%s", id);
    snprintf(team->tenant_name, sizeof team->tenant_name, "%s", pg_rows_text(rows, 0, 3));
    return true;
}

static bool join(struct team *team, const char *wanted, bool add_source, struct err *err)
{
    AUTO_PG_ROWS struct pg_rows rows = {0};
    const char *const ask[] = {wanted, newest_version(), team->source};
    if (!pg_run(team->pg, SQL_TEAM_STATE, ask, 3, &rows, err))
        return false;
    if (!check_schema(&rows, err) || !choose_tenant(team, &rows, wanted, err))
        return false;
    const char *const add[] = {team->tenant, team->source};
    bool known = strcmp(pg_rows_text(&rows, 0, 4), "t") == 0;
    return known || !add_source || pg_run(team->pg, SQL_TEAM_SOURCE_ADD, add, 2, NULL, err);
}

bool team_join(struct team *team, struct store *store, const char *wanted, bool add_source,
               struct err *err)
{
    if (!read_source(team, store, err))
        return false;
    while (!join(team, wanted, add_source, err))
        if (pg_trouble(team->pg) == PG_NO_TROUBLE || !team_again(team, err))
            return false;
    team_done(team);
    return true;
}
