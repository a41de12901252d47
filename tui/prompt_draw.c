#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/prompt.h"
#include "tui/wrap.h"

enum { BETWEEN = 2, TEXT_MAX = 512, NARROWEST_ERROR = 12, MESSAGE_ROWS = 3 };

static void blank(struct canvas *canvas, struct canvas_area row, enum theme_style ground)
{
    for (int x = row.x; x < row.x + row.width; x++) {
        canvas_put(canvas, x, row.y, ' ', THEME_TEXT);
        canvas_ground(canvas, x, row.y, ground);
    }
}

static int put(struct canvas *canvas, int x, int y, int width, const char *text, bool ascii,
               enum theme_style style)
{
    char clipped[TEXT_MAX];
    text_clip(clipped, sizeof clipped, text, width, ascii);
    return canvas_text(canvas, x, y, clipped, style);
}

static const struct prompt_choice *choice_at(const struct prompt *prompt, size_t position)
{
    return &prompt->choices[prompt->order[position]];
}

/* Columns of the widest text of the choices that are shown. */
static int widest_text(const struct prompt *prompt, size_t first, size_t count)
{
    int widest = 0;
    for (size_t i = first; i < first + count; i++) {
        int width = text_width(choice_at(prompt, i)->text);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void draw_choice(const struct prompt *prompt, size_t position, int widest, bool ascii,
                        struct canvas *canvas, struct canvas_area row)
{
    const struct prompt_choice *choice = choice_at(prompt, position);
    bool chosen = position == prompt->chosen;
    int end = row.x + row.width - 1, note_x = row.x + 1 + widest + BETWEEN;
    blank(canvas, row, chosen ? THEME_SELECTED : THEME_BAR);
    if (chosen)
        canvas_put(canvas, row.x, row.y, '>', THEME_TEXT);
    put(canvas, row.x + 1, row.y, end - row.x - 1, choice->text, ascii, THEME_TEXT);
    if (note_x < end)
        put(canvas, note_x, row.y, end - note_x, choice->note, ascii, THEME_NOTE);
}

/* The choices, in the last rows of an area; the one that is marked is among those shown. */
static void draw_choices(const struct prompt *prompt, bool ascii, struct canvas *canvas,
                         struct canvas_area area)
{
    size_t rows = area.height > PROMPT_CHOICES_SHOWN ? PROMPT_CHOICES_SHOWN
                  : area.height > 0                  ? (size_t)area.height
                                                     : 0;
    size_t shown = prompt->order_count < rows ? prompt->order_count : rows, first = 0;
    if (prompt->chosen < prompt->order_count && prompt->chosen >= shown)
        first = prompt->chosen - shown + 1;
    if (shown == 0)
        return;
    char more[48] = "";
    if (shown < prompt->order_count)
        snprintf(more, sizeof more, "  %zu-%zu/%zu", first + 1, first + shown, prompt->order_count);
    int widest = widest_text(prompt, first, shown);
    struct canvas_area row = {area.x, 0, area.width, 1};
    for (size_t i = 0; i < shown; i++) {
        row.y = area.y + area.height - (int)(shown - i);
        draw_choice(prompt, first + i, widest, ascii, canvas, row);
    }
    canvas_text(canvas, row.x + row.width - 1 - (int)strlen(more), row.y, more, THEME_NOTE);
}

/* The byte at which the text is shown from, so that the cursor is within `columns`. */
static size_t scroll(const struct prompt *prompt, int columns)
{
    const char *from = prompt->text, *cursor = prompt->text + prompt->cursor;
    int ahead = 0;
    for (const char *at = from; at < cursor;)
        ahead += text_char_width(text_next(&at));
    while (from < cursor && ahead >= columns)
        ahead -= text_char_width(text_next(&from));
    return (size_t)(from - prompt->text);
}

/* Columns from a byte of the text to another. */
static int columns_between(const char *text, size_t from, size_t to)
{
    int columns = 0;
    for (const char *at = text + from; at < text + to;)
        columns += text_char_width(text_next(&at));
    return columns;
}

/* Puts a text into rows that end above `bottom`, as many as there are above and at most `most`. Returns them. */
static int put_above(struct canvas *canvas, struct canvas_area area, int bottom, int most,
                     const char *text, bool ascii, enum theme_style style)
{
    char rows[MESSAGE_ROWS][WRAP_ROW_MAX];
    int room = bottom - area.y;
    int count = wrap_rows(rows, room < most ? room : most, text, area.width, ascii);
    for (int i = 0; i < count; i++) {
        int y = bottom - count + i;
        blank(canvas, (struct canvas_area){area.x, y, area.width, 1}, THEME_TEXT);
        canvas_text(canvas, area.x, y, rows[i], style);
    }
    return count;
}

/* Says what is wrong beside the text, or, where there is no room, above it; and above that what is allowed. Returns the rows that
   took. */
static int draw_error(const struct prompt *prompt, int text_end, bool ascii, struct canvas *canvas,
                      struct canvas_area area)
{
    int left = area.x + area.width - text_end - BETWEEN;
    int y = area.y + area.height - 1, taken = 0;
    if (prompt->err.code == ERR_NONE)
        return 0;
    if (left >= text_width(prompt->err.text) || (area.height < 2 && left >= NARROWEST_ERROR))
        put(canvas, text_end + BETWEEN, y, left, prompt->err.text, ascii, THEME_ERROR);
    else
        taken = put_above(canvas, area, y, 1, prompt->err.text, ascii, THEME_ERROR);
    return taken +
           put_above(canvas, area, y - taken, MESSAGE_ROWS, prompt->err.hint, ascii, THEME_NOTE);
}

int prompt_draw(const struct prompt *prompt, const char *label, bool ascii, struct canvas *canvas,
                struct canvas_area area)
{
    int y = area.y + area.height - 1, label_width = text_width(label);
    struct canvas_area before = canvas_clip(canvas, area);
    if (label_width > area.width / 2)
        label_width = area.width / 2;
    int x = area.x + label_width + 1, columns = area.width - label_width - 1;
    size_t from = scroll(prompt, columns > 0 ? columns : 1);
    blank(canvas, (struct canvas_area){area.x, y, area.width, 1}, THEME_TEXT);
    put(canvas, area.x, y, label_width, label, ascii, THEME_TITLE);
    if (from > 0)
        canvas_put(canvas, x - 1, y, ascii ? '<' : 0x2039, THEME_NOTE);
    int end = x + canvas_text(canvas, x, y, prompt->text + from, THEME_TEXT);
    int taken = draw_error(prompt, end, ascii, canvas, area);
    struct canvas_area above = {area.x, area.y, area.width, area.height - 1 - taken};
    draw_choices(prompt, ascii, canvas, above);
    canvas_clip(canvas, before);
    int cursor = x + columns_between(prompt->text, from, prompt->cursor);
    return cursor < area.x + area.width ? cursor : area.x + area.width - 1;
}
