/* What the reading commands have in common: an event and the filters in, a frame out. */
#ifndef CLI_READ_H
#define CLI_READ_H

#include <stdbool.h>

#include "base/err.h"
#include "cli/cmd.h"
#include "cli/draw.h"
#include "core/query.h"

/* A question about one event: a function of core/query.h. */
typedef bool read_question(struct store *store, const struct event *event,
                           const struct query_filter *filter, struct frame *frame, struct err *err);

/* Finds the event that is the call's argument, asks, and prints. `plot` draws --format chart of a series; NULL
   for questions about one moment. An answer without rows says on stderr what to type next. */
bool read_event(struct cmd_call *call, read_question *question, draw_plot *plot, struct err *err);

#endif
