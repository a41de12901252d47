/*
 * A TCP proxy that breaks connections of PostgreSQL's protocol (without TLS) where a test says: proxy PORT [OPTION...]
 * forwards to 127.0.0.1:PORT, prints the port that it listens on, and serves until it is killed.
 *   delay=MS        each way
 *   down=N          cut when the server has sent N messages (of all connections), the N-th not forwarded
 *   up=N            cut when the client has sent N bytes, the N-th not forwarded
 *   commit=N        let the server commit for the N-th time, but cut instead of saying so
 *   random=SEED     cut after pseudo-random numbers of bytes either way, again and again
 *   most=BYTES      the largest of those numbers (200000)
 *   times=N         cut that often at most, then only forward (1; random: 1000000)
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PAIRS = 64, CHUNK = 64 * 1024, QUEUE = 512 };

static struct {
    long port, delay, down, up, commit, random, most, times;
} wanted = {.most = 200000, .times = 1};

/* What was read and waits for its time. */
struct piece {
    char *bytes;
    size_t length;
    int64_t due_ms;
};

/* One direction of a pair. The server's side is read message by message. */
struct lane {
    int from, to;
    bool is_down;
    struct piece queue[QUEUE];
    size_t first, count;
    unsigned char head[5]; /* of the message that is being read */
    size_t head_length, body_left;
    char tag[16]; /* the first bytes of its body */
    size_t tag_length;
};

struct pair {
    bool used;
    struct lane up, down;
};

static struct pair pairs[PAIRS];
static long sent_down, sent_up, commits, cuts;
static int64_t until_random;
static uint64_t state;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return 1 + (int64_t)(state % (uint64_t)wanted.most);
}

static void drop(struct lane *lane)
{
    for (; lane->count > 0; lane->count--, lane->first = (lane->first + 1) % QUEUE)
        free(lane->queue[lane->first].bytes);
}

static void close_pair(struct pair *pair)
{
    drop(&pair->up);
    drop(&pair->down);
    close(pair->up.from);
    close(pair->up.to);
    *pair = (struct pair){0};
}

/* A complete message of the server has come: whether the connection is to be cut before it. */
static bool ends_here(const struct lane *lane)
{
    sent_down++;
    if (lane->head[0] == 'C' && strcmp(lane->tag, "COMMIT") == 0 && ++commits == wanted.commit)
        return true;
    return sent_down == wanted.down;
}

/* How many of the bytes may be forwarded; fewer than there are means: cut behind them. */
static size_t allow_down(struct lane *lane, const char *bytes, size_t length)
{
    size_t whole = 0;
    for (size_t i = 0; i < length; i++) {
        if (lane->body_left == 0 && lane->head_length < 5) {
            lane->head[lane->head_length++] = (unsigned char)bytes[i];
            if (lane->head_length < 5)
                continue;
            uint32_t size;
            memcpy(&size, lane->head + 1, 4);
            lane->body_left = ntohl(size) - 4;
            lane->tag_length = 0;
        } else {
            if (lane->tag_length + 1 < sizeof lane->tag)
                lane->tag[lane->tag_length++] = bytes[i];
            lane->body_left--;
        }
        if (lane->body_left > 0)
            continue;
        lane->tag[lane->tag_length] = '\0';
        if (ends_here(lane))
            return whole;
        whole = i + 1;
        lane->head_length = 0;
    }
    return length;
}

static size_t allow(struct lane *lane, const char *bytes, size_t length)
{
    size_t most = length;
    if (cuts >= wanted.times)
        return length;
    if (wanted.random) {
        until_random -= (int64_t)length;
        most = until_random > 0 ? length : (size_t)(until_random + (int64_t)length) % length;
        if (until_random <= 0)
            until_random = next_random();
    } else if (lane->is_down) {
        most = allow_down(lane, bytes, length);
    } else if (wanted.up > 0 && sent_up < wanted.up && sent_up + (long)length >= wanted.up) {
        most = (size_t)(wanted.up - sent_up - 1);
    }
    if (!lane->is_down)
        sent_up += (long)length;
    return most;
}

static void queue(struct lane *lane, const char *bytes, size_t length)
{
    struct piece *piece = &lane->queue[(lane->first + lane->count++) % QUEUE];
    *piece = (struct piece){malloc(length + 1), length, now_ms() + wanted.delay};
    memcpy(piece->bytes, bytes, length);
}

static bool send_all(int to, const char *bytes, size_t length)
{
    for (ssize_t n; length > 0; bytes += n, length -= (size_t)n)
        if ((n = send(to, bytes, length, MSG_NOSIGNAL)) < 0)
            return false;
    return true;
}

/* Forwards what is due; false when the other end is gone. */
static bool forward(struct lane *lane, bool all)
{
    while (lane->count > 0 && (all || lane->queue[lane->first].due_ms <= now_ms())) {
        struct piece *piece = &lane->queue[lane->first];
        bool ok = send_all(lane->to, piece->bytes, piece->length);
        free(piece->bytes);
        lane->first = (lane->first + 1) % QUEUE;
        lane->count--;
        if (!ok)
            return false;
    }
    return true;
}

/* False when the pair has come to its end. */
static bool take(struct lane *lane)
{
    char bytes[CHUNK];
    ssize_t length = recv(lane->from, bytes, sizeof bytes, 0);
    if (length <= 0) {
        forward(lane, true);
        return false;
    }
    size_t most = allow(lane, bytes, (size_t)length);
    if (most > 0)
        queue(lane, bytes, most);
    if (most == (size_t)length)
        return forward(lane, false);
    cuts++;
    forward(lane, true);
    return false;
}

static int connect_to(long port)
{
    struct sockaddr_in there = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (connect(fd, (struct sockaddr *)&there, sizeof there) == 0)
        return fd;
    close(fd);
    return -1;
}

static void welcome(int listener)
{
    int client = accept(listener, NULL, NULL), server = connect_to(wanted.port);
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    for (int i = 0; server >= 0 && i < PAIRS; i++) {
        if (pairs[i].used)
            continue;
        pairs[i] = (struct pair){.used = true,
                                 .up = {.from = client, .to = server},
                                 .down = {.from = server, .to = client, .is_down = true}};
        return;
    }
    close(client);
}

static int listen_somewhere(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&here, size) != 0 || listen(fd, 64) != 0 ||
        getsockname(fd, (struct sockaddr *)&here, &size) != 0) {
        perror("proxy");
        exit(1);
    }
    printf("%d\n", ntohs(here.sin_port));
    fflush(stdout);
    return fd;
}

static void read_options(int argc, char **argv)
{
    static const struct {
        const char *name;
        long *value;
    } options[] = {{"delay=", &wanted.delay},   {"down=", &wanted.down},
                   {"up=", &wanted.up},         {"commit=", &wanted.commit},
                   {"random=", &wanted.random}, {"most=", &wanted.most},
                   {"times=", &wanted.times}};
    wanted.port = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    for (int i = 2; i < argc; i++)
        for (size_t o = 0; o < sizeof options / sizeof *options; o++)
            if (strncmp(argv[i], options[o].name, strlen(options[o].name)) == 0) {
                *options[o].value = strtol(argv[i] + strlen(options[o].name), NULL, 10);
                if (options[o].value == &wanted.random)
                    wanted.times = 1000000;
            }
    state = (uint64_t)wanted.random * 0x9E3779B97F4A7C15u + 1;
    until_random = next_random();
}

/* Whether a lane has room: else its sender waits, as it would for a slow network. */
static short events(const struct lane *lane)
{
    return lane->count < QUEUE ? POLLIN : 0;
}

int main(int argc, char **argv)
{
    read_options(argc, argv);
    int listener = listen_somewhere();
    for (;;) {
        struct pollfd fds[1 + 2 * PAIRS] = {{.fd = listener, .events = POLLIN}};
        for (int i = 0; i < PAIRS; i++) {
            struct pair *pair = &pairs[i];
            fds[1 + 2 * i] = (struct pollfd){pair->used ? pair->up.from : -1, events(&pair->up), 0};
            fds[2 + 2 * i] =
                (struct pollfd){pair->used ? pair->down.from : -1, events(&pair->down), 0};
        }
        poll(fds, 1 + 2 * PAIRS, wanted.delay ? 1 : -1);
        if (fds[0].revents)
            welcome(listener);
        for (int i = 0; i < PAIRS; i++) {
            struct pair *pair = &pairs[i];
            if (!pair->used)
                continue;
            if ((fds[1 + 2 * i].revents && !take(&pair->up)) ||
                (fds[2 + 2 * i].revents && !take(&pair->down)) || !forward(&pair->up, false) ||
                !forward(&pair->down, false))
                close_pair(pair);
        }
    }
}
