#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
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
static bool is_quiet, is_debug;
static enum log_style style;
static bool progress_shown;
static int64_t progress_due_ms;

void log_set_quiet(bool quiet)
{
    pthread_mutex_lock(&lock);
    is_quiet = quiet;
    pthread_mutex_unlock(&lock);
}

void log_set_debug(bool debug)
{
    pthread_mutex_lock(&lock);
    is_debug = debug;
    pthread_mutex_unlock(&lock);
}

void log_set_style(enum log_style wanted)
{
    pthread_mutex_lock(&lock);
    style = wanted;
    pthread_mutex_unlock(&lock);
}

enum log_style log_default_style(void)
{
    char stream[64];
    struct stat st;
    const char *named = getenv("JOURNAL_STREAM");
    if (named == NULL || fstat(STDERR_FILENO, &st) != 0)
        return LOG_PLAIN;
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
    return strcmp(stream, named) == 0 ? LOG_JOURNAL : LOG_PLAIN;
}

/* With the lock held. */
static void clear_progress(void)
{
    if (progress_shown)
        fputs(CLEAR_LINE, stderr);
    progress_shown = false;
}

enum level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO, LEVEL_DEBUG };

static const struct {
    const char *word, *prefix;
    int priority; /* of syslog */
} levels[] = {
    [LEVEL_ERROR] = {"error", "tws: ", 3},
    [LEVEL_WARNING] = {"warning", "tws: warning: ", 4},
    [LEVEL_INFO] = {"info", "", 6},
    [LEVEL_DEBUG] = {"debug", "", 7},
};

/* The line is printable already, so that only two characters need care. */
static void put_json(enum level level, const char *line)
{
    char at[CLOCK_TEXT_MAX];
    fprintf(stderr, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":\"",
            clock_format(at, clock_now_ms()), levels[level].word);
    for (const char *c = line; *c; c++)
        fprintf(stderr, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    fputs("\"}\n", stderr);
}

/* What is said may quote names from outside, so it is made safe to print. */
__attribute__((format(printf, 2, 0))) static void put_line(enum level level, const char *fmt,
                                                           va_list args)
{
    char line[LINE_BYTES] = "";
    vsnprintf(line, sizeof line, fmt, args);
    text_printable(line, sizeof line, line);
    pthread_mutex_lock(&lock);
    clear_progress();
    bool wanted = level == LEVEL_DEBUG ? is_debug : level != LEVEL_INFO || !is_quiet;
    if (wanted && style == LOG_JSON)
        put_json(level, line);
    else if (wanted && style == LOG_JOURNAL)
        fprintf(stderr, "<%d>%s\n", levels[level].priority, line);
    else if (wanted)
        fprintf(stderr, "%s%s\n", levels[level].prefix, line);
    pthread_mutex_unlock(&lock);
}

void log_say(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    put_line(LEVEL_INFO, fmt, args);
    va_end(args);
}

void log_warn(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    put_line(LEVEL_WARNING, fmt, args);
    va_end(args);
}

void log_debug(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    put_line(LEVEL_DEBUG, fmt, args);
    va_end(args);
}

void log_error(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    put_line(LEVEL_ERROR, fmt, args);
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
