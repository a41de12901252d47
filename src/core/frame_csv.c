#include "core/frame_csv.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"

static void put_text(struct buf *out, const char *text)
{
    if (*text && !strpbrk(text, ",\"\r\n")) {
        buf_puts(out, text);
        return;
    }
    buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_putc(out, '"');
        buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

static void put_list(struct buf *out, enum frame_type type, const struct frame_list *list)
{
    AUTO_BUF struct buf joined;
    buf_init(&joined, out->cap);
    for (size_t i = 0; i < list->count; i++) {
        buf_puts(&joined, i ? ";" : "");
        if (type == FRAME_TEXTS)
            buf_puts(&joined, list->texts[i]);
        else
            buf_printf(&joined, "%lld", (long long)list->ints[i]);
    }
    if (list->count > 0)
        put_text(out, buf_text(&joined));
}

static void put_cell(struct buf *out, enum frame_type type, const struct frame_cell *cell)
{
    char time[CLOCK_TEXT_MAX], money[MONEY_TEXT_MAX];
    if (!cell->known)
        return;
    switch (type) {
    case FRAME_INT:
        buf_printf(out, "%lld", (long long)cell->number);
        break;
    case FRAME_MONEY:
        buf_puts(out, money_format(money, cell->number));
        break;
    case FRAME_TIME:
        buf_puts(out, clock_format(time, cell->number));
        break;
    case FRAME_DATE:
        buf_printf(out, "%.10s", clock_format(time, cell->number));
        break;
    case FRAME_REAL:
        if (isfinite(cell->real))
            buf_printf(out, "%.15g", cell->real == 0 ? 0 : cell->real);
        break;
    case FRAME_TEXT:
        put_text(out, cell->text);
        break;
    case FRAME_BOOL:
        buf_puts(out, cell->number ? "true" : "false");
        break;
    case FRAME_TEXTS:
    case FRAME_INTS:
        put_list(out, type, &cell->list);
        break;
    }
}

void frame_csv_put(const struct frame *frame, struct buf *out)
{
    for (size_t i = 0; i < frame->column_count; i++) {
        buf_puts(out, i ? "," : "");
        put_text(out, frame->columns[i].name);
    }
    buf_putc(out, '\n');
    for (size_t row = 0; row < frame->row_count; row++) {
        for (size_t i = 0; i < frame->column_count; i++) {
            buf_puts(out, i ? "," : "");
            put_cell(out, frame->columns[i].type, frame_at(frame, row, i));
        }
        buf_putc(out, '\n');
    }
}
