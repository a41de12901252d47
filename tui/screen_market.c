/* The market of an event: zones by time, price density, depth, changes, each in a pane. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "tui/charting.h"
#include "tui/market_private.h"

/* From here on all panes are shown at once. */
enum { WIDE = 120, TALL = 31, LINE_MAX_BYTES = 512 };

static const struct market_pane *const panes[MARKET_PARTS] = {
    [MARKET_HEAT] = &market_heat,
    [MARKET_DENSITY] = &market_density,
    [MARKET_DEPTH] = &market_depth,
    [MARKET_CHANGES] = &market_changes,
};

/* --- where things are --- */

static bool has_room(const struct scene *scene)
{
    return scene->area.width >= WIDE && scene->area.height >= TALL;
}

static bool shows_all(const struct scene *scene)
{
    const struct market_state *market = scene->state;
    return has_room(scene) && !market->expanded;
}

static bool is_shown(const struct scene *scene, enum market_part part)
{
    const struct market_state *market = scene->state;
    return shows_all(scene) || part == market->focus;
}

/* The part of the screen that is a pane's, its header included; a column stays blank between two. */
static struct canvas_area place(const struct scene *scene, enum market_part part)
{
    struct canvas_area area = scene->area;
    if (!shows_all(scene))
        return area;
    int left = (area.width - 1) / 2, top = area.height / 2;
    bool right = part == MARKET_DENSITY || part == MARKET_CHANGES;
    bool below = part == MARKET_DEPTH || part == MARKET_CHANGES;
    return (struct canvas_area){
        area.x + (right ? left + 1 : 0),
        area.y + (below ? top : 0),
        right ? area.width - left - 1 : left,
        below ? area.height - top : top,
    };
}

static struct canvas_area below_header(const struct scene *scene, enum market_part part)
{
    struct canvas_area area = place(scene, part);
    if (area.height > 0) {
        area.y++;
        area.height--;
    }
    return area;
}

/* --- what the panes' files use --- */

bool market_step(enum action action, size_t count, size_t page, size_t *at)
{
    size_t last = count ? count - 1 : 0;
    const struct {
        enum action action;
        size_t back, forth;
    } moves[] = {
        {ACTION_UP, 1, 0},       {ACTION_DOWN, 0, 1},    {ACTION_PAGE_UP, page, 0},
        {ACTION_FIRST, last, 0}, {ACTION_LAST, 0, last}, {ACTION_PAGE_DOWN, 0, page},
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].action == action) {
            size_t to = (*at > moves[i].back ? *at - moves[i].back : 0) + moves[i].forth;
            *at = to < last ? to : last;
            return true;
        }
    return false;
}

void market_drill(struct desk *desk, int64_t at_ms)
{
    char at[CLOCK_TEXT_MAX];
    struct err err = {0};
    if (!view_set(&desk->view, ACTION_AT, clock_format(at, at_ms), &err)) {
        screen_complain(desk, &err);
        return;
    }
    desk->go = SCREEN_LISTINGS;
}

void market_line(struct canvas *canvas, struct canvas_area area, int y, const char *text,
                 enum theme_style style)
{
    char clipped[LINE_MAX_BYTES];
    text_clip(clipped, sizeof clipped, text, area.width, canvas->ascii);
    canvas_text(canvas, area.x, y, clipped, style);
}

void market_say(struct canvas *canvas, struct canvas_area area, const char *text)
{
    int width = text_width(text);
    if (width < area.width) {
        area.x += (area.width - width) / 2;
        area.width = width;
    }
    market_line(canvas, area, area.y + area.height / 2, text, THEME_NOTE);
}

/* --- the screen --- */

static void ask(const struct scene *scene, size_t part, struct question *question)
{
    if (is_shown(scene, (enum market_part)part))
        panes[part]->ask(question, below_header(scene, (enum market_part)part));
}

static void settle(struct scene *scene)
{
    market_settle_changes(scene, below_header(scene, MARKET_CHANGES));
}

static void focus(struct scene *scene, const char *typed)
{
    struct market_state *market = scene->state;
    size_t part = 0;
    if (!typed)
        part = (market->focus + 1) % MARKET_PARTS;
    while (typed && part < MARKET_PARTS && strcmp(panes[part]->word, typed) != 0)
        part++;
    if (part == MARKET_PARTS) {
        screen_note(scene->desk, "'%.60s' is none of heat, density, depth, changes", typed);
        return;
    }
    market->focus = (enum market_part)part;
}

/* The first moment that any pane knows of; `fallback` when none does. */
static int64_t first_known(const struct scene *scene, int64_t fallback)
{
    for (size_t part = 0; part < MARKET_PARTS; part++) {
        const struct frame *frame = screen_frame(scene, part);
        int time = frame ? frame_find(frame, "timestamp") : -1;
        for (size_t row = 0; time >= 0 && row < frame->row_count; row++) {
            int64_t at_ms = frame_at(frame, row, (size_t)time)->number;
            fallback = at_ms < fallback ? at_ms : fallback;
        }
    }
    return fallback;
}

static bool move_window(struct scene *scene, enum action action)
{
    struct market_state *market = scene->state;
    struct query_filter filter;
    struct err err = {0};
    if (!view_filter(&scene->desk->view, &filter, &err))
        return false;
    int64_t to_ms = filter.has_to ? filter.to_ms : clock_now_ms();
    int64_t from_ms = filter.has_from ? filter.from_ms : first_known(scene, to_ms - CLOCK_DAY_MS);
    return charting_move(scene->desk, from_ms, to_ms,
                         market->has_moment ? market->moment_ms : to_ms, action);
}

static void expand(struct scene *scene)
{
    struct market_state *market = scene->state;
    if (!has_room(scene)) {
        screen_note(scene->desk, "four panes need a screen of %d x %d; m goes through them", WIDE,
                    TALL + 3);
        return;
    }
    market->expanded = !market->expanded;
}

static void act(struct scene *scene, const struct act *act)
{
    struct market_state *market = scene->state;
    if (act->action == ACTION_METRIC)
        focus(scene, act->text);
    else if (act->action == ACTION_EXPAND)
        expand(scene);
    else if (act->action == ACTION_SEARCH) {
        market->focus = MARKET_CHANGES;
        market_search_changes(scene, act, below_header(scene, MARKET_CHANGES));
    } else if (!move_window(scene, act->action) && screen_frame(scene, market->focus))
        panes[market->focus]->act(scene, act, below_header(scene, market->focus));
}

static bool lies_in(const struct key *key, struct canvas_area area)
{
    return key->x >= area.x && key->x < area.x + area.width && key->y >= area.y &&
           key->y < area.y + area.height;
}

/* Where the words of a lone pane's header stand. */
static int word_width(size_t part)
{
    return text_width(panes[part]->word) + 2;
}

/* The words in the header of a lone pane lead to the others. */
static void click_header(struct scene *scene, const struct key *key)
{
    struct market_state *market = scene->state;
    int x = scene->area.x;
    for (size_t part = 0; part < MARKET_PARTS; part++) {
        if (key->code == KEY_CODE_CLICK && key->x >= x && key->x < x + word_width(part))
            market->focus = (enum market_part)part;
        x += word_width(part);
    }
}

static void click(struct scene *scene, const struct key *key)
{
    struct market_state *market = scene->state;
    if (!shows_all(scene) && key->y == scene->area.y) {
        click_header(scene, key);
        return;
    }
    for (enum market_part part = 0; part < MARKET_PARTS; part++) {
        if (!is_shown(scene, part) || !lies_in(key, place(scene, part)))
            continue;
        market->focus = part;
        if (screen_frame(scene, part))
            panes[part]->click(scene, key, below_header(scene, part));
        return;
    }
}

static void draw_header(const struct scene *scene, enum market_part part, struct canvas *canvas)
{
    const struct market_state *market = scene->state;
    struct canvas_area area = place(scene, part);
    bool all = shows_all(scene), here = part == market->focus;
    int x = area.x;
    for (size_t i = 0; i < MARKET_PARTS; i++) {
        if (all && i != part)
            continue;
        bool active = all ? here : i == part;
        canvas_text(canvas, x + 1, area.y, panes[i]->word, active ? THEME_ACTIVE : THEME_TEXT);
        for (int column = 0; active && column < word_width(i); column++)
            canvas_ground(canvas, x + column, area.y, THEME_SELECTED);
        x += word_width(i);
    }
    area.width -= x + 1 - area.x;
    area.x = x + 1;
    market_line(canvas, area, area.y, panes[part]->title, here ? THEME_TITLE : THEME_NOTE);
}

static void draw(const struct scene *scene, struct canvas *canvas)
{
    for (enum market_part part = 0; part < MARKET_PARTS; part++) {
        if (!is_shown(scene, part))
            continue;
        struct canvas_area area = below_header(scene, part);
        struct canvas_area before = canvas_clip(canvas, place(scene, part));
        draw_header(scene, part, canvas);
        canvas_clip(canvas, before);
        before = canvas_clip(canvas, area);
        if (screen_frame(scene, part))
            panes[part]->draw(scene, canvas, area);
        canvas_clip(canvas, before);
    }
}

static void describe(const struct scene *scene, struct buf *out)
{
    for (enum market_part part = 0; part < MARKET_PARTS; part++)
        if (is_shown(scene, part) && screen_frame(scene, part))
            panes[part]->describe(scene, out);
}

static const struct frame *shown(const struct scene *scene)
{
    const struct market_state *market = scene->state;
    return screen_frame(scene, market->focus);
}

static const struct list *shown_list(const struct scene *scene)
{
    const struct market_state *market = scene->state;
    return market->focus == MARKET_CHANGES ? &market->changes : NULL;
}

static const char *choice(const struct scene *scene, enum action action, size_t nth)
{
    (void)scene;
    return action == ACTION_METRIC && nth < MARKET_PARTS ? panes[nth]->word : NULL;
}

static void open(struct scene *scene)
{
    struct market_state *market = scene->state;
    const char *word = state_get(scene->desk->state, "market", "pane");
    market->expanded = state_get(scene->desk->state, "market", "expanded") != NULL;
    for (enum market_part part = 0; word && part < MARKET_PARTS; part++)
        if (strcmp(panes[part]->word, word) == 0)
            market->focus = part;
    market_open_changes(scene);
}

static void close(struct scene *scene)
{
    struct market_state *market = scene->state;
    struct state *state = scene->desk->state;
    state_set(state, "market", "pane", panes[market->focus]->word);
    state_set(state, "market", "expanded", market->expanded ? "yes" : NULL);
    list_save(&market->changes, state, "market");
    list_release(&market->changes);
}

const struct screen screen_market = {
    .name = "market",
    .title = "Market",
    .place = ACTION_IN_MARKET,
    .size = sizeof(struct market_state),
    .parts = MARKET_PARTS,
    .open = open,
    .close = close,
    .ask = ask,
    .settle = settle,
    .act = act,
    .click = click,
    .draw = draw,
    .describe = describe,
    .shown = shown,
    .list = shown_list,
    .choice = choice,
};
