#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/money.h"
#include "base/text.h"
#include "core/query.h"
#include "tui/screen_listings.h"

enum { MOMENTS_MOST = 48, LINE_MAX_BYTES = 512 };

/* --- loading --- */

/* What changed with the good poll that is looked at. */
struct turn {
    bool any; /* there is such a poll, and one before it */
    struct frame changes;
    size_t counts[QUERY_CHANGE_KINDS];
};

static void turn_release(struct turn *turn)
{
    frame_release(&turn->changes);
}

/* With the first poll of all everything is new; that says nothing. */
static bool load_turn(struct store *store, const struct event *event,
                      const struct query_filter *filter, struct turn *turn, struct err *err)
{
    AUTO_FRAME struct frame moments = {0};
    int64_t at_ms = filter->has_at ? filter->at_ms : CLOCK_MAX_MS - 1;
    struct query_moments wanted = {.at_ms = at_ms, .step_ms = 1, .most = 0};
    struct query_filter window = *filter;
    if (!query_moments(store, event, &wanted, &moments, err))
        return false;
    if (moments.row_count == 0 || frame_get(&moments, 0, "number")->number == 1)
        return true;
    turn->any = true;
    window.has_from = window.has_to = true;
    window.from_ms = frame_get(&moments, 0, "timestamp")->number;
    window.to_ms = window.from_ms + 1;
    return query_changes(store, event, &window, LISTING_MAX, turn->counts, &turn->changes, err);
}

/* A row of a frame of changes, by its listing. */
struct index_entry {
    const char *listing_id; /* first, so that a bare id can be looked for */
    size_t row;
};

static int by_id(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Those that are gone are not listed. */
static void merge(const struct frame *changes, struct frame *listings)
{
    AUTO_FREE struct index_entry *entries = mem_alloc(changes->row_count + 1, sizeof *entries);
    size_t count = 0;
    for (size_t row = 0; row < changes->row_count; row++)
        if (strcmp(frame_get(changes, row, "change")->text, "gone") != 0)
            entries[count++] =
                (struct index_entry){frame_get(changes, row, "listing_id")->text, row};
    qsort(entries, count, sizeof *entries, by_id);
    for (size_t row = 0; row < listings->row_count; row++) {
        const char *id = frame_get(listings, row, "listing_id")->text;
        const struct index_entry *found = bsearch(&id, entries, count, sizeof *entries, by_id);
        if (!found)
            continue;
        const struct frame_cell *price = frame_get(changes, found->row, "price");
        const struct frame_cell *before = frame_get(changes, found->row, "price_before");
        struct frame_cell *cells = frame_row(listings, row) + listings->column_count - 2;
        cells[0] = frame_text(listings, frame_get(changes, found->row, "change")->text);
        if (price->known && before->known)
            cells[1] = frame_number(price->number - before->number);
    }
}

bool screen_listings_load(struct store *store, const struct question *question, struct frame *frame,
                          struct err *err)
{
    static const struct frame_column more[] = {{"change", FRAME_TEXT}, {"change_by", FRAME_MONEY}};
    struct event event;
    struct query_filter filter;
    struct turn turn = {0};
    bool ok = question_event(store, question, &event, err) &&
              view_filter(&question->view, &filter, err) &&
              query_listings(store, &event, &filter, frame, err) &&
              load_turn(store, &event, &filter, &turn, err);
    if (ok) {
        frame_widen(frame, more, sizeof more / sizeof *more);
        if (turn.any)
            merge(&turn.changes, frame);
    }
    turn_release(&turn);
    return ok;
}

static void put_counts(const struct turn *turn, int64_t at_ms, struct frame *moments)
{
    for (size_t row = 0; turn->any && row < moments->row_count; row++) {
        if (frame_get(moments, row, "timestamp")->number != at_ms)
            continue;
        struct frame_cell *cells = frame_row(moments, row) + moments->column_count;
        for (size_t kind = 0; kind < QUERY_CHANGE_KINDS; kind++)
            cells[(ptrdiff_t)kind - QUERY_CHANGE_KINDS] = frame_number((int64_t)turn->counts[kind]);
    }
}

bool screen_listings_load_moments(struct store *store, const struct question *question,
                                  struct frame *frame, struct err *err)
{
    static const struct frame_column more[] = {
        {"new", FRAME_INT}, {"gone", FRAME_INT}, {"repriced", FRAME_INT}};
    struct event event;
    struct query_filter filter;
    struct turn turn = {0};
    struct query_moments wanted = {.step_ms = question->numbers[0], .most = MOMENTS_MOST};
    if (!question_event(store, question, &event, err) ||
        !view_filter(&question->view, &filter, err))
        return false;
    wanted.at_ms = filter.has_at ? filter.at_ms : CLOCK_MAX_MS - 1;
    bool ok = query_moments(store, &event, &wanted, frame, err) &&
              load_turn(store, &event, &filter, &turn, err);
    if (ok) {
        frame_widen(frame, more, sizeof more / sizeof *more);
        put_counts(&turn, turn.any ? turn.changes.meta.from_ms : 0, frame);
    }
    turn_release(&turn);
    return ok;
}

bool screen_listings_load_history(struct store *store, const struct question *question,
                                  struct frame *frame, struct err *err)
{
    struct event event;
    return question_event(store, question, &event, err) &&
           query_listing_history(store, &event, question->listing, frame, err);
}

/* --- words --- */

void screen_listings_word_market(const struct frame *listings, enum measures_basis basis, char *out,
                                 size_t size)
{
    const char *column = basis == MEASURES_ALL_IN ? "all_in_price" : "price";
    const char *currency = listings->meta.currency ? listings->meta.currency : "";
    char count[32], tickets[32], price[MONEY_TEXT_MAX];
    int64_t sum = 0, lowest = INT64_MAX;
    for (size_t row = 0; row < listings->row_count; row++) {
        const struct frame_cell *asked = frame_get(listings, row, column);
        sum += frame_get(listings, row, "quantity")->number;
        if (asked->known && asked->number < lowest)
            lowest = asked->number;
    }
    size_t used = (size_t)snprintf(
        out, size, "%s listing%s, %s ticket%s", text_thousands(count, (int64_t)listings->row_count),
        listings->row_count == 1 ? "" : "s", text_thousands(tickets, sum), sum == 1 ? "" : "s");
    if (lowest != INT64_MAX)
        snprintf(out + used, size - used, ", from %s", money_format_human(price, lowest, currency));
}

void screen_listings_word_changes(const struct frame *moments, size_t row, char *out, size_t size)
{
    const struct frame_cell *new = frame_get(moments, row, "new");
    out[0] = '\0';
    if (new->known)
        snprintf(out, size, "; %lld new, %lld gone, %lld repriced", (long long)new->number,
                 (long long)frame_get(moments, row, "gone")->number,
                 (long long)frame_get(moments, row, "repriced")->number);
}

/* --- what a listing was --- */

/* "for 3.0 h", "for 3.0 h, then gone at Nov 12 15:00", "still there". */
static void word_end(const struct desk *desk, const struct frame *history, size_t row, char *out,
                     size_t size)
{
    char at[CLOCK_TEXT_MAX], span[CLOCK_TEXT_MAX];
    const struct frame_cell *until = frame_get(history, row, "until");
    int64_t from_ms = frame_get(history, row, "timestamp")->number;
    bool last = row + 1 == history->row_count;
    if (!until->known) {
        snprintf(out, size, "still there");
        return;
    }
    clock_format_span(span, until->number - from_ms);
    if (last || frame_get(history, row + 1, "timestamp")->number > until->number)
        snprintf(out, size, "for %s, then gone at %s", span, screen_time(at, desk, until->number));
    else
        snprintf(out, size, "for %s", span);
}

static void word_version(const struct desk *desk, const struct frame *history, size_t row,
                         char *out, size_t size)
{
    char at[CLOCK_TEXT_MAX], price[MONEY_TEXT_MAX], all_in[MONEY_TEXT_MAX];
    char end[LINE_MAX_BYTES / 2];
    const char *currency = history->meta.currency ? history->meta.currency : "";
    const struct frame_cell *fees = frame_get(history, row, "all_in_price");
    const struct frame_cell *seat_row = frame_get(history, row, "row");
    screen_time(at, desk, frame_get(history, row, "timestamp")->number);
    money_format_human(price, frame_get(history, row, "price")->number, currency);
    word_end(desk, history, row, end, sizeof end);
    size_t used =
        (size_t)snprintf(out, size, "%-12s %10s  %lld x %s%s%s, %s", at, price,
                         (long long)frame_get(history, row, "quantity")->number,
                         frame_get(history, row, "section")->text, seat_row->known ? " " : "",
                         seat_row->known ? seat_row->text : "", end);
    if (fees->known)
        snprintf(out + used, size - used, "; %s all-in",
                 money_format_human(all_in, fees->number, currency));
}

static enum theme_style style_of(const struct frame *history, size_t row)
{
    if (row == 0)
        return THEME_TEXT;
    int64_t now = frame_get(history, row, "price")->number;
    int64_t before = frame_get(history, row - 1, "price")->number;
    return now > before ? THEME_UP : now < before ? THEME_DOWN : THEME_TEXT;
}

void screen_listings_draw_history(const struct desk *desk, const struct frame *history,
                                  const char *listing_id, struct canvas *canvas,
                                  struct canvas_area area)
{
    char text[LINE_MAX_BYTES], clipped[LINE_MAX_BYTES];
    size_t rows = area.height > 1 ? (size_t)area.height - 1 : 0;
    size_t first = history->row_count > rows ? history->row_count - rows : 0;
    size_t used = (size_t)snprintf(text, sizeof text, "listing %s: %zu version%s",
                                   listing_id ? listing_id : "", history->row_count,
                                   history->row_count == 1 ? "" : "s");
    if (first > 0)
        snprintf(text + used, sizeof text - used, ", the last %zu", rows);
    text_clip(clipped, sizeof clipped, text, area.width - 2, canvas->ascii);
    canvas_text(canvas, area.x + 1, area.y, clipped, THEME_HEADER);
    for (size_t row = first; row < history->row_count; row++) {
        word_version(desk, history, row, text, sizeof text);
        text_clip(clipped, sizeof clipped, text, area.width - 2, canvas->ascii);
        canvas_text(canvas, area.x + 1, area.y + 1 + (int)(row - first), clipped,
                    style_of(history, row));
    }
}

void screen_listings_describe_history(const struct desk *desk, const struct frame *history,
                                      struct buf *out)
{
    char text[LINE_MAX_BYTES];
    for (size_t row = 0; row < history->row_count; row++) {
        word_version(desk, history, row, text, sizeof text);
        buf_printf(out, "%s.\n", text);
    }
}
