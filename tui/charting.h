/* What a person does to a line chart: crosshair, zoom, pan, selection, scales, lines shown and focused. The same on every
   screen that has one. */
#ifndef TUI_CHARTING_H
#define TUI_CHARTING_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/chart.h"
#include "tui/key.h"
#include "tui/screen.h"

/* Zeroed at first. */
struct charting {
    bool has_cross;
    int64_t cross; /* UTC milliseconds, or milliseconds to the event */
    bool pressed;  /* the mouse went down on the chart */
    bool selecting;
    int64_t anchor; /* where the selection began */
    bool log, indexed, to_event;
    unsigned hidden; /* bits: series that are not drawn */
    bool has_focus;
    size_t focus;
};

/* Gives a chart that was just made the scales, hidden lines, reference lines and marks that are wanted. */
void charting_shape(const struct charting *charting, const struct desk *desk, struct chart *chart);

/* How it is to be drawn. */
struct chart_options charting_options(const struct charting *charting, const struct desk *desk);

/* Does the actions that charts share; false when it is none of them. `chart` is shaped, `area` where it is drawn; the
   window is the desk's. */
bool charting_act(struct charting *charting, struct desk *desk, const struct chart *chart,
                  struct canvas_area area, const struct act *act);

/* A click moves the crosshair, dragging selects a range and zooms to it, the wheel zooms. */
void charting_click(struct charting *charting, struct desk *desk, const struct chart *chart,
                    struct canvas_area area, const struct key *key);

/* The moment under the crosshair, else the last one that is known; false when there is none. */
bool charting_moment(const struct charting *charting, const struct desk *desk,
                     const struct chart *chart, struct canvas_area area, int64_t *at_ms);

/* Does EARLIER, LATER, ZOOM_IN, ZOOM_OUT (around a moment) and FIT from the window [from_ms, to_ms) on, and keeps that
   before the first of them for FIT, on whichever screen; false when the action is none of them. For screens over time that are no line charts, too. */
bool charting_move(struct desk *desk, int64_t from_ms, int64_t to_ms, int64_t around_ms,
                   enum action action);

/* Keeps scales in a section of the state, and takes them up again. */
void charting_save(const struct charting *charting, struct state *state, const char *section);
void charting_load(struct charting *charting, const struct state *state, const char *section);

#endif
