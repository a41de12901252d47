#include "core/saved.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "io/json.h"
#include "io/zip.h"

enum { READ_STEP = 1 << 20 };

/* Waits until there is something to read. A read() that waits would go on waiting behind a signal. */
static bool wait_for_bytes(int file, struct err *err)
{
    struct pollfd both[] = {{.fd = file, .events = POLLIN}, {.fd = stop_fd(), .events = POLLIN}};
    while (!stop_requested())
        if (poll(both, 2, -1) > 0 && both[0].revents)
            return true;
    return err_set(err, stop_error(), "stopped while reading");
}

static bool read_all(int file, struct buf *out, struct err *err)
{
    for (;;) {
        if (!wait_for_bytes(file, err))
            return false;
        char *room = buf_reserve(out, READ_STEP);
        if (!room)
            return err_set(err, ERR_USAGE, "larger than %d MiB", SAVED_MAX >> 20);
        ssize_t got = read(file, room, READ_STEP);
        if (got == 0)
            return true;
        if (got > 0)
            out->length += (size_t)got;
        else if (errno != EINTR)
            return err_set(err, ERR_USAGE, "%s", strerror(errno));
    }
}

static bool read_file(const char *path, struct buf *out, int64_t *at_ms, struct err *err)
{
    struct stat about;
    *at_ms = clock_now_ms();
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, out, err);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return err_set(err, errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_USAGE, "%s",
                       strerror(errno));
    bool done = fstat(file, &about) == 0 ? read_all(file, out, err)
                                         : err_set(err, ERR_USAGE, "%s", strerror(errno));
    if (done && S_ISREG(about.st_mode))
        *at_ms = about.st_mtim.tv_sec * CLOCK_SECOND_MS + about.st_mtim.tv_nsec / 1000000;
    close(file);
    return done;
}

static bool unpack(struct buf *bytes, struct err *err)
{
    enum zip_format format = zip_sniff(bytes->data, bytes->length);
    struct buf plain;
    if (format == ZIP_NONE)
        return true;
    buf_init(&plain, SAVED_MAX);
    enum zip_result result = zip_unpack(format, bytes->data, bytes->length, &plain);
    buf_release(bytes);
    *bytes = plain;
    return result == ZIP_OK ||
           err_set(err, ERR_USAGE, "the compressed bytes are %s", zip_result_text(result));
}

bool saved_read(const char *path, struct buf *bytes, int64_t *at_ms, struct err *err)
{
    buf_init(bytes, SAVED_MAX);
    return read_file(path, bytes, at_ms, err) && unpack(bytes, err);
}

const char *saved_next_line(const char **at, const char *end, size_t *length, int *number)
{
    while (*at < end) {
        const char *line = *at, *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline ? newline : end;
        *at = newline ? newline + 1 : end;
        ++*number;
        while (line < stop && memchr(" \t\r", *line, 3))
            line++;
        while (stop > line && memchr(" \t\r", stop[-1], 3))
            stop--;
        *length = (size_t)(stop - line);
        if (*length > 0)
            return line;
    }
    return NULL;
}

/* Whether a text is JSON line by line. One whole document may have many lines, too, and either may
 * be damaged. */
bool saved_is_lines(const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    size_t first_length = 0, second_length = 0;
    int number = 0;
    struct err ignored;
    const char *first = saved_next_line(&at, end, &first_length, &number);
    const char *second = saved_next_line(&at, end, &second_length, &number);
    if (!first || !second || *first != '{')
        return false;
    if (json_check(first, first_length, &ignored))
        return true;
    return first_length > 1 && *second == '{' && !json_check(text, length, &ignored);
}
