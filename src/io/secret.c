#include "io/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

void secret_release(struct secret *secret)
{
    if (secret->text)
        explicit_bzero(secret->text, SECRET_MAX + 2);
    mem_free(secret->text);
    secret->text = NULL;
}

/* Asked of the open file, so that it cannot be another one by the time it is read. */
static bool check_owner(int file, struct err *err)
{
    struct stat about;
    if (fstat(file, &about) != 0)
        return err_set(err, ERR_USAGE, "%s", strerror(errno));
    if (!S_ISREG(about.st_mode))
        return err_set(err, ERR_USAGE, "not a file");
    if (about.st_uid != geteuid() && about.st_uid != 0)
        return err_set(err, ERR_USAGE, "it belongs to another user");
    if (!(about.st_mode & 077))
        return true;
    err_set(err, ERR_USAGE, "others than its owner can read it");
    return err_hint(err, "chmod 600 makes it safe");
}

static bool read_line(int file, struct secret *secret, struct err *err)
{
    secret->text = mem_alloc(SECRET_MAX + 2, 1);
    ssize_t length = read(file, secret->text, SECRET_MAX + 1);
    if (length < 0)
        return err_set(err, ERR_USAGE, "%s", strerror(errno));
    if (length > SECRET_MAX)
        return err_set(err, ERR_USAGE, "longer than %d bytes", SECRET_MAX);
    while (length > 0 && strchr(" \t\r\n", secret->text[length - 1]) && secret->text[length - 1])
        secret->text[--length] = '\0';
    if (length == 0)
        return err_set(err, ERR_USAGE, "it is empty");
    if (strcspn(secret->text, "\r\n") != (size_t)length)
        return err_set(err, ERR_USAGE, "it has more than one line");
    return true;
}

bool secret_read(const char *path, struct secret *secret, struct err *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0)
        return err_set(err, ERR_USAGE, "secret file '%s': %s", path, strerror(errno));
    bool ok = check_owner(file, err) && read_line(file, secret, err);
    close(file);
    if (ok)
        return true;
    secret_release(secret);
    return err_wrap(err, "secret file '%s'", path);
}
