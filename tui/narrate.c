#include "tui/narrate.h"

#include <stdlib.h>

#include "base/clock.h"

/* What is worth saying of a line. */
struct tale {
    const struct series_point *first, *last, *lowest, *highest;
    size_t known, holes;
};

static struct tale read_tale(const struct chart *chart, const struct series *series)
{
    struct tale tale = {0};
    int64_t bridge = series_bridge(series);
    for (size_t i = 0; i < series->count; i++) {
        const struct series_point *point = &series->points[i];
        if (!point->known || (chart->has_from && point->x < chart->from) ||
            (chart->has_to && point->x > chart->to))
            continue;
        tale.holes += tale.last && point->x - tale.last->x > bridge;
        tale.first = tale.first ? tale.first : point;
        tale.last = point;
        tale.known++;
        if (!tale.lowest || point->y < tale.lowest->y)
            tale.lowest = point;
        if (!tale.highest || point->y > tale.highest->y)
            tale.highest = point;
    }
    return tale;
}

void narrate_moment(const struct chart *chart, const char *zone, int64_t x, struct buf *out)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil civil;
    if (chart->x == CHART_TO_EVENT) {
        buf_printf(out, "%.1f d %s the event", (double)llabs(x) / (double)CLOCK_DAY_MS,
                   x < 0 ? "before" : "after");
        return;
    }
    clock_civil_zone(x, zone ? zone : "UTC", &civil);
    buf_printf(out, "%.3s %d %d %02d:%02d", months + 3 * (civil.month - 1), civil.day, civil.year,
               civil.hour, civil.minute);
}

static void tell_value(const struct chart *chart, const struct series_point *point, struct buf *out)
{
    char value[AXIS_LABEL_MAX];
    buf_puts(out, axis_value(value, point->y, chart->unit, chart->currency));
}

static void tell_point(const struct chart *chart, const char *zone,
                       const struct series_point *point, struct buf *out)
{
    tell_value(chart, point, out);
    buf_puts(out, chart->x == CHART_TIME ? " on " : " ");
    narrate_moment(chart, zone, point->x, out);
}

/* Under one percent a line is flat, as `trends` has it. */
static void tell_change(const struct tale *tale, struct buf *out)
{
    if (tale->known < 2 || tale->first->y <= 0)
        return;
    double percent = 100.0 * (double)(tale->last->y - tale->first->y) / (double)tale->first->y;
    if (percent > -1 && percent < 1)
        buf_puts(out, ", flat");
    else
        buf_printf(out, ", %s %.1f %%", percent > 0 ? "up" : "down",
                   percent < 0 ? -percent : percent);
}

static void tell_series(const struct chart *chart, const char *zone, const struct series *series,
                        struct buf *out)
{
    struct tale tale = read_tale(chart, series);
    buf_printf(out, "%s: ", series->name[0] ? series->name : "value");
    if (tale.known == 0) {
        buf_puts(out, "nothing is known in this window.\n");
        return;
    }
    buf_puts(out, "from ");
    tell_point(chart, zone, tale.first, out);
    buf_puts(out, " to ");
    tell_point(chart, zone, tale.last, out);
    tell_change(&tale, out);
    buf_puts(out, "; lowest ");
    tell_point(chart, zone, tale.lowest, out);
    buf_puts(out, ", highest ");
    tell_point(chart, zone, tale.highest, out);
    if (tale.holes > 0)
        buf_printf(out, "; %zu hole%s in collecting", tale.holes, tale.holes == 1 ? "" : "s");
    buf_puts(out, ".\n");
}

static void tell_references(const struct chart *chart, struct buf *out)
{
    char value[AXIS_LABEL_MAX];
    for (size_t i = 0; i < chart->reference_count; i++)
        buf_printf(out, "Reference line: %s %s.\n", chart->references[i].label,
                   axis_value(value, chart->references[i].value, chart->unit, chart->currency));
}

void narrate_chart(const struct chart *chart, const char *zone, struct buf *out)
{
    buf_printf(out, "%s%s%s%s%s.\n", chart->title ? chart->title : "", chart->note ? " (" : "",
               chart->note ? chart->note : "", chart->note ? ")" : "",
               chart->x == CHART_TIME ? "" : ", by days to the event");
    for (size_t i = 0; i < chart->count; i++)
        if (!chart->series[i].hidden)
            tell_series(chart, zone, &chart->series[i], out);
    tell_references(chart, out);
}
