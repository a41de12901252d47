#include "io/db.h"

#include <pthread.h>

#include "base/mem.h"
#include "io/db_private.h"

static sqlite3_mem_methods library_memory;

static void *need_block(int size)
{
    return mem_need(library_memory.xMalloc(size));
}

static void *need_resized(void *block, int size)
{
    return mem_need(library_memory.xRealloc(block, size));
}

/* SQLite survives a failed allocation, but a column that cannot be read for it looks like NULL. */
static void set_up_memory(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &library_memory);
    sqlite3_mem_methods dying = library_memory;
    dying.xMalloc = need_block;
    dying.xRealloc = need_resized;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &dying);
}

static void set_up_library(void)
{
    set_up_memory();
    /* A connection stays in one thread, so SQLite needs no lock on each call; nobody reads its
     * statistics. */
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

void db_library_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up_library);
}

const char *db_library_version(void)
{
    return sqlite3_libversion();
}
