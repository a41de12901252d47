/* libcurl's functions, loaded when the first is called; the inner half of io/http and io/smtp, not for
   others. */
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

/* Starts libcurl with memory that dies rather than fails; each start needs a global_cleanup(). */
void http_curl_start(void);

#endif
