/* COPY in both directions. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "io/pg_private.h"

enum {
    SLICE = 64 * 1024,           /* bytes between two looks at the socket */
    STATEMENT_MAX = 1024 * 1024, /* our own statements with their values: some KB */
    FIELDS_MAX = 64,
};

/* ---- the text format ---- */

void pg_put_text(struct buf *out, const char *text)
{
    if (!text) {
        buf_add(out, "\\N", 2);
        return;
    }
    for (size_t plain; *text; text += plain) {
        plain = strcspn(text, "\\\t\n\r");
        buf_add(out, text, plain);
        if (!text[plain])
            return;
        char escaped[2] = {'\\', text[plain] == '\t'   ? 't'
                                 : text[plain] == '\n' ? 'n'
                                 : text[plain] == '\r' ? 'r'
                                                       : '\\'};
        buf_add(out, escaped, sizeof escaped);
        plain++;
    }
}

void pg_put_int(struct buf *out, int64_t value)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--at = '-';
    buf_add(out, at, (size_t)(digits + sizeof digits - at));
}

static char unescaped(char c)
{
    static const char from[] = "bfnrtv", to[] = "\b\f\n\r\t\v";
    const char *at = strchr(from, c);
    return at && c ? to[at - from] : c;
}

/* Undoes the escapes of one field in place and ends it; returns what stands behind it. */
static char *take_field(char *at, char **field)
{
    bool null = at[0] == '\\' && at[1] == 'N';
    char *to = at;
    *field = null ? NULL : at;
    for (; *at && *at != '\t' && *at != '\n'; at++) {
        if (*at == '\\' && at[1])
            *to++ = unescaped(*++at);
        else
            *to++ = *at;
    }
    char *next = *at == '\t' ? at + 1 : NULL;
    *to = '\0';
    return next;
}

/* ---- statements ---- */

static void put_value(struct pg *pg, const char *value, struct buf *out)
{
    if (!value) {
        buf_puts(out, "NULL");
        return;
    }
    char *quoted = mem_need(pg_libpq()->escapeLiteral(pg->conn, value, strlen(value)));
    buf_puts(out, quoted);
    pg_libpq()->freemem(quoted);
}

/* Adds the text of a statement with each $n replaced by the quoted value. */
static void put_statement(struct pg *pg, enum sql_id id, const char *const *values, size_t count,
                          struct buf *out)
{
    const char *at = sql_text(id);
    for (const char *sign; (sign = strchr(at, '$'));) {
        size_t number = 0;
        buf_add(out, at, (size_t)(sign - at));
        for (at = sign + 1; isdigit((unsigned char)*at); at++)
            number = number * 10 + (size_t)(*at - '0');
        if (number == 0 || number > count)
            BUG("query '%s' asks for value %zu of %zu", sql_name(id), number, count);
        put_value(pg, values[number - 1], out);
    }
    buf_puts(out, at);
    if (out->overflow)
        BUG("query '%s' is longer than %d bytes", sql_name(id), STATEMENT_MAX);
}

static bool send_statement(struct pg *pg, enum sql_id id, const char *const *values, size_t count,
                           struct err *err)
{
    AUTO_BUF struct buf text;
    buf_init(&text, STATEMENT_MAX);
    if (!pg_connect(pg, err))
        return false;
    put_statement(pg, id, values, count, &text);
    pg->bytes += (int64_t)text.length;
    if (!pg_libpq()->sendQuery(pg->conn, buf_text(&text)))
        return pg_fail_lost(pg, err);
    return pg_flush(pg, err);
}

/* ---- in ---- */

static bool feed(struct pg *pg, const struct buf *data, struct err *err)
{
    for (size_t done = 0, length; done < data->length; done += length) {
        length = data->length - done < SLICE ? data->length - done : SLICE;
        if (pg_libpq()->putCopyData(pg->conn, data->data + done, (int)length) < 0)
            return pg_fail_lost(pg, err);
        if (!pg_flush(pg, err))
            return false;
    }
    pg->bytes += (int64_t)data->length;
    if (pg_libpq()->putCopyEnd(pg->conn, NULL) < 0)
        return pg_fail_lost(pg, err);
    return pg_flush(pg, err);
}

/* Takes results until the server asks for the rows of a COPY (*copy) or has no more to say. */
static bool take_results(struct pg *pg, struct pg_rows *rows, bool *copy, struct err *err)
{
    PGresult *result;
    for (;;) {
        if (!pg_next_result(pg, &result, err))
            return false;
        ExecStatusType status = result ? pg_libpq()->resultStatus(result) : PGRES_COMMAND_OK;
        *copy = status == PGRES_COPY_IN;
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !*copy) {
            pg_fail_result(pg, result, err);
            pg_recover(pg);
            return false;
        }
        if (status == PGRES_TUPLES_OK && !rows->result)
            rows->result = result;
        else
            pg_libpq()->clear(result);
        if (!result || *copy)
            return true;
    }
}

bool pg_copy_ask(struct pg *pg, enum sql_id id, const char *const *values, size_t count,
                 const struct buf *data, size_t parts, struct err *err)
{
    AUTO_PG_ROWS struct pg_rows none = {0};
    if (!send_statement(pg, id, values, count, err))
        return false;
    for (size_t i = 0; i < parts; i++) {
        bool copy;
        if (!take_results(pg, &none, &copy, err))
            return false;
        if (!copy)
            BUG("query '%s' has fewer COPY than %zu", sql_name(id), parts);
        if (!feed(pg, &data[i], err))
            return false;
    }
    return true;
}

bool pg_copy_answer(struct pg *pg, struct pg_rows *rows, struct err *err)
{
    bool copy;
    if (!take_results(pg, rows, &copy, err))
        return false;
    if (copy)
        BUG("a query has more COPY than it was given rows for");
    pg->trouble = PG_NO_TROUBLE;
    return true;
}

/* ---- out ---- */

static bool give_row(struct pg *pg, char *line, int length, pg_visit *visit, void *context,
                     struct err *err)
{
    char *fields[FIELDS_MAX];
    size_t count = 0;
    pg->bytes += length;
    for (char *at = line; at && count < FIELDS_MAX; count++)
        at = take_field(at, &fields[count]);
    return visit(context, fields, count, err);
}

static bool drain(struct pg *pg, pg_visit *visit, void *context, struct err *err)
{
    int64_t deadline_ms = clock_monotonic_ms() + pg->target.answer_ms;
    for (;;) {
        char *line = NULL;
        int length = pg_libpq()->getCopyData(pg->conn, &line, 1);
        if (length > 0) {
            bool ok = give_row(pg, line, length, visit, context, err);
            pg_libpq()->freemem(line);
            deadline_ms = clock_monotonic_ms() + pg->target.answer_ms;
            if (ok)
                continue;
            pg->trouble = PG_REFUSED;
            pg_drop(pg); /* the rest of the rows is not wanted */
            return false;
        }
        if (length < 0)
            return true; /* the end, or an error that the next result tells */
        if (!pg_wait(pg, POLLIN, deadline_ms, err))
            return false;
        if (!pg_libpq()->consumeInput(pg->conn))
            return pg_fail_lost(pg, err);
    }
}

bool pg_copy_out(struct pg *pg, enum sql_id id, const char *const *values, size_t count,
                 pg_visit *visit, void *context, struct err *err)
{
    PGresult *result;
    if (!send_statement(pg, id, values, count, err))
        return false;
    for (;;) {
        if (!pg_next_result(pg, &result, err))
            return false;
        if (!result)
            break;
        ExecStatusType status = pg_libpq()->resultStatus(result);
        if (status != PGRES_COPY_OUT && status != PGRES_COMMAND_OK) {
            pg_fail_result(pg, result, err);
            pg_recover(pg);
            return false;
        }
        pg_libpq()->clear(result);
        if (status == PGRES_COPY_OUT && !drain(pg, visit, context, err))
            return false;
    }
    pg->trouble = PG_NO_TROUBLE;
    return true;
}
