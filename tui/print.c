#include "tui/print.h"

#include "base/mem.h"
#include "io/picture.h"

/* What a terminal calls its own: text and background. */
struct own_colors {
    uint32_t text, paper;
};

static struct own_colors own_colors_of(const struct theme *theme)
{
    static const struct own_colors dark = {0xd5d9de, 0x14171c}, light = {0x1d1f21, 0xffffff};
    return theme == theme_find("dark") ? dark : light;
}

static uint32_t rgb(const struct theme_color *color, uint32_t own)
{
    return color ? (uint32_t)color->red << 16 | (uint32_t)color->green << 8 | color->blue : own;
}

/* Half way from a colour to its ground: what terminals do with dim text. */
static uint32_t dim(uint32_t color, uint32_t ground)
{
    return (color >> 1 & 0x7f7f7f) + (ground >> 1 & 0x7f7f7f);
}

static struct picture_cell cell_of(const struct canvas_cell *cell, const struct theme *theme,
                                   const struct own_colors *own)
{
    struct theme_ink look = theme_look(theme, THEME_TRUE, cell->style, cell->ground);
    uint32_t color = rgb(look.color, own->text), ground = rgb(look.ground, own->paper);
    if (look.attributes & THEME_DIM)
        color = dim(color, ground);
    bool reverse = look.attributes & THEME_REVERSE;
    return (struct picture_cell){
        .character = cell->character,
        .color = reverse ? ground : color,
        .ground = reverse ? color : ground,
        .bold = look.attributes & THEME_BOLD,
        .underline = look.attributes & THEME_UNDERLINE,
    };
}

typedef bool put_picture(const struct picture *picture, struct buf *out, struct err *err);

static bool print(const struct canvas *canvas, const struct theme *theme, put_picture *put,
                  struct buf *out, struct err *err)
{
    struct own_colors own = own_colors_of(theme);
    size_t count = (size_t)canvas->width * (size_t)canvas->height;
    struct picture_cell *cells = mem_alloc(count ? count : 1, sizeof *cells);
    for (size_t i = 0; i < count; i++)
        cells[i] = cell_of(&canvas->cells[i], theme, &own);
    struct picture picture = {canvas->width, canvas->height, own.paper, cells};
    bool ok = put(&picture, out, err);
    mem_free(cells);
    return ok;
}

bool print_svg(const struct canvas *canvas, const struct theme *theme, struct buf *out,
               struct err *err)
{
    return print(canvas, theme, picture_put_svg, out, err);
}

bool print_png(const struct canvas *canvas, const struct theme *theme, struct buf *out,
               struct err *err)
{
    return print(canvas, theme, picture_put_png, out, err);
}
