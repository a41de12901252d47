#include "cli/cmd.h"
#include "cli/filter.h"
#include "cli/read.h"

static bool run(struct cmd_call *call, struct err *err)
{
    return read_event(call, query_listings, NULL, err);
}

const struct cmd cmd_listings = {
    .name = "listings",
    .group = CMD_READ,
    .summary = "every listing of an event, now or at any past moment",
    .arguments = "EVENT",
    .about = "Without --at it is the market at the last good snapshot. --size keeps listings that "
             "may be bought in that\n"
             "number. --only and --exclude keep and drop by tag.",
    .needs = NEEDS_STORE_READ,
    .options = {filter_options, emit_options},
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws listings 6501519 --zone Floor --size 2", "pairs on the floor"},
            {"tws listings 6501519 --at 2026-02-09T18:00:00Z", "exactly as it stood then"},
            {"tws listings 6501519 --exclude obstructed --format ndjson", "for another program"},
        },
    .keys = "listing_id, zone, section, row, quantity, splits, price, all_in_price, tags, "
            "first_seen, last_seen",
    .run = run,
};
