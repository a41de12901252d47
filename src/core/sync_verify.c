#include "core/sync_verify.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "core/days.h"

enum { OWN_SOURCE = 1 }; /* this workstation's row in `source` */

struct comparison {
    struct store *store;
    struct team *team;
    int64_t from_ms; /* a day's start */
    struct sync_verify_report *report;
};

static const char *const grain_words[] = {"hours", "days"};

static bool ask_days(struct comparison *comparison, const struct event *event, int grain,
                     struct pg_rows *rows, struct err *err)
{
    char uuid[UUID_TEXT_MAX], from[CLOCK_TEXT_MAX];
    const char *const values[] = {comparison->team->tenant, comparison->team->source,
                                  event_uuid(uuid, event), clock_format(from, comparison->from_ms)};
    enum sql_id id = grain == ROLLUP_HOUR ? SQL_TEAM_DIGEST_HOURS : SQL_TEAM_DIGEST_DAYS;
    while (!pg_run(comparison->team->pg, id, values, 4, rows, err))
        if (!team_again(comparison->team, err))
            return false;
    team_done(comparison->team);
    return true;
}

static void differ(struct comparison *comparison, const struct event *event, int grain, int64_t day,
                   int64_t here, int64_t there)
{
    struct sync_verify_report *report = comparison->report;
    char name[EVENT_NAME_MAX + 8], date[CLOCK_TEXT_MAX], what[96];
    if (report->differences++ > 0)
        return;
    if (here == there)
        snprintf(what, sizeof what, "%lld rows with other values", (long long)here);
    else
        snprintf(what, sizeof what, "%lld rows here, %lld there", (long long)here,
                 (long long)there);
    clock_format(date, day * CLOCK_DAY_MS);
    snprintf(report->first, sizeof report->first, "%s: %s of %.10s: %s", event_name(name, event),
             grain_words[grain], date, what);
}

static void compare_days(struct comparison *comparison, const struct event *event, int grain,
                         const struct days_day *days, size_t count, const struct pg_rows *there)
{
    size_t here = 0;
    int other = 0, others = pg_rows_count(there);
    while (here < count || other < others) {
        int64_t theirs = other < others ? pg_rows_int(there, other, 1) : INT64_MAX;
        int64_t ours = here < count ? days[here].day : INT64_MAX;
        int64_t day = ours < theirs ? ours : theirs;
        int64_t rows = ours == day ? days[here].rows : 0;
        int64_t their_rows = theirs == day ? pg_rows_int(there, other, 2) : 0;
        comparison->report->days++;
        comparison->report->rows += rows;
        if (ours != theirs || rows != their_rows ||
            strcmp(days[here].sha256, pg_rows_text(there, other, 3)) != 0)
            differ(comparison, event, grain, day, rows, their_rows);
        here += ours == day;
        other += theirs == day;
    }
}

static bool compare_event(struct comparison *comparison, const struct event *event, struct err *err)
{
    for (int grain = ROLLUP_HOUR; grain <= ROLLUP_DAY; grain++) {
        AUTO_FREE struct days_day *days = NULL;
        AUTO_PG_ROWS struct pg_rows there = {0};
        size_t count = 0;
        if (stop_requested())
            return err_set(err, stop_error(), "stopped before everything was compared");
        if (!days_read(comparison->store, event->id, OWN_SOURCE, (enum rollup_grain)grain,
                       comparison->from_ms, &days, &count, err) ||
            !ask_days(comparison, event, grain, &there, err))
            return false;
        compare_days(comparison, event, grain, days, count, &there);
    }
    return true;
}

static bool compare(struct comparison *comparison, struct err *err)
{
    AUTO_FREE struct event *events = NULL;
    size_t count;
    if (!store_events(comparison->store, true, &events, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!compare_event(comparison, &events[i], err))
            return false;
    int64_t last_ms;
    return sync_state(comparison->store, &last_ms, &comparison->report->waiting, err);
}

bool sync_verify(struct store *store, const struct conf *conf, const struct sync_options *options,
                 struct sync_verify_report *report, struct err *err)
{
    AUTO_TEAM struct team team = {0};
    const char *tenant = options->tenant ? options->tenant : conf_text(conf, CONF_SYNC_TENANT);
    *report = (struct sync_verify_report){0};
    if (!team_open(conf, true, &team, err))
        return false;
    if (!team_join(&team, store, tenant, false, err))
        return err_wrap(err, "the team's database");
    memcpy(report->tenant_name, team.tenant_name, sizeof report->tenant_name);
    int64_t from_ms = options->since ? clock_floor(options->since_ms, CLOCK_DAY_MS) : 0;
    struct comparison comparison = {store, &team, from_ms < 0 ? 0 : from_ms, report};
    return compare(&comparison, err);
}
