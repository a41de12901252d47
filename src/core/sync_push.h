/* One batch on its way to the team's database, until it is known to be applied there. */
#ifndef CORE_SYNC_PUSH_H
#define CORE_SYNC_PUSH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/outbox.h"
#include "core/sync_rows.h"
#include "core/team.h"

/* What the batches of a pass have in common. */
struct sync_push {
    struct team team;                 /* joined */
    bool expect_new;                  /* rows are taken for new there until some are not */
    int64_t written;                  /* rows so far that were new or other there */
    void (*meanwhile)(void *context); /* while the server works on a batch; may be NULL */
    void *context;
};

/* Sends a batch, again where team_again() allows it. `unsure`: it may be applied already, which is asked first. False with
   pg_trouble() of the team when it is not applied, or nobody can tell. */
bool sync_push_batch(struct sync_push *push, const struct outbox_batch *batch,
                     const struct sync_rows *rows, bool unsure, struct err *err);

#endif
