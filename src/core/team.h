/*
 * The team's database: where it is, whether its schema is ours, which tenant is meant, and how often something that
 * failed is tried again. sync, pull and migrate stand on it.
 */
#ifndef CORE_TEAM_H
#define CORE_TEAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/store.h"
#include "io/pg.h"
#include "io/uuid.h"

enum { TEAM_NAME_MAX = 128 };

struct team {
    struct pg *pg;
    char source[UUID_TEXT_MAX]; /* this workstation */
    char tenant[UUID_TEXT_MAX]; /* "" before team_join() */
    char tenant_name[TEAM_NAME_MAX];
    int attempt;     /* failures in a row */
    int64_t retries; /* further attempts after a failure, as the setting http.retries says */
    uint64_t random; /* for the jitter of waiting */
};

/* Whether a team's database is configured at all. */
bool team_is_configured(const struct conf *conf);

/* Prepares the connection that the settings describe, which must outlive it; nothing is sent yet. ERR_USAGE when there
   is none. `read_only`: a server that cannot be written to will do. */
bool team_open(const struct conf *conf, bool read_only, struct team *team, struct err *err);

/* Closes. Safe on a zeroed one. */
void team_release(struct team *team);
#define AUTO_TEAM __attribute__((cleanup(team_release)))

/* Reads the name of this workstation, connects, checks that the schema is exactly ours, and finds the tenant (`wanted`:
   its id or name; "" for the only one). Tried again as team_again() allows. With `add_source` the tenant learns of this
   workstation. */
bool team_join(struct team *team, struct store *store, const char *wanted, bool add_source,
               struct err *err);

/* After a failure: whether it may be tried again, and then only after a wait with jitter that grows with each failure in
   a row. False when it will not go away by itself, when it was tried often enough, or when a stop was asked for; `err`
   then is what to report. */
bool team_again(struct team *team, struct err *err);

/* After a success: the next failure is the first again. */
void team_done(struct team *team);

#endif
