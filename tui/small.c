#include "tui/small.h"

#include <stdio.h>

#include "base/text.h"
#include "tui/caption.h"
#include "tui/chart_private.h"
#include "tui/ticks.h"

enum {
    WIDTH_LEAST = 14,
    HEIGHT_LEAST = 3,
    BETWEEN = 2,      /* blank columns between two */
    GUTTER = 8,       /* columns of the values at the left */
    GUTTER_FROM = 40, /* columns of an area that has them */
    AXIS_FROM = 8,    /* rows of an area that has times at the bottom */
    ASPECT = 4,       /* columns a row of a shape that is easy to read */
    TEXT_MAX = 256,
};

/* How far a cell's shape is from the one wanted. */
static double badness(int width, int height)
{
    double ratio = (double)width / (ASPECT * height);
    return ratio > 1 ? ratio : 1 / ratio;
}

static size_t count_shown(const struct chart *chart)
{
    size_t count = 0;
    for (size_t i = 0; i < chart->count; i++)
        count += chart_shows(chart, i);
    return count;
}

static int width_of(const struct small_grid *grid, int columns)
{
    return (grid->area.width - grid->gutter - (columns - 1) * BETWEEN) / columns;
}

void small_arrange(const struct chart *chart, struct canvas_area area, struct small_grid *grid)
{
    size_t count = count_shown(chart);
    *grid = (struct small_grid){
        .area = area,
        .gutter = area.width >= GUTTER_FROM ? GUTTER : 0,
        .axis = area.height >= AXIS_FROM,
        .left_out = count,
    };
    int height = area.height - grid->axis;
    for (int columns = 1; width_of(grid, columns) >= WIDTH_LEAST && columns <= (int)count;
         columns++) {
        int rows = ((int)count + columns - 1) / columns;
        if (height / rows < HEIGHT_LEAST)
            rows = height / HEIGHT_LEAST;
        size_t shown = (size_t)(rows * columns) < count ? (size_t)(rows * columns) : count;
        int cell = rows > 0 ? height / rows : 0;
        if (shown < grid->shown || shown == 0)
            continue;
        if (shown == grid->shown &&
            badness(width_of(grid, columns), cell) >= badness(grid->width, grid->height))
            continue;
        grid->columns = columns;
        grid->rows = rows;
        grid->width = width_of(grid, columns);
        grid->height = cell;
        grid->shown = shown;
        grid->left_out = count - shown;
    }
}

/* The area of little chart number `place`. */
static struct canvas_area area_of(const struct small_grid *grid, int place)
{
    int column = place % grid->columns, row = place / grid->columns;
    return (struct canvas_area){
        .x = grid->area.x + grid->gutter + column * (grid->width + BETWEEN),
        .y = grid->area.y + row * grid->height,
        .width = grid->width,
        .height = grid->height,
    };
}

int small_find(const struct small_grid *grid, int x, int y)
{
    for (int place = 0; place < (int)grid->shown; place++) {
        struct canvas_area area = area_of(grid, place);
        if (x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height)
            return place;
    }
    return -1;
}

/* The scales that all share, as the chart itself has them, for plots of that size. */
static struct chart_layout scales(const struct chart *chart, const struct chart_options *options,
                                  const struct small_grid *grid)
{
    struct chart_layout layout;
    chart_arrange(chart, options, grid->area, &layout);
    int rows = grid->height - 1;
    struct axis_range *range = &layout.range;
    if (!layout.has_data)
        return layout;
    *range = options->log ? axis_log(layout.low, layout.high, chart->unit, rows)
                          : axis_nice(layout.low, layout.high, chart->unit, rows);
    layout.map.x.pixels = grid->width * options->marker->dots_x;
    layout.map.y =
        (struct axis_scale){range->from, range->to, rows * options->marker->dots_y, options->log};
    layout.map.bottom = layout.map.y.pixels - 1;
    return layout;
}

static void draw_title(const struct chart_view *view, const struct canvas_area *area, size_t index)
{
    const struct series *series = &view->chart->series[index];
    const struct trace_map *map = &view->layout.map;
    const struct series_point *last = series_last(series, map->x.from, map->x.to);
    const struct chart_options *options = view->options;
    bool focus = options->has_focus && options->focus == index;
    char name[TEXT_MAX], value[AXIS_LABEL_MAX] = "-";
    if (last)
        axis_value(value, last->y, view->chart->unit, view->chart->currency);
    int width = text_width(value);
    text_clip(name, sizeof(name), series->name, area->width - width - 1, view->canvas->ascii);
    canvas_text(view->canvas, area->x, area->y, name, theme_series(index));
    canvas_text(view->canvas, area->x + area->width - width, area->y, value, THEME_TEXT);
    for (int x = 0; focus && x < area->width; x++)
        canvas_ground(view->canvas, area->x + x, area->y, THEME_SELECTED);
}

static void draw_lines(const struct chart_view *view, const struct canvas_area *area, size_t index)
{
    const struct marker *marker = view->options->marker;
    AUTO_RASTER struct raster raster = {0};
    raster_init(&raster, marker, area->width, area->height - 1);
    for (int row = 0; row<raster.rows; row += raster.rows> 1 ? raster.rows - 1 : 1)
        for (int x = 0; x < area->width; x += 2)
            canvas_put(view->canvas, area->x + x, area->y + 1 + row, view->art->grid, THEME_GRID);
    struct raster_pen pen = trace_pen(index, marker, view->options->depth);
    pen.dash = 0;
    trace_line(&raster, &view->layout.map, &view->chart->series[index], pen);
    raster_paint(&raster, view->canvas, area->x, area->y + 1);
}

/* The ends of the value axis beside the first chart of a row. */
static void draw_values(const struct chart_view *view, const struct canvas_area *area)
{
    const struct axis_range *range = &view->layout.range;
    char label[AXIS_LABEL_MAX], sign[AXIS_LABEL_MAX];
    const int64_t values[] = {range->to, range->from};
    const int rows[] = {area->y + 1, area->y + area->height - 1};
    axis_sign(sign, view->chart->currency);
    for (int i = 0; i < 2; i++) {
        axis_label(label, values[i], range, view->chart->unit, sign);
        canvas_text(view->canvas, area->x - 1 - text_width(label), rows[i], label, THEME_AXIS);
    }
}

/* As many times below a column of charts as its width lets. */
static void draw_times(const struct chart_view *view, const struct small_grid *grid, int column)
{
    struct canvas_area area = area_of(grid, column);
    int y = grid->area.y + grid->rows * grid->height;
    struct ticks_strip strip = {.scale = view->layout.map.x, .cell = view->layout.cell_x};
    struct ticks ticks;
    if (view->chart->x == CHART_TO_EVENT)
        ticks_to_event(&ticks, &strip);
    else
        ticks_time(&ticks, &strip, view->options->zone);
    for (size_t i = 0; i < ticks.upper_count; i++)
        canvas_text(view->canvas, area.x + ticks.upper[i].column, y, ticks.upper[i].text,
                    THEME_AXIS);
}

static void draw_place(const struct chart_view *view, const struct small_grid *grid, size_t place,
                       size_t index)
{
    struct canvas_area area = area_of(grid, (int)place);
    char more[AXIS_LABEL_MAX] = "";
    if (place + 1 == grid->shown && grid->left_out > 0)
        snprintf(more, sizeof(more), " +%zu", grid->left_out);
    draw_lines(view, &area, index);
    if (grid->gutter && (int)place % grid->columns == 0)
        draw_values(view, &area);
    area.width -= text_width(more);
    draw_title(view, &area, index);
    canvas_text(view->canvas, area.x + area.width, area.y, more, THEME_NOTE);
}

void small_draw(const struct chart *chart, const struct chart_options *options,
                struct canvas *canvas, struct canvas_area area)
{
    struct chart_options full = chart_defaults(options);
    struct canvas_area before = canvas_clip(canvas, area);
    struct chart shown = *chart;
    struct small_grid grid;
    size_t place = 0;
    shown.currency = chart_currency(chart, &full);
    small_arrange(&shown, canvas->clip, &grid);
    struct chart_view view = {
        .chart = &shown,
        .options = &full,
        .canvas = canvas,
        .art = chart_art(full.marker),
        .layout = scales(&shown, &full, &grid),
    };
    if (!view.layout.has_data || grid.shown == 0)
        caption_middle(canvas, canvas->clip, "no data in this window");
    for (size_t i = 0; view.layout.has_data && i < chart->count && place < grid.shown; i++)
        if (chart_shows(chart, i))
            draw_place(&view, &grid, place++, i);
    for (int column = 0; place > 0 && grid.axis && column < grid.columns; column++)
        draw_times(&view, &grid, column);
    canvas_clip(canvas, before);
}
