/*
 * A screen is a form, like a command: what it wants to know, what keys do to its state, and how state and answers
 * look. Asking and drawing are pure; only act() and click() change anything, and they never load. To add one: a file
 * screen_name.c with its form, a line in screen.def, an action to get there.
 */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tui/action.h"
#include "tui/canvas.h"
#include "tui/chart.h"
#include "tui/key.h"
#include "tui/question.h"
#include "tui/state.h"
#include "tui/view.h"

enum { SCREEN_PARTS = 4, SCREEN_NOTE_MAX = 400 };

/* From here on data is called stale: three polls of the usual interval were missed. */
enum { SCREEN_STALE_MS = 45 * 60 * 1000 };

enum screen_id {
#define X(name, NAME) SCREEN_##NAME,
#include "tui/screen.def"
#undef X
    SCREEN_COUNT,
    SCREEN_NONE = SCREEN_COUNT,
};

/* Whose clock times are shown by. */
enum screen_clock { SCREEN_VENUE, SCREEN_LOCAL, SCREEN_UTC };

/* How everything looks. */
struct look {
    const struct theme *theme;
    enum theme_depth depth;
    const struct marker *marker;
    bool ascii;
    enum screen_clock clock;
};

/* A time range as the view has it. */
struct screen_range {
    char from[VIEW_TIME_MAX], to[VIEW_TIME_MAX];
};

/* The analyst's desk: what all screens share. */
struct desk {
    struct view view;
    struct look look;
    struct state *state; /* what is remembered; screens keep theirs in the section of their name */
    const struct conf *conf; /* NULL: none are known */
    const struct frame
        *names; /* of the view's event: kind ("zone", "section"), name; NULL while not known */
    const struct frame *alerts; /* that hold, by query_alerts_holding(); NULL while not known */
    struct screen_range unzoomed, zoomed; /* before zooming, and what that made of it */
    enum screen_id go;                    /* where a screen wants to go; SCREEN_NONE: stay */
    char note[SCREEN_NOTE_MAX];           /* what is said once on the last line; "" nothing */
    bool note_is_error;
    char copy[SCREEN_NOTE_MAX * 4];  /* for the clipboard; "" nothing */
    char chosen[EVENT_NAME_MAX + 8]; /* the event under the board's cursor; "" none */
};

struct list;

/* A screen in use. */
struct scene {
    const struct screen *screen;
    struct desk *desk;
    void *state;                                /* screen->size bytes, zeroed at first */
    const struct answer *answers[SCREEN_PARTS]; /* of one moment; NULL before the first */
    struct canvas_area area;                    /* where it is drawn */
};

struct screen {
    const char *name;  /* "trend"; a section of the state and a word of the palette */
    const char *title; /* "Price trend" */
    enum action_place place;
    size_t size;  /* of its state */
    size_t parts; /* questions it asks */

    /* Takes up what the state file remembers; NULL when it is nothing. */
    void (*open)(struct scene *scene);

    /* Frees what the state holds; NULL when it is nothing. */
    void (*close)(struct scene *scene);

    /* Fills a zeroed question whose view is set already; leaves `load` NULL when part `part` wants nothing now. */
    void (*ask)(const struct scene *scene, size_t part, struct question *question);

    /* Brings cursors into the range of new answers; NULL when there is nothing to do. */
    void (*settle)(struct scene *scene);

    /* Does what the action says, when it is one of the screen's own: of those that action.def has for its place, all but
       what the workstation does itself (see app.c). */
    void (*act)(struct scene *scene, const struct act *act);

    /* The mouse at a cell within the area: CLICK, DRAG, RELEASE, WHEEL_UP, WHEEL_DOWN. NULL: it does nothing. */
    void (*click)(struct scene *scene, const struct key *key);

    /* Closes what is open within the screen, instead of going back; false when nothing is. NULL: nothing ever is. */
    bool (*back)(struct scene *scene);

    /* Draws into scene->area. Every answer may be NULL or not ok; the workstation says why it is not. */
    void (*draw)(const struct scene *scene, struct canvas *canvas);

    /* The same in words, for linear mode and `tws describe`: sentences, a line each. */
    void (*describe)(const struct scene *scene, struct buf *out);

    /* What an export of data writes; NULL when there is nothing. */
    const struct frame *(*shown)(const struct scene *scene);

    /* The list that says which of its rows, and in which order; NULL: all as they are. */
    const struct list *(*list)(const struct scene *scene);

    /* Offers the choices for SORT, METRIC and SHOW: the nth word, NULL behind the last. NULL when it has none. */
    const char *(*choice)(const struct scene *scene, enum action action, size_t nth);
};

#define X(name, NAME) extern const struct screen screen_##name;
#include "tui/screen.def"
#undef X

/* The form of a screen. */
const struct screen *screen_form(enum screen_id id);

/* The action that goes to a screen. */
enum action screen_action(enum screen_id id);

/* The frame of a part; NULL when there is none, or it is not ok. */
const struct frame *screen_frame(const struct scene *scene, size_t part);

/* Notes something on the last line. */
void screen_note(struct desk *desk, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Notes what went wrong, with its hint. */
void screen_complain(struct desk *desk, const struct err *err);

/* Chooses another event by its name "vividseats:6501519"; what it does not have in common with the one before is forgotten. */
void screen_choose(struct desk *desk, const char *name);

/* The zone in which times are shown: an IANA name, NULL for UTC. */
const char *screen_zone(const struct desk *desk);

/* A time for people in that zone: "Nov 12 14:00", with the year when it is not this one. Into `out` of CLOCK_TEXT_MAX,
   returned. */
char *screen_time(char *out, const struct desk *desk, int64_t at_ms);

#endif
