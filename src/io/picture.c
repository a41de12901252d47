#include "io/picture.h"

#include "base/text.h"
#include "io/picture_cairo.h"
#include "io/picture_shape.h"

/* The size at which fonts are measured. */
#define MEASURE 100.0

struct pen {
    const struct picture_cairo *call;
    cairo_t *cairo;
    double baseline; /* from the top of a cell */
    uint32_t color;
};

static double width_of(const struct picture *picture)
{
    return picture->columns * PICTURE_CELL_WIDTH + 2 * PICTURE_MARGIN;
}

static double height_of(const struct picture *picture)
{
    return picture->rows * PICTURE_CELL_HEIGHT + 2 * PICTURE_MARGIN;
}

static void use_color(const struct pen *pen, uint32_t color, double opacity)
{
    pen->call->set_source_rgba(pen->cairo, (color >> 16 & 0xff) / 255.0,
                               (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0, opacity);
}

static void use_font(const struct pen *pen, bool bold)
{
    pen->call->select_font_face(pen->cairo, "monospace", CAIRO_FONT_SLANT_NORMAL,
                                bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
}

/* A size at which a character is as wide as a cell, on the line that centres it. */
static void fit_font(struct pen *pen)
{
    cairo_text_extents_t text;
    cairo_font_extents_t font;
    cairo_font_options_t *options = pen->call->font_options_create();
    pen->call->font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pen->call->font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    pen->call->font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pen->call->set_font_options(pen->cairo, options);
    pen->call->font_options_destroy(options);
    use_font(pen, false);
    pen->call->set_font_size(pen->cairo, MEASURE);
    pen->call->text_extents(pen->cairo, "0", &text);
    double advance = text.x_advance > 0 ? text.x_advance : MEASURE;
    pen->call->set_font_size(pen->cairo, MEASURE * PICTURE_CELL_WIDTH / advance);
    pen->call->font_extents(pen->cairo, &font);
    pen->baseline = (PICTURE_CELL_HEIGHT + font.ascent - font.descent) / 2;
}

static void fill_box(const struct pen *pen, double x1, double y1, double x2, double y2)
{
    pen->call->rectangle(pen->cairo, x1, y1, x2 - x1, y2 - y1);
    pen->call->fill(pen->cairo);
}

static void stroke(const struct pen *pen, double size, cairo_line_cap_t cap)
{
    pen->call->set_line_width(pen->cairo, size);
    pen->call->set_line_cap(pen->cairo, cap);
    pen->call->stroke(pen->cairo);
}

static void draw_part(const struct pen *pen, const struct picture_shape_part *part, double x,
                      double y)
{
    double x1 = x + part->x1, y1 = y + part->y1, x2 = x + part->x2, y2 = y + part->y2;
    double middle_x = x + PICTURE_CELL_WIDTH / 2.0, middle_y = y + PICTURE_CELL_HEIGHT / 2.0;
    switch (part->kind) {
    case PICTURE_SHAPE_BOX:
        use_color(pen, pen->color, part->opacity);
        fill_box(pen, x1, y1, x2, y2);
        use_color(pen, pen->color, 1);
        break;
    case PICTURE_SHAPE_LINE:
        pen->call->move_to(pen->cairo, x1, y1);
        pen->call->line_to(pen->cairo, x2, y2);
        stroke(pen, part->size, CAIRO_LINE_CAP_BUTT);
        break;
    case PICTURE_SHAPE_CURVE:
        pen->call->move_to(pen->cairo, x1, y1);
        pen->call->curve_to(pen->cairo, middle_x, middle_y, middle_x, middle_y, x2, y2);
        stroke(pen, part->size, CAIRO_LINE_CAP_BUTT);
        break;
    case PICTURE_SHAPE_DOT: /* a line without length: a tenth of the SVG of a circle */
        pen->call->move_to(pen->cairo, x1, y1);
        pen->call->line_to(pen->cairo, x1, y1);
        stroke(pen, part->size, CAIRO_LINE_CAP_ROUND);
        break;
    }
}

static void draw_text(const struct pen *pen, const struct picture_cell *cell, double x, double y)
{
    char text[5];
    text[text_encode(cell->character, text)] = '\0';
    use_font(pen, cell->bold);
    pen->call->move_to(pen->cairo, x, y + pen->baseline);
    pen->call->show_text(pen->cairo, text);
}

static void draw_cell(struct pen *pen, const struct picture_cell *cell, double x, double y)
{
    struct picture_shape_part parts[PICTURE_SHAPE_PARTS_MAX];
    size_t count = picture_shape_parts(cell->character, parts);
    pen->color = cell->color;
    use_color(pen, cell->color, 1);
    for (size_t i = 0; i < count; i++)
        draw_part(pen, &parts[i], x, y);
    if (count == 0 && cell->character > ' ' && cell->character != 0x2800)
        draw_text(pen, cell, x, y);
    if (cell->underline)
        fill_box(pen, x, y + PICTURE_CELL_HEIGHT - 2, x + PICTURE_CELL_WIDTH,
                 y + PICTURE_CELL_HEIGHT - 1);
}

/* Grounds first, each run of one colour as one box: side by side they would show seams. */
static void draw_grounds(const struct pen *pen, const struct picture *picture, int row)
{
    const struct picture_cell *cells = picture->cells + (size_t)row * (size_t)picture->columns;
    for (int from = 0, to; from < picture->columns; from = to) {
        for (to = from + 1; to < picture->columns && cells[to].ground == cells[from].ground; to++)
            ;
        if (cells[from].ground == picture->paper)
            continue;
        use_color(pen, cells[from].ground, 1);
        fill_box(pen, from * PICTURE_CELL_WIDTH, row * PICTURE_CELL_HEIGHT, to * PICTURE_CELL_WIDTH,
                 (row + 1) * PICTURE_CELL_HEIGHT);
    }
}

/* Draws all and says how it went. */
static cairo_status_t draw(const struct picture *picture, cairo_surface_t *surface, double scale)
{
    struct pen pen = {.call = picture_cairo()};
    pen.cairo = pen.call->create(surface);
    pen.call->scale(pen.cairo, scale, scale);
    use_color(&pen, picture->paper, 1);
    pen.call->paint(pen.cairo);
    pen.call->translate(pen.cairo, PICTURE_MARGIN, PICTURE_MARGIN);
    fit_font(&pen);
    for (int row = 0; row < picture->rows; row++)
        draw_grounds(&pen, picture, row);
    const struct picture_cell *cell = picture->cells;
    for (int row = 0; row < picture->rows; row++)
        for (int column = 0; column < picture->columns; column++)
            draw_cell(&pen, cell++, column * PICTURE_CELL_WIDTH, row * PICTURE_CELL_HEIGHT);
    cairo_status_t status = pen.call->status(pen.cairo);
    pen.call->destroy(pen.cairo);
    return status;
}

static cairo_status_t take_bytes(void *out, const unsigned char *bytes, unsigned length)
{
    return buf_add(out, bytes, length) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static bool report(cairo_status_t status, const struct buf *out, struct err *err)
{
    if (out->overflow)
        return err_set(err, ERR_FAILURE, "the picture is larger than %zu bytes", out->cap);
    if (status != CAIRO_STATUS_SUCCESS)
        return err_set(err, ERR_FAILURE, "cairo: %s", picture_cairo()->status_to_string(status));
    return true;
}

bool picture_put_svg(const struct picture *picture, struct buf *out, struct err *err)
{
    const struct picture_cairo *call = picture_cairo();
    cairo_surface_t *surface =
        call->svg_surface_create_for_stream(take_bytes, out, width_of(picture), height_of(picture));
    call->svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    cairo_status_t status = draw(picture, surface, 1);
    call->surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = call->surface_status(surface);
    call->surface_destroy(surface);
    return report(status, out, err);
}

bool picture_put_png(const struct picture *picture, struct buf *out, struct err *err)
{
    const struct picture_cairo *call = picture_cairo();
    double width = width_of(picture) * PICTURE_SCALE, height = height_of(picture) * PICTURE_SCALE;
    if (width * height > PICTURE_PIXELS_MAX)
        return err_set(err, ERR_USAGE, "%d x %d characters are too many for a PNG",
                       picture->columns, picture->rows);
    cairo_surface_t *surface =
        call->image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    cairo_status_t status = draw(picture, surface, PICTURE_SCALE);
    if (status == CAIRO_STATUS_SUCCESS)
        status = call->surface_write_to_png_stream(surface, take_bytes, out);
    call->surface_destroy(surface);
    return report(status, out, err);
}
