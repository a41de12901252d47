/* The lock that one who writes has, beside SQLite's own: who waits for it sleeps, and is told who has it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "io/db_private.h"

enum { NAP_MAX_NS = 16 * 1000 * 1000 }; /* between two looks at it */

bool db_lock_open(struct db *db, struct err *err)
{
    AUTO_BUF struct buf path;

    buf_init(&path, SIZE_MAX);
    buf_printf(&path, "%s.lock", db->path);
    db->lock_fd = open(buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (db->lock_fd >= 0)
        return true;
    err_set(err, ERR_STORE, "lock '%s': %s", buf_text(&path), strerror(errno));
    return err_hint(err, "see the permissions of the folder");
}

bool db_lock_try(struct db *db)
{
    if (db->lock_depth == 0 && flock(db->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return false;
    db->lock_depth++;
    return true;
}

bool db_lock_until(struct db *db, int64_t deadline_ms, struct err *err)
{
    struct timespec nap = {.tv_nsec = 1000 * 1000};

    if (db->mode != DB_WRITE)
        BUG("database '%s' was opened to read only", db->path);
    while (!db_lock_try(db)) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return err_set(err, ERR_STORE, "database '%s': its lock: %s", db->path,
                           strerror(errno));
        if (clock_monotonic_ms() >= deadline_ms) {
            err_set(err, ERR_STORE, "database '%s': another tws has been writing for %d seconds",
                    db->path, DB_WAIT_MS / 1000);
            return err_hint(err, "wait for it to end, or see who holds '%s.lock'", db->path);
        }
        nanosleep(&nap, NULL);
        if (nap.tv_nsec < NAP_MAX_NS)
            nap.tv_nsec *= 2;
    }
    return true;
}

bool db_lock(struct db *db, struct err *err)
{
    return db_lock_until(db, clock_monotonic_ms() + DB_WAIT_MS, err);
}

void db_unlock(struct db *db)
{
    if (db->lock_depth == 0)
        BUG("database '%s' is not locked", db->path);
    if (--db->lock_depth == 0)
        flock(db->lock_fd, LOCK_UN);
}
