/* What pg.c (connections, waiting), pg_run.c (statements) and pg_copy.c share; nobody else includes it. */
#ifndef IO_PG_PRIVATE_H
#define IO_PG_PRIVATE_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "io/pg.h"
#include "io/pg_libpq.h"

struct pg {
    struct pg_target target;
    PGconn *conn;   /* NULL when not connected */
    char *password; /* of the URL, to keep it out of messages; NULL when it has none */
    enum pg_trouble trouble;
    int64_t bytes;
};

/* Waits until the socket is ready for `events` (POLLIN, POLLOUT). False when the deadline passed or a stop was asked
   for; the connection is then dropped. */
bool pg_wait(struct pg *pg, short events, int64_t deadline_ms, struct err *err);

/* Sends what libpq has queued, taking in what comes meanwhile. */
bool pg_flush(struct pg *pg, struct err *err);

/* The next result of what is under way; *result is NULL when there is none left. A result that is an error is returned
   like any other. */
bool pg_next_result(struct pg *pg, PGresult **result, struct err *err);

/* Says what a result that is an error means and frees it. Returns false. */
bool pg_fail_result(struct pg *pg, PGresult *result, struct err *err);

/* Says what the connection's last message means, drops it, and calls it lost. Returns false. */
bool pg_fail_lost(struct pg *pg, struct err *err);

/* Brings the connection to where a statement may be sent: results taken, an open transaction rolled back. When that
   fails the connection is dropped. For after a failure, whose err and trouble stay. */
void pg_recover(struct pg *pg);

#endif
