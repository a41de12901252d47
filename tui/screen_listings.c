/* Every listing at a moment, and the way through the moments. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "core/query.h"
#include "tui/list.h"
#include "tui/screen.h"
#include "tui/screen_listings.h"

enum { PART_LISTINGS, PART_MOMENTS, PART_HISTORY, PARTS };
enum { HEADER_ROWS = 2, HISTORY_ROWS = 7, DESCRIBED_ROWS = 20, LINE_MAX_BYTES = 512 };

/* How far EARLIER and LATER go. */
static const struct step {
    const char *word;
    int64_t ms;
} steps[] = {{"poll", 1}, {"hour", CLOCK_HOUR_MS}, {"day", CLOCK_DAY_MS}};

enum { STEPS = sizeof steps / sizeof *steps };

struct listings {
    struct list list;
    size_t step;
    bool open; /* the history of the listing under the cursor */
};

/* --- the list --- */

enum change { UNCHANGED, NEW, DEARER, CHEAPER };

static enum change change_of(const struct frame *frame, size_t row)
{
    const struct frame_cell *change = frame_get(frame, row, "change");
    const struct frame_cell *by = frame_get(frame, row, "change_by");
    if (!change->known)
        return UNCHANGED;
    return !by->known ? NEW : by->number > 0 ? DEARER : CHEAPER;
}

static enum theme_style style_of(enum change change)
{
    static const enum theme_style styles[] = {
        [UNCHANGED] = THEME_TEXT, [NEW] = THEME_TITLE, [DEARER] = THEME_UP, [CHEAPER] = THEME_DOWN};
    return styles[change];
}

static void show_price_in(struct list_cell *shown, const char *column)
{
    list_show(shown, (size_t)frame_find(shown->frame, column));
    shown->style = style_of(change_of(shown->frame, shown->row));
}

static void show_price(struct list_cell *shown)
{
    show_price_in(shown, "price");
}

static void show_all_in(struct list_cell *shown)
{
    show_price_in(shown, "all_in_price");
}

/* A sign beside the colour, for those who do not see it. */
static void show_change(struct list_cell *shown)
{
    const struct frame_cell *by = frame_get(shown->frame, shown->row, "change_by");
    enum change change = change_of(shown->frame, shown->row);
    char amount[MONEY_TEXT_MAX];
    shown->style = style_of(change);
    if (change == NEW)
        snprintf(shown->text, sizeof shown->text, "new");
    else if (change != UNCHANGED)
        snprintf(shown->text, sizeof shown->text, "%s%s", by->number > 0 ? "+" : "",
                 money_format(amount, by->number));
}

static const struct list_column columns[] = {
    {"price", "price", 10, .right = true, .show = show_price},
    {"change_by", "change", 8, .right = true, .rank = 1, .show = show_change},
    {"all_in_price", "all-in", 10, .right = true, .rank = 5, .show = show_all_in},
    {"quantity", "seats", 5, .right = true},
    {"splits", "sold as", 9, .rank = 6},
    {"zone", "zone", 10, .grows = 2, .rank = 2},
    {"section", "section", 12, .grows = 3},
    {"row", "row", 4, .grows = 1},
    {"tags", "tags", 12, .grows = 2, .rank = 4},
    {"first_seen", "first seen", 12, .rank = 7},
    {"listing_id", "listing", 13, .rank = 8},
};

static const struct list_form form = {
    .columns = columns,
    .count = sizeof columns / sizeof *columns,
    .key = "listing_id",
    .texts = "zone section row tags listing_id",
    .empty = "no listing",
};

static void open(struct scene *scene)
{
    struct listings *listings = scene->state;
    const char *step = state_get(scene->desk->state, "listings", "step");
    listings->list.form = &form;
    list_load(&listings->list, scene->desk->state, "listings");
    for (size_t i = 0; step && i < STEPS; i++)
        if (strcmp(steps[i].word, step) == 0)
            listings->step = i;
}

static void close(struct scene *scene)
{
    struct listings *listings = scene->state;
    list_save(&listings->list, scene->desk->state, "listings");
    state_set(scene->desk->state, "listings", "step",
              listings->step > 0 ? steps[listings->step].word : NULL);
    list_release(&listings->list);
}

/* --- questions --- */

static const char *listing_at_cursor(const struct scene *scene)
{
    const struct listings *listings = scene->state;
    const struct frame *frame = screen_frame(scene, PART_LISTINGS);
    size_t row;
    return frame && list_row(&listings->list, &row) ? frame_get(frame, row, "listing_id")->text
                                                    : NULL;
}

/* What a question leaves out of the view makes no difference to its answer. */
static void ask(const struct scene *scene, size_t part, struct question *question)
{
    static question_load *const loads[PARTS] = {screen_listings_load, screen_listings_load_moments,
                                                screen_listings_load_history};
    const struct listings *listings = scene->state;
    struct view *view = &question->view;
    const char *listing = listing_at_cursor(scene);
    struct err err = {0};
    view_set(view, ACTION_FROM, "", &err);
    view_set(view, ACTION_TO, "", &err);
    view_set(view, ACTION_BY, "", &err);
    if (part == PART_HISTORY) {
        if (!listings->open || !listing)
            return;
        struct event event = view->event;
        memset(view, 0, sizeof *view);
        view->event = event;
        snprintf(question->listing, sizeof question->listing, "%s", listing);
    }
    if (part == PART_MOMENTS)
        question->numbers[0] = steps[listings->step].ms;
    question->load = loads[part];
}

/* --- where things are --- */

static struct canvas_area list_area(const struct scene *scene)
{
    const struct listings *listings = scene->state;
    struct canvas_area area = scene->area;
    area.y += HEADER_ROWS;
    area.height -= HEADER_ROWS;
    if (listings->open)
        area.height -= area.height > 3 * HISTORY_ROWS ? HISTORY_ROWS : area.height / 3;
    return area;
}

static struct canvas_area history_area(const struct scene *scene)
{
    struct canvas_area above = list_area(scene), area = scene->area;
    area.y = above.y + above.height;
    area.height = scene->area.y + scene->area.height - area.y;
    return area;
}

static void settle(struct scene *scene)
{
    struct listings *listings = scene->state;
    list_settle(&listings->list, scene->desk, screen_frame(scene, PART_LISTINGS),
                list_area(scene).height);
}

/* --- time --- */

/* The row of the moments at which the market is looked at; false when it was not polled well up to then. */
static bool moment_row(const struct scene *scene, size_t *row)
{
    const struct frame *moments = screen_frame(scene, PART_MOMENTS);
    struct query_filter filter;
    struct err err = {0};
    if (!moments || moments->row_count == 0 || !view_filter(&scene->desk->view, &filter, &err))
        return false;
    *row = moments->row_count - 1;
    while (filter.has_at && *row > 0 &&
           frame_get(moments, *row, "timestamp")->number > filter.at_ms)
        --*row;
    return !filter.has_at || frame_get(moments, *row, "timestamp")->number <= filter.at_ms;
}

static void set_at(struct view *view, int64_t at_ms)
{
    char text[CLOCK_TEXT_MAX];
    struct err err = {0};
    view_set(view, ACTION_AT, clock_format(text, at_ms), &err);
}

static void travel(struct scene *scene, int direction)
{
    const struct frame *moments = screen_frame(scene, PART_MOMENTS);
    struct view *view = &scene->desk->view;
    size_t row = 0;
    if (!moments || moments->row_count == 0)
        return;
    bool any = moment_row(scene, &row);
    if (direction < 0 && row == 0)
        screen_note(scene->desk, "there is no good poll before");
    else if (direction > 0 && row + 1 == moments->row_count)
        screen_note(scene->desk, "this is the last good poll");
    else
        set_at(view, frame_get(moments,
                               direction < 0 ? row - 1
                               : any         ? row + 1
                                             : 0,
                               "timestamp")
                         ->number);
}

static void choose_step(struct scene *scene, int direction)
{
    struct listings *listings = scene->state;
    if (direction < 0 && listings->step > 0)
        listings->step--;
    else if (direction > 0 && listings->step + 1 < STEPS)
        listings->step++;
    screen_note(scene->desk, "< and > go by one %s", steps[listings->step].word);
}

static void go_latest(struct scene *scene)
{
    struct err err = {0};
    view_set(&scene->desk->view, ACTION_AT, "", &err);
}

/* --- what keys do --- */

static void word_listing(const struct frame *frame, size_t row, char *out, size_t size)
{
    char price[MONEY_TEXT_MAX];
    const struct frame_cell *seat_row = frame_get(frame, row, "row");
    money_format_human(price, frame_get(frame, row, "price")->number,
                       frame->meta.currency ? frame->meta.currency : "");
    snprintf(out, size, "%s, section %s%s%s, %lld x %s", frame_get(frame, row, "listing_id")->text,
             frame_get(frame, row, "section")->text, seat_row->known ? ", row " : "",
             seat_row->known ? seat_row->text : "",
             (long long)frame_get(frame, row, "quantity")->number, price);
}

static void copy(struct scene *scene)
{
    const struct listings *listings = scene->state;
    const struct frame *frame = screen_frame(scene, PART_LISTINGS);
    size_t row;
    if (!frame || !list_row(&listings->list, &row))
        return;
    word_listing(frame, row, scene->desk->copy, sizeof scene->desk->copy);
    screen_note(scene->desk, "copied: %s", scene->desk->copy);
}

static void toggle_history(struct scene *scene)
{
    struct listings *listings = scene->state;
    listings->open = !listings->open && listing_at_cursor(scene);
    settle(scene);
}

static bool back(struct scene *scene)
{
    const struct listings *listings = scene->state;
    if (!listings->open)
        return false;
    toggle_history(scene);
    return true;
}

static void act(struct scene *scene, const struct act *act)
{
    struct listings *listings = scene->state;
    if (list_act(&listings->list, scene->desk, screen_frame(scene, PART_LISTINGS), act,
                 list_area(scene).height))
        ;
    else if (act->action == ACTION_EARLIER || act->action == ACTION_LATER)
        travel(scene, act->action == ACTION_LATER ? 1 : -1);
    else if (act->action == ACTION_ZOOM_IN || act->action == ACTION_ZOOM_OUT)
        choose_step(scene, act->action == ACTION_ZOOM_OUT ? 1 : -1);
    else if (act->action == ACTION_FIT)
        go_latest(scene);
    else if (act->action == ACTION_ENTER)
        toggle_history(scene);
    else if (act->action == ACTION_COPY)
        copy(scene);
}

static void click(struct scene *scene, const struct key *key)
{
    struct listings *listings = scene->state;
    if (list_click(&listings->list, scene->desk, screen_frame(scene, PART_LISTINGS),
                   list_area(scene), key))
        toggle_history(scene);
}

/* --- the header --- */

/* Why there is no market to show. */
static void word_nothing(const struct scene *scene, char *out, size_t size)
{
    const struct frame *moments = screen_frame(scene, PART_MOMENTS);
    char first[CLOCK_TEXT_MAX];
    if (moments->row_count == 0)
        snprintf(out, size, "this event was never polled well; F9 says what its polls did");
    else
        snprintf(out, size, "not polled yet at that time; the first good poll was %s, > goes there",
                 screen_time(first, scene->desk, frame_get(moments, 0, "timestamp")->number));
}

/* "Nov 12 14:00, 2 d ago; poll 412 of 671, not the latest". True when it is the latest, and no later one is asked for. */
static bool word_moment(const struct scene *scene, size_t row, char *out, size_t size)
{
    const struct frame *moments = screen_frame(scene, PART_MOMENTS);
    struct query_filter filter;
    struct err err = {0};
    char at[CLOCK_TEXT_MAX], span[CLOCK_TEXT_MAX], number[32], polls[32];
    int64_t at_ms = frame_get(moments, row, "timestamp")->number;
    bool latest = at_ms == frame_get(moments, row, "latest")->number;
    size_t used = (size_t)snprintf(
        out, size, "%s, %s ago; poll %s of %s, %s", screen_time(at, scene->desk, at_ms),
        clock_format_span(span, clock_now_ms() > at_ms ? clock_now_ms() - at_ms : 0),
        text_thousands(number, frame_get(moments, row, "number")->number),
        text_thousands(polls, frame_get(moments, row, "polls")->number),
        latest ? "the latest" : "not the latest");
    if (!view_filter(&scene->desk->view, &filter, &err) || !filter.has_at ||
        filter.at_ms - at_ms < CLOCK_HOUR_MS)
        return latest;
    snprintf(out + used, size - used, "; not polled well in the %s up to %s",
             clock_format_span(span, filter.at_ms - at_ms),
             screen_time(at, scene->desk, filter.at_ms));
    return false;
}

static bool is_filtered(const struct view *view)
{
    return view->zone_count > 0 || view->section[0] || view->sizes || view->only_tags ||
           view->exclude_tags;
}

/* "423 listings, 1,204 tickets, from $55.00; 3 new, 2 gone, 5 repriced". */
static void word_market(const struct scene *scene, size_t row, char *out, size_t size)
{
    const struct frame *listings = screen_frame(scene, PART_LISTINGS);
    const struct view *view = &scene->desk->view;
    if (listings->row_count > 0)
        screen_listings_word_market(listings, view->basis, out, size);
    else
        snprintf(out, size, "%s",
                 is_filtered(view) ? "no listing passes the filters" : "nothing was on sale");
    size_t used = strlen(out);
    screen_listings_word_changes(screen_frame(scene, PART_MOMENTS), row, out + used, size - used);
}

static int draw_line(struct canvas *canvas, struct canvas_area area, int row, const char *text,
                     enum theme_style style)
{
    char clipped[LINE_MAX_BYTES];
    int used = text_clip(clipped, sizeof clipped, text, area.width - 2, canvas->ascii);
    canvas_text(canvas, area.x + 1, area.y + row, clipped, style);
    return used;
}

static void draw_header(const struct scene *scene, size_t row, struct canvas *canvas)
{
    const struct listings *listings = scene->state;
    struct canvas_area area = scene->area;
    char text[LINE_MAX_BYTES];
    bool latest = word_moment(scene, row, text, sizeof text);
    int used = draw_line(canvas, area, 0, text, latest ? THEME_TITLE : THEME_WARN);
    word_market(scene, row, text, sizeof text);
    draw_line(canvas, area, 1, text, THEME_TEXT);
    snprintf(text, sizeof text, "< > by %s", steps[listings->step].word);
    int x = area.width - text_width(text) - 1;
    if (x > used + 2)
        canvas_text(canvas, area.x + x, area.y, text, THEME_NOTE);
}

static void draw(const struct scene *scene, struct canvas *canvas)
{
    const struct listings *listings = scene->state;
    const struct frame *frame = screen_frame(scene, PART_LISTINGS);
    char text[LINE_MAX_BYTES];
    size_t row;
    if (!frame || !screen_frame(scene, PART_MOMENTS))
        return;
    if (!moment_row(scene, &row)) {
        word_nothing(scene, text, sizeof text);
        draw_line(canvas, scene->area, 0, text, THEME_WARN);
        return;
    }
    draw_header(scene, row, canvas);
    list_draw(&listings->list, scene->desk, frame, canvas, list_area(scene));
    if (listings->open && screen_frame(scene, PART_HISTORY))
        screen_listings_draw_history(scene->desk, screen_frame(scene, PART_HISTORY),
                                     listing_at_cursor(scene), canvas, history_area(scene));
}

static void describe_rows(const struct scene *scene, struct buf *out)
{
    const struct listings *listings = scene->state;
    const struct list *list = &listings->list;
    char text[LINE_MAX_BYTES];
    size_t end = list->cursor + DESCRIBED_ROWS;
    for (size_t i = list->cursor; i < list->count && i < end; i++) {
        word_listing(screen_frame(scene, PART_LISTINGS), list->order[i], text, sizeof text);
        buf_printf(out, "%zu: %s.\n", i + 1, text);
    }
    if (end < list->count)
        buf_printf(out, "%zu more.\n", list->count - end);
}

/* From the cursor on, as many as one can listen to. */
static void describe(const struct scene *scene, struct buf *out)
{
    const struct listings *listings = scene->state;
    char text[LINE_MAX_BYTES];
    size_t row;
    if (!screen_frame(scene, PART_LISTINGS) || !screen_frame(scene, PART_MOMENTS))
        return;
    if (!moment_row(scene, &row)) {
        word_nothing(scene, text, sizeof text);
        buf_printf(out, "%s.\n", text);
        return;
    }
    word_moment(scene, row, text, sizeof text);
    buf_printf(out, "%s.\n", text);
    word_market(scene, row, text, sizeof text);
    buf_printf(out, "%s.\n", text);
    describe_rows(scene, out);
    if (listings->open && screen_frame(scene, PART_HISTORY))
        screen_listings_describe_history(scene->desk, screen_frame(scene, PART_HISTORY), out);
}

static const struct frame *shown(const struct scene *scene)
{
    return screen_frame(scene, PART_LISTINGS);
}

static const struct list *shown_list(const struct scene *scene)
{
    const struct listings *listings = scene->state;
    return &listings->list;
}

static const char *choice(const struct scene *scene, enum action action, size_t nth)
{
    (void)scene;
    return action == ACTION_SORT ? list_choice(&form, nth) : NULL;
}

const struct screen screen_listings = {
    .name = "listings",
    .title = "Listings",
    .place = ACTION_IN_LISTINGS,
    .size = sizeof(struct listings),
    .parts = PARTS,
    .open = open,
    .close = close,
    .ask = ask,
    .settle = settle,
    .act = act,
    .click = click,
    .back = back,
    .draw = draw,
    .describe = describe,
    .shown = shown,
    .list = shown_list,
    .choice = choice,
};
