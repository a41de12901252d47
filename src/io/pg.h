/*
 * PostgreSQL, wrapped once: one connection, every wait with a deadline on the monotonic clock and an ear for
 * Ctrl-C. It keeps to what also works behind a pooler in transaction mode: no named statements, no session
 * state, one request under way at a time. What failed is an err of class REMOTE whose text never holds the
 * URL, and a trouble that says what to do next.
 */
#ifndef IO_PG_H
#define IO_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "sql.h"

/* What a failure asks for. */
enum pg_trouble {
    PG_NO_TROUBLE,
    PG_REFUSED,      /* will not go away by itself: rights, schema, values, settings */
    PG_TRANSIENT,    /* rolled back, worth another attempt: deadlock, timeout, too many clients */
    PG_LOST,         /* the connection is gone: nobody knows whether a commit under way happened */
    PG_PARKED,       /* read-only, full or over quota: later */
    PG_NO_PARTITION, /* rows for which there is no partition yet */
    PG_SCHEMA,       /* a table, column or function is missing */
    PG_DATA,         /* a value is not accepted: without its row the rest would be */
    PG_STOPPED,      /* by Ctrl-C */
};

/* Where and how to connect. */
struct pg_target {
    const char *url;     /* postgresql://... or key=value pairs; what it says wins over all below */
    const char *ca_file; /* PEM; "" leaves libpq's own ~/.postgresql/root.crt */
    int64_t connect_ms;  /* for the whole of connecting, all hosts together */
    int64_t answer_ms;   /* for one answer, and for a stall while sending */
    bool read_only;      /* a server that cannot be written to will do */
};

struct pg;

/* Prepares a connection; nothing is sent yet. The texts of `target` must outlive it. */
struct pg *pg_open(const struct pg_target *target);

/* From now on it waits no longer than that, as in pg_target. */
void pg_hurry(struct pg *pg, int64_t connect_ms, int64_t answer_ms);

/* Closes. NULL is fine. */
void pg_close(struct pg *pg);

/* Connects, or does nothing when the connection stands. sslmode is verify-full unless the URL says otherwise. */
bool pg_connect(struct pg *pg, struct err *err);

/* Drops the connection; whatever was open on it is rolled back by the server. */
void pg_drop(struct pg *pg);

/* What the last failure asks for; PG_NO_TROUBLE after a success. */
enum pg_trouble pg_trouble(const struct pg *pg);

/* The port that the URL says (the first of several), "5432" when it says none; into `out`. False with ERR_USAGE when
   it is no URL; its text is never shown, since a mistyped one may have the password anywhere. */
bool pg_url_port(const char *url, char *out, size_t size, struct err *err);

/* Bytes of statements and rows sent and received so far, by all connections of this handle. */
int64_t pg_bytes(const struct pg *pg);

/* libpq's version, 150018; loads it. */
int pg_library_version(void);

/* A text answer. Zeroed at first; release it. */
struct pg_rows {
    void *result;
};

/* Runs one statement with `count` values ($1 ..., NULL is null) as an unnamed one. Its rows, if it returns any, go
   to `rows`, which may be NULL. */
bool pg_run(struct pg *pg, enum sql_id id, const char *const *values, size_t count,
            struct pg_rows *rows, struct err *err);

/* The two halves of pg_run(), for work between them; nothing else may be asked of the connection there. */
bool pg_ask(struct pg *pg, enum sql_id id, const char *const *values, size_t count,
            struct err *err);
bool pg_answer(struct pg *pg, struct pg_rows *rows, struct err *err);

/* Runs a text of several statements in one round trip. After a failure an open transaction is rolled back. */
bool pg_script(struct pg *pg, const char *text, struct err *err);

/* Sends a text of several statements, of which `parts` are COPY ... FROM STDIN and stand before any that returns rows, and
   feeds them `data` (text format), one each: one round trip, and one for each COPY. $1 ... in the text stand for `values`.
   pg_copy_answer() waits for the rest; until then nothing else may be asked of the connection. After a failure an open
   transaction is rolled back. */
bool pg_copy_ask(struct pg *pg, enum sql_id id, const char *const *values, size_t count,
                 const struct buf *data, size_t parts, struct err *err);

/* The end of pg_copy_ask(): the rows of the first statement that returned any go to `rows`. */
bool pg_copy_answer(struct pg *pg, struct pg_rows *rows, struct err *err);

/* Takes the fields of one row (NULL: null; writable, gone after the call). False with `err` stops it. */
typedef bool pg_visit(void *context, char *const *fields, size_t count, struct err *err);

/* Runs a COPY ... TO STDOUT (text format) and gives each row to `visit`. */
bool pg_copy_out(struct pg *pg, enum sql_id id, const char *const *values, size_t count,
                 pg_visit *visit, void *context, struct err *err);

/* How many rows and columns there are; 0 for a zeroed one. */
int pg_rows_count(const struct pg_rows *rows);

/* A value as text; NULL for null. Valid until release. */
const char *pg_rows_text(const struct pg_rows *rows, int row, int column);

/* A value as an integer; 0 for null. */
int64_t pg_rows_int(const struct pg_rows *rows, int row, int column);

/* Frees. Safe on a zeroed one. */
void pg_rows_release(struct pg_rows *rows);
#define AUTO_PG_ROWS __attribute__((cleanup(pg_rows_release)))

/* Adds a field of COPY's text format, escaped; NULL is \N. Fields are parted with tabs, rows end with a newline, by the
   caller. */
void pg_put_text(struct buf *out, const char *text);

/* Adds an integer field. */
void pg_put_int(struct buf *out, int64_t value);

#endif
