/*
 * Turns answers into charts. Each function takes a frame with the columns of its command (see the
 * command line's contract) and fills an empty chart; texts are copied, so the frame may go first. A
 * frame with a `zone` column gives a series for each zone. A required column that is missing is a
 * bug of the caller.
 */
#ifndef TUI_PLOT_H
#define TUI_PLOT_H

#include "core/frame.h"
#include "tui/chart.h"
#include "tui/depth.h"
#include "tui/heat.h"

/* `timestamp, min_price, avg_price, median_price, ...`: the lowest, median and average price and
   the area between the lowest and the median. By zone: only the lowest price of each. */
void plot_trends(struct chart *chart, const struct frame *frame);

/* `timestamp, group_size, price, price_per_ticket`: the price per ticket for each group size. */
void plot_groups(struct chart *chart, const struct frame *frame);

/* `timestamp, total_tickets, ...`: how many tickets there are. */
void plot_counts(struct chart *chart, const struct frame *frame);

/* First column `timestamp`, or `days_to_event` (INT or REAL, positive before the event); each
   further column of the type of the first numeric one is a series named by the column. */
void plot_comparison(struct chart *chart, const struct frame *frame);

/* `zone, timestamp, min_price, ..., price_8`: one column of it, a series for each zone. Without a
   column's name (NULL): of a single zone the lowest, median and average price with the area from the
   lowest quarter to the median, of several their lowest prices. */
void plot_measures(struct chart *chart, const struct frame *frame, const char *column);

/* The same frame: the price a ticket for each size in `sizes` (bits k - 1), a series for each, and for each zone
   when there are several. */
void plot_together(struct chart *chart, const struct frame *frame, unsigned sizes);

/* `timestamp, good, failed, worst`: the coverage strip of a chart that is made already. */
void plot_coverage(struct chart *chart, const struct frame *frame);

/* `zone, timestamp, total_tickets` and a column of measures: zones over time, that column's level as
   heat, how many tickets there are as a glyph. Fills a heat map that is not initialised. */
void plot_zones(struct heat *heat, const struct frame *frame, const char *column);

/* `timestamp, price_from, price_to, listings, tickets`: how many listings there are in each bin of
   prices over time, dearest on top; with measures of one zone (NULL: none) their median price as a
   line over it. Fills a heat map that is not initialised. */
void plot_density(struct heat *heat, const struct frame *frame, const struct frame *measures);

/* `price, tickets_0, tickets_1, ...`: a ladder; `moments` names as many columns of tickets, from 0 on.
   Fills a ladder that is empty. */
void plot_depth(struct depth *depth, const struct frame *frame, const char *const *moments,
                size_t count);

#endif
