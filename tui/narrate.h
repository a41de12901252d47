/* A chart in words: for screen readers, for people who are told a chart, for `tws describe`. The same chart gives the
   same sentences. */
#ifndef TUI_NARRATE_H
#define TUI_NARRATE_H

#include "base/buf.h"
#include "tui/chart.h"

/* Adds a sentence on what is drawn and one a line that is shown: where it began, where it is, its lowest and highest and when, how
   often collecting had holes. `zone` is the IANA zone of the times, NULL for UTC. */
void narrate_chart(const struct chart *chart, const char *zone, struct buf *out);

/* Adds "Nov 12 2026 14:00"; of a chart to the event "12.5 d before the event". */
void narrate_moment(const struct chart *chart, const char *zone, int64_t x, struct buf *out);

#endif
