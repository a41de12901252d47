/*
 * Preloaded into tws, it makes the Nth call of a family fail, as curl's and SQLite's own tests do:
 *
 *   FAULT_CALL   malloc: malloc, calloc, realloc, of every library; sqlite: prepare, step, exec
 *   FAULT_NTH    which call fails, from 1; "7+" fails that one and all behind it; 0 only counts
 *   FAULT_CODE   sqlite: the result code that is given back
 *   FAULT_COUNT  a file that gets the number of calls when the program ends
 *
 * Calls are counted from main() on, one process at a time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

enum family { NONE, MALLOC, SQLITE };

static enum family family;
static long nth;
static bool onward;
static int code;
static atomic_long calls;
static _Thread_local int
    pretended; /* what the last sqlite call of this thread gave back, if made up */
static _Thread_local bool inside; /* sqlite3_exec(), which steps by itself */

static bool is_due(enum family which)
{
    if (family != which)
        return false;
    long call = ++calls;
    return nth > 0 && (call == nth || (onward && call > nth));
}

/* ---- memory ---- */

void *malloc(size_t size)
{
    if (!is_due(MALLOC))
        return __libc_malloc(size);
    errno = ENOMEM;
    return NULL;
}

void *calloc(size_t count, size_t size)
{
    if (!is_due(MALLOC))
        return __libc_calloc(count, size);
    errno = ENOMEM;
    return NULL;
}

void *realloc(void *block, size_t size)
{
    if (!is_due(MALLOC))
        return __libc_realloc(block, size);
    errno = ENOMEM;
    return NULL;
}

/* ---- SQLite ---- */

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static bool refuses(void)
{
    if (inside)
        return false;
    pretended = is_due(SQLITE) ? code : 0;
    return pretended != 0;
}

int sqlite3_step(sqlite3_stmt *stmt)
{
    return refuses() ? code : REAL(sqlite3_step)(stmt);
}

int sqlite3_prepare_v2(sqlite3 *db, const char *sql, int length, sqlite3_stmt **stmt,
                       const char **tail)
{
    *stmt = NULL;
    return refuses() ? code : REAL(sqlite3_prepare_v2)(db, sql, length, stmt, tail);
}

int sqlite3_prepare_v3(sqlite3 *db, const char *sql, int length, unsigned flags,
                       sqlite3_stmt **stmt, const char **tail)
{
    *stmt = NULL;
    return refuses() ? code : REAL(sqlite3_prepare_v3)(db, sql, length, flags, stmt, tail);
}

int sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
                 void *context, char **error)
{
    /* a failed ROLLBACK is no fault that a disk can make: what is left is rolled back on closing */
    if (strcmp(sql, "ROLLBACK") != 0 && refuses())
        return code;
    inside = true;
    int result = REAL(sqlite3_exec)(db, sql, row, context, error);
    inside = false;
    return result;
}

int sqlite3_errcode(sqlite3 *db)
{
    return pretended ? pretended & 0xff : REAL(sqlite3_errcode)(db);
}

int sqlite3_extended_errcode(sqlite3 *db)
{
    return pretended ? pretended : REAL(sqlite3_extended_errcode)(db);
}

const char *sqlite3_errmsg(sqlite3 *db)
{
    return pretended ? sqlite3_errstr(pretended) : REAL(sqlite3_errmsg)(db);
}

/* ---- from main() to the end ---- */

static const char *setting(const char *name)
{
    const char *text = getenv(name);
    return text ? text : "";
}

static void write_count(void)
{
    char text[32];
    enum family counted = family;
    family = NONE;
    int length = snprintf(text, sizeof text, "%ld\n", calls);
    int file = counted ? open(setting("FAULT_COUNT"), O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (file >= 0 && write(file, text, (size_t)length) != length)
        _exit(99);
    if (file >= 0)
        close(file);
}

static int (*real_main)(int, char **, char **);

static int counted_main(int argc, char **argv, char **environment)
{
    const char *which = setting("FAULT_CALL"), *when = setting("FAULT_NTH");
    atexit(write_count);
    nth = strtol(when, NULL, 10);
    onward = strchr(when, '+') != NULL;
    code = atoi(setting("FAULT_CODE"));
    family = strcmp(which, "malloc") == 0 ? MALLOC : strcmp(which, "sqlite") == 0 ? SQLITE : NONE;
    return real_main(argc, argv, environment);
}

int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*loader_fini)(void),
                      void *stack_end)
{
    int (*start)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                 void (*)(void), void *) = dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = program;
    return start(counted_main, argc, argv, init, fini, loader_fini, stack_end);
}
