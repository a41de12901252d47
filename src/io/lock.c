#include "io/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int lock_open(const char *path, const char *what, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0 && errno == EWOULDBLOCK) {
        err_set(err, ERR_BUSY, "another %s is running (it holds '%s')", what, path);
    } else {
        err_set(err, ERR_STORE, "lock '%s': %s", path, strerror(errno));
        err_hint(err, "see the permissions of the folder");
    }
    lock_close(fd);
    return -1;
}

void lock_close(int lock)
{
    if (lock >= 0)
        close(lock);
}
