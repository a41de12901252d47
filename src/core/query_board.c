/* The board: one row an event. It is shown before anything else, so nothing here grows with the history. */
#include "base/clock.h"
#include "base/mem.h"
#include "core/outcome.h"
#include "core/query_scope.h"
#include "core/rollup.h"
#include "io/db.h"

#define HOURS_UP_TO_MS (3 * CLOCK_DAY_MS) /* a longer history is shown by days */

static int64_t known_price(const struct stmt *stmt, int column)
{
    return stmt_is_null(stmt, column) ? MEASURES_NONE : stmt_int(stmt, column);
}

static struct frame_cell change_cell(int64_t price, int64_t before)
{
    if (price == MEASURES_NONE || before == MEASURES_NONE || before == 0)
        return frame_null();
    return frame_real(100.0 * (double)(price - before) / (double)before);
}

/* The lowest prices of recent buckets; the last is that of the last good snapshot. */
static bool draw_sparkline(struct store *store, const struct event *event,
                           enum measures_basis basis, int64_t first_ms, struct frame *frame,
                           struct frame_cell *cell, struct err *err)
{
    AUTO_ROWS struct rollup_rows rows = {0};
    int64_t last_ms = event->last_scraped_ms;
    bool days = last_ms - first_ms > HOURS_UP_TO_MS;
    int64_t step_ms = days ? CLOCK_DAY_MS : CLOCK_HOUR_MS;
    int64_t end_ms = clock_floor(last_ms, step_ms) + step_ms;
    int64_t count = (end_ms - clock_floor(first_ms, step_ms)) / step_ms;
    count = count < QUERY_SPARKLINE_MAX ? count : QUERY_SPARKLINE_MAX;
    int64_t from_ms = end_ms - count * step_ms;
    if (!rollup_read(store, event->id, days ? ROLLUP_DAY : ROLLUP_HOUR, ROLLUP_EVENT, 0, from_ms,
                     end_ms, &rows, err))
        return false;
    int64_t *lows = arena_array(&frame->arena, (size_t)count, sizeof *lows);
    for (size_t i = 0; i < rows.count; i++) {
        int64_t low = rows.rows[i].measures.prices[basis].min;
        lows[(rows.rows[i].at_ms - from_ms) / step_ms] = low == MEASURES_NONE ? 0 : low;
    }
    *cell = (struct frame_cell){.known = true, .list = {.count = (size_t)count, .ints = lows}};
    return true;
}

static void write_event(const struct event *event, struct frame *frame, struct frame_cell *cells)
{
    char name[EVENT_NAME_MAX + 8];
    cells[0] = frame_text(frame, event_name(name, event));
    const char *const texts[] = {event->name, event->venue, event->city};
    for (int i = 0; i < 3; i++)
        cells[1 + i] = frame_text(frame, texts[i][0] ? texts[i] : NULL);
    cells[4] = event->date_ms == EVENT_NO_DATE ? frame_null() : frame_number(event->date_ms);
    cells[5] = frame_text(frame, event->timezone[0] ? event->timezone : NULL);
    cells[6] = frame_text(frame, event_state_word(event->state));
    cells[7] = frame_text(frame, event->currency);
}

static bool add_event(struct store *store, const struct event *event, enum measures_basis basis,
                      struct stmt *stmt, struct frame *frame, struct err *err)
{
    stmt_bind_int(stmt, ":event", event->id);
    stmt_bind_int(stmt, ":good", event->last_scraped_ms);
    if (stmt_step(stmt, err) != STEP_ROW)
        return false;
    struct frame_cell *cells = frame_add_row(frame);
    write_event(event, frame, cells);
    int64_t price = known_price(stmt, 4);
    cells[8] = query_scope_price(price);
    cells[9] = change_cell(price, known_price(stmt, 7));
    cells[10] = change_cell(price, known_price(stmt, 8));
    cells[11] = stmt_is_null(stmt, 3) ? frame_null() : frame_number(stmt_int(stmt, 3));
    cells[12] = query_scope_price(known_price(stmt, 5));
    cells[13] = query_scope_price(known_price(stmt, 6));
    if (!stmt_is_null(stmt, 1)) {
        cells[16] = frame_number(stmt_int(stmt, 1));
        cells[17] = frame_text(frame, outcome_word((enum outcome)stmt_int(stmt, 2)));
    }
    int64_t first_ms = stmt_int(stmt, 0);
    if (stmt_step(stmt, err) != STEP_DONE)
        return false;
    if (event->last_scraped_ms < 0)
        return true;
    cells[15] = frame_number(event->last_scraped_ms);
    return draw_sparkline(store, event, basis, first_ms, frame, &cells[14], err);
}

static bool fill(struct store *store, enum measures_basis basis, struct frame *frame,
                 struct err *err)
{
    AUTO_FREE struct event *events = NULL;
    AUTO_STMT struct stmt stmt = {0};
    size_t count;
    if (!store_events(store, true, &events, &count, err) ||
        !db_prepare(store_db(store), SQL_BOARD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":all_in", basis == MEASURES_ALL_IN);
    for (size_t i = 0; i < count; i++)
        if (events[i].state != EVENT_UNTRACKED &&
            !add_event(store, &events[i], basis, &stmt, frame, err))
            return false;
    return true;
}

bool query_board(struct store *store, enum measures_basis basis, struct frame *frame,
                 struct err *err)
{
    static const struct frame_column columns[] = {
        {"event", FRAME_TEXT},      {"name", FRAME_TEXT},      {"venue", FRAME_TEXT},
        {"city", FRAME_TEXT},       {"date", FRAME_TIME},      {"timezone", FRAME_TEXT},
        {"tracking", FRAME_TEXT},   {"currency", FRAME_TEXT},  {"price", FRAME_MONEY},
        {"change_24h", FRAME_REAL}, {"change_7d", FRAME_REAL}, {"tickets", FRAME_INT},
        {"price_2", FRAME_MONEY},   {"price_4", FRAME_MONEY},  {"sparkline", FRAME_INTS},
        {"last_good", FRAME_TIME},  {"last_poll", FRAME_TIME}, {"last_outcome", FRAME_TEXT},
    };
    *frame = (struct frame){0};
    if (!db_begin_read(store_db(store), err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    frame->meta.price_basis = basis == MEASURES_BASE ? "base" : "all-in";
    bool ok = fill(store, basis, frame, err);
    db_rollback(store_db(store));
    return ok;
}
