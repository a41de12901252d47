#include "cli/cmd.h"
#include "cli/filter.h"
#include "cli/read.h"

static bool run(struct cmd_call *call, struct err *err)
{
    return read_event(call, query_trends, plot_trends, err);
}

const struct cmd cmd_trends = {
    .name = "trends",
    .group = CMD_READ,
    .summary = "lowest, average, median and highest price over time",
    .arguments = "EVENT",
    .about = "Prices are per ticket, over listings. An hour or a day shows the lowest and highest "
             "price seen in it, the\n"
             "mean over all observations, and the median of its last snapshot.",
    .needs = NEEDS_STORE_READ,
    .options = {filter_options, emit_chart_options},
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws trends 6501519 --by day", "a row a day"},
            {"tws trends 6501519 --zone Floor --from 7d --format chart",
             "the last week of a zone, drawn"},
            {"tws trends 6501519 --from T-14d --format csv",
             "the fortnight before the event, for a spreadsheet"},
        },
    .keys = "timestamp, min_price, avg_price, median_price, max_price, snapshots",
    .run = run,
};
