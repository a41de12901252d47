#include "io/library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void die(void)
{
    fprintf(stderr, "tws: %s\n", dlerror());
    exit(EXIT_FAILURE);
}

void library_load(const char *file, const char *const *names, size_t count, void *calls)
{
    void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        die();
    for (size_t i = 0; i < count; i++) {
        void *call = dlsym(library, names[i]);
        if (!call)
            die();
        /* memcpy, because ISO C knows no way from an object's address to a function's. */
        memcpy((char *)calls + i * sizeof call, &call, sizeof call);
    }
}
