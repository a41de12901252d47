#include "io/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "io/http_answer.h"
#include "io/http_curl.h"

enum {
    HEADERS_MAX = 256 << 10, /* all headers of one answer; curl caps a line but not their sum */
    REDIRECTS_MAX = 5,
    IDLE_KEPT = 16, /* handles kept for reuse; connections are kept by the multi handle anyway */
    STALL_BYTES_S = 100,
    ORIGIN_MAX = 300,
};

struct transfer {
    CURL *easy;
    bool busy;
    void *context;
    char origin[ORIGIN_MAX]; /* where redirects may lead */
    int64_t started_ms;
    int64_t hop_started_ms; /* of the request in flight; later than started_ms after a redirect */
    int redirects;
    struct curl_slist *headers; /* of an upload; NULL: those of all requests */

    /* The answer to the request in flight. */
    struct buf wire;
    int64_t wire_bytes;
    size_t header_bytes;
    bool headers_done;
    char error[CURL_ERROR_SIZE];
};

struct http {
    CURLM *multi;
    struct curl_slist *headers;
    struct http_settings settings;
    char *user_agent, *ca_file; /* what settings points to */
    struct transfer **transfers;
    size_t count, capacity;
    int running;
};

/* The first of the environment's CA settings that says something, as the curl tool reads them. */
static const char *environment_ca_file(void)
{
    static const char *const names[] = {"CURL_CA_BUNDLE", "SSL_CERT_FILE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = getenv(names[i]);
        if (path && *path)
            return path;
    }
    return NULL;
}

struct http *http_open(const struct http_settings *settings)
{
    http_curl_start();
    struct http *http = mem_alloc(1, sizeof *http);
    http->settings = *settings;
    http->user_agent = mem_strdup(settings->user_agent);
    http->ca_file = mem_strdup(settings->ca_file ? settings->ca_file : environment_ca_file());
    http->multi = http_curl()->multi_init();
    if (!http->multi)
        BUG("libcurl makes no multi handle");
    http->headers = http_curl()->slist_append(NULL, "Accept: application/json");
    /* Not CURLOPT_ACCEPT_ENCODING: curl 7.88 takes a truncated gzip for a whole one. */
    http->headers = http_curl()->slist_append(http->headers, "Accept-Encoding: gzip, br");
    return http;
}

static void transfer_close(struct transfer *transfer)
{
    http_curl()->easy_cleanup(transfer->easy);
    http_curl()->slist_free_all(transfer->headers);
    buf_release(&transfer->wire);
    mem_free(transfer);
}

void http_close(struct http *http)
{
    if (!http)
        return;
    for (size_t i = 0; i < http->count; i++) {
        if (http->transfers[i]->busy)
            http_curl()->multi_remove_handle(http->multi, http->transfers[i]->easy);
        transfer_close(http->transfers[i]);
    }
    mem_free(http->transfers);
    http_curl()->multi_cleanup(http->multi);
    http_curl()->slist_free_all(http->headers);
    mem_free(http->user_agent);
    mem_free(http->ca_file);
    mem_free(http);
    http_curl()->global_cleanup();
}

/* The end of the headers counts only after a final status line, not after a 100 or 103. */
static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t length = size * count;
    transfer->header_bytes += length;
    if (transfer->header_bytes > HEADERS_MAX)
        return 0;
    if (length <= 2 && (line[0] == '\r' || line[0] == '\n')) {
        long status = 0;
        http_curl()->easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        transfer->headers_done = transfer->headers_done || status >= 200;
    }
    return length;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    transfer->wire_bytes += (int64_t)(size * count);
    return buf_add(&transfer->wire, bytes, size * count) ? size * count : 0;
}

static void set_options(const struct http *http, struct transfer *transfer)
{
    CURL *easy = transfer->easy;
    const struct http_curl *curl = http_curl();
    const struct http_settings *settings = &http->settings;
    curl->easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl->easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl->easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl->easy_setopt(easy, CURLOPT_HTTPHEADER, http->headers);
    curl->easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl->easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl->easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* A resolver that hangs must not hold up Ctrl-C. */
    curl->easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_ms);
    curl->easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)STALL_BYTES_S);
    curl->easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)settings->stall_s);
    if (http->user_agent)
        curl->easy_setopt(easy, CURLOPT_USERAGENT, http->user_agent);
    if (http->ca_file)
        curl->easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
}

static struct transfer *idle_transfer(struct http *http)
{
    for (size_t i = 0; i < http->count; i++)
        if (!http->transfers[i]->busy)
            return http->transfers[i];
    struct transfer *transfer = mem_alloc(1, sizeof *transfer);
    transfer->easy = http_curl()->easy_init();
    if (!transfer->easy)
        BUG("libcurl makes no easy handle");
    buf_init(&transfer->wire, HTTP_BODY_MAX);
    set_options(http, transfer);
    http->transfers =
        mem_grow(http->transfers, http->count, &http->capacity, sizeof *http->transfers);
    http->transfers[http->count++] = transfer;
    return transfer;
}

/* A header of its own goes before the ones that all requests have. */
static void set_upload(struct http *http, struct transfer *transfer,
                       const struct http_upload *upload)
{
    const struct http_curl *curl = http_curl();
    char type[128];
    snprintf(type, sizeof type, "Content-Type: %s", upload->content_type);
    transfer->headers = curl->slist_append(NULL, type);
    if (upload->header)
        transfer->headers = curl->slist_append(transfer->headers, upload->header);
    for (const struct curl_slist *at = http->headers; at; at = at->next)
        transfer->headers = curl->slist_append(transfer->headers, at->data);
    curl->easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl->easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)upload->length);
    curl->easy_setopt(transfer->easy, CURLOPT_COPYPOSTFIELDS, upload->bytes);
    transfer->redirects = REDIRECTS_MAX; /* it is not asked of anybody else */
}

/* Sends one request, the first or one that a redirect asks for. All hops share the total time. */
static void send_request(struct http *http, struct transfer *transfer, const char *url)
{
    transfer->hop_started_ms = clock_monotonic_ms();
    buf_reset(&transfer->wire);
    transfer->wire_bytes = 0;
    transfer->header_bytes = 0;
    transfer->headers_done = false;
    transfer->error[0] = '\0';
    http_curl()->easy_setopt(transfer->easy, CURLOPT_URL, url);
    if (http->settings.total_ms > 0) {
        int64_t spent = transfer->hop_started_ms - transfer->started_ms;
        int64_t left = http->settings.total_ms - spent;
        http_curl()->easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, (long)(left > 1 ? left : 1));
    }
    CURLMcode added = http_curl()->multi_add_handle(http->multi, transfer->easy);
    if (added != CURLM_OK)
        BUG("libcurl takes no transfer: %s", http_curl()->multi_strerror(added));
}

static bool start(struct http *http, const char *url, const struct http_upload *upload,
                  void *context, struct err *err)
{
    char origin[ORIGIN_MAX];
    if (!http_origin(url, origin, sizeof origin)) {
        /* What stands before an '@' may be a password: it is not repeated. */
        if (strchr(url, '@'))
            return err_set(err, ERR_USAGE, "a URL with a user name is not accepted");
        return err_set(err, ERR_USAGE, "'%s' is not an http or https URL", url);
    }
    struct transfer *transfer = idle_transfer(http);
    transfer->busy = true;
    transfer->context = context;
    transfer->redirects = 0;
    transfer->started_ms = clock_monotonic_ms();
    memcpy(transfer->origin, origin, sizeof origin);
    if (upload)
        set_upload(http, transfer, upload);
    send_request(http, transfer, url);
    http->running++;
    return true;
}

bool http_start(struct http *http, const char *url, void *context, struct err *err)
{
    return start(http, url, NULL, context, err);
}

bool http_post(struct http *http, const char *url, const struct http_upload *upload, void *context,
               struct err *err)
{
    return start(http, url, upload, context, err);
}

int http_running(const struct http *http)
{
    return http->running;
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Names an ending that curl does not call a success. */
static void explain_failure(const struct transfer *transfer, CURLcode code,
                            struct http_response *response)
{
    const char *reason = transfer->error[0] ? transfer->error : http_curl()->easy_strerror(code);
    if (transfer->wire.overflow)
        http_answer_end(response, HTTP_TOO_BIG, "the body is above the limit");
    else if (transfer->headers_done)
        http_answer_end(response, HTTP_CUT, reason);
    else if (transfer->header_bytes > HEADERS_MAX || code == CURLE_OUT_OF_MEMORY)
        http_answer_end(response, HTTP_NO_ANSWER, "the headers are above the limit");
    else
        http_answer_end(response, HTTP_NO_ANSWER, reason);
}

/* Follows a redirect on the same origin. False when there is none to follow; a forbidden one is
   then in the response. */
static bool follow(struct http *http, struct transfer *transfer, struct http_response *response)
{
    char *url = NULL;
    char origin[ORIGIN_MAX], reason[sizeof response->reason];
    http_curl()->easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &url);
    if (!url || !is_redirect(response->status))
        return false;
    if (!http_origin(url, origin, sizeof origin)) {
        http_answer_end(response, HTTP_OTHER_HOST,
                        "a redirect to something that is no plain http URL");
        return false;
    }
    if (strcmp(origin, transfer->origin) != 0) {
        snprintf(reason, sizeof reason, "a redirect to %.110s is not followed", origin);
        http_answer_end(response, HTTP_OTHER_HOST, reason);
        return false;
    }
    if (++transfer->redirects > REDIRECTS_MAX) {
        http_answer_end(response, HTTP_OTHER_HOST, "too many redirects");
        return false;
    }
    AUTO_FREE char *next = mem_strdup(url); /* curl's own is gone with the next request */
    send_request(http, transfer, next);
    return true;
}

/* Makes the response of a transfer that left the multi handle; false when it goes on elsewhere. */
static bool finish(struct http *http, struct transfer *transfer, CURLcode code,
                   struct http_response *response)
{
    *response = (struct http_response){.context = transfer->context, .retry_after_ms = -1};
    buf_init(&response->body, HTTP_BODY_MAX);
    response->wire_bytes = transfer->wire_bytes;
    response->took_ms = clock_monotonic_ms() - transfer->started_ms;
    if (transfer->headers_done)
        http_answer_headers(transfer->easy, response);
    /* curl finds nothing wrong with a connection that closes inside the headers. */
    if (code == CURLE_OK && !transfer->headers_done)
        http_answer_end(response, HTTP_NO_ANSWER, "the answer ends inside its headers");
    else if (code != CURLE_OK)
        explain_failure(transfer, code, response);
    else if (follow(http, transfer, response))
        return false;
    else if (response->end == HTTP_DONE)
        http_answer_body(transfer->easy, &transfer->wire, response);
    return true;
}

/* Puts a transfer back for reuse without its buffer, or frees it when enough others wait. */
static void release_transfer(struct http *http, struct transfer *transfer)
{
    buf_release(&transfer->wire);
    transfer->busy = false;
    http->running--;
    if (transfer->headers) {
        http_curl()->easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, http->headers);
        http_curl()->easy_setopt(transfer->easy, CURLOPT_HTTPGET, 1L);
        http_curl()->slist_free_all(transfer->headers);
        transfer->headers = NULL;
    }
    if (http->count - (size_t)http->running <= IDLE_KEPT)
        return;
    for (size_t i = 0; i < http->count; i++)
        if (http->transfers[i] == transfer)
            http->transfers[i] = http->transfers[--http->count];
    transfer_close(transfer);
}

/* Milliseconds until a transfer must have begun its answer; INT64_MAX when it has or need not. */
static int64_t first_byte_left_ms(const struct http *http, const struct transfer *transfer,
                                  int64_t now_ms)
{
    if (!transfer->busy || transfer->header_bytes > 0 || http->settings.first_byte_ms <= 0)
        return INT64_MAX;
    return transfer->hop_started_ms + http->settings.first_byte_ms - now_ms;
}

/* One transfer that ended, by curl's account or because its answer did not begin in time. NULL:
 * none. */
static struct transfer *next_ended(struct http *http, CURLcode *code)
{
    int left;
    const CURLMsg *message = http_curl()->multi_info_read(http->multi, &left);
    if (message) {
        char *transfer;
        *code = message->data.result;
        http_curl()->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        return (struct transfer *)(void *)transfer;
    }
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < http->count; i++) {
        struct transfer *transfer = http->transfers[i];
        if (first_byte_left_ms(http, transfer, now_ms) > 0)
            continue;
        *code = CURLE_OPERATION_TIMEDOUT;
        snprintf(transfer->error, sizeof transfer->error, "no answer began within %d ms",
                 http->settings.first_byte_ms);
        return transfer;
    }
    return NULL;
}

static bool take_ended(struct http *http, struct http_response *response)
{
    CURLcode code;
    struct transfer *transfer;
    while ((transfer = next_ended(http, &code))) {
        http_curl()->multi_remove_handle(http->multi, transfer->easy);
        if (!finish(http, transfer, code, response))
            continue;
        release_transfer(http, transfer);
        return true;
    }
    return false;
}

/* Sleeps until a socket, a stop, a first-byte limit or `left_ms` has something to say. */
static void wait_for_something(struct http *http, int64_t left_ms)
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < http->count; i++) {
        int64_t limit_ms = first_byte_left_ms(http, http->transfers[i], now_ms);
        left_ms = limit_ms < left_ms ? limit_ms : left_ms;
    }
    struct curl_waitfd stop = {.fd = stop_fd(), .events = CURL_WAIT_POLLIN};
    http_curl()->multi_poll(http->multi, &stop, stop.fd >= 0, left_ms > 0 ? (int)left_ms : 0, NULL);
}

bool http_take(struct http *http, int timeout_ms, struct http_response *response)
{
    int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
    for (;;) {
        int running;
        http_curl()->multi_perform(http->multi, &running);
        if (take_ended(http, response))
            return true;
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        if (left_ms <= 0 || stop_requested())
            return false;
        wait_for_something(http, left_ms);
    }
}

void http_response_release(struct http_response *response)
{
    buf_release(&response->body);
}

const char *http_library_version(void)
{
    return http_curl()->version();
}
