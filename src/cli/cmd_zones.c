#include "cli/cmd.h"
#include "cli/filter.h"
#include "cli/read.h"

static bool run(struct cmd_call *call, struct err *err)
{
    return read_event(call, query_zones, NULL, err);
}

const struct cmd cmd_zones = {
    .name = "zones",
    .group = CMD_READ,
    .summary = "the zones of an event with their prices and counts now",
    .arguments = "EVENT",
    .about = "A zone once seen and now empty has 0 tickets and no prices. --at TIME shows them as "
             "they were.",
    .needs = NEEDS_STORE_READ,
    .options = {filter_options, emit_options},
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws zones 6501519", "at the last good snapshot"},
            {"tws zones 6501519 --at T-7d", "a week before the event"},
        },
    .keys = "zone_name, sections, display_order, current_min_price, current_max_price, "
            "current_avg_price, current_median_price, current_min_price_2, current_min_price_4, "
            "current_total_tickets, current_total_listings",
    .run = run,
};
