/* cairo's functions, loaded when the first is called; the inner half of io/picture, not for others. */
#ifndef IO_PICTURE_CAIRO_H
#define IO_PICTURE_CAIRO_H

#include <cairo-svg.h>
#include <cairo.h>

struct picture_cairo {
#define X(name) __typeof__(cairo_##name) *name;
#include "io/picture_cairo.def"
#undef X
};

/* The functions. When cairo cannot be loaded the program ends, see library_load(). */
const struct picture_cairo *picture_cairo(void);

#endif
