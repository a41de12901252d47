/*
 * Scales from values to pixels, and nice ticks with their labels for axes of money, counts and
 * indexes. Values are integers throughout: minor units, counts, thousandths, milliseconds.
 */
#ifndef TUI_AXIS_H
#define TUI_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values beyond are drawn at the limit: it keeps all arithmetic below exact. */
#define AXIS_LIMIT INT64_C(1000000000000000)

enum { AXIS_LABEL_MAX = 32 };

/* What a value counts. */
enum axis_unit {
    AXIS_MONEY, /* minor units */
    AXIS_COUNT,
    AXIS_REAL, /* thousandths: indexes, shares */
};

/* A way from values to pixels: `from` is pixel 0, `to` pixel `pixels - 1`. */
struct axis_scale {
    int64_t from, to; /* from < to */
    int pixels;       /* at least 1 */
    bool log;         /* equal ratios are equally long; then from > 0 */
};

/* The pixel of a value, 0 .. pixels - 1; what is outside goes to the nearer end. */
int axis_pixel(const struct axis_scale *scale, int64_t value);

/* Ticks of a value axis: from, from + step, ..., to, or those of a logarithmic one. */
struct axis_range {
    int64_t from, to;
    int64_t step; /* 0: `from`, powers of ten, with `fine` also 2 and 5 times these, `to` */
    bool fine;
    int rows; /* from one tick to the next; 0: not evenly spaced, spread over all rows */
};

/* The number of steps in a range that has a step. */
int axis_steps(const struct axis_range *range);

/* Goes from one tick, at first `from`, to the next; false when it was the last. */
bool axis_next(const struct axis_range *range, int64_t *value);

/* Nice ticks that cover [low, high]: steps of 1, 2 or 5 times a power of ten, at least two of
   `rows` rows apart and better four, as close to the data as that lets, and evenly spaced where
   that costs few rows. One single value gets room above and below; what is never negative is not
   shown below zero. */
struct axis_range axis_nice(int64_t low, int64_t high, enum axis_unit unit, int rows);

/* Nice ticks of a logarithmic axis that cover [low, high], low > 0: from and to 1, 2 or 5 times
   a power of ten, and all such between, or only powers of ten when the rows are few; where the values lie so close that this would waste most of the
   rows, even steps as of axis_nice(). */
struct axis_range axis_log(int64_t low, int64_t high, enum axis_unit unit, int rows);

/* A tick's label: as short as the whole range allows and with the same decimals and the same k or M
   on all its ticks: "$178", "$1,200", "$12.5k", "0.50", "1,500". `prefix` ("$" or "") goes before
   the digits. Into `out` of AXIS_LABEL_MAX, returned. */
char *axis_label(char *out, int64_t value, const struct axis_range *range, enum axis_unit unit,
                 const char *prefix);

/* A value in full: "$1,178.60", "1,178.60 SEK", "8,123", "103.2". Into `out` of AXIS_LABEL_MAX,
 * returned. */
char *axis_value(char *out, int64_t value, enum axis_unit unit, const char *currency);

/* The sign that stands before an amount of a currency: "$", or "" when it is named after it (or
   NULL). Into `out` of AXIS_LABEL_MAX, returned. */
char *axis_sign(char *out, const char *currency);

#endif
