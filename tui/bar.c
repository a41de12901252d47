#include "tui/bar.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { SEGMENT_MAX = 40, GAP = 2, TEXT_MAX = SEGMENT_MAX * 4 };

/* How a filter is worded; NULL instead of words for nothing: it is left out unless somebody walks along the bar. */
static const struct wording {
    enum action field;
    const char *before, *behind; /* around what is set */
    const char *nothing;
    bool shy; /* left out while it is not set */
} wordings[VIEW_FIELD_COUNT] = {
    {ACTION_EVENT, "", "", "no event", false},
    {ACTION_ZONE, "", "", "all zones", false},
    {ACTION_SECTION, "section ", "", "any section", true},
    {ACTION_FROM, "from ", "", "from the start", false},
    {ACTION_TO, "to ", "", "to now", false},
    {ACTION_AT, "at ", "", "at the last poll", true},
    {ACTION_SIZE, "", " together", "any size", false},
    {ACTION_BY, "by ", "", "", false},
    {ACTION_PRICE, "", " price", "", false},
    {ACTION_ONLY, "only ", "", "any tag", true},
    {ACTION_EXCLUDE, "not ", "", "none excluded", true},
};

struct segment {
    const struct wording *wording;
    bool set;
    int x, width; /* x < 0: left out */
    char text[TEXT_MAX];
};

/* A moment without what it is never told by: "2026-02-09T18:00:00Z" is "2026-02-09 18:00Z". */
static void shorten_time(char *text)
{
    static const char behind[] = ":00Z";
    size_t length = strlen(text);
    if (length != sizeof "2026-02-09T18:00:00Z" - 1 || text[10] != 'T' ||
        strcmp(text + length + 1 - sizeof behind, behind) != 0)
        return;
    text[10] = ' ';
    memcpy(text + length + 1 - sizeof behind, "Z", 2);
}

static void word(struct segment *segment, const struct view *view, bool ascii)
{
    const struct wording *wording = segment->wording;
    char value[VIEW_TEXT_MAX], whole[VIEW_TEXT_MAX + 32];
    view_text(value, view, wording->field);
    shorten_time(value);
    segment->set = view_is_set(view, wording->field);
    if (value[0])
        snprintf(whole, sizeof whole, "%s%s%s", wording->before, value, wording->behind);
    else
        snprintf(whole, sizeof whole, "%s", wording->nothing);
    segment->width = text_clip(segment->text, sizeof segment->text, whole, SEGMENT_MAX, ascii);
}

static int total_width(const struct segment *segments)
{
    int width = 0;
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++)
        if (segments[i].x >= 0)
            width += segments[i].width + GAP;
    return width > 0 ? width - GAP : 0;
}

/* What is not set goes first, from the right; then what is set. The one with the focus stays. */
static void leave_out(struct segment *segments, size_t focus, int columns)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = VIEW_FIELD_COUNT; i-- > 1 && total_width(segments) > columns;)
            if (i != focus && segments[i].x >= 0 && (pass == 1 || !segments[i].set))
                segments[i].x = -1;
}

/* The event's name gives way when it and the focus alone are too wide. */
static void squeeze(struct segment *event, int excess, bool ascii)
{
    char whole[TEXT_MAX];
    snprintf(whole, sizeof whole, "%s", event->text);
    event->width = text_clip(event->text, sizeof event->text, whole, event->width - excess, ascii);
}

static void lay_out(const struct bar *bar, const struct view *view, bool ascii,
                    struct canvas_area row, struct segment *segments)
{
    size_t focus = bar->open ? bar->field : VIEW_FIELD_COUNT;
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++) {
        segments[i] = (struct segment){.wording = &wordings[i]};
        word(&segments[i], view, ascii);
        if (wordings[i].shy && !segments[i].set && !bar->open)
            segments[i].x = -1;
    }
    leave_out(segments, focus, row.width - GAP);
    if (total_width(segments) > row.width - GAP)
        squeeze(&segments[0], total_width(segments) - (row.width - GAP), ascii);
    int x = row.x + GAP / 2;
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++)
        if (segments[i].x >= 0) {
            segments[i].x = x;
            x += segments[i].width + GAP;
        }
}

void bar_draw(const struct bar *bar, const struct view *view, bool ascii, struct canvas *canvas,
              struct canvas_area row)
{
    struct segment segments[VIEW_FIELD_COUNT];
    lay_out(bar, view, ascii, row, segments);
    for (int x = 0; x < row.width; x++)
        canvas_ground(canvas, row.x + x, row.y, THEME_BAR);
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++) {
        const struct segment *segment = &segments[i];
        if (segment->x < 0)
            continue;
        canvas_text(canvas, segment->x, row.y, segment->text,
                    segment->set ? THEME_ACTIVE : THEME_TEXT);
        for (int x = 0; bar->open && i == bar->field && x < segment->width; x++)
            canvas_ground(canvas, segment->x + x, row.y, THEME_SELECTED);
    }
}

enum action bar_at(const struct bar *bar, const struct view *view, bool ascii,
                   struct canvas_area row, int x)
{
    struct segment segments[VIEW_FIELD_COUNT];
    lay_out(bar, view, ascii, row, segments);
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++)
        if (segments[i].x >= 0 && x >= segments[i].x && x < segments[i].x + segments[i].width)
            return segments[i].wording->field;
    return ACTION_NONE;
}
