/* New, gone, repriced: a list under the number of each. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "tui/market_private.h"

enum { MOST = 2000, TOLD = 5, LINE_MAX_BYTES = 256 };

/* The words of enum query_change, and a sign for each. */
static const char *const kinds[QUERY_CHANGE_KINDS] = {"new", "gone", "repriced"};

static bool load(struct store *store, const struct question *question, struct frame *frame,
                 struct err *err)
{
    struct event event;
    struct query_filter filter;
    size_t counts[QUERY_CHANGE_KINDS];
    if (!question_event(store, question, &event, err) ||
        !view_filter(&question->view, &filter, err) ||
        !query_changes(store, &event, &filter, MOST, counts, frame, err))
        return false;
    int64_t *totals = arena_array(&frame->arena, QUERY_CHANGE_KINDS, sizeof *totals);
    for (size_t i = 0; i < QUERY_CHANGE_KINDS; i++)
        totals[i] = (int64_t)counts[i];
    frame->meta.totals = (struct frame_list){.count = QUERY_CHANGE_KINDS, .ints = totals};
    return true;
}

static void ask(struct question *question, struct canvas_area area)
{
    (void)area;
    memset(question->view.at, 0, sizeof question->view.at);
    question->view.by = QUERY_SNAPSHOT; /* its steps make no difference to changes */
    question->load = load;
}

static void show_change(struct list_cell *shown)
{
    const char *word = frame_get(shown->frame, shown->row, "change")->text;
    const struct frame_cell *now = frame_get(shown->frame, shown->row, "price");
    const struct frame_cell *before = frame_get(shown->frame, shown->row, "price_before");
    bool repriced = strcmp(word, kinds[QUERY_REPRICED]) == 0;
    bool up = repriced && now->known && before->known && now->number > before->number;
    snprintf(shown->text, sizeof shown->text, "%s", !repriced ? word : up ? "up" : "down");
    shown->style = !repriced && strcmp(word, kinds[QUERY_GONE]) == 0 ? THEME_NOTE
                   : !repriced                                       ? THEME_ACTIVE
                   : up                                              ? THEME_UP
                                                                     : THEME_DOWN;
}

static void show_time(struct list_cell *shown)
{
    char time[CLOCK_TEXT_MAX];
    snprintf(
        shown->text, sizeof shown->text, "%s",
        screen_time(time, shown->desk, frame_get(shown->frame, shown->row, "timestamp")->number));
}

/* A change in percent; only a new price has one. */
static void show_percent(struct list_cell *shown)
{
    const struct frame_cell *now = frame_get(shown->frame, shown->row, "price");
    const struct frame_cell *before = frame_get(shown->frame, shown->row, "price_before");
    if (!now->known || !before->known || before->number <= 0 || now->number == before->number)
        return;
    double percent = 100.0 * (double)(now->number - before->number) / (double)before->number;
    snprintf(shown->text, sizeof shown->text, "%+.1f%%", percent);
    shown->style = percent > 0 ? THEME_UP : THEME_DOWN;
}

/* Of what went, the last price is told once. */
static void show_before(struct list_cell *shown)
{
    const char *word = frame_get(shown->frame, shown->row, "change")->text;
    if (strcmp(word, kinds[QUERY_REPRICED]) == 0)
        list_show(shown, (size_t)frame_find(shown->frame, "price_before"));
}

static const struct list_column columns[] = {
    {"timestamp", "when", 12, .show = show_time},
    {"change", "what", 4, .show = show_change},
    {"zone", "zone", 8, .grows = 2, .rank = 1},
    {"section", "section", 7, .grows = 1, .rank = 3},
    {"row", "row", 3, .rank = 4},
    {"quantity", "qty", 3, .right = true},
    {"price", "price", 9, .right = true},
    {"price_before", "before", 9, .right = true, .rank = 5, .show = show_before},
    {"", "by", 7, .right = true, .rank = 2, .show = show_percent},
};

static const struct list_form form = {
    .columns = columns,
    .count = sizeof columns / sizeof *columns,
    .texts = "change zone section row listing_id",
    .empty = "nothing came, went or changed its price in this window",
};

void market_open_changes(struct scene *scene)
{
    struct market_state *market = scene->state;
    market->changes.form = &form;
    list_load(&market->changes, scene->desk->state, "market");
}

/* Below the counts. */
static struct canvas_area list_area(struct canvas_area area)
{
    if (area.height > 1) {
        area.y++;
        area.height--;
    }
    return area;
}

void market_settle_changes(struct scene *scene, struct canvas_area area)
{
    struct market_state *market = scene->state;
    list_settle(&market->changes, scene->desk, screen_frame(scene, MARKET_CHANGES),
                list_area(area).height);
}

void market_search_changes(struct scene *scene, const struct act *act, struct canvas_area area)
{
    struct market_state *market = scene->state;
    list_act(&market->changes, scene->desk, screen_frame(scene, MARKET_CHANGES), act,
             list_area(area).height);
}

/* Into the market right after the change. */
static void drill(struct scene *scene)
{
    const struct market_state *market = scene->state;
    size_t row;
    if (list_row(&market->changes, &row))
        market_drill(scene->desk,
                     frame_get(screen_frame(scene, MARKET_CHANGES), row, "timestamp")->number);
}

static void act(struct scene *scene, const struct act *act, struct canvas_area area)
{
    struct market_state *market = scene->state;
    const struct frame *frame = screen_frame(scene, MARKET_CHANGES);
    size_t row;
    if (act->action == ACTION_ENTER)
        drill(scene);
    else if (act->action == ACTION_COPY && list_row(&market->changes, &row))
        snprintf(scene->desk->copy, sizeof scene->desk->copy, "%s",
                 frame_get(frame, row, "listing_id")->text);
    else
        list_act(&market->changes, scene->desk, frame, act, list_area(area).height);
}

static void click(struct scene *scene, const struct key *key, struct canvas_area area)
{
    struct market_state *market = scene->state;
    if (list_click(&market->changes, scene->desk, screen_frame(scene, MARKET_CHANGES),
                   list_area(area), key))
        drill(scene);
}

/* "412 new, 398 gone, 90 repriced; the newest 500 are listed". */
static void count(const struct frame *frame, char *out, size_t size)
{
    char text[32];
    size_t used = 0, all = 0;
    for (size_t i = 0; i < frame->meta.totals.count; i++) {
        int64_t total = frame->meta.totals.ints[i];
        all += (size_t)total;
        used += (size_t)snprintf(out + used, size - used, "%s%s %s", i ? ", " : "",
                                 text_thousands(text, total), kinds[i]);
    }
    if (all > frame->row_count)
        snprintf(out + used, size - used, "; the newest %s are listed",
                 text_thousands(text, (int64_t)frame->row_count));
}

static void draw(const struct scene *scene, struct canvas *canvas, struct canvas_area area)
{
    const struct market_state *market = scene->state;
    const struct frame *frame = screen_frame(scene, MARKET_CHANGES);
    char line[LINE_MAX_BYTES];
    count(frame, line, sizeof line);
    market_line(canvas, area, area.y, line, THEME_TEXT);
    list_draw(&market->changes, scene->desk, frame, canvas, list_area(area));
}

static void describe_row(const struct scene *scene, const struct frame *frame, size_t row,
                         struct buf *out)
{
    char time[CLOCK_TEXT_MAX], price[48], before[48];
    const char *word = frame_get(frame, row, "change")->text;
    const char *currency = frame->meta.currency;
    const struct frame_cell *now = frame_get(frame, row, "price");
    const struct frame_cell *then = frame_get(frame, row, "price_before");
    const struct frame_cell *name = frame_get(frame, row, "row");
    long long quantity = frame_get(frame, row, "quantity")->number;
    buf_printf(out, "%s: %s, %lld ticket%s in %s %s",
               screen_time(time, scene->desk, frame_get(frame, row, "timestamp")->number), word,
               quantity, quantity == 1 ? "" : "s", frame_get(frame, row, "zone")->text,
               frame_get(frame, row, "section")->text);
    if (name->known)
        buf_printf(out, " row %s", name->text);
    if (now->known)
        buf_printf(out, ", %s", money_format_human(price, now->number, currency));
    if (then->known && strcmp(word, kinds[QUERY_REPRICED]) == 0)
        buf_printf(out, " after %s", money_format_human(before, then->number, currency));
    buf_puts(out, ".\n");
}

static void describe(const struct scene *scene, struct buf *out)
{
    const struct market_state *market = scene->state;
    const struct frame *frame = screen_frame(scene, MARKET_CHANGES);
    char line[LINE_MAX_BYTES];
    count(frame, line, sizeof line);
    buf_printf(out, "Changes: %s.\n", line);
    for (size_t i = 0; i < market->changes.count && i < TOLD; i++)
        describe_row(scene, frame, market->changes.order[i], out);
}

const struct market_pane market_changes = {
    .word = "changes",
    .title = "new, gone and repriced",
    .ask = ask,
    .act = act,
    .click = click,
    .draw = draw,
    .describe = describe,
};
