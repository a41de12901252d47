#include "io/picture_cairo.h"

#include <pthread.h>

#include "io/library.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct picture_cairo calls;

static void load(void)
{
    static const char *const names[] = {
#define X(name) "cairo_" #name,
#include "io/picture_cairo.def"
#undef X
    };
    library_load("libcairo.so.2", names, sizeof names / sizeof *names, &calls);
}

const struct picture_cairo *picture_cairo(void)
{
    pthread_once(&once, load);
    return &calls;
}
