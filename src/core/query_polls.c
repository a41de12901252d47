/* Polls and how they ended. */
#include "base/clock.h"
#include "base/mem.h"
#include "core/outcome.h"
#include "core/query_scope.h"
#include "io/db.h"

/* The polls of one bucket. */
struct tally {
    int64_t at_ms, good, failed;
    enum outcome worst; /* of the last that failed */
};

static void add_tally(const struct tally *tally, struct frame *frame)
{
    if (tally->good + tally->failed == 0)
        return;
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_number(tally->at_ms);
    cells[1] = frame_number(tally->good);
    cells[2] = frame_number(tally->failed);
    if (tally->failed > 0)
        cells[3] = frame_text(frame, outcome_word(tally->worst));
}

static bool tally_polls(const struct query_scope *scope, struct frame *frame, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(scope->store), SQL_POLL_LIST, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", scope->event->id);
    stmt_bind_int(&stmt, ":from", scope->from_ms);
    stmt_bind_int(&stmt, ":to", scope->to_ms);
    struct tally tally = {0};
    int64_t step_ms = query_scope_step_ms(scope->filter);
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        int64_t at_ms = clock_floor(stmt_int(&stmt, 0), step_ms);
        enum outcome outcome = (enum outcome)stmt_int(&stmt, 1);
        if (at_ms != tally.at_ms) {
            add_tally(&tally, frame);
            tally = (struct tally){.at_ms = at_ms};
        }
        if (outcome_is_good(outcome)) {
            tally.good++;
        } else {
            tally.failed++;
            tally.worst = outcome;
        }
    }
    add_tally(&tally, frame);
    return step == STEP_DONE;
}

bool query_coverage(struct store *store, const struct event *event,
                    const struct query_filter *filter, struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"timestamp", FRAME_TIME},
        {"good", FRAME_INT},
        {"failed", FRAME_INT},
        {"worst", FRAME_TEXT},
    };
    AUTO_SCOPE struct query_scope scope = {0};
    *frame = (struct frame){0};
    if (!query_scope_open(store, event, filter, &scope, err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    query_scope_meta(&scope, true, frame);
    return tally_polls(&scope, frame, err);
}

/* Where the way back through an event's polls has come to. */
struct trail {
    const struct event *event;
    int64_t next_ms; /* its newest poll that is not shown yet; -1: none */
};

static void add_job(const struct stmt *stmt, const struct event *event, struct frame *frame)
{
    char name[EVENT_NAME_MAX + 8];
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_number(stmt_int(stmt, 0));
    cells[1] = frame_text(frame, event_name(name, event));
    cells[2] = frame_text(frame, event->name[0] ? event->name : NULL);
    cells[3] = frame_text(frame, outcome_word((enum outcome)stmt_int(stmt, 1)));
    for (int i = 2; i <= 4; i++)
        cells[2 + i] = stmt_is_null(stmt, i) ? frame_null() : frame_number(stmt_int(stmt, i));
    cells[7] = frame_text(frame, stmt_text(stmt, 5));
}

/* Moves a trail to the last poll before a time, and shows that poll when there is a frame. */
static bool step_back(struct stmt *stmt, struct trail *trail, int64_t before_ms,
                      struct frame *frame, struct err *err)
{
    stmt_bind_int(stmt, ":event", trail->event->id);
    stmt_bind_int(stmt, ":before", before_ms);
    enum step step = stmt_step(stmt, err);
    trail->next_ms = step == STEP_ROW ? stmt_int(stmt, 0) : -1;
    if (step == STEP_ROW && frame != NULL)
        add_job(stmt, trail->event, frame);
    return step == STEP_ROW ? stmt_step(stmt, err) == STEP_DONE : step == STEP_DONE;
}

static struct trail *newest(struct trail *trails, size_t count)
{
    struct trail *newest = NULL;
    for (size_t i = 0; i < count; i++)
        if (trails[i].next_ms >= 0 && (newest == NULL || trails[i].next_ms > newest->next_ms))
            newest = &trails[i];
    return newest;
}

/* Polls are stored by event. One look-up an event and one a row finds the newest of all without a scan or an index. */
static bool add_jobs(struct store *store, const struct query_filter *filter, struct trail *trails,
                     size_t count, size_t most, struct frame *frame, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    int64_t to_ms = filter->has_to ? filter->to_ms : clock_now_ms() + 1;
    if (!db_prepare(store_db(store), SQL_POLL_BEFORE, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":from", filter->has_from ? filter->from_ms : 0);
    for (size_t i = 0; i < count; i++)
        if (!step_back(&stmt, &trails[i], to_ms, NULL, err))
            return false;
    struct trail *trail;
    while (frame->row_count < most && (trail = newest(trails, count)) != NULL)
        if (!step_back(&stmt, trail, trail->next_ms + 1, frame, err) ||
            !step_back(&stmt, trail, trail->next_ms, NULL, err))
            return false;
    return true;
}

static bool list_jobs(struct store *store, const struct event *event,
                      const struct query_filter *filter, size_t most, struct frame *frame,
                      struct err *err)
{
    AUTO_FREE struct event *events = NULL;
    size_t count = 1;
    if (event == NULL && !store_events(store, true, &events, &count, err))
        return false;
    AUTO_FREE struct trail *trails = mem_alloc(count + 1, sizeof *trails);
    for (size_t i = 0; i < count; i++)
        trails[i].event = event ? event : &events[i];
    return add_jobs(store, filter, trails, count, most, frame, err);
}

bool query_jobs(struct store *store, const struct event *event, const struct query_filter *filter,
                size_t most, struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"timestamp", FRAME_TIME}, {"event", FRAME_TEXT},  {"name", FRAME_TEXT},
        {"outcome", FRAME_TEXT},   {"took_ms", FRAME_INT}, {"bytes", FRAME_INT},
        {"rejected", FRAME_INT},   {"reason", FRAME_TEXT},
    };
    *frame = (struct frame){0};
    if (!db_begin_read(store_db(store), err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    frame->meta.has_from = filter->has_from;
    frame->meta.has_to = filter->has_to;
    frame->meta.from_ms = filter->from_ms;
    frame->meta.to_ms = filter->to_ms;
    bool ok = list_jobs(store, event, filter, most, frame, err);
    db_rollback(store_db(store));
    return ok;
}
