#include <math.h>

#include "base/clock.h"
#include "base/text.h"
#include "tui/chart_private.h"
#include "tui/legend.h"

enum {
    LABEL_MIN = 6, /* columns of value labels at least, so that charts below each other line up */
    PLOT_MIN = 12, /* columns of plot below which there are no value labels */
};

/* Rows of a chart that is just high enough for a part. */
enum {
    ROWS_FOR_AXIS = 5,
    ROWS_FOR_TITLE = 6,
    ROWS_FOR_LEGEND = 8,
    ROWS_FOR_DATES = 9,
    ROWS_FOR_COVERAGE = 10,
    ROWS_FOR_READOUT = 14, /* of more than one row */
};

struct chart_options chart_defaults(const struct chart_options *options)
{
    struct chart_options full = *options;
    if (!full.marker)
        full.marker = marker_at(0);
    if (!full.theme)
        full.theme = theme_default();
    return full;
}

const char *chart_currency(const struct chart *chart, const struct chart_options *options)
{
    char sign[AXIS_LABEL_MAX];
    axis_sign(sign, chart->currency);
    for (const char *c = sign; options->marker->ascii && *c; c++)
        if ((unsigned char)*c > '~')
            return NULL;
    return chart->currency;
}

bool chart_shows(const struct chart *chart, size_t index)
{
    return !chart->series[index].hidden;
}

/* Whether a series' values must have room: it is drawn, or bounds what is. */
static bool counts(const struct chart *chart, size_t index)
{
    return chart_shows(chart, index) ||
           (chart->has_band && (index == chart->band_low || index == chart->band_high));
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

/* Takes a known value into the layout's extent. */
static void extend(struct chart_layout *layout, int64_t value, bool log)
{
    if (log && value <= 0) {
        layout->dropped++;
        return;
    }
    layout->low = layout->has_data && layout->low < value ? layout->low : value;
    layout->high = layout->has_data && layout->high > value ? layout->high : value;
    layout->has_data = true;
}

/* The lowest and highest known value in the window, and whether there is one. */
static void find_values(const struct chart *chart, bool log, struct chart_layout *layout)
{
    const struct axis_scale *x = &layout->map.x;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t j = 0; counts(chart, i) && j < chart->series[i].count; j++) {
            const struct series_point *point = &chart->series[i].points[j];
            if (point->known && point->x >= x->from && point->x <= x->to)
                extend(layout, point->y, log);
        }
}

/* Whether a value lies so near the data that an axis which shows both leaves the data half of it. */
static bool is_near(const struct chart_layout *layout, bool log, int64_t value)
{
    double low = (double)layout->low, high = (double)layout->high, at = (double)value;
    double room = high > low ? (high - low) / 2 : high / 2;
    if (!log)
        return at >= low - room && at <= high + room;
    double ratio = high > low ? sqrt(high / low) : 2;
    return value > 0 && at >= low / ratio && at <= high * ratio;
}

/* What the value axis must cover: the data, zero if asked for, and reference lines that are near. */
static void find_cover(const struct chart *chart, const struct chart_layout *layout, bool log,
                       int64_t *low, int64_t *high)
{
    *low = chart->from_zero && !log && layout->low > 0 ? 0 : layout->low;
    *high = layout->high;
    for (size_t i = 0; i < chart->reference_count; i++) {
        int64_t value = chart->references[i].value;
        if (!is_near(layout, log, value))
            continue;
        *low = value < *low ? value : *low;
        *high = value > *high ? value : *high;
    }
}

/* Divides the rows; the legend's row is given only when asked for. */
static void divide_rows(const struct chart *chart, const struct chart_options *options,
                        struct chart_layout *layout, bool legend)
{
    struct canvas_area area = layout->area;
    int top = area.y, bottom = area.y + area.height;
    bool titled = (chart->title || chart->note) && area.height >= ROWS_FOR_TITLE;
    bool told = area.height >= ROWS_FOR_LEGEND;
    layout->title = titled ? top++ : -1;
    layout->legend = layout->readout = -1;
    layout->readout_rows = 0;
    if (told && options->has_cross) {
        layout->readout = top;
        layout->readout_rows =
            area.height < ROWS_FOR_READOUT ? 1 : chart_readout_rows(chart, options, layout);
        top += layout->readout_rows;
    } else if (told && legend) {
        layout->legend = top++;
    }
    layout->dates = area.height >= ROWS_FOR_DATES ? --bottom : -1;
    layout->axis = layout->labels = layout->coverage = -1;
    if (area.height >= ROWS_FOR_AXIS) {
        layout->labels = --bottom;
        if (chart->span_count > 0 && area.height >= ROWS_FOR_COVERAGE)
            layout->coverage = --bottom;
        layout->axis = --bottom;
    }
    layout->plot.y = top;
    layout->plot.height = bottom - top;
}

static int label_width(const struct chart *chart, const struct chart_options *options,
                       const struct axis_range *range)
{
    char label[AXIS_LABEL_MAX], sign[AXIS_LABEL_MAX];
    int widest = LABEL_MIN;
    int64_t value = range->from;
    axis_sign(sign, chart_currency(chart, options));
    do {
        int width = text_width(axis_label(label, value, range, chart->unit, sign));
        widest = width > widest ? width : widest;
    } while (axis_next(range, &value));
    return widest;
}

static void set_scales(const struct chart *chart, const struct chart_options *options,
                       struct chart_layout *layout)
{
    int64_t low, high;
    int rows = layout->plot.height;
    find_cover(chart, layout, options->log, &low, &high);
    layout->range = options->log ? axis_log(low, high, chart->unit, rows)
                                 : axis_nice(low, high, chart->unit, rows);
    struct axis_range *range = &layout->range;
    int dots = rows * layout->cell_y;
    bool even = range->rows > 0;
    layout->map.bottom = dots - 1;
    layout->map.y = (struct axis_scale){
        .from = range->from,
        .to = range->to,
        .pixels = even ? axis_steps(range) * range->rows * layout->cell_y + 1 : dots,
        .log = options->log,
    };
    int width = layout->area.width, gutter = label_width(chart, options, range) + 2;
    layout->gutter = layout->axis >= 0 && width - gutter >= PLOT_MIN ? gutter : 0;
    layout->plot.x = layout->area.x + layout->gutter;
    layout->plot.width = width - layout->gutter - layout->margin;
    layout->map.x.pixels = layout->plot.width * layout->cell_x;
}

void chart_arrange(const struct chart *chart, const struct chart_options *options,
                   struct canvas_area area, struct chart_layout *layout)
{
    struct chart_options full = chart_defaults(options);
    *layout = (struct chart_layout){
        .area = area,
        .cell_x = full.marker->dots_x,
        .cell_y = full.marker->dots_y,
    };
    if (find_window(chart, &layout->map.x))
        find_values(chart, full.log, layout);
    divide_rows(chart, &full, layout, false);
    if (!layout->has_data)
        return;
    /* labels at the line ends if they leave the plot most of the width and each gets a row */
    layout->margin = legend_margin(chart, &full, &layout->map);
    bool ends = layout->margin <= area.width * 3 / 10 && layout->axis >= 0;
    if (!ends || legend_count(chart, &layout->map) > layout->plot.height) {
        layout->margin = 0;
        divide_rows(chart, &full, layout, true);
    }
    set_scales(chart, &full, layout);
}

int chart_column(const struct chart_layout *layout, int64_t x)
{
    const struct axis_scale *scale = &layout->map.x;
    if (!layout->has_data || x < scale->from || x > scale->to)
        return -1;
    return layout->plot.x + axis_pixel(scale, x) / layout->cell_x;
}

int64_t chart_x_at(const struct chart_layout *layout, int column)
{
    const struct axis_scale *scale = &layout->map.x;
    int pixel = (column - layout->plot.x) * layout->cell_x + layout->cell_x / 2;
    if (pixel <= 0)
        return scale->from;
    if (pixel >= scale->pixels - 1)
        return scale->to;
    return scale->from + (int64_t)((double)(scale->to - scale->from) * pixel / (scale->pixels - 1));
}

static bool nearer(int64_t x, int64_t candidate, int64_t found)
{
    int64_t a = candidate > x ? candidate - x : x - candidate;
    int64_t b = found > x ? found - x : x - found;
    return a < b;
}

bool chart_step(const struct chart *chart, int64_t x, int direction, int64_t *found)
{
    bool any = false;
    for (size_t i = 0; i < chart->count; i++) {
        if (!chart_shows(chart, i))
            continue;
        const struct series_point *point = series_step(&chart->series[i], x, direction);
        if (!point || (any && !nearer(x, point->x, *found)))
            continue;
        *found = point->x;
        any = true;
    }
    return any;
}

bool chart_nearest(const struct chart *chart, int64_t x, int64_t *found)
{
    int64_t before, after;
    bool earlier = chart_step(chart, x + 1, -1, &before), later = chart_step(chart, x, 1, &after);
    if (earlier && later)
        *found = nearer(x, after, before) ? after : before;
    else if (earlier || later)
        *found = earlier ? before : after;
    return earlier || later;
}
