/* libmicrohttpd's functions, loaded when the first is called; the inner half of io/httpd, not for
   others. */
#ifndef IO_HTTPD_MHD_H
#define IO_HTTPD_MHD_H

#include <microhttpd.h>

struct httpd_mhd {
#define X(name) __typeof__(MHD_##name) *name;
#include "io/httpd_mhd.def"
#undef X
};

/* The functions. When libmicrohttpd cannot be loaded the program ends, see library_load(). */
const struct httpd_mhd *httpd_mhd(void);

#endif
