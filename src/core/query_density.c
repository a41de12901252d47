/* How prices were distributed over time: the tickets and listings in each of some price bins, column by column. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/sort.h"
#include "core/query_scope.h"

enum { TOP_PERCENT = 98 }; /* the last bin begins there, or just before */

#define SIGN (UINT64_C(1) << 63) /* flipped, it puts negative numbers before the others */

/* One column: the market at a snapshot. */
struct column {
    int64_t at_ms;       /* as it is shown */
    int64_t snapshot_ms; /* the last good one in it */
};

/* A version, where it counts. */
struct span {
    const struct replay_version *version;
    int64_t price;
    size_t first, end; /* columns */
};

struct cell {
    int64_t listings, tickets;
};

struct density {
    struct column *columns;
    size_t column_count;
    struct span *spans;
    size_t span_count;
    struct cell *cells; /* [column][bin] */
    size_t bins;
    int64_t low, width; /* of bins, minor units */
};

static void density_release(struct density *density)
{
    mem_free(density->columns);
    mem_free(density->spans);
    mem_free(density->cells);
}

/* Columns are as many buckets wide as keep their number. */
static void divide(const int64_t *moments, size_t count, const struct query_filter *filter,
                   size_t most, struct density *density)
{
    int64_t bucket_ms = query_scope_step_ms(filter);
    int64_t origin_ms = clock_floor(moments[0], bucket_ms), last = -1;
    int64_t buckets = (moments[count - 1] - origin_ms) / bucket_ms + 1;
    int64_t width_ms = bucket_ms * ((buckets + (int64_t)most - 1) / (int64_t)most);
    if (filter->by == QUERY_SNAPSHOT && count <= most)
        width_ms = bucket_ms; /* there is a column for each */
    for (size_t i = 0; i < count; i++) {
        int64_t column = (moments[i] - origin_ms) / width_ms;
        density->column_count += column != last;
        density->columns[density->column_count - 1] = (struct column){
            filter->by == QUERY_SNAPSHOT ? moments[i] : origin_ms + column * width_ms, moments[i]};
        last = column;
    }
}

static bool list_columns(const struct query_scope *scope, size_t most, struct density *density,
                         struct err *err)
{
    AUTO_FREE int64_t *moments = NULL;
    size_t count;
    int64_t from_ms =
        scope->from_ms > scope->section_first_ms ? scope->from_ms : scope->section_first_ms;
    if (!replay_moments(scope->store, scope->event->id, from_ms, scope->to_ms, &moments, &count,
                        err))
        return false;
    density->columns = mem_alloc(count + 1, sizeof *density->columns);
    if (count > 0)
        divide(moments, count, scope->filter, most, density);
    return true;
}

/* The first column whose snapshot is at or after a time. */
static size_t column_at(const struct density *density, int64_t at_ms)
{
    size_t low = 0, high = density->column_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (density->columns[middle].snapshot_ms < at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void list_spans(const struct query_scope *scope, const struct replay_set *set,
                       struct density *density)
{
    density->spans = mem_alloc(set->count + 1, sizeof *density->spans);
    for (size_t i = 0; i < set->count; i++) {
        const struct replay_version *version = &set->versions[i];
        struct span span = {version, replay_quote(version).price[scope->filter->basis],
                            column_at(density, version->from_ms),
                            column_at(density, version->to_ms)};
        if (span.first < span.end && span.price != MEASURES_NONE &&
            query_scope_wants(scope, version->offer->place->zone_id) &&
            query_scope_lets(scope, version, scope->filter->sizes))
            density->spans[density->span_count++] = span;
    }
}

/* Bins from the lowest price to that below which most observations lie. */
static void choose_bins(struct density *density)
{
    AUTO_FREE struct sort_item *sorted = mem_alloc(density->span_count + 1, sizeof *sorted);
    size_t all = 0, seen = 0;
    for (size_t i = 0; i < density->span_count; i++) {
        const struct span *span = &density->spans[i];
        sorted[i] = (struct sort_item){(uint64_t)span->price ^ SIGN, span};
        all += span->end - span->first;
    }
    sort_by_key(sorted, density->span_count, NULL);
    int64_t top = density->low = ((const struct span *)sorted[0].thing)->price;
    for (size_t i = 0; i < density->span_count && 100 * seen < TOP_PERCENT * all; i++) {
        const struct span *span = sorted[i].thing;
        seen += span->end - span->first;
        top = span->price;
    }
    int64_t bins = (int64_t)density->bins;
    density->width = (top - density->low + bins - 1) / bins;
    if (density->width == 0)
        density->width = 1;
}

static size_t bin_of(const struct density *density, int64_t price)
{
    size_t bin = (size_t)((price - density->low) / density->width);
    return bin < density->bins ? bin : density->bins - 1;
}

/* Counts what changes from column to column, then adds up. */
static void count_cells(struct density *density)
{
    size_t bins = density->bins;
    density->cells = mem_alloc((density->column_count + 1) * bins, sizeof *density->cells);
    for (size_t i = 0; i < density->span_count; i++) {
        const struct span *span = &density->spans[i];
        int quantity = span->version->offer->quantity;
        size_t bin = bin_of(density, span->price);
        struct cell *first = &density->cells[span->first * bins + bin];
        struct cell *end = &density->cells[span->end * bins + bin];
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
    AUTO_REPLAY struct replay_set set = {0};
    if (!list_columns(scope, columns, density, err))
        return false;
    if (density->column_count == 0)
        return true;
    int64_t last_ms = density->columns[density->column_count - 1].snapshot_ms;
    if (!replay_load(scope->store, &scope->atlas, density->columns[0].snapshot_ms, last_ms + 1,
                     &set, err))
        return false;
    list_spans(scope, &set, density);
    if (density->span_count == 0)
        return true;
    choose_bins(density);
    count_cells(density);
    fill(density, frame);
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
    struct density density = {.bins = wanted->bins};
    *frame = (struct frame){0};
    if (!query_scope_open(store, event, filter, &scope, err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    query_scope_meta(&scope, true, frame);
    bool ok = look(&scope, wanted->columns, &density, frame, err);
    density_release(&density);
    return ok;
}
