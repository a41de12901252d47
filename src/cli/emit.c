#include "cli/emit.h"

#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/emit_table.h"
#include "core/frame_csv.h"
#include "core/frame_json.h"

/* An answer is rendered whole before it is printed; a frame of this size does not fit into memory
 * anyway. */
enum { RENDERED_MAX = 1 << 30, COLUMNS_MAX = 10000 };

const struct opt emit_options[] = {
    {.name = "format",
     .letter = 'f',
     .kind = OPT_WORD,
     .value = "FORMAT",
     .help = "how the answer is printed (default table)",
     .words = "table|csv|json|ndjson|markdown"},
    {.name = NULL},
};

const struct opt emit_chart_options[] = {
    {.name = "format",
     .letter = 'f',
     .kind = OPT_WORD,
     .value = "FORMAT",
     .help = "how the answer is printed (default table)",
     .words = "table|csv|json|ndjson|markdown|chart"},
    {.name = "marker",
     .kind = OPT_WORD,
     .value = "SET",
     .help = "what a chart is drawn with (default auto)",
     .words = "auto|braille|quadrant|half|block|ascii"},
    {.name = "width",
     .kind = OPT_COUNT,
     .value = "COLUMNS",
     .help = "how wide a chart is (default the terminal's width, else 80)",
     .min = 10,
     .max = 1000},
    {.name = "height",
     .kind = OPT_COUNT,
     .value = "LINES",
     .help = "how high a chart is (default 20)",
     .min = 3,
     .max = 500},
    {.name = NULL},
};

static int columns(void)
{
    struct winsize size = {0};
    const char *typed = getenv("COLUMNS");
    int64_t number;
    if (typed && text_to_int(typed, &number) && number > 0 && number <= COLUMNS_MAX)
        return (int)number;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        return size.ws_col;
    return 0;
}

/* no-color.org and bixense.com/clicolors: the flag, then NO_COLOR, then what forces, then what the
 * terminal can. */
static bool wants_color(const struct opt_values *options)
{
    const char *flag = opt_text(options, "color");
    if (flag && strcmp(flag, "auto") != 0)
        return strcmp(flag, "always") == 0;
    const char *never = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");
    const char *some = getenv("CLICOLOR"), *term = getenv("TERM");
    if (never && *never)
        return false;
    if (force && *force && strcmp(force, "0") != 0)
        return true;
    if (some && strcmp(some, "0") == 0)
        return false;
    return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

struct emit emit_init(const struct opt_values *options)
{
    struct emit emit = {
        .format = EMIT_TABLE,
        .columns = columns(),
        .color = wants_color(options),
        .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
    };
    if (opt_find(&options->sets, "format") && opt_has(options, "format"))
        emit.format = (enum emit_format)opt_word(options, "format");
    return emit;
}

size_t emit_put_frame(const struct emit *emit, const struct frame *frame, struct buf *out)
{
    struct emit_table_style style = {emit->columns, emit->color, emit->ascii};
    switch (emit->format) {
    case EMIT_TABLE:
        return emit_table_put(frame, &style, out);
    case EMIT_CSV:
        frame_csv_put(frame, out);
        break;
    case EMIT_JSON:
        frame_json_put(frame, out);
        break;
    case EMIT_NDJSON:
        frame_json_put_lines(frame, out);
        break;
    case EMIT_MARKDOWN:
        emit_table_put_markdown(frame, out);
        break;
    case EMIT_CHART:
        BUG("a chart is not printed as a frame");
    }
    return 0;
}

void emit_frame(const struct emit *emit, const struct frame *frame)
{
    AUTO_BUF struct buf out;
    buf_init(&out, RENDERED_MAX);
    size_t left_out = emit_put_frame(emit, frame, &out);
    if (out.overflow)
        BUG("an answer of more than %d bytes", RENDERED_MAX);
    emit_bytes(buf_text(&out), out.length);
    if (left_out > 0)
        log_say("too narrow for %zu more column%s; --format csv prints all", left_out,
                left_out == 1 ? "" : "s");
}

/* The errno of the first write to stdout that failed; stdio only remembers that one did. */
static int failed_errno;

void emit_text(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (vprintf(fmt, args) < 0 && !failed_errno)
        failed_errno = errno;
    va_end(args);
}

bool emit_bytes(const char *bytes, size_t length)
{
    if (fwrite(bytes, 1, length, stdout) < length && !failed_errno)
        failed_errno = errno ? errno : EIO;
    return !ferror(stdout);
}

bool emit_finish(struct err *err)
{
    if (fflush(stdout) != 0 && !failed_errno)
        failed_errno = errno;
    if (!failed_errno && !ferror(stdout))
        return true;
    return err_set(err, ERR_FAILURE, "stdout: %s", strerror(failed_errno ? failed_errno : EIO));
}
