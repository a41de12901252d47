#include "tui/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "town.h"
#include "trouble.h"
#include "tui/app_private.h"

enum { WIDTH = 120, HEIGHT = 40, TEXT_CAP = 1 << 20 };

static char state_file[SCRATCH_PATH_MAX + 8], seen[TEXT_CAP];
static struct app *app;
static int width = WIDTH, height = HEIGHT;

static int town_made(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    struct store *store = scratch_open(scratch_path);
    town_build(store);
    store_close(store);
    clock_fix(TOWN_NOW_MS);
    snprintf(state_file, sizeof state_file, "%.240s/state", scratch_folder);
    return chdir(scratch_folder);
}

static struct app *open_on(const char *path)
{
    const struct app_settings settings = {
        .store_path = path,
        .state_path = state_file,
        .look = {.theme = theme_default(), .depth = THEME_256, .marker = marker_find("braille")},
        .screen = SCREEN_NONE,
        .width = width,
        .height = height,
    };
    struct app *opened = app_open(&settings);
    app_wait(opened);
    return opened;
}

static int begin(void **state)
{
    (void)state;
    unlink(state_file);
    width = WIDTH;
    height = HEIGHT;
    app = open_on(scratch_path);
    return 0;
}

static int end(void **state)
{
    (void)state;
    struct err err = {0};
    scratch_ok(app_close(app, &err), &err);
    return 0;
}

static void reopen(void)
{
    end(NULL);
    app = open_on(scratch_path);
}

/* Presses keys and waits for nothing; false when the workstation was left. */
static bool press(const char *keys)
{
    struct key_script script = {.at = keys};
    struct err err = {0};
    struct key key;
    bool stays = true;
    for (;;) {
        scratch_ok(key_script_next(&script, &key, &err), &err);
        if (key.code == KEY_CODE_NONE)
            return stays;
        stays = app_key(app, &key);
    }
}

/* Presses keys and waits for the answers. */
static void play(const char *keys)
{
    assert_true(press(keys));
    app_wait(app);
}

static const char *read_lines(int first, int last)
{
    AUTO_CANVAS struct canvas canvas = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, TEXT_CAP - 1);
    canvas_init(&canvas, width, height, false);
    app_draw(app, &canvas);
    assert_true(canvas_plain(&canvas, &out));
    const char *from = buf_text(&out), *to;
    for (int y = 0; y < first; y++)
        from = strchr(from, '\n') + 1;
    to = from;
    for (int y = first; y <= last; y++)
        to = strchr(to, '\n') + 1;
    snprintf(seen, sizeof seen, "%.*s", (int)(to - from), from);
    return seen;
}

static void shows_in(const char *place, const char *text, bool wanted)
{
    if ((strstr(place, text) != NULL) != wanted)
        fail_msg("'%s' %s there:\n%s", text, wanted ? "is not" : "is", place);
}

static void bar_shows(const char *text)
{
    shows_in(read_lines(1, 1), text, true);
}

static void bar_hides(const char *text)
{
    shows_in(read_lines(1, 1), text, false);
}

static void body_shows(const char *text)
{
    shows_in(read_lines(2, height - 2), text, true);
}

static void last_line_shows(const char *text)
{
    shows_in(read_lines(height - 1, height - 1), text, true);
}

/* The first line of the words is the screen's title. */
static void is_on(const char *title)
{
    AUTO_BUF struct buf out;
    buf_init(&out, TEXT_CAP);
    app_describe(app, &out);
    if (strncmp(buf_text(&out), title, strlen(title)) != 0)
        fail_msg("this is not %s but\n%s", title, buf_text(&out));
}

static void says(const char *text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, TEXT_CAP);
    app_describe(app, &out);
    shows_in(buf_text(&out), text, true);
}

/* --- screens --- */

static void every_screen_has_its_key_and_its_place_among_the_tabs(void **state)
{
    (void)state;
    static const char *const keys[] = {"<F2>", "<F3>", "<F4>", "<F5>",
                                       "<F6>", "<F7>", "<F8>", "<F9>"};
    for (enum screen_id id = 0; id < SCREEN_COUNT; id++) {
        play(keys[id]);
        is_on(screen_form(id)->title);
        play("<Tab>");
        is_on(screen_form((id + 1) % SCREEN_COUNT)->title);
        play("<S-Tab>");
        is_on(screen_form(id)->title);
    }
}

static void back_goes_the_way_that_one_came_and_then_leaves(void **state)
{
    (void)state;
    play("<F3><F5><F9><F5>q");
    is_on("Jobs");
    play("q");
    is_on("Ticket counts");
    play("q");
    is_on("Price trend");
    play("q");
    is_on("Board");
    assert_false(press("q"));
}

static void a_click_on_a_tab_goes_there(void **state)
{
    (void)state;
    const char *tabs = read_lines(0, 0);
    char keys[64];
    snprintf(keys, sizeof keys, "<Click %d,0>", (int)(strstr(tabs, "Counts") - tabs));
    play(keys);
    is_on("Ticket counts");
}

static void switching_while_answers_are_under_way_never_waits_for_ever(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        assert_true(press("<F3><F6><F3>b<F5>[<F3>]<F7><F3>"));
        app_wait(app);
        is_on("Price trend");
        body_shows("$");
    }
}

static void the_answer_of_an_older_question_is_never_shown(void **state)
{
    (void)state;
    play("<F3>");
    app_command(app, "from 1d");
    app_command(app, "from 7d");
    app_wait(app);
    AUTO_BUF struct buf first, again;
    buf_init(&first, TEXT_CAP);
    buf_init(&again, TEXT_CAP);
    app_describe(app, &first);
    reopen();
    play("<F3>");
    app_describe(app, &again);
    assert_string_equal(buf_text(&first), buf_text(&again));
}

/* --- the event --- */

static void the_cursor_of_the_board_says_which_event(void **state)
{
    (void)state;
    app_command(app, "sort name");
    app_wait(app);
    play("g<F3>");
    bar_shows("Harbor City Gulls at Indiana Comets");
    play("<F2>j<Enter>");
    is_on("Price trend");
    bar_shows("toiles du Nord");
}

static void another_event_forgets_the_zones_of_the_one_before(void **state)
{
    (void)state;
    play("e7000001<Enter>");
    play("<F3>e7000001<Enter>");
    app_command(app, "zone *");
    app_wait(app);
    bar_shows("*");
    app_command(app, "event vividseats:7000002");
    app_wait(app);
    bar_hides("*");
    bar_shows("all zones");
}

static void an_event_chosen_by_name_on_the_board_stays_chosen(void **state)
{
    (void)state;
    app_command(app, "sort name");
    play("g");
    app_command(app, "event vividseats:7000001");
    app_wait(app);
    play("<F3>");
    bar_shows("Ruby Hollow");
    play("<F2><F4>");
    bar_shows("Ruby Hollow");
}

static void a_line_is_that_of_the_event_under_the_cursor(void **state)
{
    (void)state;
    app_command(app, "event vividseats:7000002");
    app_command(app, "sort name");
    app_wait(app);
    play("G"); /* the last of them by name */
    app_command(app, "target 123");
    play("<Enter>");
    says("Reference line: target $123.00");
    app_command(app, "event vividseats:7000002");
    app_wait(app);
    AUTO_BUF struct buf out;
    buf_init(&out, TEXT_CAP);
    app_describe(app, &out);
    shows_in(buf_text(&out), "Reference line", false);
}

/* --- filters --- */

static void undo_and_redo_walk_through_the_filters(void **state)
{
    (void)state;
    play("<F3>");
    app_command(app, "from 3d");
    app_command(app, "by day");
    bar_shows("from 3d");
    bar_shows("by day");
    play("u");
    bar_shows("by hour");
    bar_shows("from 3d");
    play("u");
    bar_shows("from 7d");
    play("<C-r><C-r>");
    bar_shows("by day");
    bar_shows("from 3d");
    play("<C-r>");
    last_line_shows("nothing to do again");
}

static void panning_several_times_is_one_step_for_undo(void **state)
{
    (void)state;
    play("<F3>");
    play("<lt>");
    play("<lt>");
    play("<lt>");
    bar_hides("from 7d");
    play("u");
    bar_shows("from 7d");
}

static void the_range_before_zooming_is_that_of_all_screens(void **state)
{
    (void)state;
    play("<F3>");
    play("+");
    play("+");
    bar_hides("from 7d");
    play("<F4>0");
    bar_shows("from 7d");
}

static void what_is_wrong_is_said_while_it_is_typed_and_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *why;
    } cases[] = {
        {"<F3>(yesterdayish", "yesterdayish"},
        {"<F3>)2099-99-99", "2099-99-99"},
        {"<F3>zNonesuch", "no zone 'Nonesuch'"},
        {"<F3>:size 99", "99"},
        {"<F3>Xgolden", "'golden' is none of"},
        {"<F3>Tmany", "'many' is no price"},
        {"<F3>:theme pink", "no theme is called 'pink'"},
        {"<F3>:qqqxx", "is nothing that can be done"},
        {"<F3>Eshot.jpg", ".csv .json"},
        {"<F3>Vnone", "no view is saved as 'none'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        play("<F3>");
        AUTO_BUF struct buf before;
        buf_init(&before, TEXT_CAP);
        buf_puts(&before, read_lines(1, 1));
        play(cases[i].typed);
        shows_in(read_lines(2, height - 1), cases[i].why, true);
        play("<Esc>");
        assert_string_equal(read_lines(1, 1), buf_text(&before));
    }
}

static void the_filter_bar_is_walked_changed_and_left(void **state)
{
    (void)state;
    play("<F3>");
    app_command(app, "section 101");
    bar_shows("section 101");
    play("F");
    last_line_shows("Left left  Right right  Enter edit");
    play("<Right><Right>");
    play("<Delete>");
    play("<Esc>");
    is_on("Price trend");
    bar_hides("section");
    play("F<Right><Enter><C-u>3d<Enter><Esc>");
    bar_shows("from 3d");
}

/* --- what is kept --- */

static void a_saved_view_is_taken_up_by_another_workstation(void **state)
{
    (void)state;
    app_command(app, "event vividseats:7000003");
    play("<F5>");
    app_command(app, "event vividseats:7000003");
    app_command(app, "from 3d");
    app_command(app, "by day");
    app_command(app, "save my week");
    last_line_shows("saved as 'my week'");
    app_command(app, "clear");
    play("<F2>g");
    reopen();
    is_on("Board");
    app_command(app, "view my week");
    app_wait(app);
    is_on("Ticket counts");
    bar_shows("from 3d");
    bar_shows("by day");
    bar_shows("toiles du Nord");
    app_command(app, "forget my week");
    app_command(app, "view my week");
    last_line_shows("no view is saved as 'my week'");
}

static void the_last_screen_and_filters_are_remembered(void **state)
{
    (void)state;
    play("<F4>");
    app_command(app, "event vividseats:7000002");
    app_command(app, "from T-20d");
    app_wait(app);
    reopen();
    is_on("Group prices");
    bar_shows("from T-20d");
    bar_shows("Harbor City Gulls");
}

/* --- the store --- */

static void add_poll(void)
{
    struct store *store = scratch_open(scratch_path);
    scratch_run(store, "UPDATE event SET name = name || ' II' WHERE name = 'Ruby Hollow'");
    store_close(store);
}

static void remove_poll(void)
{
    struct store *store = scratch_open(scratch_path);
    scratch_run(store, "UPDATE event SET name = 'Ruby Hollow' WHERE name = 'Ruby Hollow II'");
    store_close(store);
}

static void look(void)
{
    app_tick(app);
    app_wait(app);
}

static void a_frozen_screen_stays_until_it_follows_again(void **state)
{
    (void)state;
    play("<F2>f");
    shows_in(read_lines(0, 0), "FROZEN", true);
    add_poll();
    look();
    shows_in(read_lines(0, 0), "newer data waits", true);
    shows_in(read_lines(2, height - 2), "Ruby Hollow II", false);
    play("f");
    body_shows("Ruby Hollow II");
    shows_in(read_lines(0, 0), "FROZEN", false);
    remove_poll();
    look();
    shows_in(read_lines(2, height - 2), "Ruby Hollow II", false);
    body_shows("Ruby Hollow");
}

/* A loader that is slow, as behind another's lock, and a store that has changed by the time it is done. */
static void what_was_read_is_shown_before_a_changed_store_is_read_again(void **state)
{
    (void)state;
    press("<F3>");
    loader_wait(app->loader);
    add_poll();
    app_tick(app);
    loader_wait(app->loader);
    app_work(app);
    body_shows("price per ticket");
    assert_true(app_is_waiting(app));
    app_wait(app);
    play("<F2>");
    body_shows("Ruby Hollow II");
    remove_poll();
}

static void an_empty_store_offers_the_demo_on_every_screen(void **state)
{
    (void)state;
    app_show_store(app, "nonesuch.db");
    app_wait(app);
    for (enum screen_id id = 0; id < SCREEN_COUNT; id++) {
        body_shows("There is nothing to look at yet.");
        play("D");
        assert_true(app_wishes(app).demo);
        assert_false(app_wishes(app).demo);
        play("<Tab>");
    }
    app_show_store(app, scratch_path);
    app_wait(app);
    play("<F2>");
    body_shows("Ruby Hollow");
}

static void a_store_with_events_is_left_for_the_demo_when_asked_twice(void **state)
{
    (void)state;
    play("<F2>D");
    assert_false(app_wishes(app).demo);
    last_line_shows("once more shows a made-up fortnight");
    play("jD");
    assert_false(app_wishes(app).demo);
    play("D");
    assert_true(app_wishes(app).demo);
}

static void another_store_has_nothing_of_the_one_before(void **state)
{
    (void)state;
    play("<F3>");
    app_command(app, "event vividseats:7000001");
    app_command(app, "event vividseats:7000002");
    app_command(app, "zone 100 Level");
    app_show_store(app, scratch_path);
    app_wait(app);
    bar_hides("Gulls");
    bar_hides("100 Level");
    play("u");
    last_line_shows("nothing to undo");
    bar_hides("Ruby");
    play("<C-r>");
    last_line_shows("nothing to do again");
}

/* Hours after the last poll, and then after events have begun. */
static void old_numbers_are_stale_until_the_event_is_over(void **state)
{
    (void)state;
    static const struct {
        int64_t after_ms;
        const char *keys, *shows, *hides;
    } times[] = {
        {0, "<F2>", "7 min old", "STALE"},
        {2 * CLOCK_HOUR_MS, "<F2>", "STALE 2.1 h old", "over"},
        {6 * CLOCK_DAY_MS, "<F2>:event vividseats:7000001<Enter><F3>", "over, 6 d old", "STALE"},
        {6 * CLOCK_DAY_MS, "<F2>:event vividseats:7000002<Enter><F3>", "STALE 6 d old", "over"},
        {6 * CLOCK_DAY_MS, "<F2>", "STALE 6 d old", "over"},
        {90 * CLOCK_DAY_MS, "<F2>", "over, 90 d old", "STALE"},
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        clock_fix(TOWN_NOW_MS + times[i].after_ms);
        play(times[i].keys);
        const char *heading = read_lines(0, 0);
        shows_in(heading, times[i].shows, true);
        shows_in(heading, times[i].hides, false);
    }
    clock_fix(TOWN_NOW_MS);
}

static void what_is_said_is_said_whole_on_narrow_screens(void **state)
{
    (void)state;
    width = APP_WIDTH_MIN;
    height = APP_HEIGHT_MIN;
    play("<Size 60x16>");
    app_command(app, "from yesteryear");
    const char *foot = read_lines(height - 3, height - 1);
    shows_in(foot, "'yesteryear' is not a time; a time is", true);
    shows_in(foot, "T-14d", true);
    play("j");
    shows_in(read_lines(height - 3, height - 1), "yesteryear", false);
}

/* --- alerts --- */

static const char cheap[] = "price < 100 for 2";

static void an_alert_is_said_once_and_its_event_is_marked_while_it_holds(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    int64_t ruby = trouble_event(store, "7000001");
    play("<F2>");
    struct alert_db_row row = trouble_fire(store, "cheap", cheap, ruby, 9500, TOWN_NOW_MS);
    look();
    last_line_shows("alert cheap: $95.00 (price < 100 for 2), Ruby Hollow");
    body_shows("! Ruby Hollow");
    says(", alert cheap.");
    assert_string_equal(app_wishes(app).tell,
                        "alert cheap: $95.00 (price < 100 for 2), Ruby Hollow");
    assert_null(app_wishes(app).tell);
    play("j");
    add_poll(); /* the store changes, and it holds as before */
    look();
    body_shows("! Ruby Hollow II");
    shows_in(read_lines(height - 1, height - 1), "alert cheap", false);
    remove_poll();
    reopen(); /* it is no news any more */
    shows_in(read_lines(height - 1, height - 1), "alert cheap", false);
    assert_null(app_wishes(app).tell);
    body_shows("! Ruby Hollow");
    trouble_clear(store, &row, TOWN_NOW_MS);
    look();
    shows_in(read_lines(2, height - 2), "! Ruby Hollow", false);
}

static void an_alert_is_said_on_a_frozen_screen_too(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    int64_t ruby = trouble_event(store, "7000001");
    play("<F3>f");
    struct alert_db_row row = trouble_fire(store, "cheap", cheap, ruby, 9500, TOWN_NOW_MS);
    look();
    last_line_shows("alert cheap: $95.00");
    shows_in(read_lines(0, 0), "newer data waits", true);
    play("f");
    shows_in(read_lines(height - 1, height - 1), "alert cheap", false);
    trouble_clear(store, &row, TOWN_NOW_MS);
}

static void names_from_outside_hold_no_commands(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    int64_t event = trouble_event(store, "7000004");
    scratch_run(store, "UPDATE event SET name = 'a' || char(27) || ']0;b' || char(7, 155, 8238) "
                       "|| 'c' WHERE external_id = '7000004'");
    play("<F2>");
    struct alert_db_row row = trouble_fire(store, "cheap", cheap, event, 9500, TOWN_NOW_MS);
    look();
    const char *told = app_wishes(app).tell;
    assert_non_null(told);
    assert_non_null(strstr(told, ", a?]0;b"));
    for (; *told; told++)
        assert_in_range((unsigned char)*told, ' ', '~');
    trouble_clear(store, &row, TOWN_NOW_MS);
    scratch_run(store, "UPDATE event SET name = 'The Lamplighter''s Daughter' WHERE external_id = "
                       "'7000004'");
}

/* --- words --- */

static void what_is_asked_for_is_told_in_words(void **state)
{
    (void)state;
    app_command(app, "help");
    says("zone ZONES: only these zones");
    app_command(app, "board");
    AUTO_BUF struct buf out;
    buf_init(&out, TEXT_CAP);
    app_describe(app, &out);
    shows_in(buf_text(&out), "zone ZONES", false);
    app_command(app, "zone");
    says("zone ZONES: only these zones");
    app_command(app, "trend");
    is_on("Price trend");
}

/* --- export --- */

static const char *read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file)
        fail_msg("%s was not written", path);
    size_t length = fread(seen, 1, sizeof seen - 1, file);
    fclose(file);
    seen[length] = '\0';
    return seen;
}

static void what_is_seen_is_written_as_data_and_as_a_picture(void **state)
{
    (void)state;
    static const struct {
        const char *name, *holds;
    } files[] = {
        {"seen.csv", "timestamp,"},
        {"seen.json", "\"min_price\":"},
        {"seen.txt", "price per ticket"},
        {"seen.ansi", "\x1b["},
        {"seen.svg", "<svg"},
        {"seen.png", "PNG"},
    };
    play("<F3>");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char line[64];
        snprintf(line, sizeof line, "export %s", files[i].name);
        app_command(app, line);
        last_line_shows("written to");
        shows_in(read_file(files[i].name), files[i].holds, true);
        app_command(app, line);
        last_line_shows("File exists");
        unlink(files[i].name);
    }
    app_command(app, "export nonesuch/seen.csv");
    last_line_shows("No such file");
}

static void a_screen_too_small_says_what_it_needs(void **state)
{
    (void)state;
    width = APP_WIDTH_MIN - 1;
    height = APP_HEIGHT_MIN;
    play("<Size 59x16>");
    shows_in(read_lines(0, height - 1), "tws needs 60 x 16", true);
    width = APP_WIDTH_MIN;
    play("<Size 60x16>");
    body_shows("Ruby Hollow");
}

#define ON_TOWN(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_TOWN(every_screen_has_its_key_and_its_place_among_the_tabs),
        ON_TOWN(back_goes_the_way_that_one_came_and_then_leaves),
        ON_TOWN(a_click_on_a_tab_goes_there),
        ON_TOWN(switching_while_answers_are_under_way_never_waits_for_ever),
        ON_TOWN(the_answer_of_an_older_question_is_never_shown),
        ON_TOWN(the_cursor_of_the_board_says_which_event),
        ON_TOWN(another_event_forgets_the_zones_of_the_one_before),
        ON_TOWN(an_event_chosen_by_name_on_the_board_stays_chosen),
        ON_TOWN(a_line_is_that_of_the_event_under_the_cursor),
        ON_TOWN(undo_and_redo_walk_through_the_filters),
        ON_TOWN(panning_several_times_is_one_step_for_undo),
        ON_TOWN(the_range_before_zooming_is_that_of_all_screens),
        ON_TOWN(what_is_wrong_is_said_while_it_is_typed_and_changes_nothing),
        ON_TOWN(the_filter_bar_is_walked_changed_and_left),
        ON_TOWN(a_saved_view_is_taken_up_by_another_workstation),
        ON_TOWN(the_last_screen_and_filters_are_remembered),
        ON_TOWN(a_frozen_screen_stays_until_it_follows_again),
        ON_TOWN(what_was_read_is_shown_before_a_changed_store_is_read_again),
        ON_TOWN(an_empty_store_offers_the_demo_on_every_screen),
        ON_TOWN(a_store_with_events_is_left_for_the_demo_when_asked_twice),
        ON_TOWN(another_store_has_nothing_of_the_one_before),
        ON_TOWN(old_numbers_are_stale_until_the_event_is_over),
        ON_TOWN(what_is_said_is_said_whole_on_narrow_screens),
        ON_TOWN(an_alert_is_said_once_and_its_event_is_marked_while_it_holds),
        ON_TOWN(an_alert_is_said_on_a_frozen_screen_too),
        ON_TOWN(names_from_outside_hold_no_commands),
        ON_TOWN(what_is_asked_for_is_told_in_words),
        ON_TOWN(what_is_seen_is_written_as_data_and_as_a_picture),
        ON_TOWN(a_screen_too_small_says_what_it_needs),
    };
    return cmocka_run_group_tests_name("app", tests, town_made, scratch_remove);
}
