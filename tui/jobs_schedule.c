/* When each event is to be polled next, and why then: as `tws watch` decides. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "core/query_service.h"
#include "tui/jobs_private.h"

static bool is_retired(const struct frame *frame, size_t row)
{
    return !frame_get(frame, row, "due")->known;
}

/* Whether it is asked when it is because polls did not go well. */
static bool is_troubled(const struct frame *frame, size_t row)
{
    static const enum schedule_reason troubles[] = {SCHEDULE_FAILING, SCHEDULE_RETRY};
    const char *why = frame_get(frame, row, "why")->text;
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
        if (strcmp(why, schedule_reason_word(troubles[i])) == 0)
            return true;
    return false;
}

static enum theme_style style(const struct frame *frame, size_t row)
{
    return is_retired(frame, row) ? THEME_NOTE : is_troubled(frame, row) ? THEME_WARN : THEME_TEXT;
}

/* How long it is until then; "now" when it is due, or late. */
static char *word_left(char *out, int64_t due_ms)
{
    int64_t left_ms = due_ms - clock_now_ms();
    if (left_ms <= 0)
        snprintf(out, CLOCK_TEXT_MAX, "now");
    else
        clock_format_span(out, left_ms);
    return out;
}

static void show_left(struct list_cell *shown)
{
    const struct frame_cell *due = frame_get(shown->frame, shown->row, "due");
    char left[CLOCK_TEXT_MAX];
    snprintf(shown->text, sizeof shown->text, "%s",
             due->known ? word_left(left, due->number) : "retired");
    shown->style = due->known ? THEME_TEXT : THEME_NOTE;
}

static void show_interval(struct list_cell *shown)
{
    const struct frame_cell *interval = frame_get(shown->frame, shown->row, "interval_s");
    char span[CLOCK_TEXT_MAX];
    if (interval->known)
        snprintf(shown->text, sizeof shown->text, "%s",
                 clock_format_span(span, interval->number * CLOCK_SECOND_MS));
}

/* A sign beside the colour, for those who do not see it. */
static void show_why(struct list_cell *shown)
{
    bool troubled = is_troubled(shown->frame, shown->row);
    snprintf(shown->text, sizeof shown->text, "%s%s", troubled ? "! " : "",
             frame_get(shown->frame, shown->row, "why")->text);
    shown->style = style(shown->frame, shown->row);
}

static const struct list_column columns[] = {
    {"due", "next poll", 12},
    {"due", "in", 8, .right = true, .show = show_left},
    {"name", "event", 16, .grows = 3, .show = jobs_show_event},
    {"why", "why", 10, .show = show_why},
    {"reason", "reason", 30, .grows = 2, .rank = 2},
    {"interval_s", "every", 7, .right = true, .show = show_interval},
    {"priority", "priority", 8, .rank = 3},
    {"last_poll", "last poll", 12, .rank = 1},
    {"event", "id", 20, .rank = 4},
};

static const struct list_form form = {
    .columns = columns,
    .count = sizeof columns / sizeof *columns,
    .key = "event",
    .texts = "name event why reason",
    .empty = "no event is tracked, so none is to be polled",
};

static bool load(struct store *store, const struct question *question, struct frame *frame,
                 struct err *err)
{
    struct schedule_settings settings;
    return schedule_settings_read(question->conf, &settings, err) &&
           query_service_schedule(store, &settings, conf_count(question->conf, CONF_RATE), frame,
                                  err);
}

/* "4 events are polled, the next in 3 min; 1 has trouble; 1 is retired". */
static bool sum_up(const struct desk *desk, const struct frame *frame, struct buf *out)
{
    (void)desk;
    size_t retired = 0, troubled = 0;
    char left[CLOCK_TEXT_MAX];
    for (size_t row = 0; row < frame->row_count; row++) {
        retired += is_retired(frame, row);
        troubled += is_troubled(frame, row);
    }
    size_t polled = frame->row_count - retired;
    buf_printf(out, "%zu event%s polled", polled, polled == 1 ? " is" : "s are");
    if (polled > 0) {
        int64_t due_ms = frame_get(frame, 0, "due")->number; /* the next stands first */
        buf_printf(out, ", the next %s%s", due_ms > clock_now_ms() ? "in " : "",
                   word_left(left, due_ms));
    }
    if (troubled > 0)
        buf_printf(out, "; %zu %s trouble", troubled, troubled == 1 ? "has" : "have");
    if (retired > 0)
        buf_printf(out, "; %zu %s retired", retired, retired == 1 ? "is" : "are");
    return troubled > 0;
}

static void word_row(const struct desk *desk, const struct frame *frame, size_t row,
                     struct buf *out)
{
    char at[CLOCK_TEXT_MAX], span[CLOCK_TEXT_MAX];
    const struct frame_cell *due = frame_get(frame, row, "due");
    const struct frame_cell *last = frame_get(frame, row, "last_poll");
    const char *reason = frame_get(frame, row, "reason")->text;
    if (due->known)
        buf_printf(
            out, "%s, %s, every %s", screen_time(at, desk, due->number), jobs_event(frame, row),
            clock_format_span(span, frame_get(frame, row, "interval_s")->number * CLOCK_SECOND_MS));
    else
        buf_printf(out, "%s is polled no more", jobs_event(frame, row));
    buf_printf(out, ": %s", reason);
    if (last->known)
        buf_printf(out, "; last polled %s", screen_time(at, desk, last->number));
}

const struct jobs_pane jobs_schedule = {
    .word = "schedule",
    .title = "when each event is polled next, and why then",
    .mark = "interval_s",
    .needs_conf = true,
    .form = &form,
    .load = load,
    .sum_up = sum_up,
    .word_row = word_row,
    .style = style,
};
