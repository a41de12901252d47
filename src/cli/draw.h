/* A frame as a chart on stdout: the options, settings and terminal turned into what tui/chart
 * wants. */
#ifndef CLI_DRAW_H
#define CLI_DRAW_H

#include <stdbool.h>

#include "base/err.h"
#include "cli/cmd.h"
#include "core/frame.h"
#include "tui/plot.h"

/* How a command's frame becomes a chart: one of the functions of tui/plot.h. */
typedef void draw_plot(struct chart *chart, const struct frame *frame);

/* Prints the chart of a frame. `zone` is the IANA zone of its time labels, NULL or "" for UTC. The
   command must have emit_chart_options. */
bool draw_chart(const struct cmd_call *call, draw_plot *plot, const struct frame *frame,
                const char *zone, struct err *err);

#endif
