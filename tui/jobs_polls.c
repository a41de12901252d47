/* What polls did, and why some failed; and the jobs that were given up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/outcome.h"
#include "core/query.h"
#include "core/query_service.h"
#include "tui/jobs_private.h"

/* A fortnight of five events every quarter of an hour are 6,720 polls; more rows than that nobody reads. */
enum { POLLS_MOST = 10000, DEAD_MOST = 1000 };

/* --- what the lists share --- */

const char *jobs_event(const struct frame *frame, size_t row)
{
    int named = frame_find(frame, "event_name");
    const struct frame_cell *name =
        named >= 0 ? frame_at(frame, row, (size_t)named) : frame_get(frame, row, "name");
    return name->known && *name->text ? name->text : frame_get_text(frame, row, "event");
}

void jobs_show_event(struct list_cell *shown)
{
    snprintf(shown->text, sizeof shown->text, "%s", jobs_event(shown->frame, shown->row));
}

/* A damaged store may say anything. */
static enum outcome outcome_at(const struct frame *frame, size_t row)
{
    enum outcome outcome;
    return outcome_find(frame_get_text(frame, row, "outcome"), &outcome) ? outcome
                                                                         : OUTCOME_BAD_PAYLOAD;
}

/* The platform's refusals pass by themselves more often than answers that cannot be read. */
static enum theme_style style(const struct frame *frame, size_t row)
{
    enum outcome outcome = outcome_at(frame, row);
    return outcome_is_good(outcome)      ? THEME_TEXT
           : outcome_is_refusal(outcome) ? THEME_WARN
                                         : THEME_ERROR;
}

/* A sign beside the colour, for those who do not see it. */
static void show_outcome(struct list_cell *shown)
{
    const struct frame_cell *outcome = frame_get(shown->frame, shown->row, "outcome");
    bool good = outcome_is_good(outcome_at(shown->frame, shown->row));
    snprintf(shown->text, sizeof shown->text, "%s%s", good ? "" : "! ",
             outcome->known ? outcome->text : "lost");
    shown->style = style(shown->frame, shown->row);
}

/* --- polls --- */

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

static const struct list_column poll_columns[] = {
    {"timestamp", "time", 12},
    {"name", "event", 16, .grows = 2, .show = jobs_show_event},
    {"outcome", "outcome", 14, .show = show_outcome},
    {"took_ms", "took", 7, .right = true, .rank = 2, .show = show_took},
    {"bytes", "bytes", 9, .right = true, .rank = 4},
    {"rejected", "rejected", 8, .right = true, .rank = 3, .show = show_rejected},
    {"reason", "reason", 14, .grows = 5, .rank = 1},
    {"event", "id", 20, .rank = 5},
};

bool jobs_only_failures(const struct desk *desk)
{
    return state_get(desk->state, "jobs", "failures") != NULL;
}

static bool lets(const struct desk *desk, const struct frame *frame, size_t row)
{
    return !jobs_only_failures(desk) || !outcome_is_good(outcome_at(frame, row));
}

static const struct list_form poll_form = {
    .columns = poll_columns,
    .count = sizeof poll_columns / sizeof *poll_columns,
    .texts = "name event outcome reason",
    .empty = "no poll in this window; ] takes a longer one",
    .lets = lets,
};

static bool load_polls(struct store *store, const struct question *question, struct frame *frame,
                       struct err *err)
{
    struct query_filter filter;
    return view_filter(&question->view, &filter, err) &&
           query_jobs(store, NULL, &filter, POLLS_MOST, frame, err);
}

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
static bool sum_up_polls(const struct desk *desk, const struct frame *frame, struct buf *out)
{
    (void)desk;
    struct summary summary = sum_up(frame);
    size_t all = summary.good + summary.failed;
    char good[32], failed[32], median[32], slow[32];
    if (all == 0) {
        buf_puts(out, "no poll in this window");
        return false;
    }
    if (all == POLLS_MOST)
        buf_printf(out, "the last %d polls: ", POLLS_MOST);
    buf_printf(out, "%s good, %s failed: %.1f%% good", text_thousands(good, (int64_t)summary.good),
               text_thousands(failed, (int64_t)summary.failed),
               100.0 * (double)summary.good / (double)all);
    word_took(median, sizeof median, summary.median_ms);
    word_took(slow, sizeof slow, summary.slow_ms);
    if (summary.timed > 0)
        buf_printf(out, "; median %s, p95 %s", median, slow);
    return summary.failed > 0;
}

static void word_poll(const struct desk *desk, const struct frame *frame, size_t row,
                      struct buf *out)
{
    char at[CLOCK_TEXT_MAX];
    const struct frame_cell *reason = frame_get(frame, row, "reason");
    screen_time(at, desk, frame_get(frame, row, "timestamp")->number);
    buf_printf(out, "%s, %s, %s: %s", at, jobs_event(frame, row),
               frame_get_text(frame, row, "outcome"),
               reason->known ? reason->text : outcome_sentence(outcome_at(frame, row)));
}

const struct jobs_pane jobs_polls = {
    .word = "polls",
    .title = "what polls did, and why some failed",
    .mark = "rejected",
    .windowed = true,
    .form = &poll_form,
    .load = load_polls,
    .sum_up = sum_up_polls,
    .word_row = word_poll,
    .style = style,
};

/* --- dead letters --- */

static const struct list_column dead_columns[] = {
    {"timestamp", "given up", 12},
    {"name", "event", 16, .grows = 2, .show = jobs_show_event},
    {"outcome", "outcome", 14, .show = show_outcome},
    {"attempt", "attempts", 8, .right = true, .rank = 2},
    {"reason", "reason", 14, .grows = 5, .rank = 1},
    {"job", "job", 6, .right = true},
    {"event", "id", 20, .rank = 3},
};

static const struct list_form dead_form = {
    .columns = dead_columns,
    .count = sizeof dead_columns / sizeof *dead_columns,
    .key = "job",
    .texts = "name event outcome reason",
    .empty = "no job was given up",
};

static bool load_dead(struct store *store, const struct question *question, struct frame *frame,
                      struct err *err)
{
    (void)question;
    return query_service_jobs(store, true, 0, DEAD_MOST, frame, err);
}

/* "2 jobs were given up, the last 3.5 h ago: timed out". */
static bool sum_up_dead(const struct desk *desk, const struct frame *frame, struct buf *out)
{
    (void)desk;
    char span[CLOCK_TEXT_MAX];
    if (frame->row_count == 0) {
        buf_puts(out, "no job was given up");
        return false;
    }
    int64_t ago_ms = clock_now_ms() - frame_get(frame, 0, "timestamp")->number;
    buf_printf(out, "%s%zu job%s given up, the last %s ago: %s",
               frame->row_count == DEAD_MOST ? "the last " : "", frame->row_count,
               frame->row_count == 1 ? " was" : "s were",
               clock_format_span(span, ago_ms > 0 ? ago_ms : 0),
               frame_get_text(frame, 0, "reason"));
    return true;
}

/* With what can be done about it: the workstation itself only reads. */
static void word_dead(const struct desk *desk, const struct frame *frame, size_t row,
                      struct buf *out)
{
    char at[CLOCK_TEXT_MAX];
    int64_t attempts = frame_get(frame, row, "attempt")->number;
    screen_time(at, desk, frame_get(frame, row, "timestamp")->number);
    buf_printf(out, "%s, %s, given up after %lld attempt%s: %s; `tws jobs retry %lld` tries again",
               at, jobs_event(frame, row), (long long)attempts, attempts == 1 ? "" : "s",
               frame_get_text(frame, row, "reason"),
               (long long)frame_get(frame, row, "job")->number);
}

const struct jobs_pane jobs_dead = {
    .word = "dead",
    .title = "dead letters: jobs that were given up",
    .mark = "attempt",
    .form = &dead_form,
    .load = load_dead,
    .sum_up = sum_up_dead,
    .word_row = word_dead,
    .style = style,
};
