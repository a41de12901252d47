/*
 * A scripted peer on a raw socket, for faults below HTTP. It reads requests and sends the bytes it
 * was given, whatever they are. One thread, one connection at a time; the n-th request, on whatever
 * connection, gets the n-th answer and the last answer serves all further ones.
 */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What follows the bytes of an answer. */
enum peer_end {
    PEER_CLOSE,     /* an orderly end of the connection */
    PEER_RESET,     /* a TCP reset */
    PEER_KEEP,      /* the connection is kept for another request */
    PEER_HOLD,      /* silence until the client goes */
    PEER_REPEAT,    /* `body` again and again until the client goes */
    PEER_INTERRUPT, /* SIGINT to this process, then silence */
};

struct peer_answer {
    const char *head;
    const void *body; /* NULL: none */
    size_t length;
    int byte_pause_ms; /* above 0: one byte at a time, with so long before each */
    enum peer_end end;
};

struct peer {
    int listen_fd, stop_fd, port;
    pthread_t thread;
    const struct peer_answer *answers;
    size_t count;
    atomic_int connections, requests;
    char request[4096]; /* the last one; read it when its answer has come */
};

/* A socket on a free port of 127.0.0.1 that the kernel accepts connections for but nobody ever
   reads; with a `backlog` below 0 it refuses them. */
static inline int peer_listen(int backlog, int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_true(backlog < 0 || listen(fd, backlog) == 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* Waits for an event on `fd`, -1 for none, or `timeout_ms`. False when the test closes the peer. */
static inline bool peer_wait(const struct peer *peer, int fd, short events, int timeout_ms)
{
    struct pollfd fds[] = {{.fd = peer->stop_fd, .events = POLLIN}, {.fd = fd, .events = events}};
    poll(fds, 2, timeout_ms);
    return fds[0].revents == 0;
}

static inline bool peer_send(const struct peer *peer, int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        if (!peer_wait(peer, fd, POLLOUT, -1))
            return false;
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

static inline bool peer_send_slowly(const struct peer *peer, int fd, const char *bytes,
                                    size_t length, int pause_ms)
{
    if (pause_ms == 0)
        return peer_send(peer, fd, bytes, length);
    for (size_t i = 0; i < length; i++)
        if (!peer_wait(peer, -1, 0, pause_ms) || !peer_send(peer, fd, bytes + i, 1))
            return false;
    return true;
}

/* Whether a request is there to the end of its body. */
static inline bool peer_has_all(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n"), *length = strstr(request, "Content-Length: ");
    if (!end || !length || length > end)
        return end != NULL;
    return strlen(end + 4) >= strtoul(length + strlen("Content-Length: "), NULL, 10);
}

static inline bool peer_read_request(struct peer *peer, int fd)
{
    size_t length = 0;
    while (length + 1 < sizeof peer->request) {
        if (!peer_wait(peer, fd, POLLIN, -1))
            return false;
        ssize_t got = recv(fd, peer->request + length, sizeof peer->request - length - 1, 0);
        if (got <= 0)
            return false;
        length += (size_t)got;
        peer->request[length] = '\0';
        if (peer_has_all(peer->request))
            return true;
    }
    return false;
}

/* Serves one connection until it ends. */
static inline void peer_serve(struct peer *peer, int fd)
{
    const struct linger reset = {.l_onoff = 1};
    while (peer_read_request(peer, fd)) {
        size_t n = (size_t)atomic_fetch_add(&peer->requests, 1);
        const struct peer_answer *a = &peer->answers[n < peer->count ? n : peer->count - 1];
        bool sent = peer_send_slowly(peer, fd, a->head ? a->head : "",
                                     a->head ? strlen(a->head) : 0, a->byte_pause_ms) &&
                    peer_send_slowly(peer, fd, a->body, a->length, a->byte_pause_ms);
        while (sent && a->end == PEER_REPEAT)
            sent = peer_send(peer, fd, a->body, a->length);
        if (a->end == PEER_INTERRUPT)
            kill(getpid(), SIGINT);
        if (a->end == PEER_HOLD || a->end == PEER_INTERRUPT)
            peer_wait(peer, fd, POLLIN | POLLRDHUP, -1);
        if (a->end == PEER_RESET)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        if (!sent || a->end != PEER_KEEP)
            return;
    }
}

static inline void *peer_run(void *context)
{
    struct peer *peer = context;
    while (peer_wait(peer, peer->listen_fd, POLLIN, -1)) {
        int fd = accept(peer->listen_fd, NULL, NULL);
        if (fd < 0)
            continue;
        atomic_fetch_add(&peer->connections, 1);
        peer_serve(peer, fd);
        close(fd);
    }
    return NULL;
}

/* Starts a peer that gives these answers, which must outlive it. */
static inline void peer_open(struct peer *peer, const struct peer_answer *answers, size_t count)
{
    memset(peer, 0, sizeof *peer);
    peer->answers = answers;
    peer->count = count;
    peer->listen_fd = peer_listen(64, &peer->port);
    peer->stop_fd = eventfd(0, EFD_CLOEXEC);
    assert_true(peer->stop_fd >= 0);
    assert_int_equal(pthread_create(&peer->thread, NULL, peer_run, peer), 0);
}

/* Cuts off what it is doing and waits for its thread. */
static inline void peer_close(struct peer *peer)
{
    eventfd_write(peer->stop_fd, 1);
    pthread_join(peer->thread, NULL);
    close(peer->listen_fd);
    close(peer->stop_fd);
}

#endif
