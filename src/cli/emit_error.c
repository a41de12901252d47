#include "cli/emit_error.h"

#include "io/json.h"

void emit_error_put(const struct err *err, struct buf *out)
{
    buf_printf(out, "{\"error\":{\"code\":\"%s\",\"message\":", err_machine_code(err->code));
    json_put_string(out, err->text);
    buf_printf(out, ",\"details\":{\"exit_code\":%d,\"hint\":", err_exit_code(err->code));
    json_put_string(out, err->hint[0] ? err->hint : NULL);
    buf_puts(out, "}}}\n");
}
