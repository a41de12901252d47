/* A growable byte string with a hard cap given at birth: the only place where text of unknown length grows. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;    /* always NUL-terminated once something was added; NULL before */
    size_t length; /* bytes without the NUL */
    size_t capacity;
    size_t cap;    /* most bytes it may hold */
    bool overflow; /* something did not fit and was dropped whole; stays until reset */
};

/* Makes an empty buffer that holds at most `cap` bytes. Allocates nothing yet. */
void buf_init(struct buf *buf, size_t cap);

/* Frees the bytes; the buffer is empty and may be used again with the same cap. */
void buf_release(struct buf *buf);

/* Empties it but keeps the memory. */
void buf_reset(struct buf *buf);

/* Adds bytes. False (and `overflow` set, nothing added) when they would pass the cap. */
bool buf_add(struct buf *buf, const void *bytes, size_t length);

/* Adds a string, as buf_add(). */
bool buf_puts(struct buf *buf, const char *text);

/* Adds one byte, as buf_add(). */
bool buf_putc(struct buf *buf, char c);

/* Adds formatted text, as buf_add(). */
bool buf_printf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for `extra` bytes more and returns where they go; the caller then adds to `length`
   what it wrote. NULL when the cap would be passed. */
char *buf_reserve(struct buf *buf, size_t extra);

/* The text so far, "" when there is none. Valid until the next call that adds. */
const char *buf_text(const struct buf *buf);

#define AUTO_BUF __attribute__((cleanup(buf_release)))

#endif
