#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "tui/plot_private.h"

/* More buckets than any screen has columns; beyond it they are made longer. */
enum { BUCKETS_MAX = 4000 };

/* Where the buckets of a frame are. */
struct buckets {
    int64_t from, step;
    size_t count;
};

static int by_number(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The distinct known numbers of a column, ascending; the caller frees them. */
static int64_t *distinct(const struct frame *frame, size_t column, size_t *count)
{
    int64_t *numbers = mem_alloc(frame->row_count + 1, sizeof(*numbers));
    size_t known = 0, kept = 0;
    for (size_t row = 0; row < frame->row_count; row++) {
        const struct frame_cell *cell = frame_at(frame, row, column);
        if (cell->known)
            numbers[known++] = cell->number;
    }
    qsort(numbers, known, sizeof(*numbers), by_number);
    for (size_t i = 0; i < known; i++)
        if (i == 0 || numbers[i] != numbers[i - 1])
            numbers[kept++] = numbers[i];
    *count = kept;
    return numbers;
}

/* The length of a bucket: what the frame says, else the median distance of its times. */
static int64_t step_of(const struct frame *frame, int64_t *times, size_t count)
{
    const char *by = frame->meta.granularity;
    if (by && !strcmp(by, "hour"))
        return CLOCK_HOUR_MS;
    if (by && !strcmp(by, "day"))
        return CLOCK_DAY_MS;
    if (count < 2)
        return CLOCK_HOUR_MS;
    AUTO_FREE int64_t *gaps = mem_alloc(count - 1, sizeof(*gaps));
    for (size_t i = 0; i + 1 < count; i++)
        gaps[i] = times[i + 1] - times[i];
    qsort(gaps, count - 1, sizeof(*gaps), by_number);
    int64_t median = gaps[(count - 1) / 2];
    return median < CLOCK_MINUTE_MS ? CLOCK_MINUTE_MS : median;
}

/* Buckets from the first to the last time, or over the window asked for. */
static struct buckets find_buckets(const struct frame *frame, size_t time)
{
    size_t count;
    AUTO_FREE int64_t *times = distinct(frame, time, &count);
    struct buckets buckets = {.step = step_of(frame, times, count)};
    if (count == 0)
        return buckets;
    int64_t from =
        frame->meta.has_from && frame->meta.from_ms < times[0] ? frame->meta.from_ms : times[0];
    int64_t to = times[count - 1] + buckets.step;
    if (frame->meta.has_to && frame->meta.to_ms > to)
        to = frame->meta.to_ms;
    buckets.from = clock_floor(from, buckets.step);
    while ((to - buckets.from) / buckets.step >= BUCKETS_MAX)
        buckets.step *= 2;
    buckets.count = (size_t)((to - buckets.from + buckets.step - 1) / buckets.step);
    return buckets;
}

static size_t bucket_at(const struct buckets *buckets, int64_t at_ms)
{
    return (size_t)((at_ms - buckets->from) / buckets->step);
}

/* The names of a column in the order in which they come, one of each; the caller frees the list. */
static const char **names_of(const struct frame *frame, size_t column, size_t *count)
{
    const char **names = mem_alloc(frame->row_count + 1, sizeof(*names));
    *count = 0;
    for (size_t row = 0; row < frame->row_count; row++) {
        const struct frame_cell *cell = frame_at(frame, row, column);
        size_t i = 0;
        while (i < *count && strcmp(names[i], cell->known ? cell->text : "") != 0)
            i++;
        if (i == *count)
            names[(*count)++] = cell->known ? cell->text : "";
    }
    return names;
}

static size_t place_of(const char **names, const char *name)
{
    size_t i = 0;
    while (strcmp(names[i], name) != 0)
        i++;
    return i;
}

static char class_of(const struct frame_cell *tickets)
{
    if (!tickets->known)
        return '\0';
    int64_t count = tickets->number;
    return count == 0 ? '0' : count < 10 ? '.' : count < 100 ? ':' : '#';
}

static void name_heat(struct heat *heat, const struct frame *frame, const struct buckets *buckets,
                      const char *about)
{
    struct plot_words words = plot_describe(&heat->arena, frame, heat->unit, about);
    heat->title = words.title;
    heat->note = words.note;
    heat->currency = words.currency;
    heat->from = buckets->from;
    heat->step = buckets->step;
}

void plot_zones(struct heat *heat, const struct frame *frame, const char *column)
{
    size_t zone = plot_need(frame, "zone"), time = plot_need(frame, "timestamp");
    size_t shown = plot_need(frame, column), tickets = plot_need(frame, "total_tickets"), count;
    struct buckets buckets = find_buckets(frame, time);
    AUTO_FREE const char **names = names_of(frame, zone, &count);
    heat_init(heat, count, buckets.count);
    if (!plot_unit(frame->columns[shown].type, &heat->unit))
        BUG("the column '%s' cannot be drawn", column);
    name_heat(heat, frame, &buckets, plot_about(column));
    heat->key = "tickets: 0  . <10  : <100  # more";
    for (size_t i = 0; i < count; i++)
        heat_label(heat, i, names[i]);
    for (size_t row = 0; row < frame->row_count; row++) {
        const struct frame_cell *name = frame_at(frame, row, zone);
        int64_t at = frame_at(frame, row, time)->number;
        struct heat_cell *cell =
            heat_at(heat, place_of(names, name->known ? name->text : ""), bucket_at(&buckets, at));
        cell->known =
            plot_value(frame_at(frame, row, shown), frame->columns[shown].type, &cell->value);
        cell->glyph = class_of(frame_at(frame, row, tickets));
    }
}

/* Fills up the starts of bins, ascending, so that those that were never used are there too and equal
   prices are equally high: all are a multiple of the smallest distance apart, or stay as they are.
   The caller frees them. */
static int64_t *fill_bins(const int64_t *used, size_t *count)
{
    enum { BINS_MAX = 1000 };
    int64_t width = 0;
    for (size_t i = 1; i < *count; i++)
        if (!width || used[i] - used[i - 1] < width)
            width = used[i] - used[i - 1];
    bool even = width > 0 && (used[*count - 1] - used[0]) / width < BINS_MAX;
    for (size_t i = 1; even && i < *count; i++)
        even = (used[i] - used[0]) % width == 0;
    size_t bins = even ? (size_t)((used[*count - 1] - used[0]) / width) + 1 : *count;
    int64_t *filled = mem_alloc(bins + 1, sizeof(*filled));
    for (size_t i = 0; i < bins; i++)
        filled[i] = even ? used[0] + (int64_t)i * width : used[i];
    *count = bins;
    return filled;
}

/* Puts the median price of each bucket into the row of the bin that holds it. */
static void add_median(struct heat *heat, const struct buckets *buckets,
                       const struct frame *measures, const int64_t *bins)
{
    size_t time = plot_need(measures, "timestamp"), median = plot_need(measures, "median_price");
    heat->line_name = "median";
    for (size_t row = 0; row < measures->row_count; row++) {
        const struct frame_cell *price = frame_at(measures, row, median);
        int64_t at = frame_at(measures, row, time)->number;
        size_t bin = heat->rows;
        if (at < buckets->from || bucket_at(buckets, at) >= buckets->count || !price->known)
            continue;
        while (bin > 0 && bins[bin - 1] > price->number)
            bin--;
        if (bin > 0)
            heat->line[bucket_at(buckets, at)] = (int)(heat->rows - bin);
    }
}

void plot_density(struct heat *heat, const struct frame *frame, const struct frame *measures)
{
    size_t time = plot_need(frame, "timestamp"), bin = plot_need(frame, "price_from");
    size_t listings = plot_need(frame, "listings"), count;
    struct buckets buckets = find_buckets(frame, time);
    AUTO_FREE int64_t *used = distinct(frame, bin, &count);
    AUTO_FREE int64_t *bins = fill_bins(used, &count);
    heat_init(heat, count, buckets.count);
    heat->unit = AXIS_MONEY; /* so that the words tell the basis */
    name_heat(heat, frame, &buckets, "listings by price");
    heat->unit = AXIS_COUNT;
    heat->merge = HEAT_MAX;
    heat->bins = heat->log = true;
    struct axis_range range = {.from = count ? bins[0] : 0, .to = count ? bins[count - 1] : 0};
    range.step = 100;
    for (size_t i = 0; i < count; i++) {
        char label[AXIS_LABEL_MAX], sign[AXIS_LABEL_MAX];
        axis_sign(sign, heat->currency);
        heat_label(heat, count - 1 - i, axis_label(label, bins[i], &range, AXIS_MONEY, sign));
    }
    for (size_t row = 0; row < frame->row_count; row++) {
        const struct frame_cell *price = frame_at(frame, row, bin);
        const struct frame_cell *number = frame_at(frame, row, listings);
        if (!price->known || !number->known || number->number <= 0)
            continue;
        const int64_t *found = bsearch(&price->number, bins, count, sizeof(*bins), by_number);
        struct heat_cell *cell = heat_at(heat, count - 1 - (size_t)(found - bins),
                                         bucket_at(&buckets, frame_at(frame, row, time)->number));
        cell->value = number->number;
        cell->known = true;
    }
    if (measures)
        add_median(heat, &buckets, measures, bins);
}

void plot_coverage(struct chart *chart, const struct frame *frame)
{
    size_t time = plot_need(frame, "timestamp"), count;
    size_t good = plot_need(frame, "good"), failed = plot_need(frame, "failed");
    AUTO_FREE int64_t *times = distinct(frame, time, &count);
    int64_t step = step_of(frame, times, count);
    for (size_t row = 0; row < frame->row_count; row++) {
        int64_t at = frame_at(frame, row, time)->number;
        chart_add_span(chart, (struct chart_span){
                                  .from = at,
                                  .to = at + step,
                                  .good = frame_at(frame, row, good)->number,
                                  .failed = frame_at(frame, row, failed)->number,
                              });
    }
}

void plot_depth(struct depth *depth, const struct frame *frame, const char *const *moments,
                size_t count)
{
    static const char *const names[DEPTH_MOMENTS_MAX] = {"tickets_0", "tickets_1", "tickets_2",
                                                         "tickets_3"};
    size_t price = plot_need(frame, "price"), columns[DEPTH_MOMENTS_MAX];
    struct plot_words words =
        plot_describe(&depth->arena, frame, AXIS_MONEY, "tickets at or below a price");
    depth->title = words.title;
    depth->note = words.note;
    depth->currency = words.currency;
    for (size_t i = 0; i < count && i < DEPTH_MOMENTS_MAX; i++) {
        depth_add_moment(depth, moments[i]);
        columns[i] = plot_need(frame, names[i]);
    }
    for (size_t row = 0; row < frame->row_count; row++) {
        struct depth_point point = {.price = frame_at(frame, row, price)->number};
        for (size_t i = 0; i < depth->moment_count; i++) {
            const struct frame_cell *tickets = frame_at(frame, row, columns[i]);
            point.tickets[i] = tickets->known ? tickets->number : -1;
        }
        depth_add(depth, point);
    }
}
