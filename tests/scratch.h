/* A throw-away folder with a store in it. Include after cmocka.h. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "core/event.h"
#include "core/store.h"
#include "io/db.h"

enum { SCRATCH_PATH_MAX = 256 };

static char scratch_folder[SCRATCH_PATH_MAX], scratch_path[SCRATCH_PATH_MAX];

/* cmocka setup: makes the folder and names the store in it. */
static inline int scratch_make(void **state)
{
    (void)state;
    const char *root = getenv("TMPDIR");
    snprintf(scratch_folder, sizeof scratch_folder, "%.200s/tws.XXXXXX", root ? root : "/tmp");
    if (mkdtemp(scratch_folder) == NULL)
        return -1;
    snprintf(scratch_path, sizeof scratch_path, "%.240s/store.db", scratch_folder);
    return 0;
}

static inline int scratch_remove_one(const char *name, const struct stat *st, int kind,
                                     struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(name);
}

/* cmocka teardown: removes the folder and all in it. */
static inline int scratch_remove(void **state)
{
    (void)state;
    return nftw(scratch_folder, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Fails the test in the words of the error. */
static inline void scratch_ok(bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%s (%s)", err->text, err->hint);
}

static inline struct store *scratch_open(const char *path)
{
    struct err err = {0};
    struct store *store = store_open(path, &err);
    scratch_ok(store != NULL, &err);
    return store;
}

/* The event 'vividseats:1', saved. */
static inline struct event scratch_event(struct store *store)
{
    struct err err = {0};
    struct event event;
    event_init(&event, "vividseats", "1");
    snprintf(event.name, sizeof event.name, "Leafs at Canadiens");
    scratch_ok(store_save_event(store, &event, &err), &err);
    return event;
}

/* Runs statements under the write lock, for planted damage and rows of other sources. */
static inline void scratch_run(struct store *store, const char *sql)
{
    struct err err = {0};
    scratch_ok(db_run_script(store_db(store), sql, &err), &err);
}

/* The first value of a question. */
static inline int64_t scratch_number(struct store *store, const char *sql)
{
    AUTO_STMT struct stmt stmt = {0};
    struct err err = {0};
    bool ok =
        db_prepare_user(store_db(store), sql, &stmt, &err) && stmt_step(&stmt, &err) == STEP_ROW;
    scratch_ok(ok, &err);
    return stmt_int(&stmt, 0);
}

#endif
