/*
 * What goes to stdout. Frames become tables, CSV, JSON, NDJSON, Markdown; a chart is drawn by
 * tui/plot and printed here as text. The format is chosen by the flag alone; only width and colour
 * look at the terminal.
 */
#ifndef CLI_EMIT_H
#define CLI_EMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/opt.h"
#include "core/frame.h"

enum emit_format { EMIT_TABLE, EMIT_CSV, EMIT_JSON, EMIT_NDJSON, EMIT_MARKDOWN, EMIT_CHART };

struct emit {
    enum emit_format format; /* TABLE unless --format was given */
    int columns;             /* of the terminal or COLUMNS; 0: no limit, as in a pipe or a file */
    bool color;
    bool ascii; /* the locale's characters are not UTF-8 */
};

/* `--format` without and with chart; the second with --marker, --width and --height. Tables for
 * struct cmd.options. */
extern const struct opt emit_options[];
extern const struct opt emit_chart_options[];

/* Reads the options (those that the command has), the environment (COLUMNS, NO_COLOR,
   CLICOLOR_FORCE, CLICOLOR, TERM), the locale and the terminal on stdout. */
struct emit emit_init(const struct opt_values *options);

/* Prints a frame in the format; EMIT_CHART is a BUG here. A write that failed is reported by
 * emit_finish(). */
void emit_frame(const struct emit *emit, const struct frame *frame);

/* Adds what emit_frame() prints to `out`. Returns how many columns a table had to leave out to fit. */
size_t emit_put_frame(const struct emit *emit, const struct frame *frame, struct buf *out);

/* Prints formatted text on stdout: the only printf to stdout there is. */
void emit_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints bytes on stdout; false when that failed, now or before. */
bool emit_bytes(const char *bytes, size_t length);

/* Flushes stdout. False with ERR_FAILURE when anything that was printed did not arrive: full disk,
 * closed pipe. */
bool emit_finish(struct err *err);

#endif
