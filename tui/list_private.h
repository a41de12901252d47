/* Where the columns of a table stand: what list.c and list_draw.c share; not for others. */
#ifndef TUI_LIST_PRIVATE_H
#define TUI_LIST_PRIVATE_H

#include "tui/list.h"

struct list_layout {
    struct {
        int x, width; /* width 0: the column is left out */
    } columns[LIST_COLUMNS_MAX];
    int mark; /* the column where "12/340" begins */
};

/* Lays the columns out in an area. */
void list_lay_out(struct list_layout *layout, const struct list *list, struct canvas_area area);

/* The position in the order that is shown first, such that the cursor is seen in `rows` rows. */
size_t list_first(const struct list *list, int rows);

#endif
