#include "io/pg.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "io/pg_private.h"
#include "io/pg_trouble.h"

enum { SECRET_MIN = 4 }; /* a shorter password would blot out half of every message */

struct pg *pg_open(const struct pg_target *target)
{
    struct pg *pg = mem_alloc(1, sizeof *pg);
    pg->target = *target;
    return pg;
}

void pg_hurry(struct pg *pg, int64_t connect_ms, int64_t answer_ms)
{
    pg->target.connect_ms = connect_ms;
    pg->target.answer_ms = answer_ms;
}

void pg_drop(struct pg *pg)
{
    if (pg->conn)
        pg_libpq()->finish(pg->conn);
    pg->conn = NULL;
}

void pg_close(struct pg *pg)
{
    if (!pg)
        return;
    pg_drop(pg);
    mem_free(pg->password);
    mem_free(pg);
}

enum pg_trouble pg_trouble(const struct pg *pg)
{
    return pg->trouble;
}

int64_t pg_bytes(const struct pg *pg)
{
    return pg->bytes;
}

int pg_library_version(void)
{
    return pg_libpq()->libVersion();
}

/* ---- the URL ---- */

/* libpq would take what stands behind a '@' or '/' of the password for a host or a port, and say it aloud. */
static bool is_ambiguous(const char *url)
{
    const char *start = strstr(url, "://");
    if (!start)
        return false;
    start += strlen("://");
    const char *end = start + strcspn(start, "?");
    const char *at = memchr(start, '@', (size_t)(end - start));
    if (!at)
        return strchr(end, '@') != NULL;
    size_t before = (size_t)(at - start);
    return memchr(at + 1, '@', (size_t)(end - at - 1)) || strcspn(start, "/#") < before ||
           strchr(end, '@') != NULL;
}

static bool refuse_url(struct err *err)
{
    err_set(err, ERR_USAGE, "TWS_DATABASE_URL is no connection URL");
    return err_hint(err, "such as postgresql://postgres:PASSWORD@HOST:5432/postgres; in the "
                         "password write @ as %%40, / as %%2F, # as %%23, %% as %%25");
}

static PQconninfoOption *parse_url(const char *url, struct err *err)
{
    char *words = NULL;
    PQconninfoOption *parsed = is_ambiguous(url) ? NULL : pg_libpq()->conninfoParse(url, &words);
    if (words)
        pg_libpq()->freemem(words);
    if (!parsed)
        refuse_url(err);
    return parsed;
}

static const char *option(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0)
            return options->val;
    return NULL;
}

bool pg_url_port(const char *url, char *out, size_t size, struct err *err)
{
    PQconninfoOption *parsed = parse_url(url, err);
    if (!parsed)
        return false;
    const char *port = option(parsed, "port");
    snprintf(out, size, "%.*s", port ? (int)strcspn(port, ",") : 4, port ? port : "5432");
    pg_libpq()->conninfoFree(parsed);
    return true;
}

static bool learn_password(struct pg *pg, struct err *err)
{
    PQconninfoOption *parsed = parse_url(pg->target.url, err);
    if (!parsed)
        return false;
    mem_free(pg->password);
    pg->password = mem_strdup(option(parsed, "password"));
    pg_libpq()->conninfoFree(parsed);
    return true;
}

static void blot(char *text, const char *secret)
{
    size_t length = secret ? strlen(secret) : 0;
    if (length < SECRET_MIN)
        return;
    for (char *at = text; (at = strstr(at, secret)); at += length)
        memset(at, '*', length);
}

/* ---- failures ---- */

static bool fail_connection(struct pg *pg, struct err *err)
{
    const char *message = pg_libpq()->errorMessage(pg->conn);
    pg->trouble = pg_trouble_explain_connect(message, err);
    blot(err->text, pg->password);
    pg_drop(pg);
    return false;
}

/* A server that says goodbye has rolled back, unless the goodbye came in the middle of a COMMIT. */
bool pg_fail_lost(struct pg *pg, struct err *err)
{
    fail_connection(pg, err);
    pg->trouble = PG_LOST;
    return err_wrap(err, "the connection is gone");
}

bool pg_fail_result(struct pg *pg, PGresult *result, struct err *err)
{
    const char *state = pg_libpq()->resultErrorField(result, PG_DIAG_SQLSTATE);
    const char *words = pg_libpq()->resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!words)
        words = pg_libpq()->resultErrorMessage(result);
    pg->trouble = pg_trouble_explain(state ? state : "", words, err);
    blot(err->text, pg->password);
    pg_libpq()->clear(result);
    if (pg_libpq()->status(pg->conn) == CONNECTION_BAD) {
        pg_drop(pg);
        pg->trouble = PG_LOST;
    }
    return false;
}

static bool fail_stopped(struct pg *pg, struct err *err)
{
    pg->trouble = PG_STOPPED;
    pg_drop(pg);
    return err_set(err, stop_error(), "stopped; what was not confirmed is sent again next time");
}

static bool fail_late(struct pg *pg, struct err *err)
{
    pg->trouble = PG_LOST;
    pg_drop(pg);
    err_set(err, ERR_REMOTE, "the server does not answer");
    return err_hint(err, "see host and port in TWS_DATABASE_URL, and the network");
}

/* ---- waiting ---- */

bool pg_wait(struct pg *pg, short events, int64_t deadline_ms, struct err *err)
{
    for (;;) {
        struct pollfd fds[] = {{.fd = pg_libpq()->socket(pg->conn), .events = events},
                               {.fd = stop_fd(), .events = POLLIN}};
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        if (stop_requested())
            return fail_stopped(pg, err);
        if (left_ms <= 0)
            return fail_late(pg, err);
        int ready = poll(fds, 2, (int)(left_ms < INT32_MAX ? left_ms : INT32_MAX));
        if (ready < 0 && errno != EINTR)
            BUG("poll: %s", strerror(errno));
        if (ready > 0 && fds[0].revents)
            return true;
    }
}

bool pg_flush(struct pg *pg, struct err *err)
{
    int64_t deadline_ms = clock_monotonic_ms() + pg->target.answer_ms;
    for (int left; (left = pg_libpq()->flush(pg->conn)) != 0;) {
        if (left < 0)
            return pg_fail_lost(pg, err);
        /* a server that has much to say stops reading until it is listened to */
        if (!pg_wait(pg, POLLIN | POLLOUT, deadline_ms, err))
            return false;
        if (!pg_libpq()->consumeInput(pg->conn))
            return pg_fail_lost(pg, err);
    }
    return true;
}

bool pg_next_result(struct pg *pg, PGresult **result, struct err *err)
{
    int64_t deadline_ms = clock_monotonic_ms() + pg->target.answer_ms;
    while (pg_libpq()->isBusy(pg->conn)) {
        if (!pg_wait(pg, POLLIN, deadline_ms, err))
            return false;
        if (!pg_libpq()->consumeInput(pg->conn))
            return pg_fail_lost(pg, err);
    }
    *result = pg_libpq()->getResult(pg->conn);
    return true;
}

void pg_recover(struct pg *pg)
{
    enum pg_trouble trouble = pg->trouble;
    struct err ignored = {0};
    PGresult *result = NULL;
    while (pg->conn && pg_next_result(pg, &result, &ignored) && result) {
        ExecStatusType status = pg_libpq()->resultStatus(result);
        pg_libpq()->clear(result);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
            pg_drop(pg);
    }
    if (pg->conn && pg_libpq()->transactionStatus(pg->conn) != PQTRANS_IDLE &&
        !pg_script(pg, "ROLLBACK", &ignored))
        pg_drop(pg);
    pg->trouble = trouble;
}

/* ---- connecting ---- */

static void ignore_notice(void *context, const char *message)
{
    (void)context, (void)message;
}

static bool start(struct pg *pg, struct err *err)
{
    const char *ca = pg->target.ca_file;
    /* what stands before `dbname` is overridden by what the URL in it says */
    const char *const keys[] = {"sslmode",
                                "keepalives",
                                "keepalives_idle",
                                "keepalives_interval",
                                "keepalives_count",
                                "tcp_user_timeout",
                                "client_encoding",
                                "application_name",
                                "target_session_attrs",
                                *ca ? "sslrootcert" : "dbname",
                                *ca ? "dbname" : NULL,
                                NULL};
    const char *const values[] = {"verify-full",
                                  "1",
                                  "30",
                                  "10",
                                  "3",
                                  "30000",
                                  "UTF8",
                                  "tws",
                                  pg->target.read_only ? "any" : "read-write",
                                  *ca ? ca : pg->target.url,
                                  *ca ? pg->target.url : NULL,
                                  NULL};
    pg->conn = pg_libpq()->connectStartParams(keys, values, 1);
    mem_need(pg->conn);
    pg_libpq()->setErrorVerbosity(pg->conn, PQERRORS_VERBOSE); /* for the SQLSTATE in its text */
    pg_libpq()->setNoticeProcessor(pg->conn, ignore_notice, NULL);
    return pg_libpq()->status(pg->conn) != CONNECTION_BAD || fail_connection(pg, err);
}

static bool poll_until_ready(struct pg *pg, struct err *err)
{
    int64_t deadline_ms = clock_monotonic_ms() + pg->target.connect_ms;
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (next != PGRES_POLLING_OK) {
        if (!pg_wait(pg, next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline_ms, err))
            return false;
        next = pg_libpq()->connectPoll(pg->conn);
        if (next == PGRES_POLLING_FAILED)
            return fail_connection(pg, err);
    }
    return true;
}

bool pg_connect(struct pg *pg, struct err *err)
{
    if (pg->conn)
        return true;
    pg->trouble = PG_REFUSED;
    if (!learn_password(pg, err) || !start(pg, err) || !poll_until_ready(pg, err)) {
        /* nothing was under way yet */
        if (pg->trouble == PG_LOST)
            pg->trouble = PG_TRANSIENT;
        return false;
    }
    pg_libpq()->setnonblocking(pg->conn, 1);
    pg->trouble = PG_NO_TROUBLE;
    return true;
}
