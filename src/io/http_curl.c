#include "io/http_curl.h"

#include <pthread.h>

#include "io/library.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct http_curl calls;

static void load(void)
{
    static const char *const names[] = {
#define X(name) "curl_" #name,
#include "io/http_curl.def"
#undef X
    };
    library_load("libcurl.so.4", names, sizeof names / sizeof *names, &calls);
}

const struct http_curl *http_curl(void)
{
    pthread_once(&once, load);
    return &calls;
}
