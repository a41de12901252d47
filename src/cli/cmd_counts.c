#include "cli/cmd.h"
#include "cli/filter.h"
#include "cli/read.h"

/* A chart of the whole event shows how its zones share the supply: those of the map, as far as a filter has room. */
static bool ask_for_chart(struct store *store, const struct event *event,
                          const struct query_filter *filter, struct frame *frame, struct err *err)
{
    struct query_filter by_zone = *filter;
    AUTO_FRAME struct frame names = {0};
    if (!query_names(store, event, false, &names, err))
        return false;
    size_t room = by_zone.zone_count || by_zone.section ? 0 : QUERY_ZONES_MAX;
    for (size_t i = 0; i < names.row_count && i < room; i++)
        by_zone.zones[by_zone.zone_count++] = frame_at(&names, i, 0)->text;
    return query_counts(store, event, &by_zone, frame, err);
}

static bool run(struct cmd_call *call, struct err *err)
{
    bool chart = call->emit.format == EMIT_CHART;
    return read_event(call, chart ? ask_for_chart : query_counts, plot_counts, err);
}

const struct cmd cmd_counts = {
    .name = "counts",
    .group = CMD_READ,
    .summary = "how many tickets and listings there are, over time",
    .arguments = "EVENT",
    .about = "Counts are those of the last snapshot in an hour or a day, with the lowest and "
             "highest count beside them. A chart shows\n"
             "the zones unless --zone or --section is given.",
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
