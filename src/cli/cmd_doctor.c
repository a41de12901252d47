#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/bind.h"
#include "cli/cmd.h"
#include "core/collector.h"
#include "core/health.h"
#include "core/sync.h"
#include "io/db.h"
#include "io/http.h"
#include "io/pg.h"

static const struct opt options[] = {
    {.name = "online", .kind = OPT_FLAG, .help = "ask each platform for one page, too"},
    {.name = NULL},
};

enum column { CHECK, OK, ORIGIN, VALUE, COLUMNS };

static const struct frame_column columns[COLUMNS] = {
    [CHECK] = {"check", FRAME_TEXT},
    [OK] = {"ok", FRAME_BOOL},
    [ORIGIN] = {"origin", FRAME_TEXT},
    [VALUE] = {"value", FRAME_TEXT},
};

/* What is only told, and what can be right or wrong. */
enum finding { TOLD, RIGHT, WRONG };

struct doctor {
    struct frame frame;
    struct conf *conf;
    int64_t wrong;
    char first[ERR_TEXT_MAX]; /* the first thing that is wrong */
};

static void add(struct doctor *doctor, const char *check, enum finding finding, const char *fmt,
                ...) __attribute__((format(printf, 4, 5)));

static void add(struct doctor *doctor, const char *check, enum finding finding, const char *fmt,
                ...)
{
    char value[ERR_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(value, sizeof value, fmt, args);
    va_end(args);
    struct frame_cell *cells = frame_add_row(&doctor->frame);
    cells[CHECK] = frame_text(&doctor->frame, check);
    cells[VALUE] = frame_text(&doctor->frame, value);
    if (finding != TOLD)
        cells[OK] = frame_number(finding == RIGHT);
    if (finding == WRONG && doctor->wrong++ == 0)
        snprintf(doctor->first, sizeof doctor->first, "%s: %.400s", check, value);
}

static const char *variable(const char *name)
{
    const char *text = getenv(name);
    return text && *text ? text : "not set";
}

static void look_at_program(struct doctor *doctor)
{
    add(doctor, "version", TOLD, "%s", TWS_VERSION);
    add(doctor, "libcurl", TOLD, "%s", http_library_version());
    add(doctor, "sqlite", TOLD, "%s", db_library_version());
    int pg = pg_library_version();
    add(doctor, "libpq", TOLD, "%d.%d", pg / 10000, pg % 10000);
}

static void look_at_terminal(struct doctor *doctor, const struct emit *emit)
{
    add(doctor, "locale", TOLD, "%s", setlocale(LC_CTYPE, NULL));
    add(doctor, "character set", emit->ascii ? TOLD : RIGHT, "%s%s", nl_langinfo(CODESET),
        emit->ascii ? " (charts are drawn in ASCII; a UTF-8 locale gives finer ones)" : "");
    add(doctor, "terminal", TOLD, "%s%s", variable("TERM"),
        isatty(STDOUT_FILENO) ? "" : " (stdout is none)");
    if (emit->columns > 0)
        add(doctor, "columns", TOLD, "%d", emit->columns);
    else
        add(doctor, "columns", TOLD, "no limit");
    add(doctor, "colour", TOLD, "%s", emit->color ? "yes" : "no");
}

static void look_at_clock(struct doctor *doctor)
{
    char now[CLOCK_TEXT_MAX];
    struct civil civil;
    add(doctor, "clock", TOLD, "%s%s", clock_format(now, clock_now_ms()),
        clock_is_fixed() ? " (fixed by the setting 'now')" : "");
    bool zones = clock_civil_zone(clock_now_ms(), "America/New_York", &civil);
    add(doctor, "time zones", zones ? RIGHT : WRONG, "%s",
        zones ? "found" : "no zone files: install the package tzdata");
}

static void look_at_settings(struct doctor *doctor)
{
    const char *path = conf_path(doctor->conf);
    add(doctor, "config file", TOLD, "%s%s", path,
        access(path, F_OK) == 0 ? "" : " (there is none)");
    for (enum conf_key key = 0; key < CONF_COUNT; key++) {
        char text[CONF_SHOWN_MAX];
        conf_shown(doctor->conf, key, text);
        add(doctor, conf_info(key)->key, TOLD, "%s", *text ? text : "not set");
        struct frame *frame = &doctor->frame;
        frame->cells[(frame->row_count - 1) * COLUMNS + ORIGIN] =
            frame_text(frame, conf_origin_word(conf_origin(doctor->conf, key)));
    }
}

static void look_at_keys(struct doctor *doctor)
{
    struct err err = {0};
    struct keymap keymap;
    size_t count;
    conf_bindings(doctor->conf, &count);
    if (bind_keys(doctor->conf, &keymap, &err))
        add(doctor, "keys", RIGHT, "%zu bound anew", count);
    else
        add(doctor, "keys", WRONG, "%s", err.text);
}

/* From the store alone; `tws sync --verify` asks. */
static void look_at_team(struct doctor *doctor, struct store *store)
{
    struct err err = {0};
    char when[CLOCK_TEXT_MAX];
    int64_t last_ms, waiting;
    if (!team_is_configured(doctor->conf))
        add(doctor, "team", TOLD, "no database is configured");
    else if (!sync_state(store, &last_ms, &waiting, &err))
        add(doctor, "team", WRONG, "%s", err.text);
    else
        add(doctor, "team", TOLD, "last sync %s, %lld change%s waiting",
            last_ms > 0 ? clock_format(when, last_ms) : "never", (long long)waiting,
            waiting == 1 ? "" : "s");
}

static void look_at_store(struct doctor *doctor)
{
    struct err err = {0};
    AUTO_FREE struct event *events = NULL;
    size_t count = 0;
    AUTO_STORE struct store *store = store_open_readonly(conf_text(doctor->conf, CONF_DB), &err);
    if (!store && err.code == ERR_NOT_FOUND) {
        add(doctor, "store", TOLD, "not there yet: tws track or tws import makes it");
        return;
    }
    if (!store || !health_check(store, &err) || !store_events(store, true, &events, &count, &err)) {
        add(doctor, "store", WRONG, "%s", err.text);
        return;
    }
    add(doctor, "store", RIGHT, "sound, %zu event%s", count, count == 1 ? "" : "s");
    add(doctor, "schema", RIGHT, "%d", store_schema_version());
    look_at_team(doctor, store);
}

static bool see_page(void *context, const struct platform_page *page)
{
    int64_t *seen = context;
    *seen += (int64_t)page->count;
    return false;
}

static void look_online(struct doctor *doctor)
{
    struct err err = {0};
    struct fetch *fetch = fetch_open(doctor->conf, &err);
    if (!fetch) {
        add(doctor, "fetching", WRONG, "%s", err.text);
        return;
    }
    for (const struct platform *const *at = platform_list(); *at; at++) {
        int64_t seen = 0, start_ms = clock_monotonic_ms();
        char took[CLOCK_TEXT_MAX];
        bool ok = collector_search(fetch, *at, "concert", 1, see_page, &seen, &err);
        clock_format_span(took, clock_monotonic_ms() - start_ms);
        if (ok)
            add(doctor, (*at)->name, RIGHT, "%s answered in %s", fetch_origin(fetch, *at), took);
        else
            add(doctor, (*at)->name, WRONG, "%s: %s", fetch_origin(fetch, *at), err.text);
    }
    fetch_close(fetch);
}

static void examine(struct doctor *doctor, const struct cmd_call *call)
{
    struct err err = {0};
    look_at_program(doctor);
    look_at_terminal(doctor, &call->emit);
    doctor->conf =
        conf_open(opt_text(call->options, "config"), opt_text(call->options, "db"), &err);
    look_at_clock(doctor);
    if (!doctor->conf) {
        add(doctor, "settings", WRONG, "%s", err.text);
        return;
    }
    look_at_settings(doctor);
    look_at_keys(doctor);
    look_at_store(doctor);
    if (opt_has(call->options, "online"))
        look_online(doctor);
}

static bool run(struct cmd_call *call, struct err *err)
{
    struct doctor doctor = {0};
    frame_init(&doctor.frame, columns, COLUMNS);
    examine(&doctor, call);
    emit_frame(&call->emit, &doctor.frame);
    frame_release(&doctor.frame);
    conf_close(doctor.conf);
    if (doctor.wrong == 0)
        return true;
    return err_set(err, ERR_FAILURE, "%lld thing%s wrong, the first: %s", (long long)doctor.wrong,
                   doctor.wrong == 1 ? " is" : "s are", doctor.first);
}

const struct cmd cmd_doctor = {
    .name = "doctor",
    .group = CMD_KEEP,
    .summary = "versions, paths, settings with their origin, and whether the store is sound",
    .arguments = "",
    .about = "Exits 1 when something is wrong.",
    .options = {options, emit_options},
    .examples =
        {
            {"tws doctor", "what to look at first when something is odd"},
            {"tws doctor --online", "also whether the platforms answer"},
        },
    .keys = "check, ok, origin, value",
    .run = run,
};
