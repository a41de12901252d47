/* A canvas as a picture file, as it would look in a terminal of the theme's kind. (As text:
 * canvas_plain() and canvas_ansi().) */
#ifndef TUI_PRINT_H
#define TUI_PRINT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "tui/canvas.h"
#include "tui/theme.h"

/* Adds it as SVG: dark paper for the dark theme, white for the others. Fails as picture_put_svg(). */
bool print_svg(const struct canvas *canvas, const struct theme *theme, struct buf *out,
               struct err *err);

/* The same as PNG. Fails as picture_put_png(). */
bool print_png(const struct canvas *canvas, const struct theme *theme, struct buf *out,
               struct err *err);

#endif
