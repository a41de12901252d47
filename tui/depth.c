#include "tui/depth.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "tui/caption.h"

enum {
    NUMBER_LEAST = 6, /* columns of a moment's numbers */
    NUMBER_MOST = 14,
    BAR_LEAST = 12, /* columns of a bar that says anything */
    BETWEEN = 2,    /* columns between two numbers */
    ROWS_FOR_HEADER = 4,
    ROWS_FOR_TITLE = 6,
    TEXT_MAX = 256,
};

/* A ladder on its way to the canvas. */
struct picture {
    const struct depth *depth;
    const struct depth_options *options;
    struct canvas *canvas;
    struct canvas_area area;
    struct depth_levels levels;
    struct axis_range range;        /* the labels' */
    int title, header, top;         /* rows; -1: none */
    int label;                      /* columns of the prices */
    int bar, bar_width;             /* 0: none */
    int numbers[DEPTH_MOMENTS_MAX]; /* the last column of each moment's; -1: left out */
    int number_width;
    int64_t most;
};

void depth_init(struct depth *depth)
{
    *depth = (struct depth){0};
    arena_init(&depth->arena, 0);
}

void depth_release(struct depth *depth)
{
    mem_free(depth->points);
    arena_release(&depth->arena);
    *depth = (struct depth){0};
}

void depth_add_moment(struct depth *depth, const char *name)
{
    if (depth->moment_count < DEPTH_MOMENTS_MAX)
        depth->moments[depth->moment_count++] = arena_strdup(&depth->arena, name);
}

void depth_add(struct depth *depth, struct depth_point point)
{
    depth->points = mem_grow(depth->points, depth->count, &depth->capacity, sizeof(*depth->points));
    depth->points[depth->count++] = point;
}

int64_t depth_at(const struct depth *depth, int64_t price, size_t moment)
{
    size_t from = 0, to = depth->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (depth->points[middle].price <= price)
            from = middle + 1;
        else
            to = middle;
    }
    if (from > 0)
        return depth->points[from - 1].tickets[moment];
    return depth->count > 0 && depth->points[0].tickets[moment] < 0 ? -1 : 0;
}

/* Tickets at any price. */
static int64_t total_of(const struct depth *depth, size_t moment)
{
    return depth->count ? depth->points[depth->count - 1].tickets[moment] : 0;
}

/* The prices of the cheapest ticket and of the one below which all but a twentieth are; false when
   there is none at any moment. */
static bool find_prices(const struct depth *depth, int64_t *low, int64_t *high)
{
    size_t moment = 0;
    while (moment < depth->moment_count && total_of(depth, moment) <= 0)
        moment++;
    if (moment == depth->moment_count)
        return false;
    int64_t total = total_of(depth, moment), most = total - total / 20;
    size_t i = 0;
    while (depth->points[i].tickets[moment] <= 0)
        i++;
    *low = depth->points[i].price;
    while (depth->points[i].tickets[moment] < most)
        i++;
    *high = depth->points[i].price;
    return true;
}

struct depth_levels depth_choose(const struct depth *depth, int rows)
{
    static const int64_t digits[] = {100, 200, 250, 500};
    int64_t low, high;
    if (rows < 1 || !find_prices(depth, &low, &high))
        return (struct depth_levels){0};
    for (int64_t power = 1; power < AXIS_LIMIT; power *= 10)
        for (int i = 0; i < 4; i++) {
            int64_t step = power * digits[i];
            int64_t from = (low + step - 1) / step * step, to = (high + step - 1) / step * step;
            int64_t count = (to - from) / step + 1;
            if (count <= rows)
                return (struct depth_levels){from, step, (int)count};
        }
    return (struct depth_levels){0};
}

static void divide_rows(struct picture *picture)
{
    const struct canvas_area *area = &picture->area;
    const struct depth *depth = picture->depth;
    int top = area->y;
    picture->title = (depth->title || depth->note) && area->height >= ROWS_FOR_TITLE ? top++ : -1;
    picture->header = area->height >= ROWS_FOR_HEADER ? top++ : -1;
    picture->top = top;
    /* the last row is for all */
    picture->levels = depth_choose(depth, area->y + area->height - top - 1);
}

static void find_most(struct picture *picture)
{
    const struct depth *depth = picture->depth;
    for (size_t i = 0; i < depth->moment_count; i++)
        if (total_of(depth, i) > picture->most)
            picture->most = total_of(depth, i);
}

/* "any price" and the dearest level are the widest. */
static int label_width(const struct picture *picture)
{
    char label[AXIS_LABEL_MAX], sign[AXIS_LABEL_MAX];
    int any = text_width("any price");
    axis_sign(sign, picture->depth->currency);
    axis_label(label, picture->range.to, &picture->range, AXIS_MONEY, sign);
    int width = text_width(label) + 3;
    return width > any ? width : any;
}

/* The numbers stand beside the price, where a wide screen does not part them from it, now the first;
   the oldest go first where room is short. */
static void divide_columns(struct picture *picture)
{
    const struct depth *depth = picture->depth;
    char text[32];
    int width = text_width(text_thousands(text, picture->most));
    for (size_t i = 0; i < depth->moment_count; i++) {
        int name = text_width(depth->moments[i]) + 2;
        width = name > width ? name : width;
    }
    width = width < NUMBER_LEAST ? NUMBER_LEAST : width > NUMBER_MOST ? NUMBER_MOST : width;
    picture->number_width = width;
    picture->label = label_width(picture);
    int room = picture->area.width - picture->label - 2;
    int shown = (int)depth->moment_count;
    while (shown > 1 && room - shown * (width + BETWEEN) < BAR_LEAST)
        shown--;
    int numbers = shown * (width + BETWEEN);
    picture->bar = picture->area.x + picture->label + numbers + 2;
    picture->bar_width = room > numbers ? room - numbers : 0;
    for (int i = 0; i < DEPTH_MOMENTS_MAX; i++)
        picture->numbers[i] =
            i < shown ? picture->area.x + picture->label + (i + 1) * (width + BETWEEN) - 1 : -1;
}

/* The characters of the moments: a bar's, and marks that differ without colour too. */
static uint32_t sign_of(const struct picture *picture, size_t moment)
{
    static const uint32_t signs[DEPTH_MOMENTS_MAX] = {0x2588, 0x2503, 0x250a, 0x25c7};
    static const char letters[] = "#|:o";
    return picture->canvas->ascii ? (uint32_t)letters[moment] : signs[moment];
}

/* Eighths of a bar, or whole cells in ASCII. */
static void draw_bar(const struct picture *picture, int y, int64_t tickets)
{
    enum { EIGHTHS = 8, LEFT_BLOCK = 0x2590 };
    struct canvas *canvas = picture->canvas;
    double share = picture->most ? (double)tickets / (double)picture->most : 0;
    int eighths = (int)(share * picture->bar_width * EIGHTHS + 0.5);
    if (tickets > 0 && eighths == 0)
        eighths = 1;
    int whole = eighths / EIGHTHS, rest = eighths % EIGHTHS;
    for (int x = 0; x < whole; x++)
        canvas_put(canvas, picture->bar + x, y, sign_of(picture, 0), theme_series(0));
    if (rest && canvas->ascii && (rest >= EIGHTHS / 2 || whole == 0))
        canvas_put(canvas, picture->bar + whole, y, sign_of(picture, 0), theme_series(0));
    else if (rest && !canvas->ascii)
        canvas_put(canvas, picture->bar + whole, y, (uint32_t)(LEFT_BLOCK - rest), theme_series(0));
}

static void draw_marks(const struct picture *picture, int y, int64_t price, bool all)
{
    const struct depth *depth = picture->depth;
    for (size_t i = depth->moment_count; i-- > 1;) {
        int64_t tickets = all ? total_of(depth, i) : depth_at(depth, price, i);
        if (tickets <= 0)
            continue;
        /* in the cell in which a bar of as many would end */
        int x = (int)ceil((double)tickets / (double)picture->most * picture->bar_width) - 1;
        canvas_put(picture->canvas, picture->bar + x, y, sign_of(picture, i), theme_series(i));
    }
}

static void draw_numbers(const struct picture *picture, int y, int64_t price, bool all)
{
    const struct depth *depth = picture->depth;
    char text[32];
    for (size_t i = 0; i < depth->moment_count; i++) {
        int64_t tickets = all ? total_of(depth, i) : depth_at(depth, price, i);
        if (picture->numbers[i] < 0)
            continue;
        if (tickets < 0)
            snprintf(text, sizeof(text), "-");
        else
            text_thousands(text, tickets);
        canvas_text(picture->canvas, picture->numbers[i] - text_width(text) + 1, y, text,
                    i == 0 ? THEME_TEXT : THEME_NOTE);
    }
}

static void draw_level(const struct picture *picture, int y, int64_t price, bool all)
{
    const struct depth *depth = picture->depth;
    const struct depth_options *options = picture->options;
    char label[AXIS_LABEL_MAX], sign[AXIS_LABEL_MAX];
    axis_sign(sign, depth->currency);
    if (all)
        snprintf(label, sizeof(label), "any price");
    else
        axis_label(label, price, &picture->range, AXIS_MONEY, sign);
    int x = picture->area.x + picture->label - text_width(label);
    canvas_text(picture->canvas, x, y, label, THEME_AXIS);
    if (!all)
        canvas_text(picture->canvas, x - (picture->canvas->ascii ? 3 : 2), y,
                    picture->canvas->ascii ? "<=" : "\u2264", THEME_NOTE);
    int64_t now = all ? total_of(depth, 0) : depth_at(depth, price, 0);
    if (picture->bar_width) {
        draw_bar(picture, y, now);
        draw_marks(picture, y, price, all);
    }
    draw_numbers(picture, y, price, all);
    int64_t below = price - picture->levels.step;
    if (options->has_price && !all && options->price <= price && options->price > below)
        for (int i = 0; i < picture->area.width; i++)
            canvas_ground(picture->canvas, picture->area.x + i, y, THEME_SELECTED);
}

/* What the signs of those moments mean that have no numbers below their name. */
static void draw_legend(const struct picture *picture)
{
    const struct depth *depth = picture->depth;
    char text[TEXT_MAX];
    int x = picture->bar;
    for (size_t i = 0; i < depth->moment_count; i++) {
        int width =
            text_clip(text, sizeof(text), depth->moments[i], NUMBER_MOST, picture->canvas->ascii);
        if (picture->numbers[i] >= 0)
            continue;
        if (x + width + 2 > picture->bar + picture->bar_width)
            break;
        canvas_put(picture->canvas, x, picture->header, sign_of(picture, i), theme_series(i));
        canvas_text(picture->canvas, x + 2, picture->header, text, THEME_NOTE);
        x += width + 4;
    }
}

static void draw_header(const struct picture *picture)
{
    const struct depth *depth = picture->depth;
    char text[TEXT_MAX];
    if (picture->header < 0)
        return;
    draw_legend(picture);
    for (size_t i = 0; i < depth->moment_count; i++) {
        int width = text_clip(text, sizeof(text), depth->moments[i], picture->number_width - 2,
                              picture->canvas->ascii);
        int x = picture->numbers[i] - width + 1;
        if (picture->numbers[i] < 0)
            continue;
        canvas_put(picture->canvas, x - 2, picture->header, sign_of(picture, i), theme_series(i));
        canvas_text(picture->canvas, x, picture->header, text, THEME_NOTE);
    }
}

static void draw_levels(const struct picture *picture)
{
    const struct depth_levels *levels = &picture->levels;
    for (int i = 0; i < levels->rows; i++)
        draw_level(picture, picture->top + i, levels->from + i * levels->step, false);
    draw_level(picture, picture->top + levels->rows, 0, true);
}

void depth_draw(const struct depth *depth, const struct depth_options *options,
                struct canvas *canvas, struct canvas_area area)
{
    struct canvas_area before = canvas_clip(canvas, area);
    struct picture picture = {
        .depth = depth, .options = options, .canvas = canvas, .area = canvas->clip};
    divide_rows(&picture);
    find_most(&picture);
    if (picture.title >= 0)
        caption_title(canvas, picture.area, depth->title, depth->note);
    struct depth_levels *levels = &picture.levels;
    picture.range = (struct axis_range){
        .from = levels->from,
        .to = levels->from + levels->step * (levels->rows > 0 ? levels->rows - 1 : 0),
        .step = levels->step,
    };
    if (levels->rows > 0) {
        divide_columns(&picture);
        draw_header(&picture);
        draw_levels(&picture);
    } else {
        caption_middle(canvas, picture.area, "nothing is for sale");
    }
    canvas_clip(canvas, before);
}
