#include "tui/caption.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_note_gives_way_to_the_title(void **state)
{
    (void)state;
    static const struct {
        const char *title, *note;
        int width;
        const char *shown;
    } cases[] = {
        {"Title", "note", 12, "Title   note\n"},
        {"Title", "note", 11, "Title  note\n"},
        {"Title", "note", 10, "Title\n"},
        {"Title", "note", 4, "Tit~\n"},
        {NULL, "note", 6, "  note\n"},
        {"Title", NULL, 9, "Title\n"},
        {NULL, NULL, 9, "\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        AUTO_CANVAS struct canvas canvas = {0};
        AUTO_BUF struct buf out = {.cap = 100};
        canvas_init(&canvas, cases[i].width, 1, true);
        caption_title(&canvas, canvas_whole(&canvas), cases[i].title, cases[i].note);
        assert_true(canvas_plain(&canvas, &out));
        assert_string_equal(buf_text(&out), cases[i].shown);
    }
}

static void a_message_stands_in_the_middle(void **state)
{
    (void)state;
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out = {.cap = 100};
    canvas_init(&canvas, 9, 3, false);
    caption_middle(&canvas, canvas_whole(&canvas), "none");
    assert_true(canvas_plain(&canvas, &out));
    assert_string_equal(buf_text(&out), "\n  none\n\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_note_gives_way_to_the_title),
        cmocka_unit_test(a_message_stands_in_the_middle),
    };
    return cmocka_run_group_tests_name("caption", tests, NULL, NULL);
}
