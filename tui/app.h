/*
 * The workstation without its terminal: keys and time go in, a canvas comes out. The terminal's loop drives it, and so
 * do scripts and tests. What is asked of the store is answered beside it (tui/loader.h); it never waits unless told to.
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/keymap.h"
#include "tui/screen.h"

/* Smallest size in which it works; below it says so. */
enum { APP_WIDTH_MIN = 60, APP_HEIGHT_MIN = 16 };

struct app_settings {
    const char *store_path;
    const char *state_path;      /* NULL: nothing is remembered */
    const struct conf *conf;     /* must outlive it; NULL: no schedule and no rules are shown */
    struct look look;            /* theme NULL: as remembered */
    const struct keymap *keymap; /* NULL: the table's own keys */
    const struct event *event;   /* begin with this one; NULL: as remembered */
    enum screen_id screen;       /* begin here; SCREEN_NONE: as remembered */
    int width, height;
};

struct app;

/* Starts it and asks for the first screen. What of the state file cannot be read is said on the last line. */
struct app *app_open(const struct app_settings *settings);

/* Saves the state and frees. False with `err` when the state could not be saved. */
bool app_close(struct app *app, struct err *err);

/* Does what a key does. False when the workstation is to be left. */
bool app_key(struct app *app, const struct key *key);

/* Does what a line says that could be typed behind `:`, such as "zone Floor". False when it is to be left. What is wrong
   with it is on the last line. */
bool app_command(struct app *app, const char *line);

/* Takes the answers that have come. True when something is to be drawn anew. */
bool app_work(struct app *app);

/* To be called about once a second: looks for changes of the store. True when something is to be drawn anew, such as an
   age. */
bool app_tick(struct app *app);

/* A descriptor that is readable when app_work() has something to do. */
int app_fd(const struct app *app);

/* Waits until everything that is wanted has been answered. For scripts. */
void app_wait(struct app *app);

/* Draws everything; `canvas` has the size that the last SIZE key said. */
void app_draw(const struct app *app, struct canvas *canvas);

/* Where the cursor blinks; false: nowhere. */
bool app_cursor(const struct app *app, int *x, int *y);

/* An address that the last line shows, and where; NULL when none. */
const char *app_link(const struct app *app, int *x, int *y);

/* The screen in words, a line each. */
void app_describe(const struct app *app, struct buf *out);

/* How it looks now. */
const struct look *app_look(const struct app *app);

/* What the terminal is to do, besides drawing; forgotten once taken. */
struct app_wishes {
    bool redraw;      /* everything anew */
    bool turn_mouse;  /* on or off */
    const char *copy; /* to the clipboard; NULL: nothing. Valid until they are taken again. */
    const char *tell; /* to the desktop, of an alert; NULL: nothing. Valid as long. */
    bool demo;        /* make a store of a made-up fortnight and show it with app_show_store() */
};
struct app_wishes app_wishes(struct app *app);

/* Says something on the last line. */
void app_note(struct app *app, const char *text);

/* Goes on with another store. */
void app_show_store(struct app *app, const char *path);

#endif
