#include "io/http_curl.h"

#include <pthread.h>

#include "base/err.h"
#include "base/mem.h"
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

/* curl gets memory that dies rather than fails, so its "out of memory" only means a cap of its own.
 */

static void *curl_alloc(size_t size)
{
    return mem_alloc(1, size);
}

static void *curl_resize(void *block, size_t size)
{
    return mem_resize(block, 1, size);
}

void http_curl_start(void)
{
    if (http_curl()->global_init_mem(CURL_GLOBAL_DEFAULT, curl_alloc, mem_free, curl_resize,
                                     mem_strdup, mem_alloc) != CURLE_OK)
        BUG("libcurl does not start");
}
