#include "core/rollup_verify.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "core/fold.h"
#include "core/measures_db.h"
#include "core/samples.h"
#include "io/db.h"

/* One event under examination. */
struct examination {
    struct store *store;
    const char *name;
    struct atlas atlas;
    int64_t folded_ms;
    int64_t metric_rows, rollup_rows; /* that have their place */
    struct rollup_verify_report *report;
};

static const char *const kind_words[] = {"event", "zone", "section"};
static const char *const grain_words[] = {"hour", "day"};

static void differ(struct examination *exam, const char *what, int kind, int64_t scope_id,
                   int64_t at_ms)
{
    char time[CLOCK_TEXT_MAX];
    struct rollup_verify_report *report = exam->report;
    if (report->differences++ == 0)
        snprintf(report->first, sizeof report->first, "%s: %s of %s %lld at %s", exam->name, what,
                 kind_words[kind], (long long)scope_id, clock_format(time, at_ms));
}

static void compare_metrics(struct examination *exam, int kind, const struct samples *stored,
                            const struct samples *computed)
{
    for (size_t s = 0; s < computed->scope_count; s++)
        for (size_t m = 0; m < computed->moment_count; m++) {
            size_t i = s * computed->moment_count + m;
            exam->report->metrics++;
            if (!measures_same(&stored->measures[i], &computed->measures[i], MEASURES_KEPT_SIZES))
                differ(exam, "metric", kind, computed->scopes[s].id, computed->moments[m]);
            bool own = stored->metric_ms[m] == stored->moments[m];
            exam->metric_rows +=
                own && (kind == SAMPLES_EVENT || computed->measures[i].listings > 0);
        }
}

/* The own rows of one bucket as they are stored. */
static bool stored_bucket(struct examination *exam, enum rollup_grain grain, enum rollup_kind kind,
                          int64_t bucket_ms, struct rollup_rows *rows, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(exam->store), SQL_ROLLUP_OWN, &stmt, err))
        return false;
    int64_t step_ms = rollup_step_ms(grain);
    stmt_bind_int(&stmt, ":event", exam->atlas.event_id);
    stmt_bind_int(&stmt, ":grain", grain);
    stmt_bind_int(&stmt, ":kind", kind);
    stmt_bind_int(&stmt, ":bucket", bucket_ms / step_ms);
    return rollup_rows_load(&stmt, step_ms, rows, err);
}

static bool compare_bucket(struct examination *exam, enum rollup_grain grain, enum rollup_kind kind,
                           int64_t bucket_ms, const struct samples *computed, struct err *err)
{
    AUTO_ROWS struct rollup_rows rows = {0};
    if (!stored_bucket(exam, grain, kind, bucket_ms, &rows, err))
        return false;
    exam->rollup_rows += (int64_t)rows.count;
    size_t next = 0;
    for (size_t s = 0; s < computed->scope_count; s++) {
        struct measures bucket;
        int64_t id = computed->scopes[s].id;
        for (; next < rows.count && rows.rows[next].scope_id < id; next++)
            differ(exam, grain_words[grain], kind, rows.rows[next].scope_id, bucket_ms);
        bool seen =
            samples_fold(computed, s, bucket_ms, bucket_ms + rollup_step_ms(grain), &bucket);
        if (!seen || (bucket.highest_tickets == 0 && kind != ROLLUP_EVENT))
            continue;
        exam->report->buckets++;
        bool there = next < rows.count && rows.rows[next].scope_id == id;
        if (!there || !measures_same(&rows.rows[next].measures, &bucket, MEASURES_KEPT_SIZES))
            differ(exam, grain_words[grain], kind, id, bucket_ms);
        next += there;
    }
    for (; next < rows.count; next++)
        differ(exam, grain_words[grain], kind, rows.rows[next].scope_id, bucket_ms);
    return true;
}

static bool compare_day(struct examination *exam, int64_t day_ms, struct err *err)
{
    int64_t end_ms = day_ms + CLOCK_DAY_MS;
    for (int kind = ROLLUP_EVENT; kind <= ROLLUP_SECTION; kind++) {
        AUTO_SAMPLES struct samples computed = {0};
        AUTO_SAMPLES struct samples stored = {0};
        if (!samples_from_versions(exam->store, &exam->atlas, kind, day_ms, end_ms, NULL, &computed,
                                   err))
            return false;
        if (kind == ROLLUP_EVENT)
            exam->report->snapshots += (int64_t)computed.moment_count;
        if (kind != ROLLUP_SECTION) {
            if (!samples_from_metrics(exam->store, &exam->atlas, kind, day_ms, end_ms, &stored,
                                      err))
                return false;
            compare_metrics(exam, kind, &stored, &computed);
        }
        for (int64_t hour = day_ms; hour < end_ms && hour < exam->folded_ms; hour += CLOCK_HOUR_MS)
            if (!compare_bucket(exam, ROLLUP_HOUR, kind, hour, &computed, err))
                return false;
        if (end_ms <= exam->folded_ms &&
            !compare_bucket(exam, ROLLUP_DAY, kind, day_ms, &computed, err))
            return false;
    }
    return true;
}

static bool run_for_event(struct examination *exam, enum sql_id id, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(exam->store), id, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", exam->atlas.event_id);
    return stmt_run(&stmt, err);
}

/* Rows that belong to no poll, or to no zone with something in it, have not been met: they are only counted. */
static bool find_strays(struct examination *exam, enum sql_id id, int64_t met, const char *what,
                        struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(exam->store), id, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", exam->atlas.event_id);
    if (stmt_step(&stmt, err) != STEP_ROW)
        return false;
    int64_t strays = stmt_int(&stmt, 0) - met;
    struct rollup_verify_report *report = exam->report;
    if (strays > 0 && report->differences == 0)
        snprintf(report->first, sizeof report->first, "%s: %lld %s that no poll accounts for",
                 exam->name, (long long)strays, what);
    report->differences += strays > 0 ? strays : 0;
    return true;
}

static bool same_moment(const struct samples *samples, size_t before, size_t moment)
{
    for (size_t s = 0; s < samples->scope_count; s++) {
        const struct measures *row = samples->measures + s * samples->moment_count;
        struct measures earlier = row[before];
        earlier.last_ms = row[moment].last_ms;
        if (!measures_same(&earlier, &row[moment], MEASURES_KEPT_SIZES))
            return false;
    }
    return true;
}

/* Writes the metrics of a day anew; a poll that changed nothing borrows those of the poll before. */
static bool rewrite_day(struct examination *exam, int64_t day_ms, struct err *err)
{
    AUTO_SAMPLES struct samples event = {0};
    AUTO_SAMPLES struct samples zones = {0};
    const struct samples *const kinds[] = {&event, &zones};
    int64_t end_ms = day_ms + CLOCK_DAY_MS, id = exam->atlas.event_id, metric_ms = 0;
    if (!samples_from_versions(exam->store, &exam->atlas, SAMPLES_EVENT, day_ms, end_ms, NULL,
                               &event, err) ||
        !samples_from_versions(exam->store, &exam->atlas, SAMPLES_ZONE, day_ms, end_ms, NULL,
                               &zones, err))
        return false;
    for (size_t m = 0; m < event.moment_count; m++) {
        bool own = m == 0 || !same_moment(&event, m - 1, m) || !same_moment(&zones, m - 1, m);
        if (own)
            metric_ms = event.moments[m];
        if (own ? !fold_write_metrics(exam->store, id, kinds, m, err)
                : !fold_set_metric(exam->store, id, event.moments[m], metric_ms, err))
            return false;
    }
    return true;
}

/* Times of the first and the last good poll; the first is after the last when there is none. */
static bool bounds(struct examination *exam, int64_t *first_ms, int64_t *last_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(exam->store), SQL_SNAPSHOT_BOUNDS, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", exam->atlas.event_id);
    if (stmt_step(&stmt, err) != STEP_ROW)
        return false;
    bool any = !stmt_is_null(&stmt, 0);
    *first_ms = any ? stmt_int(&stmt, 0) : 0;
    *last_ms = any ? stmt_int(&stmt, 1) : -1;
    if (*first_ms < 0 || *last_ms >= CLOCK_MAX_MS)
        return err_set(err, ERR_STORE, "the store is damaged: a poll at an impossible time");
    return true;
}

static bool rebuild_event(struct examination *exam, int64_t first_ms, int64_t last_ms,
                          struct err *err)
{
    if (!run_for_event(exam, SQL_METRIC_REMOVE_OWN, err) ||
        !run_for_event(exam, SQL_ROLLUP_REMOVE_OWN, err))
        return false;
    if (first_ms > last_ms)
        return true;
    for (int64_t day = clock_floor(first_ms, CLOCK_DAY_MS); day <= last_ms; day += CLOCK_DAY_MS)
        if (!rewrite_day(exam, day, err))
            return false;
    int64_t folded_ms = clock_floor(last_ms, CLOCK_HOUR_MS);
    return fold_window(exam->store, &exam->atlas, clock_floor(first_ms, CLOCK_HOUR_MS), folded_ms,
                       err) &&
           fold_set_mark(exam->store, exam->atlas.event_id, folded_ms, err);
}

static bool examine(struct examination *exam, bool rebuild, struct err *err)
{
    int64_t first_ms, last_ms;
    bool any;
    if (!bounds(exam, &first_ms, &last_ms, err) ||
        !fold_mark(exam->store, exam->atlas.event_id, &any, &exam->folded_ms, err))
        return false;
    for (int64_t day = clock_floor(first_ms, CLOCK_DAY_MS); day <= last_ms; day += CLOCK_DAY_MS) {
        if (stop_requested())
            return err_set(err, stop_error(), "stopped before everything was compared");
        if (!compare_day(exam, day, err))
            return false;
    }
    return find_strays(exam, SQL_METRIC_COUNT, exam->metric_rows, "metrics", err) &&
           find_strays(exam, SQL_ROLLUP_COUNT, exam->rollup_rows, "hours and days", err) &&
           (!rebuild || rebuild_event(exam, first_ms, last_ms, err));
}

static bool examine_event(struct store *store, int64_t id, const char *name, bool rebuild,
                          struct rollup_verify_report *report, struct err *err)
{
    struct examination exam = {.store = store, .name = name, .report = report};
    bool begun = rebuild ? db_begin(store_db(store), err) : db_begin_read(store_db(store), err);
    if (!begun)
        return false;
    bool ok = atlas_load(store, id, &exam.atlas, err) && examine(&exam, rebuild, err);
    if (ok && rebuild)
        ok = db_commit(store_db(store), err);
    else
        db_rollback(store_db(store));
    atlas_release(&exam.atlas);
    report->events++;
    return ok ? true : err_wrap(err, "event '%s'", name);
}

bool rollup_verify(struct store *store, int64_t event_id, bool rebuild,
                   void (*progress)(int64_t done, int64_t total),
                   struct rollup_verify_report *report, struct err *err)
{
    *report = (struct rollup_verify_report){0};
    struct event *events;
    size_t count;
    if (!store_events(store, true, &events, &count, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        char name[EVENT_NAME_MAX + 8];
        if (event_id != 0 && events[i].id != event_id)
            continue;
        if (progress)
            progress((int64_t)i, (int64_t)count);
        ok = examine_event(store, events[i].id, event_name(name, &events[i]), rebuild, report, err);
    }
    mem_free(events);
    return ok;
}
