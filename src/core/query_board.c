/* The board: one row an event. It is shown before anything else, so nothing here grows with the history. */
#include "base/clock.h"
#include "base/mem.h"
#include "core/outcome.h"
#include "core/query_scope.h"
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

/* What stays at hand while events are added. */
struct board {
    struct stmt event, lows;
    struct frame *frame;
};

/* The buckets of a sparkline. */
struct buckets {
    int64_t step_ms, from_ms, to_ms;
    int64_t open_ms; /* whole days before this are read as days, what follows as hours and polls */
};

/* They end with that of the last good snapshot. `folded_ms`: hours before that are stored. */
static struct buckets choose_buckets(int64_t first_ms, int64_t last_ms, int64_t folded_ms)
{
    bool days = last_ms - first_ms > HOURS_UP_TO_MS;
    struct buckets buckets = {.step_ms = days ? CLOCK_DAY_MS : CLOCK_HOUR_MS};
    buckets.to_ms = clock_floor(last_ms, buckets.step_ms) + buckets.step_ms;
    buckets.from_ms = buckets.to_ms - QUERY_SPARKLINE_MAX * buckets.step_ms;
    if (buckets.from_ms < clock_floor(first_ms, buckets.step_ms))
        buckets.from_ms = clock_floor(first_ms, buckets.step_ms);
    buckets.open_ms = buckets.from_ms;
    if (days && folded_ms > buckets.from_ms)
        buckets.open_ms = clock_floor(folded_ms, CLOCK_DAY_MS);
    if (buckets.open_ms > buckets.to_ms) /* in a damaged store */
        buckets.open_ms = buckets.to_ms;
    return buckets;
}

/* Lowest prices only: rows of whole measures cost twice as much. */
static bool draw_sparkline(struct board *board, const struct event *event, int64_t first_ms,
                           int64_t folded_ms, struct frame_cell *cell, struct err *err)
{
    struct buckets buckets = choose_buckets(first_ms, event->last_scraped_ms, folded_ms);
    size_t count = (size_t)((buckets.to_ms - buckets.from_ms) / buckets.step_ms);
    int64_t *lows = arena_array(&board->frame->arena, count, sizeof *lows);
    stmt_bind_int(&board->lows, ":event", event->id);
    stmt_bind_int(&board->lows, ":from", buckets.from_ms);
    stmt_bind_int(&board->lows, ":open", buckets.open_ms);
    stmt_bind_int(&board->lows, ":folded", folded_ms);
    stmt_bind_int(&board->lows, ":to", buckets.to_ms);
    enum step step;
    while ((step = stmt_step(&board->lows, err)) == STEP_ROW) {
        int64_t *low = &lows[(stmt_int(&board->lows, 0) - buckets.from_ms) / buckets.step_ms];
        int64_t price = known_price(&board->lows, 1);
        if (price != MEASURES_NONE && (*low == 0 || price < *low))
            *low = price;
    }
    *cell = (struct frame_cell){.known = true, .list = {.count = count, .ints = lows}};
    return step == STEP_DONE;
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

static bool add_event(struct board *board, const struct event *event, struct err *err)
{
    struct stmt *stmt = &board->event;
    stmt_bind_int(stmt, ":event", event->id);
    stmt_bind_int(stmt, ":good", event->last_scraped_ms);
    if (stmt_step(stmt, err) != STEP_ROW)
        return false;
    struct frame_cell *cells = frame_add_row(board->frame);
    write_event(event, board->frame, cells);
    int64_t first_ms = stmt_int(stmt, 0), folded_ms = stmt_int(stmt, 1);
    int64_t price = known_price(stmt, 5);
    cells[8] = query_scope_price(price);
    cells[9] = change_cell(price, known_price(stmt, 8));
    cells[10] = change_cell(price, known_price(stmt, 9));
    cells[11] = stmt_is_null(stmt, 4) ? frame_null() : frame_number(stmt_int(stmt, 4));
    cells[12] = query_scope_price(known_price(stmt, 6));
    cells[13] = query_scope_price(known_price(stmt, 7));
    if (!stmt_is_null(stmt, 2)) {
        cells[16] = frame_number(stmt_int(stmt, 2));
        cells[17] = frame_text(board->frame, outcome_word((enum outcome)stmt_int(stmt, 3)));
    }
    if (stmt_step(stmt, err) != STEP_DONE)
        return false;
    if (event->last_scraped_ms < 0)
        return true;
    if (first_ms < 0 || event->last_scraped_ms >= CLOCK_MAX_MS)
        return err_set(err, ERR_STORE, "event '%s' has a snapshot at an impossible time",
                       cells[0].text);
    cells[15] = frame_number(event->last_scraped_ms);
    return draw_sparkline(board, event, first_ms, folded_ms, &cells[14], err);
}

static bool fill(struct store *store, enum measures_basis basis, struct board *board,
                 struct err *err)
{
    AUTO_FREE struct event *events = NULL;
    size_t count;
    if (!store_events(store, true, &events, &count, err) ||
        !db_prepare(store_db(store), SQL_BOARD, &board->event, err) ||
        !db_prepare(store_db(store), SQL_BOARD_LOWS, &board->lows, err))
        return false;
    stmt_bind_int(&board->event, ":all_in", basis == MEASURES_ALL_IN);
    stmt_bind_int(&board->lows, ":all_in", basis == MEASURES_ALL_IN);
    for (size_t i = 0; i < count; i++)
        if (events[i].state != EVENT_UNTRACKED && !add_event(board, &events[i], err))
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
    struct board board = {.frame = frame};
    bool ok = fill(store, basis, &board, err);
    stmt_release(&board.event);
    stmt_release(&board.lows);
    db_rollback(store_db(store));
    return ok;
}
