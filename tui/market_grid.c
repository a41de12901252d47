/* The two panes over time: median prices by zone, and how listings are spread over prices. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "tui/market_private.h"
#include "tui/plot.h"
#include "tui/ticks.h"

enum { DENSITY_FROM = 1, FAR_PARTS = 10, LINE_MAX_BYTES = 256 };

/* A pane on its way to the canvas. */
struct grid {
    const struct frame *frame;
    struct heat heat;
    bool by_zone;       /* else by price */
    int64_t low, width; /* of bins of prices; width 0: there is one */
    size_t last;        /* the last column of which anything is known */
    size_t row, column; /* of the cursor */
};

static void grid_release(struct grid *grid)
{
    heat_release(&grid->heat);
}

#define AUTO_GRID __attribute__((cleanup(grid_release)))

/* --- pictures --- */

/* Where bins begin and how wide they are. */
static void measure_bins(struct grid *grid)
{
    const struct frame *frame = grid->frame;
    for (size_t row = 0; row < frame->row_count; row++) {
        int64_t from = frame_at(frame, row, DENSITY_FROM)->number;
        grid->low = row == 0 || from < grid->low ? from : grid->low;
    }
    for (size_t row = 0; row < frame->row_count; row++) {
        const struct frame_cell *to = frame_at(frame, row, DENSITY_FROM + 1);
        if (to->known)
            grid->width = to->number - frame_at(frame, row, DENSITY_FROM)->number;
    }
}

static bool is_known(const struct heat *heat, size_t column)
{
    for (size_t row = 0; row < heat->rows; row++)
        if (heat_at(heat, row, column)->known)
            return true;
    return false;
}

static size_t find_column(const struct grid *grid, const struct market_state *market)
{
    const struct heat *heat = &grid->heat;
    if (!market->has_moment || heat->columns == 0)
        return grid->last;
    int64_t column = (market->moment_ms - heat->from) / heat->step;
    int64_t last = (int64_t)heat->columns - 1;
    return (size_t)(market->moment_ms < heat->from ? 0 : column < last ? column : last);
}

static size_t find_zone(const struct heat *heat, const char *zone)
{
    for (size_t row = 0; row < heat->rows; row++)
        if (strcmp(heat->labels[row], zone) == 0)
            return row;
    return 0;
}

/* The dearest bin is the first row. */
static size_t find_price(const struct grid *grid, const struct market_state *market)
{
    const struct heat *heat = &grid->heat;
    if (heat->rows == 0)
        return 0;
    if (!market->has_price && heat->columns > 0 && heat->line[grid->column] >= 0)
        return (size_t)heat->line[grid->column];
    int64_t last = (int64_t)heat->rows - 1, bin = 0;
    if (market->has_price && grid->width > 0 && market->price > grid->low)
        bin = (market->price - grid->low) / grid->width;
    return (size_t)(bin < last ? last - bin : 0);
}

static void make(const struct scene *scene, bool by_zone, struct grid *grid)
{
    const struct market_state *market = scene->state;
    const struct frame *frame = screen_frame(scene, by_zone ? MARKET_HEAT : MARKET_DENSITY);
    *grid = (struct grid){.frame = frame, .by_zone = by_zone};
    if (by_zone) {
        plot_zones(&grid->heat, frame, "median_price");
        grid->heat.log = true; /* one dear zone must not make all others look the same */
    } else {
        plot_density(&grid->heat, frame, scene->desk->view.zone_count <= 1 ? frame : NULL);
        measure_bins(grid);
    }
    struct heat *heat = &grid->heat;
    heat->title = heat->note = NULL;
    for (size_t column = 0; column < heat->columns; column++)
        if (is_known(heat, column))
            grid->last = column;
    grid->column = find_column(grid, market);
    grid->row = by_zone ? find_zone(heat, market->zone) : find_price(grid, market);
}

/* The frame's last row that the cursor is on; false when there is none. */
static bool find_row(const struct grid *grid, size_t *row)
{
    const struct heat *heat = &grid->heat;
    const struct frame *frame = grid->frame;
    size_t time = (size_t)frame_find(frame, "timestamp");
    int64_t from_ms = heat->from + heat->step * (int64_t)grid->column;
    int64_t bin = (int64_t)heat->rows - 1 - (int64_t)grid->row;
    for (*row = frame->row_count; (*row)-- > 0;) {
        int64_t at_ms = frame_at(frame, *row, time)->number;
        if (at_ms < from_ms || at_ms >= from_ms + heat->step)
            continue;
        if (grid->by_zone
                ? strcmp(frame_get(frame, *row, "zone")->text, heat->labels[grid->row]) == 0
                : frame_at(frame, *row, DENSITY_FROM)->number == grid->low + bin * grid->width)
            return true;
    }
    return false;
}

/* --- words --- */

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

/* "median $193.00, lowest $105.00, 61 tickets in 20 listings"; short for narrow panes. */
static void word_zone(const struct grid *grid, size_t row, bool brief, char *out, size_t size)
{
    char median[MONEY_TEXT_MAX], least[MONEY_TEXT_MAX], tickets[32], listings[32];
    const struct frame *frame = grid->frame;
    const char *currency = frame->meta.currency;
    const struct frame_cell *middle = frame_get(frame, row, "median_price");
    const struct frame_cell *low = frame_get(frame, row, "min_price");
    int64_t count = frame_get(frame, row, "total_tickets")->number;
    int64_t offers = frame_get(frame, row, "total_listings")->number;
    size_t used = 0;
    out[0] = '\0';
    if (middle->known && low->known)
        used = (size_t)snprintf(out, size, brief ? "%s, low %s, " : "median %s, lowest %s, ",
                                money_format_human(median, middle->number, currency),
                                money_format_human(least, low->number, currency));
    used += (size_t)snprintf(out + used, size - used, "%s ticket%s", text_thousands(tickets, count),
                             plural(count));
    if (!brief)
        snprintf(out + used, size - used, " in %s listing%s", text_thousands(listings, offers),
                 plural(offers));
}

/* "$132.90 to $186.34: 21 listings, 62 tickets; median $150.00". */
static void word_bin(const struct grid *grid, size_t row, bool brief, char *out, size_t size)
{
    char from[MONEY_TEXT_MAX], to[MONEY_TEXT_MAX], median[MONEY_TEXT_MAX], text[32];
    const struct frame *frame = grid->frame;
    const char *currency = frame->meta.currency;
    const struct frame_cell *upper = frame_get(frame, row, "price_to");
    const struct frame_cell *middle = frame_get(frame, row, "median_price");
    int64_t listings = frame_get(frame, row, "listings")->number;
    int64_t tickets = frame_get(frame, row, "tickets")->number;
    money_format_human(from, frame_get(frame, row, "price_from")->number, currency);
    if (upper->known)
        money_format_human(to, upper->number - 1, currency);
    size_t used = (size_t)snprintf(out, size, "%s %s%s: %s listing%s", from,
                                   upper->known ? "to " : "and dearer", upper->known ? to : "",
                                   text_thousands(text, listings), plural(listings));
    used += (size_t)snprintf(out + used, size - used, ", %s ticket%s",
                             text_thousands(text, tickets), plural(tickets));
    if (middle->known && !brief)
        snprintf(out + used, size - used, "; median %s",
                 money_format_human(median, middle->number, currency));
}

static void word_cursor(const struct scene *scene, const struct grid *grid, bool brief, char *out,
                        size_t size)
{
    char when[CLOCK_TEXT_MAX], what[LINE_MAX_BYTES] = "nothing";
    const struct heat *heat = &grid->heat;
    size_t row;
    screen_time(when, scene->desk, heat->from + heat->step * (int64_t)grid->column);
    if (find_row(grid, &row) && grid->by_zone)
        word_zone(grid, row, brief, what, sizeof what);
    else if (find_row(grid, &row))
        word_bin(grid, row, brief, what, sizeof what);
    snprintf(out, size, "%s  %s%s%s", when, grid->by_zone ? heat->labels[grid->row] : "",
             grid->by_zone ? ": " : "", what);
}

/* Why there is no picture. */
static const char *word_nothing(const struct scene *scene, const struct grid *grid)
{
    if (scene->desk->view.basis == MEASURES_ALL_IN)
        return "no all-in price is known here; p shows base prices";
    return grid->frame->row_count > 0 ? "nothing was for sale in this window"
                                      : "nothing was seen in this window; ] shows a longer one";
}

/* --- what is done --- */

static struct heat_options options_of(const struct scene *scene, const struct grid *grid,
                                      const char *readout)
{
    const struct market_state *market = scene->state;
    return (struct heat_options){
        .depth = scene->desk->look.depth,
        .zone = screen_zone(scene->desk),
        .has_cursor = true,
        .row = grid->row,
        .column = grid->column,
        .top = grid->by_zone ? market->top : 0,
        .readout = readout,
    };
}

/* Rows stay where they are until the cursor would leave them. */
static void arrange(struct scene *scene, const struct grid *grid, struct canvas_area area,
                    struct heat_layout *layout)
{
    struct market_state *market = scene->state;
    struct heat_options options = options_of(scene, grid, NULL);
    heat_arrange(&grid->heat, &options, area, layout);
    if (grid->by_zone)
        market->top = layout->first;
}

/* On the last column it goes with the data. */
static void put_column(struct market_state *market, const struct grid *grid, size_t column)
{
    const struct heat *heat = &grid->heat;
    market->has_moment = column != grid->last;
    market->moment_ms = heat->from + heat->step * (int64_t)column;
}

static void put_row(struct market_state *market, const struct grid *grid, size_t row)
{
    if (grid->by_zone) {
        snprintf(market->zone, sizeof market->zone, "%s", grid->heat.labels[row]);
        return;
    }
    market->has_price = true;
    market->price = grid->low + grid->width * ((int64_t)grid->heat.rows - 1 - (int64_t)row);
}

/* Time goes from left to right, and FIRST and LAST are its ends. */
static bool step_column(enum action action, const struct grid *grid, size_t *column)
{
    static const struct {
        enum action action, as;
    } ways[] = {
        {ACTION_LEFT, ACTION_UP},          {ACTION_RIGHT, ACTION_DOWN},
        {ACTION_FAR_LEFT, ACTION_PAGE_UP}, {ACTION_FAR_RIGHT, ACTION_PAGE_DOWN},
        {ACTION_FIRST, ACTION_FIRST},      {ACTION_LAST, ACTION_LAST},
    };
    size_t columns = grid->heat.columns;
    if (action == ACTION_LAST) {
        *column = grid->last;
        return true;
    }
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (ways[i].action == action)
            return market_step(ways[i].as, columns, columns / FAR_PARTS + 1, column);
    return false;
}

/* The end of the column: its levels are those of its last poll. */
static int64_t moment_of(const struct grid *grid, enum query_by by)
{
    int64_t from_ms = grid->heat.from + grid->heat.step * (int64_t)grid->column;
    size_t row;
    if (by == QUERY_SNAPSHOT && find_row(grid, &row))
        return frame_get(grid->frame, row, "timestamp")->number;
    return from_ms + grid->heat.step - 1;
}

static void drill(struct scene *scene, const struct grid *grid)
{
    struct desk *desk = scene->desk;
    struct err err = {0};
    char quoted[LISTING_NAME_MAX + 2];
    if (grid->by_zone && grid->heat.rows > 0) {
        snprintf(quoted, sizeof quoted, "\"%s\"", grid->heat.labels[grid->row]);
        if (!view_set(&desk->view, ACTION_ZONE, quoted, &err)) {
            screen_complain(desk, &err);
            return;
        }
    }
    market_drill(desk, moment_of(grid, desk->view.by));
}

static void act_on(struct scene *scene, bool by_zone, const struct act *act,
                   struct canvas_area area)
{
    struct market_state *market = scene->state;
    AUTO_GRID struct grid grid;
    make(scene, by_zone, &grid);
    size_t row = grid.row, column = grid.column;
    struct heat_layout layout;
    if (grid.heat.rows == 0 || grid.heat.columns == 0)
        return;
    arrange(scene, &grid, area, &layout);
    size_t page = layout.rows > 1 ? layout.rows / 2 : 1;
    if (step_column(act->action, &grid, &column))
        put_column(market, &grid, column);
    else if (market_step(act->action, grid.heat.rows, page, &row)) {
        put_row(market, &grid, row);
        grid.row = row;
        arrange(scene, &grid, area, &layout);
    } else if (act->action == ACTION_ENTER)
        drill(scene, &grid);
    else if (act->action == ACTION_COPY)
        clock_format(scene->desk->copy, moment_of(&grid, scene->desk->view.by));
}

static void click_on(struct scene *scene, bool by_zone, const struct key *key,
                     struct canvas_area area)
{
    struct market_state *market = scene->state;
    AUTO_GRID struct grid grid;
    make(scene, by_zone, &grid);
    struct heat_layout layout;
    size_t row, column;
    arrange(scene, &grid, area, &layout);
    if (key->code == KEY_CODE_WHEEL_UP || key->code == KEY_CODE_WHEEL_DOWN) {
        struct act act = {.action = key->code == KEY_CODE_WHEEL_UP ? ACTION_UP : ACTION_DOWN};
        act_on(scene, by_zone, &act, area);
    } else if ((key->code == KEY_CODE_CLICK || key->code == KEY_CODE_DRAG) &&
               heat_find(&layout, key->x, key->y, &row, &column)) {
        put_row(market, &grid, row);
        put_column(market, &grid, column);
    }
}

static void draw_on(const struct scene *scene, bool by_zone, struct canvas *canvas,
                    struct canvas_area area)
{
    AUTO_GRID struct grid grid;
    char readout[LINE_MAX_BYTES + LISTING_NAME_MAX];
    make(scene, by_zone, &grid);
    if (grid.heat.columns == 0 || !is_known(&grid.heat, grid.last)) {
        market_say(canvas, area, word_nothing(scene, &grid));
        return;
    }
    word_cursor(scene, &grid, false, readout, sizeof readout);
    if (text_width(readout) > area.width)
        word_cursor(scene, &grid, true, readout, sizeof readout);
    struct heat_options options = options_of(scene, &grid, readout);
    heat_draw(&grid.heat, &options, canvas, area);
}

/* --- by zone --- */

static void act_zones(struct scene *scene, const struct act *act, struct canvas_area area)
{
    act_on(scene, true, act, area);
}

static void click_zones(struct scene *scene, const struct key *key, struct canvas_area area)
{
    click_on(scene, true, key, area);
}

static void draw_zones(const struct scene *scene, struct canvas *canvas, struct canvas_area area)
{
    draw_on(scene, true, canvas, area);
}

/* The median of a zone a day before a row of it, but less than two; false when there is none. */
static bool median_before(const struct frame *frame, size_t row, int64_t *price)
{
    const char *zone = frame_get(frame, row, "zone")->text;
    int64_t latest_ms = frame_get(frame, row, "timestamp")->number - CLOCK_DAY_MS;
    for (size_t i = row; i-- > 0;) {
        const struct frame_cell *median = frame_get(frame, i, "median_price");
        int64_t at_ms = frame_get(frame, i, "timestamp")->number;
        if (strcmp(frame_get(frame, i, "zone")->text, zone) != 0 ||
            at_ms <= latest_ms - CLOCK_DAY_MS)
            return false;
        if (at_ms > latest_ms || !median->known)
            continue;
        *price = median->number;
        return true;
    }
    return false;
}

static void describe_zone(const struct frame *frame, size_t row, struct buf *out)
{
    char money[MONEY_TEXT_MAX], tickets[32], listings[32];
    const struct frame_cell *median = frame_get(frame, row, "median_price");
    int64_t count = frame_get(frame, row, "total_tickets")->number, before;
    int64_t offers = frame_get(frame, row, "total_listings")->number;
    buf_printf(out, "Zone %s: ", frame_get(frame, row, "zone")->text);
    if (count == 0) {
        buf_puts(out, "nothing for sale.\n");
        return;
    }
    if (median->known)
        buf_printf(out, "median %s, ",
                   money_format_human(money, median->number, frame->meta.currency));
    if (median->known && median_before(frame, row, &before) && before > 0) {
        double percent = 100.0 * (double)(median->number - before) / (double)before;
        if (percent < 0.5 && percent > -0.5)
            buf_puts(out, "as a day ago, ");
        else
            buf_printf(out, "%.0f %% %s a day ago, ", percent < 0 ? -percent : percent,
                       percent < 0 ? "below" : "above");
    }
    buf_printf(out, "%s ticket%s in %s listing%s.\n", text_thousands(tickets, count),
               count == 1 ? "" : "s", text_thousands(listings, offers), offers == 1 ? "" : "s");
}

/* Each zone at its last bucket; a zone's rows stand together. */
static void describe_zones(const struct scene *scene, struct buf *out)
{
    const struct frame *frame = screen_frame(scene, MARKET_HEAT);
    AUTO_GRID struct grid grid;
    make(scene, true, &grid);
    if (frame->row_count == 0)
        buf_printf(out, "Zones: %s.\n", word_nothing(scene, &grid));
    for (size_t row = 0; row < frame->row_count; row++)
        if (row + 1 == frame->row_count || strcmp(frame_get(frame, row, "zone")->text,
                                                  frame_get(frame, row + 1, "zone")->text) != 0)
            describe_zone(frame, row, out);
}

const struct market_pane market_heat = {
    .word = "heat",
    .title = "median price by zone",
    .ask = market_ask_zones,
    .act = act_zones,
    .click = click_zones,
    .draw = draw_zones,
    .describe = describe_zones,
};

/* --- by price --- */

static void act_density(struct scene *scene, const struct act *act, struct canvas_area area)
{
    act_on(scene, false, act, area);
}

static void click_density(struct scene *scene, const struct key *key, struct canvas_area area)
{
    click_on(scene, false, key, area);
}

static void draw_density(const struct scene *scene, struct canvas *canvas, struct canvas_area area)
{
    draw_on(scene, false, canvas, area);
}

/* The bins of the last column, cheapest first. */
static void describe_density(const struct scene *scene, struct buf *out)
{
    AUTO_GRID struct grid grid;
    char when[AXIS_LABEL_MAX], line[LINE_MAX_BYTES];
    make(scene, false, &grid);
    const struct frame *frame = grid.frame;
    if (frame->row_count == 0) {
        buf_printf(out, "Prices: %s.\n", word_nothing(scene, &grid));
        return;
    }
    int64_t last_ms = frame_get(frame, frame->row_count - 1, "timestamp")->number;
    size_t row = frame->row_count;
    while (row > 0 && frame_get(frame, row - 1, "timestamp")->number == last_ms)
        row--;
    buf_printf(out, "Prices at %s.\n", ticks_moment(when, last_ms, screen_zone(scene->desk)));
    for (; row < frame->row_count; row++) {
        word_bin(&grid, row, false, line, sizeof line);
        buf_printf(out, "%s.\n", line);
    }
}

const struct market_pane market_density = {
    .word = "density",
    .title = "listings by price, and the median",
    .ask = market_ask_density,
    .act = act_density,
    .click = click_density,
    .draw = draw_density,
    .describe = describe_density,
};
