#include "core/vitals.h"

#include <stdio.h>

#include "base/clock.h"
#include "core/sync.h"
#include "io/db.h"

enum { GROWTH_DAYS = 30 };

static const int permille[VITALS_QUANTILES] = {500, 950, 990};

/* Runs a question of one row with up to one number bound. */
static bool ask(struct db *db, enum sql_id id, struct stmt *stmt, const char *name, int64_t value,
                struct err *err)
{
    if (!db_prepare(db, id, stmt, err))
        return false;
    if (name != NULL)
        stmt_bind_int(stmt, name, value);
    return stmt_step(stmt, err) == STEP_ROW;
}

static int64_t known(const struct stmt *stmt, int column)
{
    return stmt_is_null(stmt, column) ? -1 : stmt_int(stmt, column);
}

static bool read_polls(struct db *db, int64_t since_ms, struct vitals *vitals, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!ask(db, SQL_ATTEMPT_SUMS, &stmt, ":since", since_ms, err))
        return false;
    vitals->good = stmt_int(&stmt, 0);
    vitals->polls = stmt_int(&stmt, 1);
    return true;
}

static bool read_took(struct db *db, int64_t since_ms, struct vitals *vitals, struct err *err)
{
    for (size_t i = 0; i < VITALS_QUANTILES; i++) {
        AUTO_STMT struct stmt stmt = {0};
        if (!db_prepare(db, SQL_ATTEMPT_QUANTILE, &stmt, err))
            return false;
        stmt_bind_int(&stmt, ":since", since_ms);
        stmt_bind_int(&stmt, ":permille", permille[i]);
        enum step step = stmt_step(&stmt, err);
        if (step == STEP_ERROR)
            return false;
        vitals->took_ms[i] = step == STEP_ROW ? stmt_int(&stmt, 0) : -1;
    }
    return true;
}

static bool read_size(struct db *db, int64_t now_ms, struct vitals *vitals, struct err *err)
{
    AUTO_STMT struct stmt size = {0}, growth = {0};
    if (!ask(db, SQL_STORE_BYTES, &size, NULL, 0, err) ||
        !db_prepare(db, SQL_STORE_GROWTH, &growth, err))
        return false;
    vitals->bytes = stmt_int(&size, 0);
    vitals->free_bytes = stmt_int(&size, 1);
    stmt_bind_int(&growth, ":day", now_ms / CLOCK_DAY_MS);
    stmt_bind_int(&growth, ":days", GROWTH_DAYS);
    if (stmt_step(&growth, err) == STEP_ERROR)
        return false;
    vitals->growth_days = stmt_is_null(&growth, 1) ? 0 : stmt_int(&growth, 1);
    vitals->growth_bytes = vitals->growth_days > 0 ? stmt_int(&growth, 0) : 0;
    return true;
}

static bool read_lag(struct db *db, int64_t now_ms, struct vitals *vitals, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!ask(db, SQL_ROLLUP_LAG, &stmt, ":hour", clock_floor(now_ms, CLOCK_HOUR_MS), err))
        return false;
    vitals->rollup_lag_ms = stmt_int(&stmt, 0);
    return true;
}

static bool read_chores(struct db *db, struct vitals *vitals, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    enum step step = STEP_DONE;
    if (!db_prepare(db, SQL_CHORE_LIST, &stmt, err))
        return false;
    while (vitals->chore_count < VITALS_CHORES_MAX && (step = stmt_step(&stmt, err)) == STEP_ROW) {
        struct vitals_chore *chore = &vitals->chores[vitals->chore_count++];
        snprintf(chore->name, sizeof chore->name, "%s", stmt_string(&stmt, 0));
        chore->run_ms = known(&stmt, 1);
        chore->took_ms = known(&stmt, 2);
        chore->good = stmt_int(&stmt, 3) != 0;
        snprintf(chore->reason, sizeof chore->reason, "%s", stmt_string(&stmt, 4));
    }
    return step != STEP_ERROR;
}

bool vitals_read(struct store *store, const struct conf *conf, int64_t now_ms,
                 struct vitals *vitals, struct err *err)
{
    struct db *db = store_db(store);
    int64_t since_ms = now_ms - CLOCK_DAY_MS;
    *vitals = (struct vitals){0};
    return read_polls(db, since_ms, vitals, err) && read_took(db, since_ms, vitals, err) &&
           queue_count(store, &vitals->jobs, err) && read_size(db, now_ms, vitals, err) &&
           read_lag(db, now_ms, vitals, err) &&
           sync_lag(store, conf, now_ms, &vitals->sync_lag_ms, err) && read_chores(db, vitals, err);
}

bool vitals_freshness(struct store *store, int64_t now_ms, int64_t most, struct frame *frame,
                      struct err *err)
{
    static const struct frame_column columns[] = {
        {"event", FRAME_TEXT}, {"good", FRAME_TIME}, {"failed", FRAME_INT}};
    AUTO_STMT struct stmt stmt = {0};
    enum step step;
    *frame = (struct frame){0};
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    if (!db_prepare(store_db(store), SQL_FRESHNESS, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":now", now_ms);
    stmt_bind_int(&stmt, ":most", most);
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        struct frame_cell *cells = frame_add_row(frame);
        cells[0] = frame_text(frame, stmt_string(&stmt, 0));
        if (!stmt_is_null(&stmt, 1))
            cells[1] = frame_number(stmt_int(&stmt, 1));
        cells[2] = frame_number(stmt_int(&stmt, 2));
    }
    return step == STEP_DONE;
}

static struct frame_cell *add(struct frame *frame, const char *name, const char *unit)
{
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_text(frame, name);
    cells[2] = frame_text(frame, unit);
    return cells;
}

static void add_number(struct frame *frame, const char *name, int64_t value, const char *unit)
{
    struct frame_cell *cells = add(frame, name, unit);
    if (value >= 0)
        cells[1] = frame_real((double)value);
}

static void add_took(struct frame *frame, const struct vitals *vitals)
{
    for (size_t i = 0; i < VITALS_QUANTILES; i++) {
        char name[VITALS_NAME_MAX];
        snprintf(name, sizeof name, "poll_p%d", permille[i] / 10);
        add_number(frame, name, vitals->took_ms[i], "ms");
    }
}

static void add_size(struct frame *frame, const struct vitals *vitals)
{
    add_number(frame, "store_size", vitals->bytes, "bytes");
    add_number(frame, "store_free", vitals->free_bytes, "bytes");
    struct frame_cell *growth = add(frame, "store_growth", "bytes a day");
    if (vitals->growth_days > 0)
        growth[1] = frame_real((double)vitals->growth_bytes);
}

static void add_jobs(struct frame *frame, const struct vitals *vitals)
{
    add_number(frame, "jobs_waiting", vitals->jobs.waiting, "jobs");
    if (vitals->jobs.first_ms >= 0)
        frame->cells[(frame->row_count - 1) * frame->column_count + 3] =
            frame_number(vitals->jobs.first_ms);
    add_number(frame, "jobs_running", vitals->jobs.leased, "jobs");
    add_number(frame, "jobs_dead", vitals->jobs.dead, "jobs");
}

static void add_chore(struct frame *frame, const struct vitals_chore *chore)
{
    char name[VITALS_NAME_MAX + 8];
    snprintf(name, sizeof name, "chore_%s", chore->name);
    struct frame_cell *cells = add(frame, name, "ms");
    cells[1] = frame_real((double)chore->took_ms);
    cells[3] = frame_number(chore->run_ms);
    cells[4] = frame_text(frame, chore->reason[0] ? chore->reason : "done");
}

/* How old the oldest of the tracked events' last good polls is. */
static bool add_freshness(struct store *store, int64_t now_ms, struct frame *frame, struct err *err)
{
    AUTO_FRAME struct frame fresh = {0};
    if (!vitals_freshness(store, now_ms, 1, &fresh, err))
        return false;
    struct frame_cell *cells = add(frame, "oldest_event", "s");
    if (fresh.row_count == 0)
        return true;
    const struct frame_cell *good = frame_at(&fresh, 0, 1);
    cells[4] = frame_text(frame, frame_at(&fresh, 0, 0)->text);
    if (good->known) {
        cells[1] = frame_real((double)((now_ms - good->number) / CLOCK_SECOND_MS));
        cells[3] = frame_number(good->number);
    }
    return true;
}

bool vitals_frame(struct store *store, const struct conf *conf, int64_t now_ms, struct frame *frame,
                  struct err *err)
{
    static const struct frame_column columns[] = {
        {"name", FRAME_TEXT},      {"value", FRAME_REAL},  {"unit", FRAME_TEXT},
        {"timestamp", FRAME_TIME}, {"detail", FRAME_TEXT},
    };
    struct vitals vitals;
    *frame = (struct frame){0};
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    if (!vitals_read(store, conf, now_ms, &vitals, err))
        return false;
    add_number(frame, "polls_24h", vitals.polls, "polls");
    struct frame_cell *rate = add(frame, "success_24h", "percent");
    if (vitals.polls > 0)
        rate[1] = frame_real(100.0 * (double)vitals.good / (double)vitals.polls);
    add_took(frame, &vitals);
    if (!add_freshness(store, now_ms, frame, err))
        return false;
    add_jobs(frame, &vitals);
    add_size(frame, &vitals);
    add_number(frame, "rollup_lag", vitals.rollup_lag_ms / CLOCK_SECOND_MS, "s");
    if (vitals.sync_lag_ms >= 0)
        add_number(frame, "sync_lag", vitals.sync_lag_ms / CLOCK_SECOND_MS, "s");
    for (size_t i = 0; i < vitals.chore_count; i++)
        add_chore(frame, &vitals.chores[i]);
    return true;
}
