#include "core/sync_compare.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "core/days.h"
#include "io/pg.h"

enum { OWN_SOURCE = 1 }; /* this workstation's row in `source` */

struct comparison {
    struct store *store;
    struct team *team;
    int64_t from_ms;
    sync_compare_visit *visit;
    void *context;
};

/* Both sides count at the same time. */
static bool read_both(struct comparison *comparison, const struct event *event,
                      enum rollup_grain grain, struct pg_rows *there, struct days_day **days,
                      size_t *count, struct err *err)
{
    char uuid[UUID_TEXT_MAX], from[CLOCK_TEXT_MAX];
    struct pg *pg = comparison->team->pg;
    const char *const values[] = {comparison->team->tenant, comparison->team->source,
                                  event_uuid(uuid, event), clock_format(from, comparison->from_ms)};
    enum sql_id id = grain == ROLLUP_HOUR ? SQL_TEAM_DIGEST_HOURS : SQL_TEAM_DIGEST_DAYS;
    bool asked = pg_ask(pg, id, values, 4, err);
    if (asked && !days_read(comparison->store, event->id, OWN_SOURCE, grain, comparison->from_ms,
                            days, count, err)) {
        pg_drop(pg); /* its answer is not wanted any more */
        return false;
    }
    return asked && pg_answer(pg, there, err);
}

static bool visit_days(struct comparison *comparison, const struct event *event,
                       enum rollup_grain grain, const struct days_day *days, size_t count,
                       const struct pg_rows *there, struct err *err)
{
    size_t here = 0;
    int other = 0, others = pg_rows_count(there);
    while (here < count || other < others) {
        int64_t theirs = other < others ? pg_rows_int(there, other, 1) : INT64_MAX;
        int64_t ours = here < count ? days[here].day : INT64_MAX;
        struct sync_compare_day day = {event, grain, ours < theirs ? ours : theirs, 0, 0, false};
        if (ours == day.day)
            day.here = days[here].rows;
        if (theirs == day.day)
            day.there = pg_rows_int(there, other, 2);
        day.same = ours == theirs && day.here == day.there &&
                   strcmp(days[here].sha256, pg_rows_text(there, other, 3)) == 0;
        if (!comparison->visit(comparison->context, &day, err))
            return false;
        here += ours == day.day;
        other += theirs == day.day;
    }
    return true;
}

static bool compare_grain(struct comparison *comparison, const struct event *event,
                          enum rollup_grain grain, struct err *err)
{
    for (;;) {
        AUTO_FREE struct days_day *days = NULL;
        AUTO_PG_ROWS struct pg_rows there = {0};
        size_t count = 0;
        if (stop_requested())
            return err_set(err, stop_error(), "stopped before everything was compared");
        if (read_both(comparison, event, grain, &there, &days, &count, err)) {
            team_done(comparison->team);
            return visit_days(comparison, event, grain, days, count, &there, err);
        }
        if (err->code == ERR_STORE || !team_again(comparison->team, err))
            return false;
    }
}

bool sync_compare(struct store *store, struct team *team, int64_t from_ms,
                  sync_compare_visit *visit, void *context, struct err *err)
{
    AUTO_FREE struct event *events = NULL;
    size_t count;
    struct comparison comparison = {store, team, from_ms < 0 ? 0 : from_ms, visit, context};
    if (!store_events(store, true, &events, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!compare_grain(&comparison, &events[i], ROLLUP_HOUR, err) ||
            !compare_grain(&comparison, &events[i], ROLLUP_DAY, err))
            return false;
    return true;
}
