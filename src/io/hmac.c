#include "io/hmac.h"

#include <pthread.h>

#include <nettle/hmac.h>

#include "io/library.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* In the order of load()'s names. */
static struct {
    __typeof__(hmac_sha256_set_key) *set_key;
    __typeof__(hmac_sha256_update) *update;
    __typeof__(hmac_sha256_digest) *digest;
} calls;

static void load(void)
{
    static const char *const names[] = {"nettle_hmac_sha256_set_key", "nettle_hmac_sha256_update",
                                        "nettle_hmac_sha256_digest"};
    library_load("libnettle.so.8", names, sizeof names / sizeof *names, &calls);
}

void hmac_sha256(unsigned char *out, const void *key, size_t key_length, const void *bytes,
                 size_t length)
{
    struct hmac_sha256_ctx context;
    pthread_once(&once, load);
    calls.set_key(&context, key_length, key);
    calls.update(&context, length, bytes);
    calls.digest(&context, HMAC_SIZE, out);
}
