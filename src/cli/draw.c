#include "cli/draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { WIDTH = 80, HEIGHT = 20, WIDTH_MAX = 1000, PICTURE_MAX = 64 << 20 };

static bool contains(const char *variable, const char *word)
{
    const char *text = getenv(variable);
    return text && strstr(text, word);
}

static enum theme_depth depth(const struct emit *emit)
{
    if (!emit->color)
        return THEME_PLAIN;
    if (contains("COLORTERM", "truecolor") || contains("COLORTERM", "24bit"))
        return THEME_TRUE;
    return contains("TERM", "256color") ? THEME_256 : THEME_8;
}

/* The Linux console's fonts have no braille. */
static const char *default_marker(const struct emit *emit)
{
    if (emit->ascii)
        return "ascii";
    return contains("TERM", "linux") ? "half" : "braille";
}

static const struct marker *choose_marker(const struct cmd_call *call)
{
    const char *name = opt_text(call->options, "marker");
    if (!name)
        name = conf_text(call->conf, CONF_MARKER);
    if (strcmp(name, "auto") == 0)
        name = default_marker(&call->emit);
    const struct marker *marker = marker_find(name);
    if (!marker)
        BUG("no marker '%s'", name);
    return marker;
}

bool draw_chart(const struct cmd_call *call, draw_plot *plot, const struct frame *frame,
                const char *zone, struct err *err)
{
    int columns = call->emit.columns > WIDTH_MAX ? WIDTH_MAX : call->emit.columns;
    struct chart_options options = {
        .width = (int)opt_count(call->options, "width", columns ? columns : WIDTH),
        .height = (int)opt_count(call->options, "height", HEIGHT),
        .marker = choose_marker(call),
        .theme = theme_find(conf_text(call->conf, CONF_THEME)),
        .depth = depth(&call->emit),
        .zone = zone && *zone ? zone : NULL,
    };
    AUTO_CHART struct chart chart;
    AUTO_BUF struct buf out;
    chart_init(&chart);
    buf_init(&out, PICTURE_MAX);
    plot(&chart, frame);
    if (!chart_print(&chart, &options, &out))
        return err_set(err, ERR_FAILURE, "a chart of %d x %d is too large", options.width,
                       options.height);
    emit_bytes(buf_text(&out), out.length);
    return true;
}
