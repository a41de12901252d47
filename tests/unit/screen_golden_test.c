/* Every page of the workstation, as it looked when somebody last looked at it. */
#include "tui/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "golden.h"
#include "town.h"
#include "trouble.h"

enum { MARGIN = 3, LINE_CAP = 1 << 14 };

struct size {
    int width, height;
};

static const struct size plain_sizes[] = {{60, 16}, {80, 24}, {120, 40}, {200, 60}, {0, 0}},
                         color_sizes[] = {{80, 24}, {120, 40}, {0, 0}},
                         light_sizes[] = {{80, 24}, {0, 0}}, small_sizes[] = {{50, 10}, {0, 0}};

/* A way to look at a page. */
static const struct dress {
    const char *name, *theme, *marker;
    enum theme_depth depth;
    const struct size *sizes;
} dresses[] = {
    {"braille-plain", "dark", "braille", THEME_PLAIN, plain_sizes},
    {"ascii-plain", "dark", "ascii", THEME_PLAIN, plain_sizes},
    {"braille-mono", "dark", "braille", THEME_MONO, color_sizes},
    {"braille-8", "dark", "braille", THEME_8, color_sizes},
    {"braille-256", "dark", "braille", THEME_256, color_sizes},
    {"braille-light", "light", "braille", THEME_256, light_sizes},
};

enum { DRESS_COUNT = sizeof dresses / sizeof *dresses };

/* The keys that lead to a page, from the board on; the second event slept for a day and its polls failed at times. */
static const struct page {
    const char *name, *keys;
    bool empty;               /* of a store in which nothing is */
    const struct size *sizes; /* instead of the dress's; NULL: those */
} pages[] = {
    {"board", "<F2>", false, NULL},
    {"trend", "<F3>", false, NULL},
    {"groups", "<F4>", false, NULL},
    {"counts", "<F5>", false, NULL},
    {"market", "<F6>", false, NULL},
    {"listings", "<F7>", false, NULL},
    {"compare", "<F8>ARuby<Enter>AHarbor<Enter>", false, NULL},
    {"jobs", "<F9>", false, NULL},
    {"schedule", "<F9>:show schedule<Enter>", false, NULL},
    {"dead", "<F9>:show dead<Enter>", false, NULL},
    {"rules", "<F9>:show rules<Enter>", false, NULL},
    {"fired", "<F9>:show fired<Enter>", false, NULL},
    {"help", "<F3>?", false, NULL},
    {"palette", "<F3>:zo", false, NULL},
    {"refused", "<F3>(yesteryear<Enter>", false, NULL},
    {"welcome", "<F2>", true, NULL},
    {"small", "<F3>", false, small_sizes},
};

enum { PAGE_COUNT = sizeof pages / sizeof *pages };

static char empty_path[SCRATCH_PATH_MAX];
static struct conf *conf;

static int stores_made(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    struct store *store = scratch_open(scratch_path);
    town_build(store);
    trouble_make(store);
    store_close(store);
    snprintf(empty_path, sizeof empty_path, "%.240s/empty.db", scratch_folder);
    store_close(scratch_open(empty_path));
    conf = trouble_conf();
    clock_fix(TOWN_NOW_MS);
    return 0;
}

static int stores_removed(void **state)
{
    conf_close(conf);
    return scratch_remove(state);
}

static void play(struct app *app, const char *keys)
{
    struct key_script script = {.at = keys};
    struct err err = {0};
    struct key key;
    for (;;) {
        scratch_ok(key_script_next(&script, &key, &err), &err);
        if (key.code == KEY_CODE_NONE)
            return;
        assert_true(app_key(app, &key));
        app_wait(app);
    }
}

static void resize(struct app *app, int width, int height)
{
    struct key key = key_of_code(KEY_CODE_SIZE);
    key.x = width;
    key.y = height;
    assert_true(app_key(app, &key));
    app_wait(app);
}

static struct app *open_page(const struct page *page, const struct dress *dress)
{
    const struct app_settings settings = {
        .store_path = page->empty ? empty_path : scratch_path,
        .conf = conf,
        .look = {.theme = theme_find(dress->theme),
                 .depth = dress->depth,
                 .marker = marker_find(dress->marker),
                 .ascii = marker_find(dress->marker)->ascii,
                 .clock = SCREEN_VENUE},
        .screen = SCREEN_BOARD,
        .width = 120,
        .height = 40,
    };
    struct app *app = app_open(&settings);
    app_wait(app);
    if (!page->empty)
        play(app, "e7000002<Enter>");
    play(app, page->keys);
    return app;
}

/* Draws on a canvas that is `margin` larger than the workstation believes, and dumps what it may draw on. */
static void dump(const struct app *app, struct size size, int margin, struct buf *out)
{
    AUTO_CANVAS struct canvas canvas = {0};
    const struct look *look = app_look(app);
    buf_reset(out);
    canvas_init(&canvas, size.width + margin, size.height + margin, look->ascii);
    app_draw(app, &canvas);
    canvas.height = size.height;
    assert_true(canvas_ansi(&canvas, look->theme, look->depth, out));
}

/* Drawing changes nothing: not a second time, not on another canvas, not after another size. */
static void check_pure(struct app *app, struct size size, const struct buf *first)
{
    AUTO_BUF struct buf again = {.cap = GOLDEN_CAP};
    dump(app, size, 0, &again);
    assert_string_equal(buf_text(&again), buf_text(first));
    dump(app, size, MARGIN, &again);
    assert_string_equal(buf_text(&again), buf_text(first));
    resize(app, size.width + 17, size.height + 5);
    dump(app, (struct size){size.width + 17, size.height + 5}, 0, &again);
    resize(app, size.width, size.height);
    dump(app, size, 0, &again);
    assert_string_equal(buf_text(&again), buf_text(first));
}

/* As many lines as the terminal has, none wider, and nothing but ASCII where that was asked for. */
static void check_plain(const char *text, struct size size, bool ascii)
{
    static char line[LINE_CAP];
    int lines = 0;
    for (; *text; lines++) {
        size_t length = strcspn(text, "\n");
        assert_true(length < sizeof line);
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        assert_true(text_width(line) <= size.width);
        for (size_t i = 0; ascii && i < length; i++)
            assert_in_range((unsigned char)line[i], ' ', '~');
        text += length + 1;
    }
    assert_int_equal(lines, size.height);
}

static void check_page(const struct page *page, const struct dress *dress)
{
    AUTO_BUF struct buf out = {.cap = GOLDEN_CAP};
    struct app *app = open_page(page, dress);
    struct err err = {0};
    char name[100];
    for (const struct size *size = page->sizes ? page->sizes : dress->sizes; size->width; size++) {
        resize(app, size->width, size->height);
        dump(app, *size, 0, &out);
        check_pure(app, *size, &out);
        if (dress->depth == THEME_PLAIN)
            check_plain(buf_text(&out), *size, app_look(app)->ascii);
        snprintf(name, sizeof name, "%s-%dx%d-%s", page->name, size->width, size->height,
                 dress->name);
        golden_compare("screen", name, &out);
    }
    scratch_ok(app_close(app, &err), &err);
}

static void pages_look_as_they_did(void **state)
{
    (void)state;
    for (size_t page = 0; page < PAGE_COUNT; page++)
        for (size_t dress = 0; dress < DRESS_COUNT; dress++)
            check_page(&pages[page], &dresses[dress]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_look_as_they_did),
    };
    return cmocka_run_group_tests(tests, stores_made, stores_removed);
}
