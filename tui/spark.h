/* A sparkline: the shape of a run of values in one row of cells. */
#ifndef TUI_SPARK_H
#define TUI_SPARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"

struct spark_value {
    int64_t number;
    bool known; /* false: a gap */
};

struct spark {
    const struct spark_value *values; /* oldest first */
    size_t count;
    bool has_scale; /* else the lowest and highest value are the ends */
    int64_t low, high;
};

/* Draws into one row, `width` cells from (x, y), the newest value last: "▁▂▃▄▅▆▇█", in ASCII
   "_.-=^". Fewer values than cells end at the right; of more, a cell shows the last known of those
   that share it. A known value is never blank, an unknown one always; equal values are drawn at
   half height. */
void spark_draw(struct canvas *canvas, int x, int y, int width, const struct spark *spark,
                enum theme_style style);

#endif
