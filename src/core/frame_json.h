/* Frames as JSON: the contract's object, or one object a row (NDJSON). */
#ifndef CORE_FRAME_JSON_H
#define CORE_FRAME_JSON_H

#include "base/buf.h"
#include "core/frame.h"

/* Adds {"data":[...],"meta":{...}} and a newline. Money with two decimals, unknown null, no key
 * ever missing. */
void frame_json_put(const struct frame *frame, struct buf *out);

/* Adds each row as an object on a line of its own. */
void frame_json_put_lines(const struct frame *frame, struct buf *out);

#endif
