#include "tui/list.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/fuzzy.h"
#include "tui/list_private.h"
#include "tui/screen.h"

enum { WHEEL_ROWS = 3, SEARCHED_MAX = 1024, SEARCHED_COLUMNS_MAX = 8 };

/* A row while it is sorted. */
struct item {
    const struct frame_cell *cell; /* what it is sorted by; NULL: nothing */
    size_t row;
    int score;
};

static int compare_numbers(const struct frame_cell *a, const struct frame_cell *b)
{
    return (a->number > b->number) - (a->number < b->number);
}

static int compare_reals(const struct frame_cell *a, const struct frame_cell *b)
{
    return (a->real > b->real) - (a->real < b->real);
}

static int fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static int compare_folded(const char *a, const char *b)
{
    while (*a && (*a == *b || fold(*a) == fold(*b))) {
        a++;
        b++;
    }
    return fold(*a) - fold(*b);
}

static int compare_text(const struct frame_cell *a, const struct frame_cell *b)
{
    return compare_folded(a->text, b->text);
}

static int compare_counts(const struct frame_cell *a, const struct frame_cell *b)
{
    return (a->list.count > b->list.count) - (a->list.count < b->list.count);
}

static int compare_texts(const struct frame_cell *a, const struct frame_cell *b)
{
    for (size_t i = 0; i < a->list.count && i < b->list.count; i++) {
        int order = compare_folded(a->list.texts[i], b->list.texts[i]);
        if (order != 0)
            return order;
    }
    return compare_counts(a, b);
}

static int compare_ints(const struct frame_cell *a, const struct frame_cell *b)
{
    for (size_t i = 0; i < a->list.count && i < b->list.count; i++)
        if (a->list.ints[i] != b->list.ints[i])
            return a->list.ints[i] < b->list.ints[i] ? -1 : 1;
    return compare_counts(a, b);
}

static int (*const comparers[])(const struct frame_cell *, const struct frame_cell *) = {
    [FRAME_INT] = compare_numbers,  [FRAME_MONEY] = compare_numbers, [FRAME_TIME] = compare_numbers,
    [FRAME_DATE] = compare_numbers, [FRAME_REAL] = compare_reals,    [FRAME_TEXT] = compare_text,
    [FRAME_BOOL] = compare_numbers, [FRAME_TEXTS] = compare_texts,   [FRAME_INTS] = compare_ints,
};

/* How two rows compare. */
struct way {
    enum frame_type type;
    bool descending;
};

static bool is_null(const struct frame_cell *cell, enum frame_type type)
{
    return !cell->known || (type == FRAME_REAL && isnan(cell->real));
}

static int compare_cells(const struct frame_cell *a, const struct frame_cell *b,
                         const struct way *way)
{
    bool a_null = is_null(a, way->type), b_null = is_null(b, way->type);
    if (a_null || b_null)
        return a_null - b_null; /* last, whatever the direction */
    int order = comparers[way->type](a, b);
    return way->descending ? -order : order;
}

static int compare_items(const void *left, const void *right, void *context)
{
    const struct item *a = left, *b = right;
    const struct way *way = context;
    int order = 0;
    if (a->cell)
        order = compare_cells(a->cell, b->cell, way);
    else if (a->score != b->score)
        order = (a->score < b->score) == way->descending ? -1 : 1;
    if (order != 0)
        return order;
    /* without a column the frame's own order is what is turned round */
    bool turned = !a->cell && way->descending;
    return (a->row < b->row) == turned ? 1 : -1;
}

/* The columns of a frame that are searched. */
struct searched {
    size_t columns[SEARCHED_COLUMNS_MAX], count;
};

static void find_searched(struct searched *searched, const char *names, const struct frame *frame)
{
    char name[LIST_TEXT_MAX];
    searched->count = 0;
    while (names && (names += strspn(names, " "), *names)) {
        size_t length = strcspn(names, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, names);
        names += length;
        int column = frame_find(frame, name);
        if (column < 0)
            continue;
        if (searched->count == SEARCHED_COLUMNS_MAX)
            BUG("more than %d columns are searched", SEARCHED_COLUMNS_MAX);
        searched->columns[searched->count++] = (size_t)column;
    }
}

static void add_text(char *out, size_t *used, const char *text)
{
    if (*used < SEARCHED_MAX)
        *used +=
            (size_t)snprintf(out + *used, SEARCHED_MAX - *used, "%s%s", *used ? " " : "", text);
}

/* A row's texts with blanks between them. */
static void join_searched(char *out, const struct searched *searched, const struct frame *frame,
                          size_t row)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < searched->count; i++) {
        const struct frame_cell *cell = frame_at(frame, row, searched->columns[i]);
        enum frame_type type = frame->columns[searched->columns[i]].type;
        if (cell->known && type == FRAME_TEXT)
            add_text(out, &used, cell->text);
        for (size_t k = 0; cell->known && type == FRAME_TEXTS && k < cell->list.count; k++)
            add_text(out, &used, cell->list.texts[k]);
    }
}

/* The rows that are let through; their number. */
static size_t collect(const struct list *list, const struct desk *desk, const struct frame *frame,
                      int sorted_by, struct item *items)
{
    struct searched searched;
    char text[SEARCHED_MAX];
    size_t count = 0;
    find_searched(&searched, list->form->texts, frame);
    for (size_t row = 0; row < frame->row_count; row++) {
        struct item item = {.row = row};
        if (list->form->lets && !list->form->lets(desk, frame, row))
            continue;
        if (list->filter[0]) {
            join_searched(text, &searched, frame, row);
            item.score = fuzzy_score(text, list->filter);
        }
        if (item.score < 0)
            continue;
        if (sorted_by >= 0)
            item.cell = frame_at(frame, row, (size_t)sorted_by);
        items[count++] = item;
    }
    return count;
}

static int sorted_by(const struct list *list, const struct frame *frame)
{
    return list->sort ? frame_find(frame, list->form->columns[list->sort - 1].key) : -1;
}

static void order_rows(struct list *list, const struct desk *desk, const struct frame *frame)
{
    size_t rows = frame ? frame->row_count : 0;
    list->count = 0;
    if (rows == 0)
        return;
    int column = sorted_by(list, frame);
    struct way way = {.descending = list->descending,
                      .type = column >= 0 ? frame->columns[column].type : FRAME_INT};
    AUTO_FREE struct item *items = mem_alloc(rows, sizeof *items);
    size_t count = collect(list, desk, frame, column, items);
    qsort_r(items, count, sizeof *items, compare_items, &way);
    if (count > list->capacity) {
        list->order = mem_resize(list->order, count, sizeof *list->order);
        list->capacity = count;
    }
    for (size_t i = 0; i < count; i++)
        list->order[i] = items[i].row;
    list->count = count;
}

/* What tells a row from the others, in `out` of LIST_TEXT_MAX when it is no text; "" when nothing does. */
static const char *key_of(char *out, const struct list *list, const struct frame *frame, size_t row)
{
    int column = list->form->key ? frame_find(frame, list->form->key) : -1;
    const struct frame_cell *cell = column < 0 ? NULL : frame_at(frame, row, (size_t)column);
    if (!cell || !cell->known)
        return "";
    if (frame->columns[column].type == FRAME_TEXT)
        return cell->text;
    snprintf(out, LIST_TEXT_MAX, "%lld", (long long)cell->number);
    return out;
}

/* Of a key that is longer, only the start was kept. */
static bool find_kept(const struct list *list, const struct frame *frame, size_t *position)
{
    char number[LIST_TEXT_MAX];
    for (*position = 0; list->kept[0] && *position < list->count; ++*position)
        if (strncmp(key_of(number, list, frame, list->order[*position]), list->kept,
                    LIST_TEXT_MAX - 1) == 0)
            return true;
    return false;
}

static int rows_in(int height)
{
    return height > 1 ? height - 1 : 1;
}

size_t list_first(const struct list *list, int rows)
{
    size_t shown = rows > 0 ? (size_t)rows : 1;
    size_t first = list->count > shown ? list->count - shown : 0;
    if (list->top < first)
        first = list->top;
    if (list->cursor < first)
        first = list->cursor;
    if (list->cursor >= first + shown)
        first = list->cursor - shown + 1;
    return first;
}

/* Puts the cursor on a position, or the nearest that there is, and remembers its row. */
static void put_cursor(struct list *list, const struct frame *frame, size_t position, int height)
{
    if (list->count == 0 || !frame) /* another frame is on its way */
        return;
    list->cursor = position < list->count ? position : list->count - 1;
    list->top = list_first(list, rows_in(height));
    char number[LIST_TEXT_MAX];
    snprintf(list->kept, sizeof list->kept, "%s",
             key_of(number, list, frame, list->order[list->cursor]));
}

void list_settle(struct list *list, const struct desk *desk, const struct frame *frame, int height)
{
    size_t position, above = list->cursor - list->top;
    order_rows(list, desk, frame);
    if (list->count > 0 && find_kept(list, frame, &position))
        list->top = position > above ? position - above : 0; /* it stays where it is seen */
    else
        position = list->cursor;
    put_cursor(list, frame, position, height);
}

void list_release(struct list *list)
{
    mem_free(list->order);
    *list = (struct list){0};
}

static void sort_by(struct list *list, struct desk *desk, const char *key)
{
    const struct list_form *form = list->form;
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->columns[i].key, key) == 0) {
            list->sort = i + 1;
            return;
        }
    struct err err = {0};
    err_set(&err, ERR_USAGE, "'%.60s' is no column of this list", key);
    screen_complain(desk, &err);
}

static void search(struct list *list, const char *words)
{
    snprintf(list->filter, sizeof list->filter, "%s", words);
    if (!list->filter[0])
        return;
    list->cursor = list->top = 0; /* the best stands first */
    list->kept[0] = '\0';
}

/* Does what changes which rows there are, or their order. False when it is something else. */
static bool reorder(struct list *list, struct desk *desk, const struct act *act)
{
    if (act->action == ACTION_SORT && act->text && *act->text)
        sort_by(list, desk, act->text);
    else if (act->action == ACTION_SORT)
        list->sort = (list->sort + 1) % (list->form->count + 1);
    else if (act->action == ACTION_REVERSE)
        list->descending = !list->descending;
    else if (act->action == ACTION_SEARCH)
        search(list, act->text ? act->text : "");
    else
        return false;
    return true;
}

/* Where an action takes the cursor; false when it does not move it. */
static bool move(const struct list *list, enum action action, int height, size_t *position)
{
    size_t last = list->count ? list->count - 1 : 0, page = (size_t)rows_in(height);
    const struct {
        enum action action;
        size_t back, forth;
    } moves[] = {
        {ACTION_UP, 1, 0},       {ACTION_DOWN, 0, 1},    {ACTION_PAGE_UP, page, 0},
        {ACTION_FIRST, last, 0}, {ACTION_LAST, 0, last}, {ACTION_PAGE_DOWN, 0, page},
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].action == action) {
            size_t kept = list->cursor > moves[i].back ? list->cursor - moves[i].back : 0;
            *position = kept + moves[i].forth;
            return true;
        }
    return false;
}

bool list_act(struct list *list, struct desk *desk, const struct frame *frame,
              const struct act *act, int height)
{
    size_t position;
    if (move(list, act->action, height, &position)) {
        put_cursor(list, frame, position, height);
        return true;
    }
    if (!reorder(list, desk, act))
        return false;
    list_settle(list, desk, frame, height);
    return true;
}

static void click_header(struct list *list, const struct desk *desk, const struct frame *frame,
                         struct canvas_area area, int x)
{
    struct list_layout layout;
    list_lay_out(&layout, list, area);
    for (size_t i = 0; i < list->form->count; i++) {
        int from = layout.columns[i].x;
        if (x < from || x >= from + layout.columns[i].width)
            continue;
        list->descending = list->sort == i + 1 && !list->descending;
        list->sort = i + 1;
        list_settle(list, desk, frame, area.height);
        return;
    }
}

bool list_click(struct list *list, struct desk *desk, const struct frame *frame,
                struct canvas_area area, const struct key *key)
{
    int row = key->y - area.y - 1;
    size_t before = list->cursor, first = list_first(list, rows_in(area.height));
    if (key->x < area.x || key->x >= area.x + area.width || row < -1 || row >= area.height - 1)
        return false;
    if (key->code == KEY_CODE_WHEEL_UP)
        put_cursor(list, frame, before > WHEEL_ROWS ? before - WHEEL_ROWS : 0, area.height);
    else if (key->code == KEY_CODE_WHEEL_DOWN)
        put_cursor(list, frame, before + WHEEL_ROWS, area.height);
    else if (key->code == KEY_CODE_CLICK && row < 0)
        click_header(list, desk, frame, area, key->x);
    else if (key->code == KEY_CODE_CLICK && first + (size_t)row < list->count) {
        put_cursor(list, frame, first + (size_t)row, area.height);
        return list->cursor == before;
    }
    return false;
}

bool list_row(const struct list *list, size_t *row)
{
    if (list->count == 0)
        return false;
    *row = list->order[list->cursor];
    return true;
}

const char *list_choice(const struct list_form *form, size_t nth)
{
    return nth < form->count ? form->columns[nth].key : NULL;
}

void list_save(const struct list *list, struct state *state, const char *section)
{
    state_set(state, section, "sort", list->sort ? list->form->columns[list->sort - 1].key : NULL);
    state_set(state, section, "descending", list->descending ? "1" : NULL);
}

void list_load(struct list *list, const struct state *state, const char *section)
{
    const char *key = state_get(state, section, "sort");
    list->sort = 0;
    for (size_t i = 0; key && i < list->form->count; i++)
        if (strcmp(list->form->columns[i].key, key) == 0)
            list->sort = i + 1;
    list->descending = state_get(state, section, "descending") != NULL;
}
