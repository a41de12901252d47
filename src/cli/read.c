#include "cli/read.h"

#include "base/log.h"
#include "cli/filter.h"
#include "core/resolve.h"

static void say_trend(const struct frame *frame)
{
    if (!frame->meta.has_trend || !frame->meta.trend || !frame->meta.has_percent)
        return;
    log_say("lowest price %s: %+.2f %% from first to last", frame->meta.trend,
            frame->meta.percent_change);
}

static void say_empty(const struct event *event)
{
    char name[EVENT_NAME_MAX + 8];
    if (event->last_scraped_ms < 0)
        log_say("nothing was collected of '%s' yet: tws scrape %s", event_name(name, event), name);
    else
        log_say(
            "no rows: nothing was collected in that window, or the filters let nothing through");
}

bool read_event(struct cmd_call *call, read_question *question, draw_plot *plot, struct err *err)
{
    struct event event;
    struct query_filter filter;
    AUTO_FRAME struct frame frame = {0};
    if (!resolve_event(call->store, call->conf, call->arguments[0], &event, err) ||
        !filter_read(call->options, &event, &filter, err))
        return false;
    if (plot)
        filter_as_series(&filter);
    else
        filter_as_market(&filter);
    if (!question(call->store, &event, &filter, &frame, err))
        return false;
    if (frame.row_count == 0)
        say_empty(&event);
    if (call->emit.format == EMIT_CHART)
        return draw_chart(call, plot, &frame, event.timezone, err);
    emit_frame(&call->emit, &frame);
    if (call->emit.format == EMIT_TABLE)
        say_trend(&frame);
    return true;
}
