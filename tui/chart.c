#include "tui/chart.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "tui/caption.h"
#include "tui/chart_private.h"
#include "tui/legend.h"
#include "tui/ticks.h"

enum {
    GRID_EVERY = 4, /* columns from one dot of a grid line to the next */
    NOTE_MAX = 512,
};

#define INDEX_BASE 100000.0 /* 100.0 in thousandths */

static const struct chart_art boxes = {
    .side = 0x2502,
    .side_tick = 0x2524,
    .corner = 0x2514,
    .line = 0x2500,
    .line_tick = 0x252c,
    .grid = 0x00b7,
    .dash = 0x2500,
    .mark = 0x250a,
    .cross = 0x2502,
    .hatch = 0x2571,
    .point = 0x25cf,
    .above = 0x2191,
    .below = 0x2193,
    .full = 0x2501,
    .partial = 0x254c,
    .failed = 0x00d7,
    .none = 0x00b7,
};
static const struct chart_art letters = {
    .side = '|',
    .side_tick = '+',
    .corner = '+',
    .line = '-',
    .line_tick = '+',
    .grid = '.',
    .dash = '-',
    .mark = ':',
    .cross = '|',
    .hatch = '/',
    .point = 'O',
    .above = '^',
    .below = 'v',
    .full = '=',
    .partial = '-',
    .failed = 'x',
    .none = '.',
};

const struct chart_art *chart_art(const struct marker *marker)
{
    return marker->ascii ? &letters : &boxes;
}

void chart_init(struct chart *chart)
{
    *chart = (struct chart){0};
    arena_init(&chart->arena, 0);
}

void chart_release(struct chart *chart)
{
    for (size_t i = 0; i < chart->count; i++)
        series_release(&chart->series[i]);
    mem_free(chart->series);
    mem_free(chart->spans);
    arena_release(&chart->arena);
    *chart = (struct chart){0};
}

size_t chart_add(struct chart *chart, const char *name)
{
    chart->series = mem_grow(chart->series, chart->count, &chart->capacity, sizeof(*chart->series));
    chart->series[chart->count] = (struct series){.name = arena_strdup(&chart->arena, name)};
    return chart->count++;
}

void chart_add_span(struct chart *chart, struct chart_span span)
{
    chart->spans =
        mem_grow(chart->spans, chart->span_count, &chart->span_capacity, sizeof(*chart->spans));
    chart->spans[chart->span_count++] = span;
}

void chart_add_reference(struct chart *chart, int64_t value, const char *label)
{
    if (chart->reference_count < CHART_REFERENCES_MAX)
        chart->references[chart->reference_count++] =
            (struct chart_reference){value, arena_strdup(&chart->arena, label)};
}

void chart_add_mark(struct chart *chart, int64_t x, const char *label)
{
    if (chart->mark_count < CHART_MARKS_MAX)
        chart->marks[chart->mark_count++] =
            (struct chart_mark){x, arena_strdup(&chart->arena, label)};
}

static void index_series(const struct chart *chart, struct series *series)
{
    int64_t base = 0;
    for (size_t i = 0; i < series->count && base == 0; i++) {
        const struct series_point *point = &series->points[i];
        bool inside = (!chart->has_from || point->x >= chart->from) &&
                      (!chart->has_to || point->x <= chart->to);
        if (point->known && inside)
            base = point->y > 0 ? point->y : -1;
    }
    for (size_t i = 0; i < series->count; i++) {
        struct series_point *point = &series->points[i];
        point->known = point->known && base > 0;
        if (point->known)
            point->y = llround((double)point->y * INDEX_BASE / (double)base);
    }
}

void chart_index(struct chart *chart)
{
    for (size_t i = 0; i < chart->count; i++)
        index_series(chart, &chart->series[i]);
    chart->unit = AXIS_REAL;
    chart->currency = NULL;
    chart->from_zero = false;
    chart->reference_count = 0;
}

struct raster_pen chart_pen(const struct chart_options *options, size_t index)
{
    struct raster_pen pen = trace_pen(index, options->marker, options->depth);
    if (options->has_focus) {
        pen.thick = index == options->focus;
        pen.style = pen.thick ? theme_focus(index) : theme_faded(index);
    }
    return pen;
}

static void draw_title(const struct chart_view *view)
{
    const char *note = view->chart->note ? view->chart->note : "";
    char dropped[NOTE_MAX];
    if (view->layout.title < 0)
        return;
    if (view->layout.dropped > 0) {
        snprintf(dropped, sizeof(dropped), "%zu at or below 0 not shown%s%s", view->layout.dropped,
                 note[0] ? ", " : "", note);
        note = dropped;
    }
    caption_title(view->canvas, view->layout.area, view->chart->title, note);
}

static void draw_value_axis(const struct chart_view *view)
{
    const struct canvas_area *plot = &view->layout.plot;
    char label[AXIS_LABEL_MAX], sign[AXIS_LABEL_MAX];
    int side = plot->x - 1, last_row = -1;
    if (!view->layout.gutter)
        return;
    axis_sign(sign, chart_currency(view->chart, view->options));
    for (int row = 0; row < plot->height; row++)
        canvas_put(view->canvas, side, plot->y + row, view->art->side, THEME_AXIS);
    int64_t value = view->layout.range.from;
    do {
        int row = plot->y + trace_row(&view->layout.map, value) / view->options->marker->dots_y;
        if (row == last_row || (view->options->log && row == last_row - 1))
            continue;
        last_row = row;
        axis_label(label, value, &view->layout.range, view->chart->unit, sign);
        canvas_text(view->canvas, side - 1 - text_width(label), row, label, THEME_AXIS);
        canvas_put(view->canvas, side, row, view->art->side_tick, THEME_AXIS);
        for (int x = GRID_EVERY - 1; x < plot->width; x += GRID_EVERY)
            canvas_put(view->canvas, plot->x + x, row, view->art->grid, THEME_GRID);
    } while (axis_next(&view->layout.range, &value));
}

static int draw_labels(const struct chart_view *view, const struct ticks_label *labels,
                       size_t count, int row)
{
    int end = view->layout.area.x;
    for (size_t i = 0; i < count; i++) {
        int x = view->layout.plot.x + labels[i].column;
        canvas_text(view->canvas, x, row, labels[i].text, THEME_AXIS);
        end = x + labels[i].width;
    }
    return end;
}

static void draw_axis_line(const struct chart_view *view, const struct ticks *ticks)
{
    const struct canvas_area *plot = &view->layout.plot;
    for (int x = 0; x < plot->width; x++)
        canvas_put(view->canvas, plot->x + x, view->layout.axis, view->art->line, THEME_AXIS);
    for (size_t i = 0; i < ticks->count; i++)
        canvas_put(view->canvas, plot->x + ticks->columns[i], view->layout.axis,
                   view->art->line_tick, THEME_AXIS);
    if (view->layout.gutter)
        canvas_put(view->canvas, plot->x - 1, view->layout.axis, view->art->corner, THEME_AXIS);
}

static void draw_time_axis(const struct chart_view *view)
{
    bool to_event = view->chart->x == CHART_TO_EVENT;
    const char *zone = view->options->zone ? view->options->zone : "UTC";
    const char *about = to_event ? "days to the event" : zone;
    struct ticks_strip strip = {
        .scale = view->layout.map.x,
        .cell = view->options->marker->dots_x,
        .left = view->layout.gutter,
        .right = view->layout.margin,
    };
    struct ticks ticks;
    if (view->layout.axis < 0)
        return;
    if (to_event)
        ticks_to_event(&ticks, &strip);
    else
        ticks_time(&ticks, &strip, view->options->zone);
    draw_axis_line(view, &ticks);
    draw_labels(view, ticks.upper, ticks.upper_count, view->layout.labels);
    if (view->layout.dates < 0)
        return;
    int end = draw_labels(view, ticks.lower, ticks.lower_count, view->layout.dates);
    int left = view->layout.area.x + view->layout.area.width - text_width(about);
    if (left >= end + TICKS_GAP)
        canvas_text(view->canvas, left, view->layout.dates, about, THEME_NOTE);
}

static void fill_band(const struct chart_view *view, const struct raster *raster)
{
    const struct chart *chart = view->chart;
    if (!chart->has_band)
        return;
    struct trace_band band = {
        .low = &chart->series[chart->band_low],
        .high = &chart->series[chart->band_high],
        .left = view->layout.plot.x,
        .top = view->layout.plot.y,
        .depth = view->options->depth,
    };
    trace_fill(view->canvas, raster, &view->layout.map, &band);
}

static void draw_line(const struct chart_view *view, struct raster *raster, size_t index)
{
    if (chart_shows(view->chart, index))
        trace_line(raster, &view->layout.map, &view->chart->series[index],
                   chart_pen(view->options, index));
}

static void draw_lines(const struct chart_view *view)
{
    const struct canvas_area *plot = &view->layout.plot;
    const struct chart_options *options = view->options;
    AUTO_RASTER struct raster raster = {0};
    raster_init(&raster, options->marker, plot->width, plot->height);
    for (size_t i = view->chart->count; i-- > 0;)
        if (!options->has_focus || i != options->focus)
            draw_line(view, &raster, i);
    if (options->has_focus && options->focus < view->chart->count)
        draw_line(view, &raster, options->focus);
    fill_band(view, &raster);
    chart_draw_behind(view, &raster);
    raster_paint(&raster, view->canvas, plot->x, plot->y);
    chart_draw_before(view);
}

static void draw_nothing(const struct chart_view *view)
{
    draw_title(view);
    caption_middle(view->canvas, view->layout.area,
                   view->layout.dropped ? "no value above 0 in this window"
                                        : "no data in this window");
}

static void draw_all(const struct chart_view *view)
{
    const struct chart_layout *layout = &view->layout;
    if (!layout->has_data) {
        draw_nothing(view);
        return;
    }
    draw_title(view);
    draw_value_axis(view);
    draw_time_axis(view);
    chart_draw_coverage(view);
    draw_lines(view);
    if (layout->margin)
        legend_ends(view->chart, view->options, &layout->map, view->canvas, layout->plot);
    struct canvas_area row = {layout->area.x, layout->legend, layout->area.width, 1};
    if (layout->legend >= 0)
        legend_row(view->chart, view->options, &layout->map, view->canvas, row);
    chart_draw_readout(view);
}

void chart_draw(const struct chart *chart, const struct chart_options *options,
                struct canvas *canvas, struct canvas_area area)
{
    struct chart_options full = chart_defaults(options);
    struct canvas_area before = canvas_clip(canvas, area);
    struct chart shown = *chart;
    shown.currency = chart_currency(chart, &full);
    struct chart_view view = {
        .chart = &shown,
        .options = &full,
        .canvas = canvas,
        .art = chart_art(full.marker),
    };
    chart_arrange(&shown, &full, canvas->clip, &view.layout);
    if (canvas->clip.width > 0 && canvas->clip.height > 0)
        draw_all(&view);
    canvas_clip(canvas, before);
}

bool chart_print(const struct chart *chart, const struct chart_options *options, struct buf *out)
{
    struct chart_options full = chart_defaults(options);
    AUTO_CANVAS struct canvas canvas = {0};
    canvas_init(&canvas, full.width, full.height, full.marker->ascii);
    chart_draw(chart, &full, &canvas, canvas_whole(&canvas));
    return canvas_ansi(&canvas, full.theme, full.depth, out);
}
