/*
 * The one shape of every answer: named, typed columns, rows, and what the answer is about. The command line,
 * the charts, the TUI, sync and the HTTP API read nothing else, so they cannot disagree.
 */
#ifndef CORE_FRAME_H
#define CORE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

enum frame_type {
    FRAME_INT,
    FRAME_MONEY, /* minor units */
    FRAME_TIME,  /* UTC milliseconds */
    FRAME_DATE,  /* UTC milliseconds of which only the day is meant */
    FRAME_REAL,  /* shares, indexes, days; never money */
    FRAME_TEXT,
    FRAME_BOOL,
    FRAME_TEXTS, /* a list of strings */
    FRAME_INTS,  /* a list of integers */
};

struct frame_column {
    const char *name; /* the key of the contract, such as "min_price" */
    enum frame_type type;
    bool detail; /* a table that does not fit its terminal leaves it out before others */
};

/* A list in a cell. */
struct frame_list {
    size_t count;
    union {
        const char *const *texts;
        const int64_t *ints;
    };
};

struct frame_cell {
    bool known; /* false: null */
    union {
        int64_t number; /* INT, MONEY, TIME, DATE, BOOL */
        double real;
        const char *text; /* in the frame's arena, or static */
        struct frame_list list;
    };
};

/* What the answer is about; a NULL or false `has_` means null in JSON. */
struct frame_meta {
    const char *event;    /* "vividseats:6501519" */
    const char *event_id; /* its UUID */
    const char *event_name;
    const char *currency;
    const char *price_basis; /* "base", "all-in" */
    const char *granularity; /* "snapshot", "hour", "day" */
    struct frame_list zones; /* the zones asked for; count 0 = all */
    const char *section;
    bool has_from, has_to;
    int64_t from_ms, to_ms;
    bool has_trend; /* trends only: print `trend` and `percent_change` */
    const char
        *trend; /* "increasing", "decreasing", "flat"; NULL when fewer than two prices are known */
    bool has_percent;
    double percent_change;
    struct frame_list totals; /* INTS: how many rows of each kind there are, those left out too */
};

struct frame {
    struct arena arena; /* all texts and lists of the cells and of meta */
    struct frame_meta meta;
    struct frame_column *columns;
    size_t column_count;
    struct frame_cell *cells; /* row by row */
    size_t row_count, row_capacity;
};

/* Makes a frame with `count` columns (copied; names must be static or in an arena that outlives it) and no rows. */
void frame_init(struct frame *frame, const struct frame_column *columns, size_t count);

/* Frees everything. Safe on a zeroed frame. */
void frame_release(struct frame *frame);
#define AUTO_FRAME __attribute__((cleanup(frame_release)))

/* Adds a row of nulls and returns its cells, to be filled; valid until the next row is added. */
struct frame_cell *frame_add_row(struct frame *frame);

/* Adds `count` columns of nulls at the right; their names as in frame_init(). */
void frame_widen(struct frame *frame, const struct frame_column *columns, size_t count);

/* Makes a frame of the given rows of another, in that order; the other holds its texts and must outlive it. */
void frame_select(struct frame *frame, const struct frame *from, const size_t *rows, size_t count);

/* The cells of a row, to be filled; valid until a row or a column is added. */
struct frame_cell *frame_row(struct frame *frame, size_t row);

/* The cell of a row in the column of that name; a name that the frame does not have is a BUG. */
const struct frame_cell *frame_get(const struct frame *frame, size_t row, const char *name);

/* The text of such a cell, "" when it is null. */
const char *frame_get_text(const struct frame *frame, size_t row, const char *name);

/* The cell at a row and column, both in range. */
const struct frame_cell *frame_at(const struct frame *frame, size_t row, size_t column);

/* The index of a column by name; -1 when there is none. */
int frame_find(const struct frame *frame, const char *name);

/* A known cell of the kinds that are a number. */
struct frame_cell frame_number(int64_t number);
/* A known real. */
struct frame_cell frame_real(double real);
/* A text copied into the frame's arena; NULL gives null. */
struct frame_cell frame_text(struct frame *frame, const char *text);
/* A null. */
struct frame_cell frame_null(void);

#endif
