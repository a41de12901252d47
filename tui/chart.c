#include "tui/chart.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "tui/legend.h"
#include "tui/ticks.h"
#include "tui/trace.h"

enum {
    LABEL_MIN = 6,  /* columns of value labels at least, so that charts below each other line up */
    PLOT_MIN = 12,  /* columns of plot below which there are no value labels */
    GRID_EVERY = 4, /* columns from one dot of a grid line to the next */
};

/* Rows of a chart that is just high enough for a part. */
enum {
    ROWS_FOR_AXIS = 5,
    ROWS_FOR_TITLE = 6,
    ROWS_FOR_LEGEND = 8,
    ROWS_FOR_DATES = 9,
};

struct art {
    uint32_t side, side_tick, corner, line, line_tick, grid;
};

static const struct art boxes = {0x2502, 0x2524, 0x2514, 0x2500, 0x252c, 0x00b7};
static const struct art letters = {'|', '+', '+', '-', '+', '.'};

/* A chart on its way to the canvas. */
struct view {
    const struct chart *chart;
    const struct chart_options *options;
    struct canvas *canvas;
    const struct art *art;
    struct canvas_area area, plot;
    int title, legend, axis, dates; /* rows; -1: none */
    int gutter;                     /* columns of value labels and axis, 0: none */
    int margin;                     /* columns of labels at the line ends, 0: none */
    struct axis_range range;
    struct trace_map map;
};

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
    arena_release(&chart->arena);
    *chart = (struct chart){0};
}

size_t chart_add(struct chart *chart, const char *name)
{
    chart->series = mem_grow(chart->series, chart->count, &chart->capacity, sizeof(*chart->series));
    chart->series[chart->count] = (struct series){.name = arena_strdup(&chart->arena, name)};
    return chart->count++;
}

/* The x's that are shown; false when there are none. */
static bool find_window(const struct chart *chart, struct axis_scale *x)
{
    bool any = false;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t j = 0; j < chart->series[i].count; j++) {
            int64_t at = chart->series[i].points[j].x;
            x->from = any && x->from < at ? x->from : at;
            x->to = any && x->to > at ? x->to : at;
            any = true;
        }
    if (chart->has_from)
        x->from = chart->from;
    if (chart->has_to)
        x->to = chart->to;
    if (any && x->from == x->to) {
        x->from -= CLOCK_HOUR_MS / 2;
        x->to += CLOCK_HOUR_MS / 2;
    }
    return any && x->from < x->to;
}

/* The lowest and highest known value in the window; false when there is none. */
static bool find_values(const struct chart *chart, const struct axis_scale *x, int64_t *low,
                        int64_t *high)
{
    bool any = false;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t j = 0; j < chart->series[i].count; j++) {
            const struct series_point *point = &chart->series[i].points[j];
            if (!point->known || point->x < x->from || point->x > x->to)
                continue;
            *low = any && *low < point->y ? *low : point->y;
            *high = any && *high > point->y ? *high : point->y;
            any = true;
        }
    if (any && chart->from_zero && *low > 0)
        *low = 0;
    return any;
}

/* Divides the rows; the legend's row is given only when asked for. */
static void divide_rows(struct view *view, bool legend)
{
    struct canvas_area area = view->area;
    const struct chart *chart = view->chart;
    int top = area.y, bottom = area.y + area.height;
    bool titled = (chart->title || chart->note) && area.height >= ROWS_FOR_TITLE;
    view->title = titled ? top++ : -1;
    view->legend = legend && area.height >= ROWS_FOR_LEGEND ? top++ : -1;
    view->dates = area.height >= ROWS_FOR_DATES ? --bottom : -1;
    view->axis = -1;
    if (area.height >= ROWS_FOR_AXIS) {
        bottom -= 2;
        view->axis = bottom;
    }
    view->plot.y = top;
    view->plot.height = bottom - top;
}

static int label_width(const struct view *view)
{
    char label[AXIS_LABEL_MAX], sign[AXIS_LABEL_MAX];
    int widest = LABEL_MIN;
    axis_sign(sign, view->chart->currency);
    for (int64_t value = view->range.from; value <= view->range.to; value += view->range.step) {
        int width = text_width(axis_label(label, value, &view->range, view->chart->unit, sign));
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void divide_columns(struct view *view)
{
    int width = view->area.width;
    int gutter = label_width(view) + 2;
    view->gutter = view->axis >= 0 && width - gutter >= PLOT_MIN ? gutter : 0;
    view->plot.x = view->area.x + view->gutter;
    view->plot.width = width - view->gutter - view->margin;
}

static void set_scales(struct view *view, int64_t low, int64_t high)
{
    const struct marker *marker = view->options->marker;
    view->range = axis_nice(low, high, view->chart->unit, view->plot.height);
    int dots = view->plot.height * marker->dots_y;
    int even = axis_steps(&view->range) * view->range.rows * marker->dots_y + 1;
    view->map.bottom = dots - 1;
    view->map.y = (struct axis_scale){
        .from = view->range.from,
        .to = view->range.to,
        .pixels = view->range.rows ? even : dots,
    };
    divide_columns(view);
    view->map.x.pixels = view->plot.width * marker->dots_x;
}

/* Labels at the line ends if they leave the plot most of the width and each gets a row; else a
 * legend. */
static void arrange(struct view *view, int64_t low, int64_t high)
{
    view->margin = legend_margin(view->chart, view->options, &view->map);
    bool ends = view->margin <= view->area.width * 3 / 10 && view->axis >= 0;
    divide_rows(view, false);
    if (!ends || view->chart->count > (size_t)view->plot.height) {
        view->margin = 0;
        divide_rows(view, true);
    }
    set_scales(view, low, high);
}

static void draw_title(const struct view *view)
{
    const struct canvas_area *area = &view->area;
    const char *title = view->chart->title ? view->chart->title : "";
    const char *note = view->chart->note ? view->chart->note : "";
    char text[AXIS_LABEL_MAX * 16];
    if (view->title < 0)
        return;
    text_clip(text, sizeof(text), title, area->width, view->canvas->ascii);
    int used = canvas_text(view->canvas, area->x, view->title, text, THEME_TITLE);
    int left = area->width - text_width(note);
    if (left >= (used ? used + 2 : 0))
        canvas_text(view->canvas, area->x + left, view->title, note, THEME_NOTE);
}

static void draw_value_axis(const struct view *view)
{
    const struct canvas_area *plot = &view->plot;
    char label[AXIS_LABEL_MAX], sign[AXIS_LABEL_MAX];
    int side = plot->x - 1, last_row = -1;
    if (!view->gutter)
        return;
    axis_sign(sign, view->chart->currency);
    for (int row = 0; row < plot->height; row++)
        canvas_put(view->canvas, side, plot->y + row, view->art->side, THEME_AXIS);
    for (int64_t value = view->range.from; value <= view->range.to; value += view->range.step) {
        int row = plot->y + trace_row(&view->map, value) / view->options->marker->dots_y;
        if (row == last_row)
            continue;
        last_row = row;
        axis_label(label, value, &view->range, view->chart->unit, sign);
        canvas_text(view->canvas, side - 1 - text_width(label), row, label, THEME_AXIS);
        canvas_put(view->canvas, side, row, view->art->side_tick, THEME_AXIS);
        for (int x = GRID_EVERY - 1; x < plot->width; x += GRID_EVERY)
            canvas_put(view->canvas, plot->x + x, row, view->art->grid, THEME_GRID);
    }
}

static int draw_labels(const struct view *view, const struct ticks_label *labels, size_t count,
                       int row)
{
    int end = view->area.x;
    for (size_t i = 0; i < count; i++) {
        int x = view->plot.x + labels[i].column;
        canvas_text(view->canvas, x, row, labels[i].text, THEME_AXIS);
        end = x + labels[i].width;
    }
    return end;
}

static void draw_axis_line(const struct view *view, const struct ticks *ticks)
{
    const struct canvas_area *plot = &view->plot;
    for (int x = 0; x < plot->width; x++)
        canvas_put(view->canvas, plot->x + x, view->axis, view->art->line, THEME_AXIS);
    for (size_t i = 0; i < ticks->count; i++)
        canvas_put(view->canvas, plot->x + ticks->columns[i], view->axis, view->art->line_tick,
                   THEME_AXIS);
    if (view->gutter)
        canvas_put(view->canvas, plot->x - 1, view->axis, view->art->corner, THEME_AXIS);
}

static void draw_time_axis(const struct view *view)
{
    bool to_event = view->chart->x == CHART_TO_EVENT;
    const char *zone = view->options->zone ? view->options->zone : "UTC";
    const char *about = to_event ? "days to the event" : zone;
    struct ticks_strip strip = {
        .scale = view->map.x,
        .cell = view->options->marker->dots_x,
        .left = view->gutter,
        .right = view->margin,
    };
    struct ticks ticks;
    if (view->axis < 0)
        return;
    if (to_event)
        ticks_to_event(&ticks, &strip);
    else
        ticks_time(&ticks, &strip, view->options->zone);
    draw_axis_line(view, &ticks);
    draw_labels(view, ticks.upper, ticks.upper_count, view->axis + 1);
    if (view->dates < 0)
        return;
    int end = draw_labels(view, ticks.lower, ticks.lower_count, view->dates);
    int left = view->area.x + view->area.width - text_width(about);
    if (left >= end + TICKS_GAP)
        canvas_text(view->canvas, left, view->dates, about, THEME_NOTE);
}

static void draw_lines(const struct view *view)
{
    const struct chart *chart = view->chart;
    const struct chart_options *options = view->options;
    AUTO_RASTER struct raster raster = {0};
    raster_init(&raster, options->marker, view->plot.width, view->plot.height);
    if (chart->has_band) {
        struct trace_band band = {
            .low = &chart->series[chart->band_low],
            .high = &chart->series[chart->band_high],
            .left = view->plot.x,
            .top = view->plot.y,
            .depth = options->depth,
        };
        trace_fill(view->canvas, &raster, &view->map, &band);
    }
    for (size_t i = chart->count; i-- > 0;)
        trace_line(&raster, &view->map, &chart->series[i],
                   trace_pen(i, options->marker, options->depth));
    raster_paint(&raster, view->canvas, view->plot.x, view->plot.y);
}

static void draw_nothing(struct view *view)
{
    static const char message[] = "no data in this window";
    char text[sizeof(message) + 4];
    divide_rows(view, false);
    draw_title(view);
    int used = text_clip(text, sizeof(text), message, view->area.width, view->canvas->ascii);
    canvas_text(view->canvas, view->area.x + (view->area.width - used) / 2,
                view->area.y + view->area.height / 2, text, THEME_NOTE);
}

static void draw_all(struct view *view)
{
    int64_t low, high;
    if (!find_window(view->chart, &view->map.x) ||
        !find_values(view->chart, &view->map.x, &low, &high)) {
        draw_nothing(view);
        return;
    }
    arrange(view, low, high);
    draw_title(view);
    draw_value_axis(view);
    draw_time_axis(view);
    draw_lines(view);
    if (view->margin)
        legend_ends(view->chart, view->options, &view->map, view->canvas, view->plot);
    struct canvas_area row = {view->area.x, view->legend, view->area.width, 1};
    if (view->legend >= 0)
        legend_row(view->chart, view->options, &view->map, view->canvas, row);
}

/* A sign such as the euro's cannot be drawn in ASCII; the note still names the currency. */
static bool is_drawable(const char *currency, bool ascii)
{
    char sign[AXIS_LABEL_MAX];
    axis_sign(sign, currency);
    for (const char *c = sign; ascii && *c; c++)
        if ((unsigned char)*c > '~')
            return false;
    return true;
}

static struct chart_options with_defaults(const struct chart_options *options)
{
    struct chart_options full = *options;
    if (!full.marker)
        full.marker = marker_at(0);
    if (!full.theme)
        full.theme = theme_default();
    return full;
}

void chart_draw(const struct chart *chart, const struct chart_options *options,
                struct canvas *canvas, struct canvas_area area)
{
    struct chart_options full = with_defaults(options);
    struct canvas_area before = canvas_clip(canvas, area);
    struct chart shown = *chart;
    if (!is_drawable(shown.currency, canvas->ascii))
        shown.currency = NULL;
    struct view view = {
        .chart = &shown,
        .options = &full,
        .canvas = canvas,
        .art = full.marker->ascii ? &letters : &boxes,
        .area = canvas->clip,
    };
    if (view.area.width > 0 && view.area.height > 0)
        draw_all(&view);
    canvas_clip(canvas, before);
}

bool chart_print(const struct chart *chart, const struct chart_options *options, struct buf *out)
{
    struct chart_options full = with_defaults(options);
    AUTO_CANVAS struct canvas canvas = {0};
    canvas_init(&canvas, full.width, full.height, full.marker->ascii);
    chart_draw(chart, &full, &canvas, canvas_whole(&canvas));
    return canvas_ansi(&canvas, full.theme, full.depth, out);
}
