/* libcurl's functions, loaded when the first is called; the inner half of io/http, not for others. */
#ifndef IO_HTTP_CURL_H
#define IO_HTTP_CURL_H

#include <curl/curl.h>

struct http_curl {
#define X(name) __typeof__(curl_##name) *name;
#include "io/http_curl.def"
#undef X
};

/* The functions. When libcurl cannot be loaded the program ends, see library_load(). */
const struct http_curl *http_curl(void);

#endif
