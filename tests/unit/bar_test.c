#include "tui/bar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

enum { WIDEST = 220, LEFT = 3, ROW = 1, ROWS = 3 };

static void set(struct view *view, enum action field, const char *typed)
{
    struct err err = {0};
    if (!view_set(view, field, typed, &err))
        fail_msg("%s", err.text);
}

static struct view bare_view(void)
{
    struct view view;
    view_init(&view);
    snprintf(view.event.platform, sizeof view.event.platform, "vividseats");
    snprintf(view.event.external_id, sizeof view.event.external_id, "7000001");
    snprintf(view.event.name, sizeof view.event.name, "Ruby Hollow");
    return view;
}

static struct view full_view(void)
{
    struct view view = bare_view();
    set(&view, ACTION_ZONE, "\xe6\x9d\xb1\xe4\xba\xac Balcony");
    set(&view, ACTION_SECTION, "101");
    set(&view, ACTION_FROM, "3d");
    set(&view, ACTION_TO, "1d");
    set(&view, ACTION_AT, "2d");
    set(&view, ACTION_SIZE, "2,4");
    set(&view, ACTION_BY, "day");
    set(&view, ACTION_PRICE, "all-in");
    set(&view, ACTION_ONLY, "vip");
    set(&view, ACTION_EXCLUDE, "obstructed");
    return view;
}

struct sheet {
    struct canvas canvas;
    struct canvas_area row;
};

static void draw(struct sheet *sheet, const struct bar *bar, const struct view *view, int width)
{
    sheet->row = (struct canvas_area){LEFT, ROW, width, 1};
    canvas_release(&sheet->canvas);
    canvas_init(&sheet->canvas, width + 2 * LEFT, ROWS, false);
    bar_draw(bar, view, false, &sheet->canvas, sheet->row);
}

static bool is_in(const struct canvas_area *row, int x, int y)
{
    return y == row->y && x >= row->x && x < row->x + row->width;
}

static bool holds(const struct sheet *sheet, const char *text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    assert_true(canvas_plain(&sheet->canvas, &out));
    return strstr(buf_text(&out), text) != NULL;
}

/* A letter is hit by its filter, and where nothing is hit there is none. */
static void check_hits(const struct sheet *sheet, const struct bar *bar, const struct view *view)
{
    enum action before = ACTION_NONE;
    for (int x = 0; x < sheet->canvas.width; x++) {
        enum action hit = bar_at(bar, view, false, sheet->row, x);
        uint32_t character = canvas_at(&sheet->canvas, x, ROW)->character;
        if (hit == ACTION_NONE)
            assert_int_equal(character, ' ');
        else if (before == ACTION_NONE) /* words have no blank at their start */
            assert_int_not_equal(character, ' ');
        if (hit != ACTION_NONE && before != ACTION_NONE)
            assert_int_equal(hit, before);
        before = hit;
    }
}

static void nothing_is_drawn_outside_the_row_and_hits_agree(void **state)
{
    (void)state;
    const struct view views[] = {bare_view(), full_view()};
    struct sheet sheet = {0};
    for (size_t i = 0; i < 2; i++)
        for (int width = 60; width <= WIDEST; width++)
            for (size_t field = 0; field <= VIEW_FIELD_COUNT; field++) {
                struct bar bar = {.open = field < VIEW_FIELD_COUNT,
                                  .field = field % VIEW_FIELD_COUNT};
                draw(&sheet, &bar, &views[i], width);
                for (int y = 0; y < ROWS; y++)
                    for (int x = 0; x < sheet.canvas.width; x++) {
                        const struct canvas_cell *cell = canvas_at(&sheet.canvas, x, y);
                        if (!is_in(&sheet.row, x, y) &&
                            (cell->character != ' ' || cell->ground != THEME_TEXT))
                            fail_msg("outside at %d of %d", x, width);
                    }
                check_hits(&sheet, &bar, &views[i]);
            }
    canvas_release(&sheet.canvas);
}

static void the_filter_with_the_focus_is_always_there(void **state)
{
    (void)state;
    const struct view view = full_view();
    struct sheet sheet = {0};
    for (int width = 60; width <= WIDEST; width++)
        for (size_t field = 0; field < VIEW_FIELD_COUNT; field++) {
            struct bar bar = {.open = true, .field = field};
            bool hit = false, lit = false;
            draw(&sheet, &bar, &view, width);
            for (int x = 0; x < sheet.canvas.width; x++) {
                bool is_own = bar_at(&bar, &view, false, sheet.row, x) == view_field(field);
                bool is_lit = canvas_at(&sheet.canvas, x, ROW)->ground == THEME_SELECTED;
                assert_int_equal(is_own, is_lit);
                hit = hit || is_own;
                lit = lit || is_lit;
            }
            assert_true(hit && lit);
        }
    canvas_release(&sheet.canvas);
}

static void what_is_set_outlives_what_is_not(void **state)
{
    (void)state;
    const struct bar bar = {0};
    struct view view = bare_view();
    struct sheet sheet = {0};
    set(&view, ACTION_EXCLUDE, "obstructed");
    bool any_left_out = false;
    for (int width = WIDEST; width >= 40; width--) {
        draw(&sheet, &bar, &view, width);
        assert_true(holds(&sheet, "not obstructed") || holds(&sheet, "-obstructed"));
        assert_true(holds(&sheet, " Ruby Hollow") || holds(&sheet, " vividseats:700"));
        any_left_out = any_left_out || !holds(&sheet, "base");
    }
    assert_true(any_left_out);
    canvas_release(&sheet.canvas);
}

static void each_filter_is_worded(void **state)
{
    (void)state;
    static const char *const full[] = {"section 101",  "from 3d",      "to 1d",
                                       "at 2d",        "2,4 together", "by day",
                                       "all-in price", "only vip",     "not obstructed"};
    static const char *const bare[] = {"all zones", "from 7d", "to now",
                                       "any size",  "by hour", "base price"};
    const struct bar bar = {0}, open = {.open = true};
    const struct view set_all = full_view(), set_none = bare_view();
    struct sheet sheet = {0};
    draw(&sheet, &bar, &set_all, WIDEST);
    for (size_t i = 0; i < sizeof full / sizeof *full; i++)
        assert_true(holds(&sheet, full[i]));
    draw(&sheet, &bar, &set_none, WIDEST);
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
        assert_true(holds(&sheet, bare[i]));
    assert_false(holds(&sheet, "any section"));
    draw(&sheet, &open, &set_none, WIDEST);
    assert_true(holds(&sheet, "any section"));
    canvas_release(&sheet.canvas);
}

/* The name, then the words, then what is not set; nothing is left out while something could be shorter. */
static void what_is_narrow_is_shortened_before_it_is_left_out(void **state)
{
    (void)state;
    static const struct {
        int width;
        const char *shows;
    } rows[] = {
        {100, " Harbor City Gulls at Indiana Comets  all zones  from 7d  to now  any size  by hour "
              " base price"},
        {80, " Harbor City Gulls \xe2\x80\xa6  all zones  from 7d  to now  any size  by hour  base "
             "price"},
        {70, " Harbor City Gulls\xe2\x80\xa6  all zones  from 7d  to now  any size  hour  base"},
        {60, " Harbor City Gul\xe2\x80\xa6  all zones  7d..  ..now  #any  hour  base"},
        {50, " Harbor City Gull\xe2\x80\xa6  zone *  7d..  ..now  #any  +2"},
    };
    const struct bar bar = {0};
    struct view view = bare_view();
    struct sheet sheet = {0};
    snprintf(view.event.name, sizeof view.event.name, "Harbor City Gulls at Indiana Comets");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        draw(&sheet, &bar, &view, rows[i].width);
        AUTO_BUF struct buf out = {.cap = 1 << 16};
        assert_true(canvas_plain(&sheet.canvas, &out));
        char *row = strchr(buf_text(&out), '\n') + 1 + LEFT;
        *strchr(row, '\n') = '\0';
        assert_string_equal(row, rows[i].shows);
    }
    canvas_release(&sheet.canvas);
}

/* Filters that are there, and the mark's, are all that there could be. */
static void the_mark_counts_what_is_left_out(void **state)
{
    (void)state;
    const struct bar bar = {0};
    const struct view view = full_view();
    struct sheet sheet = {0};
    bool marked = false;
    for (int width = 60; width <= WIDEST; width++) {
        int shown = 0, told = 0;
        enum action before = ACTION_NONE;
        draw(&sheet, &bar, &view, width);
        for (int x = 0; x < sheet.canvas.width; x++) {
            enum action hit = bar_at(&bar, &view, false, sheet.row, x);
            shown += hit != before && hit != ACTION_NONE && hit != ACTION_FILTERS;
            if (hit == ACTION_FILTERS && before == hit)
                told = told * 10 + (int)canvas_at(&sheet.canvas, x, ROW)->character - '0';
            before = hit;
        }
        assert_int_equal(shown + told, VIEW_FIELD_COUNT);
        marked = marked || told > 0;
    }
    assert_true(marked);
    canvas_release(&sheet.canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_drawn_outside_the_row_and_hits_agree),
        cmocka_unit_test(the_filter_with_the_focus_is_always_there),
        cmocka_unit_test(what_is_set_outlives_what_is_not),
        cmocka_unit_test(each_filter_is_worded),
        cmocka_unit_test(what_is_narrow_is_shortened_before_it_is_left_out),
        cmocka_unit_test(the_mark_counts_what_is_left_out),
    };
    return cmocka_run_group_tests_name("bar", tests, NULL, NULL);
}
