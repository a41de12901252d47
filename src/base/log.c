#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

enum {
    LINE_BYTES = 2048, /* longer lines are cut */
    COLUMNS_UNKNOWN = 80,
    PROGRESS_EVERY_MS = 100
};

#define CLEAR_LINE "\r\033[K"

/* Workers talk at the same time, and a line must not land inside another's progress. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_quiet;
static bool progress_shown;
static int64_t progress_due_ms;

void log_set_quiet(bool quiet)
{
    pthread_mutex_lock(&lock);
    is_quiet = quiet;
    pthread_mutex_unlock(&lock);
}

/* With the lock held. */
static void clear_progress(void)
{
    if (progress_shown)
        fputs(CLEAR_LINE, stderr);
    progress_shown = false;
}

/* With the lock held. What is said may quote names from outside, so it is made safe to print. */
__attribute__((format(printf, 2, 0))) static void put_line(const char *prefix, const char *fmt,
                                                           va_list args)
{
    char line[LINE_BYTES] = "";
    vsnprintf(line, sizeof line, fmt, args);
    text_printable(line, sizeof line, line);
    clear_progress();
    fprintf(stderr, "%s%s\n", prefix, line);
}

void log_say(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    pthread_mutex_lock(&lock);
    if (!is_quiet)
        put_line("", fmt, args);
    pthread_mutex_unlock(&lock);
    va_end(args);
}

void log_warn(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    pthread_mutex_lock(&lock);
    put_line("tws: warning: ", fmt, args);
    pthread_mutex_unlock(&lock);
    va_end(args);
}

static int terminal_columns(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return COLUMNS_UNKNOWN;
}

/* With the lock held. One column stays free: a full line would wrap, and \r only reaches the last.
 */
static void put_progress(const char *line)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms < progress_due_ms)
        return;
    char shown[LINE_BYTES];
    text_clip(shown, sizeof shown, line, terminal_columns() - 1, true);
    fprintf(stderr, CLEAR_LINE "%s", shown);
    progress_shown = true;
    progress_due_ms = now_ms + PROGRESS_EVERY_MS;
}

void log_progress(const char *fmt, ...)
{
    char line[LINE_BYTES] = "";
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    text_printable(line, sizeof line, line);

    pthread_mutex_lock(&lock);
    if (!*line)
        clear_progress();
    else if (!is_quiet && isatty(STDERR_FILENO))
        put_progress(line);
    pthread_mutex_unlock(&lock);
}
