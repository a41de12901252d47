#include "tui/caption.h"

#include "base/text.h"

enum { TEXT_MAX = 512, BETWEEN = 2 };

void caption_title(struct canvas *canvas, struct canvas_area area, const char *title,
                   const char *note)
{
    char text[TEXT_MAX];
    text_clip(text, sizeof(text), title ? title : "", area.width, canvas->ascii);
    int used = canvas_text(canvas, area.x, area.y, text, THEME_TITLE);
    int left = area.width - text_width(note ? note : "");
    if (note && left >= (used ? used + BETWEEN : 0))
        canvas_text(canvas, area.x + left, area.y, note, THEME_NOTE);
}

void caption_middle(struct canvas *canvas, struct canvas_area area, const char *message)
{
    char text[TEXT_MAX];
    int used = text_clip(text, sizeof(text), message, area.width, canvas->ascii);
    canvas_text(canvas, area.x + (area.width - used) / 2, area.y + area.height / 2, text,
                THEME_NOTE);
}
