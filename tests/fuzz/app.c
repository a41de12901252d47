/* Keys on the whole workstation, over a town's store and what a collector left in it: whatever is typed and clicked, it draws
   inside its size, twice the same, with its cursor on it, and can be told in words. */
#include "fuzz.h"

#include <stdio.h>

/* What the made-up store asks of cmocka. */
#define fail_msg(...) (fprintf(stderr, __VA_ARGS__), abort())
#define assert_int_equal(a, b) must((a) == (b))

#include "base/text.h"
#include "town.h"
#include "trouble.h"
#include "tui/app_private.h"

enum { KEYS_MAX = 64, SIDE_MAX = 300, MARGIN = 2, SCRIPT_MAX = 1024, WORDS_MAX = 1 << 22 };

static struct conf *conf;

static void forget_store(void)
{
    scratch_remove(NULL);
}

/* libFuzzer calls it first: a store takes longer than an input may. */
int LLVMFuzzerInitialize(int *count, char ***arguments);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count, (void)arguments;
    must(scratch_make(NULL) == 0 && atexit(forget_store) == 0);
    struct store *store = scratch_open(scratch_path);
    town_build(store);
    trouble_make(store);
    store_close(store);
    conf = trouble_conf();
    clock_fix(TOWN_NOW_MS);
    return 0;
}

static struct app *open_app(void)
{
    const struct app_settings settings = {
        .store_path = scratch_path,
        .conf = conf,
        .look = {.theme = theme_default(), .depth = THEME_256, .marker = marker_find("braille")},
        .screen = SCREEN_BOARD,
        .width = 80,
        .height = 24,
    };
    struct app *app = app_open(&settings);
    app_wait(app);
    return app;
}

/* A file would be written, perhaps. */
static bool exports(const struct app *app, const struct key *key)
{
    const struct prompt *prompt = &app->prompt;
    return prompt->open && keymap_find(&app->keymap, key, ACTION_IN_TYPED) == ACTION_ACCEPT &&
           (prompt->action == ACTION_EXPORT || strchr(prompt->text, '.') != NULL);
}

static void check_picture(const struct app *app)
{
    AUTO_CANVAS struct canvas once = {0}, again = {0};
    int x = 0, y = 0;
    canvas_init(&once, app->width, app->height, app_look(app)->ascii);
    canvas_init(&again, app->width + MARGIN, app->height + MARGIN, app_look(app)->ascii);
    app_draw(app, &once);
    app_draw(app, &again);
    for (y = 0; y < again.height; y++)
        for (x = 0; x < again.width; x++) {
            const struct canvas_cell *cell = canvas_at(&again, x, y),
                                     *first = canvas_at(&once, x, y);
            must(first ? memcmp(first, cell, sizeof *cell) == 0
                       : cell->character == ' ' && cell->ground == THEME_TEXT);
        }
    must(!app_cursor(app, &x, &y) || (x >= 0 && y >= 0 && x < app->width && y < app->height));
}

static void play(struct app *app, const char *script)
{
    struct key_script at = {.at = script};
    struct key key;
    struct err err = {0};
    for (int i = 0; i < KEYS_MAX; i++) {
        if (!key_script_next(&at, &key, &err) || key.code == KEY_CODE_NONE)
            return;
        if (key.code == KEY_CODE_SIZE && (key.x > SIDE_MAX || key.y > SIDE_MAX))
            continue;
        if (!exports(app, &key) && !app_key(app, &key))
            return;
        app_wishes(app);
        /* some keys come before the answers to those before them */
        if (i % 3 == 0)
            app_wait(app);
        else
            app_work(app);
        check_picture(app);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[SCRIPT_MAX];
    AUTO_BUF struct buf words;
    struct err err = {0};
    buf_init(&words, WORDS_MAX);
    struct app *app = open_app();
    play(app, input_text(text, sizeof text, data, size));
    app_wait(app);
    check_picture(app);
    app_describe(app, &words);
    must(words.length > 0 && !words.overflow && text_is_utf8(buf_text(&words), words.length));
    must(app_close(app, &err));
    return 0;
}
