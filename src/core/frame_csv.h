/* Frames as CSV by RFC 4180, with a header; lines end in a newline alone, as Unix tools want them.
 */
#ifndef CORE_FRAME_CSV_H
#define CORE_FRAME_CSV_H

#include "base/buf.h"
#include "core/frame.h"

/* Adds header and rows. Unknown is an empty field, an empty text is "", the items of a list stand
 * between ';'. */
void frame_csv_put(const struct frame *frame, struct buf *out);

#endif
