/* Reads an ended transfer of curl's into a response; the inner half of io/http, not for others. */
#ifndef IO_HTTP_ANSWER_H
#define IO_HTTP_ANSWER_H

#include <curl/curl.h>

#include "base/buf.h"
#include "io/http.h"

/* Fills in status, content type and Retry-After from the final answer's headers. */
void http_answer_headers(CURL *easy, struct http_response *response);

/* Gives the response the plain bytes of `wire`: moved, which leaves `wire` empty, or unpacked as
   the headers say. When they do not decode the body stays empty and the response's end says how. */
void http_answer_body(CURL *easy, struct buf *wire, struct http_response *response);

/* Sets how it ended and why; the words may be a server's. */
void http_answer_end(struct http_response *response, enum http_end end, const char *reason);

#endif
