/*
 * What the team's database does not have yet. Triggers of sql/sqlite/0002_outbox.sql mark what changes; here marks
 * are put into batches, and forgotten when a batch is known to be applied. A batch whose end is not known keeps its id,
 * so that the server can tell that it has it.
 */
#ifndef CORE_OUTBOX_H
#define CORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/rollup.h"
#include "core/store.h"
#include "io/uuid.h"

/* In the order in which they are sent; the numbers of outbox.topic. */
enum outbox_topic {
    OUTBOX_EVENTS,
    OUTBOX_HOURS,
    OUTBOX_DAYS,
    OUTBOX_POLLS,
    OUTBOX_SNAPSHOTS,
    OUTBOX_TOPICS
};

struct outbox_batch {
    int64_t seq; /* grows with every batch of this store */
    char uuid[UUID_TEXT_MAX];
    char tenant[UUID_TEXT_MAX];
    enum outbox_topic topic;
};

/* A mark, in the order in which those of a topic are sent. */
struct outbox_key {
    int64_t event_id, bucket;
};

/* "events", "hours", ...; static. */
const char *outbox_word(enum outbox_topic topic);

/* The oldest batch under way, left by this process or by one that died; *any is false when there is none. */
bool outbox_pending(struct store *store, struct outbox_batch *batch, bool *any, struct err *err);

/* What a batch is to be made of. */
struct outbox_want {
    enum outbox_topic topic;
    const char *tenant;
    struct outbox_key after; /* marks up to this one are left out */
    int64_t most_rows;       /* reached or passed by the last mark; at least one mark is taken */
};

/* Puts marks that wait into a new batch. *count says how many, *last which the last one is; 0 when none waits, and then
   there is no batch. */
bool outbox_claim(struct store *store, const struct outbox_want *want, struct outbox_batch *batch,
                  int64_t *count, struct outbox_key *last, struct err *err);

/* Forgets a batch that is applied; what changed meanwhile waits again. `want_snapshots`: the measures of its polls wait
   from now on. */
bool outbox_settle(struct store *store, const struct outbox_batch *batch, bool want_snapshots,
                   struct err *err);

/* Puts back what a batch carried, for one that is not to be sent as it is. */
bool outbox_release(struct store *store, const struct outbox_batch *batch, struct err *err);

enum outbox_scope {
    OUTBOX_MARK_EVERYTHING,
    OUTBOX_MARK_OTHERS, /* all but hours and days */
};

/* Marks what this workstation collected from a time on (0: ever), to be sent again; inside the caller's transaction. */
bool outbox_mark_here(struct store *store, enum outbox_scope scope, int64_t from_ms,
                      struct err *err);

/* The same in a transaction of its own. */
bool outbox_mark(struct store *store, enum outbox_scope scope, int64_t from_ms, struct err *err);

/* A day of an event: its hours, or itself. */
struct outbox_day {
    int64_t event_id;
    enum rollup_grain grain;
    int64_t day; /* since 1970 */
};

/* Marks days, in a transaction of its own: what is there and not here is to go. */
bool outbox_mark_days(struct store *store, const struct outbox_day *days, size_t count,
                      struct err *err);

/* How many marks of each topic wait or are under way. */
bool outbox_waiting(struct store *store, int64_t counts[OUTBOX_TOPICS], struct err *err);

/* Since when the oldest mark of the topics up to one waits, or is under way; -1: there is none. */
bool outbox_oldest(struct store *store, enum outbox_topic last, int64_t *since_ms, struct err *err);

#endif
