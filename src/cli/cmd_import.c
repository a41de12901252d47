#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/cmd.h"
#include "core/import.h"

static const struct opt options[] = {
    {.name = "at",
     .kind = OPT_TEXT,
     .value = "TIME",
     .help = "when the snapshots were taken; else the HAR's own time, else the file's",
     .complete = OPT_COMPLETE_TIME},
    {.name = NULL},
};

static bool read_at(const struct cmd_call *call, struct import_options *how, struct err *err)
{
    const char *typed = opt_text(call->options, "at");
    struct when_anchor anchor = {.now_ms = clock_now_ms(), .event_ms = -1};
    how->has_at = typed != NULL;
    return !typed || when_parse(typed, &anchor, &how->at_ms, err) || err_wrap(err, "option '--at'");
}

static void visit(void *context, const char *event, int64_t at_ms, const char *outcome,
                  const struct err *err)
{
    char at[CLOCK_TEXT_MAX];
    int64_t *seen = context;
    ++*seen;
    if (err)
        log_warn("event '%s' at %s: %s: %s", event ? event : "?", clock_format(at, at_ms), outcome,
                 err->text);
    else
        log_progress("%lld answers, %s at %s", (long long)*seen, event, clock_format(at, at_ms));
}

static void add(struct import_report *sum, const struct import_report *part)
{
    sum->documents += part->documents;
    sum->stored += part->stored;
    sum->duplicates += part->duplicates;
    sum->failed += part->failed;
    sum->listings += part->listings;
    sum->changed += part->changed;
    sum->rejected += part->rejected;
}

static void report(const struct cmd_call *call, const struct import_report *sum)
{
    char documents[32], listings[32], changed[32];
    cmd_report(call,
               "%s answer%s: %lld stored, %lld known before, %lld failed; %s listings, %s changed, "
               "%lld rejected",
               text_thousands(documents, sum->documents), sum->documents == 1 ? "" : "s",
               (long long)sum->stored, (long long)sum->duplicates, (long long)sum->failed,
               text_thousands(listings, sum->listings), text_thousands(changed, sum->changed),
               (long long)sum->rejected);
}

static bool run(struct cmd_call *call, struct err *err)
{
    struct import_options how = {0};
    struct import_report sum = {0};
    struct err first = {0};
    int64_t seen = 0;
    if (!read_at(call, &how, err))
        return false;
    for (size_t i = 0; i < call->argument_count; i++) {
        struct import_report part = {0};
        bool ok = import_file(call->store, call->arguments[i], &how, visit, &seen, &part, err);
        add(&sum, &part);
        if (ok)
            continue;
        if (first.code == ERR_NONE)
            first = *err;
        else
            log_warn("%s", err->text);
        if (err->code == ERR_STORE)
            break;
    }
    log_progress("%s", "");
    report(call, &sum);
    *err = first;
    return first.code == ERR_NONE;
}

const struct cmd cmd_import = {
    .name = "import",
    .group = CMD_COLLECT,
    .summary = "read saved answers: listings JSON, HAR files, NDJSON of either",
    .arguments = "FILE...",
    .about = "Files may be packed with gzip or zstd; - is stdin. A file imported twice changes "
             "nothing, and the\n"
             "order of files does not matter.",
    .needs = NEEDS_STORE,
    .options = {options},
    .complete = OPT_COMPLETE_FILE,
    .examples =
        {
            {"tws import saved.har", "every listings answer in it, each with its own time"},
            {"tws import --at 2026-02-09T18:00:00Z listings.json", "one answer, taken then"},
        },
    .run = run,
};
