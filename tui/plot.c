#include "tui/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"

/* A real beyond it, or one that is no number, is not drawn. */
#define REAL_LIMIT 1e12

static size_t need(const struct frame *frame, const char *name)
{
    int column = frame_find(frame, name);
    if (column < 0)
        BUG("a chart needs the column '%s'", name);
    return (size_t)column;
}

/* Adds a row's cell to a series, in the unit of the chart. */
static void add_cell(struct series *series, int64_t x, const struct frame_cell *cell,
                     enum frame_type type)
{
    if (!cell->known)
        series_add_unknown(series, x);
    else if (type != FRAME_REAL)
        series_add(series, x, cell->number);
    else if (fabs(cell->real) < REAL_LIMIT)
        series_add(series, x, llround(cell->real * 1000));
    else
        series_add_unknown(series, x);
}

/* The series of that name, added when it is new. */
static struct series *series_named(struct chart *chart, const char *name)
{
    for (size_t i = 0; i < chart->count; i++)
        if (!strcmp(chart->series[i].name, name))
            return &chart->series[i];
    size_t index = chart_add(chart, name);
    return &chart->series[index];
}

static const char *zone_of(const struct frame *frame, size_t row)
{
    int column = frame_find(frame, "zone");
    if (column < 0)
        return NULL;
    const struct frame_cell *cell = frame_at(frame, row, (size_t)column);
    return cell->known ? cell->text : "";
}

/* "Leafs at Habs: price per ticket, Lower Bowl" and "by hour, base price, USD". */
static void describe(struct chart *chart, const struct frame *frame, const char *what)
{
    const struct frame_meta *meta = &frame->meta;
    struct arena *arena = &chart->arena;
    const char *event = meta->event_name ? meta->event_name : meta->event;
    const char *place = meta->section            ? meta->section
                        : meta->zones.count == 1 ? meta->zones.texts[0]
                                                 : NULL;
    chart->title = arena_printf(arena, "%s%s%s%s%s", event ? event : "", event ? ": " : "", what,
                                place ? ", " : "", place ? place : "");
    const char *by = meta->granularity;
    const char *basis = chart->unit == AXIS_MONEY ? meta->price_basis : NULL;
    const char *currency = chart->unit == AXIS_MONEY ? meta->currency : NULL;
    char change[48] = "";
    if (meta->has_trend && meta->has_percent)
        snprintf(change, sizeof(change), "%+.1f %%%s", meta->percent_change, by ? ", " : "");
    chart->note = arena_printf(arena, "%s%s%s%s%s%s%s%s", change, by ? "by " : "", by ? by : "",
                               by && basis ? ", " : "", basis ? basis : "", basis ? " price" : "",
                               currency ? ", " : "", currency ? currency : "");
    chart->currency = arena_strdup(arena, currency);
    chart->has_from = meta->has_from;
    chart->has_to = meta->has_to;
    chart->from = meta->from_ms;
    chart->to = meta->to_ms;
}

static void finish(struct chart *chart)
{
    for (size_t i = 0; i < chart->count; i++)
        series_sort(&chart->series[i]);
}

/* One series for each zone, of one column. */
static void add_by_zone(struct chart *chart, const struct frame *frame, size_t column)
{
    size_t time = need(frame, "timestamp");
    for (size_t row = 0; row < frame->row_count; row++)
        add_cell(series_named(chart, zone_of(frame, row)), frame_at(frame, row, time)->number,
                 frame_at(frame, row, column), frame->columns[column].type);
}

/* One series of one column. */
static size_t add_column(struct chart *chart, const struct frame *frame, const char *name,
                         size_t column)
{
    size_t time = need(frame, "timestamp"), index = chart_add(chart, name);
    for (size_t row = 0; row < frame->row_count; row++)
        add_cell(&chart->series[index], frame_at(frame, row, time)->number,
                 frame_at(frame, row, column), frame->columns[column].type);
    return index;
}

void plot_trends(struct chart *chart, const struct frame *frame)
{
    chart->unit = AXIS_MONEY;
    size_t lowest = need(frame, "min_price");
    if (frame_find(frame, "zone") >= 0) {
        describe(chart, frame, "lowest price per ticket");
        add_by_zone(chart, frame, lowest);
    } else {
        describe(chart, frame, "price per ticket");
        chart->band_low = add_column(chart, frame, "min", lowest);
        chart->band_high = add_column(chart, frame, "median", need(frame, "median_price"));
        chart->has_band = true;
        add_column(chart, frame, "avg", need(frame, "avg_price"));
    }
    finish(chart);
}

void plot_groups(struct chart *chart, const struct frame *frame)
{
    size_t time = need(frame, "timestamp"), size = need(frame, "group_size");
    size_t price = need(frame, "price_per_ticket");
    chart->unit = AXIS_MONEY;
    describe(chart, frame, "price per ticket, seats together");
    for (size_t row = 0; row < frame->row_count; row++) {
        char name[256];
        const char *zone = zone_of(frame, row);
        snprintf(name, sizeof(name), "%s%sfor %d", zone ? zone : "", zone ? " " : "",
                 (int)frame_at(frame, row, size)->number);
        add_cell(series_named(chart, name), frame_at(frame, row, time)->number,
                 frame_at(frame, row, price), FRAME_MONEY);
    }
    finish(chart);
}

void plot_counts(struct chart *chart, const struct frame *frame)
{
    size_t tickets = need(frame, "total_tickets");
    chart->unit = AXIS_COUNT;
    chart->from_zero = true;
    describe(chart, frame, "tickets listed");
    if (frame_find(frame, "zone") >= 0)
        add_by_zone(chart, frame, tickets);
    else
        add_column(chart, frame, "tickets", tickets);
    finish(chart);
}

static bool unit_of(enum frame_type type, enum axis_unit *unit)
{
    static const struct {
        enum frame_type type;
        enum axis_unit unit;
    } units[] = {{FRAME_MONEY, AXIS_MONEY}, {FRAME_INT, AXIS_COUNT}, {FRAME_REAL, AXIS_REAL}};
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (units[i].type == type) {
            *unit = units[i].unit;
            return true;
        }
    return false;
}

/* Where a row of a comparison lies: a time, or so many days before the event. */
static int64_t place_of(const struct frame *frame, size_t row)
{
    const struct frame_cell *cell = frame_at(frame, row, 0);
    switch (frame->columns[0].type) {
    case FRAME_REAL:
        return -llround(cell->real * (double)CLOCK_DAY_MS);
    case FRAME_INT:
        return -cell->number * CLOCK_DAY_MS;
    case FRAME_TIME:
    case FRAME_DATE:
        return cell->number;
    case FRAME_MONEY:
    case FRAME_TEXT:
    case FRAME_BOOL:
    case FRAME_TEXTS:
    case FRAME_INTS:
        break;
    }
    BUG("a comparison starts with a time or with days, not with '%s'", frame->columns[0].name);
}

void plot_comparison(struct chart *chart, const struct frame *frame)
{
    enum axis_unit unit;
    bool any = false;
    for (size_t column = 1; column < frame->column_count; column++) {
        const struct frame_column *about = &frame->columns[column];
        if (!unit_of(about->type, &unit) || (any && unit != chart->unit))
            continue;
        chart->unit = unit;
        any = true;
        size_t index = chart_add(chart, about->name);
        for (size_t row = 0; row < frame->row_count; row++)
            add_cell(&chart->series[index], place_of(frame, row), frame_at(frame, row, column),
                     about->type);
    }
    describe(chart, frame, "comparison");
    if (!strcmp(frame->columns[0].name, "days_to_event")) {
        chart->x = CHART_TO_EVENT;
        /* the window asked for is one of dates */
        chart->has_from = chart->has_to = false;
    }
    finish(chart);
}
