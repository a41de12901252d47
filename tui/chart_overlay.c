#include <stdio.h>

#include "base/text.h"
#include "tui/chart_private.h"

enum {
    HATCH_LEAST = 3, /* columns of a hole that is hatched */
    HATCH_EVERY = 4, /* cells from one stroke to the next */
    LABEL_ROWS = 3,  /* rows below the top in which a mark's label looks for room */
    TEXT_MAX = 128,
};

const struct series_point *chart_read(const struct chart_view *view, size_t index)
{
    const struct series *series = &view->chart->series[index];
    const struct chart_layout *layout = &view->layout;
    int64_t cross = view->options->cross;
    const struct series_point *point = series_nearest(series, cross);
    if (!point || !point->known || (view->options->log && point->y <= 0))
        return NULL;
    int column = chart_column(layout, point->x);
    int64_t away = point->x > cross ? point->x - cross : cross - point->x;
    bool near = column == chart_column(layout, cross) || away <= series_bridge(series) / 2;
    return near && column >= 0 ? point : NULL;
}

/* The canvas row of a value in the plot. */
static int row_of(const struct chart_layout *layout, int64_t value)
{
    return layout->plot.y + trace_row(&layout->map, value) / layout->cell_y;
}

static void hatch(const struct chart_view *view, int from, int to)
{
    const struct canvas_area *plot = &view->layout.plot;
    for (int x = from; x < to; x++)
        for (int y = 0; y < plot->height; y++)
            if ((x + y) % HATCH_EVERY == 0)
                canvas_put(view->canvas, plot->x + x, plot->y + y, view->art->hatch, THEME_GRID);
}

static bool has_line(const struct raster *raster, int column)
{
    for (int row = 0; row < raster->rows; row++)
        if (raster->cells[row * raster->columns + column].dots)
            return true;
    return false;
}

/* Hatches what lies between two lines where no series has any. */
static void draw_holes(const struct chart_view *view, const struct raster *raster)
{
    int last = -1;
    for (int x = 0; x < raster->columns; x++) {
        if (!has_line(raster, x))
            continue;
        if (last >= 0 && x - last - 1 >= HATCH_LEAST)
            hatch(view, last + 1, x);
        last = x;
    }
}

static void draw_upright(const struct chart_view *view, int64_t x, uint32_t glyph,
                         enum theme_style style)
{
    const struct canvas_area *plot = &view->layout.plot;
    int column = chart_column(&view->layout, x);
    for (int row = 0; column >= 0 && row < plot->height; row++)
        canvas_put(view->canvas, column, plot->y + row, glyph, style);
}

/* Whether a value lies off the axis: -1 below, 1 above. */
static int side_of(const struct chart_view *view, int64_t value)
{
    const struct axis_range *range = &view->layout.range;
    return value < range->from ? -1 : value > range->to;
}

void chart_draw_behind(const struct chart_view *view, const struct raster *raster)
{
    const struct chart *chart = view->chart;
    const struct canvas_area *plot = &view->layout.plot;
    draw_holes(view, raster);
    for (size_t i = 0; i < chart->reference_count; i++) {
        int64_t value = chart->references[i].value;
        for (int x = 0; side_of(view, value) == 0 && x < plot->width; x += 2)
            canvas_put(view->canvas, plot->x + x, row_of(&view->layout, value), view->art->dash,
                       THEME_REFERENCE);
    }
    for (size_t i = 0; i < chart->mark_count; i++)
        draw_upright(view, chart->marks[i].x, view->art->mark, THEME_REFERENCE);
    if (view->options->has_cross)
        draw_upright(view, view->options->cross, view->art->cross, THEME_CROSS);
}

/* Whether nothing but background stands in these cells of the plot. */
static bool is_free(const struct chart_view *view, int x, int y, int width)
{
    const struct chart_art *art = view->art;
    const struct canvas_area *plot = &view->layout.plot;
    const uint32_t background[] = {' ',       art->grid,  art->dash,
                                   art->mark, art->hatch, view->options->marker->shade};
    if (x < plot->x || x + width > plot->x + plot->width || y < plot->y ||
        y >= plot->y + plot->height)
        return false;
    for (int i = 0; i < width; i++) {
        uint32_t character = canvas_at(view->canvas, x + i, y)->character;
        bool free = false;
        for (size_t j = 0; j < sizeof(background) / sizeof(background[0]); j++)
            free = free || character == background[j];
        if (!free)
            return false;
    }
    return true;
}

/* Writes a label into a row where it hides no line, as far left as that lets; false when there is
   no such place. */
static bool put_in_row(const struct chart_view *view, int y, const char *text)
{
    const struct canvas_area *plot = &view->layout.plot;
    int width = text_width(text);
    for (int x = plot->x + 1; x + width < plot->x + plot->width; x++)
        if (is_free(view, x - 1, y, width + 2)) {
            canvas_text(view->canvas, x, y, text, THEME_REFERENCE);
            return true;
        }
    return false;
}

static void draw_reference_label(const struct chart_view *view,
                                 const struct chart_reference *reference)
{
    const struct chart *chart = view->chart;
    const struct canvas_area *plot = &view->layout.plot;
    char label[TEXT_MAX], value[AXIS_LABEL_MAX], text[TEXT_MAX + AXIS_LABEL_MAX + 8];
    char arrow[5] = "";
    int side = side_of(view, reference->value);
    if (side)
        text_encode(side > 0 ? view->art->above : view->art->below, arrow);
    text_clip(label, sizeof(label), reference->label, plot->width / 3, view->canvas->ascii);
    axis_value(value, reference->value, chart->unit, chart->currency);
    snprintf(text, sizeof(text), "%s %s%s%s", label, value, side ? " " : "", arrow);
    int y = row_of(&view->layout, reference->value);
    int inward = y > plot->y + plot->height / 2 ? -1 : 1;
    if (!put_in_row(view, y, text) && !put_in_row(view, y + inward, text) &&
        !put_in_row(view, side ? y + 2 * inward : y - inward, text))
        canvas_text(view->canvas, plot->x + 1, y, text, THEME_REFERENCE);
}

static void draw_mark_label(const struct chart_view *view, const struct chart_mark *mark)
{
    const struct canvas_area *plot = &view->layout.plot;
    char text[TEXT_MAX];
    int column = chart_column(&view->layout, mark->x);
    int width = text_clip(text, sizeof(text), mark->label, plot->width / 2, view->canvas->ascii);
    if (column < 0)
        return;
    int right = column + 1, left = column - width;
    for (int row = 0; row < LABEL_ROWS; row++)
        for (int side = 0; side < 2; side++) {
            int x = side ? left : right;
            if (is_free(view, x, plot->y + row, width)) {
                canvas_text(view->canvas, x, plot->y + row, text, THEME_REFERENCE);
                return;
            }
        }
    int x = right + width <= plot->x + plot->width ? right : left;
    canvas_text(view->canvas, x, plot->y, text, THEME_REFERENCE);
}

void chart_draw_before(const struct chart_view *view)
{
    const struct chart *chart = view->chart;
    for (size_t i = 0; i < chart->reference_count; i++)
        draw_reference_label(view, &chart->references[i]);
    for (size_t i = 0; i < chart->mark_count; i++)
        draw_mark_label(view, &chart->marks[i]);
    for (size_t i = chart->count; view->options->has_cross && i-- > 0;) {
        const struct series_point *point = chart_shows(chart, i) ? chart_read(view, i) : NULL;
        if (point)
            canvas_put(view->canvas, chart_column(&view->layout, point->x),
                       row_of(&view->layout, point->y), view->art->point, theme_series(i));
    }
}

/* How collecting went in one column. */
struct strip_cell {
    int64_t good, failed;
    int64_t seen; /* milliseconds in which a poll was good */
};

/* Adds up the spans that overlap [from, to), starting at span `*first`, which it moves on. */
static struct strip_cell add_up(const struct chart *chart, int64_t from, int64_t to, size_t *first)
{
    struct strip_cell cell = {0};
    while (*first < chart->span_count && chart->spans[*first].to <= from)
        (*first)++;
    for (size_t i = *first; i < chart->span_count && chart->spans[i].from < to; i++) {
        const struct chart_span *span = &chart->spans[i];
        int64_t start = span->from > from ? span->from : from;
        int64_t end = span->to < to ? span->to : to;
        if (end <= start)
            continue;
        cell.good += span->good;
        cell.failed += span->failed;
        cell.seen += span->good > 0 ? end - start : 0;
    }
    return cell;
}

void chart_draw_coverage(const struct chart_view *view)
{
    static const char name[] = "polls";
    const struct chart_layout *layout = &view->layout;
    const struct chart_art *art = view->art;
    int left = layout->plot.x, width = layout->plot.width;
    size_t first = 0;
    if (layout->coverage < 0)
        return;
    if (layout->gutter)
        canvas_text(view->canvas, left - 2 - (int)sizeof(name) + 1, layout->coverage, name,
                    THEME_NOTE);
    const struct axis_scale *x = &layout->map.x;
    double step = (double)(x->to - x->from) / width;
    for (int column = 0; column < width; column++) {
        int64_t from = x->from + (int64_t)(column * step);
        int64_t to = x->from + (int64_t)((column + 1) * step);
        struct strip_cell cell = add_up(view->chart, from, to, &first);
        bool whole = cell.failed == 0 && cell.seen * 2 >= to - from;
        uint32_t glyph = !cell.good && !cell.failed ? art->none
                         : !cell.good               ? art->failed
                         : whole                    ? art->full
                                                    : art->partial;
        enum theme_style style = !cell.good && !cell.failed ? THEME_GRID
                                 : !cell.good               ? THEME_ERROR
                                 : whole                    ? THEME_AXIS
                                                            : THEME_WARN;
        canvas_put(view->canvas, left + column, layout->coverage, glyph, style);
    }
}
