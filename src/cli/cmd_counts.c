#include "cli/cmd.h"
#include "cli/filter.h"
#include "cli/read.h"

static bool run(struct cmd_call *call, struct err *err)
{
    return read_event(call, query_counts, plot_counts, err);
}

const struct cmd cmd_counts = {
    .name = "counts",
    .group = CMD_READ,
    .summary = "how many tickets and listings there are, over time",
    .arguments = "EVENT",
    .about = "Counts are those of the last snapshot in an hour or a day, with the lowest and "
             "highest count beside them.",
    .needs = NEEDS_STORE_READ,
    .options = {filter_options, emit_chart_options},
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws counts 6501519 --zone Floor --zone Lower", "a series for each of two zones"},
            {"tws counts 6501519 --by day --format chart", "the supply, drawn"},
        },
    .keys = "timestamp, total_tickets, total_listings, lowest_tickets, highest_tickets, available",
    .run = run,
};
