#include "io/pg_libpq.h"

#include <pthread.h>

#include "io/library.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct pg_libpq calls;

static void load(void)
{
    static const char *const names[] = {
#define X(name) "PQ" #name,
#include "io/pg_libpq.def"
#undef X
    };
    library_load("libpq.so.5", names, sizeof names / sizeof *names, &calls);
}

const struct pg_libpq *pg_libpq(void)
{
    pthread_once(&once, load);
    return &calls;
}
