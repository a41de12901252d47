#include "cli/cmd.h"
#include "cli/filter.h"
#include "cli/read.h"

static bool run(struct cmd_call *call, struct err *err)
{
    return read_event(call, query_groups, plot_groups, err);
}

const struct cmd cmd_groups = {
    .name = "groups",
    .group = CMD_READ,
    .summary = "what K people who sit together pay, over time",
    .arguments = "EVENT",
    .about = "The lowest price among listings that may be bought in exactly that number. Without "
             "--size: 2 and 4.",
    .needs = NEEDS_STORE_READ,
    .options = {filter_options, emit_chart_options},
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws groups 6501519", "pairs and fours, by the hour"},
            {"tws groups 6501519 --size 3 --by day", "three together, a row a day"},
        },
    .keys = "timestamp, group_size, price, price_per_ticket",
    .run = run,
};
