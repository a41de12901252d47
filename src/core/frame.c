#include "core/frame.h"

#include <string.h>

#include "base/err.h"

void frame_init(struct frame *frame, const struct frame_column *columns, size_t count)
{
    *frame = (struct frame){.column_count = count};
    arena_init(&frame->arena, 0);
    frame->columns = arena_array(&frame->arena, count, sizeof *columns);
    if (count > 0)
        memcpy(frame->columns, columns, count * sizeof *columns);
}

void frame_release(struct frame *frame)
{
    mem_free(frame->cells);
    arena_release(&frame->arena);
    *frame = (struct frame){0};
}

struct frame_cell *frame_add_row(struct frame *frame)
{
    size_t width = frame->column_count;
    if (frame->row_count == frame->row_capacity) {
        frame->row_capacity = frame->row_capacity ? 2 * frame->row_capacity : 64;
        frame->cells = mem_resize(frame->cells, frame->row_capacity * width, sizeof *frame->cells);
    }
    struct frame_cell *row = frame->cells + frame->row_count++ * width;
    memset(row, 0, width * sizeof *row);
    return row;
}

void frame_widen(struct frame *frame, const struct frame_column *columns, size_t count)
{
    size_t before = frame->column_count, width = before + count;
    struct frame_column *all = arena_array(&frame->arena, width, sizeof *all);
    struct frame_cell *cells = mem_alloc(frame->row_capacity * width + 1, sizeof *cells);
    memcpy(all, frame->columns, before * sizeof *all);
    memcpy(all + before, columns, count * sizeof *all);
    for (size_t row = 0; row < frame->row_count; row++)
        memcpy(cells + row * width, frame->cells + row * before, before * sizeof *cells);
    mem_free(frame->cells);
    frame->cells = cells;
    frame->columns = all;
    frame->column_count = width;
}

void frame_select(struct frame *frame, const struct frame *from, const size_t *rows, size_t count)
{
    frame_init(frame, from->columns, from->column_count);
    frame->meta = from->meta;
    for (size_t i = 0; i < count; i++)
        memcpy(frame_add_row(frame), frame_at(from, rows[i], 0),
               from->column_count * sizeof *from->cells);
}

struct frame_cell *frame_row(struct frame *frame, size_t row)
{
    if (row >= frame->row_count)
        BUG("row %zu of a frame of %zu", row, frame->row_count);
    return frame->cells + row * frame->column_count;
}

const struct frame_cell *frame_at(const struct frame *frame, size_t row, size_t column)
{
    if (row >= frame->row_count || column >= frame->column_count)
        BUG("cell %zu,%zu of a frame of %zux%zu", row, column, frame->row_count,
            frame->column_count);
    return &frame->cells[row * frame->column_count + column];
}

int frame_find(const struct frame *frame, const char *name)
{
    for (size_t i = 0; i < frame->column_count; i++)
        if (strcmp(frame->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

struct frame_cell frame_number(int64_t number)
{
    return (struct frame_cell){.known = true, .number = number};
}

struct frame_cell frame_real(double real)
{
    return (struct frame_cell){.known = true, .real = real};
}

struct frame_cell frame_text(struct frame *frame, const char *text)
{
    if (text == NULL)
        return frame_null();
    return (struct frame_cell){.known = true, .text = arena_strdup(&frame->arena, text)};
}

struct frame_cell frame_null(void)
{
    return (struct frame_cell){.known = false};
}

const struct frame_cell *frame_get(const struct frame *frame, size_t row, const char *name)
{
    int column = frame_find(frame, name);
    if (column < 0)
        BUG("a frame has no column '%s'", name);
    return frame_at(frame, row, (size_t)column);
}

const char *frame_get_text(const struct frame *frame, size_t row, const char *name)
{
    const struct frame_cell *cell = frame_get(frame, row, name);
    return cell->known ? cell->text : "";
}
