#include "tui/trace.h"

#include <math.h>
#include <stdlib.h>

struct raster_pen trace_pen(size_t index, const struct marker *marker, enum theme_depth depth)
{
    bool alike = depth <= THEME_MONO && marker->dots_x * marker->dots_y > 1;
    return (struct raster_pen){
        .style = theme_series(index),
        .series = (unsigned)(index % THEME_SERIES_COUNT),
        .dash = alike ? (unsigned)(index % RASTER_DASHES) : 0,
    };
}

static bool in_window(const struct trace_map *map, const struct series_point *point)
{
    return point->known && point->x >= map->x.from && point->x <= map->x.to &&
           (!map->y.log || point->y > 0);
}

/* Whether the line runs from point `i` to the next. */
static bool joins(const struct trace_map *map, const struct series *series, size_t i,
                  int64_t bridge)
{
    if (i + 1 >= series->count)
        return false;
    const struct series_point *point = &series->points[i];
    return in_window(map, &point[0]) && in_window(map, &point[1]) &&
           point[1].x - point[0].x <= bridge;
}

int trace_row(const struct trace_map *map, int64_t value)
{
    return map->bottom - axis_pixel(&map->y, value);
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

void trace_line(struct raster *raster, const struct trace_map *map, const struct series *series,
                struct raster_pen pen)
{
    int64_t bridge = series_bridge(series);
    bool joined = false;
    int last_x = 0, last_y = 0, last_turn = 0;
    for (size_t i = 0; i < series->count; i++) {
        const struct series_point *point = &series->points[i];
        bool goes_on = joins(map, series, i, bridge);
        if (in_window(map, point)) {
            int x = axis_pixel(&map->x, point->x), y = trace_row(map, point->y);
            int turn = joined && y != last_y ? sign(y - last_y) : last_turn;
            if (joined) {
                /* the gaps of a dash must not hide where a spike ends */
                if (turn != last_turn && abs(y - last_y) > raster->marker->dots_y)
                    raster_dot(raster, last_x, last_y, &pen);
                raster_line(raster, last_x, last_y, x, y, &pen);
            } else if (goes_on) {
                pen.phase = 0;
                turn = 0;
                raster_dot(raster, x, y, &pen);
            } else {
                raster_mark(raster, x, y, &pen);
            }
            last_x = x;
            last_y = y;
            last_turn = turn;
        }
        joined = goes_on;
    }
}

/* The line's height in dots from the top at a dot column between two points. */
static double height_at(const struct trace_map *map, const struct series_point *point, double x)
{
    double from = axis_pixel(&map->x, point[0].x), to = axis_pixel(&map->x, point[1].x);
    double start = trace_row(map, point[0].y), end = trace_row(map, point[1].y);
    return to > from ? start + (end - start) * (x - from) / (to - from) : start;
}

static void fill_column(struct canvas *canvas, const struct raster *raster,
                        const struct trace_band *band, int column, const double edges[2])
{
    int dots = raster->marker->dots_y;
    double top = fmin(edges[0], edges[1]), bottom = fmax(edges[0], edges[1]);
    for (int row = 0; row < raster->rows; row++) {
        double centre = row * dots + (dots - 1) / 2.0;
        if (centre < top || centre > bottom)
            continue;
        if (band->depth >= THEME_256)
            canvas_ground(canvas, band->left + column, band->top + row, THEME_BAND);
        else if ((column + row) % 2)
            canvas_put(canvas, band->left + column, band->top + row, raster->marker->shade,
                       THEME_BAND);
    }
}

void trace_fill(struct canvas *canvas, const struct raster *raster, const struct trace_map *map,
                const struct trace_band *band)
{
    const struct series *low = band->low, *high = band->high;
    int64_t bridge = series_bridge(low);
    size_t count = low->count < high->count ? low->count : high->count;
    int dots = raster->marker->dots_x;
    for (size_t i = 0; i + 1 < count; i++) {
        const struct series_point *a = &low->points[i], *b = &high->points[i];
        if (a->x != b->x || !joins(map, low, i, bridge) || !joins(map, high, i, bridge))
            continue;
        int from = axis_pixel(&map->x, a[0].x), to = axis_pixel(&map->x, a[1].x);
        for (int column = from / dots; column <= to / dots; column++) {
            double centre = column * dots + (dots - 1) / 2.0;
            if (centre < from || centre > to)
                continue;
            double edges[2] = {height_at(map, a, centre), height_at(map, b, centre)};
            fill_column(canvas, raster, band, column, edges);
        }
    }
}
