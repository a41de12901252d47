#include "tui/spark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"

enum { MOST = 40 };

static void draw(const struct spark *spark, int width, bool ascii, struct buf *out)
{
    AUTO_CANVAS struct canvas canvas = {0};
    canvas_init(&canvas, width + 2, 1, ascii);
    canvas_put(&canvas, 0, 0, '<', THEME_TEXT);
    canvas_put(&canvas, width + 1, 0, '>', THEME_TEXT);
    spark_draw(&canvas, 1, 0, width, spark, THEME_SERIES);
    buf_reset(out);
    assert_true(canvas_plain(&canvas, out));
}

static void a_run_of_values_has_its_shape(void **state)
{
    (void)state;
    struct spark_value rise[8], gap[] = {{5, true}, {0, false}, {9, true}},
                                same[] = {{7, true}, {7, true}};
    for (int i = 0; i < 8; i++)
        rise[i] = (struct spark_value){100 + i * 10, true};
    const struct {
        struct spark spark;
        int width;
        bool ascii;
        const char *shown;
    } cases[] = {
        {{.values = rise, .count = 8}, 8, false, "<▁▂▃▄▅▆▇█>\n"},
        {{.values = rise, .count = 8}, 10, false, "<  ▁▂▃▄▅▆▇█>\n"},
        {{.values = rise, .count = 8}, 4, false, "<▂▄▆█>\n"},
        {{.values = rise, .count = 8}, 8, true, "<__.--=^^>\n"},
        {{.values = gap, .count = 3}, 3, false, "<▁ █>\n"},
        {{.values = same, .count = 2}, 2, false, "<▄▄>\n"},
        {{.values = gap, .count = 3, .has_scale = true, .low = 0, .high = 100},
         3,
         false,
         "<▁ ▁>\n"},
        {{.values = gap, .count = 3, .has_scale = true, .low = 6, .high = 8}, 3, true, "<_ ^>\n"},
        {{.values = rise, .count = 0}, 3, false, "<   >\n"},
    };
    AUTO_BUF struct buf out = {.cap = 1000};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        draw(&cases[i].spark, cases[i].width, cases[i].ascii, &out);
        assert_string_equal(buf_text(&out), cases[i].shown);
    }
}

static void a_cell_is_blank_only_where_nothing_is_known(void **state)
{
    (void)state;
    srandom(8);
    for (int round = 0; round < 3000; round++) {
        struct spark_value values[MOST];
        AUTO_CANVAS struct canvas canvas = {0};
        size_t count = (size_t)(random() % MOST), known = 0;
        int width = (int)(random() % MOST), drawn = 0;
        for (size_t i = 0; i < count; i++) {
            values[i] = (struct spark_value){random() - INT32_MAX / 2, random() % 4 != 0};
            known += values[i].known;
        }
        canvas_init(&canvas, width, 1, false);
        spark_draw(&canvas, 0, 0, width, &(struct spark){.values = values, .count = count},
                   THEME_SERIES);
        for (int x = 0; x < width; x++) {
            uint32_t character = canvas_at(&canvas, x, 0)->character;
            assert_true(character == ' ' || (character >= 0x2581 && character <= 0x2588));
            drawn += character != ' ';
        }
        if ((size_t)width >= count)
            assert_int_equal(drawn, known);
        else
            assert_true(drawn <= (int)known);
        if (width > 0 && count > 0 && values[count - 1].known)
            assert_int_not_equal(canvas_at(&canvas, width - 1, 0)->character, ' ');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_of_values_has_its_shape),
        cmocka_unit_test(a_cell_is_blank_only_where_nothing_is_known),
    };
    return cmocka_run_group_tests_name("spark", tests, NULL, NULL);
}
