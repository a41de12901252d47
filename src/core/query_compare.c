/* Several events beside each other, by date or by days to the event. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/query_scope.h"

/* One value of one event at one place of the common axis. */
struct point {
    int64_t key; /* bucket start, or bucket start less the event's bucket */
    size_t event;
    int64_t value;
};

struct points {
    struct point *points;
    size_t count, capacity;
};

static unsigned group_bit(const struct query_filter *filter)
{
    for (unsigned bit = 0; bit < MEASURES_SIZES; bit++)
        if (filter->sizes >> bit & 1)
            return bit;
    return 2 - 1;
}

static int64_t value_of(const struct measures *measures, const struct query_filter *filter,
                        enum query_metric metric)
{
    const struct measures_prices *prices = &measures->prices[filter->basis];
    switch (metric) {
    case QUERY_MIN:
        return prices->min;
    case QUERY_AVG:
        return measures_avg(prices);
    case QUERY_MEDIAN:
        return measures_median(prices);
    case QUERY_MAX:
        return prices->max;
    case QUERY_TICKETS:
        return measures->tickets;
    case QUERY_LISTINGS:
        return measures->listings;
    case QUERY_GROUP:
        return prices->group_min[group_bit(filter)];
    }
    BUG("metric %d", (int)metric);
}

static int64_t step_of(const struct query_filter *filter)
{
    return filter->by == QUERY_DAY ? CLOCK_DAY_MS : CLOCK_HOUR_MS;
}

/* Where the axis of an event begins: at 1970, or at the bucket in which it starts. */
static bool origin_of(const struct event *event, const struct query_filter *filter,
                      const struct query_compare *compare, int64_t *origin_ms, struct err *err)
{
    char name[EVENT_NAME_MAX + 8];
    *origin_ms = 0;
    if (!compare->by_days_to_event)
        return true;
    if (event->date_ms == EVENT_NO_DATE)
        return err_set(err, ERR_USAGE,
                       "the date of event '%s' is not known, so it has no days to go",
                       event_name(name, event));
    *origin_ms = clock_floor(event->date_ms, step_of(filter));
    return true;
}

static bool collect(struct store *store, const struct event *event, size_t index,
                    const struct query_filter *filter, const struct query_compare *compare,
                    struct points *points, struct err *err)
{
    AUTO_SCOPE struct query_scope scope = {0};
    AUTO_ROWS struct rollup_rows rows = {0};
    int64_t origin_ms;
    bool grouped = compare->metric == QUERY_GROUP;
    if (!origin_of(event, filter, compare, &origin_ms, err) ||
        !query_scope_open(store, event, filter, &scope, err))
        return false;
    const struct atlas_zone *zone = scope.zone_count ? scope.zones[0] : NULL;
    if (!query_scope_series(&scope, zone, grouped ? 0 : filter->sizes,
                            grouped ? 1u << group_bit(filter) : 0, &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        points->points =
            mem_grow(points->points, points->count, &points->capacity, sizeof *points->points);
        points->points[points->count++] =
            (struct point){rows.rows[i].at_ms - origin_ms, index,
                           value_of(&rows.rows[i].measures, filter, compare->metric)};
    }
    return true;
}

static int by_key(const void *a, const void *b)
{
    const struct point *left = a, *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->event > right->event) - (left->event < right->event);
}

static void init_frame(struct frame *frame, const struct event *events, size_t count,
                       const struct query_filter *filter, const struct query_compare *compare)
{
    static const char *const granularities[] = {"snapshot", "hour", "day"};
    AUTO_FREE struct frame_column *columns = mem_alloc(count + 1, sizeof *columns);
    frame_init(frame, columns, count + 1);
    bool days = compare->by_days_to_event;
    frame->columns[0] = days ? (struct frame_column){"days_to_event", FRAME_REAL}
                             : (struct frame_column){"timestamp", FRAME_TIME};
    bool counts = compare->metric == QUERY_TICKETS || compare->metric == QUERY_LISTINGS;
    enum frame_type type = compare->indexed ? FRAME_REAL : counts ? FRAME_INT : FRAME_MONEY;
    for (size_t i = 0; i < count; i++) {
        char name[EVENT_NAME_MAX + 8];
        frame->columns[i + 1] =
            (struct frame_column){arena_strdup(&frame->arena, event_name(name, &events[i])), type};
    }
    frame->meta = (struct frame_meta){
        .currency = arena_strdup(&frame->arena, events[0].currency),
        .price_basis = filter->basis == MEASURES_BASE ? "base" : "all-in",
        .granularity = granularities[filter->by],
        .has_from = filter->has_from,
        .has_to = filter->has_to,
        .from_ms = filter->from_ms,
        .to_ms = filter->to_ms,
    };
}

static void fill_rows(const struct points *points, const struct query_compare *compare,
                      size_t event_count, struct frame *frame)
{
    AUTO_FREE int64_t *first = mem_alloc(event_count, sizeof *first);
    struct frame_cell *cells = NULL;
    for (size_t i = 0; i < points->count; i++) {
        const struct point *point = &points->points[i];
        if (i == 0 || point->key != points->points[i - 1].key) {
            cells = frame_add_row(frame);
            cells[0] = compare->by_days_to_event
                           ? frame_real((double)-point->key / (double)CLOCK_DAY_MS)
                           : frame_number(point->key);
        }
        if (point->value == MEASURES_NONE)
            continue;
        if (first[point->event] == 0)
            first[point->event] = point->value;
        if (!compare->indexed)
            cells[1 + point->event] = frame_number(point->value);
        else if (first[point->event] != 0)
            cells[1 + point->event] =
                frame_real(100.0 * (double)point->value / (double)first[point->event]);
    }
}

bool query_compare(struct store *store, const struct event *events, size_t count,
                   const struct query_filter *filter, const struct query_compare *compare,
                   struct frame *frame, struct err *err)
{
    *frame = (struct frame){0};
    struct points points = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = collect(store, &events[i], i, filter, compare, &points, err);
    if (ok) {
        if (points.count > 1)
            qsort(points.points, points.count, sizeof *points.points, by_key);
        init_frame(frame, events, count, filter, compare);
        fill_rows(&points, compare, count, frame);
    }
    mem_free(points.points);
    return ok;
}
