#include "core/sync_compare.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "core/days.h"
#include "io/pg.h"

enum {
    OWN_SOURCE = 1,     /* this workstation's row in `source` */
    EVENTS_AT_ONCE = 32 /* of one question: the server takes some seconds for months of them */
};

struct comparison {
    struct store *store;
    struct team *team;
    int64_t from_ms;
    sync_compare_visit *visit;
    void *context;
};

/* One event's days here. */
struct here {
    struct days_day *days;
    size_t count;
};

static void put_uuids(const struct event *events, size_t count, struct buf *out)
{
    char uuid[UUID_TEXT_MAX];
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "%s%s", i ? "," : "{", event_uuid(uuid, &events[i]));
    buf_puts(out, "}");
}

/* Both sides count at the same time. */
static bool read_both(struct comparison *comparison, const struct event *events, size_t count,
                      enum rollup_grain grain, struct pg_rows *there, struct here *here,
                      struct err *err)
{
    char from[CLOCK_TEXT_MAX];
    AUTO_BUF struct buf uuids;
    buf_init(&uuids, EVENTS_AT_ONCE * (UUID_TEXT_MAX + 1) + 2);
    put_uuids(events, count, &uuids);
    struct pg *pg = comparison->team->pg;
    const char *const values[] = {comparison->team->tenant, comparison->team->source,
                                  buf_text(&uuids), clock_format(from, comparison->from_ms)};
    enum sql_id id = grain == ROLLUP_HOUR ? SQL_TEAM_DIGEST_HOURS : SQL_TEAM_DIGEST_DAYS;
    if (!pg_ask(pg, id, values, 4, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!days_read(comparison->store, events[i].id, OWN_SOURCE, grain, comparison->from_ms,
                       &here[i].days, &here[i].count, err)) {
            pg_drop(pg); /* its answer is not wanted any more */
            return false;
        }
    return pg_answer(pg, there, err);
}

/* The days of one event here, and there: rows [other, others). */
static bool visit_days(struct comparison *comparison, const struct event *event,
                       enum rollup_grain grain, const struct here *mine,
                       const struct pg_rows *there, int other, int others, struct err *err)
{
    for (size_t at = 0; at < mine->count || other < others;) {
        int64_t theirs = other < others ? pg_rows_int(there, other, 2) : INT64_MAX;
        int64_t ours = at < mine->count ? mine->days[at].day : INT64_MAX;
        struct sync_compare_day day = {event, grain, ours < theirs ? ours : theirs, 0, 0, false};
        if (ours == day.day)
            day.here = mine->days[at].rows;
        if (theirs == day.day)
            day.there = pg_rows_int(there, other, 3);
        day.same = ours == theirs && day.here == day.there &&
                   strcmp(mine->days[at].sha256, pg_rows_text(there, other, 4)) == 0;
        if (!comparison->visit(comparison->context, &day, err))
            return false;
        at += ours == day.day;
        other += theirs == day.day;
    }
    return true;
}

static bool visit_events(struct comparison *comparison, const struct event *events, size_t count,
                         enum rollup_grain grain, const struct here *here,
                         const struct pg_rows *there, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        char uuid[UUID_TEXT_MAX];
        int first = 0, end, rows = pg_rows_count(there);
        event_uuid(uuid, &events[i]);
        while (first < rows && strcmp(pg_rows_text(there, first, 0), uuid) != 0)
            first++;
        for (end = first; end < rows && strcmp(pg_rows_text(there, end, 0), uuid) == 0; end++)
            ;
        if (!visit_days(comparison, &events[i], grain, &here[i], there, first, end, err))
            return false;
    }
    return true;
}

static bool compare_events(struct comparison *comparison, const struct event *events, size_t count,
                           enum rollup_grain grain, struct err *err)
{
    struct here here[EVENTS_AT_ONCE] = {0};
    AUTO_PG_ROWS struct pg_rows there = {0};
    if (stop_requested())
        return err_set(err, stop_error(), "stopped before everything was compared");
    bool read = read_both(comparison, events, count, grain, &there, here, err);
    bool ok = read && visit_events(comparison, events, count, grain, here, &there, err);
    for (size_t i = 0; i < count; i++)
        mem_free(here[i].days);
    if (read)
        team_done(comparison->team);
    if (read || err->code != ERR_REMOTE || !team_again(comparison->team, err))
        return ok;
    return compare_events(comparison, events, count, grain, err);
}

bool sync_compare(struct store *store, struct team *team, int64_t from_ms,
                  sync_compare_visit *visit, void *context, struct err *err)
{
    AUTO_FREE struct event *events = NULL;
    size_t count;
    struct comparison comparison = {store, team, from_ms < 0 ? 0 : from_ms, visit, context};
    if (!store_events(store, true, &events, &count, err))
        return false;
    for (size_t done = 0, part; done < count; done += part) {
        part = count - done < EVENTS_AT_ONCE ? count - done : EVENTS_AT_ONCE;
        if (!compare_events(&comparison, events + done, part, ROLLUP_HOUR, err) ||
            !compare_events(&comparison, events + done, part, ROLLUP_DAY, err))
            return false;
    }
    return true;
}
