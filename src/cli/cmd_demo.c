#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/draw.h"
#include "base/scratch.h"
#include "core/collector.h"
#include "core/query.h"
#include "core/simulator.h"

enum { EVENTS = 5, LISTINGS = 300, DAYS = 14, STEP_MINUTES = 60, PATH_CAP = 4096 };

static const struct opt options[] = {
    {.name = "keep", .kind = OPT_FLAG, .help = "keep the store and say where it is"},
    {.name = "store",
     .kind = OPT_TEXT,
     .value = "FILE",
     .help = "live into a new store of that name, and draw nothing",
     .complete = OPT_COMPLETE_FILE},
    {.name = "step",
     .kind = OPT_COUNT,
     .value = "MINUTES",
     .help = "minutes between two polls of an event (default 60)",
     .min = 5,
     .max = 1440},
    {.name = NULL},
};

/* A little world of its own. */
struct demo {
    char *folder, *path; /* of the store */
    struct simulator *simulator;
    struct conf *conf;
    struct store *store;
    struct fetch *fetch;
    struct event events[EVENTS];
    int64_t from_ms, to_ms, step_ms;
    int64_t polls, listings, changed, took_ms;
};

/* The settings of a user who did what `tws simulate` says; a proxy could not reach it. */
static struct conf *open_conf(const struct cmd_call *call, const struct demo *demo, struct err *err)
{
    AUTO_BUF struct buf url;
    buf_init(&url, PATH_CAP);
    buf_printf(&url, "http://127.0.0.1:%d", simulator_port(demo->simulator));
    setenv("TWS_VIVIDSEATS_URL", buf_text(&url), 1);
    setenv("TWS_RATE", "0", 1);
    setenv("NO_PROXY", "127.0.0.1", 1);
    setenv("no_proxy", "127.0.0.1", 1);
    return conf_open(opt_text(call->options, "config"), demo->path, err);
}

/* A store that is there already is somebody's. */
static bool choose_path(struct cmd_call *call, struct demo *demo, struct err *err)
{
    AUTO_BUF struct buf path;
    const char *typed = opt_text(call->options, "store");
    buf_init(&path, PATH_CAP);
    if (typed && access(typed, F_OK) == 0)
        return err_set(err, ERR_USAGE, "option '--store': '%.200s' is there already", typed);
    if (!typed && !(demo->folder = scratch_open(opt_has(call->options, "keep"), err)))
        return false;
    buf_printf(&path, "%s%s", typed ? typed : demo->folder, typed ? "" : "/tws.db");
    demo->path = mem_strdup(buf_text(&path));
    return true;
}

static bool open_world(struct cmd_call *call, struct demo *demo, struct err *err)
{
    struct simulator_settings settings;
    simulator_settings_init(&settings);
    settings.events = EVENTS;
    settings.listings = LISTINGS;
    settings.all_in = true;
    /* the first event is a fortnight after the base: its day is then yesterday's at the latest */
    int64_t base_ms = clock_floor(clock_now_ms(), CLOCK_DAY_MS) - (DAYS + 2) * CLOCK_DAY_MS;
    demo->step_ms = opt_count(call->options, "step", STEP_MINUTES) * CLOCK_MINUTE_MS;
    if (!choose_path(call, demo, err) ||
        !(demo->simulator = simulator_open(&settings, base_ms, err)) ||
        !(demo->conf = open_conf(call, demo, err)) ||
        !(demo->store = store_open(demo->path, err)) ||
        !(demo->fetch = fetch_open(demo->conf, err)))
        return false;
    clock_fix(base_ms);
    return true;
}

static void close_world(struct demo *demo, bool keep)
{
    fetch_close(demo->fetch);
    store_close(demo->store);
    conf_close(demo->conf);
    simulator_close(demo->simulator);
    if (demo->folder && !keep)
        scratch_close(demo->folder);
    mem_free(demo->path);
    mem_free(demo->folder);
}

static bool track_all(struct demo *demo, struct err *err)
{
    for (int i = 0; i < EVENTS; i++) {
        struct event *event = &demo->events[i];
        enum outcome outcome;
        AUTO_BUF struct buf id;
        buf_init(&id, EVENT_ID_MAX);
        buf_printf(&id, "%d", SIMULATOR_FIRST_ID + i);
        event_init(event, "vividseats", buf_text(&id));
        event->state = EVENT_TRACKED;
        if (!collector_lookup(demo->fetch, event, &outcome, err) ||
            !store_save_event(demo->store, event, err))
            return false;
    }
    demo->to_ms = demo->events[0].date_ms;
    demo->from_ms = demo->to_ms - DAYS * CLOCK_DAY_MS;
    return true;
}

static bool has_stopped(struct err *err)
{
    if (!stop_requested())
        return false;
    err_set(err, stop_error(), "the demo was stopped");
    return true;
}

static void show_progress(const struct demo *demo, int64_t at_ms)
{
    char listings[32], changed[32];
    log_progress("day %d of %d: %s listings seen, %s changes",
                 (int)((at_ms - demo->from_ms) / CLOCK_DAY_MS) + 1, DAYS,
                 text_thousands(listings, demo->listings), text_thousands(changed, demo->changed));
}

static bool go_on(void *context, const struct collector_poll *poll,
                  const struct collector_summary *so_far)
{
    (void)context;
    (void)poll;
    (void)so_far;
    return !stop_requested();
}

/* Everything that asks for the time gets that of the demo, the marketplace too. */
static bool live(struct demo *demo, struct err *err)
{
    int64_t began_ms = clock_monotonic_ms();
    for (int64_t at_ms = demo->from_ms; at_ms < demo->to_ms; at_ms += demo->step_ms) {
        struct collector_summary summary = {0};
        clock_fix(at_ms);
        if (!collector_round(demo->store, demo->fetch, demo->events, EVENTS, go_on, NULL, &summary,
                             err) ||
            has_stopped(err))
            return false;
        if (collector_verdict(&summary) != ERR_NONE)
            return err_set(err, collector_verdict(&summary),
                           "the demo's own marketplace did not answer");
        demo->polls += summary.done;
        demo->listings += summary.listings;
        demo->changed += summary.changed;
        show_progress(demo, at_ms);
    }
    clock_fix(demo->to_ms);
    demo->took_ms = clock_monotonic_ms() - began_ms;
    log_progress("%s", "");
    return true;
}

static void sum_up(const struct demo *demo)
{
    char polls[32], listings[32], changed[32];
    log_say(
        "%d events, %d days, %s polls over HTTP: %s listings seen, %s changes stored, in %.1f s",
        EVENTS, DAYS, text_thousands(polls, demo->polls), text_thousands(listings, demo->listings),
        text_thousands(changed, demo->changed), (double)demo->took_ms / 1000);
}

typedef bool question(struct store *store, const struct event *event,
                      const struct query_filter *filter, struct frame *frame, struct err *err);

static bool show_charts(struct cmd_call *call, struct demo *demo, struct err *err)
{
    static const struct {
        question *ask;
        draw_plot *plot;
    } charts[] = {
        {query_trends, plot_trends},
        {query_groups, plot_groups},
        {query_counts, plot_counts},
    };
    const struct event *event = &demo->events[0];
    struct query_filter filter;
    query_init(&filter);
    for (size_t i = 0; i < sizeof charts / sizeof *charts; i++) {
        AUTO_FRAME struct frame frame = {0};
        emit_text("%s", i > 0 ? "\n" : "");
        if (!charts[i].ask(demo->store, event, &filter, &frame, err) ||
            !draw_chart(call, charts[i].plot, &frame, event->timezone, err))
            return false;
    }
    return true;
}

static void say_next(const struct demo *demo, bool keep)
{
    if (!keep) {
        emit_text("\nAll of it was made up, and is gone again. Next:\n"
                  "  tws demo --keep     the same, with a store to look around in\n"
                  "  tws search WORDS    real events; tws track ID, tws scrape, tws trends ID\n");
        return;
    }
    emit_text("\nAll of it was made up. The store is kept in %s. Next:\n", demo->folder);
    static const char *const lines[] = {"events", "trends 7000001 --by day", "zones 7000001",
                                        "groups 7000001 --zone Field --format chart",
                                        "listings 7000001 --at T-3d --size 2"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        emit_text("  tws --db %s %s\n", demo->path, lines[i]);
    emit_text("  rm -r %s\n", demo->folder);
}

static bool run(struct cmd_call *call, struct err *err)
{
    struct demo demo = {0};
    bool keep = opt_has(call->options, "keep");
    bool ok = open_world(call, &demo, err) && track_all(&demo, err) && live(&demo, err);
    if (ok)
        sum_up(&demo);
    if (ok && demo.folder) {
        ok = show_charts(call, &demo, err);
        say_next(&demo, keep);
    }
    close_world(&demo, ok && keep);
    return ok;
}

const struct cmd cmd_demo = {
    .name = "demo",
    .group = CMD_SEE,
    .summary = "watch tws at work for a simulated fortnight, in seconds",
    .arguments = "",
    .about = "Starts a marketplace on this machine, tracks five events, lives the fourteen days "
             "before the\n"
             "first of them through the real HTTP path, and draws what came out. Everything "
             "happens in a\n"
             "throw-away folder, under $TMPDIR when that is set.",
    .needs = NEEDS_CONF,
    .options = {options, emit_chart_options + 1 /* not --format */},
    .examples =
        {
            {"tws demo", "the three charts"},
            {"tws demo --keep", "and a store to ask questions of"},
        },
    .run = run,
};
