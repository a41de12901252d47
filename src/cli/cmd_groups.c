#include "cli/cmd.h"
#include "cli/filter.h"
#include "cli/read.h"

/* A chart has room for the single ticket too. */
static bool ask_for_chart(struct store *store, const struct event *event,
                          const struct query_filter *filter, struct frame *frame, struct err *err)
{
    struct query_filter wider = *filter;
    if (wider.sizes == 0)
        wider.sizes = MEASURES_KEPT_SIZES;
    return query_groups(store, event, &wider, frame, err);
}

static bool run(struct cmd_call *call, struct err *err)
{
    bool chart = call->emit.format == EMIT_CHART;
    return read_event(call, chart ? ask_for_chart : query_groups, plot_groups, err);
}

const struct cmd cmd_groups = {
    .name = "groups",
    .group = CMD_READ,
    .summary = "what K people who sit together pay, over time",
    .arguments = "EVENT",
    .about = "The lowest price among listings that may be bought in exactly that number. Without "
             "--size: 2 and 4;\n"
             "a chart shows 1 too.",
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
