/* All measures of some series in one frame, so that whoever shows one of them can show another without asking again. */
#include <string.h>

#include "base/mem.h"
#include "core/query_scope.h"

static void add_row(const struct query_scope *scope, const char *zone, const struct rollup_row *row,
                    struct frame *frame)
{
    const struct measures *measures = &row->measures;
    const struct measures_prices *prices = &measures->prices[scope->filter->basis];
    struct frame_cell *cell = frame_add_row(frame);
    *cell++ = (struct frame_cell){.known = true, .text = zone};
    *cell++ = frame_number(row->at_ms);
    *cell++ = query_scope_price(prices->min);
    *cell++ = query_scope_price(prices->quarter);
    *cell++ = query_scope_price(measures_median(prices));
    *cell++ = query_scope_price(measures_avg(prices));
    *cell++ = query_scope_price(prices->max);
    *cell++ = frame_number(measures->snapshots);
    *cell++ = frame_number(measures->tickets);
    *cell++ = frame_number(measures->listings);
    *cell++ = frame_number(measures->lowest_tickets);
    *cell++ = frame_number(measures->highest_tickets);
    for (int k = 0; k < MEASURES_SIZES; k++)
        *cell++ = query_scope_price(prices->group_min[k]);
}

static void init_frame(const struct query_scope *scope, struct frame *frame)
{
    static const struct frame_column columns[] = {
        {"zone", FRAME_TEXT},          {"timestamp", FRAME_TIME},
        {"min_price", FRAME_MONEY},    {"quarter_price", FRAME_MONEY},
        {"median_price", FRAME_MONEY}, {"avg_price", FRAME_MONEY},
        {"max_price", FRAME_MONEY},    {"snapshots", FRAME_INT},
        {"total_tickets", FRAME_INT},  {"total_listings", FRAME_INT},
        {"lowest_tickets", FRAME_INT}, {"highest_tickets", FRAME_INT},
        {"price_1", FRAME_MONEY},      {"price_2", FRAME_MONEY},
        {"price_3", FRAME_MONEY},      {"price_4", FRAME_MONEY},
        {"price_5", FRAME_MONEY},      {"price_6", FRAME_MONEY},
        {"price_7", FRAME_MONEY},      {"price_8", FRAME_MONEY},
    };
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    query_scope_meta(scope, true, frame);
}

/* The zones whose series are wanted, NULL for the whole event; mem_alloc()ed. */
static const struct atlas_zone **list_series(const struct query_scope *scope, bool every_zone,
                                             size_t *count)
{
    const struct query_filter *filter = scope->filter;
    const struct atlas *atlas = &scope->atlas;
    *count = every_zone ? atlas->zone_count : filter->zone_count ? filter->zone_count : 1;
    const struct atlas_zone **zones = mem_alloc(*count + 1, sizeof *zones);
    for (size_t i = 0; every_zone && i < atlas->zone_count; i++)
        zones[i] = &atlas->zones[i];
    size_t named = 0;
    for (size_t i = 0; !every_zone && i < filter->zone_count; i++)
        zones[i] = strcmp(filter->zones[i], "*") == 0 ? NULL : scope->zones[named++];
    return zones;
}

static bool fill(const struct query_scope *scope, const struct query_measures *wanted,
                 struct frame *frame, struct err *err)
{
    unsigned sizes = scope->filter->sizes;
    size_t count;
    AUTO_FREE const struct atlas_zone **zones = list_series(scope, wanted->every_zone, &count);
    AUTO_FREE struct rollup_rows *rows = mem_alloc(count + 1, sizeof *rows);
    bool ok = query_scope_series_each(scope, zones, count, wanted->sizes_restrict ? sizes : 0,
                                      MEASURES_KEPT_SIZES | sizes, rows, err);
    for (size_t i = 0; i < count; i++) {
        const char *name = zones[i] ? arena_strdup(&frame->arena, zones[i]->name) : "*";
        for (size_t r = 0; ok && r < rows[i].count; r++)
            add_row(scope, name, &rows[i].rows[r], frame);
        rollup_rows_release(&rows[i]);
    }
    return ok;
}

bool query_measures(struct store *store, const struct event *event,
                    const struct query_filter *filter, const struct query_measures *wanted,
                    struct frame *frame, struct err *err)
{
    AUTO_SCOPE struct query_scope scope = {0};
    *frame = (struct frame){0};
    if (!query_scope_open(store, event, filter, &scope, err))
        return false;
    init_frame(&scope, frame);
    return fill(&scope, wanted, frame, err);
}
