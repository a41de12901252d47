#include "io/pg_trouble.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { SAID_MAX = 320, STATE_LENGTH = 5 };

/* A row matches by the words of the message, or by the SQLSTATE's first characters. */
struct known {
    const char *words, *state;
    enum pg_trouble trouble;
    const char *what; /* NULL: the server's own words */
    const char *hint;
};

#define SCHEMA_HINT "`tws migrate` brings the team's database forward"
#define RIGHTS_HINT                                                                                \
    "connect as a role that may: the owner of the schema (Supabase: postgres) or service_role"
#define CA_HINT "set database.ca_file to the CA's certificate (Supabase: Settings, Database, SSL)"
#define QUOTA_HINT                                                                                 \
    "nothing is lost: what waits is sent once the project may be written to again (size, quota "   \
    "or "                                                                                          \
    "payment)"

/* What libpq and the poolers say without an SQLSTATE of their own, or under one that means anything. */
static const struct known by_words[] = {
    {"no partition of relation", NULL, PG_NO_PARTITION, "a partition is missing",
     "`tws sync --maintain` makes partitions three months ahead"},
    {"EMAXCONN", NULL, PG_TRANSIENT, "the pooler has too many clients",
     "wait, or use the transaction pooler on port 6543"},
    {"max clients reached", NULL, PG_TRANSIENT, "the pooler has too many clients",
     "wait, or use the transaction pooler on port 6543"},
    {"no more connections allowed", NULL, PG_TRANSIENT, "the pooler has too many clients", NULL},
    {"Tenant or user not found", NULL, PG_REFUSED, "the pooler does not know this project or user",
     "behind Supabase's pooler the user is postgres.PROJECT"},
    {"exceed_", NULL, PG_PARKED, "the project is over its quota", QUOTA_HINT},
    {"over quota", NULL, PG_PARKED, "the project is over its quota", QUOTA_HINT},
    {"quota exceeded", NULL, PG_PARKED, "the project is over its quota", QUOTA_HINT},
    {"Payment Required", NULL, PG_PARKED, "the project is over its quota", QUOTA_HINT},
    {"is restricted", NULL, PG_PARKED, "the project is over its quota", QUOTA_HINT},
    {"session is read-only", NULL, PG_PARKED, "the server is read-only", QUOTA_HINT},
    {"password authentication failed", NULL, PG_REFUSED, "the password or user is wrong",
     "see the user and password in TWS_DATABASE_URL, or those in ~/.pgpass"},
    {"no password supplied", NULL, PG_REFUSED, "the server asks for a password",
     "put it into TWS_DATABASE_URL or ~/.pgpass"},
    {"SASL authentication failed", NULL, PG_REFUSED, "the password or user is wrong",
     "see the user and password in TWS_DATABASE_URL, or those in ~/.pgpass"},
    {"root certificate file", NULL, PG_REFUSED, "there is no CA certificate to check the server by",
     CA_HINT},
    {"could not read root certificate", NULL, PG_REFUSED, "the CA certificate cannot be read",
     CA_HINT},
    {"certificate verify failed", NULL, PG_REFUSED,
     "the server's certificate is not from the CA that is trusted", CA_HINT},
    {"does not match host name", NULL, PG_REFUSED,
     "the server's certificate is for another host name",
     "use the host name of the certificate; ?sslmode=verify-ca in the URL gives this check up"},
    {"server does not support SSL", NULL, PG_REFUSED, "the server offers no TLS",
     "?sslmode=disable in the URL allows that, for a server on this machine"},
    {"could not translate host name", NULL, PG_TRANSIENT, "the host name is not known",
     "see the host in TWS_DATABASE_URL, and the network"},
    {"Connection refused", NULL, PG_TRANSIENT, "nobody answers at that host and port",
     "see host and port in TWS_DATABASE_URL, and whether the project is paused"},
    {"Network is unreachable", NULL, PG_TRANSIENT, "the host cannot be reached from here",
     "without IPv6 use the pooler's address instead of db.PROJECT.supabase.co"},
    {"No route to host", NULL, PG_TRANSIENT, "the host cannot be reached from here", NULL},
};

static const struct known by_state[] = {
    {NULL, "28P01", PG_REFUSED, "the password or user is wrong",
     "see the user and password in TWS_DATABASE_URL, or those in ~/.pgpass"},
    {NULL, "28", PG_REFUSED, NULL, "see the user in TWS_DATABASE_URL and the server's pg_hba.conf"},
    {NULL, "3D000", PG_REFUSED, NULL, "see the database name in TWS_DATABASE_URL"},
    {NULL, "42501", PG_REFUSED, NULL, RIGHTS_HINT},
    {NULL, "3F000", PG_SCHEMA, NULL, SCHEMA_HINT},
    {NULL, "42P01", PG_SCHEMA, NULL, SCHEMA_HINT},
    {NULL, "42703", PG_SCHEMA, NULL, SCHEMA_HINT},
    {NULL, "42883", PG_SCHEMA, NULL, SCHEMA_HINT},
    {NULL, "25006", PG_PARKED, "the server is read-only", QUOTA_HINT},
    {NULL, "53100", PG_PARKED, "the server's disk is full", QUOTA_HINT},
    {NULL, "53300", PG_TRANSIENT, "the server has too many connections",
     "wait, or use a pooler's address"},
    {NULL, "53", PG_TRANSIENT, NULL, NULL},
    {NULL, "40", PG_TRANSIENT, NULL, NULL}, /* serialization, deadlock */
    {NULL, "55P03", PG_TRANSIENT, "a lock on the team's tables was not to be had", NULL},
    {NULL, "57014", PG_TRANSIENT, "the server took too long", NULL},
    {NULL, "57P", PG_TRANSIENT, "the server is going down or starting", NULL},
    {NULL, "08", PG_TRANSIENT, NULL, NULL},
    {NULL, "22", PG_DATA, NULL, NULL}, /* a value that is none */
    {NULL, "23", PG_DATA, NULL, NULL}, /* a constraint */
};

static const struct known *find(const char *sqlstate, const char *message)
{
    for (size_t i = 0; i < sizeof by_words / sizeof *by_words; i++)
        if (strstr(message, by_words[i].words))
            return &by_words[i];
    for (size_t i = 0; i < sizeof by_state / sizeof *by_state; i++)
        if (strncmp(sqlstate, by_state[i].state, strlen(by_state[i].state)) == 0)
            return &by_state[i];
    return NULL;
}

/* The first line without "ERROR:  " and "42P01: " before it. */
static void first_line(char *out, size_t size, const char *message)
{
    static const char *const levels[] = {"ERROR:", "FATAL:", "PANIC:"};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strncmp(message, levels[i], strlen(levels[i])) == 0)
            message += strlen(levels[i]) + strspn(message + strlen(levels[i]), " ");
    if (strcspn(message, ":") == STATE_LENGTH && !islower((unsigned char)message[1]))
        message += STATE_LENGTH + 1 + strspn(message + STATE_LENGTH + 1, " ");
    snprintf(out, size, "%.*s", (int)strcspn(message, "\r\n"), message);
}

enum pg_trouble pg_trouble_explain(const char *sqlstate, const char *message, struct err *err)
{
    char said[SAID_MAX];
    const struct known *known = find(sqlstate, message);
    first_line(said, sizeof said, message);
    if (!known) {
        err_set(err, ERR_REMOTE, "%s", *said ? said : "no answer");
        return PG_REFUSED;
    }
    if (known->what && *said)
        err_set(err, ERR_REMOTE, "%s (%s)", known->what, said);
    else
        err_set(err, ERR_REMOTE, "%s", known->what ? known->what : said);
    if (known->hint)
        err_hint(err, "%s", known->hint);
    return known->trouble;
}

/* Of 'connection to server at "x" (1.2.3.4), port 5432 failed: FATAL:  28P01: password ...' what stands behind
   "failed: ". Several hosts give several lines: the last one tells. */
static const char *reason_of(const char *message)
{
    const char *reason = message;
    for (const char *at = message; (at = strstr(at, " failed: ")); reason = at)
        at += strlen(" failed: ");
    return reason;
}

enum pg_trouble pg_trouble_explain_connect(const char *message, struct err *err)
{
    char sqlstate[STATE_LENGTH + 1] = "";
    const char *reason = reason_of(message);
    const char *level = strstr(reason, "FATAL:");
    if (level) {
        const char *state = level + strlen("FATAL:");
        state += strspn(state, " ");
        if (strcspn(state, ":") == STATE_LENGTH)
            snprintf(sqlstate, sizeof sqlstate, "%s", state);
    }
    struct err plain = {0};
    enum pg_trouble trouble = pg_trouble_explain(sqlstate, reason, &plain);
    /* a server that hangs up, or an answer that is none, may do better next time */
    if (trouble == PG_REFUSED && !*sqlstate && !plain.hint[0])
        trouble = PG_TRANSIENT;
    *err = plain;
    return trouble;
}
