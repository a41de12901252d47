#include "io/digest.h"

#include <pthread.h>
#include <stdio.h>

#include <openssl/evp.h>

#include "base/err.h"
#include "io/library.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct {
    __typeof__(EVP_Digest) *digest;
    __typeof__(EVP_sha256) *sha256;
} calls;

static void load(void)
{
    static const char *const names[] = {"EVP_Digest", "EVP_sha256"};
    library_load("libcrypto.so.3", names, sizeof names / sizeof *names, &calls);
}

char *digest_sha256(char *out, const void *bytes, size_t length)
{
    unsigned char binary[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    pthread_once(&once, load);
    if (!calls.digest(length > 0 ? bytes : "", length, binary, &size, calls.sha256(), NULL))
        BUG("libcrypto has no SHA-256");
    for (unsigned i = 0; i < size; i++)
        snprintf(out + (size_t)2 * i, 3, "%02x", binary[i]);
    return out;
}
