/* What the files of the market screen share; not for others. */
#ifndef TUI_MARKET_PRIVATE_H
#define TUI_MARKET_PRIVATE_H

#include "tui/list.h"
#include "tui/screen.h"

/* The panes, which are the parts of the screen's question, too. */
enum market_part { MARKET_HEAT, MARKET_DENSITY, MARKET_DEPTH, MARKET_CHANGES, MARKET_PARTS };

struct market_state {
    enum market_part focus;
    bool expanded;   /* one pane, where there is room for all */
    bool has_moment; /* else the cursor over time is on the last that is known */
    int64_t moment_ms;
    char zone[LISTING_NAME_MAX]; /* under the cursor; "" the first */
    size_t top;                  /* the first row of zones that is shown, where not all are */
    bool has_price;              /* else the cursor of prices is on the median, or the cheapest */
    int64_t price;
    struct list changes;
};

/* A pane is a small screen; areas are what is left below its header. */
struct market_pane {
    const char *word, *title;

    /* Fills in what the pane wants to know; the view is set. */
    void (*ask)(struct question *question, struct canvas_area area);

    /* Moves the cursor, drills, copies: what is not one of the screen's own actions. */
    void (*act)(struct scene *scene, const struct act *act, struct canvas_area area);

    /* A click or the wheel. */
    void (*click)(struct scene *scene, const struct key *key, struct canvas_area area);

    /* Draws; there is an answer. */
    void (*draw)(const struct scene *scene, struct canvas *canvas, struct canvas_area area);

    /* The same in sentences. */
    void (*describe)(const struct scene *scene, struct buf *out);
};

extern const struct market_pane market_heat, market_density, market_depth, market_changes;

/* What the panes over time want to know: measures of zones; what is in bins of prices, with medians beside it. */
void market_ask_zones(struct question *question, struct canvas_area area);
void market_ask_density(struct question *question, struct canvas_area area);

/* Moves a cursor over one of `count` places by an action along one axis: UP, PAGE_UP and FIRST go back and DOWN, PAGE_DOWN, LAST forth,
   a page being `page` places. False when the action is none of them. */
bool market_step(enum action action, size_t count, size_t page, size_t *at);

/* Shows the listings at a moment. */
void market_drill(struct desk *desk, int64_t at_ms);

/* Draws a text in the middle of an area. */
void market_say(struct canvas *canvas, struct canvas_area area, const char *text);

/* Draws a line of text, cut to the area. */
void market_line(struct canvas *canvas, struct canvas_area area, int y, const char *text,
                 enum theme_style style);

/* Gives the list of changes its form and the order that is remembered. */
void market_open_changes(struct scene *scene);

/* Brings the list of changes up to date with its answer; `area` is the pane's. */
void market_settle_changes(struct scene *scene, struct canvas_area area);

/* Filters the list of changes. */
void market_search_changes(struct scene *scene, const struct act *act, struct canvas_area area);

#endif
