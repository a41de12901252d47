/* The rules of alerts and how they stand; and what fired. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "core/query.h"
#include "core/query_service.h"
#include "tui/jobs_private.h"

enum { FIRED_MOST = 10000 };

/* --- rules --- */

static bool is_broken(const struct frame *frame, size_t row)
{
    return frame_get(frame, row, "problem")->known;
}

static bool holds(const struct frame *frame, size_t row)
{
    return frame_get(frame, row, "holds")->number > 0;
}

static enum theme_style rule_style(const struct frame *frame, size_t row)
{
    return is_broken(frame, row) ? THEME_ERROR : holds(frame, row) ? THEME_WARN : THEME_TEXT;
}

/* How a rule stands: "! 2 of 5" of those that were judged hold. */
static void show_standing(struct list_cell *shown)
{
    const struct frame *frame = shown->frame;
    int64_t judged = frame_get(frame, shown->row, "judged")->number;
    shown->style = rule_style(frame, shown->row);
    if (is_broken(frame, shown->row))
        snprintf(shown->text, sizeof shown->text, "! broken");
    else if (judged == 0)
        snprintf(shown->text, sizeof shown->text, "not judged");
    else
        snprintf(shown->text, sizeof shown->text, "%s%lld of %lld",
                 holds(frame, shown->row) ? "! " : "",
                 (long long)frame_get(frame, shown->row, "holds")->number, (long long)judged);
}

static const struct list_column rule_columns[] = {
    {"name", "name", 12, .grows = 1},   {"holds", "holds", 10, .show = show_standing},
    {"rule", "rule", 22, .grows = 4},   {"last_fired", "last fired", 12, .rank = 1},
    {"origin", "origin", 9, .rank = 2}, {"problem", "problem", 14, .grows = 2, .rank = 3},
};

static const struct list_form rule_form = {
    .columns = rule_columns,
    .count = sizeof rule_columns / sizeof *rule_columns,
    .key = "name",
    .texts = "name rule problem",
    .empty = "there are no rules; `tws alerts add NAME RULE` adds one",
};

static bool load_rules(struct store *store, const struct question *question, struct frame *frame,
                       struct err *err)
{
    AUTO_RULES struct ruleset rules = {0};
    return ruleset_load(question->conf, store, &rules, err) &&
           query_service_rules(store, &rules, frame, err);
}

/* "3 rules: 1 holds, 1 cannot be judged". */
static bool sum_up_rules(const struct desk *desk, const struct frame *frame, struct buf *out)
{
    (void)desk;
    size_t holding = 0, broken = 0;
    if (frame->row_count == 0) {
        buf_puts(out, "no rules");
        return false;
    }
    for (size_t row = 0; row < frame->row_count; row++) {
        holding += holds(frame, row);
        broken += is_broken(frame, row);
    }
    buf_printf(out, "%zu rule%s: %zu hold%s", frame->row_count, frame->row_count == 1 ? "" : "s",
               holding, holding == 1 ? "s" : "");
    if (broken > 0)
        buf_printf(out, ", %zu cannot be judged", broken);
    return holding > 0 || broken > 0;
}

static void word_rule(const struct desk *desk, const struct frame *frame, size_t row,
                      struct buf *out)
{
    char at[CLOCK_TEXT_MAX];
    const struct frame_cell *last = frame_get(frame, row, "last_fired");
    int64_t judged = frame_get(frame, row, "judged")->number;
    buf_printf(out, "%s (%s): %s; ", frame_get_text(frame, row, "name"),
               frame_get_text(frame, row, "origin"), frame_get_text(frame, row, "rule"));
    if (is_broken(frame, row))
        buf_puts(out, frame_get_text(frame, row, "problem"));
    else if (judged == 0)
        buf_puts(out, "not judged yet: `tws watch` and `tws alerts run` do");
    else
        buf_printf(out, "holds for %lld of %lld", (long long)frame_get(frame, row, "holds")->number,
                   (long long)judged);
    if (last->known)
        buf_printf(out, ", fired last %s", screen_time(at, desk, last->number));
}

const struct jobs_pane jobs_rules = {
    .word = "rules",
    .title = "rules of alerts, and for how many events they hold",
    .mark = "judged",
    .needs_conf = true,
    .form = &rule_form,
    .load = load_rules,
    .sum_up = sum_up_rules,
    .word_row = word_rule,
    .style = rule_style,
};

/* --- what fired --- */

/* "all events" where a rule is about all together, or the store. */
static const char *subject(const struct frame *frame, size_t row)
{
    const char *event = jobs_event(frame, row);
    return *event ? event : "all events";
}

static bool holds_still(const struct frame *frame, size_t row)
{
    return !frame_get(frame, row, "cleared")->known;
}

static size_t count_failed(const struct frame *frame, size_t row)
{
    const struct frame_cell *failed = frame_get(frame, row, "failed");
    return failed->known ? failed->list.count : 0;
}

static enum theme_style fired_style(const struct frame *frame, size_t row)
{
    return count_failed(frame, row)  ? THEME_ERROR
           : holds_still(frame, row) ? THEME_WARN
                                     : THEME_TEXT;
}

static void show_subject(struct list_cell *shown)
{
    snprintf(shown->text, sizeof shown->text, "%s", subject(shown->frame, shown->row));
}

static void show_cleared(struct list_cell *shown)
{
    if (holds_still(shown->frame, shown->row)) {
        snprintf(shown->text, sizeof shown->text, "! holds");
        shown->style = THEME_WARN;
        return;
    }
    list_show(shown, (size_t)frame_find(shown->frame, "cleared"));
}

static void show_told(struct list_cell *shown)
{
    if (frame_get(shown->frame, shown->row, "told")->known)
        list_show(shown, (size_t)frame_find(shown->frame, "told"));
    else
        snprintf(shown->text, sizeof shown->text, "held back");
}

static void show_failed(struct list_cell *shown)
{
    list_show(shown, (size_t)frame_find(shown->frame, "failed"));
    shown->style = THEME_ERROR;
}

static const struct list_column fired_columns[] = {
    {"timestamp", "fired", 12},
    {"name", "rule", 10, .grows = 1},
    {"event_name", "event", 14, .grows = 3, .show = show_subject},
    {"value", "value", 9, .right = true},
    {"threshold", "limit", 9, .right = true, .rank = 2},
    {"cleared", "cleared", 12, .show = show_cleared},
    {"told", "told", 12, .rank = 4, .show = show_told},
    {"arrived", "arrived", 10, .grows = 1, .rank = 5},
    {"failed", "failed", 12, .grows = 2, .rank = 3, .show = show_failed},
};

static const struct list_form fired_form = {
    .columns = fired_columns,
    .count = sizeof fired_columns / sizeof *fired_columns,
    .texts = "name event_name event rule failed",
    .empty = "nothing fired in this window; ] takes a longer one",
};

static bool load_fired(struct store *store, const struct question *question, struct frame *frame,
                       struct err *err)
{
    struct query_filter filter;
    return view_filter(&question->view, &filter, err) &&
           query_alerts(store, filter.has_from ? filter.from_ms : 0,
                        filter.has_to ? filter.to_ms : INT64_MAX, FIRED_MOST, frame, err);
}

/* "12 alerts, of which 2 hold; 1 was not sent everywhere". */
static bool sum_up_fired(const struct desk *desk, const struct frame *frame, struct buf *out)
{
    (void)desk;
    size_t holding = 0, failed = 0;
    if (frame->row_count == 0) {
        buf_puts(out, "nothing fired in this window");
        return false;
    }
    for (size_t row = 0; row < frame->row_count; row++) {
        holding += holds_still(frame, row);
        failed += count_failed(frame, row) > 0;
    }
    buf_printf(out, "%s%zu alert%s, of which %zu hold%s",
               frame->row_count == FIRED_MOST ? "the last " : "", frame->row_count,
               frame->row_count == 1 ? "" : "s", holding, holding == 1 ? "s" : "");
    if (failed > 0)
        buf_printf(out, "; %zu did not arrive everywhere", failed);
    return holding > 0 || failed > 0;
}

static void put_list(struct buf *out, const char *before, const struct frame_cell *cell)
{
    for (size_t i = 0; cell->known && i < cell->list.count; i++)
        buf_printf(out, "%s%s", i ? ", " : before, cell->list.texts[i]);
}

static void word_fired(const struct desk *desk, const struct frame *frame, size_t row,
                       struct buf *out)
{
    char at[CLOCK_TEXT_MAX];
    const struct frame_cell *told = frame_get(frame, row, "told");
    const struct frame_cell *cleared = frame_get(frame, row, "cleared");
    buf_printf(out, "%s, ", screen_time(at, desk, frame_get(frame, row, "timestamp")->number));
    buf_printf(out, "%s, %s: %s (%s); ", frame_get_text(frame, row, "name"), subject(frame, row),
               frame_get_text(frame, row, "value"), frame_get_text(frame, row, "rule"));
    if (cleared->known)
        buf_printf(out, "cleared %s", screen_time(at, desk, cleared->number));
    else
        buf_puts(out, "it holds");
    buf_puts(out, told->known ? "" : "; held back");
    put_list(out, "; told by ", frame_get(frame, row, "arrived"));
    put_list(out, "; failed by ", frame_get(frame, row, "failed"));
}

const struct jobs_pane jobs_fired = {
    .word = "fired",
    .title = "alerts that fired, and where they were sent",
    .mark = "cleared",
    .windowed = true,
    .form = &fired_form,
    .load = load_fired,
    .sum_up = sum_up_fired,
    .word_row = word_fired,
    .style = fired_style,
};
