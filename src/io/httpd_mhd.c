#include "io/httpd_mhd.h"

#include <pthread.h>

#include "io/library.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct httpd_mhd calls;

static void load(void)
{
    static const char *const names[] = {
#define X(name) "MHD_" #name,
#include "io/httpd_mhd.def"
#undef X
    };
    library_load("libmicrohttpd.so.12", names, sizeof names / sizeof *names, &calls);
}

const struct httpd_mhd *httpd_mhd(void)
{
    pthread_once(&once, load);
    return &calls;
}
