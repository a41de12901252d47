/* The depth ladder: tickets at or below a price, and how that was a day and a week before. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "tui/market_private.h"
#include "tui/plot.h"

enum { MOMENTS = 3, PRICES_MOST = 600, HEADER_ROWS = 1, HEADER_FROM = 4, LINE_MAX_BYTES = 256 };

static const int64_t ages[MOMENTS] = {0, CLOCK_DAY_MS, 7 * CLOCK_DAY_MS};

/* The moment that is looked at: what the filter bar says, or the end of its window, and never after the last that
   was seen, so that what was a day before it is not the same again. */
static int64_t moment_of(const struct query_filter *filter, const struct event *event)
{
    int64_t at_ms = filter->has_at   ? filter->at_ms
                    : filter->has_to ? filter->to_ms - 1
                                     : clock_now_ms();
    int64_t last_ms = event->last_scraped_ms;
    return last_ms >= 0 && last_ms < at_ms ? last_ms : at_ms;
}

static bool load(struct store *store, const struct question *question, struct frame *frame,
                 struct err *err)
{
    struct event event;
    struct query_filter filter;
    int64_t moments[MOMENTS];
    if (!question_event(store, question, &event, err) ||
        !view_filter(&question->view, &filter, err))
        return false;
    int64_t at_ms = moment_of(&filter, &event);
    for (size_t i = 0; i < MOMENTS; i++)
        moments[i] = at_ms - ages[i];
    if (!query_depth(store, &event, &filter, moments, MOMENTS, PRICES_MOST, frame, err))
        return false;
    frame->meta.has_from = false;
    frame->meta.has_to = true;
    frame->meta.to_ms = at_ms;
    return true;
}

static void ask(struct question *question, struct canvas_area area)
{
    struct view *view = &question->view;
    (void)area;
    memset(view->from, 0, sizeof view->from);
    view->by = QUERY_SNAPSHOT; /* the market at moments has no steps */
    question->load = load;
}

static bool is_now(const struct view *view)
{
    return !view->at[0] && !view->to[0];
}

static void make(const struct scene *scene, struct depth *depth)
{
    static const char *const now[MOMENTS] = {"now", "24 h ago", "7 d ago"};
    static const char *const then[MOMENTS] = {"then", "24 h before", "7 d before"};
    depth_init(depth);
    plot_depth(depth, screen_frame(scene, MARKET_DEPTH), is_now(&scene->desk->view) ? now : then,
               MOMENTS);
    depth->title = depth->note = NULL;
}

/* Below the read-out. */
static struct canvas_area ladder_area(struct canvas_area area)
{
    if (area.height > 1) {
        area.y++;
        area.height--;
    }
    return area;
}

/* The levels as depth_draw() chooses them in an area. */
static struct depth_levels levels_in(const struct depth *depth, struct canvas_area area)
{
    area = ladder_area(area);
    return depth_choose(depth, area.height - (area.height >= HEADER_FROM ? HEADER_ROWS : 0) - 1);
}

/* The level that the cursor is on; false when there is none. */
static bool find_level(const struct market_state *market, const struct depth_levels *levels,
                       size_t *level)
{
    if (levels->rows < 1)
        return false;
    int64_t last = levels->rows - 1, at = 0;
    if (market->has_price && market->price > levels->from)
        at = (market->price - levels->from + levels->step - 1) / levels->step;
    *level = (size_t)(at < last ? at : last);
    return true;
}

static void put_level(struct market_state *market, const struct depth_levels *levels, size_t level)
{
    market->has_price = true;
    market->price = levels->from + levels->step * (int64_t)level;
}

static void act(struct scene *scene, const struct act *act, struct canvas_area area)
{
    struct market_state *market = scene->state;
    AUTO_DEPTH struct depth depth;
    make(scene, &depth);
    struct depth_levels levels = levels_in(&depth, area);
    size_t level;
    if (!find_level(market, &levels, &level))
        return;
    if (market_step(act->action, (size_t)levels.rows, (size_t)levels.rows / 2, &level))
        put_level(market, &levels, level);
    else if (act->action == ACTION_ENTER)
        market_drill(scene->desk, screen_frame(scene, MARKET_DEPTH)->meta.to_ms);
    else if (act->action == ACTION_COPY)
        money_format(scene->desk->copy, levels.from + levels.step * (int64_t)level);
}

static void click(struct scene *scene, const struct key *key, struct canvas_area area)
{
    struct market_state *market = scene->state;
    AUTO_DEPTH struct depth depth;
    make(scene, &depth);
    struct depth_levels levels = levels_in(&depth, area);
    struct canvas_area ladder = ladder_area(area);
    int row = key->y - ladder.y - (ladder.height >= HEADER_FROM ? HEADER_ROWS : 0);
    size_t level;
    if (!find_level(market, &levels, &level))
        return;
    if (key->code == KEY_CODE_WHEEL_UP && level > 0)
        put_level(market, &levels, level - 1);
    else if (key->code == KEY_CODE_WHEEL_DOWN && level + 1 < (size_t)levels.rows)
        put_level(market, &levels, level + 1);
    else if (key->code == KEY_CODE_CLICK && row >= 0 && row < levels.rows)
        put_level(market, &levels, (size_t)row);
}

/* "25 tickets at or below $100.00; 31 24 h ago, 40 7 d ago". */
static void word_level(const struct depth *depth, int64_t price, char *out, size_t size)
{
    char money[48], text[32];
    int64_t tickets = depth_at(depth, price, 0);
    size_t used = (size_t)snprintf(out, size, "%s ticket%s at or below %s",
                                   text_thousands(text, tickets), tickets == 1 ? "" : "s",
                                   money_format_human(money, price, depth->currency));
    for (size_t i = 1; i < depth->moment_count && used < size; i++) {
        tickets = depth_at(depth, price, i);
        used += (size_t)snprintf(out + used, size - used, ", %s: %s", depth->moments[i],
                                 tickets < 0 ? "not known" : text_thousands(text, tickets));
    }
}

static void draw(const struct scene *scene, struct canvas *canvas, struct canvas_area area)
{
    const struct market_state *market = scene->state;
    AUTO_DEPTH struct depth depth;
    char line[LINE_MAX_BYTES];
    make(scene, &depth);
    struct depth_levels levels = levels_in(&depth, area);
    struct depth_options options = {0};
    size_t level;
    if (find_level(market, &levels, &level)) {
        options = (struct depth_options){true, levels.from + levels.step * (int64_t)level};
        word_level(&depth, options.price, line, sizeof line);
        market_line(canvas, area, area.y, line, THEME_CROSS);
    }
    depth_draw(&depth, &options, canvas, ladder_area(area));
}

static void describe(const struct scene *scene, struct buf *out)
{
    enum { LEVELS = 6 };
    AUTO_DEPTH struct depth depth;
    char line[LINE_MAX_BYTES], time[CLOCK_TEXT_MAX];
    make(scene, &depth);
    struct depth_levels levels = depth_choose(&depth, LEVELS);
    buf_printf(out, "Depth at %s%s.\n",
               screen_time(time, scene->desk, screen_frame(scene, MARKET_DEPTH)->meta.to_ms),
               levels.rows ? "" : ": nothing is for sale");
    for (int i = 0; i < levels.rows; i++) {
        word_level(&depth, levels.from + i * levels.step, line, sizeof line);
        buf_printf(out, "%s.\n", line);
    }
}

const struct market_pane market_depth = {
    .word = "depth",
    .title = "tickets at or below a price",
    .ask = ask,
    .act = act,
    .click = click,
    .draw = draw,
    .describe = describe,
};
