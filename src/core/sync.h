/*
 * Pushing to the team's database: what the outbox holds, events first, then hours, days, polls, and where wanted the
 * measures of every snapshot, in batches of some 50,000 rows. A batch is one transaction there with its id in it, and
 * is forgotten here once it is known to be applied: whatever breaks, it counts once.
 */
#ifndef CORE_SYNC_H
#define CORE_SYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/outbox.h"
#include "core/store.h"
#include "core/team.h"

/* What a pass did so far. */
struct sync_report {
    char tenant[UUID_TEXT_MAX];
    char tenant_name[TEAM_NAME_MAX];
    int64_t sent[OUTBOX_TOPICS]; /* rows; in a dry run the marks that would be sent */
    int64_t batches;
    int64_t written; /* rows that were new or other there */
    int64_t bytes;   /* statements and rows, both ways */
    int64_t waiting; /* marks that are left */
    int64_t took_ms;
    bool budget_spent; /* it ended because of the setting sync.daily_bytes */
};

struct sync_options {
    const char *tenant; /* its id or name; NULL: what the setting sync.tenant says */
    bool full;          /* all that is there is compared, and what differs sent again */
    bool since;         /* the same from since_ms on */
    int64_t since_ms;
    bool dry_run;                                       /* only counts; asks nobody */
    void (*progress)(const struct sync_report *so_far); /* after each batch; may be NULL */
};

/* One pass. `store` is open for writing. ERR_BUSY when another pass of this store is under way. False with ERR_REMOTE when the team's database cannot be reached or refuses, and
   with the class of the signal when a stop was asked for: what is not confirmed then waits for the next pass. Marks whose
   values the server does not accept do not hold up the others; they are named in the end. */
bool sync_run(struct store *store, const struct conf *conf, const struct sync_options *options,
              struct sync_report *report, struct err *err);

/* When the last pass ended well; 0: never. */
bool sync_last(struct store *store, int64_t *last_ms, struct err *err);

/* What is known of the team without asking it: when the last pass ended well (0: never) and how many marks wait. */
bool sync_state(struct store *store, int64_t *last_ms, int64_t *waiting, struct err *err);

/* How old the oldest change is that the team's database has not confirmed; 0: none waits, -1: there is no such database. */
bool sync_lag(struct store *store, const struct conf *conf, int64_t now_ms, int64_t *lag_ms,
              struct err *err);

/* Runs the database's own maintenance, for databases without pg_cron. ERR_REMOTE names the first job that failed. */
bool sync_maintain(const struct conf *conf, struct err *err);

#endif
