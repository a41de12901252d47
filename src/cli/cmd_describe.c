#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/cmd.h"
#include "cli/filter.h"
#include "core/query.h"
#include "core/resolve.h"
#include "tui/narrate.h"
#include "tui/plot.h"

enum { WORDS_MAX = 16 << 20 };

typedef bool question(struct store *store, const struct event *event,
                      const struct query_filter *filter, struct frame *frame, struct err *err);

static const struct {
    question *ask;
    void (*plot)(struct chart *chart, const struct frame *frame);
} charts[] = {
    {query_trends, plot_trends},
    {query_groups, plot_groups},
    {query_counts, plot_counts},
};

static void put_moment(struct buf *out, int64_t at_ms, const char *zone)
{
    const struct chart times = {.x = CHART_TIME};
    narrate_moment(&times, zone, at_ms, out);
    buf_printf(out, " (%s)", zone ? zone : "UTC");
}

/* What it is, where and when, and how old the numbers are. */
static void put_event(struct buf *out, const struct event *event, const char *zone)
{
    char span[CLOCK_TEXT_MAX], name[EVENT_NAME_MAX + 8];
    int64_t now_ms = clock_now_ms();
    buf_printf(out, "%s", event->name[0] ? event->name : event_name(name, event));
    if (event->venue[0])
        buf_printf(out, " at %s%s%s", event->venue, event->city[0] ? ", " : "", event->city);
    if (event->date_ms != EVENT_NO_DATE) {
        int64_t left_ms = event->date_ms - now_ms;
        buf_puts(out, ", ");
        put_moment(out, event->date_ms, zone);
        buf_printf(out, ", %s%s", left_ms < 0 ? "over since " : "in ",
                   clock_format_span(span, left_ms < 0 ? -left_ms : left_ms));
    }
    buf_puts(out, ".\n");
    if (event->last_scraped_ms < 0)
        buf_puts(out, "It has not been polled well yet.\n");
    else
        buf_printf(out, "The last good poll is %s old.\n",
                   clock_format_span(span, now_ms > event->last_scraped_ms
                                               ? now_ms - event->last_scraped_ms
                                               : 0));
}

static bool run(struct cmd_call *call, struct err *err)
{
    struct event event;
    struct query_filter filter;
    AUTO_BUF struct buf out;
    buf_init(&out, WORDS_MAX);
    if (!resolve_event(call->store, call->conf, call->arguments[0], &event, err) ||
        !filter_read(call->options, &event, &filter, err))
        return false;
    const char *zone = event.timezone[0] ? event.timezone : NULL;
    filter_as_series(&filter);
    put_event(&out, &event, zone);
    for (size_t i = 0; i < sizeof charts / sizeof *charts; i++) {
        AUTO_FRAME struct frame frame = {0};
        AUTO_CHART struct chart chart;
        chart_init(&chart);
        if (!charts[i].ask(call->store, &event, &filter, &frame, err))
            return false;
        charts[i].plot(&chart, &frame);
        buf_putc(&out, '\n');
        narrate_chart(&chart, zone, &out);
    }
    emit_bytes(buf_text(&out), out.length);
    return true;
}

const struct cmd cmd_describe = {
    .name = "describe",
    .group = CMD_READ,
    .summary = "price trend, group prices and ticket counts in words",
    .arguments = "EVENT",
    .about = "Sentences instead of a chart, the same each time for the same numbers: for screen "
             "readers, "
             "mails and\nnotes. Times are those of the venue.",
    .needs = NEEDS_STORE_READ,
    .options = {filter_options},
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws describe 6501519 --from 7d", "the last week"},
            {"tws describe 6501519 --zone Floor --zone '100 Level'", "two zones"},
        },
    .run = run,
};
