/* An HTTP server on loopback by libmicrohttpd: the simulator now, the API and the metrics page later. */
#ifndef IO_HTTPD_H
#define IO_HTTPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct httpd;
struct httpd_request;

/* What a handler fills in. `body` was made by the server with a 64 MiB cap. */
struct httpd_reply {
    int status;               /* 200 at first */
    const char *content_type; /* "application/json" at first */
    struct buf body;
    char headers[4][2][160]; /* further headers: name, value; "" ends */
    int first_byte_ms;       /* wait so long before the answer begins */
    int trickle_bytes_s;     /* 0: at once; else so many body bytes a second */
    int64_t cut_after;       /* -1: whole; else drop the connection after so many body bytes */
};

/* Answers one request, on a thread of the server's. Handlers are called one at a time and need no locks
   against each other; the delays of a reply run beside them and hold up no other connection. */
typedef void httpd_handler(void *context, const struct httpd_request *request,
                           struct httpd_reply *reply);

/* Serves on 127.0.0.1:`port` (0: a free one) on threads of its own until httpd_close(). NULL, and ERR_FAILURE
   when the port is taken, ERR_USAGE when it is no port. */
struct httpd *httpd_open(int port, httpd_handler *handler, void *context, struct err *err);

/* Stops serving, cuts off answers under way, waits for the threads and frees. NULL is fine. */
void httpd_close(struct httpd *httpd);

/* The port it listens on. */
int httpd_port(const struct httpd *httpd);

/* The request's method, "GET". */
const char *httpd_method(const struct httpd_request *request);

/* The request's path, decoded, without the query. */
const char *httpd_path(const struct httpd_request *request);

/* A query parameter, decoded; NULL when absent. */
const char *httpd_query(const struct httpd_request *request, const char *name);

/* A request header; NULL when absent. */
const char *httpd_header(const struct httpd_request *request, const char *name);

#endif
