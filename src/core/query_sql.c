/* Questions that a person asks in SQL. */
#include <stdio.h>

#include "base/text.h"
#include "core/query.h"
#include "io/db.h"

static const enum frame_type types[] = {
    [STMT_NULL] = FRAME_INT,  [STMT_INT] = FRAME_INT,   [STMT_REAL] = FRAME_REAL,
    [STMT_TEXT] = FRAME_TEXT, [STMT_BLOB] = FRAME_TEXT,
};

static struct frame_cell read_blob(const struct stmt *stmt, int column, struct frame *frame)
{
    size_t length;
    const unsigned char *bytes = stmt_blob(stmt, column, &length);
    char *hex = arena_array(&frame->arena, 2 * length + 1, 1);
    for (size_t i = 0; i < length; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    return (struct frame_cell){.known = true, .text = hex};
}

static struct frame_cell read_cell(const struct stmt *stmt, int column, struct frame *frame)
{
    switch (stmt_type(stmt, column)) {
    case STMT_NULL:
        break;
    case STMT_INT:
        return frame_number(stmt_int(stmt, column));
    case STMT_REAL:
        return frame_real(stmt_real(stmt, column));
    case STMT_TEXT:
        return frame_text(frame, stmt_text(stmt, column));
    case STMT_BLOB:
        return read_blob(stmt, column, frame);
    }
    return frame_null();
}

/* SQLite types values, a frame types columns: the wider of the two holds both. */
static enum frame_type wider(enum frame_type a, enum frame_type b)
{
    if (a == FRAME_TEXT || b == FRAME_TEXT)
        return FRAME_TEXT;
    return a == FRAME_REAL || b == FRAME_REAL ? FRAME_REAL : FRAME_INT;
}

static void convert(struct frame *frame, struct frame_cell *cell, enum frame_type from,
                    enum frame_type to)
{
    if (!cell->known || from == to)
        return;
    if (to == FRAME_REAL)
        *cell = frame_real((double)cell->number);
    else if (from == FRAME_REAL)
        cell->text = arena_printf(&frame->arena, "%.17g", cell->real);
    else
        cell->text = arena_printf(&frame->arena, "%lld", (long long)cell->number);
}

/* Widens what rows `first` to `last` hold of a column. */
static void widen(struct frame *frame, size_t column, size_t rows, enum frame_type to)
{
    enum frame_type from = frame->columns[column].type;
    for (size_t i = 0; i < rows; i++)
        convert(frame, &frame->cells[i * frame->column_count + column], from, to);
    frame->columns[column].type = to;
}

static void add_row(const struct stmt *stmt, struct frame *frame)
{
    size_t width = frame->column_count, row = frame->row_count;
    struct frame_cell *cells = frame_add_row(frame);
    for (size_t column = 0; column < width; column++) {
        enum stmt_type type = stmt_type(stmt, (int)column);
        cells[column] = read_cell(stmt, (int)column, frame);
        if (type == STMT_NULL)
            continue;
        enum frame_type to = wider(frame->columns[column].type, types[type]);
        if (to != frame->columns[column].type)
            widen(frame, column, row, to);
        convert(frame, &cells[column], types[type], to);
    }
}

bool query_sql(struct store *store, const char *text, struct frame *frame, struct err *err)
{
    *frame = (struct frame){0};
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare_user(store_db(store), text, &stmt, err))
        return false;
    size_t count = (size_t)stmt_columns(&stmt);
    AUTO_FREE struct frame_column *columns = mem_alloc(count + 1, sizeof *columns);
    frame_init(frame, columns, count);
    for (size_t i = 0; i < count; i++)
        frame->columns[i] =
            (struct frame_column){arena_strdup(&frame->arena, stmt_name(&stmt, (int)i)), FRAME_INT};
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        add_row(&stmt, frame);
    return step == STEP_DONE;
}
