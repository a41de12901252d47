#include <string.h>

#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/draw.h"
#include "cli/filter.h"
#include "core/query.h"
#include "core/resolve.h"

static const struct opt options[] = {
    {.name = "metric",
     .letter = 'm',
     .kind = OPT_WORD,
     .value = "METRIC",
     .help = "what is compared (default min); group: a ticket's price for --size K together",
     .words = "min|avg|median|max|tickets|listings|group"},
    {.name = "align",
     .kind = OPT_WORD,
     .value = "HOW",
     .help = "side by side by date, or by days to the event (default date)",
     .words = "date|event"},
    {.name = "index", .kind = OPT_FLAG, .help = "each event's first known value is 100"},
    {.name = NULL},
};

static struct query_compare read_compare(const struct opt_values *values)
{
    static const enum query_metric metrics[] = {
        QUERY_MIN, QUERY_AVG, QUERY_MEDIAN, QUERY_MAX, QUERY_TICKETS, QUERY_LISTINGS, QUERY_GROUP};
    const char *align = opt_text(values, "align");
    return (struct query_compare){
        .metric = opt_has(values, "metric") ? metrics[opt_word(values, "metric")] : QUERY_MIN,
        .by_days_to_event = align && strcmp(align, "event") == 0,
        .indexed = opt_has(values, "index"),
    };
}

static bool run(struct cmd_call *call, struct err *err)
{
    size_t count = call->argument_count;
    AUTO_FREE struct event *events = mem_alloc(count, sizeof *events);
    struct query_compare compare = read_compare(call->options);
    struct query_filter filter;
    AUTO_FRAME struct frame frame = {0};
    for (size_t i = 0; i < count; i++)
        if (!resolve_event(call->store, call->conf, call->arguments[i], &events[i], err))
            return false;
    if (!filter_read(call->options, &events[0], &filter, err))
        return false;
    filter_as_series(&filter);
    if (!query_compare(call->store, events, count, &filter, &compare, &frame, err))
        return false;
    if (call->emit.format == EMIT_CHART)
        return draw_chart(call, plot_comparison, &frame, NULL, err);
    emit_frame(&call->emit, &frame);
    return true;
}

const struct cmd cmd_compare = {
    .name = "compare",
    .group = CMD_READ,
    .summary = "several events side by side, by date or by days to the event",
    .arguments = "EVENT EVENT...",
    .about = "A row an hour or a day, a column an event. Times such as T-14d are those of the "
             "first event.",
    .needs = NEEDS_STORE_READ,
    .options = {options, filter_options, emit_chart_options},
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws compare 6501519 6501520 --align event --by day", "by days to the event"},
            {"tws compare 6501519 6501520 --metric median --index --format chart",
             "how medians moved, drawn"},
        },
    .keys = "timestamp or days_to_event, then a column for each event",
    .run = run,
};
