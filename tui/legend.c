#include "tui/legend.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "tui/chart_private.h"

enum {
    SAMPLE = 4,     /* columns of a piece of the line itself */
    NAME_MAX = 24,  /* columns of a name */
    NAME_LEAST = 8, /* the same, where values would not fit otherwise */
    BETWEEN = 3,    /* columns between two entries of a row */
    TEXT_MAX = 256, /* bytes */
};

struct entry {
    size_t series;
    int64_t value;
    int row; /* where it stands, or wants to */
    int width;
    char text[TEXT_MAX];
};

/* Writes "min $178.60", the name in at most `columns`. */
static void word_entry(struct entry *entry, const struct chart *chart, int columns, bool ascii)
{
    char value[AXIS_LABEL_MAX], name[TEXT_MAX - AXIS_LABEL_MAX - 1];
    text_clip(name, sizeof(name), chart->series[entry->series].name, columns, ascii);
    axis_value(value, entry->value, chart->unit, chart->currency);
    snprintf(entry->text, sizeof(entry->text), "%s%s%s", name, name[0] ? " " : "", value);
    entry->width = text_width(entry->text);
}

/* An entry for the series' last known value; false when it has none. */
static bool make_entry(struct entry *entry, const struct chart *chart,
                       const struct chart_options *options, const struct trace_map *map)
{
    const struct series *series = &chart->series[entry->series];
    const struct series_point *last = series_last(series, map->x.from, map->x.to);
    if (!last)
        return false;
    entry->value = last->y;
    word_entry(entry, chart, NAME_MAX, options->marker->ascii);
    return true;
}

/* All entries, in the order of the series; the caller frees them. */
static struct entry *make_entries(const struct chart *chart, const struct chart_options *options,
                                  const struct trace_map *map, size_t *count)
{
    struct entry *entries = mem_alloc(chart->count ? chart->count : 1, sizeof(*entries));
    *count = 0;
    for (size_t i = 0; i < chart->count; i++) {
        entries[*count].series = i;
        if (chart_shows(chart, i) && make_entry(&entries[*count], chart, options, map))
            (*count)++;
    }
    return entries;
}

static void draw_entry(const struct entry *entry, const struct chart_options *options,
                       struct canvas *canvas, int x, int y)
{
    AUTO_RASTER struct raster sample = {0};
    raster_init(&sample, options->marker, SAMPLE, 1);
    struct raster_pen pen = chart_pen(options, entry->series);
    int middle = sample.height / 2;
    raster_dot(&sample, 0, middle, &pen);
    raster_line(&sample, 0, middle, sample.width - 1, middle, &pen);
    raster_paint(&sample, canvas, x, y);
    canvas_text(canvas, x + SAMPLE + 1, y, entry->text, pen.style);
}

int legend_count(const struct chart *chart, const struct trace_map *map)
{
    int count = 0;
    for (size_t i = 0; i < chart->count; i++)
        count += chart_shows(chart, i) && series_last(&chart->series[i], map->x.from, map->x.to);
    return count;
}

int legend_margin(const struct chart *chart, const struct chart_options *options,
                  const struct trace_map *map)
{
    size_t count;
    int widest = 0;
    AUTO_FREE struct entry *entries = make_entries(chart, options, map, &count);
    for (size_t i = 0; i < count; i++)
        if (entries[i].width > widest)
            widest = entries[i].width;
    return count ? 1 + SAMPLE + 1 + widest : 0;
}

/* Higher values first; equal ones in the order of the series. */
static int by_place(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    if (left->value != right->value)
        return left->value < right->value ? 1 : -1;
    return (left->series > right->series) - (left->series < right->series);
}

/* Moves entries, sorted by row, down and then up until no two share a row. */
static void spread(struct entry *entries, size_t count, int rows)
{
    for (size_t i = 1; i < count; i++)
        if (entries[i].row <= entries[i - 1].row)
            entries[i].row = entries[i - 1].row + 1;
    int lowest = rows - 1;
    for (size_t i = count; i-- > 0; lowest--) {
        if (entries[i].row <= lowest)
            lowest = entries[i].row;
        entries[i].row = lowest;
    }
}

bool legend_ends(const struct chart *chart, const struct chart_options *options,
                 const struct trace_map *map, struct canvas *canvas, struct canvas_area plot)
{
    size_t count;
    AUTO_FREE struct entry *entries = make_entries(chart, options, map, &count);
    if (count > (size_t)plot.height)
        return false;
    for (size_t i = 0; i < count; i++)
        entries[i].row = trace_row(map, entries[i].value) / options->marker->dots_y;
    qsort(entries, count, sizeof(*entries), by_place);
    spread(entries, count, plot.height);
    for (size_t i = 0; i < count; i++)
        draw_entry(&entries[i], options, canvas, plot.x + plot.width + 1, plot.y + entries[i].row);
    return true;
}

/* Columns that the first `count` entries take in a row. */
static int row_width(const struct entry *entries, size_t count)
{
    int width = 0;
    for (size_t i = 0; i < count; i++)
        width += SAMPLE + 1 + entries[i].width + (i + 1 < count ? BETWEEN : 0);
    return width;
}

/* Names give way to values. */
static void shorten_names(struct entry *entries, size_t count, const struct chart *chart,
                          bool ascii, int width)
{
    for (int most = NAME_MAX; most >= NAME_LEAST && row_width(entries, count) > width; most--)
        for (size_t i = 0; i < count; i++)
            word_entry(&entries[i], chart, most, ascii);
}

static void drop_values(struct entry *entries, size_t count, const struct chart *chart, bool ascii)
{
    for (size_t i = 0; i < count; i++)
        entries[i].width = text_clip(entries[i].text, sizeof(entries[i].text),
                                     chart->series[entries[i].series].name, NAME_MAX, ascii);
}

void legend_row(const struct chart *chart, const struct chart_options *options,
                const struct trace_map *map, struct canvas *canvas, struct canvas_area row)
{
    size_t count;
    char more[AXIS_LABEL_MAX];
    AUTO_FREE struct entry *entries = make_entries(chart, options, map, &count);
    shorten_names(entries, count, chart, options->marker->ascii, row.width);
    if (row_width(entries, count) > row.width)
        drop_values(entries, count, chart, options->marker->ascii);
    size_t shown = count;
    int rest = 0;
    while (shown > 0 && row_width(entries, shown) + rest > row.width) {
        shown--;
        rest = 1 + snprintf(more, sizeof(more), "+%zu", count - shown);
    }
    for (size_t i = 0; i < shown; i++)
        draw_entry(&entries[i], options, canvas, row.x + (i ? row_width(entries, i) + BETWEEN : 0),
                   row.y);
    if (shown > 0 && shown < count)
        canvas_text(canvas, row.x + row_width(entries, shown) + 1, row.y, more, THEME_NOTE);
}
