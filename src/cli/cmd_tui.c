#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/bind.h"
#include "cli/cmd.h"
#include "core/resolve.h"
#include "core/saved.h"
#include "tui/run.h"

enum { WIDTH = 80, HEIGHT = 24, DUMP_MAX = 64 << 20, LINE_MAX_BYTES = 1024, PATH_CAP = 4096 };

static const struct opt options[] = {
    {.name = "screen",
     .kind = OPT_WORD,
     .value = "NAME",
     .help = "begin there (default where you left)",
     .words = "board|trend|groups|counts|market|listings|compare|jobs"},
    {.name = "theme",
     .kind = OPT_WORD,
     .value = "NAME",
     .help = "colours",
     .words = "dark|light|mono"},
    {.name = "marker",
     .kind = OPT_WORD,
     .value = "SET",
     .help = "what charts are drawn with (default the finest that the terminal shows)",
     .words = "auto|braille|quadrant|half|block|ascii"},
    {.name = "no-mouse", .kind = OPT_FLAG, .help = "leave the mouse to the terminal"},
    {.name = "linear",
     .kind = OPT_FLAG,
     .help = "plain sentences, a line each, for a screen reader: type what you would behind :"},
    {.name = "keys",
     .kind = OPT_TEXT,
     .value = "FILE",
     .help = "play keys from a file (- is stdin) without a terminal",
     .complete = OPT_COMPLETE_FILE},
    {.name = "dump",
     .kind = OPT_TEXT,
     .value = "FILE",
     .help = "with --keys: where the last picture goes (- is stdout, the default)",
     .complete = OPT_COMPLETE_FILE},
    {.name = "size",
     .kind = OPT_TEXT,
     .value = "WxH",
     .help = "with --keys: the screen (default 80x24)"},
    {.name = "colors",
     .kind = OPT_WORD,
     .value = "HOW",
     .help = "at most these colours (default what the terminal has; with --keys none)",
     .words = "none|mono|8|256|true"},
    {.name = "state",
     .kind = OPT_TEXT,
     .value = "FILE",
     .help = "where views and watch lists are kept (default $XDG_STATE_HOME/tws/tui; with --keys "
             "nowhere)",
     .complete = OPT_COMPLETE_FILE},
    {.name = NULL},
};

static bool read_size(const struct opt_values *values, struct app_settings *app, struct err *err)
{
    const char *typed = opt_text(values, "size");
    char *end = NULL;
    app->width = WIDTH;
    app->height = HEIGHT;
    if (!typed)
        return true;
    long width = strtol(typed, &end, 10), height = *end == 'x' ? strtol(end + 1, &end, 10) : 0;
    if (*end || width < 1 || height < 1 || width > CANVAS_SIDE_MAX || height > CANVAS_SIDE_MAX)
        return err_set(err, ERR_USAGE, "option '--size': '%.60s' is no size such as 120x40", typed);
    app->width = (int)width;
    app->height = (int)height;
    return true;
}

static void read_look(const struct cmd_call *call, struct look *look)
{
    static const enum theme_depth depths[] = {THEME_PLAIN, THEME_MONO, THEME_8, THEME_256,
                                              THEME_TRUE};
    const char *theme = opt_text(call->options, "theme"),
               *marker = opt_text(call->options, "marker");
    if (!theme && conf_origin(call->conf, CONF_THEME) != CONF_FROM_DEFAULT)
        theme = conf_text(call->conf, CONF_THEME);
    look->theme = theme ? theme_find(theme) : NULL;
    look->marker = marker_find(marker ? marker : conf_text(call->conf, CONF_MARKER));
    if (opt_has(call->options, "colors"))
        look->depth = depths[opt_word(call->options, "colors")];
    look->ascii = call->emit.ascii;
}

/* By the XDG base directory specification; NULL when there is not even a HOME. */
static const char *state_path(const struct cmd_call *call, char *out)
{
    const char *typed = opt_text(call->options, "state");
    const char *folder = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (typed || opt_has(call->options, "keys"))
        return typed;
    if (folder && folder[0] == '/')
        snprintf(out, PATH_CAP, "%s/tws/tui", folder);
    else if (home && *home)
        snprintf(out, PATH_CAP, "%s/.local/state/tws/tui", home);
    else
        return NULL;
    return out;
}

static bool write_dump(const struct cmd_call *call, const struct buf *dump, struct err *err)
{
    const char *path = opt_text(call->options, "dump");
    if (!path || strcmp(path, "-") == 0) {
        emit_bytes(buf_text(dump), dump->length);
        return true;
    }
    FILE *file = fopen(path, "we");
    bool ok = file && fwrite(buf_text(dump), 1, dump->length, file) == dump->length;
    ok = file && fclose(file) == 0 && ok;
    return ok || err_set(err, ERR_FAILURE, "option '--dump': '%.200s' cannot be written", path);
}

static bool run_keys(const struct cmd_call *call, struct run_settings *settings, struct err *err)
{
    int64_t at_ms;
    AUTO_BUF struct buf script, dump;
    const char *path = opt_text(call->options, "keys");
    struct look *look = &settings->app.look;
    buf_init(&script, SAVED_MAX);
    buf_init(&dump, DUMP_MAX);
    if (!look->marker)
        look->marker = marker_find(look->ascii ? "ascii" : "braille");
    look->ascii = look->ascii || look->marker->ascii;
    if (!saved_read(path, &script, &at_ms, err) ||
        !run_script(settings, buf_text(&script), &dump, err))
        return err_wrap(err, "'%.200s'", path);
    return write_dump(call, &dump, err);
}

/* What has come into the store since the line before is told, too. */
static void say(struct app *app)
{
    AUTO_BUF struct buf out;
    buf_init(&out, DUMP_MAX);
    app_tick(app);
    app_wait(app);
    app_describe(app, &out);
    emit_bytes(buf_text(&out), out.length);
    fflush(NULL);
}

/* Lines in, sentences out: nothing moves, nothing is drawn. */
static bool run_linear(struct run_settings *settings, struct err *err)
{
    char line[LINE_MAX_BYTES];
    settings->app.look.marker = marker_find("ascii");
    struct app *app = app_open(&settings->app);
    bool stays = true;
    emit_text("Type what to do, such as trend, groups, zone Floor, from 3d, help, quit.\n");
    say(app);
    while (stays && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\r\n")] = '\0';
        stays = !line[0] || app_command(app, line);
        if (stays)
            say(app);
    }
    return app_close(app, err);
}

static bool run(struct cmd_call *call, struct err *err)
{
    char path[PATH_CAP];
    struct event event;
    struct keymap keymap;
    AUTO_STORE struct store *store = NULL;
    struct run_settings settings = {
        .app = {.store_path = conf_text(call->conf, CONF_DB),
                .conf = call->conf,
                .screen = SCREEN_NONE,
                .keymap = &keymap},
        .mouse = !opt_has(call->options, "no-mouse") &&
                 strcmp(conf_text(call->conf, CONF_MOUSE), "on") == 0,
        .notify = strcmp(conf_text(call->conf, CONF_NOTIFY), "on") == 0,
    };
    if (!read_size(call->options, &settings.app, err) || !bind_keys(call->conf, &keymap, err))
        return false;
    read_look(call, &settings.app.look);
    settings.app.state_path = state_path(call, path);
    if (opt_has(call->options, "screen"))
        settings.app.screen = (enum screen_id)opt_word(call->options, "screen");
    if (call->argument_count > 0) {
        if (!(store = store_open_readonly(settings.app.store_path, err)) ||
            !resolve_event(store, call->conf, call->arguments[0], &event, err))
            return false;
        settings.app.event = &event;
        if (settings.app.screen == SCREEN_NONE)
            settings.app.screen = SCREEN_TREND;
    }
    if (opt_has(call->options, "keys"))
        return run_keys(call, &settings, err);
    if (opt_has(call->options, "linear"))
        return run_linear(&settings, err);
    return run_terminal(&settings, err);
}

const struct cmd cmd_tui = {
    .name = "tui",
    .group = CMD_SEE,
    .summary = "the workstation: boards, charts and markets on the whole terminal",
    .arguments = "[EVENT]",
    .about = "What tws does on a terminal when nothing else is said. `?` lists what the keys do, "
             "`:` does "
             "something by\nits name, Q leaves. Views, watch lists and orders are remembered.",
    .needs = NEEDS_CONF,
    .options = {options},
    .complete = OPT_COMPLETE_EVENT,
    .examples =
        {
            {"tws tui", "the board; a bare `tws` on a terminal is the same"},
            {"tws tui 6501519 --screen market", "the market of an event"},
            {"tws tui --linear", "in words, for a screen reader"},
            {"echo '<F3>' | tws tui --keys - --size 120x40", "a picture of the trend, as text"},
        },
    .run = run,
};
