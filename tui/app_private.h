/* What the files of the workstation share; not for others. */
#ifndef TUI_APP_PRIVATE_H
#define TUI_APP_PRIVATE_H

#include "tui/app.h"
#include "tui/bar.h"
#include "tui/guide.h"
#include "tui/history.h"
#include "tui/loader.h"
#include "tui/prompt.h"

enum { APP_TRAIL_MAX = 16, APP_SLOT_NAMES = SCREEN_PARTS, APP_SLOT_EVENTS, APP_SLOT_ALERTS };

/* One question's way to an answer. */
struct app_wire {
    struct question asked; /* `load` NULL: nothing */
    uint64_t ticket;       /* of the question that is under way; 0: none is */
    struct answer *next;   /* has come, waits for the others of its screen */
    struct answer *shown;
};

/* A screen's questions, and the state of the store that they are about. */
struct app_stage {
    struct app_wire wires[SCREEN_PARTS];
    uint64_t epoch;
};

struct app {
    struct desk desk;
    struct keymap keymap;
    struct history history;
    struct loader *loader;
    char *store_path;
    struct scene scenes[SCREEN_COUNT];
    struct app_stage stages[SCREEN_COUNT];
    struct app_wire names, events, alerts;
    int64_t alert_seen;    /* the last alert that was noted on the last line */
    int64_t alert_told_ms; /* when the last that was told to the desktop was told */
    bool alerts_known;     /* those that held when the store was opened are no news */
    enum screen_id current, trail[APP_TRAIL_MAX];
    size_t trail_count;
    struct prompt prompt;
    enum action offered; /* what the prompt's choices are for */
    struct guide guide;
    struct bar bar;
    uint64_t epoch, names_epoch, last_ticket;
    int width, height;
    bool frozen, behind; /* behind: the store has changed since it was asked */
    bool leaving;
    struct app_wishes wishes;
    char tell[SCREEN_NOTE_MAX];                              /* for the desktop; "" nothing */
    char copied[SCREEN_NOTE_MAX * 4], told[SCREEN_NOTE_MAX]; /* as the terminal took them */
    enum action last_action;
    int64_t drawn_minute;
};

/* --- app.c --- */

/* The screen that is seen. */
struct scene *app_scene(struct app *app);

/* Does an action, wherever it came from; the view before it can be had back. */
void app_do(struct app *app, const struct act *act);

/* Goes to a screen; `back` says that it was one on the trail. */
void app_go(struct app *app, enum screen_id id, bool back);

/* --- app_draw.c --- */

/* What a click on the tabs or the filter bar means; ACTION_NONE when nothing. */
enum action app_hit(const struct app *app, int x, int y);

/* --- app_ask.c --- */

/* Asks what the screen wants to know and has not asked yet. */
void app_ask(struct app *app);

/* Forgets what a screen has asked and not got: another screen takes its slots. */
void app_abandon(struct app *app, enum screen_id id);

/* Whether something that was asked for has not come yet. */
bool app_is_waiting(const struct app *app);

/* The events of the store, as query_events() gives them; NULL while they are not known. */
const struct frame *app_events(const struct app *app);

/* Frees all answers. */
void app_forget_answers(struct app *app);

/* --- app_alerts.c --- */

/* Answers which alerts hold. */
bool app_alerts_load(struct store *store, const struct question *question, struct frame *frame,
                     struct err *err);

/* Takes up which hold now: says what has fired meanwhile, and tells the desktop what somebody is told. */
void app_alerts_take(struct app *app);

/* --- app_type.c --- */

/* Asks for the argument of an action. */
void app_prompt(struct app *app, enum action action);

/* A key while something is typed. */
void app_type(struct app *app, const struct key *key);

/* Does what a line of the palette says: a word and, behind a blank, its argument. */
void app_run(struct app *app, const char *line);

/* Does the filter, view, look and export actions that take an argument; false when the action is none of them. */
bool app_take(struct app *app, const struct act *act);

/* --- app_export.c --- */

/* Writes what is seen into a file: data or a picture, by its ending. A take_argument of app_type.c: with `really` false it
   only says whether the name will do. */
bool app_export(struct app *app, enum action action, const char *path, bool really,
                struct err *err);

/* --- app_views.c --- */

/* Writes and reads a view, with its screen, as a section of the state. */
void app_save_view(struct app *app, const char *section);
bool app_load_view(struct app *app, const char *section, struct err *err);

/* Chooses an event by its name "vividseats:6501519". False with ERR_NOT_FOUND. */
bool app_choose_event(struct app *app, const char *name, struct err *err);

/* Fills in what the store knows of the view's event: it may have been known by its name only, or have another date. */
void app_know_event(struct app *app);

#endif
