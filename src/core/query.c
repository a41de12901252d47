/* The three series: price trends, group prices, ticket counts. */
#include "core/query.h"

#include "base/mem.h"
#include "core/query_scope.h"

void query_init(struct query_filter *filter)
{
    *filter = (struct query_filter){.by = QUERY_HOUR, .basis = MEASURES_BASE};
}

/* How one command turns a bucket into rows; `cells` stand behind the zone column, if there is one. */
typedef void write_rows(struct frame *frame, const struct query_filter *filter, const char *zone,
                        const struct rollup_row *row);

static struct frame_cell *begin_row(struct frame *frame, const char *zone,
                                    const struct rollup_row *row)
{
    struct frame_cell *cells = frame_add_row(frame);
    if (zone)
        *cells++ = (struct frame_cell){.known = true, .text = zone};
    *cells++ = frame_number(row->at_ms);
    return cells;
}

static void write_trend(struct frame *frame, const struct query_filter *filter, const char *zone,
                        const struct rollup_row *row)
{
    const struct measures_prices *prices = &row->measures.prices[filter->basis];
    struct frame_cell *cells = begin_row(frame, zone, row);
    cells[0] = query_scope_price(prices->min);
    cells[1] = query_scope_price(measures_avg(prices));
    cells[2] = query_scope_price(measures_median(prices));
    cells[3] = query_scope_price(prices->max);
    cells[4] = frame_number(row->measures.snapshots);
}

static unsigned group_sizes(const struct query_filter *filter)
{
    enum { PAIR = 1 << 1, FOUR = 1 << 3 };
    return filter->sizes ? filter->sizes : PAIR | FOUR;
}

static void write_groups(struct frame *frame, const struct query_filter *filter, const char *zone,
                         const struct rollup_row *row)
{
    for (int k = 1; k <= MEASURES_SIZES; k++) {
        if (!(group_sizes(filter) >> (k - 1) & 1))
            continue;
        int64_t price = row->measures.prices[filter->basis].group_min[k - 1];
        struct frame_cell *cells = begin_row(frame, zone, row);
        cells[0] = frame_number(k);
        cells[1] = query_scope_price(price == MEASURES_NONE ? price : k * price);
        cells[2] = query_scope_price(price);
    }
}

static void write_counts(struct frame *frame, const struct query_filter *filter, const char *zone,
                         const struct rollup_row *row)
{
    (void)filter;
    struct frame_cell *cells = begin_row(frame, zone, row);
    cells[0] = frame_number(row->measures.tickets);
    cells[1] = frame_number(row->measures.listings);
    cells[2] = frame_number(row->measures.lowest_tickets);
    cells[3] = frame_number(row->measures.highest_tickets);
    cells[4] = frame_number(row->measures.tickets > 0);
}

/* What a command shows: its columns after zone and timestamp, and how to fill them. */
struct series_form {
    const struct frame_column *columns;
    size_t column_count;
    write_rows *write;
    bool sizes_are_rows; /* --size picks rows (groups), not offers */
};

static void init_columns(const struct query_scope *scope, const struct series_form *form,
                         struct frame *frame)
{
    struct frame_column columns[12];
    size_t n = 0;
    if (scope->zone_count > 1)
        columns[n++] = (struct frame_column){"zone", FRAME_TEXT};
    columns[n++] = (struct frame_column){"timestamp", FRAME_TIME};
    for (size_t i = 0; i < form->column_count; i++)
        columns[n++] = form->columns[i];
    frame_init(frame, columns, n);
    query_scope_meta(scope, true, frame);
}

static bool fill(const struct query_scope *scope, const struct series_form *form,
                 struct frame *frame, struct err *err)
{
    unsigned filter_sizes = form->sizes_are_rows ? 0 : scope->filter->sizes;
    unsigned wanted = form->sizes_are_rows ? group_sizes(scope->filter) : 0;
    for (size_t z = 0; z < scope->zone_count || z == 0; z++) {
        AUTO_ROWS struct rollup_rows rows = {0};
        const struct atlas_zone *zone = scope->zone_count ? scope->zones[z] : NULL;
        if (!query_scope_series(scope, zone, filter_sizes, wanted, &rows, err))
            return false;
        const char *name = scope->zone_count > 1 ? frame->meta.zones.texts[z] : NULL;
        for (size_t i = 0; i < rows.count; i++)
            form->write(frame, scope->filter, name, &rows.rows[i]);
    }
    return true;
}

static bool series(struct store *store, const struct event *event,
                   const struct query_filter *filter, const struct series_form *form,
                   struct frame *frame, struct err *err)
{
    AUTO_SCOPE struct query_scope scope = {0};
    *frame = (struct frame){0};
    if (!query_scope_open(store, event, filter, &scope, err))
        return false;
    init_columns(&scope, form, frame);
    return fill(&scope, form, frame, err);
}

/* From the first to the last known lowest price, in percent; under one percent is flat. */
static void set_trend(struct frame *frame)
{
    frame->meta.has_trend = true;
    int column = frame_find(frame, "min_price");
    int64_t first = MEASURES_NONE, last = MEASURES_NONE;
    for (size_t i = 0; i < frame->row_count && frame_find(frame, "zone") < 0; i++) {
        const struct frame_cell *cell = frame_at(frame, i, (size_t)column);
        if (!cell->known)
            continue;
        if (first == MEASURES_NONE)
            first = cell->number;
        last = cell->number;
    }
    if (first == MEASURES_NONE || first == 0)
        return;
    double percent = 100.0 * (double)(last - first) / (double)first;
    frame->meta.has_percent = true;
    frame->meta.percent_change = percent;
    frame->meta.trend = percent >= 1.0 ? "increasing" : percent <= -1.0 ? "decreasing" : "flat";
}

bool query_trends(struct store *store, const struct event *event, const struct query_filter *filter,
                  struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"min_price", FRAME_MONEY}, {"avg_price", FRAME_MONEY}, {"median_price", FRAME_MONEY},
        {"max_price", FRAME_MONEY}, {"snapshots", FRAME_INT},
    };
    static const struct series_form form = {columns, 5, write_trend, false};
    if (!series(store, event, filter, &form, frame, err))
        return false;
    set_trend(frame);
    return true;
}

bool query_groups(struct store *store, const struct event *event, const struct query_filter *filter,
                  struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"group_size", FRAME_INT},
        {"price", FRAME_MONEY},
        {"price_per_ticket", FRAME_MONEY},
    };
    static const struct series_form form = {columns, 3, write_groups, true};
    return series(store, event, filter, &form, frame, err);
}

bool query_counts(struct store *store, const struct event *event, const struct query_filter *filter,
                  struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"total_tickets", FRAME_INT},  {"total_listings", FRAME_INT},
        {"lowest_tickets", FRAME_INT}, {"highest_tickets", FRAME_INT},
        {"available", FRAME_BOOL},
    };
    static const struct series_form form = {columns, 5, write_counts, false};
    return series(store, event, filter, &form, frame, err);
}
