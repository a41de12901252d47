/* Frames for people: a table aligned by what characters take on a terminal, and the same as
 * Markdown. */
#ifndef CLI_EMIT_TABLE_H
#define CLI_EMIT_TABLE_H

#include <stdbool.h>

#include "base/buf.h"
#include "core/frame.h"

struct emit_table_style {
    int columns; /* headers are stacked, texts cut, columns left out until a line fits; 0: no limit */
    bool color;
    bool ascii;
};

/* Adds a header and the rows; numbers with thousands marks and currency, unknown as "-". Returns how many columns
   had to be left out. */
size_t emit_table_put(const struct frame *frame, const struct emit_table_style *style,
                      struct buf *out);

/* Adds a Markdown table (GitHub's kind) of the same texts. */
void emit_table_put_markdown(const struct frame *frame, struct buf *out);

#endif
