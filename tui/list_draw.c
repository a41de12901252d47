#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/money.h"
#include "base/text.h"
#include "tui/list.h"
#include "tui/list_private.h"
#include "tui/screen.h"

/* The cursor's mark stands in the gutter. */
enum { GUTTER = 1, GAP = 1, MARK_MAX = 48 };

static void put_mark(char *out, const struct list *list, size_t position)
{
    snprintf(out, MARK_MAX, "%zu/%zu", position, list->count);
}

/* Columns that the mark takes when it is widest, and a blank before it. */
static int mark_width(const struct list *list)
{
    char text[MARK_MAX];
    put_mark(text, list, list->count);
    return list->count ? (int)strlen(text) + 1 : 0;
}

/* Columns that all take at least, from the edge on. */
static int least_width(const struct list_form *form, const struct list_layout *layout)
{
    int width = GUTTER - GAP;
    for (size_t i = 0; i < form->count; i++)
        if (layout->columns[i].width)
            width += layout->columns[i].width + GAP;
    return width;
}

/* The column that is left out next; false when all others must stay. */
static bool leave_out(const struct list_form *form, struct list_layout *layout)
{
    size_t worst = form->count;
    for (size_t i = 0; i < form->count; i++)
        if (layout->columns[i].width && form->columns[i].rank > 0 &&
            (worst == form->count || form->columns[i].rank >= form->columns[worst].rank))
            worst = i;
    if (worst == form->count)
        return false;
    layout->columns[worst].width = 0;
    return true;
}

/* Gives what is left over to the columns that grow; the last of them has what does not divide. */
static void grow(const struct list_form *form, struct list_layout *layout, int left)
{
    int shares = 0;
    for (size_t i = 0; i < form->count; i++)
        shares += layout->columns[i].width ? form->columns[i].grows : 0;
    for (size_t i = 0; i < form->count && shares > 0; i++) {
        if (!layout->columns[i].width || !form->columns[i].grows)
            continue;
        int given = left * form->columns[i].grows / shares;
        layout->columns[i].width += given;
        left -= given;
        shares -= form->columns[i].grows;
    }
}

/* Columns at the right of the header that no title may take: the mark would stand over it. */
static int margin(const struct list *list, const struct list_layout *layout)
{
    const struct list_form *form = list->form;
    size_t last = form->count;
    while (last > 0 && !layout->columns[last - 1].width)
        last--;
    if (last == 0 || !list->count)
        return 0;
    int spare = form->columns[last - 1].right ? 0
                                              : layout->columns[last - 1].width -
                                                    text_width(form->columns[last - 1].title) - 1;
    int wanted = mark_width(list) - (spare > 0 ? spare : 0);
    return wanted > 0 ? wanted : 0;
}

void list_lay_out(struct list_layout *layout, const struct list *list, struct canvas_area area)
{
    const struct list_form *form = list->form;
    *layout = (struct list_layout){0};
    if (form->count > LIST_COLUMNS_MAX)
        BUG("a list of %zu columns", form->count);
    for (size_t i = 0; i < form->count; i++)
        layout->columns[i].width = form->columns[i].width;
    while (least_width(form, layout) + margin(list, layout) > area.width)
        if (!leave_out(form, layout))
            break;
    int left = area.width - least_width(form, layout) - margin(list, layout);
    if (left > 0)
        grow(form, layout, left);
    layout->mark = area.x + area.width - mark_width(list) + 1;
    int x = area.x + GUTTER, end = area.x + area.width;
    for (size_t i = 0; i < form->count; i++) {
        int width = layout->columns[i].width;
        layout->columns[i].x = x;
        x += width ? width + GAP : 0;
        if (layout->columns[i].x + width > end)
            layout->columns[i].width = end > layout->columns[i].x ? end - layout->columns[i].x : 0;
    }
}

/* Draws text into columns, cut to them. */
static void put_clipped(struct canvas *canvas, int x, int y, int width, bool right,
                        const char *text, enum theme_style style)
{
    char clipped[LIST_TEXT_MAX + 4];
    int used = text_clip(clipped, sizeof clipped, text, width, canvas->ascii);
    canvas_text(canvas, right ? x + width - used : x, y, clipped, style);
}

static void draw_title(const struct list *list, size_t column, struct canvas *canvas, int x, int y,
                       int width)
{
    const struct list_column *form = &list->form->columns[column];
    char title[LIST_TEXT_MAX];
    bool sorted = list->sort == column + 1;
    const char *mark = !sorted            ? ""
                       : canvas->ascii    ? (list->descending ? "v" : "^")
                       : list->descending ? "▼"
                                          : "▲";
    int used = text_clip(title, sizeof title - 4, form->title, width - sorted, canvas->ascii);
    snprintf(title + strlen(title), 4, "%s", mark);
    canvas_text(canvas, form->right ? x + width - used - sorted : x, y, title, THEME_HEADER);
}

static void draw_header(const struct list *list, const struct list_layout *layout,
                        struct canvas *canvas, struct canvas_area area)
{
    char mark[MARK_MAX];
    int end = list->count ? layout->mark - 1 : area.x + area.width;
    for (size_t i = 0; i < list->form->count; i++) {
        int x = layout->columns[i].x, width = layout->columns[i].width;
        if (x + width > end)
            width = end - x;
        if (width > 0)
            draw_title(list, i, canvas, x, area.y, width);
    }
    put_mark(mark, list, list->cursor + 1);
    if (list->count)
        canvas_text(canvas, area.x + area.width - (int)strlen(mark), area.y, mark, THEME_NOTE);
}

static struct canvas_area shared(struct canvas_area a, struct canvas_area b)
{
    int right = a.x + a.width < b.x + b.width ? a.x + a.width : b.x + b.width;
    int bottom = a.y + a.height < b.y + b.height ? a.y + a.height : b.y + b.height;
    struct canvas_area both = {a.x > b.x ? a.x : b.x, a.y > b.y ? a.y : b.y, 0, 0};
    both.width = right > both.x ? right - both.x : 0;
    both.height = bottom > both.y ? bottom - both.y : 0;
    return both;
}

static void draw_cell(const struct list_column *column, struct list_cell *cell,
                      struct canvas *canvas, struct canvas_area area)
{
    struct canvas_area before = canvas_clip(canvas, shared(canvas->clip, area));
    int index = frame_find(cell->frame, column->key);
    if (column->draw)
        column->draw(cell, canvas, area);
    else if (column->show)
        column->show(cell);
    else if (index >= 0)
        list_show(cell, (size_t)index);
    if (!column->draw)
        put_clipped(canvas, area.x, area.y, area.width, column->right, cell->text, cell->style);
    canvas_clip(canvas, before);
}

static void draw_cursor(const struct desk *desk, struct canvas *canvas, struct canvas_area row)
{
    for (int x = 0; x < row.width; x++)
        canvas_ground(canvas, row.x + x, row.y, THEME_SELECTED);
    if (desk->look.ascii || desk->look.depth <= THEME_MONO)
        canvas_put(canvas, row.x, row.y, '>', THEME_TEXT);
}

static void draw_row(const struct list *list, const struct list_layout *layout,
                     const struct list_cell *at, struct canvas *canvas, int y)
{
    for (size_t i = 0; i < list->form->count; i++) {
        struct list_cell cell = *at;
        struct canvas_area area = {layout->columns[i].x, y, layout->columns[i].width, 1};
        if (area.width > 0)
            draw_cell(&list->form->columns[i], &cell, canvas, area);
    }
}

void list_draw(const struct list *list, const struct desk *desk, const struct frame *frame,
               struct canvas *canvas, struct canvas_area area)
{
    struct list_layout layout;
    struct canvas_area before = canvas_clip(canvas, shared(canvas->clip, area));
    list_lay_out(&layout, list, area);
    draw_header(list, &layout, canvas, area);
    size_t first = list_first(list, area.height - 1);
    for (int i = 0; frame && i < area.height - 1 && first + (size_t)i < list->count; i++) {
        size_t position = first + (size_t)i;
        struct canvas_area row = {area.x, area.y + 1 + i, area.width, 1};
        struct list_cell cell = {.desk = desk, .frame = frame, .row = list->order[position]};
        if (position == list->cursor)
            draw_cursor(desk, canvas, row);
        draw_row(list, &layout, &cell, canvas, row.y);
    }
    if (frame && list->count == 0)
        put_clipped(canvas, area.x + GUTTER, area.y + 1, area.width - GUTTER, false,
                    frame->row_count ? "no row matches" : list->form->empty, THEME_NOTE);
    canvas_clip(canvas, before);
}

static void join(char *out, enum frame_type type, const struct frame_list *list)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < list->count && used < LIST_TEXT_MAX; i++)
        used += type == FRAME_TEXTS ? (size_t)snprintf(out + used, LIST_TEXT_MAX - used, "%s%s",
                                                       i ? "," : "", list->texts[i])
                                    : (size_t)snprintf(out + used, LIST_TEXT_MAX - used, "%s%lld",
                                                       i ? "," : "", (long long)list->ints[i]);
}

/* That of the row, where rows differ; else that of the whole frame. */
static const char *currency_of(const struct frame *frame, size_t row)
{
    int column = frame_find(frame, "currency");
    const struct frame_cell *own = column < 0 ? NULL : frame_at(frame, row, (size_t)column);
    const char *currency = own && own->known ? own->text : frame->meta.currency;
    return currency ? currency : "";
}

void list_show(struct list_cell *cell, size_t column)
{
    const struct frame_cell *value = frame_at(cell->frame, cell->row, column);
    enum frame_type type = cell->frame->columns[column].type;
    char text[MONEY_TEXT_MAX + CLOCK_TEXT_MAX];
    char *out = cell->text;
    if (!value->known)
        return;
    switch (type) {
    case FRAME_INT:
        snprintf(out, LIST_TEXT_MAX, "%s", text_thousands(text, value->number));
        return;
    case FRAME_MONEY:
        money_format_human(text, value->number, currency_of(cell->frame, cell->row));
        snprintf(out, LIST_TEXT_MAX, "%s", text);
        return;
    case FRAME_TIME:
        snprintf(out, LIST_TEXT_MAX, "%s", screen_time(text, cell->desk, value->number));
        return;
    case FRAME_DATE:
        snprintf(out, LIST_TEXT_MAX, "%.10s", clock_format(text, value->number));
        return;
    case FRAME_REAL:
        if (isfinite(value->real))
            snprintf(out, LIST_TEXT_MAX, "%.2f", value->real);
        return;
    case FRAME_TEXT:
        snprintf(out, LIST_TEXT_MAX, "%s", value->text);
        return;
    case FRAME_BOOL:
        snprintf(out, LIST_TEXT_MAX, "%s", value->number ? "yes" : "no");
        return;
    case FRAME_TEXTS:
    case FRAME_INTS:
        join(out, type, &value->list);
        return;
    }
    BUG("column '%s' has no type", cell->frame->columns[column].name);
}
