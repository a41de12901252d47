/* What is stored about events themselves. */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/outcome.h"
#include "core/query.h"
#include "io/db.h"
#include "io/uuid.h"

static struct frame_cell known_text(struct frame *frame, const char *text)
{
    return frame_text(frame, text[0] ? text : NULL);
}

static struct frame_cell known_time(int64_t at_ms)
{
    return at_ms < 0 ? frame_null() : frame_number(at_ms);
}

static void add_event(const struct event *event, struct frame *frame)
{
    char uuid[UUID_TEXT_MAX], name[EVENT_NAME_MAX + 8];
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_text(frame, event_uuid(uuid, event));
    cells[1] = frame_text(frame, event_name(name, event));
    cells[2] = known_text(frame, event->name);
    cells[3] = known_text(frame, event->venue);
    cells[4] = known_text(frame, event->city);
    cells[5] = known_text(frame, event->region);
    cells[6] = event->date_ms == EVENT_NO_DATE ? frame_null() : frame_number(event->date_ms);
    cells[7] = known_text(frame, event->timezone);
    cells[8] = known_text(frame, event->category);
    cells[9] = frame_number(event->state == EVENT_TRACKED);
    cells[10] = known_time(event->last_scraped_ms);
    cells[11] = known_text(frame, event->url);
}

bool query_events(struct store *store, bool all, struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"id", FRAME_TEXT, .detail = true},
        {"event", FRAME_TEXT},
        {"name", FRAME_TEXT},
        {"venue", FRAME_TEXT},
        {"city", FRAME_TEXT},
        {"state", FRAME_TEXT, .detail = true},
        {"date", FRAME_TIME},
        {"timezone", FRAME_TEXT, .detail = true},
        {"category", FRAME_TEXT, .detail = true},
        {"active", FRAME_BOOL, .detail = true},
        {"last_scraped", FRAME_TIME},
        {"url", FRAME_TEXT, .detail = true},
    };
    struct event *events;
    size_t count;
    *frame = (struct frame){0};
    if (!store_events(store, all, &events, &count, err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++)
        add_event(&events[i], frame);
    mem_free(events);
    return true;
}

static void add_status(const struct stmt *stmt, int64_t now_ms, struct frame *frame)
{
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_text(frame, stmt_text(stmt, 0));
    cells[1] = known_text(frame, stmt_string(stmt, 1));
    cells[2] = frame_text(frame, event_state_word((enum event_state)stmt_int(stmt, 2)));
    if (!stmt_is_null(stmt, 3))
        cells[3] = frame_text(frame, outcome_word((enum outcome)stmt_int(stmt, 3)));
    for (int column = 4; column <= 5; column++)
        if (!stmt_is_null(stmt, column))
            cells[column] = frame_number(stmt_int(stmt, column));
    for (int column = 6; column <= 9; column++)
        cells[column] = frame_number(stmt_int(stmt, column));
    int64_t good = stmt_int(stmt, 6), failed = stmt_int(stmt, 7);
    if (!stmt_is_null(stmt, 5))
        cells[10] = frame_number((now_ms - stmt_int(stmt, 5)) / CLOCK_SECOND_MS);
    if (good + failed > 0)
        cells[11] = frame_real(100.0 * (double)good / (double)(good + failed));
    for (int column = 10; column <= 11; column++)
        if (!stmt_is_null(stmt, column))
            cells[column + 2] = frame_number(stmt_int(stmt, column));
}

bool query_status(struct store *store, struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"event", FRAME_TEXT},
        {"name", FRAME_TEXT},
        {"tracking", FRAME_TEXT},
        {"last_outcome", FRAME_TEXT},
        {"last_poll", FRAME_TIME, .detail = true},
        {"last_good", FRAME_TIME},
        {"good_24h", FRAME_INT},
        {"failed_24h", FRAME_INT},
        {"good", FRAME_INT, .detail = true},
        {"failed", FRAME_INT, .detail = true},
        {"age_s", FRAME_INT},
        {"success_24h", FRAME_REAL},
        {"p50_ms", FRAME_INT},
        {"p95_ms", FRAME_INT},
    };
    int64_t now_ms = clock_now_ms();
    *frame = (struct frame){0};
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_STATUS, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":since", now_ms - CLOCK_DAY_MS);
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        add_status(&stmt, now_ms, frame);
    return step == STEP_DONE;
}
