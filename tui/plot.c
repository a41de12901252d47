#include "tui/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "core/measures.h"
#include "tui/plot_private.h"

/* A real beyond it, or one that is no number, is not drawn. */
#define REAL_LIMIT 1e12

size_t plot_need(const struct frame *frame, const char *name)
{
    int column = frame_find(frame, name);
    if (column < 0)
        BUG("a chart needs the column '%s'", name);
    return (size_t)column;
}

bool plot_value(const struct frame_cell *cell, enum frame_type type, int64_t *value)
{
    if (!cell->known || (type == FRAME_REAL && !(fabs(cell->real) < REAL_LIMIT)))
        return false;
    *value = type == FRAME_REAL ? llround(cell->real * 1000) : cell->number;
    return true;
}

/* Adds a row's cell to a series, in the unit of the chart. */
static void add_cell(struct series *series, int64_t x, const struct frame_cell *cell,
                     enum frame_type type)
{
    int64_t value;
    if (plot_value(cell, type, &value))
        series_add(series, x, value);
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

struct plot_words plot_describe(struct arena *arena, const struct frame *frame, enum axis_unit unit,
                                const char *what)
{
    const struct frame_meta *meta = &frame->meta;
    const char *event = meta->event_name ? meta->event_name : meta->event;
    const char *place = meta->section            ? meta->section
                        : meta->zones.count == 1 ? meta->zones.texts[0]
                                                 : NULL;
    const char *by = meta->granularity;
    const char *basis = unit == AXIS_MONEY ? meta->price_basis : NULL;
    const char *currency = unit == AXIS_MONEY ? meta->currency : NULL;
    char change[48] = "";
    if (meta->has_trend && meta->has_percent)
        snprintf(change, sizeof(change), "%+.1f %%%s", meta->percent_change, by ? ", " : "");
    return (struct plot_words){
        .title = arena_printf(arena, "%s%s%s%s%s", event ? event : "", event ? ": " : "", what,
                              place ? ", " : "", place ? place : ""),
        .note = arena_printf(arena, "%s%s%s%s%s%s%s%s", change, by ? "by " : "", by ? by : "",
                             by && basis ? ", " : "", basis ? basis : "", basis ? " price" : "",
                             currency ? ", " : "", currency ? currency : ""),
        .currency = arena_strdup(arena, currency),
    };
}

static void describe(struct chart *chart, const struct frame *frame, const char *what)
{
    const struct frame_meta *meta = &frame->meta;
    struct plot_words words = plot_describe(&chart->arena, frame, chart->unit, what);
    chart->title = words.title;
    chart->note = words.note;
    chart->currency = words.currency;
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
    size_t time = plot_need(frame, "timestamp");
    for (size_t row = 0; row < frame->row_count; row++) {
        const char *zone = zone_of(frame, row);
        add_cell(series_named(chart, strcmp(zone, "*") == 0 ? "whole event" : zone),
                 frame_at(frame, row, time)->number, frame_at(frame, row, column),
                 frame->columns[column].type);
    }
}

/* One series of one column. */
static size_t add_column(struct chart *chart, const struct frame *frame, const char *name,
                         size_t column)
{
    size_t time = plot_need(frame, "timestamp"), index = chart_add(chart, name);
    for (size_t row = 0; row < frame->row_count; row++)
        add_cell(&chart->series[index], frame_at(frame, row, time)->number,
                 frame_at(frame, row, column), frame->columns[column].type);
    return index;
}

/* The lowest, median and average price, and the area between the first two. */
static void add_prices(struct chart *chart, const struct frame *frame, size_t lowest)
{
    describe(chart, frame, "price per ticket");
    chart->band_low = add_column(chart, frame, "min", lowest);
    chart->band_high = add_column(chart, frame, "median", plot_need(frame, "median_price"));
    chart->has_band = true;
    add_column(chart, frame, "avg", plot_need(frame, "avg_price"));
}

void plot_trends(struct chart *chart, const struct frame *frame)
{
    chart->unit = AXIS_MONEY;
    size_t lowest = plot_need(frame, "min_price");
    if (frame_find(frame, "zone") >= 0) {
        describe(chart, frame, "lowest price per ticket");
        add_by_zone(chart, frame, lowest);
    } else {
        add_prices(chart, frame, lowest);
    }
    finish(chart);
}

void plot_groups(struct chart *chart, const struct frame *frame)
{
    size_t time = plot_need(frame, "timestamp"), size = plot_need(frame, "group_size");
    size_t price = plot_need(frame, "price_per_ticket");
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
    size_t tickets = plot_need(frame, "total_tickets");
    chart->unit = AXIS_COUNT;
    chart->from_zero = true;
    describe(chart, frame, "tickets listed");
    if (frame_find(frame, "zone") >= 0)
        add_by_zone(chart, frame, tickets);
    else
        add_column(chart, frame, "tickets", tickets);
    finish(chart);
}

bool plot_unit(enum frame_type type, enum axis_unit *unit)
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
        if (!plot_unit(about->type, &unit) || (any && unit != chart->unit))
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

static bool has_one_zone(const struct frame *frame)
{
    for (size_t row = 1; row < frame->row_count && frame_find(frame, "zone") >= 0; row++)
        if (strcmp(zone_of(frame, 0), zone_of(frame, row)) != 0)
            return false;
    return true;
}

const char *plot_about(const char *column)
{
    static const struct {
        const char *column, *words;
    } names[] = {
        {"min_price", "lowest price per ticket"},
        {"quarter_price", "lower quartile of prices"},
        {"median_price", "median price per ticket"},
        {"avg_price", "average price per ticket"},
        {"max_price", "highest price per ticket"},
        {"total_tickets", "tickets listed"},
        {"total_listings", "listings"},
        {"snapshots", "polls"},
        {"lowest_tickets", "fewest tickets listed"},
        {"highest_tickets", "most tickets listed"},
    };
    static const char *const together[] = {
        "price for one alone",          "price per ticket, 2 together",
        "price per ticket, 3 together", "price per ticket, 4 together",
        "price per ticket, 5 together", "price per ticket, 6 together",
        "price per ticket, 7 together", "price per ticket, 8 together",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (!strcmp(names[i].column, column))
            return names[i].words;
    if (!strncmp(column, "price_", 6) && column[6] >= '1' && column[6] <= '8' && !column[7])
        return together[column[6] - '1'];
    return column;
}

/* "total_tickets" is "tickets" at the end of a line, "median_price" "median". */
static const char *short_name(struct arena *arena, const char *column)
{
    column += strncmp(column, "total_", 6) == 0 ? 6 : 0;
    return arena_strndup(arena, column, strcspn(column, "_"));
}

void plot_together(struct chart *chart, const struct frame *frame, unsigned sizes)
{
    char column[16], name[256];
    size_t time = plot_need(frame, "timestamp");
    bool one = has_one_zone(frame);
    chart->unit = AXIS_MONEY;
    describe(chart, frame, "price per ticket, seats together");
    for (unsigned k = 1; k <= MEASURES_SIZES; k++) {
        if (!(sizes >> (k - 1) & 1))
            continue;
        snprintf(column, sizeof(column), "price_%u", k);
        size_t price = plot_need(frame, column);
        for (size_t row = 0; row < frame->row_count; row++) {
            const char *zone = one ? NULL : zone_of(frame, row);
            zone = zone && strcmp(zone, "*") == 0 ? "whole event" : zone;
            snprintf(name, sizeof(name), "%s%sfor %u", zone ? zone : "", zone ? " " : "", k);
            add_cell(series_named(chart, name), frame_at(frame, row, time)->number,
                     frame_at(frame, row, price), FRAME_MONEY);
        }
    }
    finish(chart);
}

void plot_measures(struct chart *chart, const struct frame *frame, const char *column)
{
    size_t lowest = plot_need(frame, "min_price");
    chart->unit = AXIS_MONEY;
    if (!column && has_one_zone(frame)) {
        add_prices(chart, frame, lowest);
        chart->band_low = add_column(chart, frame, "quarter", plot_need(frame, "quarter_price"));
        chart->series[chart->band_low].hidden = true;
        finish(chart);
        return;
    }
    column = column ? column : "min_price";
    size_t shown = plot_need(frame, column);
    if (!plot_unit(frame->columns[shown].type, &chart->unit))
        BUG("the column '%s' cannot be drawn", column);
    chart->from_zero = chart->unit == AXIS_COUNT;
    describe(chart, frame, plot_about(column));
    if (has_one_zone(frame))
        add_column(chart, frame, short_name(&chart->arena, column), shown);
    else
        add_by_zone(chart, frame, shown);
    finish(chart);
}
