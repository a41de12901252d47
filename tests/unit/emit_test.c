#include "cli/emit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/emit_error.h"
#include "core/frame_json.h"
#include "io/json.h"

#define AT_MS INT64_C(1770660000000) /* 2026-02-09T18:00:00Z */

enum { TIME, DAY, MONEY, INT, REAL, TEXT, BOOL, TEXTS, INTS, COLUMNS };

static const struct frame_column columns[COLUMNS] = {
    {"timestamp", FRAME_TIME},    {"day", FRAME_DATE},       {"current_min_price", FRAME_MONEY},
    {"total_tickets", FRAME_INT}, {"share", FRAME_REAL},     {"name", FRAME_TEXT},
    {"available", FRAME_BOOL},    {"sections", FRAME_TEXTS}, {"splits", FRAME_INTS},
};

static const char *const sections[] = {"Floor A", "Floor \"B\""};
static const int64_t splits[] = {1, 2, 4};

/* One row of every type, one row of nulls. */
static void make(struct frame *frame)
{
    frame_init(frame, columns, COLUMNS);
    frame->meta.event = "vividseats:6501519";
    frame->meta.currency = "USD";
    struct frame_cell *cells = frame_add_row(frame);
    cells[TIME] = frame_number(AT_MS);
    cells[DAY] = frame_number(AT_MS);
    cells[MONEY] = frame_number(117860);
    cells[INT] = frame_number(8123);
    cells[REAL] = frame_real(0.5);
    cells[TEXT] = frame_text(frame, "Zoë, \"live\"");
    cells[BOOL] = frame_number(1);
    cells[TEXTS] = (struct frame_cell){.known = true, .list = {.count = 2, .texts = sections}};
    cells[INTS] = (struct frame_cell){.known = true, .list = {.count = 3, .ints = splits}};
    frame_add_row(frame);
}

static void expect(const struct emit *emit, const struct frame *frame, const char *text)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    emit_put_frame(emit, frame, &out);
    assert_string_equal(buf_text(&out), text);
    buf_release(&out);
}

static void json_has_every_key_and_null_for_the_unknown(void **state)
{
    (void)state;
    struct frame frame;
    make(&frame);
    expect(&(struct emit){.format = EMIT_JSON}, &frame,
           "{\"data\":[\n"
           "{\"timestamp\":\"2026-02-09T18:00:00Z\",\"day\":\"2026-02-09\","
           "\"current_min_price\":1178.60,\"total_tickets\":8123,\"share\":0.5,"
           "\"name\":\"Zoë, \\\"live\\\"\",\"available\":true,"
           "\"sections\":[\"Floor A\",\"Floor \\\"B\\\"\"],\"splits\":[1,2,4]},\n"
           "{\"timestamp\":null,\"day\":null,\"current_min_price\":null,\"total_tickets\":null,"
           "\"share\":null,\"name\":null,\"available\":null,\"sections\":null,\"splits\":null}\n"
           "],\n"
           "\"meta\":{\"event\":\"vividseats:6501519\",\"event_id\":null,\"currency\":\"USD\","
           "\"price_basis\":null,\"granularity\":null,\"zone\":null,\"from\":null,\"to\":null,"
           "\"data_points\":2}}\n");
    frame_release(&frame);
}

static void meta_tells_zones_window_and_trend(void **state)
{
    (void)state;
    static const char *const zones[] = {"Floor", "Lower"};
    struct frame frame;
    frame_init(&frame, columns, 1);
    frame.meta.zones = (struct frame_list){.count = 1, .texts = zones};
    frame.meta.has_from = frame.meta.has_trend = frame.meta.has_percent = true;
    frame.meta.from_ms = AT_MS + 5;
    frame.meta.trend = "decreasing";
    frame.meta.percent_change = -12.345;
    expect(&(struct emit){.format = EMIT_JSON}, &frame,
           "{\"data\":[],\n\"meta\":{\"event\":null,\"event_id\":null,\"currency\":null,"
           "\"price_basis\":null,\"granularity\":null,\"zone\":\"Floor\","
           "\"from\":\"2026-02-09T18:00:00.005Z\",\"to\":null,\"data_points\":0,"
           "\"trend\":\"decreasing\",\"percent_change\":-12.35}}\n");
    frame.meta.zones.count = 2;
    frame.meta.has_percent = false;
    frame.meta.trend = NULL;
    struct buf out;
    buf_init(&out, 4096);
    frame_json_put(&frame, &out);
    assert_non_null(strstr(buf_text(&out), "\"zone\":[\"Floor\",\"Lower\"]"));
    assert_non_null(strstr(buf_text(&out), "\"trend\":null,\"percent_change\":null}"));
    buf_release(&out);
    frame_release(&frame);
}

static void json_stays_json_whatever_the_text_and_the_number(void **state)
{
    (void)state;
    static const struct frame_column two[] = {{"a\"b", FRAME_TEXT}, {"x", FRAME_REAL}};
    struct frame frame;
    struct buf out;
    struct err err = {0};
    frame_init(&frame, two, 2);
    struct frame_cell *cells = frame_add_row(&frame);
    cells[0] = frame_text(&frame, "\x01\\\"\xff\t");
    cells[1] = frame_real((double)INFINITY);
    buf_init(&out, 4096);
    frame_json_put(&frame, &out);
    assert_true(json_check(buf_text(&out), out.length, &err));
    assert_non_null(strstr(buf_text(&out), "\"x\":null"));
    buf_release(&out);
    frame_release(&frame);
}

static void ndjson_is_a_row_a_line(void **state)
{
    (void)state;
    static const struct frame_column one[] = {{"n", FRAME_INT}};
    struct frame frame;
    frame_init(&frame, one, 1);
    frame_add_row(&frame)[0] = frame_number(-5);
    frame_add_row(&frame);
    expect(&(struct emit){.format = EMIT_NDJSON}, &frame, "{\"n\":-5}\n{\"n\":null}\n");
    frame_release(&frame);
}

static void csv_quotes_what_needs_it_and_tells_empty_from_unknown(void **state)
{
    (void)state;
    struct frame frame;
    make(&frame);
    frame_add_row(&frame)[TEXT] = frame_text(&frame, "");
    expect(&(struct emit){.format = EMIT_CSV}, &frame,
           "timestamp,day,current_min_price,total_tickets,share,name,available,sections,splits\n"
           "2026-02-09T18:00:00Z,2026-02-09,1178.60,8123,0.5,\"Zoë, \"\"live\"\"\",true,"
           "\"Floor A;Floor \"\"B\"\"\",1;2;4\n"
           ",,,,,,,,\n"
           ",,,,,\"\",,,\n");
    frame_release(&frame);
}

static void a_table_is_aligned_by_what_is_seen(void **state)
{
    (void)state;
    static const struct frame_column three[] = {
        {"zone_name", FRAME_TEXT}, {"current_min_price", FRAME_MONEY}, {"name", FRAME_TEXT}};
    struct frame frame;
    frame_init(&frame, three, 3);
    frame.meta.currency = "USD";
    struct frame_cell *cells = frame_add_row(&frame);
    cells[0] = frame_text(&frame, "東京");
    cells[1] = frame_number(117860);
    cells[2] = frame_text(&frame, "a");
    cells = frame_add_row(&frame);
    cells[0] = frame_text(&frame, "Zoë");
    cells[1] = frame_number(500);
    expect(&(struct emit){.format = EMIT_TABLE}, &frame,
           "zone name  min price  name\n"
           "東京       $1,178.60  a\n"
           "Zoë            $5.00  -\n");
    frame_release(&frame);
}

static void a_table_cuts_texts_to_the_width_and_colours_its_header(void **state)
{
    (void)state;
    static const struct frame_column two[] = {{"name", FRAME_TEXT}, {"n", FRAME_INT}};
    struct frame frame;
    frame_init(&frame, two, 2);
    struct frame_cell *cells = frame_add_row(&frame);
    cells[0] = frame_text(&frame, "a very long name of an event");
    cells[1] = frame_number(1234567);
    expect(&(struct emit){.format = EMIT_TABLE, .columns = 23, .color = true}, &frame,
           "\033[1mname                  n\n\033[0m"
           "a very long…  1,234,567\n");
    expect(&(struct emit){.format = EMIT_TABLE, .columns = 23, .ascii = true}, &frame,
           "name                  n\n"
           "a very long~  1,234,567\n");
    frame_release(&frame);
}

static void nothing_that_moves_the_cursor_reaches_a_table(void **state)
{
    (void)state;
    static const struct frame_column one[] = {{"t\033t", FRAME_TEXT}};
    struct frame frame;
    struct buf out;
    frame_init(&frame, one, 1);
    frame_add_row(&frame)[0] = frame_text(&frame, "a\033[2Jb\r\n\xe2\x80\xae");
    buf_init(&out, 4096);
    emit_put_frame(&(struct emit){.format = EMIT_TABLE}, &frame, &out);
    assert_null(strpbrk(buf_text(&out), "\033\r"));
    assert_null(strstr(buf_text(&out), "\xe2\x80\xae"));
    buf_release(&out);
    frame_release(&frame);
}

static void markdown_escapes_its_own_marks(void **state)
{
    (void)state;
    static const struct frame_column two[] = {{"name", FRAME_TEXT}, {"n", FRAME_INT}};
    struct frame frame;
    frame_init(&frame, two, 2);
    frame_add_row(&frame)[0] = frame_text(&frame, "a|b\\c");
    expect(&(struct emit){.format = EMIT_MARKDOWN}, &frame,
           "| name | n |\n|---|---:|\n| a\\|b\\\\c | - |\n");
    frame_release(&frame);
}

static void an_error_is_an_object(void **state)
{
    (void)state;
    struct err err = {0};
    struct buf out;
    buf_init(&out, 4096);
    err_set(&err, ERR_NOT_FOUND, "event 'a\"b' is not stored");
    emit_error_put(&err, &out);
    assert_string_equal(buf_text(&out),
                        "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"event 'a\\\"b' is not "
                        "stored\",\"details\":{\"exit_code\":2,\"hint\":null}}}\n");
    buf_release(&out);
}

/* What the environment says of colour, and what follows; stdout of a test is no terminal, or is
 * one. */
static void colour_follows_flag_then_environment(void **state)
{
    (void)state;
    static const struct opt color[] = {
        {.name = "color", .kind = OPT_WORD, .value = "W", .words = "auto|always|never"},
        {.name = NULL}};
    const struct opt_sets sets = {{color}};
    const struct {
        const char *flag, *no_color, *force;
        bool color;
    } cases[] = {
        {"--color=always", "1", NULL, true}, {"--color=never", NULL, "1", false},
        {"--color=auto", "1", "1", false},   {"--color=auto", "", "1", true},
        {"--color=auto", NULL, "1", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct opt_values values;
        struct err err = {0};
        size_t used;
        unsetenv("NO_COLOR");
        unsetenv("CLICOLOR_FORCE");
        if (cases[i].no_color)
            setenv("NO_COLOR", cases[i].no_color, 1);
        if (cases[i].force)
            setenv("CLICOLOR_FORCE", cases[i].force, 1);
        opt_init(&values, &sets);
        assert_true(opt_parse(&values, &cases[i].flag, 1, false, &used, &err));
        assert_int_equal(emit_init(&values).color, cases[i].color);
        opt_release(&values);
    }
}

static void columns_come_from_the_environment(void **state)
{
    (void)state;
    static const struct opt color[] = {
        {.name = "color", .kind = OPT_WORD, .value = "W", .words = "auto|always|never"},
        {.name = NULL}};
    const struct opt_sets sets = {{color}};
    struct opt_values values;
    opt_init(&values, &sets);
    setenv("COLUMNS", "123", 1);
    assert_int_equal(emit_init(&values).columns, 123);
    opt_release(&values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_every_key_and_null_for_the_unknown),
        cmocka_unit_test(meta_tells_zones_window_and_trend),
        cmocka_unit_test(json_stays_json_whatever_the_text_and_the_number),
        cmocka_unit_test(ndjson_is_a_row_a_line),
        cmocka_unit_test(csv_quotes_what_needs_it_and_tells_empty_from_unknown),
        cmocka_unit_test(a_table_is_aligned_by_what_is_seen),
        cmocka_unit_test(a_table_cuts_texts_to_the_width_and_colours_its_header),
        cmocka_unit_test(nothing_that_moves_the_cursor_reaches_a_table),
        cmocka_unit_test(markdown_escapes_its_own_marks),
        cmocka_unit_test(an_error_is_an_object),
        cmocka_unit_test(colour_follows_flag_then_environment),
        cmocka_unit_test(columns_come_from_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
