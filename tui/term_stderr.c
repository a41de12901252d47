#include "tui/term_stderr.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "tui/term_raw.h"

enum { LINE_MAX_BYTES = 512, COPY_MAX = 4096 };

static int kept_fd = -1; /* a file in memory */
static int real_fd = -1; /* the stderr that was */
static off_t taken;

void term_stderr_hold(void)
{
    if (!isatty(STDERR_FILENO))
        return;
    kept_fd = memfd_create("stderr", MFD_CLOEXEC);
    real_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    taken = 0;
    if (kept_fd >= 0 && real_fd >= 0)
        dup2(kept_fd, STDERR_FILENO);
}

void term_stderr_release(void)
{
    char bytes[COPY_MAX];
    off_t at = 0;
    ssize_t length;
    if (kept_fd < 0 || real_fd < 0)
        return;
    dup2(real_fd, STDERR_FILENO);
    while ((length = pread(kept_fd, bytes, sizeof bytes, at)) > 0) {
        term_raw_write(STDERR_FILENO, bytes, (size_t)length);
        at += length;
    }
    close(kept_fd);
    close(real_fd);
    kept_fd = real_fd = -1;
}

/* The start of the last line that is not empty; cuts what follows it. */
static const char *last_line(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && strchr("\r\n", text[length - 1]))
        text[--length] = '\0';
    const char *line = strrchr(text, '\n');
    return line ? line + 1 : text;
}

bool term_stderr_take(char *out, size_t size)
{
    char tail[LINE_MAX_BYTES + 1];
    struct stat file;
    if (kept_fd < 0 || fstat(kept_fd, &file) != 0 || file.st_size <= taken)
        return false;
    off_t from = file.st_size - taken > LINE_MAX_BYTES ? file.st_size - LINE_MAX_BYTES : taken;
    ssize_t length = pread(kept_fd, tail, LINE_MAX_BYTES, from);
    taken = file.st_size;
    if (length <= 0)
        return false;
    tail[length] = '\0';
    text_printable(out, size, last_line(tail));
    return out[0] != '\0';
}
