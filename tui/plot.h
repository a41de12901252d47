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

#endif
