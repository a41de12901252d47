#include "tui/guide.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/fuzzy.h"

enum { KEYS_WIDTH = 20, MARGIN = 2, LINE_MAX_BYTES = 512, FRAME_ROWS = 2 };

/* The groups of action.def, each from this action on. */
static const struct group {
    enum action first;
    const char *title;
} groups[] = {
    {ACTION_HELP, "Screens"},        {ACTION_FILTERS, "Filters"}, {ACTION_FREEZE, "Workstation"},
    {ACTION_UP, "Moving"},           {ACTION_SEARCH, "Lists"},    {ACTION_ZOOM_IN, "Charts"},
    {ACTION_BAR_LEFT, "Filter bar"}, {ACTION_ACCEPT, "Typing"},   {ACTION_COUNT, ""},
};
enum { GROUPS = sizeof groups / sizeof *groups - 1, LINES_MAX = ACTION_COUNT + 2 * GROUPS };

/* A line of the page: a title, an action, or, when both are nothing, a blank. */
struct line {
    const char *title;
    enum action action;
};

struct page {
    struct line lines[LINES_MAX];
    size_t count;
};

/* An action's keys; what is typed behind `:` when it has none. */
static char *name_keys(char *out, const struct keymap *keymap, enum action action)
{
    if (!keymap_all(out, keymap, action)[0])
        snprintf(out, KEYMAP_TEXT_MAX, ":%s", action_info(action)->word);
    return out;
}

static bool is_found(const struct guide *guide, const struct keymap *keymap, enum action action)
{
    char keys[KEYMAP_TEXT_MAX], text[LINE_MAX_BYTES];
    const struct action_info *info = action_info(action);
    snprintf(text, sizeof text, "%s %s %s", name_keys(keys, keymap, action), info->word,
             info->sentence);
    return fuzzy_score(text, guide->search) >= 0;
}

/* Adds a group's actions that are valid in the place and found, under its title. */
static void add_group(struct page *page, const struct guide *guide, const struct keymap *keymap,
                      enum action_place place, const struct group *group)
{
    bool empty = true;
    for (enum action action = group->first; action < group[1].first; action++) {
        if (!(action_info(action)->places & place) || !is_found(guide, keymap, action))
            continue;
        if (empty && page->count > 0)
            page->lines[page->count++] = (struct line){0};
        if (empty)
            page->lines[page->count++] = (struct line){.title = group->title};
        empty = false;
        page->lines[page->count++] = (struct line){.action = action};
    }
}

static void fill(struct page *page, const struct guide *guide, const struct keymap *keymap,
                 enum action_place place)
{
    page->count = 0;
    for (size_t i = 0; i < GROUPS; i++)
        add_group(page, guide, keymap, place, &groups[i]);
}

static size_t rows_in(int height)
{
    return height > FRAME_ROWS ? (size_t)(height - FRAME_ROWS) : 1;
}

/* The line that is shown first, such that the last page is a full one. */
static size_t first_line(const struct guide *guide, const struct page *page, size_t rows)
{
    size_t most = page->count > rows ? page->count - rows : 0;
    return guide->top < most ? guide->top : most;
}

void guide_open(struct guide *guide)
{
    *guide = (struct guide){.open = true};
}

/* Types a character or what was pasted, as far as there is room. */
static void type(struct guide *guide, const struct key *key)
{
    char raw[KEY_TEXT_MAX] = "", text[KEY_TEXT_MAX];
    size_t length = strlen(guide->search);
    if (key->code == KEY_CODE_PASTE)
        snprintf(raw, sizeof raw, "%s", key->text);
    else if (key->code == KEY_CODE_CHARACTER && !key->ctrl && !key->alt)
        text_encode(key->character, raw);
    text_sanitise(text, sizeof text, raw);
    if (key->character == ' ' && length > 0)
        snprintf(text, sizeof text, " ");
    if (!text[0] || length + strlen(text) >= sizeof guide->search)
        return;
    memcpy(guide->search + length, text, strlen(text) + 1);
    guide->top = 0;
}

static void rub(struct guide *guide)
{
    size_t length = strlen(guide->search);
    while (length > 0 && ((unsigned char)guide->search[length - 1] & 0xC0) == 0x80)
        length--;
    guide->search[length ? length - 1 : 0] = '\0';
    guide->top = 0;
}

static void scroll(struct guide *guide, const struct page *page, size_t rows, size_t back,
                   size_t forth)
{
    size_t top = first_line(guide, page, rows);
    guide->top = (top > back ? top - back : 0) + forth;
    guide->top = first_line(guide, page, rows);
}

/* Does what a key does wherever something is typed; false when it is none of these. */
static bool act(struct guide *guide, const struct page *page, size_t rows, enum action action)
{
    const struct {
        enum action action;
        size_t back, forth;
    } moves[] = {
        {ACTION_CHOICE_UP, 1, 0},
        {ACTION_CHOICE_DOWN, 0, 1},
        {ACTION_CHOICE_PAGE_UP, rows, 0},
        {ACTION_CHOICE_PAGE_DOWN, 0, rows},
        {ACTION_LINE_START, page->count, 0},
        {ACTION_LINE_END, 0, page->count},
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].action == action) {
            scroll(guide, page, rows, moves[i].back, moves[i].forth);
            return true;
        }
    if (action == ACTION_ACCEPT || action == ACTION_CANCEL)
        guide->open = false;
    else if (action == ACTION_RUB)
        rub(guide);
    else if (action == ACTION_RUB_LINE || action == ACTION_RUB_WORD)
        guide->search[0] = '\0';
    else
        return false;
    return true;
}

void guide_key(struct guide *guide, const struct keymap *keymap, enum action_place place,
               int height, const struct key *key)
{
    struct page page;
    enum action typed = keymap_find(keymap, key, ACTION_IN_TYPED);
    enum action usual = keymap_find(keymap, key, place);
    fill(&page, guide, keymap, place);
    if (act(guide, &page, rows_in(height), typed))
        return;
    if (!guide->search[0] && (usual == ACTION_BACK || usual == ACTION_HELP))
        guide->open = false;
    else
        type(guide, key);
}

static void blank(struct canvas *canvas, struct canvas_area area)
{
    for (int y = area.y; y < area.y + area.height; y++)
        for (int x = area.x; x < area.x + area.width; x++) {
            canvas_put(canvas, x, y, ' ', THEME_TEXT);
            canvas_ground(canvas, x, y, THEME_TEXT);
        }
}

static int put(struct canvas *canvas, int x, int y, int end, const char *text, bool ascii,
               enum theme_style style)
{
    char clipped[LINE_MAX_BYTES];
    text_clip(clipped, sizeof clipped, text, end > x ? end - x : 0, ascii);
    return x + canvas_text(canvas, x, y, clipped, style);
}

static void draw_line(const struct line *line, const struct keymap *keymap, bool ascii,
                      struct canvas *canvas, struct canvas_area row)
{
    char keys[KEYMAP_TEXT_MAX];
    int x = row.x + MARGIN, end = row.x + row.width;
    if (line->title)
        put(canvas, row.x, row.y, end, line->title, ascii, THEME_HEADER);
    if (line->action == ACTION_NONE)
        return;
    int keys_end = x + KEYS_WIDTH < end ? x + KEYS_WIDTH : end;
    put(canvas, x, row.y, keys_end - 1, name_keys(keys, keymap, line->action), ascii, THEME_KEY);
    put(canvas, keys_end, row.y, end, action_info(line->action)->sentence, ascii, THEME_TEXT);
}

static void draw_head(const struct guide *guide, bool ascii, struct canvas *canvas,
                      struct canvas_area area)
{
    int end = area.x + area.width;
    int x = put(canvas, area.x, area.y, end, "Keys", ascii, THEME_TITLE) + MARGIN;
    if (guide->search[0])
        put(canvas, x, area.y, end, guide->search, ascii, THEME_ACTIVE);
    else
        put(canvas, x, area.y, end, "type to search, Esc to close", ascii, THEME_NOTE);
}

static void draw_foot(const struct page *page, size_t first, size_t rows, bool ascii,
                      struct canvas *canvas, struct canvas_area area)
{
    char text[LINE_MAX_BYTES] = "";
    size_t behind = page->count > first + rows ? page->count - first - rows : 0;
    if (page->count == 0)
        snprintf(text, sizeof text, "nothing is found");
    else if (first > 0 && behind > 0)
        snprintf(text, sizeof text, "%zu lines above, %zu below", first, behind);
    else if (first > 0 || behind > 0)
        snprintf(text, sizeof text, "%zu lines %s", first + behind, first ? "above" : "below");
    put(canvas, area.x, area.y + area.height - 1, area.x + area.width, text, ascii, THEME_NOTE);
}

void guide_draw(const struct guide *guide, const struct keymap *keymap, enum action_place place,
                bool ascii, struct canvas *canvas, struct canvas_area area)
{
    struct page page;
    struct canvas_area before = canvas_clip(canvas, area);
    size_t rows = rows_in(area.height);
    fill(&page, guide, keymap, place);
    size_t first = first_line(guide, &page, rows);
    blank(canvas, area);
    draw_head(guide, ascii, canvas, area);
    for (size_t i = 0; i < rows && first + i < page.count && (int)i < area.height - FRAME_ROWS; i++)
        draw_line(&page.lines[first + i], keymap, ascii, canvas,
                  (struct canvas_area){area.x, area.y + 1 + (int)i, area.width, 1});
    if (area.height >= FRAME_ROWS)
        draw_foot(&page, first, rows, ascii, canvas, area);
    canvas_clip(canvas, before);
}
