/* Saved answers into the store: listings JSON, HAR files, NDJSON of either; plain, gzip or zstd. */
#ifndef CORE_IMPORT_H
#define CORE_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/store.h"

struct import_options {
    bool has_at;
    int64_t at_ms; /* --at: the time of every snapshot in the file; else the HAR entry's own, else
                      the file's */
};

struct import_report {
    int64_t documents;                  /* listings answers found */
    int64_t stored, duplicates, failed; /* snapshots */
    int64_t listings, changed, rejected;
};

/* Called with each answer that was read: the event, the time, how it ended; `err` only when it
 * failed. */
typedef void import_visit(void *context, const char *event, int64_t at_ms, const char *outcome,
                          const struct err *err);

/* Reads one file ("-": stdin) into the store. False when the file cannot be read or holds no
   listings answer (ERR_NOT_FOUND, ERR_USAGE), or a document in it failed (ERR_EVENT naming the
   place, the good ones are stored). */
bool import_file(struct store *store, const char *path, const struct import_options *options,
                 import_visit *visit, void *context, struct import_report *report, struct err *err);

#endif
