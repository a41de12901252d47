/*
 * Errors are values: a class (which is the exit code), one line that names the place, and a hint.
 * The lowest layer sets, a layer that adds knowledge wraps, main prints once. Nothing here allocates,
 * so reporting a failure cannot fail.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

enum err_code {
#define X(name, exit_code, machine, sentence) ERR_##name,
#include "base/err.def"
#undef X
    ERR_CODE_COUNT
};

enum { ERR_TEXT_MAX = 480, ERR_HINT_MAX = 240 }; /* bytes; longer text is cut at a character */

struct err {
    enum err_code code;
    char text[ERR_TEXT_MAX]; /* "event 'vividseats:1': listing 17: price 'abc' is not a number" */
    char hint[ERR_HINT_MAX]; /* what to do about it; "" when there is nothing to say */
};

/* Sets class and text, clears the hint. Always returns false, so that `return err_set(...)` reads well.
   Control characters in the text are replaced: it is printed on terminals as it is. */
bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "<context>: " before the text that is there; the class and hint stay. Always returns false. */
bool err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Sets the hint. Always returns false. */
bool err_hint(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Forgets whatever it held: class NONE, empty texts. */
void err_reset(struct err *err);

/* The process exit code of a class, as the command-line contract lists them. */
int err_exit_code(enum err_code code);

/* The upper-case machine word of a class, such as "NOT_FOUND"; static. */
const char *err_machine_code(enum err_code code);

/* The sentence that help and the manual print for a class; static. */
const char *err_sentence(enum err_code code);

/* Reports a broken promise inside the program on stderr and aborts. Use through BUG(). */
_Noreturn void err_bug(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A broken promise inside the program, in every build: never for bad input. */
#define BUG(...) err_bug(__FILE__, __LINE__, __VA_ARGS__)

#endif
