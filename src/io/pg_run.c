/* Statements and their answers. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "io/pg_private.h"

static size_t length_of(const char *const *values, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += values[i] ? strlen(values[i]) : 0;
    return length;
}

/* Takes every result; the rows of the last that has some go to `rows`. The first error ends it. */
static bool take_results(struct pg *pg, struct pg_rows *rows, struct err *err)
{
    PGresult *result;
    for (;;) {
        if (!pg_next_result(pg, &result, err))
            return false;
        if (!result)
            return true;
        switch ((int)pg_libpq()->resultStatus(result)) {
        case PGRES_TUPLES_OK:
            if (rows) {
                pg_rows_release(rows);
                rows->result = result;
                continue;
            }
            break;
        case PGRES_COMMAND_OK:
        case PGRES_EMPTY_QUERY:
            break;
        default:
            pg_fail_result(pg, result, err);
            pg_recover(pg);
            return false;
        }
        pg_libpq()->clear(result);
    }
}

bool pg_ask(struct pg *pg, enum sql_id id, const char *const *values, size_t count, struct err *err)
{
    const char *text = sql_text(id);
    if (!pg_connect(pg, err))
        return false;
    pg->bytes += (int64_t)(strlen(text) + length_of(values, count));
    if (!pg_libpq()->sendQueryParams(pg->conn, text, (int)count, NULL, values, NULL, NULL, 0))
        return pg_fail_lost(pg, err);
    return pg_flush(pg, err);
}

bool pg_answer(struct pg *pg, struct pg_rows *rows, struct err *err)
{
    if (!take_results(pg, rows, err))
        return false;
    pg->trouble = PG_NO_TROUBLE;
    return true;
}

bool pg_run(struct pg *pg, enum sql_id id, const char *const *values, size_t count,
            struct pg_rows *rows, struct err *err)
{
    return pg_ask(pg, id, values, count, err) && pg_answer(pg, rows, err);
}

bool pg_script(struct pg *pg, const char *text, struct err *err)
{
    if (!pg_connect(pg, err))
        return false;
    pg->bytes += (int64_t)strlen(text);
    if (!pg_libpq()->sendQuery(pg->conn, text))
        return pg_fail_lost(pg, err);
    return pg_flush(pg, err) && pg_answer(pg, NULL, err);
}

int pg_rows_count(const struct pg_rows *rows)
{
    return rows->result ? pg_libpq()->ntuples(rows->result) : 0;
}

const char *pg_rows_text(const struct pg_rows *rows, int row, int column)
{
    if (row >= pg_rows_count(rows) || column >= pg_libpq()->nfields(rows->result))
        BUG("no row %d or column %d in the answer", row, column);
    if (pg_libpq()->getisnull(rows->result, row, column))
        return NULL;
    return pg_libpq()->getvalue(rows->result, row, column);
}

int64_t pg_rows_int(const struct pg_rows *rows, int row, int column)
{
    const char *text = pg_rows_text(rows, row, column);
    int64_t value;
    return text && text_to_int(text, &value) ? value : 0;
}

void pg_rows_release(struct pg_rows *rows)
{
    if (rows->result)
        pg_libpq()->clear(rows->result);
    rows->result = NULL;
}
