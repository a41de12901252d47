/* How prices were distributed over time: the tickets and listings in each of some price bins, column by column. */
#include "base/clock.h"
#include "base/mem.h"
#include "core/query_scope.h"
#include "core/standing.h"

enum { TOP_PERCENT = 98 }; /* the last bin begins there, or just before */

/* One column: the market at a snapshot. */
struct column {
    int64_t at_ms;   /* as it is shown */
    uint32_t moment; /* of the last good snapshot in it */
};

struct cell {
    int64_t listings, tickets;
};

struct density {
    const struct tape *tape;
    bool *passes; /* of each offer */
    enum measures_basis basis;
    struct column *columns;
    size_t column_count;
    uint32_t *
        column_at; /* of each moment of the tape, and behind the last: the first column that ends there or later */
    struct cell *cells; /* [column][bin] */
    size_t bins;
    int64_t low, width; /* of bins, minor units */
};

static void density_release(struct density *density)
{
    mem_free(density->passes);
    mem_free(density->columns);
    mem_free(density->column_at);
    mem_free(density->cells);
}

/* Columns are as many buckets wide as keep their number. They show the moments of the tape from `first` up to `end`. */
static void divide(const struct query_filter *filter, size_t most, uint32_t first, uint32_t end,
                   struct density *density)
{
    const int64_t *moments = density->tape->moments;
    int64_t bucket_ms = query_scope_step_ms(filter);
    int64_t origin_ms = clock_floor(moments[first], bucket_ms), last = -1;
    int64_t buckets = (moments[end - 1] - origin_ms) / bucket_ms + 1;
    int64_t width_ms = bucket_ms * ((buckets + (int64_t)most - 1) / (int64_t)most);
    if (filter->by == QUERY_SNAPSHOT && end - first <= most)
        width_ms = bucket_ms; /* there is a column for each */
    for (uint32_t i = first; i < end; i++) {
        int64_t column = (moments[i] - origin_ms) / width_ms;
        density->column_count += column != last;
        density->columns[density->column_count - 1] = (struct column){
            filter->by == QUERY_SNAPSHOT ? moments[i] : origin_ms + column * width_ms, i};
        last = column;
    }
}

static void list_columns(const struct query_scope *scope, size_t most, struct density *density)
{
    const struct tape *tape = density->tape;
    int64_t from_ms =
        scope->from_ms > scope->section_first_ms ? scope->from_ms : scope->section_first_ms;
    uint32_t first = tape_moment(tape, from_ms), end = tape_moment(tape, scope->to_ms);
    density->columns = mem_alloc(tape->moment_count + 1, sizeof *density->columns);
    density->column_at = mem_alloc(tape->moment_count + 1, sizeof *density->column_at);
    if (first < end)
        divide(scope->filter, most, first, end, density);
    uint32_t column = 0;
    for (uint32_t i = 0; i <= tape->moment_count; i++) {
        while (column < density->column_count && density->columns[column].moment < i)
            column++;
        density->column_at[i] = column;
    }
}

/* A version, where it counts. */
struct span {
    uint32_t rank, first, end; /* columns */
    const struct replay_offer *offer;
};

/* False when it counts nowhere. */
static bool find_span(const struct density *density, const struct tape_version *version,
                      struct span *span)
{
    uint32_t rank = version->rank[density->basis];
    if (rank == STANDING_NO_RANK || !density->passes[version->offer])
        return false;
    *span = (struct span){rank, density->column_at[version->from], density->column_at[version->end],
                          density->tape->offers[version->offer]};
    return span->first < span->end;
}

/* Bins from the lowest price to that below which most observations lie. False when there are none. */
static bool choose_bins(struct density *density)
{
    const struct tape *tape = density->tape;
    AUTO_FREE size_t *seen = mem_alloc(tape->price_count + 1, sizeof *seen); /* by rank */
    size_t all = 0, below = 0;
    struct span span;
    for (size_t i = 0; i < tape->version_count; i++) {
        if (!find_span(density, &tape->versions[i], &span))
            continue;
        seen[span.rank] += span.end - span.first;
        all += span.end - span.first;
    }
    if (all == 0)
        return false;
    size_t rank = 0;
    while (seen[rank] == 0)
        rank++;
    int64_t top = density->low = tape->prices[rank];
    for (; 100 * below < TOP_PERCENT * all; rank++) {
        below += seen[rank];
        top = seen[rank] > 0 ? tape->prices[rank] : top;
    }
    int64_t bins = (int64_t)density->bins;
    density->width = (top - density->low + bins - 1) / bins;
    if (density->width == 0)
        density->width = 1;
    return true;
}

static size_t bin_of(const struct density *density, uint32_t rank)
{
    size_t bin = (size_t)((density->tape->prices[rank] - density->low) / density->width);
    return bin < density->bins ? bin : density->bins - 1;
}

/* Counts what changes from column to column, then adds up. */
static void count_cells(struct density *density)
{
    const struct tape *tape = density->tape;
    size_t bins = density->bins;
    struct span span;
    density->cells = mem_alloc((density->column_count + 1) * bins, sizeof *density->cells);
    for (size_t i = 0; i < tape->version_count; i++) {
        if (!find_span(density, &tape->versions[i], &span))
            continue;
        int quantity = span.offer->quantity;
        size_t bin = bin_of(density, span.rank);
        struct cell *first = &density->cells[span.first * bins + bin];
        struct cell *end = &density->cells[span.end * bins + bin];
        *first = (struct cell){first->listings + 1, first->tickets + quantity};
        *end = (struct cell){end->listings - 1, end->tickets - quantity};
    }
    for (size_t i = bins; i < density->column_count * bins; i++) {
        density->cells[i].listings += density->cells[i - bins].listings;
        density->cells[i].tickets += density->cells[i - bins].tickets;
    }
}

static void fill(const struct density *density, struct frame *frame)
{
    for (size_t i = 0; i < density->column_count * density->bins; i++) {
        const struct cell *cell = &density->cells[i];
        size_t bin = i % density->bins;
        if (cell->listings == 0)
            continue;
        int64_t from = density->low + (int64_t)bin * density->width;
        struct frame_cell *cells = frame_add_row(frame);
        cells[0] = frame_number(density->columns[i / density->bins].at_ms);
        cells[1] = frame_number(from);
        cells[2] = bin + 1 < density->bins ? frame_number(from + density->width) : frame_null();
        cells[3] = frame_number(cell->listings);
        cells[4] = frame_number(cell->tickets);
    }
}

static bool look(const struct query_scope *scope, size_t columns, struct density *density,
                 struct frame *frame, struct err *err)
{
    if (!query_scope_play(scope, &density->tape, err))
        return false;
    density->passes = query_scope_let(scope, density->tape, scope->filter->sizes, true);
    list_columns(scope, columns, density);
    if (choose_bins(density)) {
        count_cells(density);
        fill(density, frame);
    }
    return true;
}

bool query_density(struct store *store, const struct event *event,
                   const struct query_filter *filter, const struct query_density *wanted,
                   struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"timestamp", FRAME_TIME}, {"price_from", FRAME_MONEY}, {"price_to", FRAME_MONEY},
        {"listings", FRAME_INT},   {"tickets", FRAME_INT},
    };
    if (wanted->bins < 1 || wanted->columns < 1)
        BUG("%zu bins, %zu columns", wanted->bins, wanted->columns);
    AUTO_SCOPE struct query_scope scope = {0};
    struct density density = {.bins = wanted->bins, .basis = filter->basis};
    *frame = (struct frame){0};
    if (!query_scope_open(store, event, filter, &scope, err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    query_scope_meta(&scope, true, frame);
    bool ok = look(&scope, wanted->columns, &density, frame, err);
    density_release(&density);
    return ok;
}
