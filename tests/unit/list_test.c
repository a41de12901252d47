#include "tui/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "base/clock.h"
#include "base/text.h"
#include "tui/list_private.h"
#include "tui/screen.h"

enum { NAME, INTS, TEXTS, NUMBER, MONEY, TIME, REAL, BOOL, TYPES };

static const struct frame_column types[TYPES] = {
    {"name", FRAME_TEXT},   {"ints", FRAME_INTS}, {"texts", FRAME_TEXTS}, {"number", FRAME_INT},
    {"money", FRAME_MONEY}, {"time", FRAME_TIME}, {"real", FRAME_REAL},   {"bool", FRAME_BOOL},
};

static const struct list_column columns[] = {
    {"name", "Name", .width = 8, .grows = 3},
    {"ints", "Sizes", .width = 7, .rank = 5},
    {"texts", "Zones", .width = 9, .rank = 4, .grows = 1},
    {"number", "Tickets", .width = 7, .rank = 1, .right = true},
    {"money", "Price", .width = 10, .right = true},
    {"time", "When", .width = 13, .rank = 3},
    {"real", "Days", .width = 6, .rank = 2, .right = true},
    {"bool", "Held", .width = 4, .rank = 6},
};

static const struct list_form form = {
    .columns = columns, .count = TYPES, .key = "name", .texts = "name texts", .empty = "no rows"};

static struct desk desk;
static struct list list;
static struct frame frame;

static int set_up(void **state)
{
    (void)state;
    clock_fix(INT64_C(1770660000000)); /* 2026-02-09T18:00:00Z */
    desk = (struct desk){.look = {.depth = THEME_TRUE, .clock = SCREEN_UTC}};
    list = (struct list){.form = &form};
    frame_init(&frame, types, TYPES);
    frame.meta.currency = "USD";
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    list_release(&list);
    frame_release(&frame);
    return 0;
}

static uint32_t seed = 2463534242u;

static uint32_t draw(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

/* Few different values, so that many are equal. */
static struct frame_cell random_text(void)
{
    static const char *const words[] = {"floor",  "Floor", "balcony",     "Zone 10",
                                        "zone 2", "",      "\xc3\x89tage"};
    return frame_text(&frame, words[draw(7)]);
}

static struct frame_cell random_list(enum frame_type type)
{
    size_t count = draw(4);
    const char **texts = arena_array(&frame.arena, count + 1, sizeof *texts);
    int64_t *numbers = arena_array(&frame.arena, count + 1, sizeof *numbers);
    struct frame_cell cell = {.known = true, .list = {.count = count}};
    for (size_t i = 0; i < count; i++) {
        texts[i] = random_text().text;
        numbers[i] = (int64_t)draw(3);
    }
    if (type == FRAME_TEXTS)
        cell.list.texts = texts;
    else
        cell.list.ints = numbers;
    return cell;
}

static struct frame_cell random_cell(enum frame_type type)
{
    if (draw(5) == 0)
        return frame_null();
    if (type == FRAME_TEXT)
        return random_text();
    if (type == FRAME_TEXTS || type == FRAME_INTS)
        return random_list(type);
    if (type == FRAME_REAL)
        return frame_real(draw(6) == 0 ? NAN : (double)draw(9) - 4.5);
    if (type == FRAME_BOOL)
        return frame_number(draw(2));
    return frame_number((int64_t)draw(20) * 1000000 - 10000000);
}

/* Rows of random cells; the name is the row's own number behind a random word. */
static void fill(size_t rows)
{
    char name[64];
    for (size_t i = 0; i < rows; i++) {
        struct frame_cell *row = frame_add_row(&frame);
        for (size_t k = 0; k < TYPES; k++)
            row[k] = random_cell(types[k].type);
        snprintf(name, sizeof name, "%s %zu", random_text().text, i);
        row[NAME] = frame_text(&frame, name);
    }
}

static void name_rows(const char *const *names)
{
    for (; *names; names++)
        frame_add_row(&frame)[NAME] = frame_text(&frame, *names);
}

static const char *cursor_name(void)
{
    size_t row;
    return list_row(&list, &row) ? frame_at(&frame, row, NAME)->text : NULL;
}

static bool act(enum action action, const char *text)
{
    const struct act what = {.action = action, .text = text};
    return list_act(&list, &desk, &frame, &what, 11);
}

/* --- the oracle: a value of each cell that strcmp() can order, and qsort() with the row behind it --- */

struct line {
    char key[256];
    bool null;
    size_t row;
};

static void key_of(char *out, size_t size, const struct frame_cell *cell, enum frame_type type)
{
    size_t used = 0;
    out[0] = '\0';
    if (type == FRAME_REAL)
        snprintf(out, size, "%020.6f", cell->real + 1e6);
    else if (type == FRAME_TEXT)
        snprintf(out, size, "%s", cell->text);
    else if (type == FRAME_TEXTS || type == FRAME_INTS)
        for (size_t i = 0; i < cell->list.count; i++)
            used += type == FRAME_TEXTS
                        ? (size_t)snprintf(out + used, size - used, "%s\x01", cell->list.texts[i])
                        : (size_t)snprintf(out + used, size - used, "%09d\x01",
                                           (int)cell->list.ints[i]);
    else
        snprintf(out, size, "%020lld", (long long)cell->number + 1000000000);
}

static int forwards(const void *a, const void *b)
{
    const struct line *left = a, *right = b;
    if (left->null != right->null)
        return left->null ? 1 : -1;
    int order = left->null ? 0 : strcasecmp(left->key, right->key);
    return order ? order : left->row < right->row ? -1 : 1;
}

static int backwards(const void *a, const void *b)
{
    const struct line *left = a, *right = b;
    if (left->null != right->null)
        return left->null ? 1 : -1;
    int order = left->null ? 0 : strcasecmp(right->key, left->key);
    return order ? order : left->row < right->row ? -1 : 1;
}

static void agrees_with_qsort(size_t column)
{
    struct line *lines = calloc(frame.row_count + 1, sizeof *lines);
    for (size_t i = 0; i < frame.row_count; i++) {
        const struct frame_cell *cell = frame_at(&frame, i, column);
        lines[i].row = i;
        lines[i].null = !cell->known || (types[column].type == FRAME_REAL && isnan(cell->real));
        if (!lines[i].null)
            key_of(lines[i].key, sizeof lines[i].key, cell, types[column].type);
    }
    qsort(lines, frame.row_count, sizeof *lines, list.descending ? backwards : forwards);
    assert_int_equal(list.count, frame.row_count);
    for (size_t i = 0; i < list.count; i++)
        assert_int_equal(list.order[i], lines[i].row);
    free(lines);
}

static void every_type_is_sorted_as_qsort_sorts_it(void **state)
{
    for (int round = 0; round < 60; round++) {
        tear_down(state);
        set_up(state);
        fill(draw(200));
        for (size_t column = 0; column < TYPES; column++)
            for (int turned = 0; turned < 2; turned++) {
                assert_true(act(ACTION_SORT, types[column].name));
                agrees_with_qsort(column);
                assert_true(act(ACTION_REVERSE, NULL));
            }
    }
}

static void without_a_sort_it_is_the_order_of_the_frame(void **state)
{
    (void)state;
    fill(50);
    list_settle(&list, &desk, &frame, 11);
    for (size_t i = 0; i < 50; i++)
        assert_int_equal(list.order[i], i);
    act(ACTION_REVERSE, NULL);
    for (size_t i = 0; i < 50; i++)
        assert_int_equal(list.order[i], 49 - i);
}

static void the_key_goes_through_the_columns_and_back_to_none(void **state)
{
    (void)state;
    for (size_t i = 1; i <= TYPES; i++) {
        act(ACTION_SORT, NULL);
        assert_int_equal(list.sort, i);
    }
    act(ACTION_SORT, NULL);
    assert_int_equal(list.sort, 0);
    assert_string_equal(list_choice(&form, 0), "name");
    assert_string_equal(list_choice(&form, TYPES - 1), "bool");
    assert_null(list_choice(&form, TYPES));
}

static void an_unknown_column_is_noted(void **state)
{
    (void)state;
    assert_true(act(ACTION_SORT, "colour"));
    assert_int_equal(list.sort, 0);
    assert_true(desk.note_is_error);
    assert_non_null(strstr(desk.note, "'colour'"));
}

static void other_actions_are_not_its_own(void **state)
{
    (void)state;
    assert_false(act(ACTION_ENTER, NULL));
    assert_false(act(ACTION_LEFT, NULL));
    assert_false(act(ACTION_QUIT, NULL));
}

static void a_filter_keeps_what_matches_the_best_first(void **state)
{
    (void)state;
    name_rows((const char *const[]){"Amazing food", "balcony", "Floor", "Main floor", NULL});
    frame.cells[1 * TYPES + TEXTS] = (struct frame_cell){
        .known = true, .list = {.count = 1, .texts = (const char *const[]){"floor"}}};
    act(ACTION_SEARCH, "floor");
    assert_int_equal(list.count, 3);
    assert_string_equal(cursor_name(), "balcony"); /* its zone is, and they are equally good */
    act(ACTION_SEARCH, "main fl");
    assert_int_equal(list.count, 1);
    assert_string_equal(cursor_name(), "Main floor");
    act(ACTION_SEARCH, "floor !main");
    assert_int_equal(list.count, 2);
    act(ACTION_SEARCH, NULL);
    assert_int_equal(list.count, 4);
}

static void a_filter_with_a_sort_keeps_the_sort(void **state)
{
    (void)state;
    name_rows((const char *const[]){"floor", "a f l o o r", "b", NULL});
    act(ACTION_SORT, "name");
    act(ACTION_SEARCH, "floor");
    assert_int_equal(list.count, 2);
    assert_int_equal(list.order[0], 1);
}

static bool lets_odd(const struct desk *of, const struct frame *in, size_t row)
{
    (void)of, (void)in;
    return row % 2;
}

static void a_form_may_leave_rows_out(void **state)
{
    (void)state;
    struct list_form odd = form;
    odd.lets = lets_odd;
    list.form = &odd;
    fill(9);
    list_settle(&list, &desk, &frame, 11);
    assert_int_equal(list.count, 4);
    assert_int_equal(list.order[0], 1);
}

static void the_cursor_stays_on_its_row_through_anything(void **state)
{
    (void)state;
    fill(300);
    list_settle(&list, &desk, &frame, 11);
    for (int i = 0; i < 137; i++)
        act(ACTION_DOWN, NULL);
    char name[64];
    snprintf(name, sizeof name, "%s", cursor_name());
    for (size_t column = 0; column < TYPES; column++) {
        act(ACTION_SORT, types[column].name);
        assert_string_equal(cursor_name(), name);
        assert_true(list.top <= list.cursor && list.cursor < list.top + 10);
    }
    list_settle(&list, &desk, NULL, 11); /* an answer that failed */
    assert_null(cursor_name());
    list_settle(&list, &desk, &frame, 11);
    assert_string_equal(cursor_name(), name);
}

static void new_rows_above_do_not_move_the_cursor_on_the_screen(void **state)
{
    (void)state;
    fill(100);
    list_settle(&list, &desk, &frame, 11);
    for (int i = 0; i < 30; i++)
        act(ACTION_DOWN, NULL);
    act(ACTION_UP, NULL);
    size_t height = list.cursor - list.top;
    char name[64];
    snprintf(name, sizeof name, "%s", cursor_name());
    struct frame older = frame;
    frame_init(&frame, types, TYPES);
    name_rows((const char *const[]){"new 1", "new 2", "new 3", NULL});
    for (size_t i = 0; i < older.row_count; i++)
        frame_add_row(&frame)[NAME] = frame_text(&frame, frame_at(&older, i, NAME)->text);
    frame_release(&older);
    list_settle(&list, &desk, &frame, 11);
    assert_string_equal(cursor_name(), name);
    assert_int_equal(list.cursor - list.top, height);
}

static void a_row_that_is_gone_leaves_the_cursor_in_its_place(void **state)
{
    (void)state;
    name_rows((const char *const[]){"a", "b", "c", "d", NULL});
    list_settle(&list, &desk, &frame, 11);
    act(ACTION_DOWN, NULL);
    frame.cells[1 * TYPES + NAME] = frame_text(&frame, "x");
    list_settle(&list, &desk, &frame, 11);
    assert_string_equal(cursor_name(), "x");
    act(ACTION_LAST, NULL);
    frame.row_count = 2;
    list_settle(&list, &desk, &frame, 11);
    assert_string_equal(cursor_name(), "x");
}

static void moving_stops_at_both_ends(void **state)
{
    (void)state;
    assert_true(act(ACTION_DOWN, NULL)); /* no row at all */
    assert_true(act(ACTION_LAST, NULL));
    fill(25);
    list_settle(&list, &desk, &frame, 11);
    const struct {
        enum action action;
        size_t cursor, top;
    } steps[] = {
        {ACTION_UP, 0, 0},          {ACTION_DOWN, 1, 0},        {ACTION_PAGE_DOWN, 11, 2},
        {ACTION_PAGE_DOWN, 21, 12}, {ACTION_PAGE_DOWN, 24, 15}, {ACTION_DOWN, 24, 15},
        {ACTION_PAGE_UP, 14, 14},   {ACTION_FIRST, 0, 0},       {ACTION_PAGE_UP, 0, 0},
        {ACTION_LAST, 24, 15},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        assert_true(act(steps[i].action, NULL));
        assert_int_equal(list.cursor, steps[i].cursor);
        assert_int_equal(list.top, steps[i].top);
    }
}

/* --- the mouse --- */

static const struct canvas_area place = {3, 2, 80, 11};

static bool click(enum key_code code, int x, int y)
{
    struct key key = {.code = code, .x = x, .y = y};
    return list_click(&list, &desk, &frame, place, &key);
}

static void a_second_click_on_a_row_enters_it(void **state)
{
    (void)state;
    fill(25);
    list_settle(&list, &desk, &frame, 11);
    assert_true(click(KEY_CODE_CLICK, 10, 3));
    assert_false(click(KEY_CODE_CLICK, 10, 5));
    assert_int_equal(list.cursor, 2);
    assert_true(click(KEY_CODE_CLICK, 10, 5));
    assert_false(click(KEY_CODE_CLICK, 10, 13)); /* below the area */
    assert_false(click(KEY_CODE_CLICK, 2, 5));
    assert_false(click(KEY_CODE_DRAG, 10, 5));
    assert_false(click(KEY_CODE_WHEEL_DOWN, 10, 5));
    assert_int_equal(list.cursor, 5);
    click(KEY_CODE_WHEEL_UP, 10, 5);
    click(KEY_CODE_WHEEL_UP, 10, 5);
    assert_int_equal(list.cursor, 0);
}

static void a_click_on_a_header_sorts_and_turns(void **state)
{
    (void)state;
    struct list_layout layout;
    fill(25);
    list_settle(&list, &desk, &frame, 11);
    list_lay_out(&layout, &list, place);
    int x = layout.columns[MONEY].x + 1;
    assert_false(click(KEY_CODE_CLICK, x, 2));
    assert_int_equal(list.sort, MONEY + 1);
    agrees_with_qsort(MONEY);
    click(KEY_CODE_CLICK, x, 2);
    assert_true(list.descending);
    agrees_with_qsort(MONEY);
    click(KEY_CODE_CLICK, layout.columns[NAME].x, 2);
    assert_int_equal(list.sort, NAME + 1);
    assert_false(list.descending);
}

/* --- what is drawn --- */

static void columns_never_overlap_at_any_width(void **state)
{
    (void)state;
    fill(5000);
    list_settle(&list, &desk, &frame, 11);
    for (int width = 0; width <= 300; width++) {
        struct list_layout layout;
        int end = 7;
        list_lay_out(&layout, &list, (struct canvas_area){7, 0, width, 9});
        for (size_t i = 0; i < TYPES; i++) {
            assert_true(layout.columns[i].width >= 0);
            if (!layout.columns[i].width)
                continue;
            assert_true(layout.columns[i].x > end || (i == 0 && layout.columns[i].x == end + 1));
            end = layout.columns[i].x + layout.columns[i].width;
        }
        assert_true(end <= 7 + width || width == 0);
        if (width > 100) /* with room every column has what it asks for */
            for (size_t i = 0; i < TYPES; i++)
                assert_true(layout.columns[i].width >= columns[i].width);
    }
}

static void the_least_telling_columns_go_first(void **state)
{
    (void)state;
    size_t shown = TYPES;
    for (int width = 120; width > 0; width--) {
        struct list_layout layout;
        list_lay_out(&layout, &list, (struct canvas_area){0, 0, width, 9});
        size_t count = 0;
        int lowest_gone = 99, highest_shown = 0;
        for (size_t i = 0; i < TYPES; i++) {
            count += layout.columns[i].width > 0;
            if (layout.columns[i].width && columns[i].rank > highest_shown)
                highest_shown = columns[i].rank;
            if (!layout.columns[i].width && columns[i].rank && columns[i].rank < lowest_gone)
                lowest_gone = columns[i].rank;
        }
        assert_true(highest_shown < lowest_gone);
        assert_true(count <= shown);
        shown = count;
    }
}

static const char *drawn(struct canvas *canvas, struct buf *out, int width, int height)
{
    canvas_release(canvas);
    canvas_init(canvas, width, height, desk.look.ascii);
    list_draw(&list, &desk, &frame, canvas, canvas_whole(canvas));
    buf_reset(out);
    assert_true(canvas_plain(canvas, out));
    return buf_text(out);
}

static void three_rows(void)
{
    struct frame_cell *row = frame_add_row(&frame);
    static const char *const zones[] = {"Floor", "Lower"};
    static const int64_t sizes[] = {1, 2, 4};
    row[NAME] = frame_text(&frame, "Leafs at Canadiens");
    row[INTS] = (struct frame_cell){.known = true, .list = {.count = 3, .ints = sizes}};
    row[TEXTS] = (struct frame_cell){.known = true, .list = {.count = 2, .texts = zones}};
    row[NUMBER] = frame_number(12345);
    row[MONEY] = frame_number(117860);
    row[TIME] = frame_number(INT64_C(1770660000000));
    row[REAL] = frame_real(-2.5);
    row[BOOL] = frame_number(1);
    row = frame_add_row(&frame);
    row[NAME] = frame_text(&frame, "\xe7\xa5\xa8\xe7\xa5\xa8 Tokyo");
    row[MONEY] = frame_number(-5);
    row = frame_add_row(&frame);
    row[NAME] = frame_text(&frame, "x");
    row[TIME] = frame_number(INT64_C(1739124000000)); /* a year before */
}

static void cells_are_written_as_their_types_are(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 10000};
    three_rows();
    list.sort = MONEY + 1;
    list_settle(&list, &desk, &frame, 5);
    const char *text = drawn(&canvas, &out, 100, 5);
    const char *const expected[] = {
        " Name  ",
        "Price\xe2\x96\xb2",
        "Held 1/3\n",
        "\xe7\xa5\xa8\xe7\xa5\xa8 Tokyo",
        "-$0.05\n",
        " 1,2,4   Floor,Lower      12,345  $1,178.60 Feb 9 18:00    -2.50 yes\n",
        "Feb 9 2025 1\xe2\x80\xa6"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        text = strstr(text, expected[i]);
        assert_non_null(text);
    }
}

static void grounds_are_there_over_the_whole_row(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 10000};
    three_rows();
    list_settle(&list, &desk, &frame, 5);
    act(ACTION_DOWN, NULL);
    drawn(&canvas, &out, 60, 5);
    for (int y = 0; y < 5; y++)
        for (int x = 0; x < 60; x++)
            assert_int_equal(canvas_at(&canvas, x, y)->ground,
                             y == 2 ? THEME_SELECTED : THEME_TEXT);
    assert_int_equal(canvas_at(&canvas, 0, 2)->character, ' ');
    desk.look.depth = THEME_MONO;
    drawn(&canvas, &out, 60, 5);
    assert_int_equal(canvas_at(&canvas, 0, 2)->character, '>');
}

static void in_ascii_nothing_else_is_drawn(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 10000};
    desk.look.ascii = true;
    three_rows();
    list.sort = NAME + 1;
    list.descending = true;
    list_settle(&list, &desk, &frame, 5);
    const char *text = drawn(&canvas, &out, 40, 5);
    for (const char *c = text; *c; c++)
        assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
    assert_non_null(strstr(text, "Namev"));
    assert_non_null(strstr(text, "\n>"));
}

static void it_says_why_there_is_nothing(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 10000};
    list_settle(&list, &desk, &frame, 5);
    assert_non_null(strstr(drawn(&canvas, &out, 40, 5), "no rows"));
    three_rows();
    act(ACTION_SEARCH, "qqq");
    assert_non_null(strstr(drawn(&canvas, &out, 40, 5), "no row matches"));
}

static void hostile_rows(void)
{
    static const char *const names[] = {
        "\x1b[2J\x1b]0;x\x07"
        "bell",
        "\xe2\x80\xae"
        "reversed",
        "a\tb\nc\rd",
        "\xff\xfe\x80 broken",
        "\xe7\xa5\xa8\xe7\xa5\xa8\xe7\xa5\xa8\xe7\xa5\xa8\xe7\xa5\xa8",
        "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
        "\xf0\x9f\x8e\xab\xf0\x9f\x8e\xab\xf0\x9f\x8e\xab",
        "%s%n%d",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct frame_cell *row = frame_add_row(&frame);
        char longer[400] = "";
        for (int k = 0; k < 9; k++)
            snprintf(longer + strlen(longer), sizeof longer - strlen(longer), "%s", names[i]);
        row[NAME] = frame_text(&frame, longer);
        row[NUMBER] = frame_number(INT64_MIN);
        row[MONEY] = frame_number(INT64_MAX);
        row[TIME] = frame_number(CLOCK_MAX_MS - 1);
        row[REAL] = frame_real(i % 2 ? 1e300 : INFINITY);
        row[BOOL] = frame_number(7);
    }
}

static void nothing_is_drawn_outside_the_area_at_any_size(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    hostile_rows();
    fill(40);
    for (int height = 1; height <= 24; height++)
        for (int width = 1; width <= 80; width++) {
            struct canvas_area area = {2, 3, width, height};
            canvas_release(&canvas);
            canvas_init(&canvas, 86, 30, false);
            desk.look.depth = width % 2 ? THEME_MONO : THEME_TRUE;
            list.sort = (size_t)(width + height) % (TYPES + 1);
            list_settle(&list, &desk, &frame, height);
            act(ACTION_DOWN, NULL);
            list_draw(&list, &desk, &frame, &canvas, area);
            for (int y = 0; y < 30; y++)
                for (int x = 0; x < 86; x++) {
                    const struct canvas_cell *cell = canvas_at(&canvas, x, y);
                    bool inside = x >= 2 && x < 2 + width && y >= 3 && y < 3 + height;
                    assert_true(inside || (cell->character == ' ' && cell->ground == THEME_TEXT));
                    assert_true(cell->character == 0 || text_char_width(cell->character) > 0);
                }
        }
}

/* Whatever the height it is drawn at, the cursor is seen. */
static void the_cursor_is_seen_even_before_it_is_settled(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 100000};
    fill(60);
    list_settle(&list, &desk, &frame, 50);
    act(ACTION_LAST, NULL);
    for (int height = 2; height < 70; height++) {
        int seen = 0;
        drawn(&canvas, &out, 30, height);
        for (int y = 1; y < height; y++)
            seen += canvas_at(&canvas, 0, y)->ground == THEME_SELECTED;
        assert_int_equal(seen, 1);
    }
}

static void the_order_is_remembered(void **state)
{
    (void)state;
    struct state *kept;
    struct err err = {0};
    assert_true(state_open(&kept, NULL, &err));
    list.sort = MONEY + 1;
    list.descending = true;
    list_save(&list, kept, "board");
    struct list again = {.form = &form};
    list_load(&again, kept, "board");
    assert_int_equal(again.sort, MONEY + 1);
    assert_true(again.descending);
    state_set(kept, "board", "sort", "colour");
    list_load(&again, kept, "board");
    assert_int_equal(again.sort, 0);
    list.sort = 0;
    list.descending = false;
    list_save(&list, kept, "board");
    assert_null(state_section(kept, "board", 0));
    state_close(kept);
}

#define ON_LIST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_LIST(every_type_is_sorted_as_qsort_sorts_it),
        ON_LIST(without_a_sort_it_is_the_order_of_the_frame),
        ON_LIST(the_key_goes_through_the_columns_and_back_to_none),
        ON_LIST(an_unknown_column_is_noted),
        ON_LIST(other_actions_are_not_its_own),
        ON_LIST(a_filter_keeps_what_matches_the_best_first),
        ON_LIST(a_filter_with_a_sort_keeps_the_sort),
        ON_LIST(a_form_may_leave_rows_out),
        ON_LIST(the_cursor_stays_on_its_row_through_anything),
        ON_LIST(new_rows_above_do_not_move_the_cursor_on_the_screen),
        ON_LIST(a_row_that_is_gone_leaves_the_cursor_in_its_place),
        ON_LIST(moving_stops_at_both_ends),
        ON_LIST(a_second_click_on_a_row_enters_it),
        ON_LIST(a_click_on_a_header_sorts_and_turns),
        ON_LIST(columns_never_overlap_at_any_width),
        ON_LIST(the_least_telling_columns_go_first),
        ON_LIST(cells_are_written_as_their_types_are),
        ON_LIST(grounds_are_there_over_the_whole_row),
        ON_LIST(in_ascii_nothing_else_is_drawn),
        ON_LIST(it_says_why_there_is_nothing),
        ON_LIST(nothing_is_drawn_outside_the_area_at_any_size),
        ON_LIST(the_cursor_is_seen_even_before_it_is_settled),
        ON_LIST(the_order_is_remembered),
    };
    return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
