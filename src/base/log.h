/* Talk: what a person is told on stderr while work goes on. Results never pass here. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

/* Silences talk (never errors): `-q`. */
void log_set_quiet(bool quiet);

/* One line on stderr, with a newline added; nothing when quiet. Clears a progress line first. */
void log_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A progress line that overwrites itself, at most ten times a second; only when stderr is a terminal and
   talk is on. An empty text clears it. */
void log_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One line "tws: warning: ..." on stderr, even when quiet. */
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
