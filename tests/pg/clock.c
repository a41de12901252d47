/*
 * A clock that tests set, loaded by LD_PRELOAD into PostgreSQL and into programs that are to have the same time. The file
 * that PG_CLOCK names says what time it is: `=N`, and the clock stands at N milliseconds since 1970; `+N`, and it goes N
 * milliseconds ahead of the machine's. Without the file it is the machine's. Whoever sets it puts a new file in the old
 * one's place, so that nobody reads half of one. What PostgreSQL and libpq wait for is counted by time() and the kernel,
 * which go on.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* PostgreSQL asks in signal handlers, too: nothing here allocates, and errno stays as it was. */
static ssize_t read_setting(char *text, size_t size)
{
    const char *path = getenv("PG_CLOCK");
    int kept = errno, file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t length = file >= 0 ? read(file, text, size - 1) : 0;
    if (file >= 0)
        close(file);
    errno = kept;
    text[length > 0 ? length : 0] = '\0';
    return length;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    char text[32];
    if (syscall(SYS_clock_gettime, id, now) != 0)
        return -1;
    if ((id != CLOCK_REALTIME && id != CLOCK_MONOTONIC) || read_setting(text, sizeof text) < 2)
        return 0;
    long long ms = strtoll(text + 1, NULL, 10);
    if (text[0] == '+')
        ms += now->tv_sec * 1000LL + now->tv_nsec / 1000000;
    now->tv_nsec = ms % 1000 * 1000000 + (text[0] == '+' ? now->tv_nsec % 1000000 : 0);
    now->tv_sec = ms / 1000;
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &exact) != 0)
        return -1;
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}
