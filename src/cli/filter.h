/* The filters that every reading command takes, as options and as the query module wants them. */
#ifndef CLI_FILTER_H
#define CLI_FILTER_H

#include <stdbool.h>

#include "base/err.h"
#include "cli/opt.h"
#include "core/event.h"
#include "core/query.h"

/* --zone --section --from --to --at --by --size --price --only --exclude: a table for struct
 * cmd.options. */
extern const struct opt filter_options[];

/* Turns what was typed into a filter; texts point into argv. Times relative to the event (T-14d)
   are those of `event`; with NULL they are refused. ERR_USAGE names the option. */
bool filter_read(const struct opt_values *options, const struct event *event,
                 struct query_filter *filter, struct err *err);

/* For a series: --at TIME is a window that ends with that moment, unless --to says when it ends. */
void filter_as_series(struct query_filter *filter);

/* For one moment's market: --to TIME is the last moment before it, unless --at names one. */
void filter_as_market(struct query_filter *filter);

#endif
