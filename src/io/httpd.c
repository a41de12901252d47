#include "io/httpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "io/httpd_mhd.h"

enum {
    BODY_MAX = 64 << 20,
    CONNECTIONS_MAX = 512, /* each has a thread */
    IDLE_S = 120,          /* then a kept connection is closed */
    BLOCK_BYTES = 64 << 10,
    TRICKLES_S = 10, /* a trickle goes out in so many pieces a second */
};

struct httpd {
    struct MHD_Daemon *daemon;
    httpd_handler *handler;
    void *context;
    pthread_mutex_t one_handler;
    int stop_fd; /* becomes readable when the server closes, and wakes every wait */
    int port;
};

struct httpd_request {
    struct MHD_Connection *connection;
    const char *method, *path;
};

/* A body on its way out. */
struct stream {
    struct httpd *httpd;
    struct buf body;
    int trickle_bytes_s;
    int64_t cut_after;
};

/* Waits on a connection's own thread; false when the server closes meanwhile. */
static bool pause_ms(const struct httpd *httpd, int64_t wait_ms)
{
    struct pollfd stop = {.fd = httpd->stop_fd, .events = POLLIN};
    int64_t until_ms = clock_monotonic_ms() + wait_ms;
    for (;;) {
        int64_t left_ms = until_ms - clock_monotonic_ms();
        int ready = poll(&stop, 1, left_ms > 0 ? (int)left_ms : 0);
        if (ready > 0)
            return false;
        if (ready == 0 && left_ms <= 0)
            return true;
    }
}

static ssize_t read_stream(void *context, uint64_t position, char *out, size_t size)
{
    const struct stream *stream = context;
    size_t length = stream->body.length - position;
    length = length < size ? length : size;
    if (stream->cut_after >= 0) {
        if (position >= (uint64_t)stream->cut_after)
            return MHD_CONTENT_READER_END_WITH_ERROR;
        size_t left = (uint64_t)stream->cut_after - position;
        length = length < left ? length : left;
    }
    if (stream->trickle_bytes_s > 0) {
        size_t piece =
            stream->trickle_bytes_s > TRICKLES_S ? (size_t)stream->trickle_bytes_s / TRICKLES_S : 1;
        length = length < piece ? length : piece;
        if (!pause_ms(stream->httpd, (int64_t)length * 1000 / stream->trickle_bytes_s))
            return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    memcpy(out, stream->body.data + position, length);
    return (ssize_t)length;
}

static void release_stream(void *context)
{
    struct stream *stream = context;
    buf_release(&stream->body);
    mem_free(stream);
}

/* A response that takes the reply's body over. */
static struct MHD_Response *make_response(struct httpd *httpd, struct httpd_reply *reply)
{
    struct stream *stream = mem_alloc(1, sizeof *stream);
    *stream = (struct stream){
        .httpd = httpd,
        .body = reply->body,
        .trickle_bytes_s = reply->trickle_bytes_s,
        .cut_after = reply->cut_after,
    };
    struct MHD_Response *response = httpd_mhd()->create_response_from_callback(
        stream->body.length, BLOCK_BYTES, read_stream, stream, release_stream);
    if (!response) {
        release_stream(stream);
        return NULL;
    }
    httpd_mhd()->add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
    size_t most = sizeof reply->headers / sizeof *reply->headers;
    for (size_t i = 0; i < most && reply->headers[i][0][0]; i++)
        httpd_mhd()->add_response_header(response, reply->headers[i][0], reply->headers[i][1]);
    return response;
}

/* MHD calls this once with the headers, again for each piece of an upload, and at last with
 * nothing. */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **seen)
{
    static char once;
    struct httpd *httpd = context;
    (void)version;
    (void)upload;
    if (!*seen || *upload_size > 0) {
        *seen = &once;
        *upload_size = 0;
        return MHD_YES;
    }
    struct httpd_request request = {.connection = connection, .method = method, .path = url};
    struct httpd_reply reply = {
        .status = MHD_HTTP_OK, .content_type = "application/json", .cut_after = -1};
    buf_init(&reply.body, BODY_MAX);
    pthread_mutex_lock(&httpd->one_handler);
    httpd->handler(httpd->context, &request, &reply);
    pthread_mutex_unlock(&httpd->one_handler);
    if (reply.first_byte_ms > 0 && !pause_ms(httpd, reply.first_byte_ms)) {
        buf_release(&reply.body);
        return MHD_NO;
    }
    struct MHD_Response *response = make_response(httpd, &reply);
    if (!response)
        return MHD_NO;
    enum MHD_Result queued =
        httpd_mhd()->queue_response(connection, (unsigned)reply.status, response);
    httpd_mhd()->destroy_response(response);
    return queued;
}

struct httpd *httpd_open(int port, httpd_handler *handler, void *context, struct err *err)
{
    if (port < 0 || port > 65535) {
        err_set(err, ERR_USAGE, "port %d is not one of 0 to 65535", port);
        return NULL;
    }
    struct httpd *httpd = mem_alloc(1, sizeof *httpd);
    httpd->handler = handler;
    httpd->context = context;
    pthread_mutex_init(&httpd->one_handler, NULL);
    httpd->stop_fd = eventfd(0, EFD_CLOEXEC);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    errno = 0;
    /* A thread a connection, so that one answer's delay or trickle holds up no other. */
    if (httpd->stop_fd >= 0)
        httpd->daemon = httpd_mhd()->start_daemon(
            MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, 0, NULL,
            NULL, answer, httpd, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
            (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
            MHD_OPTION_END);
    if (!httpd->daemon) {
        err_set(err, ERR_FAILURE, "cannot serve on 127.0.0.1:%d: %s", port,
                errno ? strerror(errno) : "the server does not start");
        httpd_close(httpd);
        return NULL;
    }
    httpd->port = httpd_mhd()->get_daemon_info(httpd->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return httpd;
}

void httpd_close(struct httpd *httpd)
{
    if (!httpd)
        return;
    if (httpd->daemon) {
        eventfd_write(httpd->stop_fd, 1);
        httpd_mhd()->stop_daemon(httpd->daemon);
    }
    if (httpd->stop_fd >= 0)
        close(httpd->stop_fd);
    pthread_mutex_destroy(&httpd->one_handler);
    mem_free(httpd);
}

int httpd_port(const struct httpd *httpd)
{
    return httpd->port;
}

const char *httpd_method(const struct httpd_request *request)
{
    return request->method;
}

const char *httpd_path(const struct httpd_request *request)
{
    return request->path;
}

const char *httpd_query(const struct httpd_request *request, const char *name)
{
    const char *value = NULL;
    if (httpd_mhd()->lookup_connection_value_n(request->connection, MHD_GET_ARGUMENT_KIND, name,
                                               strlen(name), &value, NULL) != MHD_YES)
        return NULL;
    return value ? value : ""; /* "?name" without a "=" */
}

const char *httpd_header(const struct httpd_request *request, const char *name)
{
    return httpd_mhd()->lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}
