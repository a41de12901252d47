#include "base/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"

enum { PATH_CAP = 4096 };

/* What is thrown away need not wait for a disk: commits do, and they are most of the time. */
static const char *parent_of(bool keep)
{
    static const char memory[] = "/dev/shm";
    const char *parent = getenv("TMPDIR");
    if (parent && *parent)
        return parent;
    return !keep && access(memory, W_OK | X_OK) == 0 ? memory : "/tmp";
}

char *scratch_open(bool keep, struct err *err)
{
    AUTO_BUF struct buf path;
    buf_init(&path, PATH_CAP);
    if (!buf_printf(&path, "%s/tws-XXXXXX", parent_of(keep))) {
        err_set(err, ERR_FAILURE, "TMPDIR is longer than %d bytes", PATH_CAP);
        return NULL;
    }
    if (!mkdtemp(path.data)) {
        err_set(err, ERR_FAILURE, "cannot make a folder '%s': %s", path.data, strerror(errno));
        return NULL;
    }
    return mem_strdup(path.data);
}

static bool is_self_or_parent(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

void scratch_close(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (!is_self_or_parent(entry->d_name) && unlinkat(dirfd(dir), entry->d_name, 0) != 0)
            log_warn("cannot remove '%s/%s': %s", folder, entry->d_name, strerror(errno));
    }
    if (dir)
        closedir(dir);
    if (rmdir(folder) != 0)
        log_warn("cannot remove '%s': %s", folder, strerror(errno));
}
