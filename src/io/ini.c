#include "io/ini.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "base/text.h"

enum { LINE_MAX_BYTES = 4096 }; /* a database URL is the longest value, some hundred bytes */

struct reading {
    FILE *file;
    int line; /* of the line given last */
    ini_visit *visit;
    void *context;
    bool refused; /* `err` says why */
    struct err *err;
};

static pthread_once_t inih_once = PTHREAD_ONCE_INIT;

static void set_up_inih(void)
{
    ini_use_stack = false; /* its stack buffer cuts lines at 200 bytes */
    ini_initial_alloc = LINE_MAX_BYTES;
    ini_max_line = LINE_MAX_BYTES;
    ini_allow_multiline = false; /* an indented line is a line like others */
    ini_stop_on_first_error = true;
}

static char *refuse(struct reading *reading, const char *why)
{
    reading->refused = true;
    err_set(reading->err, ERR_USAGE, "%s", why);
    return NULL;
}

/* inih's fgets(): it would take the rest of a long line for a line, and end a line at a NUL. */
static char *read_line(char *line, int size, void *stream)
{
    struct reading *reading = stream;

    if (fgets(line, size, reading->file) == NULL)
        return NULL;
    reading->line++;
    size_t length = strlen(line);
    if (!feof(reading->file) && (length == 0 || line[length - 1] != '\n'))
        return refuse(reading, length + 1 < (size_t)size ? "a NUL byte" : "a line too long");
    return text_is_utf8(line, length) ? line : refuse(reading, "not UTF-8");
}

static int take_value(void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;

    if (reading->visit(reading->context, section, name, value, reading->line, reading->err))
        return 1;
    reading->refused = true;
    return 0;
}

bool ini_read(const char *path, ini_visit *visit, void *context, struct err *err)
{
    FILE *file = fopen(path, "re");
    struct reading reading = {.file = file, .visit = visit, .context = context, .err = err};

    if (file == NULL)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_USAGE, "'%s': %s", path,
                       strerror(errno));
    pthread_once(&inih_once, set_up_inih);
    errno = 0;
    int wrong = ini_parse_stream(read_line, &reading, take_value, &reading);
    int cause = ferror(file) ? errno : 0;
    fclose(file);
    if (cause != 0)
        return err_set(err, ERR_USAGE, "'%s': %s", path, strerror(cause));
    if (wrong == 0 && !reading.refused)
        return true;
    if (!reading.refused)
        err_set(err, ERR_USAGE, "neither 'name = value' nor '[section]'");
    return err_wrap(err, "%s:%d", path, reading.line);
}
