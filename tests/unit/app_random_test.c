/* Random keys on the whole workstation, without a terminal. KEYS=100000 plays longer, SEED=n another game. */
#include "tui/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "bazaar.h"
#include "town.h"
#include "trouble.h"

enum { KEYS = 1500, SEEDS = 2, LAST = 50, MARGIN = 3, WIDTH_MAX = 250, HEIGHT_MAX = 80 };

struct game {
    struct app *app;
    struct keymap keymap;
    uint64_t random;
    int width, height;
    struct canvas canvas, again;
    char last[LAST][KEY_NAME_MAX + KEY_TEXT_MAX];
    size_t played;
};

static struct conf *conf;

static int town_made(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    struct store *store = scratch_open(scratch_path);
    town_build(store);
    trouble_make(store);
    store_close(store);
    conf = trouble_conf();
    clock_fix(TOWN_NOW_MS);
    return chdir(scratch_folder); /* where exports go, should a name be hit upon */
}

static int town_removed(void **state)
{
    conf_close(conf);
    return scratch_remove(state);
}

/* --- what is played --- */

static struct key bound_key(struct game *game)
{
    enum action action = (enum action)(1 + bazaar_pick(&game->random, ACTION_COUNT - 1));
    char name[KEY_NAME_MAX];
    struct key key = key_of_code(KEY_CODE_ESC);
    struct err err = {0};
    keymap_first(name, &game->keymap, action);
    /* leaving would end the game; the words of what has no key are typed */
    if (name[0] && action != ACTION_QUIT)
        assert_true(key_parse(name, &key, &err));
    return key;
}

static struct key size_key(struct game *game)
{
    struct key key = key_of_code(KEY_CODE_SIZE);
    bool usual = bazaar_chance(&game->random, 60);
    game->width =
        usual ? 60 + bazaar_pick(&game->random, 150) : 1 + bazaar_pick(&game->random, WIDTH_MAX);
    game->height =
        usual ? 16 + bazaar_pick(&game->random, 50) : 1 + bazaar_pick(&game->random, HEIGHT_MAX);
    key.x = game->width;
    key.y = game->height;
    return key;
}

static struct key mouse_key(struct game *game)
{
    int codes = KEY_CODE_WHEEL_DOWN - KEY_CODE_CLICK + 1;
    struct key key = key_of_code(KEY_CODE_CLICK + (unsigned)bazaar_pick(&game->random, codes));
    /* now and then outside, as when the size has just changed */
    key.x = bazaar_pick(&game->random, game->width + 4) - (bazaar_chance(&game->random, 5) ? 2 : 0);
    key.y = bazaar_pick(&game->random, game->height + 4);
    return key;
}

static struct key paste_key(struct game *game)
{
    static const char *const texts[] = {
        "",
        "7000001",
        "T-3d",
        "2026-02-15",
        "100 Level",
        "\xe6\x9d\xb1\xe4\xba\xac",
        "https://www.vividseats.com/production/7000002",
        "zone *",
        "%s%n%99999d",
        "99999999999999999999",
        "-1",
        "wide \xf0\x9f\x8e\xab\xf0\x9f\x8e\xab\xf0\x9f\x8e\xab\xf0\x9f\x8e\xab\xf0\x9f\x8e\xab",
        "/nonesuch/folder/x.csv",
        "a long text that does not end soon, and goes on, and on, and on, and on, and on, and on, "
        "and on, and on, and on, and on, and on, and on, and on, and on, and on, and on, and on",
    };
    struct key key = key_of_code(KEY_CODE_PASTE);
    int count = sizeof texts / sizeof *texts;
    snprintf(key.text, sizeof key.text, "%s", texts[bazaar_pick(&game->random, count)]);
    return key;
}

static struct key any_key(struct game *game)
{
    static const uint32_t strange[] = {0xe9, 0x20ac, 0x6771, 0x1f3ab, 0x301, 0x202e, 0xfffd, '~'};
    int dice = bazaar_pick(&game->random, 100);
    struct key key;
    if (dice < 55)
        return bound_key(game);
    if (dice < 70)
        return key_of_character((uint32_t)(' ' + bazaar_pick(&game->random, 95)));
    if (dice < 82)
        return mouse_key(game);
    if (dice < 86)
        return paste_key(game);
    if (dice < 90)
        return size_key(game);
    if (dice < 92)
        return key_of_character(strange[bazaar_pick(&game->random, 8)]);
    key = key_of_code(KEY_CODE_ENTER +
                      (unsigned)bazaar_pick(&game->random, KEY_CODE_F12 - KEY_CODE_ENTER + 1));
    key.ctrl = bazaar_chance(&game->random, 10);
    key.alt = bazaar_chance(&game->random, 10);
    return key;
}

/* A line such as could be typed behind `:`. */
static void any_command(struct game *game, char *out, size_t size)
{
    static const char *const arguments[] = {
        "",       "none",     "*",        "100 Level", "3d",       "T-2d",    "2026-02-14",
        "2",      "9",        "all-in",   "snapshot",  "day",      "min",     "price",
        "250",    "-5",       "ascii",    "braille",   "light",    "UTC",     "venue",
        "median", "ledger",   "7000003",  "Ruby",      "aisle",    "vip",     "obstructed",
        "name",   "left",     "tickets",  "mine",      "density",  "depth",   "seen.csv",
        "rules",  "schedule", "seen.txt", "seen.svg",  "seen.png", "seen.xyz"};
    int count = sizeof arguments / sizeof *arguments;
    const struct action_info *info;
    do
        info = action_info((enum action)(1 + bazaar_pick(&game->random, ACTION_COUNT - 1)));
    while (strcmp(info->word, "quit") == 0);
    snprintf(out, size, "%s %s", info->word, arguments[bazaar_pick(&game->random, count)]);
}

/* --- what must hold after each --- */

static void tell(const struct game *game, const char *what)
{
    size_t first = game->played > LAST ? game->played - LAST : 0;
    for (size_t i = first; i < game->played; i++)
        print_error("%zu %s\n", i, game->last[i % LAST]);
    fail_msg("%s at %dx%d after %zu keys", what, game->width, game->height, game->played);
}

static void check_picture(struct game *game)
{
    canvas_release(&game->canvas);
    canvas_release(&game->again);
    canvas_init(&game->canvas, game->width, game->height, app_look(game->app)->ascii);
    canvas_init(&game->again, game->width + MARGIN, game->height + MARGIN,
                app_look(game->app)->ascii);
    app_draw(game->app, &game->canvas);
    app_draw(game->app, &game->again);
    for (int y = 0; y < game->again.height; y++)
        for (int x = 0; x < game->again.width; x++) {
            const struct canvas_cell *cell = canvas_at(&game->again, x, y),
                                     *first = canvas_at(&game->canvas, x, y);
            if (!first && (cell->character != ' ' || cell->ground != THEME_TEXT))
                tell(game, "something is drawn outside");
            if (first && memcmp(first, cell, sizeof *cell) != 0)
                tell(game, "drawn twice it is not the same");
        }
}

static void check_cursor(struct game *game)
{
    int x = 0, y = 0;
    if (app_cursor(game->app, &x, &y) && (x < 0 || y < 0 || x >= game->width || y >= game->height))
        tell(game, "the cursor is outside");
}

static struct app *open_app(struct game *game)
{
    struct app_settings settings = {
        .store_path = scratch_path,
        .conf = conf,
        .look = {.theme = theme_default(),
                 .depth = THEME_256,
                 .marker = marker_find("braille"),
                 .clock = SCREEN_VENUE},
        .screen = SCREEN_NONE,
        .width = game->width,
        .height = game->height,
    };
    return app_open(&settings);
}

/* Left: it is opened again, as a person would. */
static void reopen(struct game *game)
{
    struct err err = {0};
    if (game->app)
        scratch_ok(app_close(game->app, &err), &err);
    game->app = open_app(game);
    app_wait(game->app);
}

static void play(struct game *game)
{
    char *said = game->last[game->played++ % LAST];
    bool stays;
    if (bazaar_chance(&game->random, 8)) {
        any_command(game, said, sizeof game->last[0]);
        stays = app_command(game->app, said);
    } else {
        char name[KEY_NAME_MAX];
        struct key key = any_key(game);
        snprintf(said, sizeof game->last[0], "<%s>%s", key_format(name, &key), key.text);
        stays = app_key(game->app, &key);
    }
    if (!stays)
        reopen(game);
    app_wishes(game->app);
    /* mostly answers are there before the next key, but not always */
    if (bazaar_chance(&game->random, 70))
        app_wait(game->app);
    else
        app_work(game->app);
    if (bazaar_chance(&game->random, 2))
        app_tick(game->app);
}

static long setting(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : otherwise;
}

static void play_game(uint64_t seed)
{
    struct game game = {.random = seed * 7919 + 3, .width = 80, .height = 24};
    long keys = setting("KEYS", KEYS);
    AUTO_BUF struct buf words;
    struct err err = {0};
    buf_init(&words, 1 << 20);
    print_message("# seed %llu\n", (unsigned long long)seed);
    keymap_init(&game.keymap);
    reopen(&game);
    for (long i = 0; i < keys; i++) {
        play(&game);
        check_picture(&game);
        check_cursor(&game);
        buf_reset(&words);
        app_describe(game.app, &words);
    }
    scratch_ok(app_close(game.app, &err), &err);
    canvas_release(&game.canvas);
    canvas_release(&game.again);
}

static void any_keys_at_any_size_draw_the_same_twice_and_nothing_outside(void **state)
{
    (void)state;
    long first = setting("SEED", 1);
    for (long seed = first; seed < first + (getenv("SEED") ? 1 : SEEDS); seed++)
        play_game((uint64_t)seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_keys_at_any_size_draw_the_same_twice_and_nothing_outside),
    };
    return cmocka_run_group_tests(tests, town_made, town_removed);
}
