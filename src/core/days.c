#include "core/days.h"

#include "base/buf.h"
#include "base/mem.h"
#include "io/db.h"
#include "io/pg.h"

enum {
    COLUMNS = 26,      /* of days_rollups.sql behind the day */
    BASE_COLUMNS = 18, /* those before the all-in ones, which most rows have none of */
    SCOPE_COLUMN = 2,  /* texts: the scope's name and the currency */
    CURRENCY_COLUMN = 4,
    NOTHING = -1,              /* for null: no price or count is below 0 */
    DAY_BYTES_MAX = 256 << 20, /* the rows of a day of one event, some MB */
};

static int count_columns(const struct stmt *stmt)
{
    int column = COLUMNS;
    while (column > BASE_COLUMNS && stmt_is_null(stmt, column))
        column--;
    return column > BASE_COLUMNS ? COLUMNS : BASE_COLUMNS;
}

static void put_row(const struct stmt *stmt, struct buf *out)
{
    int count = count_columns(stmt);
    if (out->length > 0)
        buf_putc(out, '\n');
    for (int column = 1; column <= count; column++) {
        if (column > 1)
            buf_putc(out, '\t');
        if (column == SCOPE_COLUMN || column == CURRENCY_COLUMN)
            buf_puts(out, stmt_string(stmt, column));
        else
            pg_put_int(out, stmt_is_null(stmt, column) ? NOTHING : stmt_int(stmt, column));
    }
}

static void close_day(struct days_day *day, struct buf *text)
{
    digest_sha256(day->sha256, text->data, text->length);
    buf_reset(text);
}

bool days_read(struct store *store, int64_t event_id, int64_t source_id, enum rollup_grain grain,
               int64_t from_ms, struct days_day **days, size_t *count, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    AUTO_BUF struct buf text;
    buf_init(&text, DAY_BYTES_MAX);
    *days = NULL;
    *count = 0;
    if (!db_prepare(store_db(store), SQL_DAYS_ROLLUPS, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":source", source_id);
    stmt_bind_int(&stmt, ":grain", grain);
    stmt_bind_int(&stmt, ":from", from_ms / rollup_step_ms(grain));
    size_t capacity = 0;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        int64_t day = stmt_int(&stmt, 0);
        if (*count == 0 || (*days)[*count - 1].day != day) {
            if (*count > 0)
                close_day(&(*days)[*count - 1], &text);
            *days = mem_grow(*days, *count, &capacity, sizeof **days);
            (*days)[(*count)++] = (struct days_day){.day = day};
        }
        (*days)[*count - 1].rows++;
        put_row(&stmt, &text);
    }
    if (*count > 0)
        close_day(&(*days)[*count - 1], &text);
    return step == STEP_DONE;
}
