/* An error as JSON, for whoever reads stderr with a program. */
#ifndef CLI_EMIT_ERROR_H
#define CLI_EMIT_ERROR_H

#include "base/buf.h"
#include "base/err.h"

/* Adds {"error":{"code","message","details"}} and a newline. */
void emit_error_put(const struct err *err, struct buf *out);

#endif
