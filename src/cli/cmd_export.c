#include <string.h>

#include "cli/cmd.h"
#include "core/export.h"
#include "core/resolve.h"

static const struct opt options[] = {
    {.name = "format",
     .letter = 'f',
     .kind = OPT_WORD,
     .value = "FORMAT",
     .help = "one JSON object a line, or one CSV table (default ndjson)",
     .words = "ndjson|csv"},
    {.name = NULL},
};

static bool sink(void *context, const char *bytes, size_t length)
{
    (void)context;
    return emit_bytes(bytes, length);
}

static bool run(struct cmd_call *call, struct err *err)
{
    struct event event;
    const char *format = opt_text(call->options, "format");
    enum export_format as = format && strcmp(format, "csv") == 0 ? EXPORT_CSV : EXPORT_NDJSON;
    if (!resolve_event(call->store, call->conf, call->arguments[0], &event, err))
        return false;
    /* a full disk is told by what stdout says of it */
    return export_event(call->store, &event, as, sink, NULL, err) || !emit_finish(err);
}

const struct cmd cmd_export = {
    .name = "export",
    .group = CMD_SHARE,
    .summary = "everything stored of an event, for other programs",
    .arguments = "EVENT",
    .about = "The event, its snapshots, versions and rollups, sorted, without the store's own row "
             "numbers.",
    .needs = NEEDS_STORE_READ,
    .options = {options},
    .complete = OPT_COMPLETE_EVENT,
    .examples = {{"tws export 6501519 | zstd > 6501519.ndjson.zst", "a packed copy"}},
    .run = run,
};
