#include "core/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct frame_column columns[] = {
    {.name = "timestamp", .type = FRAME_TIME},
    {.name = "zone", .type = FRAME_TEXT},
    {.name = "share", .type = FRAME_REAL},
};

static void a_row_begins_as_nulls(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    frame_init(&frame, columns, 3);
    struct frame_cell *row = frame_add_row(&frame);
    for (size_t i = 0; i < 3; i++)
        assert_false(row[i].known);
    row[0] = frame_number(42);
    frame_add_row(&frame);
    assert_int_equal(frame_at(&frame, 0, 0)->number, 42);
    assert_false(frame_at(&frame, 1, 0)->known);
}

static void cells_stay_where_they_are_while_rows_come(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    frame_init(&frame, columns, 3);
    for (int i = 0; i < 1000; i++) {
        char text[20];
        snprintf(text, sizeof text, "zone %d", i);
        struct frame_cell *row = frame_add_row(&frame);
        row[0] = frame_number(i);
        row[1] = frame_text(&frame, text);
        row[2] = frame_real(i / 2.0);
    }
    assert_int_equal(frame.row_count, 1000);
    for (size_t i = 0; i < 1000; i++) {
        char text[20];
        snprintf(text, sizeof text, "zone %zu", i);
        assert_int_equal(frame_at(&frame, i, 0)->number, i);
        assert_string_equal(frame_at(&frame, i, 1)->text, text);
        assert_true(frame_at(&frame, i, 2)->real == (double)i / 2.0);
    }
}

static void a_frame_that_is_widened_keeps_its_cells(void **state)
{
    (void)state;
    static const struct frame_column more[] = {{"change", FRAME_TEXT}, {"by", FRAME_MONEY}};
    AUTO_FRAME struct frame frame = {0};
    frame_init(&frame, columns, 3);
    for (int64_t i = 0; i < 100; i++)
        frame_add_row(&frame)[0] = frame_number(i);
    frame_widen(&frame, more, 2);
    frame_row(&frame, 7)[4] = frame_number(-5);
    frame_add_row(&frame)[0] = frame_number(100);
    assert_int_equal(frame.column_count, 5);
    assert_int_equal(frame_find(&frame, "by"), 4);
    for (size_t i = 0; i <= 100; i++) {
        assert_int_equal(frame_at(&frame, i, 0)->number, i);
        assert_false(frame_at(&frame, i, 3)->known);
        assert_int_equal(frame_at(&frame, i, 4)->known, i == 7);
    }
    assert_int_equal(frame_at(&frame, 7, 4)->number, -5);
}

static void selected_rows_are_those_in_that_order(void **state)
{
    (void)state;
    static const size_t rows[] = {7, 0, 7, 99};
    AUTO_FRAME struct frame frame = {0}, selected = {0};
    frame_init(&frame, columns, 3);
    frame.meta.currency = "USD";
    for (int64_t i = 0; i < 100; i++)
        frame_add_row(&frame)[0] = frame_number(i);
    frame_select(&selected, &frame, rows, 4);
    assert_int_equal(selected.row_count, 4);
    assert_int_equal(selected.column_count, 3);
    assert_string_equal(selected.meta.currency, "USD");
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(frame_at(&selected, i, 0)->number, rows[i]);
}

static void a_frame_without_rows_is_widened(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    frame_init(&frame, NULL, 0);
    frame_widen(&frame, columns, 3);
    frame_add_row(&frame)[2] = frame_real(0.5);
    assert_false(frame_at(&frame, 0, 0)->known);
    assert_true(frame_at(&frame, 0, 2)->known);
}

static void columns_are_found_by_name(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    frame_init(&frame, columns, 3);
    assert_int_equal(frame_find(&frame, "timestamp"), 0);
    assert_int_equal(frame_find(&frame, "share"), 2);
    assert_int_equal(frame_find(&frame, "Share"), -1);
}

static void no_text_is_a_null(void **state)
{
    (void)state;
    AUTO_FRAME struct frame frame = {0};
    frame_init(&frame, columns, 3);
    assert_false(frame_text(&frame, NULL).known);
    assert_true(frame_text(&frame, "").known);
    assert_false(frame_null().known);
}

static void a_frame_may_have_neither_rows_nor_columns(void **state)
{
    (void)state;
    struct frame frame;
    frame_init(&frame, NULL, 0);
    assert_int_equal(frame_find(&frame, "timestamp"), -1);
    frame_release(&frame);
    frame_release(&frame);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_begins_as_nulls),
        cmocka_unit_test(cells_stay_where_they_are_while_rows_come),
        cmocka_unit_test(a_frame_that_is_widened_keeps_its_cells),
        cmocka_unit_test(selected_rows_are_those_in_that_order),
        cmocka_unit_test(a_frame_without_rows_is_widened),
        cmocka_unit_test(columns_are_found_by_name),
        cmocka_unit_test(no_text_is_a_null),
        cmocka_unit_test(a_frame_may_have_neither_rows_nor_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
