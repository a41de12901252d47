/* What polls did, and why some failed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/outcome.h"
#include "core/query.h"
#include "tui/list.h"
#include "tui/screen.h"

/* A fortnight of five events every quarter of an hour are 6,720 polls; more rows than that nobody reads. */
enum { JOBS_MOST = 10000, HEADER_ROWS = 1, REASON_ROWS = 2, LINE_MAX_BYTES = 512 };

struct jobs {
    struct list list;
};

/* --- the list --- */

static enum outcome outcome_at(const struct frame *frame, size_t row)
{
    enum outcome outcome;
    const char *word = frame_get(frame, row, "outcome")->text;
    /* a damaged store may say anything */
    return outcome_find(word, &outcome) ? outcome : OUTCOME_BAD_PAYLOAD;
}

/* The platform's refusals pass by themselves more often than answers that cannot be read. */
static enum theme_style style_of(enum outcome outcome)
{
    return outcome_is_good(outcome)      ? THEME_TEXT
           : outcome_is_refusal(outcome) ? THEME_WARN
                                         : THEME_ERROR;
}

static void show_name(struct list_cell *shown)
{
    const struct frame_cell *name = frame_get(shown->frame, shown->row, "name");
    const char *event = frame_get(shown->frame, shown->row, "event")->text;
    snprintf(shown->text, sizeof shown->text, "%s", name->known ? name->text : event);
}

/* A sign beside the colour, for those who do not see it. */
static void show_outcome(struct list_cell *shown)
{
    enum outcome outcome = outcome_at(shown->frame, shown->row);
    snprintf(shown->text, sizeof shown->text, "%s%s", outcome_is_good(outcome) ? "" : "! ",
             frame_get(shown->frame, shown->row, "outcome")->text);
    shown->style = style_of(outcome);
}

static void word_took(char *out, size_t size, int64_t took_ms)
{
    if (took_ms < 1000)
        snprintf(out, size, "%lld ms", (long long)took_ms);
    else
        snprintf(out, size, "%.1f s", (double)took_ms / 1000);
}

static void show_took(struct list_cell *shown)
{
    const struct frame_cell *took = frame_get(shown->frame, shown->row, "took_ms");
    if (took->known)
        word_took(shown->text, sizeof shown->text, took->number);
}

static void show_rejected(struct list_cell *shown)
{
    const struct frame_cell *rejected = frame_get(shown->frame, shown->row, "rejected");
    if (!rejected->known || rejected->number == 0)
        return;
    list_show(shown, (size_t)frame_find(shown->frame, "rejected"));
    shown->style = THEME_WARN;
}

static const struct list_column columns[] = {
    {"timestamp", "time", 12},
    {"name", "event", 16, .grows = 2, .show = show_name},
    {"outcome", "outcome", 14, .show = show_outcome},
    {"took_ms", "took", 7, .right = true, .rank = 2, .show = show_took},
    {"bytes", "bytes", 9, .right = true, .rank = 4},
    {"rejected", "rejected", 8, .right = true, .rank = 3, .show = show_rejected},
    {"reason", "reason", 14, .grows = 5, .rank = 1},
    {"event", "id", 20, .rank = 5},
};

static bool only_failures(const struct desk *desk)
{
    return state_get(desk->state, "jobs", "failures") != NULL;
}

static bool lets(const struct desk *desk, const struct frame *frame, size_t row)
{
    return !only_failures(desk) || !outcome_is_good(outcome_at(frame, row));
}

static const struct list_form form = {
    .columns = columns,
    .count = sizeof columns / sizeof *columns,
    .texts = "name event outcome reason",
    .empty = "no poll in this window; ] takes a longer one",
    .lets = lets,
};

static void open(struct scene *scene)
{
    struct jobs *jobs = scene->state;
    jobs->list.form = &form;
    list_load(&jobs->list, scene->desk->state, "jobs");
}

static void close(struct scene *scene)
{
    struct jobs *jobs = scene->state;
    list_save(&jobs->list, scene->desk->state, "jobs");
    list_release(&jobs->list);
}

/* --- questions --- */

static bool load(struct store *store, const struct question *question, struct frame *frame,
                 struct err *err)
{
    struct query_filter filter;
    return view_filter(&question->view, &filter, err) &&
           query_jobs(store, NULL, &filter, JOBS_MOST, frame, err);
}

/* Of all events; that of the view only says what T-14d means. */
static void ask(const struct scene *scene, size_t part, struct question *question)
{
    (void)part;
    const struct view *view = &scene->desk->view;
    memset(&question->view, 0, sizeof question->view);
    question->view.event = view->event;
    memcpy(question->view.from, view->from, sizeof view->from);
    memcpy(question->view.to, view->to, sizeof view->to);
    question->load = load;
}

static struct canvas_area list_area(const struct scene *scene)
{
    struct canvas_area area = scene->area;
    area.y += HEADER_ROWS;
    area.height -= HEADER_ROWS + REASON_ROWS;
    return area;
}

static void settle(struct scene *scene)
{
    struct jobs *jobs = scene->state;
    list_settle(&jobs->list, scene->desk, screen_frame(scene, 0), list_area(scene).height);
}

/* --- what keys do --- */

static bool row_at_cursor(const struct scene *scene, size_t *row)
{
    const struct jobs *jobs = scene->state;
    return screen_frame(scene, 0) && list_row(&jobs->list, row);
}

static void enter(struct scene *scene)
{
    size_t row;
    if (!row_at_cursor(scene, &row))
        return;
    screen_choose(scene->desk, frame_get(screen_frame(scene, 0), row, "event")->text);
    scene->desk->go = SCREEN_TREND;
}

static void toggle_failures(struct scene *scene)
{
    bool only = !only_failures(scene->desk);
    state_set(scene->desk->state, "jobs", "failures", only ? "yes" : NULL);
    screen_note(scene->desk, only ? "only polls that failed; ! shows all" : "all polls");
    settle(scene);
}

static void copy(struct scene *scene)
{
    size_t row;
    char at[CLOCK_TEXT_MAX];
    if (!row_at_cursor(scene, &row))
        return;
    const struct frame *frame = screen_frame(scene, 0);
    const struct frame_cell *reason = frame_get(frame, row, "reason");
    snprintf(scene->desk->copy, sizeof scene->desk->copy, "%s %s %s%s%s",
             clock_format(at, frame_get(frame, row, "timestamp")->number),
             frame_get(frame, row, "event")->text, frame_get(frame, row, "outcome")->text,
             reason->known ? ": " : "", reason->known ? reason->text : "");
    screen_note(scene->desk, "copied: %s", scene->desk->copy);
}

static void act(struct scene *scene, const struct act *act)
{
    struct jobs *jobs = scene->state;
    if (list_act(&jobs->list, scene->desk, screen_frame(scene, 0), act, list_area(scene).height))
        ;
    else if (act->action == ACTION_ENTER)
        enter(scene);
    else if (act->action == ACTION_FAILURES)
        toggle_failures(scene);
    else if (act->action == ACTION_COPY)
        copy(scene);
}

static void click(struct scene *scene, const struct key *key)
{
    struct jobs *jobs = scene->state;
    if (list_click(&jobs->list, scene->desk, screen_frame(scene, 0), list_area(scene), key))
        enter(scene);
}

/* --- words --- */

struct summary {
    size_t good, failed, timed;
    int64_t median_ms, slow_ms; /* of those whose time is known */
};

static int by_number(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* The smallest that is at least as large as the share of all (nearest rank). */
static int64_t percentile(const int64_t *sorted, size_t count, size_t percent)
{
    size_t rank = (count * percent + 99) / 100;
    return sorted[rank > 0 ? rank - 1 : 0];
}

static struct summary sum_up(const struct frame *frame)
{
    struct summary summary = {0};
    AUTO_FREE int64_t *took = mem_alloc(frame->row_count + 1, sizeof *took);
    for (size_t row = 0; row < frame->row_count; row++) {
        const struct frame_cell *time = frame_get(frame, row, "took_ms");
        if (outcome_is_good(outcome_at(frame, row)))
            summary.good++;
        else
            summary.failed++;
        if (time->known)
            took[summary.timed++] = time->number;
    }
    qsort(took, summary.timed, sizeof *took, by_number);
    if (summary.timed > 0) {
        summary.median_ms = percentile(took, summary.timed, 50);
        summary.slow_ms = percentile(took, summary.timed, 95);
    }
    return summary;
}

/* "1,674 good, 6 failed: 99.6% good; median 120 ms, p95 340 ms". */
static bool word_summary(const struct frame *frame, char *out, size_t size)
{
    struct summary summary = sum_up(frame);
    size_t all = summary.good + summary.failed, used = 0;
    char good[32], failed[32], median[32], slow[32];
    if (all == 0) {
        snprintf(out, size, "no poll in this window");
        return false;
    }
    if (all == JOBS_MOST)
        used += (size_t)snprintf(out, size, "the last %d polls: ", JOBS_MOST);
    used += (size_t)snprintf(out + used, size - used, "%s good, %s failed: %.1f%% good",
                             text_thousands(good, (int64_t)summary.good),
                             text_thousands(failed, (int64_t)summary.failed),
                             100.0 * (double)summary.good / (double)all);
    word_took(median, sizeof median, summary.median_ms);
    word_took(slow, sizeof slow, summary.slow_ms);
    if (summary.timed > 0)
        snprintf(out + used, size - used, "; median %s, p95 %s", median, slow);
    return summary.failed > 0;
}

static void word_job(const struct desk *desk, const struct frame *frame, size_t row, char *out,
                     size_t size)
{
    char at[CLOCK_TEXT_MAX];
    const struct frame_cell *name = frame_get(frame, row, "name");
    const struct frame_cell *reason = frame_get(frame, row, "reason");
    screen_time(at, desk, frame_get(frame, row, "timestamp")->number);
    snprintf(out, size, "%s, %s, %s: %s", at,
             name->known ? name->text : frame_get(frame, row, "event")->text,
             frame_get(frame, row, "outcome")->text,
             reason->known ? reason->text : outcome_sentence(outcome_at(frame, row)));
}

/* As much of a text as fits into a line, cut at a blank; returns where it goes on. */
static const char *take_line(const char *text, int width, char *out, size_t size)
{
    size_t length = 0, blank = 0;
    int used = 0;
    for (const char *at = text; *at;) {
        const char *next = at;
        used += text_char_width(text_next(&next));
        if (used > width || (size_t)(next - text) >= size)
            break;
        if (*at == ' ')
            blank = (size_t)(at - text);
        length = (size_t)(next - text);
        at = next;
    }
    if (text[length] && blank > 0)
        length = blank;
    snprintf(out, size, "%.*s", (int)length, text);
    return text + length + strspn(text + length, " ");
}

/* The whole of the row under the cursor, since the table cuts it. */
static void draw_reason(const struct scene *scene, struct canvas *canvas)
{
    struct canvas_area area = scene->area;
    const struct frame *frame = screen_frame(scene, 0);
    char text[2 * LINE_MAX_BYTES], line[LINE_MAX_BYTES];
    size_t row;
    if (!row_at_cursor(scene, &row))
        return;
    word_job(scene->desk, frame, row, text, sizeof text);
    const char *rest = text;
    enum theme_style style = style_of(outcome_at(frame, row));
    for (int i = 0; i < REASON_ROWS && *rest; i++) {
        if (i + 1 < REASON_ROWS)
            rest = take_line(rest, area.width - 2, line, sizeof line);
        else
            text_clip(line, sizeof line, rest, area.width - 2, canvas->ascii);
        canvas_text(canvas, area.x + 1, area.y + area.height - REASON_ROWS + i, line,
                    style == THEME_TEXT ? THEME_NOTE : style);
    }
}

static void draw(const struct scene *scene, struct canvas *canvas)
{
    const struct jobs *jobs = scene->state;
    const struct frame *frame = screen_frame(scene, 0);
    char text[LINE_MAX_BYTES], clipped[LINE_MAX_BYTES];
    if (!frame)
        return;
    bool bad = word_summary(frame, text, sizeof text);
    text_clip(clipped, sizeof clipped, text, scene->area.width - 2, canvas->ascii);
    canvas_text(canvas, scene->area.x + 1, scene->area.y, clipped, bad ? THEME_WARN : THEME_TITLE);
    list_draw(&jobs->list, scene->desk, frame, canvas, list_area(scene));
    draw_reason(scene, canvas);
}

enum { DESCRIBED_ROWS = 20 };

/* From the cursor on, as many as one can listen to. */
static void describe(const struct scene *scene, struct buf *out)
{
    const struct jobs *jobs = scene->state;
    const struct frame *frame = screen_frame(scene, 0);
    char text[2 * LINE_MAX_BYTES];
    if (!frame)
        return;
    word_summary(frame, text, sizeof text);
    buf_printf(out, "%s.\n", text);
    size_t end = jobs->list.cursor + DESCRIBED_ROWS;
    for (size_t i = jobs->list.cursor; i < jobs->list.count && i < end; i++) {
        word_job(scene->desk, frame, jobs->list.order[i], text, sizeof text);
        buf_printf(out, "%zu: %s.\n", i + 1, text);
    }
    if (end < jobs->list.count)
        buf_printf(out, "%zu more.\n", jobs->list.count - end);
}

static const struct frame *shown(const struct scene *scene)
{
    return screen_frame(scene, 0);
}

static const char *choice(const struct scene *scene, enum action action, size_t nth)
{
    (void)scene;
    return action == ACTION_SORT ? list_choice(&form, nth) : NULL;
}

const struct screen screen_jobs = {
    .name = "jobs",
    .title = "Jobs",
    .place = ACTION_IN_JOBS,
    .size = sizeof(struct jobs),
    .parts = 1,
    .open = open,
    .close = close,
    .ask = ask,
    .settle = settle,
    .act = act,
    .click = click,
    .draw = draw,
    .describe = describe,
    .shown = shown,
    .choice = choice,
};
