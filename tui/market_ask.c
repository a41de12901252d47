/* What the panes over time want to know. */
#include <string.h>

#include "base/clock.h"
#include "tui/market_private.h"

enum { BINS_LEAST = 4, BINS_MOST = 60, ROWS_AROUND = 4 };

static bool load_zones(struct store *store, const struct question *question, struct frame *frame,
                       struct err *err)
{
    struct event event;
    struct query_filter filter;
    struct query_measures wanted = {.every_zone = question->view.zone_count == 0,
                                    .sizes_restrict = true};
    return question_event(store, question, &event, err) &&
           view_filter(&question->view, &filter, err) &&
           query_measures(store, &event, &filter, &wanted, frame, err);
}

void market_ask_zones(struct question *question, struct canvas_area area)
{
    (void)area;
    memset(question->view.at, 0, sizeof question->view.at);
    question->load = load_zones;
}

enum { DENSITY_TIME, DENSITY_MEDIAN = 5, DENSITY_COLUMNS };

/* Adds to each row the median price at the end of its column: the last that measures know before the next one. */
static void join_median(const struct frame *density, const struct frame *measures,
                        struct frame *frame)
{
    size_t time = (size_t)frame_find(measures, "timestamp"), next = 0;
    size_t median = (size_t)frame_find(measures, "median_price");
    struct frame_cell known = frame_null();
    size_t end = 0;
    for (size_t row = 0; row < density->row_count; row++) {
        int64_t at_ms = frame_at(density, row, DENSITY_TIME)->number;
        for (; end < density->row_count && frame_at(density, end, DENSITY_TIME)->number == at_ms;)
            end++;
        bool is_last = end == density->row_count;
        while (next < measures->row_count &&
               (is_last || frame_at(measures, next, time)->number <
                               frame_at(density, end, DENSITY_TIME)->number))
            known = *frame_at(measures, next++, median);
        struct frame_cell *cells = frame_add_row(frame);
        memcpy(cells, frame_at(density, row, 0), DENSITY_MEDIAN * sizeof *cells);
        cells[DENSITY_MEDIAN] = known;
    }
}

/* Columns that span several buckets have no granularity of the filter's any more. */
static bool is_coarse(const struct frame *density, enum query_by by)
{
    int64_t step_ms = by == QUERY_DAY ? CLOCK_DAY_MS : CLOCK_HOUR_MS, least = INT64_MAX;
    for (size_t row = 1; row < density->row_count; row++) {
        int64_t gap = frame_at(density, row, DENSITY_TIME)->number -
                      frame_at(density, row - 1, DENSITY_TIME)->number;
        least = gap > 0 && gap < least ? gap : least;
    }
    return least != INT64_MAX && least > step_ms;
}

static void copy_meta(const struct frame *from, struct frame *frame)
{
    const char **zones = arena_array(&frame->arena, from->meta.zones.count + 1, sizeof *zones);
    struct frame_meta meta = from->meta;
    for (size_t i = 0; i < meta.zones.count; i++)
        zones[i] = arena_strdup(&frame->arena, meta.zones.texts[i]);
    meta.zones.texts = zones;
    meta.event = arena_strdup(&frame->arena, meta.event);
    meta.event_id = arena_strdup(&frame->arena, meta.event_id);
    meta.event_name = arena_strdup(&frame->arena, meta.event_name);
    meta.currency = arena_strdup(&frame->arena, meta.currency);
    meta.section = arena_strdup(&frame->arena, meta.section);
    frame->meta = meta;
}

/* The median of several zones together is nowhere kept, so it is not there then. */
static bool load_density(struct store *store, const struct question *question, struct frame *frame,
                         struct err *err)
{
    static const struct frame_column columns[DENSITY_COLUMNS] = {
        {"timestamp", FRAME_TIME}, {"price_from", FRAME_MONEY}, {"price_to", FRAME_MONEY},
        {"listings", FRAME_INT},   {"tickets", FRAME_INT},      {"median_price", FRAME_MONEY},
    };
    AUTO_FRAME struct frame density = {0}, measures = {0};
    struct event event;
    struct query_filter filter;
    struct query_density wanted = {(size_t)question->numbers[0], (size_t)question->numbers[1]};
    struct query_measures median = {.sizes_restrict = true};
    if (!question_event(store, question, &event, err) ||
        !view_filter(&question->view, &filter, err) ||
        !query_density(store, &event, &filter, &wanted, &density, err))
        return false;
    if (filter.zone_count <= 1 && !query_measures(store, &event, &filter, &median, &measures, err))
        return false;
    frame_init(frame, columns, DENSITY_COLUMNS);
    copy_meta(&density, frame);
    if (is_coarse(&density, filter.by))
        frame->meta.granularity = NULL;
    join_median(&density, &measures, frame);
    return true;
}

/* A bin a row of the picture; columns enough that none of the picture's stays empty. */
void market_ask_density(struct question *question, struct canvas_area area)
{
    int bins = area.height - ROWS_AROUND;
    memset(question->view.at, 0, sizeof question->view.at);
    question->numbers[0] = bins < BINS_LEAST ? BINS_LEAST : bins > BINS_MOST ? BINS_MOST : bins;
    question->numbers[1] = area.width > 0 ? 2 * area.width : 1;
    question->load = load_density;
}
