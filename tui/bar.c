#include "tui/bar.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { SEGMENT_MAX = 40, NAME_LEAST = 16, GAP = 2, TEXT_MAX = SEGMENT_MAX * 4 };

/* Words around what a filter is set to, and those instead for nothing. */
struct words {
    const char *before, *behind, *nothing;
};

/* How a filter is worded where there is room, and where there is not: by the signs of its keys and ranges. */
static const struct wording {
    enum action field;
    struct words full, brief;
    bool shy; /* left out while it is not set, unless somebody walks along the bar */
} wordings[VIEW_FIELD_COUNT] = {
    {ACTION_EVENT, {"", "", "no event"}, {"", "", "no event"}, false},
    {ACTION_ZONE, {"", "", "all zones"}, {"", "", "zone *"}, false},
    {ACTION_SECTION, {"section ", "", "any section"}, {"s. ", "", "s. *"}, true},
    {ACTION_FROM, {"from ", "", "from the start"}, {"", "..", "start.."}, false},
    {ACTION_TO, {"to ", "", "to now"}, {"..", "", "..now"}, false},
    {ACTION_AT, {"at ", "", "at the last poll"}, {"@", "", "@last"}, true},
    {ACTION_SIZE, {"", " together", "any size"}, {"#", "", "#any"}, false},
    {ACTION_BY, {"by ", "", ""}, {"", "", ""}, false},
    {ACTION_PRICE, {"", " price", ""}, {"", "", ""}, false},
    {ACTION_ONLY, {"only ", "", "any tag"}, {"+", "", "+any"}, true},
    {ACTION_EXCLUDE, {"not ", "", "none excluded"}, {"-", "", "-none"}, true},
};

struct segment {
    const struct wording *wording;
    bool set;
    int x, width; /* x < 0: left out */
    char text[TEXT_MAX];
};

/* The bar as it stands in its row. */
struct layout {
    struct segment segments[VIEW_FIELD_COUNT];
    size_t focus;      /* VIEW_FIELD_COUNT: none */
    int mark;          /* where it says how many are left out for want of room ... */
    char left_out[16]; /* ... "" when none are */
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

static void word(struct segment *segment, const struct view *view, bool brief, bool ascii)
{
    const struct words *words = brief ? &segment->wording->brief : &segment->wording->full;
    char value[VIEW_TEXT_MAX], whole[VIEW_TEXT_MAX + 32];
    view_text(value, view, segment->wording->field);
    shorten_time(value);
    if (value[0])
        snprintf(whole, sizeof whole, "%s%s%s", words->before, value, words->behind);
    else
        snprintf(whole, sizeof whole, "%s", words->nothing);
    segment->width = text_clip(segment->text, sizeof segment->text, whole, SEGMENT_MAX, ascii);
}

/* Columns that all take, the mark of what is left out included. */
static int total_width(const struct layout *layout)
{
    int width = layout->left_out[0] ? text_width(layout->left_out) + GAP : 0;
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++)
        if (layout->segments[i].x >= 0)
            width += layout->segments[i].width + GAP;
    return width > 0 ? width - GAP : 0;
}

/* Columns by which it is too wide when the event's name is as short as it may be. */
static int excess(const struct layout *layout, int columns)
{
    int name = layout->segments[0].width;
    return total_width(layout) - columns - (name > NAME_LEAST ? name - NAME_LEAST : 0);
}

/* From the right, one after the other, but for the one with the focus. */
static void word_briefly(struct layout *layout, const struct view *view, bool ascii, int columns)
{
    for (size_t i = VIEW_FIELD_COUNT; i-- > 1 && excess(layout, columns) > 0;)
        if (i != layout->focus && layout->segments[i].x >= 0)
            word(&layout->segments[i], view, true, ascii);
}

/* What is not set goes first, from the right; then what is set. The one with the focus stays. */
static void leave_out(struct layout *layout, int columns)
{
    int count = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = VIEW_FIELD_COUNT; i-- > 1 && excess(layout, columns) > 0;) {
            struct segment *segment = &layout->segments[i];
            if (i == layout->focus || segment->x < 0 || (pass == 0 && segment->set))
                continue;
            segment->x = -1;
            snprintf(layout->left_out, sizeof layout->left_out, "+%d", ++count);
        }
}

/* The event's name gives way before anything else does, and has what they leave. */
static void squeeze(struct segment *event, int too_wide, bool ascii)
{
    char whole[TEXT_MAX];
    if (too_wide <= 0)
        return;
    snprintf(whole, sizeof whole, "%s", event->text);
    event->width =
        text_clip(event->text, sizeof event->text, whole, event->width - too_wide, ascii);
}

static void lay_out(const struct bar *bar, const struct view *view, bool ascii,
                    struct canvas_area row, struct layout *layout)
{
    int columns = row.width - GAP, x = row.x + GAP / 2;
    *layout = (struct layout){.focus = bar->open ? bar->field : VIEW_FIELD_COUNT};
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++) {
        struct segment *segment = &layout->segments[i];
        segment->wording = &wordings[i];
        segment->set = view_is_set(view, wordings[i].field);
        word(segment, view, false, ascii);
        if (wordings[i].shy && !segment->set && !bar->open)
            segment->x = -1;
    }
    word_briefly(layout, view, ascii, columns);
    leave_out(layout, columns);
    squeeze(&layout->segments[0], total_width(layout) - columns, ascii);
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++)
        if (layout->segments[i].x >= 0) {
            layout->segments[i].x = x;
            x += layout->segments[i].width + GAP;
        }
    layout->mark = x;
}

void bar_draw(const struct bar *bar, const struct view *view, bool ascii, struct canvas *canvas,
              struct canvas_area row)
{
    struct layout layout;
    lay_out(bar, view, ascii, row, &layout);
    for (int x = 0; x < row.width; x++)
        canvas_ground(canvas, row.x + x, row.y, THEME_BAR);
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++) {
        const struct segment *segment = &layout.segments[i];
        if (segment->x < 0)
            continue;
        canvas_text(canvas, segment->x, row.y, segment->text,
                    segment->set ? THEME_ACTIVE : THEME_TEXT);
        for (int x = 0; bar->open && i == bar->field && x < segment->width; x++)
            canvas_ground(canvas, segment->x + x, row.y, THEME_SELECTED);
    }
    canvas_text(canvas, layout.mark, row.y, layout.left_out, THEME_NOTE);
}

enum action bar_at(const struct bar *bar, const struct view *view, bool ascii,
                   struct canvas_area row, int x)
{
    struct layout layout;
    lay_out(bar, view, ascii, row, &layout);
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++) {
        const struct segment *segment = &layout.segments[i];
        if (segment->x >= 0 && x >= segment->x && x < segment->x + segment->width)
            return segment->wording->field;
    }
    bool mark = x >= layout.mark && x < layout.mark + text_width(layout.left_out);
    return mark ? ACTION_FILTERS : ACTION_NONE;
}
