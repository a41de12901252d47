#include "core/pull.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "core/days.h"
#include "core/resolve.h"
#include "io/db.h"

enum { EVENT_FIELDS = 13, ZONE_FIELDS = 5, ROLLUP_FIELDS = 25, MEASURES_FIRST = 3 };

struct pull {
    struct store *store;
    struct team team;
    struct pull_report *report;
    struct event *events; /* of the tenant */
    size_t count, capacity;
};

/* Rows as they came, kept until the store can take them: the network is never waited for under its lock. */
struct pulled {
    struct arena arena;
    char ***rows;
    size_t count, capacity, fields;
};

static bool keep_row(void *context, char *const *fields, size_t count, struct err *err)
{
    struct pulled *pulled = context;
    if (count != pulled->fields)
        return err_set(err, ERR_REMOTE, "an answer with %zu columns instead of %zu", count,
                       pulled->fields);
    pulled->rows = mem_grow(pulled->rows, pulled->count, &pulled->capacity, sizeof *pulled->rows);
    char **row = arena_array(&pulled->arena, count, sizeof *row);
    for (size_t i = 0; i < count; i++)
        row[i] = arena_strdup(&pulled->arena, fields[i]);
    pulled->rows[pulled->count++] = row;
    return true;
}

static void pulled_release(struct pulled *pulled)
{
    arena_release(&pulled->arena);
    mem_free(pulled->rows);
    *pulled = (struct pulled){0};
}
#define AUTO_PULLED __attribute__((cleanup(pulled_release)))

static int64_t number_of(const char *field)
{
    int64_t value;
    return field && text_to_int(field, &value) ? value : 0;
}

/* Asks until there is an answer or no hope of one; what came before a failure is forgotten. */
static bool fetch(struct pull *pull, enum sql_id id, const char *const *values, size_t count,
                  struct pulled *pulled, struct err *err)
{
    size_t fields = pulled->fields;
    while (!pg_copy_out(pull->team.pg, id, values, count, keep_row, pulled, err)) {
        pulled_release(pulled);
        pulled->fields = fields;
        if (!team_again(&pull->team, err))
            return err_wrap(err, "the team's database");
    }
    team_done(&pull->team);
    return true;
}

/* ---- events ---- */

static void read_event(char *const *row, struct event *event)
{
    event_init(event, row[0], row[1]);
    snprintf(event->name, sizeof event->name, "%s", row[2]);
    snprintf(event->venue, sizeof event->venue, "%s", row[3]);
    snprintf(event->city, sizeof event->city, "%s", row[4]);
    snprintf(event->region, sizeof event->region, "%s", row[5]);
    snprintf(event->country, sizeof event->country, "%s", row[6]);
    snprintf(event->timezone, sizeof event->timezone, "%s", row[7]);
    snprintf(event->category, sizeof event->category, "%s", row[8]);
    snprintf(event->url, sizeof event->url, "%s", row[9]);
    snprintf(event->currency, sizeof event->currency, "%s", row[10]);
    event->date_ms = row[11] ? number_of(row[11]) : EVENT_NO_DATE;
    event->time_tbd = number_of(row[12]) != 0;
    event->state = EVENT_IMPORTED;
}

static bool list_events(struct pull *pull, struct err *err)
{
    AUTO_PULLED struct pulled pulled = {.fields = EVENT_FIELDS};
    const char *const values[] = {pull->team.tenant};
    if (!fetch(pull, SQL_TEAM_PULL_EVENTS, values, 1, &pulled, err))
        return false;
    for (size_t i = 0; i < pulled.count; i++) {
        pull->events = mem_grow(pull->events, pull->count, &pull->capacity, sizeof *pull->events);
        read_event(pulled.rows[i], &pull->events[pull->count++]);
    }
    return true;
}

static bool find_listed(const struct pull *pull, const struct event *wanted, struct event *event)
{
    for (size_t i = 0; i < pull->count; i++) {
        if (strcmp(pull->events[i].platform, wanted->platform) != 0 ||
            strcmp(pull->events[i].external_id, wanted->external_id) != 0)
            continue;
        *event = pull->events[i];
        return true;
    }
    return false;
}

static bool is_marked(struct pull *pull, int64_t event_id, bool *marked, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(pull->store), SQL_OUTBOX_EVENT_MARKED, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    enum step step = stmt_step(&stmt, err);
    *marked = step == STEP_ROW && stmt_int(&stmt, 0) > 0;
    return step != STEP_ERROR;
}

static bool unmark(struct pull *pull, int64_t event_id, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(pull->store), SQL_OUTBOX_EVENT_UNMARK, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    return stmt_run(&stmt, err);
}

/* What the team says is nothing that the team does not know. */
static bool unmark_alone(struct pull *pull, int64_t event_id, struct err *err)
{
    if (!db_begin(store_db(pull->store), err))
        return false;
    if (unmark(pull, event_id, err))
        return db_commit(store_db(pull->store), err);
    db_rollback(store_db(pull->store));
    return false;
}

/* ---- zones ---- */

static bool put_zone(struct pull *pull, int64_t event_id, char *const *row, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    bool section = row[1][0] != '\0';
    if (!db_prepare(store_db(pull->store), section ? SQL_PULL_SECTION : SQL_PULL_ZONE, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_text(&stmt, ":zone", row[0]);
    if (section)
        stmt_bind_text(&stmt, ":section", row[1]);
    else
        stmt_bind_int(&stmt, ":display_order", number_of(row[2]));
    stmt_bind_int(&stmt, ":first", number_of(row[3]));
    stmt_bind_int(&stmt, ":mapped", number_of(row[4]));
    return stmt_run(&stmt, err);
}

/* Inside a transaction. A mark that was there before stays. */
static bool put_map(struct pull *pull, int64_t event_id, const struct pulled *zones,
                    struct err *err)
{
    bool marked;
    if (!is_marked(pull, event_id, &marked, err))
        return false;
    for (size_t i = 0; i < zones->count; i++)
        if (!put_zone(pull, event_id, zones->rows[i], err))
            return false;
    return marked || unmark(pull, event_id, err);
}

static bool pull_zones(struct pull *pull, const struct event *event, struct err *err)
{
    char uuid[UUID_TEXT_MAX];
    AUTO_PULLED struct pulled zones = {.fields = ZONE_FIELDS};
    const char *const values[] = {pull->team.tenant, event_uuid(uuid, event)};
    if (!fetch(pull, SQL_TEAM_PULL_ZONES, values, 2, &zones, err) ||
        !db_begin(store_db(pull->store), err))
        return false;
    if (put_map(pull, event->id, &zones, err))
        return db_commit(store_db(pull->store), err);
    db_rollback(store_db(pull->store));
    return false;
}

/* What was collected here is as good as what the team says of the event; what was only pulled follows the team. */
static bool pull_event(struct pull *pull, struct event *event, struct err *err)
{
    struct event here;
    struct err missing = {0};
    bool marked = false;
    if (store_find_event(pull->store, event->platform, event->external_id, &here, &missing)) {
        if (here.state != EVENT_IMPORTED || here.last_scraped_ms >= 0) {
            *event = here;
            return true;
        }
        if (!is_marked(pull, here.id, &marked, err))
            return false;
    } else if (missing.code != ERR_NOT_FOUND) {
        *err = missing;
        return false;
    } else {
        pull->report->new_events++;
    }
    return store_save_event(pull->store, event, err) &&
           (marked || unmark_alone(pull, event->id, err));
}

/* ---- hours and days ---- */

/* The buckets of one source of an event that are to be replaced: days [first, last]. */
struct stretch {
    const struct event *event;
    const char *source;
    int64_t source_id;
    enum rollup_grain grain;
    int64_t first, last;
};

static const char *const measure_names[ROLLUP_FIELDS - MEASURES_FIRST] = {
    ":snapshots",    ":last_offset", ":tickets",  ":listings", ":lowest",    ":highest",
    ":count",        ":sum",         ":min",      ":max",      ":median_x2", ":min_1",
    ":min_2",        ":min_4",       ":ai_count", ":ai_sum",   ":ai_min",    ":ai_max",
    ":ai_median_x2", ":ai_min_1",    ":ai_min_2", ":ai_min_4",
};

static bool put_rollup(struct pull *pull, struct stmt *stmt, char *const *row, struct err *err)
{
    stmt_bind_int(stmt, ":kind", number_of(row[0]));
    stmt_bind_text(stmt, ":scope", row[1]);
    stmt_bind_int(stmt, ":bucket", number_of(row[2]));
    for (int i = 0; i < ROLLUP_FIELDS - MEASURES_FIRST; i++) {
        if (row[MEASURES_FIRST + i])
            stmt_bind_int(stmt, measure_names[i], number_of(row[MEASURES_FIRST + i]));
        else
            stmt_bind_null(stmt, measure_names[i]);
    }
    if (!stmt_run(stmt, err))
        return false;
    if (db_changes(store_db(pull->store)) == 1)
        return true;
    return err_set(err, ERR_REMOTE, "the team's database has prices of '%.100s' and no such place",
                   row[1]);
}

static bool put_stretch(struct pull *pull, const struct stretch *stretch,
                        const struct pulled *pulled, struct err *err)
{
    AUTO_STMT struct stmt clear = {0}, put = {0};
    struct db *db = store_db(pull->store);
    int64_t buckets = CLOCK_DAY_MS / rollup_step_ms(stretch->grain);
    if (!db_prepare(db, SQL_PULL_CLEAR, &clear, err) || !db_prepare(db, SQL_PULL_ROLLUP, &put, err))
        return false;
    stmt_bind_int(&clear, ":event", stretch->event->id);
    stmt_bind_int(&clear, ":grain", stretch->grain);
    stmt_bind_int(&clear, ":source", stretch->source_id);
    stmt_bind_int(&clear, ":from", stretch->first * buckets);
    stmt_bind_int(&clear, ":to", (stretch->last + 1) * buckets);
    stmt_bind_int(&put, ":event", stretch->event->id);
    stmt_bind_int(&put, ":grain", stretch->grain);
    stmt_bind_int(&put, ":source", stretch->source_id);
    if (!stmt_run(&clear, err))
        return false;
    for (size_t i = 0; i < pulled->count; i++)
        if (!put_rollup(pull, &put, pulled->rows[i], err))
            return false;
    return true;
}

static bool pull_stretch(struct pull *pull, const struct stretch *stretch, struct err *err)
{
    char uuid[UUID_TEXT_MAX], from[CLOCK_TEXT_MAX], to[CLOCK_TEXT_MAX];
    AUTO_PULLED struct pulled pulled = {.fields = ROLLUP_FIELDS};
    const char *const values[] = {pull->team.tenant,
                                  stretch->source,
                                  event_uuid(uuid, stretch->event),
                                  clock_format(from, stretch->first * CLOCK_DAY_MS),
                                  clock_format(to, (stretch->last + 1) * CLOCK_DAY_MS),
                                  stretch->event->currency};
    enum sql_id id = stretch->grain == ROLLUP_HOUR ? SQL_TEAM_PULL_HOURS : SQL_TEAM_PULL_DAYS;
    if (!fetch(pull, id, values, 6, &pulled, err) || !db_begin(store_db(pull->store), err))
        return false;
    if (!put_stretch(pull, stretch, &pulled, err)) {
        db_rollback(store_db(pull->store));
        return false;
    }
    pull->report->rows += (int64_t)pulled.count;
    return db_commit(store_db(pull->store), err);
}

/* The row of a source, made when it is new. */
static bool source_row(struct pull *pull, const char *uuid, int64_t *id, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_begin(store_db(pull->store), err))
        return false;
    bool ok = db_prepare(store_db(pull->store), SQL_PULL_SOURCE, &stmt, err);
    if (ok) {
        stmt_bind_text(&stmt, ":uuid", uuid);
        ok = stmt_step(&stmt, err) == STEP_ROW;
        *id = ok ? stmt_int(&stmt, 0) : 0;
    }
    stmt_release(&stmt);
    if (ok)
        return db_commit(store_db(pull->store), err);
    db_rollback(store_db(pull->store));
    return false;
}

static void widen(struct stretch *stretch, int64_t day)
{
    stretch->first = day < stretch->first ? day : stretch->first;
    stretch->last = day > stretch->last ? day : stretch->last;
}

/* Compares the days of one source, rows [at, end) of `there`, with those that are here. */
static void compare(const struct pg_rows *there, int at, int end, const struct days_day *days,
                    size_t count, struct stretch *stretch)
{
    size_t here = 0;
    while (at < end || here < count) {
        int64_t theirs = at < end ? pg_rows_int(there, at, 2) : INT64_MAX;
        int64_t ours = here < count ? days[here].day : INT64_MAX;
        if (ours != theirs || strcmp(days[here].sha256, pg_rows_text(there, at, 4)) != 0)
            widen(stretch, ours < theirs ? ours : theirs);
        here += ours <= theirs;
        at += theirs <= ours;
    }
}

static bool pull_source(struct pull *pull, const struct event *event, enum rollup_grain grain,
                        const struct pg_rows *there, int at, int end, struct err *err)
{
    AUTO_FREE struct days_day *days = NULL;
    size_t count;
    struct stretch stretch = {.event = event,
                              .source = pg_rows_text(there, at, 1),
                              .grain = grain,
                              .first = INT64_MAX,
                              .last = INT64_MIN};
    if (!source_row(pull, stretch.source, &stretch.source_id, err) ||
        !days_read(pull->store, event->id, stretch.source_id, grain, 0, &days, &count, err))
        return false;
    compare(there, at, end, days, count, &stretch);
    return stretch.first > stretch.last || pull_stretch(pull, &stretch, err);
}

static bool pull_grain(struct pull *pull, const struct event *event, enum rollup_grain grain,
                       struct err *err)
{
    char uuid[UUID_TEXT_MAX], uuids[UUID_TEXT_MAX + 2];
    AUTO_PG_ROWS struct pg_rows there = {0};
    snprintf(uuids, sizeof uuids, "{%s}", event_uuid(uuid, event));
    const char *const values[] = {pull->team.tenant, "", uuids, "1970-01-01T00:00:00Z"};
    enum sql_id id = grain == ROLLUP_HOUR ? SQL_TEAM_DIGEST_HOURS : SQL_TEAM_DIGEST_DAYS;
    while (!pg_run(pull->team.pg, id, values, 4, &there, err))
        if (!team_again(&pull->team, err))
            return err_wrap(err, "the team's database");
    int count = pg_rows_count(&there);
    for (int at = 0, end; at < count; at = end) {
        const char *source = pg_rows_text(&there, at, 1);
        for (end = at; end < count && strcmp(pg_rows_text(&there, end, 1), source) == 0; end++)
            ;
        if (strcmp(source, pull->team.source) != 0 &&
            !pull_source(pull, event, grain, &there, at, end, err))
            return false;
    }
    return true;
}

static bool pull_one(struct pull *pull, struct event *event, struct err *err)
{
    if (stop_requested())
        return err_set(err, stop_error(), "stopped; what was pulled is stored");
    return pull_event(pull, event, err) && pull_zones(pull, event, err) &&
           pull_grain(pull, event, ROLLUP_HOUR, err) && pull_grain(pull, event, ROLLUP_DAY, err);
}

/* ---- all ---- */

static bool pull_all(struct pull *pull, void (*progress)(const struct pull_report *),
                     struct err *err)
{
    for (size_t i = 0; i < pull->count; i++) {
        char name[EVENT_NAME_MAX + 8];
        if (!pull_one(pull, &pull->events[i], err))
            return err_wrap(err, "event '%s'", event_name(name, &pull->events[i]));
        pull->report->events++;
        if (progress)
            progress(pull->report);
    }
    return true;
}

/* Leaves those that were asked for. */
static bool choose(struct pull *pull, const struct conf *conf, const struct pull_options *options,
                   struct err *err)
{
    AUTO_FREE struct event *chosen = mem_alloc(options->event_count + 1, sizeof *chosen);
    for (size_t i = 0; i < options->event_count; i++) {
        struct event wanted;
        struct err by_id = {0};
        const char *typed = options->events[i];
        if (!resolve_id(conf, typed, &wanted, &by_id) &&
            !resolve_event(pull->store, conf, typed, &wanted, err))
            return false;
        if (!find_listed(pull, &wanted, &chosen[i]))
            return err_set(err, ERR_NOT_FOUND, "the team has no event '%.200s'", typed);
    }
    if (options->event_count == 0)
        return true;
    mem_free(pull->events);
    pull->events = mem_take(&chosen);
    pull->count = options->event_count;
    return true;
}

static bool run(struct pull *pull, const struct conf *conf, const struct pull_options *options,
                struct err *err)
{
    const char *tenant = options->tenant ? options->tenant : conf_text(conf, CONF_SYNC_TENANT);
    if (!team_open(conf, true, &pull->team, err))
        return false;
    if (!team_join(&pull->team, pull->store, tenant, false, err))
        return err_wrap(err, "the team's database");
    memcpy(pull->report->tenant_name, pull->team.tenant_name, sizeof pull->team.tenant_name);
    return list_events(pull, err) && choose(pull, conf, options, err) &&
           pull_all(pull, options->progress, err);
}

bool pull_run(struct store *store, const struct conf *conf, const struct pull_options *options,
              struct pull_report *report, struct err *err)
{
    int64_t start_ms = clock_monotonic_ms();
    *report = (struct pull_report){0};
    struct pull pull = {.store = store, .report = report};
    bool ok = run(&pull, conf, options, err);
    team_release(&pull.team);
    mem_free(pull.events);
    report->took_ms = clock_monotonic_ms() - start_ms;
    return ok;
}
