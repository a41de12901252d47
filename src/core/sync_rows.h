/* The rows of a batch as the server's COPY takes them: sql/query/team_push_*.sql name the columns. */
#ifndef CORE_SYNC_ROWS_H
#define CORE_SYNC_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/outbox.h"
#include "core/store.h"
#include "io/digest.h"

enum { SYNC_ROWS_PARTS = 3 };

struct sync_rows {
    struct buf parts[SYNC_ROWS_PARTS]; /* one for each COPY; events: events, zones, measures */
    int64_t count;                     /* rows of all parts */
    bool replaced;                     /* buckets of which rows went away are among them */
    int64_t first_ms,
        last_ms; /* of the snapshots among them; first is after last when there is none */
    char sha256[DIGEST_TEXT_MAX]; /* of all parts */
};

/* Prepares it. */
void sync_rows_init(struct sync_rows *rows);

/* Frees. */
void sync_rows_release(struct sync_rows *rows);

/* Reads what a batch carries, at one moment of the store; whatever `rows` held is forgotten. */
bool sync_rows_fill(struct store *store, const struct outbox_batch *batch, struct sync_rows *rows,
                    struct err *err);

#endif
