/* What the files of the jobs screen share; not for others. */
#ifndef TUI_JOBS_PRIVATE_H
#define TUI_JOBS_PRIVATE_H

#include "tui/list.h"
#include "tui/screen.h"

enum { JOBS_TEXT_MAX = 1 << 16 };

/* A list of the screen: what the collector did, will do, has given up, and what its rules found. */
struct jobs_pane {
    const char *word, *title;
    const char *mark; /* a column that no other pane's answer has */
    bool needs_conf;  /* it asks nothing where there are no settings */
    bool windowed;    /* from and to count */
    const struct list_form *form;
    question_load *load;

    /* Adds what all of it comes to, without a stop; true: something is wrong. */
    bool (*sum_up)(const struct desk *desk, const struct frame *frame, struct buf *out);

    /* Adds a row as a sentence, without its stop. */
    void (*word_row)(const struct desk *desk, const struct frame *frame, size_t row,
                     struct buf *out);

    /* How that sentence is drawn. */
    enum theme_style (*style)(const struct frame *frame, size_t row);
};

extern const struct jobs_pane jobs_polls, jobs_schedule, jobs_dead, jobs_rules, jobs_fired;

/* The name of a row's event, its id while the name is not known; "" where there is none. Valid as long as the frame. */
const char *jobs_event(const struct frame *frame, size_t row);

/* Shows it. */
void jobs_show_event(struct list_cell *shown);

/* Whether polls that went well are left out. */
bool jobs_only_failures(const struct desk *desk);

#endif
