#include "core/team_migrate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "core/team.h"

enum { STATEMENTS_MAX = 4 * 1024 * 1024, POOLER_PORT = 6543, VERSION_MAX = 32 };

/* ---- statements ---- */

/* Behind a quoted text or comment that begins at `at`; `at` when none does. */
static const char *skip_quoted(const char *at)
{
    const char *end = NULL;
    if (at[0] == '-' && at[1] == '-')
        return at + strcspn(at, "\n");
    if (at[0] == '\'' || at[0] == '"') /* a doubled quote inside is two texts side by side */
        end = strchr(at + 1, at[0]);
    else if (at[0] == '/' && at[1] == '*')
        end = strstr(at + 2, "*/") ? strstr(at + 2, "*/") + 1 : NULL;
    else if (at[0] == '$') {
        size_t tag = 1;
        while (isalnum((unsigned char)at[tag]) || at[tag] == '_')
            tag++;
        if (at[tag] != '$')
            return at;
        size_t length = tag + 1;
        const char *close = memmem(at + length, strlen(at + length), at, length);
        end = close ? close + length - 1 : NULL;
    } else
        return at;
    return end ? end + 1 : at + strlen(at);
}

/* The end of the statement at `at`: its semicolon or the end of the text. */
static const char *statement_end(const char *at)
{
    int depth = 0;
    while (*at && !(*at == ';' && depth == 0)) {
        const char *next = skip_quoted(at);
        if (next == at) {
            depth += (*at == '(') - (*at == ')');
            next++;
        }
        at = next;
    }
    return at;
}

/* Behind blanks and comments. */
static const char *first_word(const char *at, const char *end)
{
    while (at < end) {
        const char *next = isspace((unsigned char)*at) ? at + 1 : at;
        if (next == at && (strncmp(at, "--", 2) == 0 || strncmp(at, "/*", 2) == 0))
            next = skip_quoted(at);
        if (next == at)
            break;
        at = next;
    }
    return at;
}

/* Whether the next word is `word`; moves behind it and its blanks then. */
static bool take_word(const char **at, const char *end, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(end - *at) < length || strncasecmp(*at, word, length) != 0)
        return false;
    *at = first_word(*at + length, end);
    return true;
}

static bool runs_alone(const char *at, const char *end)
{
    at = first_word(at, end);
    if (take_word(&at, end, "VACUUM"))
        return true;
    if (take_word(&at, end, "ALTER"))
        return take_word(&at, end, "SYSTEM");
    if (!take_word(&at, end, "CREATE") && !take_word(&at, end, "DROP") &&
        !take_word(&at, end, "REINDEX"))
        return false;
    if (take_word(&at, end, "DATABASE"))
        return true;
    take_word(&at, end, "UNIQUE");
    return take_word(&at, end, "INDEX") && take_word(&at, end, "CONCURRENTLY");
}

/* Calls `visit` for each statement, without the blanks around it. False as soon as a visit is. */
static bool each_statement(const char *text,
                           bool (*visit)(void *context, const char *at, const char *end),
                           void *context)
{
    for (const char *at = text; *at;) {
        const char *end = statement_end(at), *next = *end ? end + 1 : end;
        while (at < end && isspace((unsigned char)*at))
            at++;
        while (at < end && isspace((unsigned char)end[-1]))
            end--;
        if (first_word(at, end) < end && !visit(context, at, end))
            return false;
        at = next;
    }
    return true;
}

struct listing_of {
    struct buf *out;
    bool *alone;
};

static bool put_statement(void *context, const char *at, const char *end)
{
    struct listing_of *list = context;
    *list->alone |= runs_alone(at, end);
    buf_puts(list->out, list->out->length > 1 ? ",\"" : "\"");
    for (; at < end; at++) {
        if (*at == '"' || *at == '\\')
            buf_putc(list->out, '\\');
        buf_putc(list->out, *at);
    }
    buf_putc(list->out, '"');
    return true;
}

void team_migrate_put_statements(const char *text, struct buf *out, bool *alone)
{
    *alone = false;
    buf_putc(out, '{');
    each_statement(text, put_statement, &(struct listing_of){out, alone});
    buf_putc(out, '}');
}

/* ---- one migration ---- */

struct running {
    struct pg *pg;
    struct err *err;
};

static bool run_statement(void *context, const char *at, const char *end)
{
    struct running *running = context;
    AUTO_BUF struct buf text;
    buf_init(&text, STATEMENTS_MAX);
    buf_add(&text, at, (size_t)(end - at));
    return pg_script(running->pg, buf_text(&text), running->err);
}

static bool note(struct pg *pg, const struct sql_team_migration *migration, const char *statements,
                 struct err *err)
{
    const char *const values[] = {migration->version, migration->name, statements};
    return pg_run(pg, SQL_TEAM_HISTORY_ADD, values, 3, NULL, err);
}

static bool apply(struct pg *pg, const struct sql_team_migration *migration, struct err *err)
{
    bool alone;
    AUTO_BUF struct buf statements;
    buf_init(&statements, STATEMENTS_MAX);
    team_migrate_put_statements(migration->text, &statements, &alone);
    if (alone) {
        struct running running = {pg, err};
        return each_statement(migration->text, run_statement, &running) &&
               note(pg, migration, buf_text(&statements), err);
    }
    if (pg_script(pg, sql_text(SQL_TEAM_MIGRATION_BEGIN), err) &&
        pg_script(pg, migration->text, err) && note(pg, migration, buf_text(&statements), err) &&
        pg_script(pg, "COMMIT", err))
        return true;
    pg_drop(pg); /* whatever stands open is rolled back, and the lock goes with it */
    return false;
}

/* ---- the plan ---- */

static bool is_applied(const struct pg_rows *history, const char *version)
{
    for (int i = 0; i < pg_rows_count(history); i++)
        if (strcmp(pg_rows_text(history, i, 0), version) == 0)
            return true;
    return false;
}

static bool refuse_newer(const struct pg_rows *history, const char *newest, struct err *err)
{
    int last = pg_rows_count(history) - 1;
    const char *theirs = last >= 0 ? pg_rows_text(history, last, 0) : "";
    if (strcmp(theirs, newest) <= 0)
        return true;
    err_set(err, ERR_REMOTE,
            "the team's database has migration %s %s, this tws knows none after %s", theirs,
            pg_rows_text(history, last, 1), newest);
    return err_hint(err, "it was brought forward by a newer tws; use that one");
}

static bool read_history(struct pg *pg, struct pg_rows *history, struct err *err)
{
    AUTO_PG_ROWS struct pg_rows exists = {0};
    if (!pg_run(pg, SQL_TEAM_HISTORY_EXISTS, NULL, 0, &exists, err))
        return false;
    return strcmp(pg_rows_text(&exists, 0, 0), "t") != 0 ||
           pg_run(pg, SQL_TEAM_HISTORY_LIST, NULL, 0, history, err);
}

static void add_row(struct frame *frame, const struct sql_team_migration *migration,
                    const char *state)
{
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_text(frame, migration->version);
    cells[1] = frame_text(frame, migration->name);
    cells[2] = frame_text(frame, state);
}

static bool walk(struct pg *pg, bool dry_run, struct frame *frame, struct err *err)
{
    int count;
    const struct sql_team_migration *known = sql_team_migrations(&count);
    AUTO_PG_ROWS struct pg_rows history = {0};
    if (!read_history(pg, &history, err) || !refuse_newer(&history, known[count - 1].version, err))
        return false;
    for (int i = 0; i < count; i++) {
        if (is_applied(&history, known[i].version)) {
            add_row(frame, &known[i], "applied");
        } else if (dry_run) {
            add_row(frame, &known[i], "pending");
        } else {
            if (!apply(pg, &known[i], err))
                return err_wrap(err, "migration %s_%s", known[i].version, known[i].name);
            add_row(frame, &known[i], "now applied");
        }
    }
    return true;
}

static bool refuse_pooler(const struct conf *conf, struct err *err)
{
    char port[16], pooler[16];
    if (!pg_url_port(conf_text(conf, CONF_DATABASE_URL), port, sizeof port, err))
        return false;
    snprintf(pooler, sizeof pooler, "%d", POOLER_PORT);
    if (strcmp(port, pooler) != 0)
        return true;
    err_set(err, ERR_USAGE, "port %s is a transaction pooler, which migrations cannot pass", port);
    return err_hint(err, "use the same URL with port 5432: the direct or session connection");
}

static bool migrate(struct pg *pg, bool dry_run, const char *tenant, struct frame *frame,
                    struct err *err)
{
    if (dry_run)
        return walk(pg, true, frame, err);
    return pg_run(pg, SQL_TEAM_MIGRATION_LOCK, NULL, 0, NULL, err) &&
           pg_script(pg, sql_text(SQL_TEAM_HISTORY_MAKE), err) && walk(pg, false, frame, err) &&
           (!tenant || pg_run(pg, SQL_TEAM_TENANT_ADD, &tenant, 1, NULL, err));
}

bool team_migrate(const struct conf *conf, bool dry_run, const char *tenant, struct frame *frame,
                  struct err *err)
{
    static const struct frame_column columns[] = {
        {"version", FRAME_TEXT}, {"name", FRAME_TEXT}, {"state", FRAME_TEXT}};
    AUTO_TEAM struct team team = {0};
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    if (!team_open(conf, dry_run, &team, err) || !refuse_pooler(conf, err))
        return false;
    while (!pg_connect(team.pg, err))
        if (!team_again(&team, err))
            return err_wrap(err, "the team's database");
    return migrate(team.pg, dry_run, tenant, frame, err) || err_wrap(err, "the team's database");
}
