/* Talk: what a person is told on stderr while work goes on. Results never pass here. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

/* Silences talk (never errors): `-q`. */
void log_set_quiet(bool quiet);

enum log_style {
    LOG_PLAIN,   /* as people read it */
    LOG_JOURNAL, /* with the priority that systemd's journal takes from the start of a line: "<4>" */
    LOG_JSON,    /* one object a line: time, level, message */
};

/* How lines are written; PLAIN at first. */
void log_set_style(enum log_style style);

/* Whether log_debug() says anything; it does not at first. */
void log_set_debug(bool debug);

/* The style for where stderr leads to: JOURNAL when it is the one that JOURNAL_STREAM names. */
enum log_style log_default_style(void);

/* One line about what only matters when something is looked for. */
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One line "tws: ..." about why it ends, even when quiet. */
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One line on stderr, with a newline added; nothing when quiet. Clears a progress line first. */
void log_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A progress line that overwrites itself, at most ten times a second; only when stderr is a terminal and
   talk is on. An empty text clears it. */
void log_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One line "tws: warning: ..." on stderr, even when quiet. */
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
