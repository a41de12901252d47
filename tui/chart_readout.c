#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "tui/chart_private.h"
#include "tui/ticks.h"

enum {
    NAME_MAX = 24, /* columns of a name */
    BETWEEN = 3,   /* columns between two entries */
    MORE = 4,      /* columns of "+12" */
    TEXT_MAX = 256,
};

/* What the read-out is laid out in. */
struct lines {
    int start, width; /* columns: where the values start, behind the moment, and of the whole row */
    int x, row;
};

static int value_width(const struct chart *chart, const struct chart_layout *layout)
{
    char text[AXIS_LABEL_MAX];
    int low = text_width(axis_value(text, layout->low, chart->unit, chart->currency));
    int high = text_width(axis_value(text, layout->high, chart->unit, chart->currency));
    return low > high ? low : high;
}

static int name_width(const struct chart *chart, const struct chart_options *options, size_t index,
                      char *name)
{
    return text_clip(name, TEXT_MAX, chart->series[index].name, NAME_MAX, options->marker->ascii);
}

/* Columns of "● min $178.60" with room for the widest value, so that nothing moves while the
   crosshair does. */
static int slot_width(const struct chart *chart, const struct chart_options *options,
                      const struct chart_layout *layout, size_t index)
{
    char name[TEXT_MAX];
    int width = name_width(chart, options, index, name);
    return 2 + width + (width > 0) + value_width(chart, layout);
}

static char *moment(char *out, const struct chart *chart, const struct chart_options *options)
{
    if (chart->x == CHART_TO_EVENT)
        return ticks_moment_to_event(out, options->cross);
    return ticks_moment(out, options->cross, options->zone);
}

static struct lines lines_of(const struct chart *chart, const struct chart_options *options,
                             const struct chart_layout *layout)
{
    char text[AXIS_LABEL_MAX];
    int start = text_width(moment(text, chart, options)) + 2;
    return (struct lines){.start = start, .width = layout->area.width, .x = start};
}

/* Takes the place for an entry; false when no row is left. */
static bool take(struct lines *lines, int width, int rows, int reserved)
{
    int limit = lines->width - (lines->row == rows - 1 ? reserved : 0);
    if (lines->x + width > limit && lines->x > lines->start) {
        lines->row++;
        lines->x = lines->start;
        limit = lines->width - (lines->row == rows - 1 ? reserved : 0);
    }
    return lines->row < rows && lines->x + width <= limit;
}

int chart_readout_rows(const struct chart *chart, const struct chart_options *options,
                       const struct chart_layout *layout)
{
    struct lines lines = lines_of(chart, options, layout);
    for (size_t i = 0; i < chart->count; i++) {
        int width = slot_width(chart, options, layout, i);
        if (!chart_shows(chart, i))
            continue;
        if (!take(&lines, width, CHART_READOUT_MAX, 0))
            return lines.row < CHART_READOUT_MAX ? lines.row + 1 : CHART_READOUT_MAX;
        lines.x += width + BETWEEN;
    }
    return lines.row + 1;
}

static void draw_slot(const struct chart_view *view, size_t index, int x, int y)
{
    const struct chart *chart = view->chart;
    char name[TEXT_MAX], value[AXIS_LABEL_MAX];
    enum theme_style style = chart_pen(view->options, index).style;
    const struct series_point *point = chart_read(view, index);
    const struct marker *marker = view->options->marker;
    bool lettered = marker->dots_x * marker->dots_y == 1;
    canvas_put(view->canvas, x, y,
               lettered ? marker_glyph(marker, 1, (unsigned)index) : view->art->point, style);
    int width = name_width(chart, view->options, index, name);
    canvas_text(view->canvas, x + 2, y, name, style);
    if (point)
        axis_value(value, point->y, chart->unit, chart->currency);
    else
        snprintf(value, sizeof(value), "-");
    canvas_text(view->canvas, x + 2 + width + (width > 0), y, value, style);
}

/* Series number `place` in the order of the read-out: the one with the focus first. */
static size_t series_at(const struct chart_view *view, size_t place)
{
    const struct chart_options *options = view->options;
    if (!options->has_focus || options->focus >= view->chart->count)
        return place;
    return place == 0 ? options->focus : place - (place <= options->focus);
}

void chart_draw_readout(const struct chart_view *view)
{
    const struct chart *chart = view->chart;
    const struct chart_layout *layout = &view->layout;
    char text[AXIS_LABEL_MAX];
    if (layout->readout < 0)
        return;
    int left = layout->area.x, top = layout->readout, more = 0;
    canvas_text(view->canvas, left, top, moment(text, chart, view->options), THEME_CROSS);
    bool all = chart_readout_rows(chart, view->options, layout) <= layout->readout_rows;
    struct lines lines = lines_of(chart, view->options, layout);
    for (size_t i = 0; i < chart->count; i++) {
        size_t index = series_at(view, i);
        int width = slot_width(chart, view->options, layout, index);
        if (!chart_shows(chart, index))
            continue;
        if (more || !take(&lines, width, layout->readout_rows, all ? 0 : MORE)) {
            more++;
            continue;
        }
        draw_slot(view, index, left + lines.x, top + lines.row);
        lines.x += width + BETWEEN;
    }
    snprintf(text, sizeof(text), "+%d", more);
    if (more)
        canvas_text(view->canvas, left + lines.width - text_width(text),
                    top + layout->readout_rows - 1, text, THEME_NOTE);
}
