/* A saved file goes into a store: once, whatever is in it, and what comes of it agrees with itself. */
#include "fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/import.h"
#include "core/rollup_verify.h"
#include "core/store.h"
#include "io/db.h"

static const char forget[] =
    "BEGIN IMMEDIATE; DELETE FROM rollup; DELETE FROM metric; DELETE FROM version; DELETE FROM "
    "offer;"
    "DELETE FROM place; DELETE FROM section; DELETE FROM zone; DELETE FROM reject;"
    "DELETE FROM snapshot; DELETE FROM event; COMMIT";

static struct store *open_store(void)
{
    char path[64] = "/dev/shm/tws-fuzz.XXXXXX", name[80];
    struct err err = {0};
    must(mkdtemp(path) != NULL);
    snprintf(name, sizeof name, "%s/store.db", path);
    struct store *store = store_open(name, &err);
    must(store != NULL);
    /* it lives as long as the program, in files that are gone already */
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(name, sizeof name, "%s/store.db%s", path, suffixes[i]);
        unlink(name);
    }
    rmdir(path);
    return store;
}

static void import(struct store *store, const char *path, struct import_report *report)
{
    struct import_options options = {0};
    struct err err = {0};
    must(import_file(store, path, &options, NULL, NULL, report, &err) || err.text[0] != '\0');
    must(err.code != ERR_STORE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct store *store;
    char path[64];
    struct err err = {0};
    const struct timespec then[2] = {{.tv_sec = 1770660000}, {.tv_sec = 1770660000}};
    struct import_report first, again;
    if (!store)
        store = open_store();
    int file = memfd_create("saved", MFD_CLOEXEC);
    must(file >= 0 && write(file, data, size) == (ssize_t)size && futimens(file, then) == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    import(store, path, &first);
    if (first.stored > 0) {
        struct rollup_verify_report found = {0};
        import(store, path, &again);
        must(again.stored == 0 && again.duplicates == first.stored + first.duplicates);
        must(again.failed == first.failed);
        must(rollup_verify(store, 0, false, NULL, &found, &err) && found.differences == 0);
    }
    if (first.documents > 0)
        must(db_run_script(store_db(store), forget, &err));
    close(file);
    return 0;
}
