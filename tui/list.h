/* A table that a cursor walks in: the rows of a frame, filtered, sorted, scrolled. Board, listings, jobs and changes
   are such. */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "core/frame.h"
#include "tui/action.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/state.h"
#include "tui/theme.h"

enum { LIST_TEXT_MAX = 128, LIST_COLUMNS_MAX = 24 };

struct list;
struct desk;

/* A cell on its way to the canvas. */
struct list_cell {
    const struct desk *desk;
    const struct frame *frame;
    size_t row;               /* of the frame */
    char text[LIST_TEXT_MAX]; /* UTF-8; "" is blank */
    enum theme_style style;
};

struct list_column {
    const char *
        key; /* the frame's column: it is sorted by it, and shown; "" or unknown to the frame: by nothing */
    const char *title; /* "24 h" */
    int width;         /* columns it takes; with `grows`, at least */
    int grows;         /* its share of what is left over; 0: none */
    int rank;          /* 0 stays; of the others the highest is left out first when it is narrow */
    bool right;        /* aligned to the right */
    /* Writes text and style; NULL: as the column's type is usually written. */
    void (*show)(struct list_cell *cell);
    /* Draws into the cell's columns itself, instead of text; NULL: no. */
    void (*draw)(const struct list_cell *cell, struct canvas *canvas, struct canvas_area area);
};

/* A form. */
struct list_form {
    const struct list_column *columns;
    size_t count;
    const char *key;   /* the column that tells rows apart when the frame is loaded anew */
    const char *texts; /* names of the columns that are searched, blanks between them */
    const char *empty; /* what is said when there is no row at all */
    /* Whether a row is shown at all; NULL: yes. */
    bool (*lets)(const struct desk *desk, const struct frame *frame, size_t row);
};

/* Zeroed at first: the frame's own order, the first row. */
struct list {
    const struct list_form *form;
    size_t sort; /* column + 1; 0: the frame's order */
    bool descending;
    char filter[LIST_TEXT_MAX];
    size_t *order; /* rows of the frame as they are shown */
    size_t count, capacity;
    size_t cursor, top;       /* positions in order */
    char kept[LIST_TEXT_MAX]; /* key of the cursor's row */
};

/* Frees. */
void list_release(struct list *list);

/* Filters and sorts a frame anew (NULL: no rows) and puts the cursor back on the row it was on, at the same height; when
   that row is gone it stays at its place in the order. Equal rows stay in the order of the frame; nulls and what is not
   a number come last in either direction, texts are compared without regard to the case of ASCII letters. With a filter
   and no sort the best match comes first. `height` is that of the area it is drawn in, the header included. Whatever
   follows must get the frame that was settled last. */
void list_settle(struct list *list, const struct desk *desk, const struct frame *frame, int height);

/* Moves, sorts: UP, DOWN, PAGE_UP, PAGE_DOWN, FIRST, LAST, SORT, REVERSE, SEARCH. False when the action is none of them.
   SORT with a text is by that column, an unknown one is noted on the desk; without a text it is by the next column, and
   behind the last in the frame's order. SEARCH without a text shows all rows again. */
bool list_act(struct list *list, struct desk *desk, const struct frame *frame,
              const struct act *act, int height);

/* Wheel and click: true when a click was on the row that has the cursor already, which means Enter. A click on a header
   sorts by it. */
bool list_click(struct list *list, struct desk *desk, const struct frame *frame,
                struct canvas_area area, const struct key *key);

/* The frame's row under the cursor; false when there is none. */
bool list_row(const struct list *list, size_t *row);

/* Draws header, rows, cursor and, at the right of the header, which row of how many it is on. The first column of the
   area is the gutter, where '>' marks the cursor's row when grounds may not show. */
void list_draw(const struct list *list, const struct desk *desk, const struct frame *frame,
               struct canvas *canvas, struct canvas_area area);

/* Writes a cell as its type is usually written, for `show`. */
void list_show(struct list_cell *cell, size_t column);

/* The nth word for SORT: the columns' keys. */
const char *list_choice(const struct list_form *form, size_t nth);

/* Keeps the order in a section of the state, and takes it up again. */
void list_save(const struct list *list, struct state *state, const char *section);
void list_load(struct list *list, const struct state *state, const char *section);

#endif
