#include "base/buf.h"
#include "cli/cmd.h"
#include "core/query.h"

enum { STATEMENT_MAX = 1 << 20 };

static bool run(struct cmd_call *call, struct err *err)
{
    AUTO_FRAME struct frame frame = {0};
    AUTO_BUF struct buf text;
    buf_init(&text, STATEMENT_MAX);
    for (size_t i = 0; i < call->argument_count; i++) {
        buf_puts(&text, i ? " " : "");
        buf_puts(&text, call->arguments[i]);
    }
    if (text.overflow)
        return err_set(err, ERR_USAGE, "a statement of more than %d bytes", STATEMENT_MAX);
    if (!query_sql(call->store, buf_text(&text), &frame, err))
        return false;
    emit_frame(&call->emit, &frame);
    return true;
}

const struct cmd cmd_sql = {
    .name = "sql",
    .group = CMD_READ,
    .summary = "any question to the store in SQL that only reads",
    .arguments = "STATEMENT...",
    .about = "One statement of SQLite's SQL. What would write is refused.",
    .needs = NEEDS_STORE_READ,
    .options = {emit_options},
    .examples = {{"tws sql \"select name, venue from event\"", "the stored events"}},
    .run = run,
};
