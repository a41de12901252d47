#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

static const struct {
    int exit_code;
    const char *machine;
    const char *sentence;
} classes[ERR_CODE_COUNT] = {
#define X(name, exit_code, machine, sentence) [ERR_##name] = {exit_code, machine, sentence},
#include "base/err.def"
#undef X
};

/* Cleaning makes text at most three times shorter, so with this much raw text a character that
   vsnprintf cut in two always lies behind what is kept. */
enum { RAW_MAX = 3 * ERR_TEXT_MAX };

__attribute__((format(printf, 3, 0))) static void put(char *out, size_t size, const char *fmt,
                                                      va_list args)
{
    char raw[RAW_MAX] = "";
    vsnprintf(raw, sizeof raw, fmt, args);
    text_printable(out, size, raw);
}

bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    put(err->text, sizeof err->text, fmt, args);
    va_end(args);
    err->code = code;
    err->hint[0] = '\0';
    return false;
}

bool err_wrap(struct err *err, const char *fmt, ...)
{
    char context[ERR_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    put(context, sizeof context, fmt, args);
    va_end(args);

    char whole[sizeof context + sizeof err->text + 2];
    snprintf(whole, sizeof whole, "%s: %s", context, err->text);
    text_printable(err->text, sizeof err->text, whole);
    return false;
}

bool err_hint(struct err *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    put(err->hint, sizeof err->hint, fmt, args);
    va_end(args);
    return false;
}

void err_reset(struct err *err)
{
    err->code = ERR_NONE;
    err->text[0] = '\0';
    err->hint[0] = '\0';
}

static size_t class_index(enum err_code code)
{
    size_t index = (size_t)code;
    if (index >= ERR_CODE_COUNT)
        BUG("no error class %zu", index);
    return index;
}

int err_exit_code(enum err_code code)
{
    return classes[class_index(code)].exit_code;
}

const char *err_machine_code(enum err_code code)
{
    return classes[class_index(code)].machine;
}

const char *err_sentence(enum err_code code)
{
    return classes[class_index(code)].sentence;
}

_Noreturn void err_bug(const char *file, int line, const char *fmt, ...)
{
    char text[ERR_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    put(text, sizeof text, fmt, args);
    va_end(args);
    fprintf(stderr, "tws: bug at %s:%d: %s\n", file, line, text);
    abort();
}
