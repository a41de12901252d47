#include "cli/emit_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/money.h"
#include "base/text.h"

/* A list of sixty sections would push everything behind it off the screen. */
enum { GAP = 2, NARROWEST = 8, LIST_WIDTH = 40 };

/* Every cell as the text that is shown, row by row; row 0 is the header. */
struct grid {
    struct arena arena;
    const struct frame *frame;
    const char **texts;
    int *widths;
    size_t rows, columns;
};

static void grid_release(struct grid *grid)
{
    arena_release(&grid->arena);
}

static const char **at(const struct grid *grid, size_t row, size_t column)
{
    return &grid->texts[row * grid->columns + column];
}

/* "current_min_price" is the contract's key; people read "min price". */
static const char *header(struct arena *arena, const char *name)
{
    static const char prefix[] = "current_";
    if (strncmp(name, prefix, sizeof prefix - 1) == 0)
        name += sizeof prefix - 1;
    char *text = arena_strdup(arena, name);
    for (char *c = text; *c; c++)
        if (*c == '_')
            *c = ' ';
    text_printable(text, strlen(text) + 1, text);
    return text;
}

static const char *join(struct arena *arena, enum frame_type type, const struct frame_list *list)
{
    const char *text = "";
    for (size_t i = 0; i < list->count; i++) {
        const char *mark = i ? ", " : "";
        if (type == FRAME_TEXTS)
            text = arena_printf(arena, "%s%s%s", text, mark, list->texts[i]);
        else
            text = arena_printf(arena, "%s%s%lld", text, mark, (long long)list->ints[i]);
    }
    return text;
}

static const char *show_text(struct arena *arena, const char *text)
{
    char *shown = arena_strdup(arena, text);
    text_printable(shown, strlen(shown) + 1, shown);
    return shown;
}

static const char *show(struct arena *arena, const struct frame *frame, size_t row, size_t column)
{
    char text[MONEY_TEXT_MAX + CLOCK_TEXT_MAX];
    const struct frame_cell *cell = frame_at(frame, row, column);
    enum frame_type type = frame->columns[column].type;
    if (!cell->known)
        return "-";
    switch (type) {
    case FRAME_INT:
        return arena_strdup(arena, text_thousands(text, cell->number));
    case FRAME_MONEY:
        return arena_strdup(arena, money_format_human(text, cell->number, frame->meta.currency));
    case FRAME_TIME:
        return arena_strdup(arena, clock_format(text, cell->number));
    case FRAME_DATE:
        return arena_strndup(arena, clock_format(text, cell->number), 10);
    case FRAME_REAL:
        return isfinite(cell->real) ? arena_printf(arena, "%.2f", cell->real) : "-";
    case FRAME_TEXT:
        return show_text(arena, cell->text);
    case FRAME_BOOL:
        return cell->number ? "yes" : "no";
    case FRAME_TEXTS:
    case FRAME_INTS:
        return show_text(arena, join(arena, type, &cell->list));
    }
    BUG("column '%s' has no type", frame->columns[column].name);
}

static void grid_init(struct grid *grid, const struct frame *frame)
{
    *grid =
        (struct grid){.frame = frame, .rows = frame->row_count + 1, .columns = frame->column_count};
    arena_init(&grid->arena, 0);
    grid->texts = arena_array(&grid->arena, grid->rows * grid->columns + 1, sizeof *grid->texts);
    grid->widths = arena_array(&grid->arena, grid->columns + 1, sizeof *grid->widths);
    for (size_t column = 0; column < grid->columns; column++) {
        *at(grid, 0, column) = header(&grid->arena, frame->columns[column].name);
        for (size_t row = 1; row < grid->rows; row++)
            *at(grid, row, column) = show(&grid->arena, frame, row - 1, column);
        for (size_t row = 0; row < grid->rows; row++) {
            int width = text_width(*at(grid, row, column));
            if (width > grid->widths[column])
                grid->widths[column] = width;
        }
    }
}

static bool is_number(enum frame_type type)
{
    return type == FRAME_INT || type == FRAME_MONEY || type == FRAME_REAL;
}

static bool is_clippable(enum frame_type type)
{
    return type == FRAME_TEXT || type == FRAME_TEXTS || type == FRAME_INTS;
}

static int line_width(const struct grid *grid)
{
    int width = 0;
    for (size_t i = 0; i < grid->columns; i++)
        width += grid->widths[i] + (i ? GAP : 0);
    return width;
}

static void shorten_lists(struct grid *grid)
{
    for (size_t i = 0; i < grid->columns; i++)
        if (grid->frame->columns[i].type == FRAME_TEXTS && grid->widths[i] > LIST_WIDTH)
            grid->widths[i] = LIST_WIDTH;
}

/* Takes from the widest text column, one column at a time, until a line fits or all are narrow. */
static void squeeze(struct grid *grid, int columns)
{
    for (int over = line_width(grid) - columns; over > 0; over--) {
        int *widest = NULL;
        for (size_t i = 0; i < grid->columns; i++)
            if (is_clippable(grid->frame->columns[i].type) && grid->widths[i] > NARROWEST &&
                (!widest || grid->widths[i] > *widest))
                widest = &grid->widths[i];
        if (!widest)
            return;
        --*widest;
    }
}

static void put_cell(const struct grid *grid, size_t row, size_t column, bool ascii,
                     struct buf *out)
{
    const char *text = *at(grid, row, column);
    int width = grid->widths[column], used = text_width(text);
    bool last = column + 1 == grid->columns;
    char clipped[1024];
    if (used > width) {
        used = text_clip(clipped, sizeof clipped, text, width, ascii);
        text = clipped;
    }
    bool right = is_number(grid->frame->columns[column].type);
    buf_printf(out, "%*s%s%*s", right ? width - used : 0, "", text,
               right || last ? 0 : width - used, "");
    if (!last)
        buf_printf(out, "%*s", GAP, "");
}

void emit_table_put(const struct frame *frame, const struct emit_table_style *style,
                    struct buf *out)
{
    __attribute__((cleanup(grid_release))) struct grid grid;
    grid_init(&grid, frame);
    shorten_lists(&grid);
    if (style->columns > 0)
        squeeze(&grid, style->columns);
    for (size_t row = 0; row < grid.rows; row++) {
        if (row == 0 && style->color)
            buf_puts(out, "\033[1m");
        for (size_t column = 0; column < grid.columns; column++)
            put_cell(&grid, row, column, style->ascii, out);
        if (row == 0 && style->color)
            buf_puts(out, "\033[0m");
        buf_putc(out, '\n');
    }
}

static void put_escaped(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|' || *text == '\\')
            buf_putc(out, '\\');
        buf_putc(out, *text);
    }
}

void emit_table_put_markdown(const struct frame *frame, struct buf *out)
{
    __attribute__((cleanup(grid_release))) struct grid grid;
    grid_init(&grid, frame);
    for (size_t row = 0; row < grid.rows; row++) {
        for (size_t column = 0; column < grid.columns; column++) {
            buf_puts(out, column ? " | " : "| ");
            put_escaped(out, *at(&grid, row, column));
        }
        buf_puts(out, " |\n");
        if (row > 0)
            continue;
        for (size_t column = 0; column < grid.columns; column++)
            buf_puts(out, is_number(frame->columns[column].type) ? "|---:" : "|---");
        buf_puts(out, "|\n");
    }
}
