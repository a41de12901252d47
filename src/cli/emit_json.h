/* Frames as JSON: the contract's object, or one object a row (NDJSON). */
#ifndef CLI_EMIT_JSON_H
#define CLI_EMIT_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "core/frame.h"

/* Adds {"data":[...],"meta":{...}} and a newline. Money with two decimals, unknown null, no key
 * ever missing. */
void emit_json_put(const struct frame *frame, struct buf *out);

/* Adds each row as an object on a line of its own. */
void emit_json_put_lines(const struct frame *frame, struct buf *out);

/* Adds {"error":{"code","message","details"}} and a newline. */
void emit_json_put_error(const struct err *err, struct buf *out);

#endif
