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
enum { GAP = 2, NARROWEST = 12, LIST_WIDTH = 40 };
/* Texts up to here stay whole: names and ids that a person types again. */
enum { WHOLE = 18 };

/* Every cell as the text that is shown, row by row; row 0 is the header. */
struct grid {
    struct arena arena;
    const struct frame *frame;
    const char **texts;
    int *widths;  /* as they will be printed */
    int *natural; /* of the widest cell below the header */
    bool *hidden;
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

static void widen(int *width, int at_least)
{
    if (*width < at_least)
        *width = at_least;
}

static void grid_init(struct grid *grid, const struct frame *frame)
{
    *grid =
        (struct grid){.frame = frame, .rows = frame->row_count + 1, .columns = frame->column_count};
    arena_init(&grid->arena, 0);
    grid->texts = arena_array(&grid->arena, grid->rows * grid->columns + 1, sizeof *grid->texts);
    grid->widths = arena_array(&grid->arena, grid->columns + 1, sizeof *grid->widths);
    grid->natural = arena_array(&grid->arena, grid->columns + 1, sizeof *grid->natural);
    grid->hidden = arena_array(&grid->arena, grid->columns + 1, sizeof *grid->hidden);
    for (size_t column = 0; column < grid->columns; column++) {
        *at(grid, 0, column) = header(&grid->arena, frame->columns[column].name);
        for (size_t row = 1; row < grid->rows; row++)
            *at(grid, row, column) = show(&grid->arena, frame, row - 1, column);
        for (size_t row = 1; row < grid->rows; row++)
            widen(&grid->natural[column], text_width(*at(grid, row, column)));
        grid->widths[column] = grid->natural[column];
        widen(&grid->widths[column], text_width(*at(grid, 0, column)));
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
    int width = -GAP;
    for (size_t i = 0; i < grid->columns; i++)
        if (!grid->hidden[i])
            width += grid->widths[i] + GAP;
    return width;
}

static void shorten_lists(struct grid *grid)
{
    for (size_t i = 0; i < grid->columns; i++)
        if (grid->frame->columns[i].type == FRAME_TEXTS && grid->widths[i] > LIST_WIDTH)
            grid->widths[i] = LIST_WIDTH;
}

static int longest_word(const char *text)
{
    int longest = 0, length = 0;
    for (; *text; text++) {
        length = *text == ' ' ? 0 : length + 1;
        widen(&longest, length);
    }
    return longest;
}

/* Lets headers of several words stand in several lines, so that the cells say how wide a column is. */
static void stack_headers(struct grid *grid)
{
    for (size_t i = 0; i < grid->columns; i++) {
        int width = longest_word(*at(grid, 0, i));
        widen(&width, grid->natural[i]);
        if (width < grid->widths[i])
            grid->widths[i] = width;
    }
}

/* Takes from the widest text column, one character at a time, until a line fits. False when all are narrow. */
static bool squeeze(struct grid *grid, int columns)
{
    for (int over = line_width(grid) - columns; over > 0; over--) {
        int *widest = NULL;
        for (size_t i = 0; i < grid->columns; i++)
            if (!grid->hidden[i] && is_clippable(grid->frame->columns[i].type) &&
                grid->natural[i] > WHOLE && grid->widths[i] > NARROWEST &&
                (!widest || grid->widths[i] > *widest))
                widest = &grid->widths[i];
        if (!widest)
            return false;
        --*widest;
    }
    return true;
}

/* Leaves out the last detail, or, when there is none, the last column. False when but one is left. */
static bool hide_one(struct grid *grid)
{
    for (size_t i = grid->columns; i-- > 0;)
        if (!grid->hidden[i] && grid->frame->columns[i].detail)
            return grid->hidden[i] = true;
    for (size_t i = grid->columns; i-- > 1;)
        if (!grid->hidden[i])
            return grid->hidden[i] = true;
    return false;
}

/* Makes lines fit a terminal. Returns how many columns had to be left out. */
static size_t fit(struct grid *grid, int columns)
{
    size_t hidden = 0;
    if (columns <= 0 || line_width(grid) <= columns)
        return 0;
    stack_headers(grid);
    AUTO_FREE int *widths = mem_alloc(grid->columns, sizeof *widths);
    memcpy(widths, grid->widths, grid->columns * sizeof *widths);
    while (!squeeze(grid, columns) && hide_one(grid)) {
        memcpy(grid->widths, widths, grid->columns * sizeof *widths);
        hidden++;
    }
    return hidden;
}

static size_t last_column(const struct grid *grid)
{
    size_t last = grid->columns;
    while (last > 0 && grid->hidden[last - 1])
        last--;
    return last;
}

static void put_text(const struct grid *grid, size_t column, const char *text, bool ascii,
                     struct buf *out)
{
    int width = grid->widths[column], used = text_width(text);
    bool last = column + 1 == last_column(grid);
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

static void put_row(const struct grid *grid, size_t row, bool ascii, struct buf *out)
{
    for (size_t column = 0; column < grid->columns; column++)
        if (!grid->hidden[column])
            put_text(grid, column, *at(grid, row, column), ascii, out);
    buf_putc(out, '\n');
}

enum { HEADER_LINES = 4 };

/* Breaks a header into lines of at most `width` columns; returns how many. */
static int break_header(struct arena *arena, const char *text, int width,
                        const char *lines[HEADER_LINES])
{
    int count = 0;
    while (*text && count < HEADER_LINES) {
        size_t length = strlen(text);
        while ((int)length > width && count < HEADER_LINES - 1) {
            const char *blank = memrchr(text, ' ', length);
            if (!blank)
                break;
            length = (size_t)(blank - text);
        }
        lines[count++] = arena_strndup(arena, text, length);
        text += length + (text[length] == ' ');
    }
    return count;
}

/* The header, its texts standing on the bottom line. */
static void put_header(struct grid *grid, bool ascii, struct buf *out)
{
    const char *lines[HEADER_LINES];
    int height = 1;
    for (size_t i = 0; i < grid->columns; i++)
        if (!grid->hidden[i])
            widen(&height, break_header(&grid->arena, *at(grid, 0, i), grid->widths[i], lines));
    for (int line = 0; line < height; line++) {
        for (size_t i = 0; i < grid->columns; i++) {
            if (grid->hidden[i])
                continue;
            int count = break_header(&grid->arena, *at(grid, 0, i), grid->widths[i], lines);
            int mine = line - (height - count);
            put_text(grid, i, mine >= 0 ? lines[mine] : "", ascii, out);
        }
        buf_putc(out, '\n');
    }
}

size_t emit_table_put(const struct frame *frame, const struct emit_table_style *style,
                      struct buf *out)
{
    __attribute__((cleanup(grid_release))) struct grid grid;
    grid_init(&grid, frame);
    shorten_lists(&grid);
    size_t hidden = fit(&grid, style->columns);
    buf_puts(out, style->color ? "\033[1m" : "");
    put_header(&grid, style->ascii, out);
    buf_puts(out, style->color ? "\033[0m" : "");
    for (size_t row = 1; row < grid.rows; row++)
        put_row(&grid, row, style->ascii, out);
    return hidden;
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
