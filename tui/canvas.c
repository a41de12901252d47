#include "tui/canvas.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const struct canvas_cell blank = {
    .character = ' ', .style = THEME_TEXT, .ground = THEME_TEXT};

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

void canvas_init(struct canvas *canvas, int width, int height, bool ascii)
{
    canvas->width = clamp(width, 0, CANVAS_SIDE_MAX);
    canvas->height = clamp(height, 0, CANVAS_SIDE_MAX);
    canvas->ascii = ascii;
    size_t count = (size_t)canvas->width * (size_t)canvas->height;
    canvas->cells = mem_alloc(count ? count : 1, sizeof(*canvas->cells));
    canvas_reset(canvas);
}

void canvas_release(struct canvas *canvas)
{
    mem_free(canvas->cells);
    *canvas = (struct canvas){0};
}

void canvas_reset(struct canvas *canvas)
{
    size_t count = (size_t)canvas->width * (size_t)canvas->height;
    for (size_t i = 0; i < count; i++)
        canvas->cells[i] = blank;
    canvas->clip = canvas_whole(canvas);
}

struct canvas_area canvas_whole(const struct canvas *canvas)
{
    return (struct canvas_area){0, 0, canvas->width, canvas->height};
}

struct canvas_area canvas_clip(struct canvas *canvas, struct canvas_area area)
{
    struct canvas_area before = canvas->clip;
    int left = clamp(area.x, 0, canvas->width);
    int top = clamp(area.y, 0, canvas->height);
    int right = clamp(area.x + area.width, left, canvas->width);
    int bottom = clamp(area.y + area.height, top, canvas->height);
    canvas->clip = (struct canvas_area){left, top, right - left, bottom - top};
    return before;
}

static bool in_clip(const struct canvas *canvas, int x, int y)
{
    const struct canvas_area *clip = &canvas->clip;
    return x >= clip->x && x < clip->x + clip->width && y >= clip->y && y < clip->y + clip->height;
}

static struct canvas_cell *cell_at(const struct canvas *canvas, int x, int y)
{
    return &canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x];
}

/* Half a wide character is none: whoever overwrites one half blanks the other. */
static void break_wide(struct canvas *canvas, int x, int y)
{
    if (cell_at(canvas, x, y)->character == 0 && x > 0)
        cell_at(canvas, x - 1, y)->character = ' ';
    if (x + 1 < canvas->width && cell_at(canvas, x + 1, y)->character == 0)
        cell_at(canvas, x + 1, y)->character = ' ';
}

static void set(struct canvas *canvas, int x, int y, uint32_t character, enum theme_style style)
{
    break_wide(canvas, x, y);
    struct canvas_cell *cell = cell_at(canvas, x, y);
    cell->character = character;
    cell->style = (uint8_t)style;
}

void canvas_put(struct canvas *canvas, int x, int y, uint32_t character, enum theme_style style)
{
    if (in_clip(canvas, x, y))
        set(canvas, x, y, canvas->ascii ? (uint32_t)text_char_ascii(character) : character, style);
}

static void put_wide(struct canvas *canvas, int x, int y, uint32_t character,
                     enum theme_style style)
{
    if (!in_clip(canvas, x, y) || !in_clip(canvas, x + 1, y))
        return;
    set(canvas, x + 1, y, ' ', style);
    set(canvas, x, y, character, style);
    cell_at(canvas, x + 1, y)->character = 0;
}

int canvas_text(struct canvas *canvas, int x, int y, const char *text, enum theme_style style)
{
    int start = x;
    uint32_t character;
    while ((character = text_next(&text))) {
        int width = character < ' ' || character == 0x7f ? 0 : text_char_width(character);
        if (width == 2 && !canvas->ascii) {
            put_wide(canvas, x, y, character, style);
            x += 2;
            continue;
        }
        for (; width > 0; width--)
            canvas_put(canvas, x++, y, character, style);
    }
    return x - start;
}

void canvas_ground(struct canvas *canvas, int x, int y, enum theme_style style)
{
    if (in_clip(canvas, x, y))
        cell_at(canvas, x, y)->ground = (uint8_t)style;
}

const struct canvas_cell *canvas_at(const struct canvas *canvas, int x, int y)
{
    if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height)
        return NULL;
    return cell_at(canvas, x, y);
}

/* How the cells of a dump are painted; depth THEME_PLAIN: not at all. */
struct palette {
    const struct theme *theme;
    enum theme_depth depth;
};

/* Whether a style on a ground shows where nothing is written. */
static bool shows_blank(const struct palette *palette, unsigned style, unsigned ground)
{
    if (palette->depth == THEME_PLAIN)
        return false;
    struct theme_ink look = theme_look(palette->theme, palette->depth, style, ground);
    return theme_shows_blank(&look);
}

/* Columns of a row up to the last that shows anything. */
static int row_length(const struct canvas *canvas, int y, const struct palette *palette)
{
    int length = canvas->width;
    while (length > 0) {
        const struct canvas_cell *cell = cell_at(canvas, length - 1, y);
        if (cell->character != ' ' || shows_blank(palette, cell->style, cell->ground))
            break;
        length--;
    }
    return length;
}

static void add_character(struct buf *out, uint32_t character)
{
    char bytes[4];
    if (character)
        buf_add(out, bytes, (size_t)text_encode(character, bytes));
}

bool canvas_plain(const struct canvas *canvas, struct buf *out)
{
    static const struct palette plain = {.depth = THEME_PLAIN};
    for (int y = 0; y < canvas->height; y++) {
        int length = row_length(canvas, y, &plain);
        for (int x = 0; x < length; x++)
            add_character(out, cell_at(canvas, x, y)->character);
        buf_putc(out, '\n');
    }
    return !out->overflow;
}

/* What an escape sequence is about: a blank that shows nothing of any style but the ground keeps
   the style that was on. */
static unsigned look_of(const struct canvas_cell *cell, const struct palette *palette, unsigned now)
{
    unsigned style = cell->style, on = now & 0xff;
    if (cell->character == ' ' && !shows_blank(palette, style, THEME_TEXT) &&
        !shows_blank(palette, on, THEME_TEXT))
        style = on;
    return style | (unsigned)cell->ground << 8;
}

static void ansi_row(const struct canvas *canvas, int y, const struct palette *palette,
                     struct buf *out)
{
    unsigned look = 0;
    char sgr[THEME_SGR_MAX];
    int length = row_length(canvas, y, palette);
    for (int x = 0; x < length; x++) {
        const struct canvas_cell *cell = cell_at(canvas, x, y);
        unsigned next = look_of(cell, palette, look);
        if (next != look)
            buf_puts(out, theme_sgr(sgr, palette->theme, palette->depth, next & 0xff, next >> 8));
        look = next;
        add_character(out, cell->character);
    }
    if (look)
        buf_puts(out, theme_sgr(sgr, palette->theme, palette->depth, THEME_TEXT, THEME_TEXT));
    buf_putc(out, '\n');
}

bool canvas_ansi(const struct canvas *canvas, const struct theme *theme, enum theme_depth depth,
                 struct buf *out)
{
    struct palette palette = {theme, depth};
    if (depth == THEME_PLAIN)
        return canvas_plain(canvas, out);
    for (int y = 0; y < canvas->height; y++)
        ansi_row(canvas, y, &palette, out);
    return !out->overflow;
}
