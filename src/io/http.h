/*
 * HTTP by libcurl's multi interface: many requests at once over kept connections. Transport only: when to ask,
 * how often, and what an answer means belong to the layer above.
 *
 * What curl lets pass is answered here: bodies are unpacked by io/zip (a truncated gzip is noticed), both the
 * packed and the plain size are capped, redirects are followed only on the same scheme, host and port.
 */
#ifndef IO_HTTP_H
#define IO_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum { HTTP_BODY_MAX = 16 << 20 }; /* plain bytes; the largest real answer seen is 1.1 MB */

struct http_settings {
    int connect_ms;    /* to a finished TCP and TLS handshake */
    int first_byte_ms; /* from the start of the request to the first byte of the answer */
    int total_ms;      /* the whole transfer */
    int stall_s;       /* give up when slower than 100 bytes a second for so long */
    const char *user_agent;
    const char *ca_file; /* NULL: the system's; CURL_CA_BUNDLE and SSL_CERT_FILE are honoured */
};

/* How a transfer ended, before anyone looks at the status or the body. */
enum http_end {
    HTTP_DONE, /* a whole answer of any status */
    HTTP_NO_ANSWER, /* not resolved, refused, TLS failed, timed out or stalled before a header was complete */
    HTTP_CUT,     /* ended, timed out or stalled inside the body; a truncated gzip too */
    HTTP_TOO_BIG, /* packed or plain body above the cap */
    HTTP_CORRUPT, /* a content encoding that does not decode, or an unknown one */
    HTTP_OTHER_HOST, /* a redirect to another scheme, host or port, not followed; or too many of them */
};

struct http_response {
    void *context; /* what http_start() was given */
    enum http_end end;
    int status;      /* 0 when there was none */
    struct buf body; /* plain bytes; empty unless HTTP_DONE */
    char content_type[80];
    int64_t
        retry_after_ms; /* how long to wait from now; -1 when the header is absent or absurd (over a day counts as a day) */
    int64_t wire_bytes; /* body bytes as they came */
    int64_t took_ms;
    char reason[160]; /* curl's words when end is not HTTP_DONE */
};

struct http; /* a multi handle with its connections */

/* Opens the transport. Never NULL: failure here is out of memory. Settings are copied. */
struct http *http_open(const struct http_settings *settings);

/* Ends whatever runs and closes. NULL is fine. */
void http_close(struct http *http);

/* Starts a GET of an http or https URL, with "Accept: application/json". `context` comes back with the
   response. ERR_USAGE when the URL is not one. */
bool http_start(struct http *http, const char *url, void *context, struct err *err);

/* What is posted. */
struct http_upload {
    const char *bytes; /* copied */
    size_t length;
    const char *content_type; /* "application/json" */
    const char *header;       /* a further one, "Name: value"; NULL: none */
};

/* Starts a POST; otherwise as http_start(), but that no redirect is followed (HTTP_OTHER_HOST). */
bool http_post(struct http *http, const char *url, const struct http_upload *upload, void *context,
               struct err *err);

/* Requests that were started and whose response was not yet taken. */
int http_running(const struct http *http);

/* Waits at most `timeout_ms` for something to end or a stop to be requested (base/stop.h). True when a response
   was taken into `*response`, which the caller releases with http_response_release(). With nothing running it
   sleeps, so that it can wait for the time of the next start too. */
bool http_take(struct http *http, int timeout_ms, struct http_response *response);

/* Frees a response's body. */
void http_response_release(struct http_response *response);

/* Percent-encodes one query value into `out`. */
bool http_put_escaped(struct buf *out, const char *text);

/* Whether a URL's host is this machine's loopback: localhost, 127.0.0.0/8 or [::1]. */
bool http_is_loopback(const char *url);

/* Splits off "scheme://host:port" of a URL in lower case, with the default port written out; false when the
   text is no http or https URL or carries a user name. */
bool http_origin(const char *url, char *out, size_t size);

/* libcurl's version and features, for doctor; static. */
const char *http_library_version(void);

#endif
