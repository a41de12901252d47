#include "tui/heat.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "tui/caption.h"
#include "tui/ticks.h"

enum {
    LABEL_MOST = 24,      /* columns of a row's label */
    CELL_WIDTH_MOST = 8,  /* a bucket wider than that says nothing more */
    CELL_HEIGHT_MOST = 3, /* the same for a zone; bins fill what there is */
    TEXT_MAX = 256,
};

/* Rows of a heat map that is just high enough for a part. */
enum {
    ROWS_FOR_AXIS = 3,
    ROWS_FOR_TITLE = 5,
    ROWS_FOR_READOUT = 6,
    ROWS_FOR_DATES = 8,
    ROWS_FOR_LEGEND = 9,
};

/* The values of the ramp's ends. */
struct ramp {
    bool any;
    int64_t low, high;
};

struct picture {
    const struct heat *heat;
    const struct heat_options *options;
    struct canvas *canvas;
    struct heat_layout layout;
    struct canvas_area area;
    struct ramp ramp;
};

void heat_init(struct heat *heat, size_t rows, size_t columns)
{
    *heat = (struct heat){.rows = rows, .columns = columns, .step = 1};
    arena_init(&heat->arena, 0);
    heat->labels = arena_array(&heat->arena, rows + 1, sizeof(*heat->labels));
    heat->cells = arena_array(&heat->arena, rows * columns + 1, sizeof(*heat->cells));
    heat->line = arena_array(&heat->arena, columns + 1, sizeof(*heat->line));
    for (size_t row = 0; row < rows; row++)
        heat->labels[row] = "";
    for (size_t column = 0; column < columns; column++)
        heat->line[column] = -1;
}

void heat_release(struct heat *heat)
{
    arena_release(&heat->arena);
    *heat = (struct heat){0};
}

struct heat_cell *heat_at(const struct heat *heat, size_t row, size_t column)
{
    return &heat->cells[row * heat->columns + column];
}

void heat_label(struct heat *heat, size_t row, const char *label)
{
    heat->labels[row] = arena_strdup(&heat->arena, label);
}

static int label_width(const struct heat *heat, int width)
{
    int widest = 0;
    for (size_t row = 0; row < heat->rows; row++) {
        int columns = text_width(heat->labels[row]);
        widest = columns > widest ? columns : widest;
    }
    int most = width / 3 < LABEL_MOST ? width / 3 : LABEL_MOST;
    return (widest < most ? widest : most) + 1;
}

static void divide_rows(const struct heat *heat, const struct heat_options *options,
                        struct canvas_area area, struct heat_layout *layout)
{
    int top = area.y, bottom = area.y + area.height, height = area.height;
    layout->title = (heat->title || heat->note) && height >= ROWS_FOR_TITLE ? top++ : -1;
    layout->readout = options->has_cursor && height >= ROWS_FOR_READOUT ? top++ : -1;
    bottom -= (height >= ROWS_FOR_LEGEND) + (height >= ROWS_FOR_DATES) + (height >= ROWS_FOR_AXIS);
    layout->plot.y = top;
    layout->plot.height = bottom - top;
}

/* What stands below the plot, wherever that ends. */
static void place_below(struct canvas_area area, struct heat_layout *layout)
{
    int y = layout->plot.y + layout->plot.height;
    layout->axis = area.height >= ROWS_FOR_AXIS ? y++ : -1;
    layout->dates = area.height >= ROWS_FOR_DATES ? y++ : -1;
    layout->legend = area.height >= ROWS_FOR_LEGEND ? y : -1;
}

/* Which rows are shown of those that do not fit. */
static void scroll(const struct heat *heat, const struct heat_options *options,
                   struct heat_layout *layout)
{
    size_t last = heat->rows - layout->rows;
    layout->first = options->top < last ? options->top : last;
    if (!options->has_cursor)
        return;
    if (options->row < layout->first)
        layout->first = options->row;
    if (options->row >= layout->first + layout->rows && options->row < heat->rows)
        layout->first = options->row - layout->rows + 1;
}

void heat_arrange(const struct heat *heat, const struct heat_options *options,
                  struct canvas_area area, struct heat_layout *layout)
{
    *layout = (struct heat_layout){.rows = heat->rows, .columns = heat->columns};
    divide_rows(heat, options, area, layout);
    struct canvas_area *plot = &layout->plot;
    int rows = (int)heat->rows, columns = (int)heat->columns;
    layout->labels = label_width(heat, area.width);
    plot->x = area.x + layout->labels;
    plot->width = area.width - layout->labels;
    if (rows == 0 || columns == 0 || plot->width < 1 || plot->height < 1) {
        plot->width = plot->height = 0;
        place_below(area, layout);
        return;
    }
    layout->cell_width = plot->width / columns;
    if (layout->cell_width > CELL_WIDTH_MOST)
        layout->cell_width = CELL_WIDTH_MOST;
    if (layout->cell_width > 0)
        plot->width = layout->cell_width * columns;
    layout->cell_height = plot->height / rows;
    if (!heat->bins && layout->cell_height > CELL_HEIGHT_MOST)
        layout->cell_height = CELL_HEIGHT_MOST;
    if (layout->cell_height == 0 && !heat->bins) {
        layout->cell_height = 1;
        layout->rows = (size_t)plot->height;
        scroll(heat, options, layout);
    }
    if (layout->cell_height > 0)
        plot->height = layout->cell_height * (int)layout->rows;
    place_below(area, layout);
}

/* The first of what the cell at `place` of `cells` shows of `count` things; that of the next cell
   is the end. */
static size_t first_at(size_t count, int cells, int place)
{
    return count * (size_t)place / (size_t)cells;
}

bool heat_find(const struct heat_layout *layout, int x, int y, size_t *row, size_t *column)
{
    const struct canvas_area *plot = &layout->plot;
    x -= plot->x;
    y -= plot->y;
    if (x < 0 || y < 0 || x >= plot->width || y >= plot->height)
        return false;
    size_t after = first_at(layout->columns, plot->width, x + 1);
    size_t below = first_at(layout->rows, plot->height, y + 1);
    *column = layout->cell_width ? (size_t)(x / layout->cell_width) : after - 1;
    *row = layout->cell_height ? layout->first + (size_t)(y / layout->cell_height) : below - 1;
    return true;
}

static void take(const struct heat *heat, struct heat_cell *shown, const struct heat_cell *cell)
{
    if (!cell->known)
        return;
    if (!shown->known || heat->merge == HEAT_LAST || cell->value > shown->value)
        *shown = *cell;
}

/* A range of rows and buckets. */
struct block {
    size_t top, bottom, left, right;
};

/* What a cell of the plot shows. */
static struct block block_at(const struct heat_layout *layout, int x, int y)
{
    const struct canvas_area *plot = &layout->plot;
    struct block block = {0};
    heat_find(layout, plot->x + x, plot->y + y, &block.bottom, &block.right);
    block.left = layout->cell_width ? block.right++ : first_at(layout->columns, plot->width, x);
    block.top = layout->cell_height ? block.bottom++ : first_at(layout->rows, plot->height, y);
    if (!layout->cell_width)
        block.right++;
    if (!layout->cell_height)
        block.bottom++;
    return block;
}

static struct heat_cell merge(const struct heat *heat, const struct block *block)
{
    struct heat_cell shown = {0};
    for (size_t column = block->left; column < block->right; column++)
        for (size_t row = block->top; row < block->bottom; row++)
            take(heat, &shown, heat_at(heat, row, column));
    return shown;
}

static struct ramp find_ramp(const struct heat *heat)
{
    struct ramp ramp = {0};
    for (size_t i = 0; i < heat->rows * heat->columns; i++) {
        const struct heat_cell *cell = &heat->cells[i];
        if (!cell->known)
            continue;
        ramp.low = ramp.any && ramp.low < cell->value ? ramp.low : cell->value;
        ramp.high = ramp.any && ramp.high > cell->value ? ramp.high : cell->value;
        ramp.any = true;
    }
    if (heat->log && ramp.low < 1)
        ramp.low = 1;
    return ramp;
}

static int step_of(const struct heat *heat, const struct ramp *ramp, int64_t value)
{
    if (ramp->high <= ramp->low)
        return value > ramp->low ? THEME_HEAT_COUNT - 1 : THEME_HEAT_COUNT / 2;
    if (value <= ramp->low)
        return 0;
    double share = ((double)value - (double)ramp->low) / ((double)ramp->high - (double)ramp->low);
    if (heat->log)
        share =
            log((double)value / (double)ramp->low) / log((double)ramp->high / (double)ramp->low);
    int step = (int)(share * THEME_HEAT_COUNT);
    return step >= THEME_HEAT_COUNT ? THEME_HEAT_COUNT - 1 : step;
}

/* Lays a step of the ramp under one cell, or its density into it. */
static void put_heat(const struct picture *picture, int x, int y, int step)
{
    static const char letters[] = ".,:-=+*#%@";
    static const uint32_t shades[] = {0x00b7, 0x2591, 0x2592, 0x2593, 0x2588};
    struct canvas *canvas = picture->canvas;
    if (picture->options->depth >= THEME_256) {
        canvas_put(canvas, x, y, ' ', THEME_TEXT);
        canvas_ground(canvas, x, y, theme_heat(step));
    } else {
        canvas_put(canvas, x, y, canvas->ascii ? (uint32_t)letters[step] : shades[step / 2],
                   THEME_TEXT);
    }
}

static bool has_line(const struct heat *heat, const struct block *block)
{
    if (!heat->line_name)
        return false;
    for (size_t column = block->right; column-- > block->left;)
        if (heat->line[column] >= 0)
            return (size_t)heat->line[column] >= block->top &&
                   (size_t)heat->line[column] < block->bottom;
    return false;
}

static bool is_cursor(const struct heat_options *options, const struct block *block)
{
    return options->has_cursor && options->row >= block->top && options->row < block->bottom &&
           options->column >= block->left && options->column < block->right;
}

static int columns_of(const struct heat_layout *layout)
{
    return layout->cell_width ? layout->cell_width : 1;
}

/* The glyph of the cell left of the one that starts at x: it is repeated only where it changes. */
static char glyph_before(const struct picture *picture, int x, int y)
{
    if (x == 0)
        return '\0';
    struct block block = block_at(&picture->layout, x - 1, y);
    struct heat_cell shown = merge(picture->heat, &block);
    return shown.known ? shown.glyph : '\0';
}

static void draw_cell(const struct picture *picture, int x, int y)
{
    const struct heat_layout *layout = &picture->layout;
    struct canvas *canvas = picture->canvas;
    struct block block = block_at(layout, x, y);
    struct heat_cell shown = merge(picture->heat, &block);
    int left = layout->plot.x + x, top = layout->plot.y + y;
    int width = columns_of(layout), height = layout->cell_height ? layout->cell_height : 1;
    bool middle = y % height == height / 2;
    if (shown.known)
        put_heat(picture, left, top, step_of(picture->heat, &picture->ramp, shown.value));
    if (middle && x % width == 0 && picture->options->depth >= THEME_256 &&
        shown.glyph != glyph_before(picture, x, y) && shown.known && shown.glyph)
        canvas_put(canvas, left, top, (uint32_t)shown.glyph, THEME_TEXT);
    if (middle && has_line(picture->heat, &block))
        canvas_put(canvas, left, top, canvas->ascii ? 'o' : 0x2501, THEME_TEXT);
    if (is_cursor(picture->options, &block)) {
        uint32_t mark = !middle ? ' ' : canvas->ascii ? 'X' : 0x25c6;
        canvas_put(canvas, left, top, mark, THEME_CROSS);
        canvas_ground(canvas, left, top, THEME_SELECTED);
    }
}

/* How many rows are not shown, above or below, in the last cell of the plot's row next to them. */
static void draw_more(const struct picture *picture, size_t count, int y, const char *ascii,
                      const char *sign)
{
    const struct canvas_area *plot = &picture->layout.plot;
    char text[TEXT_MAX];
    if (count == 0)
        return;
    snprintf(text, sizeof(text), "%s%zu", picture->canvas->ascii ? ascii : sign, count);
    canvas_text(picture->canvas, plot->x + plot->width - text_width(text), plot->y + y, text,
                THEME_NOTE);
}

static void draw_labels(const struct picture *picture)
{
    const struct heat *heat = picture->heat;
    const struct heat_layout *layout = &picture->layout;
    const struct canvas_area *plot = &layout->plot;
    char text[TEXT_MAX];
    int height = layout->cell_height ? layout->cell_height : 1;
    for (int y = height / 2; y < plot->height; y += height) {
        struct block block = block_at(layout, 0, y);
        bool here = picture->options->has_cursor && picture->options->row >= block.top &&
                    picture->options->row < block.bottom;
        /* of bins that share a row, the lowest one's label says where it starts */
        int width = text_clip(text, sizeof(text), heat->labels[block.bottom - 1],
                              layout->labels - 1, picture->canvas->ascii);
        int indent = heat->bins ? layout->labels - 1 - width : 0;
        canvas_text(picture->canvas, picture->area.x + indent, plot->y + y, text,
                    here ? THEME_ACTIVE : THEME_AXIS);
    }
    draw_more(picture, layout->first, 0, "^", "\u25b2");
    draw_more(picture, heat->rows - layout->first - layout->rows, plot->height - 1, "v", "\u25bc");
}

static void draw_axis(const struct picture *picture)
{
    const struct heat *heat = picture->heat;
    const struct heat_layout *layout = &picture->layout;
    int free = picture->area.x + picture->area.width - layout->plot.x - layout->plot.width;
    struct ticks_strip strip = {
        .scale = {heat->from, heat->from + heat->step * (int64_t)heat->columns, layout->plot.width},
        .cell = 1,
        .left = layout->labels,
        .right = free,
    };
    struct ticks ticks;
    if (layout->axis < 0)
        return;
    ticks_time(&ticks, &strip, picture->options->zone);
    for (size_t i = 0; i < ticks.upper_count; i++)
        canvas_text(picture->canvas, layout->plot.x + ticks.upper[i].column, layout->axis,
                    ticks.upper[i].text, THEME_AXIS);
    for (size_t i = 0; layout->dates >= 0 && i < ticks.lower_count; i++)
        canvas_text(picture->canvas, layout->plot.x + ticks.lower[i].column, layout->dates,
                    ticks.lower[i].text, THEME_AXIS);
}

/* "$67 ▁▂▃ $410", the line's name, what glyphs mean. */
static void draw_legend(const struct picture *picture)
{
    const struct heat *heat = picture->heat;
    struct canvas *canvas = picture->canvas;
    int x = picture->area.x, y = picture->layout.legend;
    char text[AXIS_LABEL_MAX];
    if (y < 0)
        return;
    x += canvas_text(canvas, x, y, axis_value(text, picture->ramp.low, heat->unit, heat->currency),
                     THEME_NOTE);
    x++;
    for (int step = 0; step < THEME_HEAT_COUNT; step++, x += 2)
        for (int i = 0; i < 2; i++)
            put_heat(picture, x + i, y, step);
    x++;
    x += canvas_text(canvas, x, y, axis_value(text, picture->ramp.high, heat->unit, heat->currency),
                     THEME_NOTE);
    if (heat->line_name) {
        x += canvas_text(canvas, x + 3, y, canvas->ascii ? "oo" : "\u2501\u2501", THEME_TEXT) + 4;
        x += canvas_text(canvas, x, y, heat->line_name, THEME_NOTE);
    }
    if (heat->key && picture->options->depth >= THEME_256)
        canvas_text(canvas, x + 3, y, heat->key, THEME_NOTE);
}

static void draw_readout(const struct picture *picture)
{
    const struct heat *heat = picture->heat;
    const struct heat_options *options = picture->options;
    char when[AXIS_LABEL_MAX], value[AXIS_LABEL_MAX] = "-";
    char text[TEXT_MAX + 2 * AXIS_LABEL_MAX], clipped[sizeof(text)];
    if (picture->layout.readout < 0 || options->row >= heat->rows ||
        options->column >= heat->columns)
        return;
    const struct heat_cell *cell = heat_at(heat, options->row, options->column);
    if (cell->known)
        axis_value(value, cell->value, heat->unit, heat->currency);
    ticks_moment(when, heat->from + heat->step * (int64_t)options->column, options->zone);
    snprintf(text, sizeof(text), "%s  %s  %s", when, heat->labels[options->row], value);
    text_clip(clipped, sizeof(clipped), options->readout ? options->readout : text,
              picture->area.width, picture->canvas->ascii);
    canvas_text(picture->canvas, picture->area.x, picture->layout.readout, clipped, THEME_CROSS);
}

void heat_draw(const struct heat *heat, const struct heat_options *options, struct canvas *canvas,
               struct canvas_area area)
{
    struct canvas_area before = canvas_clip(canvas, area);
    struct picture picture = {
        .heat = heat,
        .options = options,
        .canvas = canvas,
        .area = canvas->clip,
        .ramp = find_ramp(heat),
    };
    heat_arrange(heat, options, canvas->clip, &picture.layout);
    if (picture.layout.title >= 0)
        caption_title(canvas, picture.area, heat->title, heat->note);
    if (picture.ramp.any) {
        for (int y = 0; y < picture.layout.plot.height; y++)
            for (int x = 0; x < picture.layout.plot.width; x++)
                draw_cell(&picture, x, y);
        draw_labels(&picture);
        draw_axis(&picture);
        draw_legend(&picture);
        draw_readout(&picture);
    } else {
        caption_middle(canvas, picture.area, "no data in this window");
    }
    canvas_clip(canvas, before);
}
