#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/cmd.h"
#include "core/sync.h"
#include "core/sync_verify.h"

static const struct opt options[] = {
    {.name = "dry-run", .kind = OPT_FLAG, .help = "only count what would be sent; asks nobody"},
    {.name = "verify",
     .kind = OPT_FLAG,
     .help = "send nothing: compare counts and checksums by event and day"},
    {.name = "since",
     .kind = OPT_TEXT,
     .value = "TIME",
     .help = "compare what is there from then on, and send again what differs",
     .complete = OPT_COMPLETE_TIME},
    {.name = "full",
     .kind = OPT_FLAG,
     .help = "compare all that is there, and send again what differs"},
    {.name = "maintain",
     .kind = OPT_FLAG,
     .help = "also run the database's own maintenance, where it has no pg_cron"},
    {.name = "tenant",
     .kind = OPT_TEXT,
     .value = "NAME",
     .help = "the tenant's id or name, instead of the setting sync.tenant"},
    {.name = NULL},
};

enum { LINE_MAX_BYTES = 512 };

/* The summary as a frame: what was sent by topic, and what became of it. */
static const struct frame_column columns[] = {
    {"tenant", FRAME_TEXT}, {"events", FRAME_INT},  {"hours", FRAME_INT},
    {"days", FRAME_INT},    {"polls", FRAME_INT},   {"snapshots", FRAME_INT},
    {"written", FRAME_INT}, {"batches", FRAME_INT}, {"bytes", FRAME_INT},
    {"waiting", FRAME_INT}, {"took_ms", FRAME_INT},
};

static const struct frame_column verify_columns[] = {
    {"tenant", FRAME_TEXT},     {"days", FRAME_INT},   {"rows", FRAME_INT},
    {"differences", FRAME_INT}, {"first", FRAME_TEXT},
};

static void progress(const struct sync_report *so_far)
{
    char rows[32], bytes[32];
    int64_t sum = 0;
    for (int topic = 0; topic < OUTBOX_TOPICS; topic++)
        sum += so_far->sent[topic];
    log_progress("%s rows sent, %s kB", text_thousands(rows, sum),
                 text_thousands(bytes, so_far->bytes / 1000));
}

/* Of an event there are rows for its zones, places and last poll, too. */
static const char *sent_word(int topic, bool dry_run)
{
    return topic == OUTBOX_EVENTS && !dry_run ? "rows of events" : outbox_word(topic);
}

/* "Team: 40 rows of events, 1,200 hours, 50 days, 800 polls; 2,054 rows new or other; 231 kB in 0.8 s" */
static void report_line(const struct cmd_call *call, const struct sync_report *report, bool dry_run)
{
    char number[32], span[32];
    AUTO_BUF struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    int64_t sum = 0;
    for (int topic = 0; topic < OUTBOX_TOPICS; topic++)
        sum += report->sent[topic];
    if (sum == 0)
        buf_puts(&line, "nothing");
    for (int topic = 0; topic < OUTBOX_TOPICS; topic++)
        if (report->sent[topic] > 0)
            buf_printf(&line, "%s%s %s", line.length ? ", " : "",
                       text_thousands(number, report->sent[topic]), sent_word(topic, dry_run));
    if (dry_run) {
        cmd_report(call, "%s would be sent", buf_text(&line));
        return;
    }
    buf_printf(&line, "; %s rows new or other", text_thousands(number, report->written));
    buf_printf(&line, "; %s kB in %lld.%lld s", text_thousands(span, report->bytes / 1000),
               (long long)(report->took_ms / 1000), (long long)(report->took_ms / 100 % 10));
    cmd_report(call, "%s: %s", report->tenant_name, buf_text(&line));
    if (report->budget_spent)
        log_say("the bytes of today are spent (sync.daily_bytes): %s marks wait for tomorrow",
                text_thousands(number, report->waiting));
}

static void emit_report(const struct cmd_call *call, const struct sync_report *report, bool dry_run)
{
    if (call->emit.format == EMIT_TABLE) {
        report_line(call, report, dry_run);
        return;
    }
    AUTO_FRAME struct frame frame = {0};
    frame_init(&frame, columns, sizeof columns / sizeof *columns);
    struct frame_cell *cells = frame_add_row(&frame);
    const int64_t numbers[] = {report->written, report->batches, report->bytes, report->waiting,
                               report->took_ms};
    cells[0] = frame_text(&frame, dry_run ? NULL : report->tenant);
    for (int topic = 0; topic < OUTBOX_TOPICS; topic++)
        cells[1 + topic] = frame_number(report->sent[topic]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        cells[1 + OUTBOX_TOPICS + i] = frame_number(numbers[i]);
    emit_frame(&call->emit, &frame);
}

static void emit_verdict(const struct cmd_call *call, const struct sync_verify_report *found)
{
    char rows[32], days[32];
    if (call->emit.format == EMIT_TABLE) {
        cmd_report(call, "%s: %s rows of %s days of events: %s", found->tenant_name,
                   text_thousands(rows, found->rows), text_thousands(days, found->days),
                   found->differences ? "different" : "no difference");
        return;
    }
    AUTO_FRAME struct frame frame = {0};
    frame_init(&frame, verify_columns, sizeof verify_columns / sizeof *verify_columns);
    struct frame_cell *cells = frame_add_row(&frame);
    cells[0] = frame_text(&frame, found->tenant_name);
    cells[1] = frame_number(found->days);
    cells[2] = frame_number(found->rows);
    cells[3] = frame_number(found->differences);
    cells[4] = frame_text(&frame, found->first[0] ? found->first : NULL);
    emit_frame(&call->emit, &frame);
}

static bool verify(const struct cmd_call *call, const struct sync_options *wanted, struct err *err)
{
    struct sync_verify_report found = {0};
    AUTO_STORE struct store *store = store_open_readonly(conf_text(call->conf, CONF_DB), err);
    if (!store)
        return false;
    if (!sync_verify(store, call->conf, wanted, &found, err))
        return false;
    emit_verdict(call, &found);
    if (found.differences == 0)
        return true;
    char count[32];
    err_set(err, ERR_REMOTE, "%s difference%s, the first: %s",
            text_thousands(count, found.differences), found.differences == 1 ? "" : "s",
            found.first);
    return found.waiting > 0 ? err_hint(err, "%s marks wait to be sent: tws sync",
                                        text_thousands(count, found.waiting))
                             : err_hint(err, "tws sync --full sends again what differs");
}

static bool read_options(const struct cmd_call *call, struct sync_options *wanted, struct err *err)
{
    const char *since = opt_text(call->options, "since");
    *wanted = (struct sync_options){
        .tenant = opt_text(call->options, "tenant"),
        .full = opt_has(call->options, "full"),
        .since = since != NULL,
        .dry_run = opt_has(call->options, "dry-run"),
        .progress = progress,
    };
    bool verifies = opt_has(call->options, "verify");
    if (verifies && (wanted->full || wanted->dry_run || opt_has(call->options, "maintain")))
        return err_set(err, ERR_USAGE, "sync: --verify only compares; it goes with --since alone");
    if (wanted->full && wanted->since)
        return err_set(err, ERR_USAGE, "sync: give --full or --since");
    const struct when_anchor anchor = {.now_ms = clock_now_ms(), .event_ms = -1};
    return !since || when_parse(since, &anchor, &wanted->since_ms, err) ||
           err_wrap(err, "option '--since'");
}

static bool run(struct cmd_call *call, struct err *err)
{
    struct sync_options wanted;
    struct sync_report report;
    if (!read_options(call, &wanted, err))
        return false;
    if (opt_has(call->options, "verify"))
        return verify(call, &wanted, err);
    AUTO_STORE struct store *store = store_open(conf_text(call->conf, CONF_DB), err);
    if (!store)
        return false;
    bool ok = sync_run(store, call->conf, &wanted, &report, err);
    log_progress("%s", "");
    if (!ok)
        return false;
    emit_report(call, &report, wanted.dry_run);
    bool maintains = opt_has(call->options, "maintain") && !wanted.dry_run;
    return !maintains || sync_maintain(call->conf, err);
}

const struct cmd cmd_sync = {
    .name = "sync",
    .group = CMD_SHARE,
    .summary = "send what changed to the team's database",
    .arguments = "",
    .about = "One pass: events, hours, days and polls that are not there yet, and with "
             "sync.snapshots the\n"
             "measures of every snapshot. What the server did not confirm waits for the next pass, "
             "so it may\n"
             "be broken off, and run as often as wished. Exits 6 when the database cannot be "
             "reached or\n"
             "refuses, and when --verify finds a difference. A row of JSON with --verify has "
             "tenant, days, rows,\n"
             "differences, first.",
    .needs = NEEDS_CONF,
    .options = {options, emit_options},
    .examples =
        {
            {"tws sync", "what changed since the last time"},
            {"tws sync --dry-run", "how much that is"},
            {"tws sync --verify --since 7d", "whether the last week is there, to the last digit"},
            {"tws -q sync --maintain", "for a timer, with a database that has no pg_cron"},
        },
    .keys =
        "tenant, events, hours, days, polls, snapshots, written, batches, bytes, waiting, took_ms",
    .run = run,
};
