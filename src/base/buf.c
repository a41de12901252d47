#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

enum { CAPACITY_FIRST = 64 };

void buf_init(struct buf *buf, size_t cap)
{
    /* no object is larger, and one byte must remain for the NUL */
    *buf = (struct buf){.cap = cap < PTRDIFF_MAX ? cap : PTRDIFF_MAX - 1};
}

void buf_release(struct buf *buf)
{
    mem_free(buf->data);
    buf_init(buf, buf->cap);
}

void buf_reset(struct buf *buf)
{
    buf->length = 0;
    buf->overflow = false;
    if (buf->data)
        buf->data[0] = '\0';
}

static bool make_room(struct buf *buf, size_t extra)
{
    if (extra > buf->cap - buf->length) {
        buf->overflow = true;
        return false;
    }
    size_t needed = buf->length + extra + 1;
    if (needed > buf->capacity) {
        size_t grown = buf->capacity > 0 ? 2 * buf->capacity : CAPACITY_FIRST;
        grown = grown < needed ? needed : grown;
        grown = grown > buf->cap + 1 ? buf->cap + 1 : grown;
        buf->data = mem_resize(buf->data, grown, 1);
        buf->capacity = grown;
    }
    return true;
}

bool buf_add(struct buf *buf, const void *bytes, size_t length)
{
    if (!make_room(buf, length))
        return false;
    if (length > 0)
        memcpy(buf->data + buf->length, bytes, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
    return true;
}

bool buf_puts(struct buf *buf, const char *text)
{
    return buf_add(buf, text, strlen(text));
}

bool buf_putc(struct buf *buf, char c)
{
    return buf_add(buf, &c, 1);
}

/* Formats into the room there is, which is nearly always enough, and again only if it was not. */
bool buf_printf(struct buf *buf, const char *fmt, ...)
{
    if (!make_room(buf, 0))
        return false;
    size_t room = buf->capacity - buf->length;
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int length = vsnprintf(buf->data + buf->length, room, fmt, args);
    va_end(args);
    if (length < 0)
        BUG("format '%s' cannot be written", fmt);

    bool fits = make_room(buf, (size_t)length);
    if (fits && (size_t)length >= room)
        vsnprintf(buf->data + buf->length, (size_t)length + 1, fmt, again);
    va_end(again);
    buf->length += fits ? (size_t)length : 0;
    buf->data[buf->length] = '\0';
    return fits;
}

char *buf_reserve(struct buf *buf, size_t extra)
{
    if (!make_room(buf, extra))
        return NULL;
    /* the caller may write less than it asked for, and the text must end there */
    return memset(buf->data + buf->length, 0, extra + 1);
}

const char *buf_text(const struct buf *buf)
{
    return buf->data ? buf->data : "";
}
