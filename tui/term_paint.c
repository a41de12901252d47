#include "tui/term_paint.h"

#define NCURSES_NOMACROS 1
#include <ncurses.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/text.h"

struct look {
    bool known;
    attr_t attributes;
    int pair;
};

struct term_paint {
    enum theme_depth depth;
    const struct theme *theme; /* of the looks */
    struct look looks[THEME_STYLE_COUNT][THEME_STYLE_COUNT];
    struct canvas_cell *shown; /* what was drawn, to pass over rows that stay */
    int width, height;
};

struct term_paint *term_paint_open(enum theme_depth depth)
{
    struct term_paint *paint = mem_alloc(1, sizeof *paint);
    *paint = (struct term_paint){.depth = depth};
    return paint;
}

void term_paint_close(struct term_paint *paint)
{
    mem_free(paint->shown);
    mem_free(paint);
}

void term_paint_forget(struct term_paint *paint)
{
    mem_free(paint->shown);
    paint->shown = NULL;
    paint->width = paint->height = 0;
}

/* ncurses' number of a colour, -1 for the terminal's own. */
static int number_of(enum theme_depth depth, const struct theme_color *color)
{
    if (!color)
        return -1;
    if (depth == THEME_8)
        return color->index_8 < 8 ? color->index_8 : -1;
    if (depth == THEME_256)
        return color->index_256;
    return color->red << 16 | color->green << 8 | color->blue;
}

static attr_t attributes_of(unsigned attributes)
{
    static const struct {
        unsigned attribute;
        attr_t curses;
    } known[] = {
        {THEME_BOLD, A_BOLD},
        {THEME_DIM, A_DIM},
        {THEME_REVERSE, A_REVERSE},
        {THEME_UNDERLINE, A_UNDERLINE},
    };
    attr_t all = A_NORMAL;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        all |= attributes & known[i].attribute ? known[i].curses : 0;
    return all;
}

static struct look make_look(const struct term_paint *paint, unsigned style, unsigned ground)
{
    struct theme_ink ink = theme_look(paint->theme, paint->depth, style, ground);
    int color = number_of(paint->depth, ink.color);
    int back = number_of(paint->depth, ink.ground);
    struct look look = {.known = true, .attributes = attributes_of(ink.attributes)};
    if (paint->depth == THEME_8 && ink.color && color < 0)
        look.attributes |= A_DIM;
    if (color >= 0 || back >= 0)
        look.pair = alloc_pair(color, back);
    return look;
}

static const struct look *look_of(struct term_paint *paint, const struct canvas_cell *cell)
{
    struct look *look = &paint->looks[cell->style][cell->ground];
    if (!look->known)
        *look = make_look(paint, cell->style, cell->ground);
    return look;
}

/* What the terminal's idea of a width is not ours of would shift the row. */
static wchar_t fitting(uint32_t character)
{
    bool ascii = character >= ' ' && character <= '~';
    return ascii || wcwidth((wchar_t)character) == text_char_width(character) ? (wchar_t)character
                                                                              : L'?';
}

static void draw_row(struct term_paint *paint, const struct canvas *canvas, int y)
{
    cchar_t line[CANVAS_SIDE_MAX];
    int count = 0;
    wchar_t text[2] = L"";
    for (int x = 0; x < canvas->width; x++) {
        const struct canvas_cell *cell = canvas_at(canvas, x, y);
        const struct look *look = look_of(paint, cell);
        /* The second half of a wide character is part of the first, unless that did not fit. */
        if (cell->character == 0 && text[0] != L'?')
            continue;
        text[0] = cell->character ? fitting(cell->character) : L'?';
        setcchar(&line[count++], text, look->attributes, 0, &look->pair);
    }
    mvwadd_wchnstr(stdscr, y, 0, line, count);
}

/* Notes a row; false when it is drawn already. */
static bool is_new(struct term_paint *paint, const struct canvas *canvas, int y, bool all)
{
    size_t bytes = (size_t)canvas->width * sizeof *paint->shown;
    struct canvas_cell *shown = paint->shown + (size_t)y * (size_t)canvas->width;
    const struct canvas_cell *row = canvas->cells + (size_t)y * (size_t)canvas->width;
    if (!all && memcmp(shown, row, bytes) == 0)
        return false;
    memcpy(shown, row, bytes);
    return true;
}

void term_paint_draw(struct term_paint *paint, const struct canvas *canvas,
                     const struct theme *theme)
{
    bool all = theme != paint->theme || canvas->width != paint->width ||
               canvas->height != paint->height || !paint->shown;
    if (theme != paint->theme)
        memset(paint->looks, 0, sizeof paint->looks);
    if (all) {
        size_t count = (size_t)canvas->width * (size_t)canvas->height;
        term_paint_forget(paint);
        werase(stdscr);
        paint->theme = theme;
        paint->width = canvas->width;
        paint->height = canvas->height;
        paint->shown = mem_alloc(count ? count : 1, sizeof *paint->shown);
    }
    for (int y = 0; y < canvas->height && y < getmaxy(stdscr); y++)
        if (is_new(paint, canvas, y, all))
            draw_row(paint, canvas, y);
}
