#include "core/frame_json.h"

#include <math.h>

#include "base/clock.h"
#include "base/money.h"
#include "io/json.h"

static void put_time(struct buf *out, int64_t at_ms)
{
    char text[CLOCK_TEXT_MAX];
    buf_printf(out, "\"%s\"", clock_format(text, at_ms));
}

static void put_date(struct buf *out, int64_t at_ms)
{
    char text[CLOCK_TEXT_MAX];
    buf_printf(out, "\"%.10s\"", clock_format(text, at_ms));
}

static void put_texts(struct buf *out, const struct frame_list *list)
{
    buf_putc(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        buf_puts(out, i ? "," : "");
        json_put_string(out, list->texts[i]);
    }
    buf_putc(out, ']');
}

static void put_ints(struct buf *out, const struct frame_list *list)
{
    buf_putc(out, '[');
    for (size_t i = 0; i < list->count; i++)
        buf_printf(out, "%s%lld", i ? "," : "", (long long)list->ints[i]);
    buf_putc(out, ']');
}

/* JSON has no infinities. */
static void put_real(struct buf *out, double real)
{
    if (isfinite(real))
        buf_printf(out, "%.15g", real == 0 ? 0 : real);
    else
        buf_puts(out, "null");
}

static void put_cell(struct buf *out, enum frame_type type, const struct frame_cell *cell)
{
    char text[MONEY_TEXT_MAX];
    if (!cell->known) {
        buf_puts(out, "null");
        return;
    }
    switch (type) {
    case FRAME_INT:
        buf_printf(out, "%lld", (long long)cell->number);
        break;
    case FRAME_MONEY:
        buf_puts(out, money_format(text, cell->number));
        break;
    case FRAME_TIME:
        put_time(out, cell->number);
        break;
    case FRAME_DATE:
        put_date(out, cell->number);
        break;
    case FRAME_REAL:
        put_real(out, cell->real);
        break;
    case FRAME_TEXT:
        json_put_string(out, cell->text);
        break;
    case FRAME_BOOL:
        buf_puts(out, cell->number ? "true" : "false");
        break;
    case FRAME_TEXTS:
        put_texts(out, &cell->list);
        break;
    case FRAME_INTS:
        put_ints(out, &cell->list);
        break;
    }
}

static void put_row(struct buf *out, const struct frame *frame, size_t row)
{
    buf_putc(out, '{');
    for (size_t i = 0; i < frame->column_count; i++) {
        buf_puts(out, i ? "," : "");
        json_put_string(out, frame->columns[i].name);
        buf_putc(out, ':');
        put_cell(out, frame->columns[i].type, frame_at(frame, row, i));
    }
    buf_putc(out, '}');
}

static void put_meta_text(struct buf *out, const char *key, const char *text)
{
    buf_printf(out, "\"%s\":", key);
    json_put_string(out, text);
    buf_putc(out, ',');
}

static void put_meta_time(struct buf *out, const char *key, bool known, int64_t at_ms)
{
    buf_printf(out, "\"%s\":", key);
    if (known)
        put_time(out, at_ms);
    else
        buf_puts(out, "null");
    buf_putc(out, ',');
}

/* One zone is its name, several are a list, all of them null. */
static void put_meta_zone(struct buf *out, const struct frame_list *zones)
{
    buf_puts(out, "\"zone\":");
    if (zones->count > 1)
        put_texts(out, zones);
    else
        json_put_string(out, zones->count ? zones->texts[0] : NULL);
    buf_putc(out, ',');
}

static void put_trend(struct buf *out, const struct frame_meta *meta)
{
    buf_puts(out, ",\"trend\":");
    json_put_string(out, meta->trend);
    buf_puts(out, ",\"percent_change\":");
    if (meta->has_percent && isfinite(meta->percent_change))
        buf_printf(out, "%.2f", meta->percent_change);
    else
        buf_puts(out, "null");
}

static void put_meta(struct buf *out, const struct frame *frame)
{
    const struct frame_meta *meta = &frame->meta;
    buf_putc(out, '{');
    put_meta_text(out, "event", meta->event);
    put_meta_text(out, "event_id", meta->event_id);
    put_meta_text(out, "currency", meta->currency);
    put_meta_text(out, "price_basis", meta->price_basis);
    put_meta_text(out, "granularity", meta->granularity);
    put_meta_zone(out, &meta->zones);
    put_meta_time(out, "from", meta->has_from, meta->from_ms);
    put_meta_time(out, "to", meta->has_to, meta->to_ms);
    buf_printf(out, "\"data_points\":%zu", frame->row_count);
    if (meta->has_trend)
        put_trend(out, meta);
    buf_putc(out, '}');
}

void frame_json_put(const struct frame *frame, struct buf *out)
{
    buf_puts(out, "{\"data\":[");
    for (size_t row = 0; row < frame->row_count; row++) {
        buf_puts(out, row ? ",\n" : "\n");
        put_row(out, frame, row);
    }
    buf_puts(out, frame->row_count ? "\n],\n\"meta\":" : "],\n\"meta\":");
    put_meta(out, frame);
    buf_puts(out, "}\n");
}

void frame_json_put_lines(const struct frame *frame, struct buf *out)
{
    for (size_t row = 0; row < frame->row_count; row++) {
        put_row(out, frame, row);
        buf_putc(out, '\n');
    }
}
